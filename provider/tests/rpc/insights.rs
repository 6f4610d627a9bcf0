//! What the register as a whole says: the debt of exceptions, the metrics, and the end of the audit chain.

use nhi_identity::{
    Credential, CredentialDraft, EndDraft, Exception, ExceptionDraft, Field, ObjectKind, PermitsDraft,
    Timestamp,
};
use nhi_register::{Actor, Clock, Location, Register, Session};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::config::{identity, with};
use crate::host::Host;
use crate::lifecycle::furnished;
use crate::values::UNKNOWN;

fn place(folder: &TempDir) -> std::path::PathBuf {
    folder.path().join(".nhi/register.db")
}

/// The register at the default place, on one day of which every age follows.
fn keeper(folder: &TempDir, actor: &str) -> Register {
    let now: Timestamp = "2030-01-01T00:00:00Z".parse().unwrap();
    let session = Session {
        organisation: "default".into(),
        workspace: "platform".into(),
        actor: Actor { name: actor.into(), source: "os user".into() },
        clock: Clock::new(move || now),
    };
    let location = Location::parse(&format!("sqlite:{}?mode=create", place(folder).display())).unwrap();
    Register::open(&location, session).unwrap()
}

fn set(elements: &[&str]) -> Field<Vec<Field<String>>> {
    Field::Is(elements.iter().map(|element| Field::from(*element)).collect())
}

fn exception(name: &str, ends: &str) -> Exception {
    ExceptionDraft {
        name: name.into(),
        identity: "deployer".into(),
        permits: Field::Is(PermitsDraft { actions: set(&["s3:GetObject"]), ..PermitsDraft::default() }),
        reason: "The vendor has no federation yet.".into(),
        owner: "platform".into(),
        compensating_controls: set(&["rotated weekly"]),
        end: EndDraft { expires_at: ends.into(), ..EndDraft::default() },
        ..ExceptionDraft::default()
    }
    .declare()
    .unwrap()
}

fn credential(name: &str) -> Credential {
    CredentialDraft {
        name: name.into(),
        identity: "deployer".into(),
        kind: "access_key".into(),
        why: "The vendor has no federation yet.".into(),
        owner: "platform".into(),
        rotation_period: "30d".into(),
        end: EndDraft { expires_at: "2031-01-01T00:00:00Z".into(), ..EndDraft::default() },
        ..CredentialDraft::default()
    }
    .declare()
    .unwrap()
}

fn numbers(told: &Json) -> Json {
    ["debt", "open", "overdue", "unknown", "waiting", "revoked"].map(|name| told[name].clone()).into()
}

#[test]
fn debt_is_counted_at_a_time() {
    let folder = TempDir::new().unwrap();
    let (mut host, _) = furnished(&folder);
    let (asks, approves) = (keeper(&folder, "bob"), keeper(&folder, "carol"));
    let ends = [("a", "2040-01-01T00:00:00Z"), ("b", "2030-01-06T00:00:00Z"), ("c", "2040-01-01T00:00:00Z")];
    for (name, ends) in ends {
        asks.create(&exception(name, ends)).unwrap();
    }
    let mut check = |at: &str, expected: Json| {
        let told = host.look("nhi_exception_debt", &json!({ "at": at })).unwrap();
        assert_eq!((numbers(&told), &told["at"]), (expected, &json!(at)));
        told
    };
    check("2030-01-03T00:00:00Z", json!([0, 0, 0, 0, 3, 0]));
    approves.approve(ObjectKind::Exception, "a", None).unwrap();
    approves.approve(ObjectKind::Exception, "b", None).unwrap();
    // Tier 0 weighs 4, resources left open 2: 8 a day each.
    check("2030-01-03T00:00:00Z", json!([32, 2, 0, 0, 1, 0]));
    check("2029-12-31T00:00:00Z", json!([0, 0, 0, 0, 3, 0]));
    let told = check("2030-01-11T12:00:00+12:00", json!([240, 2, 1, 0, 1, 0]));
    assert_eq!(told["owners"], json!([with(&shares(&told), &json!({ "owner": "platform" }))]));
    assert_eq!(told["identities"], json!([with(&shares(&told), &json!({ "identity": "deployer" }))]));
    let overdue = json!({
        "name": "b", "owner": "platform", "identity": "deployer", "state": "overdue", "tier": 0, "sensitivity": 2,
        "age_days": 10, "debt": 160,
    });
    assert_eq!(told["exceptions"][1], overdue);
    approves.revoke(ObjectKind::Exception, "a", "It is not needed any more.").unwrap();
    check("2030-01-11T00:00:00Z", json!([160, 1, 1, 0, 1, 1]));

    let found = host.look("nhi_exception_debt", &json!({ "owner": "somebody", "at": null })).unwrap();
    assert_eq!((numbers(&found), &found["owners"]), (json!([0, 0, 0, 0, 0, 0]), &json!([])));
    let wrong =
        host.look("nhi_exception_debt", &json!({ "at": "tomorrow", "owner": "some body" })).unwrap_err();
    assert!(
        wrong.iter().any(|line| line.starts_with("error at: `tomorrow` is not an RFC 3339 time")),
        "{wrong:?}"
    );
    assert!(wrong.iter().any(|line| line.starts_with("error owner: ")), "{wrong:?}");
}

fn shares(told: &Json) -> Json {
    let names = ["debt", "open", "overdue", "unknown", "waiting", "revoked"];
    names
        .iter()
        .map(|name| ((*name).to_owned(), told[*name].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

#[test]
fn an_exception_for_an_identity_that_is_gone_is_counted_as_unknown() {
    let folder = TempDir::new().unwrap();
    let (mut host, [_, _, deployer]) = furnished(&folder);
    keeper(&folder, "bob").create(&exception("a", "2040-01-01T00:00:00Z")).unwrap();
    keeper(&folder, "carol").approve(ObjectKind::Exception, "a", None).unwrap();
    host.destroy("nhi_identity", &deployer);
    let told = host.look("nhi_exception_debt", &json!({ "at": "2030-01-03T00:00:00Z" })).unwrap();
    assert_eq!(numbers(&told), json!([0, 1, 0, 1, 0, 0]));
    let one = &told["exceptions"][0];
    assert_eq!((&one["state"], one.get("tier"), one.get("debt")), (&json!("open"), None, None));
}

#[test]
fn metrics_say_what_they_were_counted_among() {
    let folder = TempDir::new().unwrap();
    let (mut host, _) = furnished(&folder);
    let federated = json!({ "name": "short", "principal": "short", "zone": null });
    let mut short = with(&identity(), &federated);
    short["federation"][0]["max_lifetime"] = json!("1h");
    host.create("nhi_identity", &short);
    let alone = json!({ "name": "alone", "tier": 2, "owner": null, "principal": null, "federation": null });
    host.create("nhi_identity", &with(&identity(), &alone));
    let register = keeper(&folder, "bob");
    for name in ["key", "spare"] {
        register.create(&credential(name)).unwrap();
    }
    register.revoke(ObjectKind::Credential, "spare", "It was found in a log.").unwrap();
    let told = host.look("nhi_metrics", &json!({ "at": "2030-01-02T00:00:00Z" })).unwrap();
    assert_eq!(told["identities"], 3);
    let check = |name: &str, expected: Json| {
        let metric = &told[name];
        let numbers =
            ["value", "numerator", "denominator", "unknown", "coverage"].map(|part| metric[part].clone());
        assert_eq!((json!(numbers), &metric["offenders_left_out"]), (expected, &json!(0)), "{name}");
        metric["offenders"].clone()
    };
    assert_eq!(check("federated_adoption", json!([0.5, 1, 2, 0, 1])), json!(["deployer"]));
    assert_eq!(check("unique_principals", json!([1, 2, 2, 1, 2.0 / 3.0])), json!([]));
    assert_eq!(check("long_lived_credentials", json!([1, 1, 1, 0, 1])), json!(["key"]));
    assert_eq!(check("owned", json!([2.0 / 3.0, 2, 3, 0, 1])), json!(["alone"]));
    assert_eq!(check("zoned", json!([2.0 / 3.0, 2, 3, 0, 1])), json!(["short"]));
    assert_eq!(check("reviewed", json!([1, 2, 2, 0, 1])), json!([]));
    assert_eq!(check("standing_privilege", json!([2, 2, 2, 0, 1])), json!(["deployer", "short"]));

    let told = host.look("nhi_metrics", &json!({ "tier": 2 })).unwrap();
    assert_eq!((&told["identities"], &told["tier"]), (&json!(1), &json!(2)));
    let nothing = json!({
        "numerator": 0, "denominator": 0, "unknown": 0, "offenders": [], "offenders_left_out": 0,
    });
    assert_eq!(told["federated_adoption"], nothing);
    assert_eq!(told["long_lived_credentials"], with(&nothing, &json!({ "value": 0 })));
}

#[test]
fn the_audit_chain_is_held_against_a_head_kept_elsewhere() {
    let folder = TempDir::new().unwrap();
    let (mut host, _) = furnished(&folder);
    let early = host.look("nhi_audit", &json!({})).unwrap();
    let (head, number) = (early["head"].clone(), early["number"].clone());
    assert_eq!((&early["verified"], &early["faults"]), (&json!(true), &json!([])));
    assert_eq!((&early["entries"], &early["organisation"]), (&number, &json!("default")));
    host.create("nhi_identity", &with(&identity(), &json!({ "name": "other", "principal": "other" })));

    let later = host.look("nhi_audit", &json!({ "expected_head": head })).unwrap();
    assert_eq!((&later["verified"], &later["expected_number"]), (&json!(true), &number));
    assert_eq!(later["expected_head"], head);
    assert!(later["number"].as_i64() > number.as_i64() && later["head"] != head);
    let other = "0".repeat(64);
    let told = host.look("nhi_audit", &json!({ "expected_head": other })).unwrap();
    assert_eq!((&told["verified"], told.get("expected_number")), (&json!(false), None));
    let fault = told["faults"][0].as_str().unwrap();
    assert!(fault.starts_with("no entry of the audit chain has the hash `000"), "{fault}");
    let wrong = host.look("nhi_audit", &json!({ "expected_head": "abc" })).unwrap_err();
    assert!(wrong[0].starts_with("error expected_head: `abc` is not the hash of an entry"), "{wrong:?}");
}

#[test]
fn what_is_not_known_yet_is_not_judged() {
    let folder = TempDir::new().unwrap();
    let mut host = Host::configured(folder.path(), &json!({ "workspace": "platform" }));
    let mut check = |name: &str, config: Json| {
        let wrong = host.look(name, &config).unwrap_err();
        assert!(wrong[0].contains("not known yet"), "{name}: {wrong:?}");
    };
    check("nhi_exception_debt", json!({ "at": UNKNOWN }));
    check("nhi_metrics", json!({ "owner": UNKNOWN }));
    check("nhi_audit", json!({ "expected_head": UNKNOWN }));
}
