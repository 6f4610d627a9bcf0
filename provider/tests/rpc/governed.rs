//! Actions and grants over the wire: each refusal at its attribute, and each deed in the register.

use nhi_proto::schema::Schema;
use nhi_proto::{Provider as _, Value};
use nhi_register::{Actor, Clock, Location, ObjectKind, Register, Session};
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use terraform_provider_nhi::Nhi;

use crate::config::{exception, identity, owner, with, zone};
use crate::elevation::elevation;
use crate::host::{Host, told};
use crate::values::{UNKNOWN, shown, value};
use crate::wire;
use wire::invoke_action::event::Type as Told;

const GRANT: &str = "nhi_elevation_grant";

fn dynamic(config: &Json, schema: &Schema) -> wire::DynamicValue {
    let ty = schema.value_type();
    wire::DynamicValue { msgpack: value(config, &ty).to_msgpack(&ty).unwrap(), json: Vec::new() }
}

fn action_schema(name: &str) -> Schema {
    Nhi::of_process().actions().schemas().find(|(known, _)| *known == name).unwrap().1
}

fn grant_schema() -> Schema {
    Nhi::of_process().ephemeral_resources().schemas().find(|(known, _)| *known == GRANT).unwrap().1
}

impl Host {
    fn check_action(&self, name: &str, config: &Json) -> Vec<String> {
        let config = Some(dynamic(config, &action_schema(name)));
        let request = wire::validate_action_config::Request { type_name: name.into(), config };
        let answer = self.run(|mut client| async move { client.validate_action_config(request).await });
        told(&answer.diagnostics)
    }

    fn plan_action(&self, name: &str, config: &Json) -> Vec<String> {
        let config = Some(dynamic(config, &action_schema(name)));
        let request = wire::plan_action::Request { action_type: name.into(), config, ..Default::default() };
        told(&self.run(|mut client| async move { client.plan_action(request).await }).diagnostics)
    }

    /// What an invocation told on its way, and what it said at its end.
    fn invoke(&self, name: &str, config: &Json) -> (Vec<String>, Vec<String>) {
        let config = Some(dynamic(config, &action_schema(name)));
        let request = wire::invoke_action::Request { action_type: name.into(), config, ..Default::default() };
        let events = self.run_stream(|mut client| async move { client.invoke_action(request).await });
        let (mut on_its_way, mut end) = (Vec::new(), None);
        for event in events {
            match event.r#type.unwrap() {
                Told::Progress(progress) => on_its_way.push(progress.message),
                Told::Completed(completed) => assert!(end.replace(told(&completed.diagnostics)).is_none()),
            }
        }
        (on_its_way, end.unwrap())
    }

    fn check_grant(&self, config: &Json) -> Vec<String> {
        let config = Some(dynamic(config, &grant_schema()));
        let request = wire::validate_ephemeral_resource_config::Request { type_name: GRANT.into(), config };
        let call = |mut client: wire::provider_client::ProviderClient<_>| async move {
            client.validate_ephemeral_resource_config(request).await
        };
        told(&self.run(call).diagnostics)
    }

    /// What was opened, with what closing it needs to know.
    fn open(&self, config: &Json) -> Result<(Json, Vec<u8>), Vec<String>> {
        let config = Some(dynamic(config, &grant_schema()));
        let request =
            wire::open_ephemeral_resource::Request { type_name: GRANT.into(), config, ..Default::default() };
        let answer = self.run(|mut client| async move { client.open_ephemeral_resource(request).await });
        let Some(result) = answer.result else { return Err(told(&answer.diagnostics)) };
        assert!(answer.renew_at.is_some());
        let result = shown(&Value::from_msgpack(&result.msgpack, &grant_schema().value_type()).unwrap());
        Ok((result, answer.private.unwrap()))
    }

    fn renew(&self, private: &[u8]) -> Vec<String> {
        let (type_name, private) = (GRANT.to_owned(), Some(private.to_vec()));
        let request = wire::renew_ephemeral_resource::Request { type_name, private };
        told(
            &self.run(|mut client| async move { client.renew_ephemeral_resource(request).await }).diagnostics,
        )
    }

    fn close(&self, private: &[u8]) -> Vec<String> {
        let (type_name, private) = (GRANT.to_owned(), Some(private.to_vec()));
        let request = wire::close_ephemeral_resource::Request { type_name, private };
        told(
            &self.run(|mut client| async move { client.close_ephemeral_resource(request).await }).diagnostics,
        )
    }
}

/// What somebody else than the provider's actor sees and does.
fn register(folder: &TempDir, person: &str) -> Register {
    let url = format!("sqlite:{}", folder.path().join(".nhi/register.db").display());
    let session = Session {
        organisation: "default".into(),
        workspace: "elsewhere".into(),
        actor: Actor { name: person.into(), source: "NHI_ACTOR".into() },
        clock: Clock::system(),
    };
    Register::open(&Location::parse(&url).unwrap(), session).unwrap()
}

fn furnished(folder: &TempDir) -> Host {
    let mut host = Host::configured(folder.path(), &json!({ "workspace": "platform" }));
    host.create("nhi_owner", &owner());
    host.create("nhi_zone", &zone());
    host.create("nhi_identity", &identity());
    let admin = json!({ "name": "admin", "principal": "arn:aws:iam::111122223333:role/admin" });
    host.create("nhi_identity", &with(&identity(), &admin));
    host.create("nhi_exception", &exception());
    host.create("nhi_elevation", &elevation());
    host
}

#[test]
fn a_configuration_is_checked_at_its_attributes() {
    let folder = TempDir::new().unwrap();
    let host = Host::start(folder.path());
    let check = |name: &str, config: Json, expected: &[&str]| {
        let told = if name == GRANT { host.check_grant(&config) } else { host.check_action(name, &config) };
        let heads: Vec<&str> = told.iter().map(String::as_str).collect();
        assert_eq!(heads, expected, "{name} {config}");
    };
    let unknown = json!({ "kind": UNKNOWN, "name": UNKNOWN });
    check("nhi_approve", unknown.clone(), &[]);
    check(
        "nhi_approve",
        json!({ "kind": "exception", "name": "x", "note": "" }),
        &["error note: The text is empty"],
    );
    check(
        "nhi_approve",
        json!({ "kind": "nhi_exception", "name": "a b" }),
        &[
            "error kind: `nhi_exception` is not a kind for this action",
            "error name: `a b` is not a name: ` ` is not allowed at position 2",
        ],
    );
    check(
        "nhi_approve",
        json!({ "kind": "identity", "name": "x" }),
        &["error kind: `identity` is not a kind for this action"],
    );
    check("nhi_revoke", with(&unknown, &json!({ "reason": UNKNOWN })), &[]);
    check(
        "nhi_revoke",
        json!({ "kind": "identity", "name": "x", "reason": "\n" }),
        &["error reason: The text is empty"],
    );
    check(
        "nhi_revoke",
        json!({ "kind": "owner", "name": "x", "reason": "y" }),
        &["error kind: `owner` is not a kind for this action"],
    );
    check("nhi_attest_review", json!({ "review": UNKNOWN, "identity": UNKNOWN, "outcome": UNKNOWN }), &[]);
    check(
        "nhi_attest_review",
        json!({ "review": "r", "outcome": "fine" }),
        &["error outcome: `fine` is not an outcome of a review"],
    );
    check("nhi_rotate_due", json!({}), &[]);
    check("nhi_rotate_due", json!({ "within": UNKNOWN, "reference": UNKNOWN }), &[]);
    check("nhi_rotate_due", json!({ "within": "soon" }), &["error within: `soon` is not a length of time"]);
    check(
        "nhi_rotate_due",
        json!({ "reference": "v2" }),
        &["error reference: It is not said what was exchanged"],
    );
    check(
        "nhi_rotate_due",
        json!({ "credential": "c", "reference": "v2", "within": "1d", "owner": "o" }),
        &["error owner: There is nothing to choose", "error within: There is nothing to choose"],
    );
    check(GRANT, json!({ "elevation": UNKNOWN, "lease": UNKNOWN }), &[]);
    check(GRANT, json!({ "elevation": "e", "lease": "0s" }), &["error lease: `0s` is no time at all"]);
    check(GRANT, json!({ "elevation": "e", "reason": "" }), &["error reason: The text is empty"]);
}

#[test]
fn approval_and_revocation_end_to_end() {
    let folder = TempDir::new().unwrap();
    let mut host = furnished(&folder);
    let name = exception()["name"].clone();
    let approve = json!({ "kind": "exception", "name": name });
    let standing = |host: &mut Host| {
        let seen = host.look("nhi_exception", &json!({ "name": name })).unwrap();
        (seen["active"].clone(), seen["standing"].clone())
    };
    assert_eq!(standing(&mut host), (json!(false), json!("unapproved")));
    assert_eq!(host.plan_action("nhi_approve", &approve), ["warning name: This run could not approve it"]);
    assert_eq!(host.plan_action("nhi_approve", &json!({ "kind": UNKNOWN, "name": UNKNOWN })), [""; 0]);
    // What the same run is about to declare may not be there yet.
    assert_eq!(host.plan_action("nhi_approve", &with(&approve, &json!({ "name": "later" }))), [""; 0]);
    let (_, end) = host.invoke("nhi_approve", &approve);
    assert_eq!(end, ["error name: It was not approved"]);
    let (_, end) = host.invoke("nhi_approve", &with(&approve, &json!({ "name": "later" })));
    assert_eq!(end, ["error name: There is nothing of that name"]);
    let entries = register(&folder, "eve").audit_log().unwrap();
    assert!(entries.iter().all(|entry| entry.object != "approval"), "a plan or a refusal left a trace");

    register(&folder, "bob").approve(ObjectKind::Exception, name.as_str().unwrap(), None).unwrap();
    assert_eq!(standing(&mut host), (json!(true), json!("active")));
    let revoke = with(&approve, &json!({ "reason": "It is over." }));
    assert_eq!(host.plan_action("nhi_revoke", &revoke), [""; 0]);
    let (on_its_way, end) = host.invoke("nhi_revoke", &revoke);
    assert_eq!((on_its_way.len(), end.len()), (1, 0));
    assert_eq!(standing(&mut host), (json!(false), json!("revoked")));
    assert_eq!(host.plan_action("nhi_revoke", &revoke), ["warning name: It is revoked already"]);
    let (on_its_way, end) = host.invoke("nhi_revoke", &revoke);
    assert!(on_its_way[0].ends_with("nothing was changed") && end.is_empty(), "{on_its_way:?}");
}

#[test]
fn a_grant_is_opened_renewed_and_closed() {
    let folder = TempDir::new().unwrap();
    let host = furnished(&folder);
    let config = json!({ "elevation": "deploy-by-hand", "lease": "5m", "reason": "The pipeline is down." });
    assert_eq!(host.open(&config).unwrap_err(), ["error elevation: The elevation is not active"]);
    register(&folder, "bob").approve(ObjectKind::Elevation, "deploy-by-hand", None).unwrap();
    for (wrong, says) in [
        (json!({ "elevation": "other" }), "error elevation: There is no such elevation"),
        (json!({ "lease": "2h" }), "error lease: Not a lease for this elevation"),
        (json!({ "lease": "5s" }), "error lease: Not a lease for this elevation"),
        (
            json!({ "subject": "carol" }),
            "error subject: Elevation `deploy-by-hand` raises the identity `deployer` and not `carol`",
        ),
    ] {
        assert_eq!(host.open(&with(&config, &wrong)).unwrap_err(), [says]);
    }
    let (planned, first) = host.open(&config).unwrap();
    let (applied, second) = host.open(&config).unwrap();
    assert_ne!(planned["grant_id"], applied["grant_id"]);
    assert_eq!((&planned["identity"], &planned["target"]), (&json!("deployer"), &json!("admin")));
    assert_eq!(planned["lease"], config["lease"]);
    let seen = register(&folder, "eve");
    assert_eq!(seen.grants(seen.now()).unwrap().len(), 2);
    assert_eq!(host.renew(&first), [""; 0]);
    assert_eq!(host.close(&first), [""; 0]);
    assert_eq!(host.close(&first), [""; 0]);
    assert_eq!(host.renew(&first), ["error : The grant does not stay open"]);
    seen.revoke(ObjectKind::Elevation, "deploy-by-hand", "Enough.").unwrap();
    assert_eq!(host.renew(&second), ["error : The grant does not stay open"]);
    assert_eq!(host.close(&second), [""; 0]);
    assert!(seen.grants(seen.now()).unwrap().is_empty());
    assert_eq!(host.close(b"{"), ["error : Internal error of the provider"]);
    assert!(seen.verify().unwrap().faults.is_empty());
}
