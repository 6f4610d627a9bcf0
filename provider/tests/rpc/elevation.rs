//! `nhi_elevation`: asked for, kept, changed, and never without an end.

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::config::{identity, owner, with, zone};
use crate::host::Host;
use crate::values::UNKNOWN;

pub(crate) fn elevation() -> Json {
    json!({
        "name": "deploy-by-hand",
        "identity": "deployer",
        "target": { "identity": "admin", "actions": ["s3:Put*"] },
        "duration": "90m",
        "session_recording": { "mode": "required", "sink": "s3://acme-sessions" },
        "reason": "The pipeline may be down when it is needed most.",
        "owner": "platform",
        "expires_at": "2999-03-31T02:00:00+02:00",
        "labels": { "team": "core" },
    })
}

fn furnished(folder: &TempDir) -> Host {
    let mut host = Host::configured(folder.path(), &json!({ "workspace": "platform" }));
    host.create("nhi_owner", &owner());
    host.create("nhi_zone", &zone());
    host.create("nhi_identity", &identity());
    let admin = json!({ "name": "admin", "principal": "arn:aws:iam::111122223333:role/admin" });
    host.create("nhi_identity", &with(&identity(), &admin));
    host
}

#[test]
fn it_lives_and_ends() {
    let folder = TempDir::new().unwrap();
    let mut host = furnished(&folder);
    let object = host.create("nhi_elevation", &elevation());
    let defaults = json!({ "id": "deploy-by-hand", "approvals": 1, "approval_valid_for": "8h" });
    assert_eq!(object.shown(), with(&elevation(), &defaults));
    assert_eq!(host.import("nhi_elevation", "deploy-by-hand").unwrap().value, object.value);

    let people = json!({
        "identity": null,
        "subjects": ["alice@example.com"],
        "target": { "role": "arn:aws:iam::111122223333:role/admin", "actions": [] },
        "approvals": 2,
        "approvers": ["bob@example.com", "carol@example.com"],
        "approval_valid_for": "1d",
        "session_recording": { "mode": "none" },
    });
    let changed = host.plan("nhi_elevation", Some(&object), &with(&elevation(), &people)).unwrap();
    assert_eq!(changed.told, ["warning session_recording.mode: Nobody will see what was done meanwhile"]);
    assert_eq!(changed.replaced, [""; 0]);
    let (changed, told) = host.apply("nhi_elevation", &changed);
    assert_eq!(told, [""; 0]);
    let changed = changed.unwrap();
    let imported = host.import("nhi_elevation", "deploy-by-hand").unwrap();
    assert!(host.read("nhi_elevation", &imported).unwrap().is_some());
    let back = host.change("nhi_elevation", Some(&changed), &elevation());
    assert_eq!(back.shown(), with(&elevation(), &defaults), "what is no longer set takes its default again");
    let renamed = with(&elevation(), &json!({ "name": "other" }));
    assert_eq!(host.plan("nhi_elevation", Some(&back), &renamed).unwrap().replaced, ["name"]);
    assert_eq!(host.destroy("nhi_elevation", &back), [""; 0]);
    assert_eq!(host.read("nhi_elevation", &back).unwrap(), None);
}

#[test]
fn what_it_names_has_to_be_there() {
    let folder = TempDir::new().unwrap();
    let mut host = Host::configured(folder.path(), &json!({ "workspace": "platform" }));
    let plan = host.plan("nhi_elevation", None, &elevation()).unwrap();
    assert_eq!(
        plan.told,
        [
            "warning identity: No identity `deployer` is declared",
            "warning target.identity: No identity `admin` is declared",
            "warning owner: No owner `platform` is declared",
        ]
    );
    assert_eq!(
        host.apply("nhi_elevation", &plan).1,
        [
            "error identity: No identity `deployer` is declared",
            "error target.identity: No identity `admin` is declared",
            "error owner: No owner `platform` is declared",
        ]
    );
}

#[test]
fn what_it_names_is_not_removed_under_it() {
    let folder = TempDir::new().unwrap();
    let mut host = furnished(&folder);
    let mut shop = Host::configured(folder.path(), &json!({ "workspace": "shop" }));
    shop.create("nhi_elevation", &elevation());
    for name in ["deployer", "admin"] {
        let object = host.import("nhi_identity", name).unwrap();
        assert_eq!(
            host.destroy("nhi_identity", &object),
            ["error name: Other workspaces still name it"],
            "{name}"
        );
    }
}

#[test]
fn a_length_is_counted_from_its_apply() {
    let folder = TempDir::new().unwrap();
    let mut host = furnished(&folder);
    let lasting = with(&elevation(), &json!({ "expires_at": null, "valid_for": "90d" }));
    let plan = host.plan("nhi_elevation", None, &lasting).unwrap();
    assert_eq!(plan.shown()["expires_at"], json!(UNKNOWN));
    let object = host.apply("nhi_elevation", &plan).0.unwrap();
    let end = object.shown()["expires_at"].clone();
    let changed = host.change("nhi_elevation", Some(&object), &with(&lasting, &json!({ "duration": "2h" })));
    assert_eq!(changed.shown()["expires_at"], end, "another change leaves the end alone");
}

#[test]
fn what_is_wrong_is_told_at_its_attribute() {
    let folder = TempDir::new().unwrap();
    let mut host = Host::start(folder.path());
    let mut check = |changes: Json, expected: &[&str]| {
        assert_eq!(host.validate("nhi_elevation", &with(&elevation(), &changes)), expected, "{changes}");
    };
    check(json!({ "subjects": ["alice@example.com"] }), &["error subjects: An identity is named already"]);
    check(json!({ "identity": null }), &["error subjects: Nobody may be raised"]);
    check(json!({ "identity": null, "subjects": UNKNOWN }), &[]);
    check(json!({ "identity": null, "subjects": [UNKNOWN] }), &[]);
    check(
        json!({ "target": { "identity": "deployer" } }),
        &["error target.identity: `deployer` would be raised to itself"],
    );
    check(json!({ "target": { "identity": UNKNOWN, "role": UNKNOWN } }), &[]);
    check(json!({ "target": { "role": "" } }), &["error target.role: The text is empty"]);
    check(json!({ "duration": "25h" }), &["error duration: `25h` is longer than 24 hours"]);
    check(json!({ "approvals": 0 }), &["error approvals: `0` is not a number of approvals"]);
    check(json!({ "approvals": 1.5 }), &["error approvals: `1.5` is not a number of approvals"]);
    check(
        json!({ "approvals": 2, "approvers": ["bob@example.com"] }),
        &["error approvers: 1 may approve, and 2 must"],
    );
    check(json!({ "approvals": 2, "approvers": ["bob@example.com", UNKNOWN] }), &[]);
    check(
        json!({ "session_recording": { "mode": "required" } }),
        &["error session_recording.sink: The recording goes nowhere"],
    );
    check(json!({ "session_recording": { "mode": UNKNOWN } }), &[]);
    check(json!({ "valid_for": "1d" }), &["error valid_for: The elevation has two ends"]);
    check(json!({ "expires_at": null }), &["error expires_at: The elevation has no end"]);
}
