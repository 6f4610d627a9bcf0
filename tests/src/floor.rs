//! The least a plan analyzer can do: a typed, borrowed parse of a plan, and a decode of what it changes. Benchmarks
//! state every time as a ratio to this.

use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct Plan<'a> {
    #[serde(borrow, default)]
    resource_changes: Vec<Resource<'a>>,
}

#[derive(Deserialize)]
struct Resource<'a> {
    #[serde(borrow)]
    change: Change<'a>,
}

#[derive(Deserialize)]
struct Change<'a> {
    actions: Vec<&'a str>,
    #[serde(borrow)]
    before: Option<&'a RawValue>,
    #[serde(borrow)]
    after: Option<&'a RawValue>,
}

/// Parses a plan's JSON and decodes both sides of each resource that is not a no-op; returns how many values that were.
pub fn parse(text: &str) -> serde_json::Result<usize> {
    let plan: Plan<'_> = serde_json::from_str(text)?;
    let mut values = 0;
    for resource in &plan.resource_changes {
        if resource.change.actions == ["no-op"] {
            continue;
        }
        for side in [resource.change.before, resource.change.after].into_iter().flatten() {
            values += count(&serde_json::from_str(side.get())?);
        }
    }
    Ok(values)
}

fn count(value: &serde_json::Value) -> usize {
    1 + match value {
        serde_json::Value::Array(items) => items.iter().map(count).sum(),
        serde_json::Value::Object(fields) => fields.values().map(count).sum(),
        _ => 0,
    }
}
