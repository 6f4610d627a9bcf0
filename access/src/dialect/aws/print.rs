//! One canonical text for a policy, so that two displays differ only where the policies do.

use serde_json::{Map, Value, json};

use super::{Condition, Effect, Element, Item, Policy, Principals, Statement};

/// The document as indented JSON; an entry only known after apply shows as its reference, or as
/// `(known after apply)`.
pub(super) fn policy(policy: &Policy) -> String {
    let version = if policy.variables { "2012-10-17" } else { "2008-10-17" };
    let statements: Vec<Value> = policy.statements.iter().map(statement).collect();
    let document = json!({ "Version": version, "Statement": statements });
    serde_json::to_string_pretty(&document).unwrap_or_default()
}

fn statement(statement: &Statement) -> Value {
    let mut object = Map::new();
    if let Some(sid) = &statement.sid {
        object.insert("Sid".to_owned(), json!(sid));
    }
    let effect = if statement.effect == Effect::Allow { "Allow" } else { "Deny" };
    object.insert("Effect".to_owned(), json!(effect));
    let (name, items) = match &statement.principals {
        Principals::Absent => ("", &[][..]),
        Principals::In(items) => ("Principal", items.as_slice()),
        Principals::NotIn(items) => ("NotPrincipal", items.as_slice()),
    };
    if !name.is_empty() {
        let mut kinds: Map<String, Value> = Map::new();
        for kind in ["AWS", "Service", "Federated", "CanonicalUser"] {
            let values: Vec<&Item> =
                items.iter().filter(|item| item.kind == kind).map(|item| &item.value).collect();
            if !values.is_empty() {
                kinds.insert(kind.to_owned(), list(values.into_iter()));
            }
        }
        object.insert(name.to_owned(), Value::Object(kinds));
    }
    insert(&mut object, "Action", &statement.action);
    insert(&mut object, "Resource", &statement.resource);
    if !statement.conditions.is_empty() {
        object.insert("Condition".to_owned(), conditions(&statement.conditions));
    }
    Value::Object(object)
}

fn insert(object: &mut Map<String, Value>, name: &str, element: &Element) {
    let (name, items) = match element {
        Element::In(items) => (name.to_owned(), items),
        Element::NotIn(items) => (format!("Not{name}"), items),
    };
    object.insert(name, list(items.iter()));
}

fn conditions(conditions: &[Condition]) -> Value {
    let mut operators: Map<String, Value> = Map::new();
    for condition in conditions {
        let keys = operators.entry(condition.operator.clone()).or_insert_with(|| json!({}));
        if let Value::Object(keys) = keys {
            keys.insert(condition.key.clone(), list(condition.values.iter()));
        }
    }
    Value::Object(operators)
}

/// Sorted, for the order of entries means nothing.
fn list<'a>(items: impl Iterator<Item = &'a Item>) -> Value {
    let mut texts: Vec<_> = items.map(Item::shown).collect();
    texts.sort_unstable();
    texts.dedup();
    match texts.as_slice() {
        [one] => json!(one),
        many => json!(many),
    }
}
