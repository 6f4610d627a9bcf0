//! Terraform's functions, each with what it does to an unknown argument.
//!
//! A function that is not here, and one that would have to look into an unknown argument, makes an unknown value that
//! is named after the call.

mod collection;
mod file;
mod json;
mod keyed;
mod number;
mod set;
mod text;

use super::Rebuilder;
use super::convert::{text_of, to_bool, to_number, to_set, to_text, unified};
use super::error::RebuildError;
use super::evaluate::Outcome;
use super::scope::Frame;
use super::value::{Hole, Kind, List, Value};

/// What a function makes of its arguments; `None`: it would have to look into an unknown one.
type Answer = Result<Option<Value>, RebuildError>;

/// Functions that give something else each time.
const FICKLE: &[&str] = &["uuid", "timestamp", "plantimestamp", "bcrypt"];

impl Rebuilder<'_, '_, '_> {
    pub(super) fn function(&self, name: &str, mut arguments: Vec<Value>, frame: Frame<'_>) -> Outcome {
        let name = name.strip_prefix("core::").unwrap_or(name);
        match name {
            // What is masked stays masked, whoever says it may be shown.
            "sensitive" | "ephemeralasnull" => {
                let text = format!("{name}(…)");
                return Ok(Value::Hole(Hole { text, of: None, sensitive: true }.into()));
            }
            "nonsensitive" => return single(&mut arguments),
            _ if FICKLE.contains(&name) => {
                return Ok(self.derived(format!("{name}() (#{})", self.serial()), &arguments));
            }
            _ => {}
        }
        self.spend(arguments.len())?;
        let answer = match self.known_function(name, &arguments, frame)? {
            Some(answer) => answer,
            None => self.derived(self.call_text(name, &arguments), &arguments),
        };
        if let Value::List(list) = &answer {
            self.spend(list.items.len())?;
        }
        Ok(answer)
    }

    fn known_function(&self, name: &str, arguments: &[Value], frame: Frame<'_>) -> Answer {
        match name {
            "jsonencode" | "jsondecode" => json::call(self, name, arguments),
            "file" | "templatefile" | "fileexists" => file::call(self, name, arguments, frame),
            "tostring" | "tonumber" | "tobool" | "tolist" | "toset" | "tomap" => conversion(name, arguments),
            "merge" | "keys" | "values" | "lookup" | "zipmap" => keyed::call(self, name, arguments),
            "setunion" | "setproduct" | "setsubtract" | "setintersection" => set::call(self, name, arguments),
            "max" | "min" | "sum" | "abs" | "ceil" | "floor" | "range" => number::call(self, name, arguments),
            "concat" | "flatten" | "distinct" | "compact" | "element" | "length" | "coalesce"
            | "coalescelist" | "contains" | "index" | "sort" | "reverse" | "slice" | "one" | "alltrue"
            | "anytrue" => collection::call(self, name, arguments),
            _ => text::call(self, name, arguments),
        }
    }
}

fn single(arguments: &mut Vec<Value>) -> Outcome {
    match arguments.pop() {
        Some(value) if arguments.is_empty() => Ok(value),
        _ => Err(RebuildError::fails("it takes one argument")),
    }
}

/// The only argument.
fn only(arguments: &[Value]) -> Result<&Value, RebuildError> {
    match arguments {
        [value] => Ok(value),
        _ => Err(RebuildError::fails("it takes one argument")),
    }
}

/// The elements of a list whose every element is one.
fn exact(value: &Value) -> Result<Option<&List>, RebuildError> {
    Ok(list(value)?.filter(|list| list.is_exact()))
}

/// The elements of a list; `None` for an unknown value.
fn list(value: &Value) -> Result<Option<&List>, RebuildError> {
    match value {
        Value::List(list) => Ok(Some(list)),
        Value::Hole(_) => Ok(None),
        other => Err(RebuildError::fails(format!("{} is no list", other.word()))),
    }
}

/// A known text; `None` where a part of it is unknown.
fn known_text(value: &Value) -> Result<Option<String>, RebuildError> {
    match to_text(value.clone())? {
        Value::Null => Err(RebuildError::fails("null is no text")),
        value => Ok(text_of(&value).map(str::to_owned)),
    }
}

/// A known number; `None` where it is unknown.
fn known_number(value: &Value) -> Result<Option<super::number::Number>, RebuildError> {
    match to_number(value.clone())? {
        Value::Number(number) => Ok(Some(number)),
        Value::Null => Err(RebuildError::fails("null is no number")),
        _ => Ok(None),
    }
}

fn conversion(name: &str, arguments: &[Value]) -> Answer {
    let value = only(arguments)?;
    if value.is_null() {
        return Ok(Some(Value::Null));
    }
    let kept = |value: Value| match value {
        Value::Hole(_) | Value::Spread(_) => None,
        value => Some(value),
    };
    Ok(match (name, value) {
        // The text of a text is that text.
        ("tostring", Value::Hole(hole)) if hole.is_scalar() => Some(value.clone()),
        (_, Value::Hole(_)) => None,
        ("tostring", _) => kept(to_text(value.clone())?),
        ("tonumber", _) => match to_number(value.clone())? {
            value @ Value::Number(_) => Some(value),
            _ => None,
        },
        ("tobool", _) => match to_bool(value.clone())? {
            value @ Value::Bool(_) => Some(value),
            _ => None,
        },
        ("tolist", Value::List(list)) => {
            let exact = list.exact && (list.kind != Kind::Set || list.is_exact());
            Some(Value::loose(Kind::List, exact, unified(list.items.as_slice().to_vec())))
        }
        ("toset", Value::List(list)) => Some(to_set(list)),
        ("tomap", Value::Object(_)) => {
            let map = super::convert::Type::Map(Box::new(super::convert::Type::Any));
            Some(super::convert::to_kind(value.clone(), &map)?)
        }
        _ => return Err(RebuildError::fails(format!("`{name}` cannot convert {}", value.word()))),
    })
}
