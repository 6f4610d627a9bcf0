//! Ephemeral resources over the wire: opened, extended and closed, as often as a run likes.

use nhi_proto::Type;
use serde_json::{Value as Json, json};

use crate::objects::{Trial, summaries};
use crate::values::{receive, send};
use crate::wire::tfplugin6::*;

const NAME: &str = "trial_ticket";

fn ticket() -> Type {
    Type::object([("holder", Type::String), ("seat", Type::Number), ("code", Type::String)])
}

impl Trial {
    async fn open(&self, config: &Json, may_wait: bool) -> open_ephemeral_resource::Response {
        let able = ClientCapabilities { deferral_allowed: may_wait, ..Default::default() };
        let request = open_ephemeral_resource::Request {
            type_name: NAME.to_owned(),
            config: Some(send(config, &ticket())),
            client_capabilities: Some(able),
        };
        self.client().open_ephemeral_resource(request).await.unwrap().into_inner()
    }

    async fn renew(&self, private: &[u8]) -> renew_ephemeral_resource::Response {
        let private = Some(private.to_vec());
        let request = renew_ephemeral_resource::Request { type_name: NAME.to_owned(), private };
        self.client().renew_ephemeral_resource(request).await.unwrap().into_inner()
    }

    async fn close(&self, private: &[u8]) -> close_ephemeral_resource::Response {
        let private = Some(private.to_vec());
        let request = close_ephemeral_resource::Request { type_name: NAME.to_owned(), private };
        self.client().close_ephemeral_resource(request).await.unwrap().into_inner()
    }

    fn held(&self, holder: &str) -> Option<String> {
        std::fs::read_to_string(self.folder().join(format!("ticket-{holder}"))).ok()
    }
}

#[tokio::test]
async fn it_is_opened_extended_and_closed_twice_over() {
    let trial = Trial::configured().await;
    for _ in ["plan", "apply"] {
        let opened = trial.open(&json!({ "holder": "a" }), false).await;
        assert_eq!(summaries(&opened.diagnostics), ["Opened"]);
        let result = receive(opened.result.as_ref(), &ticket());
        assert_eq!(result, json!({ "holder": "a", "seat": 1, "code": "<a>" }));
        let renew_at = opened.renew_at.unwrap();
        assert_eq!((renew_at.seconds, renew_at.nanos), (1_798_761_600, 500_000_000));
        assert!(opened.deferred.is_none());
        assert_eq!(trial.held("a").as_deref(), Some("open"));

        let private = opened.private.unwrap();
        let renewed = trial.renew(&private).await;
        assert!(renewed.diagnostics.is_empty() && renewed.renew_at.is_none());
        assert_eq!(trial.held("a").as_deref(), Some("renewed"));

        let private = renewed.private.unwrap();
        // The second is after the fact, and no harm.
        for _ in 0..2 {
            assert!(trial.close(&private).await.diagnostics.is_empty());
            assert_eq!(trial.held("a"), None);
        }
        assert_eq!(summaries(&trial.renew(&private).await.diagnostics), ["Not open"]);
    }
    trial.shut_down().await;
}

#[tokio::test]
async fn what_cannot_be_opened_stays_closed() {
    let trial = Trial::configured().await;
    for (config, says, at) in [
        (json!({ "holder": "?" }), "Value not known yet", Some("holder")),
        (json!({ "holder": "a", "seat": "?" }), "Value not known yet", Some("seat")),
        (json!({ "holder": "changed" }), "Internal error of the provider", Some("holder")),
        (json!({ "holder": "half" }), "Internal error of the provider", Some("code")),
        (json!({ "holder": "panic" }), "Internal error of the provider", None),
    ] {
        let answer = trial.open(&config, false).await;
        assert_eq!(summaries(&answer.diagnostics), [says], "{config}");
        assert!(answer.result.is_none() && answer.private.is_none(), "{config}");
        assert_eq!(crate::objects::attribute(&answer.diagnostics[0]).as_deref(), at, "{config}");
        assert_eq!(trial.held(config["holder"].as_str().unwrap()), None, "{config}");
    }
    let later = trial.open(&json!({ "holder": "?" }), true).await;
    assert!(later.diagnostics.is_empty());
    assert_eq!(later.deferred.unwrap().reason(), deferred::Reason::ResourceConfigUnknown);
    assert_eq!(receive(later.result.as_ref(), &ticket()), json!("?"));
    trial.shut_down().await;
}

#[tokio::test]
async fn its_configuration_is_checked_with_unknowns_in_it() {
    let trial = Trial::started().await;
    let mut client = trial.client();
    for (name, config, says) in [
        (NAME, json!({ "holder": "?", "seat": "?" }), None),
        (NAME, json!({ "holder": "?", "seat": 0 }), Some("No such seat")),
        ("trial_pass", json!({ "holder": "a" }), Some("Unknown ephemeral resource")),
    ] {
        let request = validate_ephemeral_resource_config::Request {
            type_name: name.to_owned(),
            config: Some(send(&config, &ticket())),
        };
        let answer = client.validate_ephemeral_resource_config(request).await.unwrap().into_inner();
        assert_eq!(summaries(&answer.diagnostics).first().copied(), says, "{config}");
    }
    let early = trial.open(&json!({ "holder": "a" }), false).await;
    assert_eq!(summaries(&early.diagnostics), ["Provider not configured"]);
    let schema = client.get_provider_schema(get_provider_schema::Request {}).await.unwrap().into_inner();
    let names: Vec<&str> = schema.ephemeral_resource_schemas.keys().map(String::as_str).collect();
    assert_eq!(names, [NAME]);
    let metadata = client.get_metadata(get_metadata::Request {}).await.unwrap().into_inner();
    assert_eq!(metadata.ephemeral_resources[0].type_name, NAME);
    trial.shut_down().await;
}
