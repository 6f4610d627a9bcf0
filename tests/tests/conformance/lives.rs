//! Whole lives of every kind that we ship: made, imported both ways, changed, made anew under another name, ended.

use std::process::{Command, Stdio};

use nhi_proto::Value;
use nhi_tests::client::provider;
use nhi_tests::simulator::{Action, Core};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::values::value;

/// Our provider, configured, in a folder of its own; `None` after saying why the test was skipped.
pub(crate) fn ours(test: &str) -> Option<(Core, TempDir)> {
    let program = provider().or_skip(test).unwrap()?;
    let folder = TempDir::new().unwrap();
    let mut command = Command::new(program);
    // The process is killed in the end, and its socket goes with the folder.
    command.current_dir(folder.path()).env("TMPDIR", folder.path());
    command.env("NHI_ACTOR", "alice").stderr(Stdio::null());
    let core = Core::start(command).unwrap();
    let config = value(&json!({ "workspace": "platform" }), &core.schemas().provider.value_type());
    core.configure(&config).unwrap();
    Some((core, folder))
}

/// The kinds with a configuration each and a change to it, in an order in which each finds what it refers to.
pub(crate) fn kinds() -> Vec<(&'static str, Json, Json)> {
    let text = include_str!("kinds.json");
    let all: Vec<Json> = serde_json::from_str(text).unwrap();
    let known = |word: &str| TYPES.into_iter().find(|name| name.strip_prefix("nhi_") == Some(word));
    all.into_iter()
        .map(|one| {
            (known(one["kind"].as_str().unwrap()).unwrap(), one["config"].clone(), one["change"].clone())
        })
        .collect()
}

const TYPES: [&str; 12] = [
    "nhi_owner",
    "nhi_zone",
    "nhi_identity",
    "nhi_exception",
    "nhi_federation",
    "nhi_credential",
    "nhi_crossing",
    "nhi_elevation",
    "nhi_break_glass",
    "nhi_review",
    "nhi_freeze",
    "nhi_manifest",
];

fn with(config: &Json, change: &Json) -> Json {
    let mut all = config.as_object().unwrap().clone();
    all.extend(change.as_object().unwrap().clone());
    Json::Object(all)
}

#[test]
fn every_kind_lives_by_the_rules() {
    let Some((core, _folder)) = ours("lives of every kind by the rules of the core") else { return };
    let shipped: Vec<&String> = core.schemas().kinds.keys().collect();
    let mut tried: Vec<&str> = kinds().iter().map(|(kind, ..)| *kind).collect();
    let mut kept = Vec::new();
    for (kind, config, change) in kinds() {
        let ty = &core.kind(kind).unwrap().ty;
        let first = value(&config, ty);
        let fail = |trouble| -> ! { panic!("{kind}: {trouble}") };
        core.tolerated(kind, &first).unwrap_or_else(|trouble| fail(trouble));
        let made = core.bring(kind, None, &first).unwrap_or_else(|trouble| fail(trouble));
        assert_eq!(made.action, Action::Create, "{kind}");
        core.adopted(kind, &made.instance, &first).unwrap_or_else(|trouble| fail(trouble));
        let second = value(&with(&config, &change), ty);
        let changed = core.bring(kind, Some(&made.instance), &second).unwrap_or_else(|trouble| fail(trouble));
        assert_eq!(changed.action, Action::Update, "{kind}");
        core.adopted(kind, &changed.instance, &second).unwrap_or_else(|trouble| fail(trouble));
        kept.push((kind, changed.instance));
    }
    // What others refer to goes last.
    for (kind, instance) in kept.into_iter().rev() {
        core.end(kind, &instance).unwrap_or_else(|trouble| panic!("{kind}: {trouble}"));
    }
    tried.sort_unstable();
    tried.dedup();
    assert_eq!(shipped, tried);
}

#[test]
fn a_new_name_makes_an_object_anew() {
    let Some((core, _folder)) = ours("a new name by the rules of the core") else { return };
    let (kind, config, _) = kinds().swap_remove(0);
    let ty = &core.kind(kind).unwrap().ty;
    let made = core.bring(kind, None, &value(&config, ty)).unwrap();
    let renamed = value(&with(&config, &json!({ "name": "another" })), ty);
    let replaced = core.bring(kind, Some(&made.instance), &renamed).unwrap();
    assert_eq!(replaced.action, Action::Replace);
    assert_eq!(replaced.instance.value.attribute("id"), Some(&Value::string("another")));
}
