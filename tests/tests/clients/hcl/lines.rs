//! A plan as lines: what happens to which address, and why it is replaced.

use anyhow::{Context, Result};
use serde_json::Value as Json;

/// What `show -json` tells of a plan, one line for each thing to do, in order of address.
pub(crate) fn of(plan: &Json) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for drift in array(plan, "resource_drift") {
        match actions(drift)?.as_slice() {
            ["no-op"] => {}
            [action] => lines.push((address(drift)?, format!("drift: {action} {}", address(drift)?))),
            actions => anyhow::bail!("drift with {actions:?}"),
        }
    }
    for change in array(plan, "resource_changes") {
        let address = address(change)?;
        lines.extend(line(change, address)?.map(|line| (address, line)));
    }
    lines.sort();
    Ok(lines.into_iter().map(|(_, line)| line).collect())
}

fn line(change: &Json, address: &str) -> Result<Option<String>> {
    let imported = change.pointer("/change/importing").is_some_and(|importing| !importing.is_null());
    let from = change.get("previous_address").and_then(Json::as_str);
    let mut done = Vec::new();
    if imported {
        done.push("import");
    }
    let mut why = String::new();
    match actions(change)?.as_slice() {
        ["no-op"] => {}
        [action] => done.push(action),
        [_, _] => {
            done.push("replace");
            why = format!(" [{}]", reasons(change));
        }
        other => anyhow::bail!("`{address}` has the actions {other:?}"),
    }
    if from.is_some() {
        done.push("move");
    }
    if done.is_empty() {
        return Ok(None);
    }
    let from = from.map(|from| format!(" from {from}")).unwrap_or_default();
    Ok(Some(format!("{} {address}{from}{why}", done.join(" and "))))
}

/// The attributes whose change replaces it, or the core's own word where it is none of them.
fn reasons(change: &Json) -> String {
    let paths = change.pointer("/change/replace_paths").and_then(Json::as_array);
    let paths: Vec<String> = paths.into_iter().flatten().map(path).collect();
    if paths.is_empty() {
        let word = change.get("action_reason").and_then(Json::as_str).unwrap_or_default();
        return word.trim_start_matches("replace_").replace('_', " ");
    }
    paths.join(", ")
}

fn path(steps: &Json) -> String {
    let steps = steps.as_array().into_iter().flatten();
    let steps: Vec<String> =
        steps.map(|step| step.as_str().map_or_else(|| step.to_string(), ToOwned::to_owned)).collect();
    steps.join(".")
}

fn array<'a>(plan: &'a Json, name: &str) -> impl Iterator<Item = &'a Json> {
    plan.get(name).and_then(Json::as_array).into_iter().flatten()
}

fn address(change: &Json) -> Result<&str> {
    change.get("address").and_then(Json::as_str).context("a change without an address")
}

fn actions(change: &Json) -> Result<Vec<&str>> {
    let actions = change.pointer("/change/actions").and_then(Json::as_array).context("no actions")?;
    Ok(actions.iter().filter_map(Json::as_str).collect())
}

#[test]
fn a_plan_is_told_in_lines() {
    let plan = serde_json::json!({
        "resource_drift": [
            { "address": "nhi_owner.a", "change": { "actions": ["delete"] } },
            { "address": "nhi_owner.b", "change": { "actions": ["no-op"] } },
        ],
        "resource_changes": [
            { "address": "nhi_zone.z", "change": { "actions": ["no-op"] } },
            { "address": "nhi_zone.y", "change": { "actions": ["update"], "importing": { "id": "y" } } },
            { "address": "nhi_zone.x", "previous_address": "nhi_zone.w", "change": { "actions": ["no-op"] } },
            { "address": "nhi_owner.b", "action_reason": "replace_by_triggers",
              "change": { "actions": ["create", "delete"] } },
            { "address": "nhi_owner.a",
              "change": { "actions": ["delete", "create"], "replace_paths": [["name"], ["a", 0]] } },
        ],
    });
    let expected = [
        "drift: delete nhi_owner.a",
        "replace nhi_owner.a [name, a.0]",
        "replace nhi_owner.b [by triggers]",
        "move nhi_zone.x from nhi_zone.w",
        "import and update nhi_zone.y",
    ];
    assert_eq!(of(&plan).unwrap(), expected);
}
