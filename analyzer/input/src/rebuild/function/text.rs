//! Functions of texts.

use super::{Answer, exact, known_number, known_text, list};
use crate::rebuild::Rebuilder;
use crate::rebuild::convert::to_text;
use crate::rebuild::error::RebuildError;
use crate::rebuild::reference::Extent;
use crate::rebuild::value::{Kind, Piece, Text, Value};

pub(super) fn call(work: &Rebuilder<'_, '_, '_>, name: &str, arguments: &[Value]) -> Answer {
    match (name, arguments) {
        ("format", [pattern, values @ ..]) => {
            let Some(pattern) = known_text(pattern)? else { return Ok(None) };
            format_text(work, &pattern, values)
        }
        ("formatlist", [pattern, values @ ..]) => format_list(work, pattern, values),
        ("join", [separator, lists @ ..]) => join(work, separator, lists),
        ("trimspace", [value]) => trimmed(value, |text| text.trim_start(), |text| text.trim_end()),
        ("chomp", [value]) => trimmed(value, |text| text, |text| text.trim_end_matches(['\n', '\r'])),
        _ => {
            let mut texts = Vec::new();
            for argument in arguments {
                match argument {
                    // Not a function of texts alone.
                    Value::List(_) | Value::Object(_) | Value::Spread(_) => return Ok(None),
                    value => match known_text(value)? {
                        Some(text) => texts.push(text),
                        None => return Ok(None),
                    },
                }
            }
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            known(work, name, &texts)
        }
    }
}

/// Functions that look into every argument. One that is not listed has a value that only Terraform knows.
fn known(work: &Rebuilder<'_, '_, '_>, name: &str, texts: &[&str]) -> Answer {
    work.spend(texts.iter().map(|text| text.len()).sum())?;
    let text = match (name, texts) {
        ("lower", [text]) => text.to_lowercase(),
        ("upper", [text]) => text.to_uppercase(),
        ("title", [text]) => title(text),
        ("trim", [text, cut]) => text.trim_matches(|c| cut.contains(c)).to_owned(),
        ("trimprefix", [text, prefix]) => text.strip_prefix(prefix).unwrap_or(text).to_owned(),
        ("trimsuffix", [text, suffix]) => text.strip_suffix(suffix).unwrap_or(text).to_owned(),
        ("startswith", [text, prefix]) => return Ok(Some(Value::Bool(text.starts_with(prefix)))),
        ("endswith", [text, suffix]) => return Ok(Some(Value::Bool(text.ends_with(suffix)))),
        ("strcontains", [text, part]) => return Ok(Some(Value::Bool(text.contains(part)))),
        ("split", [separator, text]) => {
            let parts: Vec<Value> = if separator.is_empty() {
                text.chars().map(|c| Value::from(c.to_string())).collect()
            } else {
                text.split(separator).map(Value::from).collect()
            };
            return Ok(Some(Value::list(Kind::List, parts)));
        }
        // Between slashes it is a regular expression, and those are Go's own.
        ("replace", [_, old, _]) if old.len() > 1 && old.starts_with('/') && old.ends_with('/') => {
            return Ok(None);
        }
        ("replace", [text, old, new]) => {
            let found = if old.is_empty() { text.len() + 1 } else { text.matches(old).count() };
            work.spend(found.saturating_mul(new.len()))?;
            text.replace(old, new)
        }
        ("substr", [text, offset, length]) if text.is_ascii() => return substr(text, offset, length),
        ("indent", [spaces, text]) => {
            let spaces = spaces.parse::<usize>().ok().filter(|spaces| *spaces <= 1000);
            let spaces = spaces.ok_or_else(|| RebuildError::fails("`indent` takes a small number"))?;
            work.spend(text.matches('\n').count().saturating_mul(spaces))?;
            text.replace('\n', &format!("\n{}", " ".repeat(spaces)))
        }
        ("strrev", [text]) if text.is_ascii() => text.chars().rev().collect(),
        _ => return Ok(None),
    };
    Ok(Some(Value::from(text)))
}

fn title(text: &str) -> String {
    let mut start = true;
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if start {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
        start = !(c.is_alphanumeric() || c == '_' || c == '\'');
    }
    out
}

fn substr(text: &str, offset: &str, length: &str) -> Answer {
    let number =
        |text: &str| text.parse::<i64>().map_err(|_| RebuildError::fails("`substr` takes whole numbers"));
    let (offset, length) = (number(offset)?, number(length)?);
    let count = i64::try_from(text.len()).unwrap_or(i64::MAX);
    let start = if offset < 0 { count + offset } else { offset };
    let end = if length < 0 { count } else { start.saturating_add(length).min(count) };
    let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
    // Past the ends Terraform has ways of its own.
    Ok(range.and_then(|(start, end)| text.get(start..end)).map(Value::from))
}

/// Cuts both ends, where what is cut and what stops the cut are known.
fn trimmed(value: &Value, start: fn(&str) -> &str, end: fn(&str) -> &str) -> Answer {
    let Value::Text(text) = to_text(value.clone())? else {
        return if value.is_null() { Err(RebuildError::fails("null is no text")) } else { Ok(None) };
    };
    if let Some(known) = text.known() {
        return Ok(Some(Value::from(end(start(known)))));
    }
    let mut pieces = text.pieces().to_vec();
    if start(" ").is_empty() {
        match pieces.first_mut() {
            Some(Piece::Known(first)) if !start(first).is_empty() => *first = start(first).to_owned(),
            _ => return Ok(None),
        }
    }
    match pieces.last_mut() {
        Some(Piece::Known(last)) if !end(last).is_empty() => *last = end(last).to_owned(),
        _ => return Ok(None),
    }
    Ok(Some(Value::Text(Text::of(pieces))))
}

fn join(work: &Rebuilder<'_, '_, '_>, separator: &Value, lists: &[Value]) -> Answer {
    let Some(separator) = known_text(separator)? else { return Ok(None) };
    let mut pieces = Vec::new();
    for value in lists {
        let Some(list) = exact(value)? else { return Ok(None) };
        for item in list.items.iter() {
            if !pieces.is_empty() {
                pieces.push(Piece::Known(separator.clone()));
            }
            work.spend(separator.len() + 1)?;
            // An empty first element still counts as one.
            pieces.push(Piece::Known(String::new()));
            put(work, item.clone(), &mut pieces)?;
        }
    }
    Ok(Some(Value::Text(Text::of(pieces))))
}

fn put(work: &Rebuilder<'_, '_, '_>, value: Value, pieces: &mut Vec<Piece>) -> Result<(), RebuildError> {
    match to_text(value)? {
        Value::Text(text) => {
            work.spend(text.len())?;
            pieces.extend(text.pieces().iter().cloned());
        }
        Value::Hole(hole) => {
            work.work.consumed.set(work.work.consumed.get() + 1);
            pieces.push(Piece::Hole(hole, Extent::Text));
        }
        other => return Err(RebuildError::fails(format!("{} is no text", other.word()))),
    }
    Ok(())
}

/// `%s`, `%d`, `%v`, `%q` and `%%`; with flags, or other verbs, the value is Terraform's to know.
fn format_text(work: &Rebuilder<'_, '_, '_>, pattern: &str, values: &[Value]) -> Answer {
    let mut pieces = Vec::new();
    let mut values = values.iter();
    let mut rest = pattern;
    while let Some((before, behind)) = rest.split_once('%') {
        pieces.push(Piece::Known(before.to_owned()));
        let Some(verb) = behind.chars().next() else {
            return Err(RebuildError::fails("`format` ends in the middle of a verb"));
        };
        rest = behind.strip_prefix(verb).unwrap_or_default();
        if verb == '%' {
            pieces.push(Piece::Known("%".to_owned()));
            continue;
        }
        if !matches!(verb, 's' | 'd' | 'v') {
            return Ok(None);
        }
        let Some(value) = values.next() else {
            return Err(RebuildError::fails("`format` has too few arguments"));
        };
        match (verb, value) {
            ('s', Value::Null) => return Err(RebuildError::fails("`format` is given null")),
            ('v', Value::Null | Value::List(_) | Value::Object(_)) => return Ok(None),
            ('d', _) => match known_number(value)? {
                Some(number) if number.whole().is_some() => pieces.push(Piece::Known(number.to_string())),
                _ => return Ok(None),
            },
            (_, value) => put(work, value.clone(), &mut pieces)?,
        }
    }
    pieces.push(Piece::Known(rest.to_owned()));
    if values.next().is_some() {
        return Err(RebuildError::fails("`format` has too many arguments"));
    }
    Ok(Some(Value::Text(Text::of(pieces))))
}

fn format_list(work: &Rebuilder<'_, '_, '_>, pattern: &Value, values: &[Value]) -> Answer {
    let Some(pattern) = known_text(pattern)? else { return Ok(None) };
    let mut rows = None;
    let mut loose = false;
    for value in values {
        if let Value::List(given) = value {
            // Side by side with another list each element must be at its place.
            if given.spreads() || (!given.exact && values.len() > 1) {
                return Ok(None);
            }
            loose |= !given.exact;
            if rows.is_some_and(|rows| rows != given.items.len()) {
                return Err(RebuildError::fails("`formatlist` is given lists of different lengths"));
            }
            rows = Some(given.items.len());
        } else if let Value::Hole(hole) = value
            && !hole.is_scalar()
        {
            return Ok(None);
        }
    }
    let mut items = Vec::new();
    for row in 0..rows.unwrap_or(1) {
        let mut arguments = Vec::new();
        for value in values {
            arguments.push(match value {
                Value::List(_) => match list(value)?.and_then(|list| list.items.get(row)) {
                    Some(item) => item.clone(),
                    None => return Ok(None),
                },
                other => other.clone(),
            });
        }
        match format_text(work, &pattern, &arguments)? {
            Some(text) => items.push(text),
            None => return Ok(None),
        }
    }
    Ok(Some(Value::loose(Kind::List, !loose, items)))
}
