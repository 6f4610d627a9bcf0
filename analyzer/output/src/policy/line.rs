//! Answers about many pairs of policies: one JSON object a line.

use nhi_access::dialect::aws::PolicyKind;
use nhi_access::{Newly, words};
use serde::Serialize;
use serde_json::value::RawValue;

use super::Question;
use crate::json::Witness;

/// Sentences on one line before the rest is only counted.
const REGIONS: usize = 10;

/// What was found of one pair.
#[derive(Clone, Copy)]
pub struct Answered<'a> {
    /// The line's own name for it, as written.
    pub id: Option<&'a RawValue>,
    /// What the documents were read as.
    pub kind: PolicyKind,
    /// What was found.
    pub found: &'a Newly,
    /// How long it took from the texts to the verdict.
    pub micros: u64,
}

#[derive(Serialize)]
struct Answer<'a> {
    id: Option<&'a RawValue>,
    verdict: &'static str,
    witness: Option<Witness<'a>>,
    regions: Vec<String>,
    reading: Option<&'a str>,
    micros: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    undecided: Vec<String>,
    #[serde(skip_serializing_if = "is_zero")]
    mismatches: usize,
}

#[derive(Serialize)]
struct Refusal<'a> {
    id: Option<&'a RawValue>,
    error: &'a str,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the derived writer hands over a reference")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// The line of a pair that was decided, without its line break.
pub fn answer(answered: Answered<'_>) -> String {
    let found = answered.found;
    // A region that is new under every reading says more than one that is new under some.
    let sure = found.new.iter().find(|region| region.reading.is_none());
    let shown = sure.or_else(|| found.new.first());
    let sentence = words::of(answered.kind);
    line(&Answer {
        id: answered.id,
        verdict: Question::Diff.word(found.verdict),
        witness: shown.map(|region| Witness::of(&region.witness)),
        regions: capped(found.new.iter().map(sentence), found.new.len()),
        reading: shown.and_then(|region| region.reading.as_deref()),
        micros: answered.micros,
        undecided: capped(found.undecided.iter().map(words::undecided), found.undecided.len()),
        mismatches: found.mismatches,
    })
}

/// The line of a pair that could not be read, without its line break.
pub fn refusal(id: Option<&RawValue>, error: &str) -> String {
    line(&Refusal { id, error })
}

fn line(value: &impl Serialize) -> String {
    // Texts, numbers and lists of them are always written.
    serde_json::to_string(value).unwrap_or_else(|_| r#"{"id":null,"error":"no answer"}"#.to_owned())
}

fn capped(sentences: impl Iterator<Item = String>, count: usize) -> Vec<String> {
    let rest = count.checked_sub(REGIONS).filter(|rest| *rest > 0);
    sentences.take(REGIONS).chain(rest.map(|rest| format!("and {rest} more"))).collect()
}
