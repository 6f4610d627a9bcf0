//! Statements that the platform makes of a resource's attributes: permissions of functions, grants of keys.

use nhi_access::dialect::aws::{Condition, Effect, Element, Item, PrincipalItem, Principals, Statement};
use nhi_analyzer_input::Value;

use crate::aws::resource_policy::table::Form;
use crate::value::{block, get, items};

/// What narrows a permission: the attribute, the key of the request, and the operator.
const NARROWS: &[(&str, &str, &str)] = &[
    ("source_arn", "aws:SourceArn", "ArnLike"),
    ("source_account", "aws:SourceAccount", "StringEquals"),
    ("principal_org_id", "aws:PrincipalOrgID", "StringEquals"),
    ("organization_id", "aws:PrincipalOrgID", "StringEquals"),
    ("function_url_auth_type", "lambda:FunctionUrlAuthType", "StringEquals"),
    ("event_source_token", "lambda:EventSourceToken", "StringEquals"),
];

/// Any ARN at all: a source that only apply tells is one of them.
const ANY_ARN: &str = "arn:*:*:*:*:*";

/// The statements of one resource.
pub(super) fn statements(form: Form, object: &Value) -> Vec<Statement> {
    let (actions, who) = match form {
        Form::Permission => (texts(get(object, "action"), ""), get(object, "principal")),
        Form::KeyGrant => (texts(get(object, "operations"), "kms:"), get(object, "grantee_principal")),
        Form::EventBus => {
            let action = get(object, "action");
            let usual = Value::String("events:PutEvents".to_owned());
            (texts(if *action == Value::Null { &usual } else { action }, ""), get(object, "principal"))
        }
    };
    let conditions = match form {
        Form::Permission => NARROWS
            .iter()
            .filter_map(|(name, key, operator)| equal(get(object, name), key, operator))
            .collect(),
        Form::KeyGrant => encryption_context(block(get(object, "constraints"))),
        Form::EventBus => organisation(block(get(object, "condition"))),
    };
    vec![Statement {
        principals: Principals::In(vec![principal(who)]),
        conditions,
        ..Statement::new(Effect::Allow, Element::In(actions))
    }]
}

fn item(value: &Value, prefix: &str) -> Item {
    match value {
        Value::String(text) | Value::Number(text) => Item::from(format!("{prefix}{text}")),
        _ => Item::Unknown,
    }
}

fn texts(value: &Value, prefix: &str) -> Vec<Item> {
    match items(value) {
        // A statement is for something, whether or not this plan tells.
        [] => vec![Item::Unknown],
        items => items.iter().map(|value| item(value, prefix)).collect(),
    }
}

/// A value that only apply tells still narrows: to what nobody knows yet.
fn equal(value: &Value, key: &str, operator: &str) -> Option<Condition> {
    if matches!(value, Value::Null) || *value == Value::String(String::new()) {
        return None;
    }
    let value = match (value, operator) {
        (Value::Unknown, "ArnLike") => Item::from(ANY_ARN),
        (value, _) => item(value, ""),
    };
    Some(Condition { operator: operator.to_owned(), key: key.to_owned(), values: vec![value] })
}

/// A service is called by its domain, anyone by `*`, and all others by ARN or account.
fn principal(value: &Value) -> PrincipalItem {
    let value = item(value, "");
    let kind = match value.text() {
        Some(text) if text.starts_with("arn:") || !text.contains('.') => "AWS",
        Some(_) => "Service",
        None => "AWS",
    };
    PrincipalItem { kind: kind.to_owned(), value }
}

fn encryption_context(constraints: &Value) -> Vec<Condition> {
    let mut conditions = Vec::new();
    for name in ["encryption_context_equals", "encryption_context_subset"] {
        match get(constraints, name) {
            Value::Object(map) => conditions.extend(map.iter().filter_map(|(key, value)| {
                equal(value, &format!("kms:EncryptionContext:{key}"), "StringEquals")
            })),
            Value::Null => {}
            // That it narrows is known, and not to what.
            other => conditions.extend(equal(other, "kms:EncryptionContextKeys", "StringEquals")),
        }
    }
    conditions
}

fn organisation(condition: &Value) -> Vec<Condition> {
    match (get(condition, "type"), get(condition, "key")) {
        (Value::String(operator), Value::String(key)) => {
            equal(get(condition, "value"), key, operator).into_iter().collect()
        }
        _ => Vec::new(),
    }
}
