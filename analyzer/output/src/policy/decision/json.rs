//! A decision as JSON, version 1: keys are only ever added; `null` and `[]` are written, never left out.

use std::io;

use nhi_access::dialect::aws::Effect;
use nhi_access::{ConditionVerdict, StatementVerdict, Truth, words};
use serde::Serialize;

use super::{Decided, Place, Reason, word};
use crate::json::Witness;
use crate::policy::FORMAT_VERSION;

/// Writes the decision as one indented JSON object with a line break at its end.
pub fn write(decided: &Decided, to: &mut dyn io::Write) -> io::Result<()> {
    let answer = Answer {
        format_version: FORMAT_VERSION,
        decision: word(decided.decision),
        request: Witness::of(&decided.request),
        document: &decided.document,
        kind: decided.read.kind,
        kind_guessed: decided.read.because.is_some(),
        semantics: decided.read.semantics,
        reasons: decided.reasons.iter().map(|reason| Told::of(reason, decided)).collect(),
    };
    serde_json::to_writer_pretty(&mut *to, &answer).map_err(io::Error::from)?;
    to.write_all(b"\n")
}

#[derive(Serialize)]
struct Answer<'a> {
    format_version: &'static str,
    decision: &'static str,
    request: Witness<'a>,
    document: &'a str,
    kind: &'static str,
    kind_guessed: bool,
    semantics: &'static str,
    reasons: Vec<Told<'a>>,
}

#[derive(Serialize)]
struct Told<'a> {
    decision: &'static str,
    reading: Option<&'static str>,
    text: String,
    statements: Vec<Part<'a>>,
}

#[derive(Serialize)]
struct Part<'a> {
    statement: usize,
    sid: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    effect: &'static str,
    matched: &'static str,
    text: String,
    principal: Option<&'static str>,
    action: &'static str,
    resource: Option<&'static str>,
    conditions: Vec<Condition<'a>>,
    excerpt: &'a str,
}

#[derive(Serialize)]
struct Condition<'a> {
    operator: &'a str,
    key: &'a str,
    words: &'a str,
    held: &'static str,
}

impl<'a> Told<'a> {
    fn of(reason: &'a Reason, decided: &'a Decided) -> Self {
        let statements = reason.explanation.statements.iter().zip(&reason.places);
        Self {
            decision: word(reason.explanation.decision),
            reading: reason.reading,
            text: words::reason(&reason.explanation),
            statements: statements
                .filter_map(|(verdict, place)| Some(Part::of(verdict, place.as_ref()?, decided)))
                .collect(),
        }
    }
}

impl<'a> Part<'a> {
    fn of(verdict: &'a StatementVerdict, place: &'a Place, decided: &Decided) -> Self {
        Self {
            // From zero, as everywhere in JSON.
            statement: verdict.statement.statement,
            sid: verdict.sid.as_deref(),
            line: place.position.map(|(line, _)| line),
            column: place.position.map(|(_, column)| column),
            effect: if verdict.effect == Effect::Allow { "allow" } else { "deny" },
            matched: truth(verdict.matched),
            text: words::verdict(verdict, &decided.request),
            principal: verdict.principal.map(truth),
            action: truth(verdict.action),
            resource: verdict.resource.map(truth),
            conditions: verdict.conditions.iter().map(Condition::of).collect(),
            excerpt: &place.excerpt,
        }
    }
}

impl<'a> Condition<'a> {
    fn of(condition: &'a ConditionVerdict) -> Self {
        Self {
            operator: &condition.operator,
            key: &condition.key,
            words: &condition.words,
            held: truth(condition.held),
        }
    }
}

fn truth(truth: Truth) -> &'static str {
    match truth {
        Truth::Yes => "yes",
        Truth::No => "no",
        Truth::Maybe => "unknown",
    }
}
