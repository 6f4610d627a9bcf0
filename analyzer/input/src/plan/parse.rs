//! From text to [`Plan`]: typed in one pass, and part by part where that fails.

use std::borrow::Cow;
use std::collections::HashSet;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::change::{Actions, Change};
use super::recognise::{not_a_plan, syntax};
use super::wire::{Deferred, Document, Entry, Parts, State, StateEntry, StateModule};
use super::{Plan, PlanError, Unreadable, document};
use crate::configuration::Configuration;

pub(super) fn parse(bytes: &[u8]) -> Result<Plan<'_>, PlanError> {
    let text = document::text_of(bytes)?;
    if !text.trim_ascii_start().starts_with('{') {
        return Err(syntax::no_object(text));
    }
    let mut unreadable = Vec::new();
    let parts = match serde_json::from_str::<Document<'_>>(text) {
        Ok(parts) => parts,
        Err(error) => piecewise(text, &error, &mut unreadable)?,
    };
    let nothing = parts.resource_changes.is_none()
        && parts.planned_values.is_none()
        && parts.configuration.is_none()
        && parts.deferred_changes.is_none();
    match parts.format_version.as_deref() {
        Some(version) if major(version) != Some(1) => {
            return Err(PlanError::Version { found: version.to_owned() });
        }
        Some(_) if !nothing => {}
        _ => return Err(not_a_plan(text)),
    }
    Ok(assemble(parts, unreadable))
}

fn major(version: &str) -> Option<u32> {
    version.split('.').next()?.parse().ok()
}

fn assemble(parts: Document<'_>, mut unreadable: Vec<Unreadable>) -> Plan<'_> {
    let planned = parts.resource_changes.unwrap_or_default();
    let deferred = parts.deferred_changes.unwrap_or_default();
    let drifted = parts.resource_drift.unwrap_or_default();
    // A plan that defers changes is partial even where the tool that made it has no word for that.
    let complete = parts.complete.unwrap_or(deferred.is_empty());
    let mut changes = Vec::with_capacity(planned.len() + deferred.len());
    changes.extend(planned.into_iter().filter_map(|entry| change(entry, &mut unreadable)));
    twice(&changes, &mut unreadable);
    for Deferred { reason, resource_change } in deferred {
        let reason = reason.map_or(Cow::Borrowed("unknown"), |reason| reason.0);
        let read = change(resource_change, &mut unreadable);
        changes.extend(read.map(|change| Change { deferred: Some(reason), ..change }));
    }
    let drift = drifted.into_iter().filter_map(|entry| change(entry, &mut unreadable)).collect();
    let mut entries = Vec::new();
    if let Some(root) = parts.prior_state.and_then(|state| state.values?.root_module) {
        flatten(root, &mut entries);
    }
    let (data, prior_managed): (Vec<_>, Vec<_>) = entries.into_iter().partition(StateEntry::is_data);
    let mut prior_data = Vec::with_capacity(data.len());
    for entry in data {
        match entry.resource() {
            Ok(resource) => prior_data.push(resource),
            Err(error) => unreadable.push(Unreadable {
                address: entry.address.into_owned(),
                kind: entry.kind.map(|kind| kind.0.into_owned()),
                changes: false,
                reason: error.to_string(),
            }),
        }
    }
    let mut configuration = parts.configuration.map(Configuration::new).unwrap_or_default();
    for change in &changes {
        configuration.mask(&change.address, change.after_sensitive);
    }
    for resource in &prior_data {
        configuration.mask(&resource.address, resource.sensitive);
    }
    Plan {
        terraform_version: parts.terraform_version.map(|version| version.0.into_owned()),
        complete,
        errored: parts.errored.unwrap_or(false),
        changes,
        drift,
        prior_data,
        configuration,
        unreadable,
        prior_managed,
        variables: parts.variables,
    }
}

fn change<'a>(entry: Entry<'a>, unreadable: &mut Vec<Unreadable>) -> Option<Change<'a>> {
    let address = entry.address.clone();
    let kind = entry.kind.clone();
    let actions = Actions::of(entry.change.actions.iter().map(|word| &**word));
    let sides = [("before", entry.change.before), ("after", entry.change.after)];
    let misshapen = sides.into_iter().find(|(_, side)| side.is_some_and(|raw| !raw.get().starts_with('{')));
    if let Some((side, _)) = misshapen {
        unreadable.push(Unreadable {
            address: address.into_owned(),
            kind: kind.map(|kind| kind.0.into_owned()),
            changes: actions != Actions::NoOp,
            reason: format!("`change.{side}` is neither an object nor null"),
        });
        return None;
    }
    match Change::of(entry) {
        Ok(change) => Some(change),
        Err(error) => {
            unreadable.push(Unreadable {
                address: address.into_owned(),
                kind: kind.map(|kind| kind.0.into_owned()),
                changes: actions != Actions::NoOp,
                reason: error.to_string(),
            });
            None
        }
    }
}

/// Two changes of one object cannot both be true, and which one is cannot be told.
fn twice(changes: &[Change<'_>], unreadable: &mut Vec<Unreadable>) {
    let mut seen = HashSet::with_capacity(changes.len());
    for change in changes.iter().filter(|change| !change.deposed) {
        if !seen.insert(&change.address) {
            unreadable.push(Unreadable {
                address: change.address.to_string(),
                kind: Some(change.address.kind.clone()),
                changes: true,
                reason: "the plan changes this address twice".to_owned(),
            });
        }
    }
}

fn flatten<'a>(module: StateModule<'a>, into: &mut Vec<StateEntry<'a>>) {
    into.extend(module.resources.unwrap_or_default());
    module.child_modules.unwrap_or_default().into_iter().for_each(|child| flatten(child, into));
}

/// Reads a plan part by part after the quick way failed, so that one part costs only itself.
fn piecewise<'a>(
    text: &'a str,
    error: &serde_json::Error,
    unreadable: &mut Vec<Unreadable>,
) -> Result<Document<'a>, PlanError> {
    if let Some(twice) = syntax::duplicate(error) {
        return Err(twice);
    }
    let parts: Parts<'a> = serde_json::from_str(text).map_err(|error| syntax::explain(text, &error))?;
    Ok(Document {
        format_version: small(parts.format_version, "format_version")?,
        terraform_version: small(parts.terraform_version, "terraform_version")?,
        complete: small(parts.complete, "complete")?,
        errored: small(parts.errored, "errored")?,
        resource_changes: list(parts.resource_changes, "resource_changes", unreadable)?,
        deferred_changes: list(parts.deferred_changes, "deferred_changes", unreadable)?,
        resource_drift: list(parts.resource_drift, "resource_drift", unreadable)?,
        prior_state: parts.prior_state.and_then(|raw| whole::<State<'_>>(raw, "prior_state", unreadable)),
        configuration: parts.configuration.and_then(|raw| whole(raw, "configuration", unreadable)),
        planned_values: parts.planned_values,
        variables: parts.variables.and_then(|raw| whole(raw, "variables", unreadable)),
    })
}

fn small<'a, T: Deserialize<'a>>(
    raw: Option<&'a RawValue>,
    part: &'static str,
) -> Result<Option<T>, PlanError> {
    let expected = if matches!(part, "complete" | "errored") { "true or false" } else { "a text" };
    raw.map(|raw| serde_json::from_str(raw.get()).map_err(|_| PlanError::Shape { part, expected }))
        .transpose()
}

fn whole<'a, T: Deserialize<'a>>(
    raw: &'a RawValue,
    part: &'static str,
    unreadable: &mut Vec<Unreadable>,
) -> Option<T> {
    let read = serde_json::from_str(raw.get());
    if let Err(error) = &read {
        let reason = format!("`{part}` of the plan cannot be read: {}", syntax::reason(error));
        unreadable.push(Unreadable::part(reason));
    }
    read.ok()
}

fn list<'a, T: Deserialize<'a>>(
    raw: Option<&'a RawValue>,
    part: &'static str,
    unreadable: &mut Vec<Unreadable>,
) -> Result<Option<Vec<T>>, PlanError> {
    let Some(raw) = raw else { return Ok(None) };
    let elements: Vec<&'a RawValue> = match serde_json::from_str(raw.get()) {
        Ok(elements) => elements,
        Err(_) if part == "resource_changes" => {
            return Err(PlanError::Shape { part, expected: "a list of changes" });
        }
        Err(_) => {
            unreadable.push(Unreadable::part(format!("`{part}` of the plan is not a list of changes")));
            return Ok(None);
        }
    };
    let mut read = Vec::with_capacity(elements.len());
    for (index, element) in elements.into_iter().enumerate() {
        match serde_json::from_str(element.get()) {
            Ok(entry) => read.push(entry),
            Err(error) => unreadable.push(Unreadable {
                reason: format!("`{part}[{index}]` cannot be read: {}", syntax::reason(&error)),
                ..name_of(element)
            }),
        }
    }
    Ok(Some(read))
}

/// What an entry calls itself, where that much can be read.
fn name_of(element: &RawValue) -> Unreadable {
    #[derive(Default, Deserialize)]
    struct Name {
        #[serde(default)]
        address: Option<String>,
        #[serde(default, rename = "type")]
        kind: Option<String>,
        #[serde(default)]
        resource_change: Option<Box<Name>>,
    }
    let outer: Name = serde_json::from_str(element.get()).unwrap_or_default();
    let name = match outer.resource_change {
        Some(inner) => *inner,
        None => outer,
    };
    let address = name.address.unwrap_or_default();
    Unreadable { address, kind: name.kind, changes: true, reason: String::new() }
}
