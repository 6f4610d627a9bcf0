//! Answers about policies for a reader: the verdict first, then what it rests on.

use std::io;

use nhi_access::{Request, Verdict, words};

use super::{Difference, Part, Place, Question};
use crate::plain;
use crate::terminal::{Colour, Paint};

/// How a section tells its parts.
struct Section {
    paint: Paint,
    example: fn(&Request) -> String,
    granted: &'static str,
    nearly: &'static str,
}

const IS: Section = Section {
    paint: Paint::Red,
    example: words::request,
    granted: "granted by",
    nearly: "nearly covered by",
};

const WAS: Section = Section {
    paint: Paint::Green,
    example: words::past_request,
    granted: "was granted by",
    nearly: "nearly kept by",
};

/// Parts told in full before the rest is only counted.
const PARTS: usize = 20;

/// Writes the answer about two documents.
pub fn write(difference: &Difference, colour: Colour, to: &mut dyn io::Write) -> io::Result<()> {
    let mut page = Page { colour, to };
    page.verdict(difference)?;
    let new = match difference.question {
        Question::Diff => "newly allowed",
        Question::Covers => "not covered",
    };
    page.parts(new, &difference.new, &IS)?;
    page.parts("no longer allowed", &difference.reduced, &WAS)?;
    if !difference.undecided.is_empty() {
        writeln!(page.to, "\n{}", colour.paint(Paint::Bold, "undecided"))?;
        for reason in difference.undecided.iter().take(PARTS) {
            writeln!(page.to, "  {} {}", colour.paint(Paint::Yellow, "?"), plain::line(reason))?;
        }
        page.rest(difference.undecided.len())?;
    }
    Ok(())
}

struct Page<'a> {
    colour: Colour,
    to: &'a mut dyn io::Write,
}

impl Page<'_> {
    fn verdict(&mut self, difference: &Difference) -> io::Result<()> {
        let (before, after) = (quoted(&difference.before), quoted(&difference.after));
        let (paint, title, rest) = match (difference.question, difference.verdict) {
            (Question::Diff, Verdict::NewAccess) => {
                (Paint::Red, "new access", format!("{after} allows requests that {before} does not"))
            }
            (Question::Diff, Verdict::NoNewAccess) => {
                (Paint::Green, "no new access", format!("{before} allows every request that {after} allows"))
            }
            (Question::Covers, Verdict::NewAccess) => {
                (Paint::Red, "not covered", format!("{after} allows requests that {before} does not"))
            }
            (Question::Covers, Verdict::NoNewAccess) => {
                (Paint::Green, "covered", format!("{before} allows every request that {after} allows"))
            }
            (_, Verdict::Undecided) => (
                Paint::Yellow,
                "undecided",
                format!("whether {after} allows requests that {before} does not could not be settled"),
            ),
        };
        writeln!(self.to, "{}: {rest}", self.colour.paint(paint, title))?;
        let read = difference.read;
        let guess = match read.because {
            Some(because) => format!(" ({because}; `--kind` says otherwise)"),
            None => String::new(),
        };
        writeln!(self.to, "read as {} policies{guess}, semantics `{}`", read.kind, read.semantics)
    }

    fn parts(&mut self, title: &str, parts: &[Part], section: &Section) -> io::Result<()> {
        if parts.is_empty() {
            return Ok(());
        }
        writeln!(self.to, "\n{}", self.colour.paint(Paint::Bold, title))?;
        for part in parts.iter().take(PARTS) {
            self.part(part, section)?;
        }
        self.rest(parts.len())
    }

    fn rest(&mut self, count: usize) -> io::Result<()> {
        match count.checked_sub(PARTS).filter(|rest| *rest > 0) {
            Some(rest) => writeln!(self.to, "  and {rest} more"),
            None => Ok(()),
        }
    }

    fn part(&mut self, part: &Part, section: &Section) -> io::Result<()> {
        let cause = if part.cause.is_empty() { String::new() } else { format!("; {}", part.cause) };
        let text = format!("{}{cause}", part.text);
        writeln!(self.to, "  {} {}", self.colour.paint(section.paint, "*"), plain::line(&text))?;
        let known = words::realizable(part.realizable);
        if !known.is_empty() {
            writeln!(self.to, "    {known}")?;
        }
        if let Some(reading) = &part.reading {
            writeln!(self.to, "    read as: {}", plain::line(reading))?;
        }
        writeln!(self.to, "    for example: {}", plain::line(&(section.example)(&part.witness)))?;
        if let Some(place) = &part.granted_by {
            self.place(section.granted, place, "")?;
        }
        if let Some(nearly) = &part.nearly {
            let escaped = format!("; what escapes is {}", words::dimension(&nearly.escaped));
            self.place(section.nearly, &nearly.place, &escaped)?;
        }
        Ok(())
    }

    fn place(&mut self, title: &str, place: &Place, more: &str) -> io::Result<()> {
        let sid = place.sid.as_ref().map(|sid| format!(" `{sid}`")).unwrap_or_default();
        let position = place.position.map(|(line, column)| format!(":{line}:{column}")).unwrap_or_default();
        let head = format!("{title} statement {}{sid} ({}{position}){more}", place.number, place.document);
        writeln!(self.to, "    {}", plain::line(&head))?;
        writeln!(self.to, "      {}", self.colour.paint(Paint::Dim, &plain::line(&place.excerpt)))
    }
}

fn quoted(name: &str) -> String {
    format!("`{}`", plain::line(name))
}
