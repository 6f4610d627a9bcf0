//! A decision for a reader: the verdict first, then every statement's part in it.

use std::io;

use nhi_access::dialect::aws::Effect;
use nhi_access::{Decision, Request, Truth, words};

use super::{Decided, Reason, word};
use crate::plain;
use crate::terminal::{Colour, Paint};

/// Statements told before those that do not match are only counted.
const STATEMENTS: usize = 40;

/// Writes the decision.
pub fn write(decided: &Decided, colour: Colour, to: &mut dyn io::Write) -> io::Result<()> {
    let paint = paint_of(decided.decision);
    let why = match decided.reasons.as_slice() {
        [only] => words::reason(&only.explanation),
        _ => "it depends on the reading".to_owned(),
    };
    writeln!(to, "{}: {}", colour.paint(paint, word(decided.decision)), plain::line(&why))?;
    writeln!(to, "the question: {}", plain::line(&words::question(&decided.request)))?;
    let read = decided.read;
    let guess =
        read.because.map(|because| format!(" ({because}; `--kind` says otherwise)")).unwrap_or_default();
    let name = plain::line(&decided.document).into_owned();
    let article = if read.kind == "identity" { "an" } else { "a" };
    writeln!(to, "`{name}` read as {article} {} policy{guess}, semantics `{}`", read.kind, read.semantics)?;
    for reason in &decided.reasons {
        statements(reason, &decided.request, colour, to)?;
    }
    Ok(())
}

fn statements(reason: &Reason, request: &Request, colour: Colour, to: &mut dyn io::Write) -> io::Result<()> {
    if let Some(reading) = reason.reading {
        let decision = reason.explanation.decision;
        let verdict = colour.paint(paint_of(decision), word(decision));
        let why = words::reason(&reason.explanation);
        writeln!(to, "\n{verdict} where {}: {}", plain::line(reading), plain::line(&why))?;
    } else {
        writeln!(to)?;
    }
    let mut left = STATEMENTS;
    let mut hidden = 0_usize;
    for (verdict, place) in reason.explanation.statements.iter().zip(&reason.places) {
        let Some(place) = place else { continue };
        if verdict.matched == Truth::No && left == 0 {
            hidden += 1;
            continue;
        }
        left = left.saturating_sub(1);
        let effect = if verdict.effect == Effect::Allow { "Allow" } else { "Deny" };
        let paint = match (verdict.matched, verdict.effect) {
            (Truth::No, _) => Paint::Dim,
            (Truth::Maybe, _) => Paint::Yellow,
            (Truth::Yes, Effect::Allow) => Paint::Green,
            (Truth::Yes, Effect::Deny) => Paint::Red,
        };
        let sid = place.sid.as_ref().map(|sid| format!(" `{sid}`")).unwrap_or_default();
        let position = place.position.map(|(line, column)| format!(":{line}:{column}")).unwrap_or_default();
        let head = format!("statement {}{sid} ({}{position}), {effect}", place.number, place.document);
        let part = words::verdict(verdict, request);
        writeln!(to, "  {}: {}", plain::line(&head), colour.paint(paint, &plain::line(&part)))?;
        writeln!(to, "    {}", colour.paint(Paint::Dim, &plain::line(&place.excerpt)))?;
    }
    if hidden > 0 {
        writeln!(to, "  and {hidden} more that do not match")?;
    }
    Ok(())
}

fn paint_of(decision: Decision) -> Paint {
    match decision {
        Decision::Allowed => Paint::Green,
        Decision::Denied => Paint::Red,
        Decision::Unknown => Paint::Yellow,
    }
}
