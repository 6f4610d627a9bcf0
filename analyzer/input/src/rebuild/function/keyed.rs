//! Functions of objects and maps.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::{Answer, exact, known_text, only};
use crate::rebuild::Rebuilder;
use crate::rebuild::convert::alike;
use crate::rebuild::error::RebuildError;
use crate::rebuild::operate::known_key;
use crate::rebuild::value::{Kind, Object, Value};

pub(super) fn call(work: &Rebuilder<'_, '_, '_>, name: &str, arguments: &[Value]) -> Answer {
    match (name, arguments) {
        ("merge", _) => merge(work, arguments),
        ("keys" | "values", _) => {
            let Some(object) = object(only(arguments)?)? else { return Ok(None) };
            Ok(Some(if name == "keys" {
                Value::list(Kind::List, object.entries.keys().map(|key| Value::from(key.as_str())).collect())
            } else {
                Value::tuple(object.entries.values().cloned().collect())
            }))
        }
        ("lookup", [map, key, rest @ ..]) if rest.len() <= 1 => {
            let Some(object) = object(map)? else { return Ok(None) };
            let Some(key) = known_text(key)? else { return Ok(None) };
            match (object.entries.get(&key), rest.first()) {
                (Some(value), _) => Ok(Some(value.clone())),
                (None, Some(default)) if object.is_map => {
                    let shape = object.entries.values().next().unwrap_or(default);
                    Ok(Some(alike(default.clone(), shape)))
                }
                (None, Some(default)) => Ok(Some(default.clone())),
                (None, None) => Err(RebuildError::fails(format!("there is no `{key}` in it"))),
            }
        }
        ("zipmap", [keys, values]) => {
            let (Some(keys), Some(values)) = (exact(keys)?, exact(values)?) else { return Ok(None) };
            if keys.items.len() != values.items.len() {
                return Err(RebuildError::fails("`zipmap` has more keys than values, or fewer"));
            }
            let mut entries = BTreeMap::new();
            for (key, value) in keys.items.iter().zip(values.items.iter()) {
                let Some(key) = known_key(key)? else { return Ok(None) };
                entries.insert(key, value.clone());
            }
            Ok(Some(Value::object(entries)))
        }
        _ => Err(RebuildError::fails(format!("`{name}` takes other arguments"))),
    }
}

fn object(value: &Value) -> Result<Option<&Object>, RebuildError> {
    match value {
        Value::Object(object) => Ok(Some(object)),
        Value::Hole(_) => Ok(None),
        other => Err(RebuildError::fails(format!("{} is no object", other.word()))),
    }
}

fn merge(work: &Rebuilder<'_, '_, '_>, arguments: &[Value]) -> Answer {
    let mut entries = BTreeMap::new();
    let mut is_map = true;
    for argument in arguments.iter().filter(|argument| !argument.is_null()) {
        let Some(object) = object(argument)? else { return Ok(None) };
        work.spend(object.entries.len())?;
        is_map &= object.is_map;
        entries.extend(object.entries.iter().map(|(key, value)| (key.clone(), value.clone())));
    }
    Ok(Some(Value::Object(Object { is_map, entries: Rc::new(entries) })))
}
