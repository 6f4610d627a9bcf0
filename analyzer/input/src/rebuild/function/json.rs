//! `jsonencode` and `jsondecode`. A hole in a text goes through both: it stands for the text behind the escapes.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::{Answer, only};
use crate::rebuild::Rebuilder;
use crate::rebuild::error::RebuildError;
use crate::rebuild::number::Number;
use crate::rebuild::reference::Extent;
use crate::rebuild::value::{Hole, Piece, Text, Value};

/// The first of the characters that stand for holes while a text is decoded.
const MARKS: u32 = 0x000F_0000;
/// Planes of private use hold so many.
const MOST_MARKS: usize = 60_000;

pub(super) fn call(work: &Rebuilder<'_, '_, '_>, name: &str, arguments: &[Value]) -> Answer {
    let value = only(arguments)?;
    if name == "jsonencode" {
        let mut pieces = Vec::new();
        encode(work, value, &mut pieces)?;
        return Ok(Some(Value::Text(Text::of(pieces))));
    }
    match value {
        Value::Text(text) => decode(work, text),
        Value::Hole(_) => Ok(None),
        other => Err(RebuildError::fails(format!("{} is no JSON", other.word()))),
    }
}

fn encode(work: &Rebuilder<'_, '_, '_>, value: &Value, out: &mut Vec<Piece>) -> Result<(), RebuildError> {
    work.spend(1)?;
    match value {
        Value::Null => push(out, "null"),
        Value::Bool(answer) => push(out, if *answer { "true" } else { "false" }),
        Value::Number(number) => push(out, &number.to_string()),
        Value::Text(text) => {
            work.spend(text.len())?;
            push(out, "\"");
            for piece in text.pieces() {
                match piece {
                    Piece::Known(text) => push(out, &escaped(text)),
                    // Inside a text even a whole value is text.
                    Piece::Hole(hole, extent) => out.push(Piece::Hole(Rc::clone(hole), *extent)),
                }
            }
            push(out, "\"");
        }
        Value::List(list) => {
            push(out, "[");
            for (at, item) in list.items.iter().enumerate() {
                if at > 0 {
                    push(out, ",");
                }
                encode(work, item, out)?;
            }
            push(out, "]");
        }
        Value::Object(object) => {
            push(out, "{");
            for (at, (key, item)) in object.entries.iter().enumerate() {
                if at > 0 {
                    push(out, ",");
                }
                push(out, &format!("\"{}\":", escaped(key)));
                encode(work, item, out)?;
            }
            push(out, "}");
        }
        Value::Hole(hole) | Value::Spread(hole) => {
            push(out, "\"");
            out.push(Piece::Hole(Rc::clone(hole), Extent::Value));
            push(out, "\"");
        }
    }
    Ok(())
}

fn push(out: &mut Vec<Piece>, text: &str) {
    if let Some(Piece::Known(last)) = out.last_mut() {
        last.push_str(text);
    } else {
        out.push(Piece::Known(text.to_owned()));
    }
}

/// The text between its quotation marks, as Go writes it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\u{0}'..='\u{1f}' => {
                out.extend(format!("\\u{:04x}", u32::from(c)).chars());
            }
            c => out.push(c),
        }
    }
    out
}

fn decode(work: &Rebuilder<'_, '_, '_>, text: &Text) -> Answer {
    let mut marked = String::new();
    let mut holes: Vec<(Rc<Hole>, Extent)> = Vec::new();
    for piece in text.pieces() {
        match piece {
            Piece::Known(text) if text.chars().any(is_mark) => {
                return Err(RebuildError::fails("a JSON text holds characters of private use"));
            }
            Piece::Known(text) => marked.push_str(text),
            Piece::Hole(hole, extent) => {
                let mark = mark(holes.len())?;
                marked.push(mark);
                holes.push((Rc::clone(hole), *extent));
            }
        }
    }
    work.spend(marked.len())?;
    match serde_json::from_str::<serde_json::Value>(&marked) {
        Ok(json) => value(&json, &holes).map(Some),
        // A hole outside of quotation marks may be anything.
        Err(_) if !holes.is_empty() => Ok(None),
        Err(_) => Err(RebuildError::fails("a text is no JSON")),
    }
}

fn is_mark(c: char) -> bool {
    (MARKS..MARKS + 0xFFFE).contains(&u32::from(c))
}

fn mark(index: usize) -> Result<char, RebuildError> {
    let code = u32::try_from(index).ok().filter(|_| index < MOST_MARKS).map(|index| MARKS + index);
    code.and_then(char::from_u32).ok_or(RebuildError::TooMuch("a text has too many unknown parts"))
}

fn value(json: &serde_json::Value, holes: &[(Rc<Hole>, Extent)]) -> Result<Value, RebuildError> {
    Ok(match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(answer) => Value::Bool(*answer),
        serde_json::Value::Number(number) => Number::parse(&number.to_string())
            .map(Value::Number)
            .ok_or_else(|| RebuildError::fails(format!("the number `{number}` is not read exactly")))?,
        serde_json::Value::String(text) => unmarked(text, holes),
        serde_json::Value::Array(items) => {
            Value::tuple(items.iter().map(|item| value(item, holes)).collect::<Result<_, _>>()?)
        }
        serde_json::Value::Object(map) => {
            let mut entries = BTreeMap::new();
            for (key, item) in map {
                if key.chars().any(is_mark) {
                    return Err(RebuildError::fails("the key of a JSON object is unknown"));
                }
                entries.insert(key.clone(), value(item, holes)?);
            }
            Value::object(entries)
        }
    })
}

fn unmarked(text: &str, holes: &[(Rc<Hole>, Extent)]) -> Value {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((at, c)) = rest.char_indices().find(|(_, c)| is_mark(*c)) {
        let (before, behind) = rest.split_at(at);
        pieces.push(Piece::Known(before.to_owned()));
        let hole = u32::from(c).checked_sub(MARKS).and_then(|index| holes.get(usize::try_from(index).ok()?));
        if let Some((hole, extent)) = hole {
            if *extent == Extent::Value && text.chars().count() == 1 {
                return Value::Hole(Rc::clone(hole));
            }
            pieces.push(Piece::Hole(Rc::clone(hole), Extent::Text));
        }
        rest = behind.strip_prefix(c).unwrap_or_default();
    }
    pieces.push(Piece::Known(rest.to_owned()));
    Value::Text(Text::of(pieces))
}
