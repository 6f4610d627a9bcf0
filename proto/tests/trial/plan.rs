//! Plans, case by case: what goes in, what comes out.

use serde_json::{Value as Json, json};

use crate::objects::{Trial, told};
use crate::values::whole;
use crate::wire::tfplugin6::attribute_path::step::Selector;
use crate::wire::tfplugin6::plan_resource_change::Response;

/// The paths that replace, written out.
fn replaced(response: &Response) -> Vec<String> {
    let path = |path: &crate::wire::tfplugin6::AttributePath| {
        let steps = path.steps.iter().map(|step| match step.selector.as_ref().unwrap() {
            Selector::AttributeName(name) | Selector::ElementKeyString(name) => name.clone(),
            Selector::ElementKeyInt(index) => index.to_string(),
        });
        steps.collect::<Vec<_>>().join(".")
    };
    response.requires_replace.iter().map(path).collect()
}

async fn check(prior: Json, config: Json, proposed: Json, planned: Json, replaces: &[&str]) {
    let trial = Trial::configured().await;
    let response = trial.plan(prior, config.clone(), proposed).await;
    assert!(response.diagnostics.is_empty(), "{config}: {:?}", response.diagnostics);
    assert_eq!(told(response.planned_state.as_ref()), planned, "{config}");
    assert_eq!(replaced(&response), replaces, "{config}");
    assert!(!response.legacy_type_system);
    trial.shut_down().await;
}

#[tokio::test]
async fn a_new_object_computes_what_nobody_gave() {
    let config = whole(json!({ "name": "a", "parts": [{ "kind": "x" }], "mount": [{ "path": "/" }] }));
    let planned = whole(json!({
        "id": "a", "name": "a", "label": "none", "revision": "?",
        "parts": [{ "kind": "x", "code": "?" }], "mount": [{ "path": "/", "mode": "ro" }],
    }));
    check(Json::Null, config.clone(), config, planned, &[]).await;
}

#[tokio::test]
async fn what_is_unknown_stays_unknown() {
    let config = whole(json!({ "name": "?", "label": "?", "parts": "?", "tags": { "k": "?" } }));
    let planned = whole(json!({
        "id": "?", "name": "?", "label": "?", "revision": "?", "parts": "?", "tags": { "k": "?" },
    }));
    check(Json::Null, config.clone(), config, planned, &[]).await;
}

fn existing() -> Json {
    whole(json!({
        "id": "a", "name": "a", "size": 1, "label": "none", "revision": 4,
        "parts": [{ "kind": "x", "code": "X" }], "extra": [{ "key": "k" }, { "key": "l" }],
    }))
}

#[tokio::test]
async fn nothing_new_keeps_everything() {
    let config = whole(json!({
        "name": "a", "size": 1, "parts": [{ "kind": "x" }], "extra": [{ "key": "l" }, { "key": "k" }],
    }));
    check(existing(), config, existing(), existing(), &[]).await;
}

#[tokio::test]
async fn a_change_makes_unknown_what_it_may_touch() {
    let extra = json!([{ "key": "k" }, { "key": "l" }]);
    let config =
        whole(json!({ "name": "a", "size": 2, "parts": [{ "kind": "x" }, { "kind": "y" }], "extra": extra }));
    let mut proposed = existing();
    proposed["size"] = json!(2);
    proposed["parts"] = json!([{ "kind": "x", "code": "X" }, { "kind": "y" }]);
    let mut planned = proposed.clone();
    planned["revision"] = json!("?");
    planned["parts"] = json!([{ "kind": "x", "code": "X" }, { "kind": "y", "code": "?" }]);
    check(existing(), config, proposed, planned, &[]).await;
}

#[tokio::test]
async fn a_new_name_replaces() {
    let extra = json!([{ "key": "k" }, { "key": "l" }]);
    for name in ["b", "?"] {
        let config = whole(json!({ "name": name, "size": 1, "parts": [{ "kind": "x" }], "extra": extra }));
        let mut proposed = existing();
        proposed["name"] = json!(name);
        let mut planned = proposed.clone();
        planned["id"] = json!(name);
        planned["revision"] = json!("?");
        check(existing(), config, proposed, planned, &["name"]).await;
    }
}

#[tokio::test]
async fn what_is_write_only_is_in_no_plan() {
    let config = whole(json!({ "name": "a", "secret": "s" }));
    let planned = whole(json!({ "id": "a", "name": "a", "label": "none", "revision": "?" }));
    check(Json::Null, config.clone(), config, planned, &[]).await;
}

#[tokio::test]
async fn a_destroy_is_planned_as_nothing() {
    check(existing(), Json::Null, Json::Null, Json::Null, &[]).await;
}

#[tokio::test]
async fn a_panic_is_a_diagnostic() {
    let trial = Trial::configured().await;
    let config = whole(json!({ "name": "panic at plan" }));
    let response = trial.plan(Json::Null, config.clone(), config).await;
    assert!(response.diagnostics[0].detail.contains("asked to panic"), "{:?}", response.diagnostics);
    let left = trial.shut_down().await;
    let line: Json = serde_json::from_str(left.stderr.lines().next().unwrap()).unwrap();
    assert_eq!(line["@level"], "error");
    assert_eq!(line["@message"], "panic: asked to panic");
}
