//! Questions about whole objects: what is written only, what is known, what a state must spell out.

use super::Attributes;
use crate::path::Path;
use crate::schema::{Attribute, Block, Presence, Schema, Secrecy, Shape};
use crate::value::Value;

/// The value with null for everything unknown: what can be kept of a result that is not complete.
pub(crate) fn known_part(value: &Value) -> Value {
    let each =
        |parts: &Attributes| parts.iter().map(|(name, part)| (name.clone(), known_part(part))).collect();
    match value {
        Value::Unknown(_) => Value::Null,
        Value::List(parts) => Value::List(parts.iter().map(known_part).collect()),
        Value::Set(parts) => Value::Set(parts.iter().map(known_part).collect()),
        Value::Tuple(parts) => Value::Tuple(parts.iter().map(known_part).collect()),
        Value::Map(parts) => Value::Map(each(parts)),
        Value::Object(parts) => Value::Object(each(parts)),
        Value::Dynamic(ty, inner) => Value::Dynamic(ty.clone(), Box::new(known_part(inner))),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// The object with empty collections where blocks are missing: a state never holds null there.
pub(crate) fn complete(block: &Block, value: Value) -> Value {
    let Value::Object(mut object) = value else { return value };
    let Value::Object(mut empty) = block.empty() else { return Value::Object(object) };
    for (name, nested) in &block.blocks {
        let Some(slot) = object.get_mut(name) else { continue };
        let value = std::mem::replace(slot, Value::Null);
        *slot = match value {
            Value::Null => empty.remove(name).unwrap_or(Value::Null),
            Value::List(parts) => {
                Value::List(parts.into_iter().map(|part| complete(&nested.block, part)).collect())
            }
            Value::Set(parts) => {
                Value::Set(parts.into_iter().map(|part| complete(&nested.block, part)).collect())
            }
            Value::Map(parts) => Value::Map(
                parts.into_iter().map(|(key, part)| (key, complete(&nested.block, part))).collect(),
            ),
            other => complete(&nested.block, other),
        };
    }
    Value::Object(object)
}

/// The object without what only the provider gives: what is left can be written as a configuration.
pub(crate) fn configurable(block: &Block, object: &Value) -> Value {
    let Some(values) = object.attributes() else { return object.clone() };
    let strip = |(name, value): (&String, &Value)| {
        let value = match (block.attributes.get(name), block.blocks.get(name)) {
            (Some(attribute), _) => configurable_value(attribute, value),
            (None, Some(nested)) => each_object(value, |part| configurable(&nested.block, part)),
            (None, None) => value.clone(),
        };
        (name.clone(), value)
    };
    Value::Object(values.iter().map(strip).collect())
}

fn configurable_value(attribute: &Attribute, value: &Value) -> Value {
    match (attribute.presence, &attribute.shape) {
        (Presence::Computed, _) => Value::Null,
        (_, Shape::Plain(_)) => value.clone(),
        (_, Shape::Nested(_, attributes)) => each_object(value, |object| {
            let Some(values) = object.attributes() else { return object.clone() };
            let strip = |(name, value): (&String, &Value)| {
                let own = attributes.get(name);
                (name.clone(), own.map_or_else(|| value.clone(), |own| configurable_value(own, value)))
            };
            Value::Object(values.iter().map(strip).collect())
        }),
    }
}

/// The same collection, or the one object, with every object in it changed.
fn each_object(value: &Value, change: impl Fn(&Value) -> Value) -> Value {
    match value {
        Value::List(parts) => Value::List(parts.iter().map(change).collect()),
        Value::Set(parts) => Value::Set(parts.iter().map(change).collect()),
        Value::Map(parts) => {
            Value::Map(parts.iter().map(|(key, part)| (key.clone(), change(part))).collect())
        }
        Value::Object(_) => change(value),
        other => other.clone(),
    }
}

/// Where a configuration gives values that must not be stored.
pub(crate) fn write_only_values(schema: &Schema, config: &Value) -> Vec<Path> {
    let mut found = Vec::new();
    if let Some(config) = config.attributes() {
        in_block(&schema.block, config, &Path::root(), &mut found);
    }
    found
}

fn in_block(block: &Block, config: &Attributes, path: &Path, found: &mut Vec<Path>) {
    for (name, attribute) in &block.attributes {
        if let Some(value) = config.get(name) {
            in_attribute(attribute, value, &path.attribute(name), found);
        }
    }
    for (name, nested) in &block.blocks {
        if let Some(value) = config.get(name) {
            for (path, object) in objects(value, &path.attribute(name)) {
                in_block(&nested.block, object, &path, found);
            }
        }
    }
}

fn in_attribute(attribute: &Attribute, value: &Value, path: &Path, found: &mut Vec<Path>) {
    if attribute.secrecy == Secrecy::WriteOnly && !value.is_null() {
        found.push(path.clone());
    } else if let Shape::Nested(_, nested) = &attribute.shape {
        for (path, object) in objects(value, path) {
            for (name, attribute) in nested {
                if let Some(value) = object.get(name) {
                    in_attribute(attribute, value, &path.attribute(name), found);
                }
            }
        }
    }
}

/// The objects in a value, each with its path; nothing in a set is write-only.
fn objects<'v>(value: &'v Value, path: &Path) -> Vec<(Path, &'v Attributes)> {
    match value {
        Value::Object(object) => vec![(path.clone(), object)],
        Value::List(parts) => {
            let parts = parts.iter().enumerate();
            parts.filter_map(|(index, part)| Some((path.index(index), part.attributes()?))).collect()
        }
        Value::Map(parts) => {
            parts.iter().filter_map(|(key, part)| Some((path.key(key), part.attributes()?))).collect()
        }
        _ => Vec::new(),
    }
}
