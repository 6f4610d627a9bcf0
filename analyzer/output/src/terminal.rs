//! The report for a reader at a terminal, and for a log.

use std::io;

use nhi_access::words;
use nhi_analyzer_model::{
    AttributePath, Confidence, Finding, Origin, Place, Report, Severity, Step, Verdict,
};

use crate::diff::{self, Mark};
use crate::plain;

/// Regions listed under a finding before the rest is only counted.
const REGIONS: usize = 10;
/// Lines of a policy diff shown before the rest is only counted.
const DIFF_LINES: usize = 60;

/// Whether escape sequences may be used; the caller knows the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// Text only.
    Never,
    /// Colours and bold.
    Always,
}

#[derive(Clone, Copy)]
pub(crate) enum Paint {
    Bold,
    Dim,
    Red,
    Yellow,
    Green,
    Cyan,
    Magenta,
}

impl Colour {
    pub(crate) fn paint(self, paint: Paint, text: &str) -> String {
        let code = match paint {
            Paint::Bold => "1",
            Paint::Dim => "2",
            Paint::Red => "31",
            Paint::Yellow => "33",
            Paint::Green => "32",
            Paint::Cyan => "36",
            Paint::Magenta => "1;35",
        };
        match self {
            Self::Never => text.to_owned(),
            Self::Always => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        }
    }
}

/// Writes the report.
pub fn write(report: &Report, colour: Colour, to: &mut dyn io::Write) -> io::Result<()> {
    let mut page = Page { colour, to };
    for finding in &report.findings {
        page.finding(finding)?;
    }
    page.not_understood(report)?;
    page.notes(report)?;
    page.summary(report)
}

struct Page<'a> {
    colour: Colour,
    to: &'a mut dyn io::Write,
}

impl Page<'_> {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let severity =
            self.colour.paint(paint_of(finding.severity), &finding.severity.as_str().to_uppercase());
        let rule = self.colour.paint(Paint::Bold, finding.rule);
        let address = plain::line(&finding.origin.address.to_string()).into_owned();
        let doubt = match finding.confidence {
            Confidence::High => String::new(),
            less => format!(" (confidence {less})"),
        };
        writeln!(self.to, "{severity} {rule} {address}{doubt}")?;
        if let Some(previous) = &finding.previous_address {
            writeln!(self.to, "  moved from {}", plain::line(&previous.to_string()))?;
        }
        writeln!(self.to, "  {}", plain::line(&finding.message))?;
        if let Some(name) = &finding.excepted_by {
            let text = format!("permitted by the exception `{}`", plain::line(name));
            writeln!(self.to, "  {}", self.colour.paint(Paint::Green, &text))?;
        }
        self.regions(finding)?;
        self.place(finding)?;
        self.diff(finding)?;
        for related in &finding.related {
            let place =
                related.place.as_ref().map(|place| format!(" ({})", position(place))).unwrap_or_default();
            writeln!(self.to, "  see also {}{place}", plain::line(&name_of(&related.origin)))?;
        }
        if let Some(advice) = &finding.advice {
            writeln!(self.to, "  {} {}", self.colour.paint(Paint::Cyan, "instead:"), plain::line(advice))?;
        }
        writeln!(self.to)
    }

    fn regions(&mut self, finding: &Finding) -> io::Result<()> {
        // A single region is what the message says.
        let listed = if finding.regions.len() == 1 { &[] } else { finding.regions.as_slice() };
        for region in listed.iter().take(REGIONS) {
            let reading =
                region.reading.as_ref().map(|reading| format!(" (read as: {reading})")).unwrap_or_default();
            writeln!(self.to, "  - {}{}", plain::line(&region.text), plain::line(&reading))?;
        }
        if let Some(rest) = listed.len().checked_sub(REGIONS).filter(|rest| *rest > 0) {
            writeln!(self.to, "  - and {rest} more")?;
        }
        if let ([only], true) = (finding.regions.as_slice(), listed.is_empty())
            && let Some(reading) = &only.reading
        {
            writeln!(self.to, "  read as: {}", plain::line(reading))?;
        }
        match &finding.witness {
            Some(witness) => {
                writeln!(self.to, "  for example: {}", plain::line(&words::request(witness)))
            }
            None => Ok(()),
        }
    }

    fn place(&mut self, finding: &Finding) -> io::Result<()> {
        let Some(place) = &finding.place else {
            return writeln!(
                self.to,
                "  {} in the plan only: {}",
                self.arrow(),
                plain::line(&name_of(&finding.origin))
            );
        };
        writeln!(self.to, "  {} {}", self.arrow(), position(place))?;
        if let Some(excerpt) = &place.excerpt {
            let number = place.line.to_string();
            let margin = " ".repeat(number.len());
            let bar = self.colour.paint(Paint::Dim, "|");
            let excerpt_shown = plain::line(&excerpt.replace('\t', " ")).into_owned();
            writeln!(self.to, "  {margin} {bar}")?;
            writeln!(self.to, "  {} {bar} {excerpt_shown}", self.colour.paint(Paint::Dim, &number))?;
            let (indent, carets) = caret(place, excerpt);
            let carets = self.colour.paint(paint_of(finding.severity), &"^".repeat(carets));
            writeln!(self.to, "  {margin} {bar} {}{carets}", " ".repeat(indent))?;
        }
        for call in place.calls.iter().rev() {
            writeln!(self.to, "    called from {}", position(call))?;
        }
        Ok(())
    }

    fn arrow(&self) -> String {
        self.colour.paint(Paint::Dim, "-->")
    }

    fn diff(&mut self, finding: &Finding) -> io::Result<()> {
        let lines = finding.diff.as_ref().map(diff::unified).unwrap_or_default();
        if lines.is_empty() {
            return Ok(());
        }
        writeln!(self.to, "  policy:")?;
        for (mark, line) in lines.iter().take(DIFF_LINES) {
            let line = plain::lines(line);
            let painted = match mark {
                Mark::Hunk => self.colour.paint(Paint::Dim, &line),
                Mark::Removed => self.colour.paint(Paint::Red, &line),
                Mark::Added => self.colour.paint(Paint::Green, &line),
                Mark::Same => line.into_owned(),
            };
            writeln!(self.to, "    {painted}")?;
        }
        match lines.len().checked_sub(DIFF_LINES).filter(|rest| *rest > 0) {
            Some(rest) => writeln!(self.to, "    … and {rest} more lines"),
            None => Ok(()),
        }
    }

    fn not_understood(&mut self, report: &Report) -> io::Result<()> {
        if report.not_understood.is_empty() {
            return Ok(());
        }
        writeln!(self.to, "{}", self.colour.paint(Paint::Bold, "Not understood"))?;
        for part in &report.not_understood {
            let path = path_text(&part.attribute);
            let path = if path.is_empty() { path } else { format!(" {path}") };
            writeln!(
                self.to,
                "  {}{}: {}",
                plain::line(&part.address),
                plain::line(&path),
                plain::line(&part.reason)
            )?;
        }
        writeln!(self.to)
    }

    fn notes(&mut self, report: &Report) -> io::Result<()> {
        let mut notes: Vec<String> = Vec::new();
        if report.plan.errored {
            notes.push("planning stopped at an error: the plan, and so this report, is partial".to_owned());
        } else if !report.plan.complete {
            notes.push(
                "the plan leaves parts for later (deferred, or `-target`): this report is partial".to_owned(),
            );
        }
        notes.extend(report.notes.iter().cloned());
        for note in &notes {
            writeln!(self.to, "{} {}", self.colour.paint(Paint::Yellow, "note:"), plain::line(note))?;
        }
        if notes.is_empty() { Ok(()) } else { writeln!(self.to) }
    }

    fn summary(&mut self, report: &Report) -> io::Result<()> {
        let summary = report.summary();
        let severities: Vec<String> = Severity::ALL
            .iter()
            .rev()
            .filter(|severity| summary.of(**severity) > 0)
            .map(|severity| format!("{} {severity}", summary.of(*severity)))
            .collect();
        let severities =
            if severities.is_empty() { "nothing to tell".to_owned() } else { severities.join(", ") };
        writeln!(
            self.to,
            "{severities} · {}, {}, {} undecided, {} excepted, {} not understood",
            counted(summary.expansions, "expansion"),
            counted(summary.reductions, "reduction"),
            summary.undecided,
            summary.excepted,
            summary.not_understood,
        )?;
        let threshold = report.fail_on.map_or("never fails".to_owned(), |least| format!("fails at {least}"));
        match report.verdict() {
            Verdict::Pass => writeln!(self.to, "{} ({threshold})", self.colour.paint(Paint::Green, "pass")),
            Verdict::Fail => writeln!(self.to, "{} ({threshold})", self.colour.paint(Paint::Red, "fail")),
        }
    }
}

fn paint_of(severity: Severity) -> Paint {
    match severity {
        Severity::Critical => Paint::Magenta,
        Severity::High => Paint::Red,
        Severity::Medium => Paint::Yellow,
        Severity::Low => Paint::Cyan,
        Severity::Info => Paint::Dim,
    }
}

fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

fn position(place: &Place) -> String {
    plain::line(&format!("{}:{}:{}", place.file, place.line, place.column)).into_owned()
}

fn name_of(origin: &Origin) -> String {
    let path = path_text(&origin.attribute);
    if path.is_empty() { origin.address.to_string() } else { format!("{}.{path}", origin.address) }
}

/// How far the caret is indented under the excerpt, and how many of them; columns count characters from one.
fn caret(place: &Place, excerpt: &str) -> (usize, usize) {
    let width = excerpt.trim_end().chars().count();
    let start = place.column.saturating_sub(1);
    let end = if place.end_line == place.line { place.end_column.saturating_sub(1) } else { width };
    // What an escaped control character takes more than one column for is counted, so that the caret stays under its text.
    let shown = |count: usize| {
        let before: String = excerpt.chars().take(count).collect();
        plain::line(&before.replace('\t', " ")).chars().count()
    };
    let start_shown = shown(start);
    (start_shown, shown(end.min(width)).saturating_sub(start_shown).max(1))
}

/// A path as a configuration would write it: `statement[0].actions`.
fn path_text(path: &AttributePath) -> String {
    path.0.iter().fold(String::new(), |text, step| match step {
        Step::Index(index) => format!("{text}[{index}]"),
        Step::Name(name) if text.is_empty() => name.clone(),
        Step::Name(name) => format!("{text}.{name}"),
    })
}
