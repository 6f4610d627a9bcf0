//! Answers about policies as JSON, version 1: keys are only ever added; `null` and `[]` are written, never left out.

use std::io;

use nhi_access::Realizable;
use serde::Serialize;

use super::{Difference, FORMAT_VERSION, Nearly, Part, Place};
use crate::json::Witness;

/// Writes the answer about two documents as one indented JSON object with a line break at its end.
pub fn write(difference: &Difference, to: &mut dyn io::Write) -> io::Result<()> {
    let document = Document {
        format_version: FORMAT_VERSION,
        verdict: difference.question.word(difference.verdict),
        before: &difference.before,
        after: &difference.after,
        kind: difference.read.kind,
        kind_guessed: difference.read.because.is_some(),
        semantics: difference.read.semantics,
        new: difference.new.iter().map(Told::of).collect(),
        reduced: difference.reduced.iter().map(Told::of).collect(),
        undecided: &difference.undecided,
        mismatches: difference.mismatches,
    };
    serde_json::to_writer_pretty(&mut *to, &document).map_err(io::Error::from)?;
    to.write_all(b"\n")
}

#[derive(Serialize)]
struct Document<'a> {
    format_version: &'static str,
    verdict: &'static str,
    before: &'a str,
    after: &'a str,
    kind: &'static str,
    kind_guessed: bool,
    semantics: &'static str,
    new: Vec<Told<'a>>,
    reduced: Vec<Told<'a>>,
    undecided: &'a [String],
    mismatches: usize,
}

#[derive(Serialize)]
struct Told<'a> {
    text: &'a str,
    cause: Option<&'a str>,
    realizable: &'static str,
    witness: Witness<'a>,
    reading: Option<&'a str>,
    granted_by: Option<Where<'a>>,
    nearly_covered_by: Option<Escaped<'a>>,
}

#[derive(Serialize)]
struct Escaped<'a> {
    #[serde(flatten)]
    place: Where<'a>,
    escaped: &'a str,
}

#[derive(Serialize)]
struct Where<'a> {
    document: &'a str,
    statement: usize,
    sid: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    excerpt: &'a str,
}

impl<'a> Told<'a> {
    fn of(part: &'a Part) -> Self {
        Self {
            text: &part.text,
            cause: Some(part.cause).filter(|cause| !cause.is_empty()),
            realizable: match part.realizable {
                Realizable::Today => "today",
                Realizable::Uncatalogued => "uncatalogued",
                Realizable::Never => "never",
            },
            witness: Witness::of(&part.witness),
            reading: part.reading.as_deref(),
            granted_by: part.granted_by.as_ref().map(Where::of),
            nearly_covered_by: part.nearly.as_ref().map(Escaped::of),
        }
    }
}

impl<'a> Escaped<'a> {
    fn of(nearly: &'a Nearly) -> Self {
        Self { place: Where::of(&nearly.place), escaped: &nearly.escaped }
    }
}

impl<'a> Where<'a> {
    fn of(place: &'a Place) -> Self {
        Self {
            document: &place.document,
            // From zero, as everywhere in JSON.
            statement: place.number.saturating_sub(1),
            sid: place.sid.as_deref(),
            line: place.position.map(|(line, _)| line),
            column: place.position.map(|(_, column)| column),
            excerpt: &place.excerpt,
        }
    }
}
