//! Types: what a variable declares, and the conversions between them.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use hcl_edit::expr::{Expression, ObjectKey};

use super::Rebuilder;
use super::error::RebuildError;
use super::evaluate::Outcome;
use super::number::Number;
use super::scope::Frame;
use super::value::{Kind, List, Object, Value};

/// A type constraint.
#[derive(Clone, Debug)]
pub(super) enum Type {
    Any,
    Bool,
    Number,
    Text,
    List(Box<Type>),
    Set(Box<Type>),
    Map(Box<Type>),
    Tuple(Vec<Type>),
    /// Attributes, and what stands for one that is left out.
    Object(BTreeMap<String, (Type, Option<Value>)>),
}

impl Rebuilder<'_, '_, '_> {
    /// Reads a type constraint.
    pub(super) fn kind(&self, expression: &Expression, frame: Frame<'_>) -> Result<Type, RebuildError> {
        let strange = || RebuildError::fails("this is no type");
        match expression {
            // Very old configurations quote their types.
            Expression::String(_) | Expression::Variable(_) => {
                bare(expression).and_then(simple).ok_or_else(strange)
            }
            Expression::FuncCall(call) => {
                let argument = call.args.get(0).ok_or_else(strange)?;
                let inner = || self.deeper(|| self.kind(argument, frame)).map(Box::new);
                Ok(match (call.name.name.as_str(), argument) {
                    ("list", _) => Type::List(inner()?),
                    ("set", _) => Type::Set(inner()?),
                    ("map", _) => Type::Map(inner()?),
                    ("tuple", Expression::Array(array)) => {
                        let kinds: Result<_, _> = array.iter().map(|item| self.kind(item, frame)).collect();
                        Type::Tuple(kinds?)
                    }
                    ("object", Expression::Object(object)) => {
                        let mut attributes = BTreeMap::new();
                        for (key, value) in object {
                            let name = match key {
                                ObjectKey::Ident(name) => name.as_str(),
                                ObjectKey::Expression(key) => bare(key).ok_or_else(strange)?,
                            };
                            attributes.insert(name.to_owned(), self.field(value.expr(), frame)?);
                        }
                        Type::Object(attributes)
                    }
                    _ => return Err(strange()),
                })
            }
            _ => Err(strange()),
        }
    }

    fn field(
        &self,
        expression: &Expression,
        frame: Frame<'_>,
    ) -> Result<(Type, Option<Value>), RebuildError> {
        if let Expression::FuncCall(call) = expression
            && call.name.name.as_str() == "optional"
            && let Some(inner) = call.args.get(0)
        {
            let kind = self.deeper(|| self.kind(inner, frame))?;
            let default = call.args.get(1).map(|default| self.eval(default, frame)).transpose()?;
            return Ok((kind, Some(default.unwrap_or(Value::Null))));
        }
        Ok((self.deeper(|| self.kind(expression, frame))?, None))
    }
}

/// A name that is written with quotation marks or without.
fn bare(expression: &Expression) -> Option<&str> {
    match expression {
        Expression::Variable(name) => Some(name.as_str()),
        Expression::String(name) => Some(name.as_str()),
        _ => None,
    }
}

fn simple(name: &str) -> Option<Type> {
    Some(match name {
        "any" => Type::Any,
        "bool" => Type::Bool,
        "number" => Type::Number,
        "string" => Type::Text,
        "list" => Type::List(Box::new(Type::Any)),
        "map" => Type::Map(Box::new(Type::Any)),
        _ => return None,
    })
}

/// Converts a value to a declared type.
pub(super) fn to_kind(value: Value, kind: &Type) -> Outcome {
    match (kind, value) {
        (_, value @ (Value::Null | Value::Hole(_) | Value::Spread(_))) | (Type::Any, value) => Ok(value),
        (Type::Bool, value) => to_bool(value),
        (Type::Number, value) => to_number(value),
        (Type::Text, value) => to_text(value),
        (Type::List(inner), Value::List(list)) => {
            Ok(collection(Kind::List, list.exact, each(&list, inner)?, inner))
        }
        (Type::Set(inner), Value::List(list)) => {
            Ok(match collection(Kind::Tuple, list.exact, each(&list, inner)?, inner) {
                Value::List(list) => to_set(&list),
                other => other,
            })
        }
        (Type::Map(inner), Value::Object(object)) => {
            let entries = object.entries.iter();
            let entries: Result<BTreeMap<_, _>, _> =
                entries.map(|(key, value)| Ok((key.clone(), to_kind(value.clone(), inner)?))).collect();
            let mut entries = entries?;
            if matches!(**inner, Type::Any) {
                let values: Vec<Value> = entries.values().cloned().collect();
                for (entry, value) in entries.values_mut().zip(unified(values)) {
                    *entry = value;
                }
            }
            Ok(Value::Object(Object { is_map: true, entries: Rc::new(entries) }))
        }
        (Type::Tuple(kinds), Value::List(list)) if list.items.len() == kinds.len() => {
            let items = list.items.iter().zip(kinds).map(|(item, kind)| to_kind(item.clone(), kind));
            Ok(Value::loose(Kind::Tuple, list.exact, items.collect::<Result<_, _>>()?))
        }
        (Type::Object(attributes), Value::Object(object)) => {
            let mut entries = BTreeMap::new();
            for (name, (kind, default)) in attributes {
                let value = match (object.entries.get(name), default) {
                    // A default stands for null too.
                    (None | Some(Value::Null), Some(default)) => default.clone(),
                    (Some(value), _) => value.clone(),
                    (None, None) => return Err(RebuildError::fails(format!("`{name}` is missing"))),
                };
                entries.insert(name.clone(), to_kind(value, kind)?);
            }
            Ok(Value::object(entries))
        }
        (_, value) => Err(RebuildError::fails(format!("{} is of another type than declared", value.word()))),
    }
}

fn each(list: &List, kind: &Type) -> Result<Vec<Value>, RebuildError> {
    list.items.iter().map(|item| to_kind(item.clone(), kind)).collect()
}

fn collection(kind: Kind, exact: bool, items: Vec<Value>, inner: &Type) -> Value {
    let items = if matches!(inner, Type::Any) { unified(items) } else { items };
    Value::loose(kind, exact, items)
}

/// Text of a primitive; what is no primitive stays what it is.
pub(super) fn to_text(value: Value) -> Outcome {
    match value {
        Value::Bool(answer) => Ok(Value::from(if answer { "true" } else { "false" })),
        Value::Number(number) => Ok(Value::from(number.to_string())),
        value @ (Value::Text(_) | Value::Null | Value::Hole(_)) => Ok(value),
        other => Err(RebuildError::fails(format!("{} is no text", other.word()))),
    }
}

/// A number, also of a text that writes one. A text known in part stays a text.
pub(super) fn to_number(value: Value) -> Outcome {
    match value {
        Value::Text(text) => match text.known() {
            Some(known) => Number::parse(known)
                .map(Value::Number)
                .ok_or_else(|| RebuildError::fails("a text is no number")),
            None => Ok(Value::Text(text)),
        },
        value @ (Value::Number(_) | Value::Null | Value::Hole(_)) => Ok(value),
        other => Err(RebuildError::fails(format!("{} is no number", other.word()))),
    }
}

/// A boolean, also of a text that writes one.
pub(super) fn to_bool(value: Value) -> Outcome {
    match value {
        Value::Text(text) => match text.known() {
            Some("true") => Ok(Value::Bool(true)),
            Some("false") => Ok(Value::Bool(false)),
            Some(_) => Err(RebuildError::fails("a text is no boolean")),
            None => Ok(Value::Text(text)),
        },
        value @ (Value::Bool(_) | Value::Null | Value::Hole(_)) => Ok(value),
        other => Err(RebuildError::fails(format!("{} is no boolean", other.word()))),
    }
}

/// The set of a list's elements. Terraform orders texts and numbers; of other elements the order is its own affair.
pub(super) fn to_set(list: &List) -> Value {
    let items = unified(list.items.as_slice().to_vec());
    if list.exact && items.iter().all(Value::is_known) {
        let texts: Option<BTreeSet<&str>> = items.iter().map(text_of).collect();
        if let Some(texts) = texts {
            return Value::list(Kind::Set, texts.into_iter().map(Value::from).collect());
        }
        if let [_] | [] = items.as_slice() {
            return Value::list(Kind::Set, items);
        }
    }
    let mut kept: Vec<Value> = Vec::new();
    for item in items {
        if kept.len() > 500 || !kept.contains(&item) {
            kept.push(item);
        }
    }
    Value::loose(Kind::Set, false, kept)
}

pub(super) fn text_of(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) => text.known(),
        _ => None,
    }
}

/// Elements of one type, as a list or map has them: beside a text every number and boolean is one.
pub(super) fn unified(items: Vec<Value>) -> Vec<Value> {
    let Some((first, rest)) = items.split_first() else { return items };
    if rest.is_empty() {
        return items;
    }
    let mut shape = first.clone();
    for item in rest {
        shape = match shape {
            Value::Null | Value::Hole(_) | Value::Spread(_) => item.clone(),
            shape => alike(shape, item),
        };
    }
    items.into_iter().map(|item| alike(item, &shape)).collect()
}

/// A value in the type that it and another one have in common.
pub(super) fn alike(value: Value, other: &Value) -> Value {
    match (value, other) {
        (value @ (Value::Number(_) | Value::Bool(_)), Value::Text(_)) => {
            to_text(value.clone()).unwrap_or(value)
        }
        (Value::List(list), Value::List(other)) => {
            let mut items: Vec<Value> = list.items.as_slice().to_vec();
            let same =
                list.kind == Kind::Tuple && other.kind == Kind::Tuple && items.len() == other.items.len();
            if same {
                items = items.into_iter().zip(other.items.iter()).map(|(one, two)| alike(one, two)).collect();
                return Value::loose(Kind::Tuple, list.exact, items);
            }
            let kind = match (list.kind, other.kind) {
                (Kind::Set, Kind::Set) => Kind::Set,
                (Kind::Set, _) | (_, Kind::Set) => list.kind,
                _ => Kind::List,
            };
            let own = items.len();
            let together = unified_shallow(items, &other.items);
            Value::loose(kind, list.exact, together.into_iter().take(own).collect())
        }
        (Value::Object(object), Value::Object(other)) => {
            let same = object.entries.keys().eq(other.entries.keys()) && !object.is_map && !other.is_map;
            let mut entries: BTreeMap<String, Value> = (*object.entries).clone();
            if same {
                for (entry, two) in entries.values_mut().zip(other.entries.values()) {
                    let one = std::mem::replace(entry, Value::Null);
                    *entry = alike(one, two);
                }
                return Value::object(entries);
            }
            let own = entries.len();
            let others: Vec<Value> = other.entries.values().cloned().collect();
            let together = unified_shallow(entries.values().cloned().collect(), &others);
            for (entry, value) in entries.values_mut().zip(together.into_iter().take(own)) {
                *entry = value;
            }
            Value::Object(Object { is_map: true, entries: Rc::new(entries) })
        }
        (value, _) => value,
    }
}

fn unified_shallow(mut own: Vec<Value>, others: &[Value]) -> Vec<Value> {
    own.extend(others.iter().cloned());
    unified(own)
}
