//! Actions over the wire: a plan that leaves no trace, then progress and one end.

use nhi_proto::Type;
use serde_json::{Value as Json, json};

use crate::objects::{Trial, attribute, summaries};
use crate::values::send;
use crate::wire::tfplugin6::*;
use invoke_action::event::Type as Told;

const NAME: &str = "trial_note";

fn note() -> Type {
    Type::object([("name", Type::String), ("lines", Type::list(Type::String))])
}

impl Trial {
    async fn plan_note(&self, config: &Json) -> Vec<Diagnostic> {
        let request = plan_action::Request {
            action_type: NAME.to_owned(),
            config: Some(send(config, &note())),
            client_capabilities: None,
        };
        self.client().plan_action(request).await.unwrap().into_inner().diagnostics
    }

    /// The messages on the way, and what was said at the end. That there is one end, and it is last, is checked.
    async fn invoke(&self, name: &str, config: &Json) -> (Vec<String>, Vec<Diagnostic>) {
        let request = invoke_action::Request {
            action_type: name.to_owned(),
            config: Some(send(config, &note())),
            client_capabilities: None,
        };
        let mut events = self.client().invoke_action(request).await.unwrap().into_inner();
        let (mut messages, mut end) = (Vec::new(), None);
        while let Some(event) = events.message().await.unwrap() {
            assert!(end.is_none(), "something comes after the end");
            match event.r#type.unwrap() {
                Told::Progress(progress) => messages.push(progress.message),
                Told::Completed(completed) => end = Some(completed.diagnostics),
            }
        }
        (messages, end.expect("an end"))
    }
}

#[tokio::test]
async fn a_plan_changes_nothing_and_an_invocation_ends_once() {
    let trial = Trial::configured().await;
    let file = trial.folder().join("a");
    let config = json!({ "name": "a", "lines": ["x", "y"] });
    assert!(trial.plan_note(&config).await.is_empty());
    assert!(!file.exists());
    let (messages, end) = trial.invoke(NAME, &config).await;
    assert_eq!(messages, ["wrote x", "wrote y"]);
    assert!(end.is_empty());
    assert_eq!(std::fs::read_to_string(file).unwrap(), "x\ny\n");

    let again = trial.plan_note(&config).await;
    assert_eq!(summaries(&again), ["There already"]);
    assert_eq!(attribute(&again[0]).as_deref(), Some("name"));
    assert!(trial.plan_note(&json!({ "name": "?", "lines": "?" })).await.is_empty());
    trial.shut_down().await;
}

#[tokio::test]
async fn every_invocation_has_an_end() {
    let trial = Trial::configured().await;
    for (name, config, told, says, at) in [
        (NAME, json!({ "name": "b" }), 0, "Short note", Some("lines")),
        (NAME, json!({ "name": "panic", "lines": ["x"] }), 1, "Internal error of the provider", None),
        (NAME, json!({ "name": "no/where", "lines": ["x"] }), 1, "File not accessible", None),
        (NAME, json!({ "name": "c", "lines": ["?"] }), 0, "Value not known yet", Some("lines")),
        ("trial_letter", json!({ "name": "d" }), 0, "Unknown action", None),
    ] {
        let (messages, end) = trial.invoke(name, &config).await;
        assert_eq!((messages.len(), summaries(&end)), (told, vec![says]), "{config}");
        assert_eq!(attribute(&end[0]).as_deref(), at, "{config}");
    }
    trial.shut_down().await;
}

#[tokio::test]
async fn progress_comes_at_once_and_a_stop_ends_it() {
    let trial = Trial::configured().await;
    let config = json!({ "name": "slow", "lines": ["x"] });
    let request = invoke_action::Request {
        action_type: NAME.to_owned(),
        config: Some(send(&config, &note())),
        client_capabilities: None,
    };
    let mut events = trial.client().invoke_action(request).await.unwrap().into_inner();
    let first = events.message().await.unwrap().unwrap();
    assert!(matches!(first.r#type, Some(Told::Progress(_))));
    trial.client().stop_provider(stop_provider::Request {}).await.unwrap();
    let Some(Told::Completed(end)) = events.message().await.unwrap().unwrap().r#type else {
        panic!("no end")
    };
    assert_eq!(summaries(&end.diagnostics), ["Operation cancelled"]);
    assert!(events.message().await.unwrap().is_none());
    trial.shut_down().await;
}

#[tokio::test]
async fn its_configuration_is_checked_and_its_schema_listed() {
    let trial = Trial::started().await;
    let mut client = trial.client();
    for (config, says) in
        [(json!({ "name": "?", "lines": "?" }), None), (json!({ "name": "a/b" }), Some("Not a name"))]
    {
        let request = validate_action_config::Request {
            type_name: NAME.to_owned(),
            config: Some(send(&config, &note())),
        };
        let answer = client.validate_action_config(request).await.unwrap().into_inner();
        assert_eq!(summaries(&answer.diagnostics).first().copied(), says, "{config}");
    }
    assert_eq!(summaries(&trial.plan_note(&json!({ "name": "a" })).await), ["Provider not configured"]);
    let schema = client.get_provider_schema(get_provider_schema::Request {}).await.unwrap().into_inner();
    let block = schema.action_schemas[NAME].schema.as_ref().unwrap().block.as_ref().unwrap();
    assert_eq!(block.attributes.len(), 2);
    let metadata = client.get_metadata(get_metadata::Request {}).await.unwrap().into_inner();
    assert_eq!(metadata.actions[0].type_name, NAME);
    trial.shut_down().await;
}
