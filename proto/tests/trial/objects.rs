//! Objects from birth to death: validate, apply, read, import, upgrade, stop.

use serde_json::{Value as Json, json};
use tempfile::TempDir;
use tonic::transport::Channel;

use nhi_proto::Type;

use crate::host::{Host, Left};
use crate::values::{receive, send, thing, whole};
use crate::wire::tfplugin6::provider_client::ProviderClient;
use crate::wire::tfplugin6::*;

/// A configured trial provider with its folder.
pub(crate) struct Trial {
    host: Host,
    channel: Channel,
    folder: TempDir,
}

const NAME: &str = "trial_thing";

impl Trial {
    pub(crate) async fn started() -> Self {
        let host = Host::start(&[]);
        let channel = host.connect().await;
        Self { host, channel, folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) async fn configured() -> Self {
        let trial = Self::started().await;
        let config = json!({ "folder": trial.folder.path() });
        let request = configure_provider::Request {
            terraform_version: "1.11.4".to_owned(),
            config: Some(send(&config, &Type::object([("folder", Type::String)]))),
            client_capabilities: None,
        };
        let answer = trial.client().configure_provider(request).await.unwrap().into_inner();
        assert!(answer.diagnostics.is_empty());
        trial
    }

    pub(crate) fn client(&self) -> ProviderClient<Channel> {
        ProviderClient::new(self.channel.clone()).max_decoding_message_size(256 << 20)
    }

    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub(crate) async fn plan(
        &self,
        prior: Json,
        config: Json,
        proposed: Json,
    ) -> plan_resource_change::Response {
        let request = plan_resource_change::Request {
            type_name: NAME.to_owned(),
            prior_state: Some(send(&prior, &thing())),
            proposed_new_state: Some(send(&proposed, &thing())),
            config: Some(send(&config, &thing())),
            prior_private: b"before".to_vec(),
            ..Default::default()
        };
        self.client().plan_resource_change(request).await.unwrap().into_inner()
    }

    async fn apply(&self, prior: &Json, planned: &Json, private: &[u8]) -> apply_resource_change::Response {
        let request = apply_resource_change::Request {
            type_name: NAME.to_owned(),
            prior_state: Some(send(prior, &thing())),
            planned_state: Some(send(planned, &thing())),
            config: Some(send(planned, &thing())),
            planned_private: private.to_vec(),
            ..Default::default()
        };
        self.client().apply_resource_change(request).await.unwrap().into_inner()
    }

    async fn read(&self, state: &Json, private: &[u8]) -> read_resource::Response {
        let request = read_resource::Request {
            type_name: NAME.to_owned(),
            current_state: Some(send(state, &thing())),
            private: private.to_vec(),
            ..Default::default()
        };
        self.client().read_resource(request).await.unwrap().into_inner()
    }

    async fn import(&self, id: &str) -> import_resource_state::Response {
        let (type_name, id) = (NAME.to_owned(), id.to_owned());
        let request = import_resource_state::Request { type_name, id, ..Default::default() };
        self.client().import_resource_state(request).await.unwrap().into_inner()
    }

    async fn upgrade(&self, version: i64, state: &Json) -> upgrade_resource_state::Response {
        let raw_state = Some(RawState { json: state.to_string().into_bytes(), flatmap: [].into() });
        let request = upgrade_resource_state::Request { type_name: NAME.to_owned(), version, raw_state };
        self.client().upgrade_resource_state(request).await.unwrap().into_inner()
    }

    pub(crate) async fn shut_down(self) -> Left {
        let left = self.host.shut_down(self.channel).await;
        assert!(left.status.success());
        assert_eq!(left.stdout, "");
        left
    }
}

/// The attribute that a diagnostic is about.
pub(crate) fn attribute(diagnostic: &Diagnostic) -> Option<String> {
    use attribute_path::step::Selector;
    match diagnostic.attribute.as_ref()?.steps.first()?.selector.as_ref()? {
        Selector::AttributeName(name) => Some(name.clone()),
        other => panic!("{other:?}"),
    }
}

/// A thing from the wire.
pub(crate) fn told(state: Option<&DynamicValue>) -> Json {
    receive(state, &thing())
}

fn planned(name: &str) -> Json {
    whole(json!({ "id": name, "name": name, "label": "none", "revision": "?", "size": 1 }))
}

pub(crate) fn summaries(diagnostics: &[Diagnostic]) -> Vec<&str> {
    diagnostics.iter().map(|diagnostic| diagnostic.summary.as_str()).collect()
}

#[tokio::test]
async fn an_object_lives_and_dies() {
    let trial = Trial::configured().await;
    let made = trial.apply(&Json::Null, &planned("a"), b"").await;
    assert!(made.diagnostics.is_empty());
    assert_eq!(made.private, b"made as a");
    let mut object = planned("a");
    object["revision"] = json!(1);
    assert_eq!(told(made.new_state.as_ref()), object);

    let seen = trial.read(&object, b"kept").await;
    assert_eq!(told(seen.new_state.as_ref()), object);
    assert_eq!(seen.private, b"kept");

    let mut bigger = planned("a");
    bigger["size"] = json!(2);
    let changed = trial.apply(&object, &bigger, b"planned").await;
    bigger["revision"] = json!(2);
    assert_eq!(told(changed.new_state.as_ref()), bigger);
    assert_eq!(summaries(&changed.diagnostics), ["Changed"]);
    assert_eq!(changed.private, b"planned");

    let imported = trial.import("a").await.imported_resources;
    assert_eq!(imported.len(), 1);
    assert_eq!(told(imported[0].state.as_ref()), bigger);

    let gone = trial.apply(&bigger, &Json::Null, b"").await;
    assert!(gone.diagnostics.is_empty());
    assert_eq!(told(gone.new_state.as_ref()), Json::Null);
    let unseen = trial.read(&bigger, b"kept").await;
    assert!(unseen.diagnostics.is_empty());
    assert_eq!(told(unseen.new_state.as_ref()), Json::Null);
    trial.shut_down().await;
}

#[tokio::test]
async fn what_went_wrong_is_told_and_nothing_is_lost() {
    let trial = Trial::configured().await;
    // Half an object is an object; a panic leaves none that anybody knows of.
    for (name, says, left) in [
        ("half", "Half done", true),
        ("panic", "Internal error of the provider", false),
        ("wrong", "Internal error of the provider", true),
    ] {
        let answer = trial.apply(&Json::Null, &planned(name), b"").await;
        assert_eq!(summaries(&answer.diagnostics), [says], "{name}");
        assert_eq!(!told(answer.new_state.as_ref()).is_null(), left, "{name}");
    }
    assert_eq!(summaries(&trial.import("").await.diagnostics), ["Import needs an id"]);
    let imported = trial.import("missing").await;
    assert_eq!(summaries(&imported.diagnostics), ["No such thing"]);
    assert!(imported.imported_resources.is_empty());
    trial.shut_down().await;
}

#[tokio::test]
async fn a_stop_ends_running_work() {
    let trial = Trial::configured().await;
    let (object, mut client) = (planned("slow"), trial.client());
    let stop = client.stop_provider(stop_provider::Request {});
    let (answer, stopped) = tokio::join!(trial.apply(&Json::Null, &object, b""), stop);
    assert_eq!(stopped.unwrap().into_inner().error, "");
    assert_eq!(summaries(&answer.diagnostics), ["Operation cancelled"]);
    assert_eq!(told(answer.new_state.as_ref()), Json::Null);
    trial.shut_down().await;
}

#[tokio::test]
async fn a_shutdown_does_not_wait_for_work_that_hangs() {
    let trial = Trial::configured().await;
    let request = apply_resource_change::Request {
        type_name: NAME.to_owned(),
        prior_state: Some(send(&Json::Null, &thing())),
        planned_state: Some(send(&planned("slow"), &thing())),
        config: Some(send(&planned("slow"), &thing())),
        ..Default::default()
    };
    let mut client = trial.client();
    let hanging = tokio::spawn(async move { client.apply_resource_change(request).await });
    trial.shut_down().await;
    hanging.await.unwrap().unwrap_err();
}

#[tokio::test]
async fn a_provider_does_a_last_thing_when_it_is_let_go() {
    let Trial { host, channel, folder } = Trial::configured().await;
    let mark = folder.path().join("left");
    assert!(!mark.exists());
    assert!(host.shut_down(channel).await.status.success());
    assert!(mark.exists());
}

#[tokio::test]
async fn messages_may_be_large() {
    let trial = Trial::configured().await;
    let tags = json!({ "large": "x".repeat(8 << 20) });
    let config = whole(json!({ "name": "a", "tags": tags }));
    let answer = trial.plan(Json::Null, config.clone(), config).await;
    assert_eq!(told(answer.planned_state.as_ref())["tags"], tags);
    trial.shut_down().await;
}

#[tokio::test]
async fn a_provider_setting_may_be_unknown() {
    let trial = Trial::configured().await;
    let config = Some(send(&json!({ "folder": "?" }), &Type::object([("folder", Type::String)])));
    let request = validate_provider_config::Request { config: config.clone() };
    let answer = trial.client().validate_provider_config(request).await.unwrap().into_inner();
    assert!(answer.diagnostics.is_empty());
    let request = configure_provider::Request { config, ..Default::default() };
    let answer = trial.client().configure_provider(request).await.unwrap().into_inner();
    assert_eq!(summaries(&answer.diagnostics), ["Folder not known yet"]);
    trial.shut_down().await;
}

#[tokio::test]
async fn a_configuration_is_checked_at_its_attributes() {
    let trial = Trial::started().await;
    for (config, says, severity) in [
        (json!({ "name": "a", "size": "?" }), None, 0),
        (json!({ "name": "?", "size": -1 }), Some("Size below zero"), 1),
        (json!({ "name": "a", "size": 5000 }), Some("Large thing"), 2),
        (json!({ "name": "a", "secret": "s" }), Some("Write-only attribute not supported"), 1),
    ] {
        let config = Some(send(&whole(config), &thing()));
        let request = validate_resource_config::Request {
            type_name: NAME.to_owned(),
            config,
            client_capabilities: None,
        };
        let answer = trial.client().validate_resource_config(request).await.unwrap().into_inner();
        let found = answer.diagnostics.first();
        assert_eq!(found.map(|one| one.summary.as_str()), says);
        assert_eq!(found.map_or(0, |one| one.severity), severity);
        assert!(found.is_none_or(|one| one.attribute.is_some()));
    }
    trial.shut_down().await;
}

#[tokio::test]
async fn state_is_upgraded_step_by_step() {
    let trial = Trial::started().await;
    let now = whole(json!({ "name": "a", "label": "l", "size": 2000 }));
    for (version, state) in [
        (2, json!({ "name": "a", "label": "l", "size": 2000, "vanished": [1, { "deep": true }] })),
        (1, json!({ "name": "a", "label": "l", "size": 2 })),
        (0, json!({ "name": "a", "title": "l", "size": 2 })),
    ] {
        let answer = trial.upgrade(version, &state).await;
        assert!(answer.diagnostics.is_empty(), "{:?}", answer.diagnostics);
        assert_eq!(told(answer.upgraded_state.as_ref()), now, "{version}");
    }
    for (version, state) in [(3, json!({})), (-1, json!({})), (2, json!([])), (2, json!({ "name": [1] }))] {
        let answer = trial.upgrade(version, &state).await;
        assert_eq!(answer.diagnostics.len(), 1, "{version} {state}");
        assert!(answer.upgraded_state.is_none());
    }
    trial.shut_down().await;
}

#[tokio::test]
async fn what_is_not_offered_is_refused_properly() {
    let trial = Trial::started().await;
    let mut client = trial.client();
    let moved = move_resource_state::Request {
        source_provider_address: "example.com/other/other".to_owned(),
        source_type_name: "other_thing".to_owned(),
        target_type_name: NAME.to_owned(),
        ..Default::default()
    };
    let moved = client.move_resource_state(moved).await.unwrap().into_inner();
    assert_eq!(summaries(&moved.diagnostics), ["Move not supported"]);
    let data = read_data_source::Request { type_name: "trial_data".to_owned(), ..Default::default() };
    let data = client.read_data_source(data).await.unwrap().into_inner();
    assert_eq!(summaries(&data.diagnostics), ["Unknown data source"]);
    let store = client.get_states(get_states::Request::default()).await.unwrap_err();
    assert_eq!(store.code(), tonic::Code::Unimplemented);
    // Not configured yet: a diagnostic, not a crash.
    let early = trial.read(&planned("a"), b"").await;
    assert_eq!(summaries(&early.diagnostics), ["Provider not configured"]);
    let other = upgrade_resource_state::Request { type_name: "trial_other".to_owned(), ..Default::default() };
    let other = client.upgrade_resource_state(other).await.unwrap().into_inner();
    assert_eq!(summaries(&other.diagnostics), ["Unknown resource type"]);
    trial.shut_down().await;
}

#[tokio::test]
async fn a_schema_says_what_the_core_can_do() {
    let trial = Trial::started().await;
    let answer =
        trial.client().get_provider_schema(get_provider_schema::Request {}).await.unwrap().into_inner();
    assert!(answer.diagnostics.is_empty());
    let able = answer.server_capabilities.unwrap();
    assert!(able.plan_destroy && able.get_provider_schema_optional && !able.move_resource_state);
    let schema = &answer.resource_schemas[NAME];
    assert_eq!(schema.version, 2);
    let attribute = |name: &str| {
        let attributes = &schema.block.as_ref().unwrap().attributes;
        attributes.iter().find(|attribute| attribute.name == name).unwrap().clone()
    };
    assert_eq!(attribute("tags").r#type, br#"["map","string"]"#);
    assert!(attribute("secret").write_only && attribute("label").computed && attribute("label").optional);
    assert_eq!(attribute("parts").nested_type.unwrap().attributes.len(), 2);
    trial.shut_down().await;
}
