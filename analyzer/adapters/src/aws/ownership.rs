//! Who owns a resource, as its tags say.

use std::collections::BTreeMap;

use nhi_analyzer_input::configuration::Expression;
use nhi_analyzer_input::{Plan, Value};
use nhi_analyzer_model::{Address, Ownership};

/// `tags_all` decides where it is known; else `tags` and what the provider adds to them.
pub(crate) fn of(plan: &Plan<'_>, address: &Address, [all, tags]: [&Value; 2], keys: &[String]) -> Ownership {
    match all {
        Value::Object(tags) => return told(&[tags], keys),
        Value::Unknown | Value::Sensitive(_) => {}
        // Without a merged map, the tags are all there is.
        _ => {
            return match tags {
                Value::Object(tags) => told(&[tags], keys),
                Value::Unknown | Value::Sensitive(_) => Ownership::Unknown,
                _ => Ownership::Untagged,
            };
        }
    }
    let empty = BTreeMap::new();
    let (tags, tags_known) = match tags {
        Value::Object(tags) => (tags, true),
        Value::Unknown | Value::Sensitive(_) => (&empty, false),
        _ => (&empty, true),
    };
    let defaults = plan.configuration.default_tags(address);
    let (defaults, defaults_known) = match &defaults {
        Expression::Absent => (&empty, true),
        Expression::Constant(value) => match value {
            Value::Object(tags) => (tags, true),
            Value::Null => (&empty, true),
            _ => (&empty, false),
        },
        Expression::References(_) => (&empty, false),
    };
    match told(&[tags, defaults], keys) {
        Ownership::Untagged if !(tags_known && defaults_known) => Ownership::Unknown,
        answer => answer,
    }
}

/// The first key that names an owner; one that is there but unknown may name one.
pub(crate) fn told(maps: &[&BTreeMap<String, Value>], keys: &[String]) -> Ownership {
    let mut open = false;
    for key in keys {
        // A resource's own tag hides the provider's default of the same key, even when it is empty.
        match maps.iter().find_map(|tags| tags.get(key)) {
            Some(Value::String(value)) if !value.trim().is_empty() => {
                return Ownership::Tagged { key: key.clone(), value: value.clone() };
            }
            Some(Value::Unknown | Value::Sensitive(_)) => open = true,
            _ => {}
        }
    }
    if open { Ownership::Unknown } else { Ownership::Untagged }
}
