//! Remarks on the statements of one policy, for a reader and for a program.

use std::io;

use serde::Serialize;

use super::{FORMAT_VERSION, Place, ReadAs};
use crate::plain;
use crate::terminal::{Colour, Paint};

/// What there is to say of a policy.
#[derive(Debug)]
pub struct Remarks {
    /// What it is called.
    pub document: String,
    /// How it was read.
    pub read: ReadAs,
    /// The day of the catalogue that knows the actions.
    pub catalogue: &'static str,
    /// In the order of the statements.
    pub remarks: Vec<Told>,
}

/// One remark.
#[derive(Debug)]
pub struct Told {
    /// Its short name.
    pub id: &'static str,
    /// The sentence; its subject is the statement.
    pub text: String,
    /// The statement.
    pub place: Option<Place>,
}

/// Writes the remarks for a reader.
pub fn terminal(remarks: &Remarks, colour: Colour, to: &mut dyn io::Write) -> io::Result<()> {
    let count = match remarks.remarks.len() {
        0 => colour.paint(Paint::Green, "nothing to remark"),
        1 => colour.paint(Paint::Yellow, "1 remark"),
        count => colour.paint(Paint::Yellow, &format!("{count} remarks")),
    };
    let document = plain::line(&remarks.document);
    writeln!(to, "{count} on `{document}`")?;
    let guess = remarks.read.because.map(|because| format!(" ({because})")).unwrap_or_default();
    writeln!(to, "read as {} policy{guess}; actions as of {}", remarks.read.kind, remarks.catalogue)?;
    for told in &remarks.remarks {
        let Some(place) = &told.place else { continue };
        let sid = place.sid.as_ref().map(|sid| format!(" `{sid}`")).unwrap_or_default();
        let position = place.position.map(|(line, column)| format!(":{line}:{column}")).unwrap_or_default();
        let head = format!("statement {}{sid} ({}{position}): {}", place.number, place.document, told.text);
        writeln!(to, "\n  {} {}", colour.paint(Paint::Yellow, "*"), plain::line(&head))?;
        writeln!(to, "    {}", colour.paint(Paint::Dim, &plain::line(&place.excerpt)))?;
    }
    Ok(())
}

/// Writes the remarks as one indented JSON object, version 1, with a line break at its end.
pub fn json(remarks: &Remarks, to: &mut dyn io::Write) -> io::Result<()> {
    let one = |told: &Told| One {
        id: told.id,
        text: told.text.clone(),
        statement: told.place.as_ref().map(|place| place.number.saturating_sub(1)),
        sid: told.place.as_ref().and_then(|place| place.sid.clone()),
        line: told.place.as_ref().and_then(|place| place.position).map(|(line, _)| line),
        column: told.place.as_ref().and_then(|place| place.position).map(|(_, column)| column),
    };
    let answer = Answer {
        format_version: FORMAT_VERSION,
        document: &remarks.document,
        kind: remarks.read.kind,
        catalogue: remarks.catalogue,
        remarks: remarks.remarks.iter().map(one).collect(),
    };
    serde_json::to_writer_pretty(&mut *to, &answer).map_err(io::Error::from)?;
    to.write_all(b"\n")
}

#[derive(Serialize)]
struct Answer<'a> {
    format_version: &'static str,
    document: &'a str,
    kind: &'static str,
    catalogue: &'static str,
    remarks: Vec<One>,
}

#[derive(Serialize)]
struct One {
    id: &'static str,
    text: String,
    /// From zero, as everywhere in JSON.
    statement: Option<usize>,
    sid: Option<String>,
    line: Option<usize>,
    column: Option<usize>,
}
