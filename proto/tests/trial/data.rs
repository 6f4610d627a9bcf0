//! Data sources over the wire: checked, read when everything is known, and held to their answer's shape.

use nhi_proto::Type;
use serde_json::{Value as Json, json};

use crate::objects::{Trial, attribute, summaries};
use crate::values::{receive, send};
use crate::wire::tfplugin6::*;

fn shelf() -> Type {
    Type::object([("prefix", Type::String), ("names", Type::list(Type::String))])
}

impl Trial {
    async fn look(
        &self,
        type_name: &str,
        prefix: &Json,
        deferral_allowed: bool,
    ) -> read_data_source::Response {
        let request = read_data_source::Request {
            type_name: type_name.to_owned(),
            config: Some(send(&json!({ "prefix": prefix, "names": null }), &shelf())),
            client_capabilities: Some(ClientCapabilities { deferral_allowed, ..Default::default() }),
            ..Default::default()
        };
        self.client().read_data_source(request).await.unwrap().into_inner()
    }

    async fn validate_shelf(&self, prefix: &Json) -> Vec<Diagnostic> {
        let request = validate_data_resource_config::Request {
            type_name: "trial_shelf".to_owned(),
            config: Some(send(&json!({ "prefix": prefix, "names": null }), &shelf())),
        };
        self.client().validate_data_resource_config(request).await.unwrap().into_inner().diagnostics
    }
}

#[tokio::test]
async fn what_is_there_is_read() {
    let trial = Trial::configured().await;
    for name in ["a1", "a2", "b1"] {
        std::fs::write(trial.folder().join(format!("{name}.json")), "{}").unwrap();
    }
    let answer = trial.look("trial_shelf", &json!("a"), false).await;
    assert!(answer.diagnostics.is_empty() && answer.deferred.is_none());
    let expected = json!({ "prefix": "a", "names": ["a1", "a2"] });
    assert_eq!(receive(answer.state.as_ref(), &shelf()), expected);
}

#[tokio::test]
async fn a_configuration_is_checked_before() {
    let trial = Trial::started().await;
    assert!(trial.validate_shelf(&json!("?")).await.is_empty());
    let told = trial.validate_shelf(&json!("")).await;
    assert_eq!((summaries(&told), attribute(&told[0]).as_deref()), (vec!["No prefix"], Some("prefix")));
}

#[tokio::test]
async fn an_unknown_configuration_waits_or_is_refused() {
    let trial = Trial::configured().await;
    let waits = trial.look("trial_shelf", &json!("?"), true).await;
    assert!(waits.deferred.is_some() && waits.diagnostics.is_empty());
    let refused = trial.look("trial_shelf", &json!("?"), false).await;
    assert_eq!(summaries(&refused.diagnostics), ["Value not known yet"]);
    assert_eq!(attribute(&refused.diagnostics[0]).as_deref(), Some("prefix"));
}

#[tokio::test]
async fn an_unknown_provider_setting_is_waited_for() {
    let trial = Trial::configured().await;
    let config = Some(send(&json!({ "folder": "?" }), &Type::object([("folder", Type::String)])));
    let request = configure_provider::Request { config, ..Default::default() };
    trial.client().configure_provider(request).await.unwrap();
    let reason = |answer: &read_data_source::Response| answer.deferred.map(|deferred| deferred.reason());
    for (prefix, expected) in
        [("a", deferred::Reason::ProviderConfigUnknown), ("?", deferred::Reason::ResourceConfigUnknown)]
    {
        let waits = trial.look("trial_shelf", &json!(prefix), true).await;
        assert_eq!((reason(&waits), waits.diagnostics.len()), (Some(expected), 0), "{prefix}");
    }
    assert_eq!(reason(&trial.look("trial_shelf", &json!("a"), false).await), None);
}

#[tokio::test]
async fn an_answer_that_breaks_the_contract_does_not_pass() {
    let trial = Trial::configured().await;
    for (prefix, at, part) in [
        ("other", Some("prefix"), "breaks its contract"),
        ("unknown", Some("names"), "a value is unknown"),
        ("panic", None, "asked to panic"),
    ] {
        let answer = trial.look("trial_shelf", &json!(prefix), false).await;
        assert!(answer.state.is_none(), "{prefix}");
        let only = &answer.diagnostics[0];
        assert!(only.detail.contains(part), "{prefix}: {}", only.detail);
        assert_eq!(only.attribute.as_ref().and_then(|_| attribute(only)).as_deref(), at, "{prefix}");
    }
    let other = trial.look("trial_other", &json!("a"), false).await;
    assert_eq!(summaries(&other.diagnostics), ["Unknown data source"]);
}
