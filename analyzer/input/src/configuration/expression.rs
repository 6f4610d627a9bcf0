//! One expression in the plan's JSON: a constant, a list of references, or a block that holds more expressions.

use std::collections::BTreeMap;

use nhi_analyzer_model::{AttributePath, Step};
use serde_json::value::RawValue;

use super::wire::Attributes;
use crate::value::Value;
use crate::value::decode::decode_plain;

/// What stands at the end of a path.
pub(super) enum Leaf {
    /// Nothing.
    Absent,
    /// A constant, or a block of constants.
    Constant(Value),
    /// The texts of references; none for a function of constants.
    References(Vec<String>),
    /// Text that cannot be read.
    Unreadable,
}

/// The expression that `path` leads to below the expressions of a resource; for an empty path all of them together.
pub(super) fn find(attributes: &Attributes<'_>, path: &AttributePath) -> Leaf {
    let Some((first, steps)) = path.0.split_first() else {
        return block(&Value::Object(
            attributes.iter().map(|(name, raw)| (name.clone(), decode_plain(raw))).collect(),
        ));
    };
    let Step::Name(name) = first else { return Leaf::Absent };
    let Some(raw) = attributes.get(name) else { return Leaf::Absent };
    let root = decode_plain(raw);
    below(&root, steps)
}

/// The references of a single expression; `None` for a block, or one that cannot be read.
pub(super) fn names(raw: &RawValue) -> Option<Vec<String>> {
    let node = decode_plain(raw);
    if !is_leaf(&node) {
        return None;
    }
    match leaf(&node, &[]) {
        Leaf::References(texts) => Some(texts),
        Leaf::Constant(_) => Some(Vec::new()),
        Leaf::Absent | Leaf::Unreadable => None,
    }
}

fn below(root: &Value, mut steps: &[Step]) -> Leaf {
    let mut node = root;
    loop {
        match node {
            Value::Null => return Leaf::Absent,
            Value::Object(_) | Value::List(_) => {}
            _ => return Leaf::Unreadable,
        }
        if is_leaf(node) {
            return leaf(node, steps);
        }
        let Some((step, rest)) = steps.split_first() else { return block(node) };
        node = match (step, node) {
            // A block that may come once is an object in the configuration and a list of one in the plan.
            (Step::Index(0), Value::Object(_)) => node,
            (Step::Index(index), _) => node.at(*index),
            (Step::Name(name), _) => node.get(name),
        };
        steps = rest;
    }
}

fn is_leaf(node: &Value) -> bool {
    let Value::Object(map) = node else { return false };
    map.is_empty()
        || map.contains_key("constant_value")
        || map.get("references").is_some_and(|list| list.as_list().is_some_and(all_text))
}

fn all_text(items: &[Value]) -> bool {
    items.iter().all(|item| item.as_str().is_some())
}

fn leaf(node: &Value, rest: &[Step]) -> Leaf {
    match node {
        Value::Object(map) => match (map.get("references"), map.get("constant_value")) {
            (Some(list), _) => {
                let texts = list.items().unwrap_or_default().iter().filter_map(Value::as_str);
                Leaf::References(texts.map(str::to_owned).collect())
            }
            (None, Some(value)) => Leaf::Constant(value.path(&AttributePath(rest.to_vec())).clone()),
            (None, None) => Leaf::References(Vec::new()),
        },
        Value::Null => Leaf::Absent,
        _ => Leaf::Unreadable,
    }
}

/// A block, or several, taken together: constant only if every expression in it is.
fn block(node: &Value) -> Leaf {
    if let Some(value) = constant(node) {
        return Leaf::Constant(value);
    }
    let mut texts = Vec::new();
    if gather(node, &mut texts) { Leaf::References(texts) } else { Leaf::Unreadable }
}

fn constant(node: &Value) -> Option<Value> {
    match node {
        Value::List(items) => items.iter().map(constant).collect::<Option<_>>().map(Value::List),
        Value::Object(map) if is_leaf(node) => map.get("constant_value").cloned(),
        Value::Object(map) => {
            let entries = map.iter().map(|(key, value)| Some((key.clone(), constant(value)?)));
            entries.collect::<Option<BTreeMap<_, _>>>().map(Value::Object)
        }
        _ => None,
    }
}

/// Adds every reference below; `false` when a part cannot be read.
fn gather(node: &Value, texts: &mut Vec<String>) -> bool {
    match node {
        Value::List(items) => items.iter().all(|item| gather(item, texts)),
        Value::Object(map) if is_leaf(node) => {
            let list = map.get("references").and_then(Value::as_list).unwrap_or_default();
            texts.extend(list.iter().filter_map(Value::as_str).map(str::to_owned));
            true
        }
        Value::Object(map) => map.values().all(|value| gather(value, texts)),
        Value::Null => true,
        _ => false,
    }
}
