//! `for` expressions.

use std::collections::BTreeMap;

use hcl_edit::expr::{Expression, ForExpr};

use super::Rebuilder;
use super::error::RebuildError;
use super::evaluate::Outcome;
use super::operate::{known_key, truth};
use super::scope::{Bound, Frame};
use super::value::{Kind, Value};

/// Keys and values of a collection.
pub(super) fn pairs(collection: &Value) -> Vec<(Value, Value)> {
    match collection {
        Value::List(list) if list.kind == Kind::Set => {
            list.items.iter().map(|item| (item.clone(), item.clone())).collect()
        }
        Value::List(list) => {
            let items = list.items.iter().enumerate();
            items.map(|(at, item)| (Value::number(at), item.clone())).collect()
        }
        Value::Object(object) => {
            object.entries.iter().map(|(key, value)| (Value::from(key.as_str()), value.clone())).collect()
        }
        _ => Vec::new(),
    }
}

/// What one round of a `for` gives.
enum Round {
    Skipped,
    Entry(String, Value),
    Item(Value),
    /// Whether, or under which key, is unknown.
    Lost(Vec<Value>),
}

impl Rebuilder<'_, '_, '_> {
    pub(super) fn repeat(&self, whole: &Expression, repeat: &ForExpr, frame: Frame<'_>) -> Outcome {
        let collection = self.eval(&repeat.intro.collection_expr, frame)?;
        let exact = match &collection {
            Value::List(list) => list.is_exact(),
            Value::Object(_) => true,
            Value::Hole(_) => return Ok(self.opaque(whole, frame, &[collection])),
            other => return Err(RebuildError::fails(format!("a `for` cannot run over {}", other.word()))),
        };
        let mut items = Vec::new();
        let mut entries: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for (key, value) in pairs(&collection) {
            self.spend(4)?;
            if let Value::Spread(_) = value {
                let hole = self.opaque_hole(whole, frame, &[value]);
                if repeat.key_expr.is_some() {
                    return Ok(Value::Hole(hole));
                }
                items.push(Value::Spread(hole));
                continue;
            }
            let sure = exact || matches!(&collection, Value::List(list) if list.kind == Kind::Set);
            let key = if sure { key } else { self.opaque(whole, frame, &[]) };
            match self.round(repeat, (key, value), frame)? {
                Round::Skipped => {}
                Round::Item(value) => items.push(value),
                Round::Entry(key, value) => entries.entry(key).or_default().push(value),
                Round::Lost(from) => {
                    let hole = self.opaque_hole(whole, frame, &from);
                    if repeat.key_expr.is_some() {
                        return Ok(Value::Hole(hole));
                    }
                    items.push(Value::Spread(hole));
                }
            }
        }
        if repeat.key_expr.is_none() {
            return Ok(Value::loose(Kind::Tuple, exact, items));
        }
        let mut object = BTreeMap::new();
        for (key, mut values) in entries {
            let value = match (repeat.grouping, values.len()) {
                (true, _) => Value::loose(Kind::Tuple, exact, values),
                (false, 1) => values.remove(0),
                // Elements that are only counted twice are no clash.
                (false, _) if !exact => return Ok(self.opaque(whole, frame, &values)),
                (false, _) => return Err(RebuildError::fails(format!("the key `{key}` comes twice"))),
            };
            object.insert(key, value);
        }
        Ok(Value::object(object))
    }

    fn round(
        &self,
        repeat: &ForExpr,
        (key, value): (Value, Value),
        frame: Frame<'_>,
    ) -> Result<Round, RebuildError> {
        let name = repeat.intro.key_var.as_ref().map_or("", |name| name.as_str());
        let key = Bound { name, value: key, outer: frame.names };
        let bound = Bound { name: repeat.intro.value_var.as_str(), value, outer: Some(&key) };
        let frame = frame.binding(&bound);
        let mut unsure = None;
        if let Some(condition) = &repeat.cond {
            let condition = self.eval(&condition.expr, frame)?;
            match truth(&condition)? {
                Some(false) => return Ok(Round::Skipped),
                Some(true) => {}
                None => unsure = Some(condition),
            }
        }
        let key = repeat.key_expr.as_ref().map(|key| self.eval(key, frame)).transpose()?;
        let value = self.eval(&repeat.value_expr, frame)?;
        if let Some(condition) = unsure {
            return Ok(Round::Lost(vec![condition, value]));
        }
        match key {
            None => Ok(Round::Item(value)),
            Some(key) => match known_key(&key)? {
                Some(name) => Ok(Round::Entry(name, value)),
                None => Ok(Round::Lost(vec![key, value])),
            },
        }
    }
}
