//! As long as the provider block is not known, a client that can wait is told to wait, by every call that allows it.

use nhi_proto::{Provider as _, Value};
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use terraform_provider_nhi::Nhi;

use crate::config::{owner, with};
use crate::host::{Host, Object, told};
use crate::lifecycle::workspace;
use crate::values::{UNKNOWN, value};
use crate::wire;
use wire::deferred::Reason;

const CAN_WAIT: Option<wire::ClientCapabilities> =
    Some(wire::ClientCapabilities { deferral_allowed: true, write_only_attributes_allowed: true });

/// What one call came to: why it waits, what it said, and the object that it answered.
struct Answer(&'static str, Option<Reason>, Vec<wire::Diagnostic>, Option<wire::DynamicValue>);

fn answer(
    what: &'static str,
    deferred: Option<wire::Deferred>,
    said: Vec<wire::Diagnostic>,
    object: Option<wire::DynamicValue>,
) -> Answer {
    Answer(what, deferred.map(|deferred| deferred.reason()), said, object)
}

fn sent(value: &Value, ty: &nhi_proto::Type) -> wire::DynamicValue {
    wire::DynamicValue { msgpack: value.to_msgpack(ty).unwrap(), json: Vec::new() }
}

fn owner_type() -> nhi_proto::Type {
    Nhi::of_process().resources().schemas().find(|(name, _)| *name == "nhi_owner").unwrap().1.value_type()
}

/// The answers to everything that may be put off.
fn ask(host: &Host, object: &Object) -> Vec<Answer> {
    let (ty, client_capabilities) = (owner_type(), CAN_WAIT);
    let nhi = Nhi::of_process();
    let mut answers = Vec::new();
    for (name, schema) in
        nhi.data_sources().schemas().filter(|(name, _)| ["nhi_owners", "nhi_audit"].contains(name))
    {
        let config = Some(sent(&value(&json!({}), &schema.value_type()), &schema.value_type()));
        let type_name = name.to_owned();
        let request =
            wire::read_data_source::Request { type_name, config, client_capabilities, ..Default::default() };
        let got = host.run(|mut client| async move { client.read_data_source(request).await });
        answers.push(answer(name, got.deferred, got.diagnostics, got.state));
    }
    let fresh = value(&with(&owner(), &json!({ "name": "other" })), &ty);
    for (what, before, after) in [
        ("create", &Value::Null, &fresh),
        ("update", &object.value, &fresh),
        ("destroy", &object.value, &Value::Null),
    ] {
        let request = wire::plan_resource_change::Request {
            type_name: "nhi_owner".into(),
            prior_state: Some(sent(before, &ty)),
            proposed_new_state: Some(sent(after, &ty)),
            config: Some(sent(after, &ty)),
            client_capabilities,
            ..Default::default()
        };
        let got = host.run(|mut client| async move { client.plan_resource_change(request).await });
        answers.push(answer(what, got.deferred, got.diagnostics, got.planned_state));
    }
    let request = wire::read_resource::Request {
        type_name: "nhi_owner".into(),
        current_state: Some(sent(&object.value, &ty)),
        private: object.private.clone(),
        client_capabilities,
        ..Default::default()
    };
    let got = host.run(|mut client| async move { client.read_resource(request).await });
    assert_eq!(got.private, object.private);
    answers.push(answer("read", got.deferred, got.diagnostics, got.new_state));
    let request = wire::import_resource_state::Request {
        type_name: "nhi_owner".into(),
        id: "platform".into(),
        client_capabilities,
        ..Default::default()
    };
    let got = host.run(|mut client| async move { client.import_resource_state(request).await });
    let imported = got.imported_resources.into_iter().next().unwrap();
    answers.push(answer("import", got.deferred, got.diagnostics, imported.state));
    let (name, schema) = nhi.ephemeral_resources().schemas().next().unwrap();
    let config = json!({ "elevation": "none", "reason": "An incident.", "lease": "15m" });
    let request = wire::open_ephemeral_resource::Request {
        type_name: name.into(),
        config: Some(sent(&value(&config, &schema.value_type()), &schema.value_type())),
        client_capabilities,
    };
    let got = host.run(|mut client| async move { client.open_ephemeral_resource(request).await });
    answers.push(answer("open", got.deferred, got.diagnostics, got.result));
    let (name, schema) = nhi.actions().schemas().find(|(name, _)| *name == "nhi_rotate_due").unwrap();
    let request = wire::plan_action::Request {
        action_type: name.into(),
        config: Some(sent(&value(&json!({}), &schema.value_type()), &schema.value_type())),
        client_capabilities,
    };
    let got = host.run(|mut client| async move { client.plan_action(request).await });
    answers.push(answer("action", got.deferred, got.diagnostics, None));
    answers
}

#[test]
fn as_long_as_the_provider_is_not_known_everything_waits() {
    let folder = TempDir::new().unwrap();
    let mut host = Host::configured(folder.path(), &workspace("platform"));
    let object = host.create("nhi_owner", &owner());
    let mut check = |config: Json, waits: Option<Reason>| {
        assert_eq!(host.configure(&config), [""; 0]);
        for Answer(what, reason, said, state) in ask(&host, &object) {
            assert_eq!(reason, waits, "{what} {config}");
            let said = told(&said);
            assert!(waits.is_none() || said.is_empty(), "{what} {config}: {said:?}");
            assert!(waits.is_none() || what == "action" || state.is_some(), "{what} {config}");
            if what == "read" {
                let state = Value::from_msgpack(&state.unwrap().msgpack, &owner_type()).unwrap();
                assert_eq!(state, object.value, "{config}");
            }
        }
    };
    check(workspace("platform"), None);
    for attribute in ["register", "workspace", "organisation"] {
        let config = with(&workspace("platform"), &json!({ attribute: UNKNOWN }));
        check(config, Some(Reason::ProviderConfigUnknown));
    }
}
