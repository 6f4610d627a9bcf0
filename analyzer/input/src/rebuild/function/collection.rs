//! Functions of lists.

use super::{Answer, exact, known_number, list, only};
use crate::rebuild::Rebuilder;
use crate::rebuild::convert::{text_of, unified};
use crate::rebuild::error::RebuildError;
use crate::rebuild::operate::{equal, truth};
use crate::rebuild::value::{Kind, List, Value};

pub(super) fn call(work: &Rebuilder<'_, '_, '_>, name: &str, arguments: &[Value]) -> Answer {
    match (name, arguments) {
        ("concat", _) => concat(work, arguments),
        ("flatten", [value]) => flatten(work, value),
        ("distinct", [value]) => {
            let Some(list) = list(value)? else { return Ok(None) };
            distinct(work, list)
        }
        ("compact", [value]) => {
            let Some(list) = list(value)? else { return Ok(None) };
            let empty = |item: &Value| item.is_null() || text_of(item) == Some("");
            let items: Vec<Value> = list.items.iter().filter(|item| !empty(item)).cloned().collect();
            // One that is unknown may turn out to be empty, and then it would be left out.
            let exact = list.exact && items.iter().all(Value::is_known);
            Ok(Some(Value::loose(Kind::List, exact, items)))
        }
        ("element", [value, index]) => {
            let (Some(list), Some(index)) = (exact(value)?, known_number(index)?) else { return Ok(None) };
            let count = i128::try_from(list.items.len()).unwrap_or(i128::MAX);
            let index = index.whole().and_then(|index| index.checked_rem_euclid(count));
            let item = index.and_then(|index| list.items.get(usize::try_from(index).ok()?));
            item.cloned().map(Some).ok_or_else(|| RebuildError::fails("`element` finds nothing"))
        }
        ("length", [value]) => match value {
            Value::List(list) if list.is_exact() => Ok(Some(Value::number(list.items.len()))),
            Value::List(_) | Value::Hole(_) => Ok(None),
            Value::Object(object) => Ok(Some(Value::number(object.entries.len()))),
            // Terraform counts what a reader sees as one; the two agree where every character is plain.
            Value::Text(text) => Ok(text
                .known()
                .filter(|text| text.is_ascii() && !text.contains('\r'))
                .map(|text| Value::number(text.len()))),
            other => Err(RebuildError::fails(format!("{} has no length", other.word()))),
        },
        ("coalesce", _) => coalesce(arguments),
        ("coalescelist", _) => {
            for argument in arguments {
                let Some(list) = list(argument)? else { return Ok(None) };
                let sure = list.items.iter().any(|item| !matches!(item, Value::Spread(_)));
                match (list.items.is_empty(), sure) {
                    (true, _) => {}
                    (false, true) => return Ok(Some(argument.clone())),
                    (false, false) => return Ok(None),
                }
            }
            Err(RebuildError::fails("every list is empty"))
        }
        ("contains", [value, wanted]) => {
            let Some(list) = list(value)? else { return Ok(None) };
            let mut sure = !list.spreads();
            for item in list.items.iter() {
                match equal(item, wanted) {
                    Some(true) => return Ok(Some(Value::Bool(true))),
                    Some(false) => {}
                    None => sure = false,
                }
            }
            Ok(sure.then_some(Value::Bool(false)))
        }
        ("index", [value, wanted]) => {
            let Some(list) = exact(value)? else { return Ok(None) };
            for (at, item) in list.items.iter().enumerate() {
                match equal(item, wanted) {
                    Some(true) => return Ok(Some(Value::number(at))),
                    Some(false) => {}
                    None => return Ok(None),
                }
            }
            Err(RebuildError::fails("`index` finds nothing"))
        }
        ("sort" | "reverse" | "slice" | "one" | "alltrue" | "anytrue", _) => ordered(name, arguments),
        _ => Err(RebuildError::fails(format!("`{name}` takes other arguments"))),
    }
}

fn concat(work: &Rebuilder<'_, '_, '_>, arguments: &[Value]) -> Answer {
    let mut items = Vec::new();
    let mut exact = true;
    let mut kind = Kind::List;
    for argument in arguments {
        match argument {
            Value::List(list) => {
                work.spend(list.items.len())?;
                exact &= list.exact;
                if list.kind == Kind::Tuple {
                    kind = Kind::Tuple;
                }
                items.extend(list.items.iter().cloned());
            }
            Value::Hole(hole) => items.push(Value::Spread(hole.clone())),
            other => return Err(RebuildError::fails(format!("{} is no list", other.word()))),
        }
    }
    let items = if kind == Kind::List { unified(items) } else { items };
    Ok(Some(Value::loose(kind, exact, items)))
}

fn flatten(work: &Rebuilder<'_, '_, '_>, value: &Value) -> Answer {
    let Some(list) = list(value)? else { return Ok(None) };
    let mut items = Vec::new();
    let exact = level(work, list, &mut items)?;
    Ok(Some(Value::loose(Kind::Tuple, exact, items)))
}

fn level(work: &Rebuilder<'_, '_, '_>, list: &List, out: &mut Vec<Value>) -> Result<bool, RebuildError> {
    let mut exact = list.exact;
    for item in list.items.iter() {
        work.spend(1)?;
        match item {
            Value::List(inner) => exact &= work.deeper(|| level(work, inner, out))?,
            // It may be a list itself.
            Value::Hole(hole) if !hole.is_scalar() => out.push(Value::Spread(hole.clone())),
            item => out.push(item.clone()),
        }
    }
    Ok(exact)
}

fn distinct(work: &Rebuilder<'_, '_, '_>, list: &List) -> Answer {
    let mut kept: Vec<Value> = Vec::new();
    for item in list.items.iter() {
        work.spend(kept.len() + 1)?;
        if !kept.contains(item) {
            kept.push(item.clone());
        }
    }
    let exact = list.exact && kept.iter().all(Value::is_known);
    Ok(Some(Value::loose(Kind::List, exact, kept)))
}

/// The first that is neither null nor empty, in the type that all have in common.
fn coalesce(arguments: &[Value]) -> Answer {
    let typed = unified(arguments.to_vec());
    for argument in &typed {
        match argument {
            Value::Null => {}
            // Of a document that a data source renders it is known that there is one.
            Value::Hole(hole) => {
                let is_document = hole.of.as_ref().is_some_and(|(address, path)| {
                    address.kind == "aws_iam_policy_document" && path.first() == Some("json")
                });
                return Ok(is_document.then(|| argument.clone()));
            }
            Value::Text(text) if text.known() == Some("") => {}
            // Around unknown parts something is known, so it is not empty.
            Value::Text(text)
                if text
                    .pieces()
                    .iter()
                    .all(|piece| !matches!(piece, crate::rebuild::value::Piece::Known(_))) =>
            {
                return Ok(None);
            }
            other => return Ok(Some(other.clone())),
        }
    }
    Err(RebuildError::fails("every argument is null or empty"))
}

fn ordered(name: &str, arguments: &[Value]) -> Answer {
    let Some(value) = arguments.first() else {
        return Err(RebuildError::fails(format!("`{name}` takes more arguments")));
    };
    if name == "one" && value.is_null() {
        return Ok(Some(Value::Null));
    }
    let Some(given) = list(value)? else { return Ok(None) };
    match name {
        "sort" => {
            only(arguments)?;
            let texts: Option<Vec<String>> =
                given.items.iter().map(|item| super::known_text(item).ok().flatten()).collect();
            Ok(Some(match texts.filter(|_| given.is_exact()) {
                Some(mut texts) => {
                    texts.sort();
                    Value::list(Kind::List, texts.into_iter().map(Value::from).collect())
                }
                None => Value::loose(Kind::List, false, given.items.as_slice().to_vec()),
            }))
        }
        "reverse" => {
            let kind = if given.kind == Kind::Set { Kind::List } else { given.kind };
            Ok(Some(Value::loose(kind, given.exact, given.items.iter().rev().cloned().collect())))
        }
        "slice" => {
            let [_, start, end] = arguments else {
                return Err(RebuildError::fails("`slice` takes three arguments"));
            };
            let (Some(start), Some(end)) = (known_number(start)?, known_number(end)?) else {
                return Ok(None);
            };
            if !given.is_exact() {
                return Ok(None);
            }
            let items = start.index().zip(end.index()).and_then(|(start, end)| given.items.get(start..end));
            let items = items.ok_or_else(|| RebuildError::fails("`slice` reaches past the end"))?;
            Ok(Some(Value::loose(given.kind, true, items.to_vec())))
        }
        "one" => match (given.is_exact(), given.items.as_slice()) {
            (true, []) => Ok(Some(Value::Null)),
            (true, [item]) => Ok(Some(item.clone())),
            (true, _) => Err(RebuildError::fails("`one` finds more than one")),
            (false, _) => Ok(None),
        },
        _ => {
            let decisive = name == "anytrue";
            let mut sure = !given.spreads();
            for item in given.items.iter() {
                match if item.is_null() { Some(false) } else { truth(item)? } {
                    Some(answer) if answer == decisive => return Ok(Some(Value::Bool(decisive))),
                    Some(_) => {}
                    None => sure = false,
                }
            }
            Ok(sure.then_some(Value::Bool(!decisive)))
        }
    }
}
