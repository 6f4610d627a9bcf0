//! What tells objects apart: told wherever an object is told, and enough to import and to list by.

use nhi_proto::Type;
use serde_json::{Value as Json, json};

use crate::objects::{Trial, attribute, summaries, told};
use crate::values::{receive, send, thing, whole};
use crate::wire::tfplugin6::*;

const NAME: &str = "trial_thing";

fn identity() -> Type {
    Type::object([("name", Type::String), ("shelf", Type::String)])
}

fn of(data: Option<&ResourceIdentityData>) -> Json {
    data.map_or(Json::Null, |data| receive(data.identity_data.as_ref(), &identity()))
}

fn named(name: &str) -> Json {
    json!({ "name": name, "shelf": "the only one" })
}

fn object(name: &str) -> Json {
    whole(json!({ "id": name, "name": name, "label": "none", "revision": 1 }))
}

impl Trial {
    async fn keep(&self, name: &str) -> apply_resource_change::Response {
        let mut planned = object(name);
        planned["revision"] = json!("?");
        let request = apply_resource_change::Request {
            type_name: NAME.to_owned(),
            prior_state: Some(send(&Json::Null, &thing())),
            planned_state: Some(send(&planned, &thing())),
            config: Some(send(&planned, &thing())),
            ..Default::default()
        };
        self.client().apply_resource_change(request).await.unwrap().into_inner()
    }

    async fn import_as(&self, id: &str, name: &Json) -> import_resource_state::Response {
        let data = ResourceIdentityData { identity_data: Some(send(name, &identity())) };
        let request = import_resource_state::Request {
            type_name: NAME.to_owned(),
            id: id.to_owned(),
            identity: Some(data),
            ..Default::default()
        };
        self.client().import_resource_state(request).await.unwrap().into_inner()
    }

    async fn browse(&self, prefix: &Json, include: bool, limit: i64) -> Vec<list_resource::Event> {
        let ty = Type::object([("prefix", Type::String)]);
        let request = list_resource::Request {
            type_name: NAME.to_owned(),
            config: Some(send(&json!({ "prefix": prefix }), &ty)),
            include_resource_object: include,
            limit,
        };
        let mut events = self.client().list_resource(request).await.unwrap().into_inner();
        let mut all = Vec::new();
        while let Some(event) = events.message().await.unwrap() {
            all.push(event);
        }
        all
    }
}

#[tokio::test]
async fn the_shape_says_what_an_import_must_name() {
    let trial = Trial::started().await;
    let request = get_resource_identity_schemas::Request {};
    let answer = trial.client().get_resource_identity_schemas(request).await.unwrap().into_inner();
    let schema = &answer.identity_schemas[NAME];
    assert_eq!(schema.version, 1);
    let shown: Vec<_> = schema
        .identity_attributes
        .iter()
        .map(|one| {
            (one.name.as_str(), one.r#type.as_slice(), one.required_for_import, one.optional_for_import)
        })
        .collect();
    assert_eq!(shown, [("name", &b"\"string\""[..], true, false), ("shelf", b"\"string\"", false, true)]);
}

#[tokio::test]
async fn every_answer_with_an_object_names_it() {
    let trial = Trial::configured().await;
    let config = whole(json!({ "name": "a" }));
    let plan = trial.plan(Json::Null, config.clone(), config.clone()).await;
    assert_eq!(of(plan.planned_identity.as_ref()), named("a"));
    let unknown = whole(json!({ "name": "?" }));
    let plan = trial.plan(Json::Null, unknown.clone(), unknown).await;
    assert_eq!(plan.planned_identity, None, "a core cannot show a plan with parts of an identity");

    let made = trial.keep("a").await;
    assert_eq!(of(made.new_identity.as_ref()), named("a"));
    let request = |name: &str| read_resource::Request {
        type_name: NAME.to_owned(),
        current_state: Some(send(&object(name), &thing())),
        ..Default::default()
    };
    let seen = trial.client().read_resource(request("a")).await.unwrap().into_inner();
    assert_eq!(of(seen.new_identity.as_ref()), named("a"));
    let gone = trial.client().read_resource(request("b")).await.unwrap().into_inner();
    assert_eq!((told(gone.new_state.as_ref()), gone.new_identity), (Json::Null, None));

    // A destroy hands back what it was given: the object is still the one it was.
    let prior = ResourceIdentityData { identity_data: Some(send(&named("a"), &identity())) };
    let destroy = plan_resource_change::Request {
        type_name: NAME.to_owned(),
        prior_state: Some(send(&object("a"), &thing())),
        proposed_new_state: Some(send(&Json::Null, &thing())),
        config: Some(send(&Json::Null, &thing())),
        prior_identity: Some(prior.clone()),
        ..Default::default()
    };
    let plan = trial.client().plan_resource_change(destroy).await.unwrap().into_inner();
    assert_eq!(plan.planned_identity, Some(prior));
}

#[tokio::test]
async fn an_import_may_go_by_identity() {
    let trial = Trial::configured().await;
    trial.keep("a").await;
    for name in [named("a"), json!({ "name": "a", "shelf": null })] {
        let found = trial.import_as("", &name).await;
        assert_eq!(summaries(&found.diagnostics), [""; 0]);
        assert_eq!(of(found.imported_resources[0].identity.as_ref()), named("a"));
        assert_eq!(told(found.imported_resources[0].state.as_ref()), object("a"));
    }
    let other = trial.import_as("", &json!({ "name": "a", "shelf": "another" })).await;
    assert_eq!(summaries(&other.diagnostics), ["No such shelf"]);
    assert_eq!(attribute(&other.diagnostics[0]).as_deref(), Some("shelf"));
    let missing = trial.import_as("", &named("b")).await;
    assert_eq!(summaries(&missing.diagnostics), ["No such thing"]);
    // An id wins: a core sends one or the other.
    assert_eq!(trial.import_as("a", &named("b")).await.imported_resources.len(), 1);
}

#[tokio::test]
async fn older_identities_are_brought_up_to_date() {
    let trial = Trial::started().await;
    let check = async |version: i64, json: &str| {
        let raw_identity = Some(RawState { json: json.as_bytes().to_vec(), flatmap: [].into() });
        let request =
            upgrade_resource_identity::Request { type_name: NAME.to_owned(), version, raw_identity };
        let answer = trial.client().upgrade_resource_identity(request).await.unwrap().into_inner();
        let told: Vec<String> = answer.diagnostics.iter().map(|one| one.summary.clone()).collect();
        (of(answer.upgraded_identity.as_ref()), told)
    };
    assert_eq!(check(0, r#"{"name":"a"}"#).await, (named("a"), vec![]));
    assert_eq!(check(1, r#"{"name":"a","shelf":"the only one"}"#).await, (named("a"), vec![]));
    let newer = vec!["Identity from another version of the provider".to_owned()];
    assert_eq!(check(2, r#"{"name":"a"}"#).await, (Json::Null, newer));
    for odd in ["", "x", r#"{"name":{}}"#] {
        assert_eq!(check(1, odd).await, (Json::Null, vec!["Malformed identity".to_owned()]), "{odd}");
    }
}

#[tokio::test]
async fn a_list_streams_what_is_there() {
    let trial = Trial::configured().await;
    for name in ["a1", "a2", "b1"] {
        trial.keep(name).await;
    }
    let names = |events: &[list_resource::Event]| -> Vec<Json> {
        events.iter().map(|event| of(event.identity.as_ref())["name"].clone()).collect()
    };
    let all = trial.browse(&Json::Null, false, 0).await;
    assert_eq!(names(&all), ["a1", "a2", "b1"]);
    assert!(all.iter().all(|event| event.resource_object.is_none() && event.diagnostic.is_empty()));
    assert_eq!(all[0].display_name, "thing a1");

    let some = trial.browse(&json!("a"), true, 0).await;
    assert_eq!(names(&some), ["a1", "a2"]);
    assert_eq!(told(some[1].resource_object.as_ref()), object("a2"));
    assert_eq!(names(&trial.browse(&Json::Null, true, 2).await), ["a1", "a2"]);
    assert_eq!(names(&trial.browse(&json!("c"), true, 2).await), [""; 0]);

    let unknown = trial.browse(&json!("?"), false, 0).await;
    assert_eq!(summaries(&unknown[0].diagnostic), ["Value not known yet"]);
    assert_eq!(attribute(&unknown[0].diagnostic[0]).as_deref(), Some("config"));
    trial.keep("warn").await;
    let warned = trial.browse(&json!("warn"), false, 0).await;
    assert_eq!(summaries(&warned[1].diagnostic), ["That was all"]);
}

#[tokio::test]
async fn what_breaks_a_list_is_told_behind_what_was_found() {
    let trial = Trial::configured().await;
    for name in ["a", "bare", "c"] {
        trial.keep(name).await;
    }
    let broken = trial.browse(&Json::Null, true, 0).await;
    assert_eq!(broken.len(), 2);
    assert!(broken[1].identity.is_none() && broken[1].diagnostic[0].detail.contains("left an object out"));
    std::fs::write(trial.folder().join("panic.json"), "{}").unwrap();
    let panicked = trial.browse(&json!("panic"), false, 0).await;
    assert!(panicked[0].diagnostic[0].detail.contains("asked to panic"));

    let request = list_resource::Request { type_name: "trial_other".to_owned(), ..Default::default() };
    let mut events = trial.client().list_resource(request).await.unwrap().into_inner();
    let only = events.message().await.unwrap().unwrap();
    assert_eq!(summaries(&only.diagnostic), ["Unknown list resource"]);
}
