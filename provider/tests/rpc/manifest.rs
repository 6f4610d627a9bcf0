//! `nhi_manifest`: many identities in one resource, each planned, told about and spelled by itself.

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::config::{identity, owner, with, zone};
use crate::host::Host;
use crate::values::UNKNOWN;

fn member(principal: &str) -> Json {
    json!({ "kind": "agent", "tier": 2, "platform": "aws", "principal": principal, "review_period": "13w" })
}

pub(crate) fn manifest() -> Json {
    json!({
        "name": "fleet",
        "description": "Agents of the help desk.",
        "identities": {
            "asker": member("arn:aws:iam::111122223333:role/asker"),
            "teller": with(&member("arn:aws:iam::111122223333:role/teller"), &json!({ "owner": "platform" })),
        },
        "labels": { "team": "core" },
    })
}

/// The manifest with changes within its identities.
fn changed(changes: &Json) -> Json {
    let mut entries = manifest().get("identities").unwrap().as_object().unwrap().clone();
    for (key, change) in changes.as_object().unwrap() {
        let entry = match (entries.get(key), change) {
            (Some(entry), Json::Object(_)) => with(entry, change),
            (_, change) => change.clone(),
        };
        entries.insert(key.clone(), entry);
    }
    with(&manifest(), &json!({ "identities": entries }))
}

fn furnished(folder: &TempDir) -> Host {
    let mut host = Host::configured(folder.path(), &json!({ "workspace": "platform" }));
    host.create("nhi_owner", &owner());
    host.create("nhi_zone", &zone());
    host
}

#[test]
fn its_identities_are_listed_with_it_and_not_by_themselves() {
    let folder = TempDir::new().unwrap();
    let mut host = furnished(&folder);
    host.create("nhi_manifest", &manifest());
    host.create("nhi_identity", &with(&identity(), &json!({ "name": "single" })));
    let named = |name: &str| json!({ "name": name, "organisation": "default" });
    assert_eq!(host.browse("nhi_identity", &json!({}), false), [named("single")]);
    assert_eq!(host.browse("nhi_manifest", &json!({}), false), [named("fleet")]);
}

#[test]
fn it_lives_and_ends() {
    let folder = TempDir::new().unwrap();
    let mut host = furnished(&folder);
    let object = host.create("nhi_manifest", &manifest());
    assert_eq!(object.shown(), with(&manifest(), &json!({ "id": "fleet" })));
    let imported = host.import("nhi_manifest", "fleet").unwrap();
    assert_eq!(imported.value, object.value, "the map is rebuilt");
    assert!(host.plan("nhi_manifest", Some(&imported), &manifest()).unwrap().is_no_change());

    let one_more = changed(&json!({
        "asker": { "purpose": "Asks.", "zone": "build" },
        "newcomer": { "kind": "connector", "tier": 2, "labels": { "x": "y" } },
    }));
    let object = host.change("nhi_manifest", Some(&object), &one_more);
    let single = host.import("nhi_identity", "newcomer").unwrap_err();
    assert_eq!(single, ["error name: A manifest keeps it"]);
    let object = host.change("nhi_manifest", Some(&object), &manifest());
    let renamed = with(&manifest(), &json!({ "name": "other" }));
    assert_eq!(host.plan("nhi_manifest", Some(&object), &renamed).unwrap().replaced, ["name"]);
    let empty = with(&manifest(), &json!({ "identities": {} }));
    let object = host.change("nhi_manifest", Some(&object), &empty);
    assert_eq!(host.destroy("nhi_manifest", &object), [""; 0]);
    assert_eq!(host.read("nhi_manifest", &object).unwrap(), None);
}

#[test]
fn what_changes_in_one_key_changes_only_there() {
    let folder = TempDir::new().unwrap();
    let mut host = furnished(&folder);
    let object = host.create("nhi_manifest", &manifest());
    let unknown = changed(&json!({ "asker": { "owner": UNKNOWN, "principal": UNKNOWN }, "late": UNKNOWN }));
    let plan = host.plan("nhi_manifest", Some(&object), &unknown).unwrap();
    let shown = plan.shown();
    assert_eq!(shown["identities"]["teller"], object.shown()["identities"]["teller"], "it stays known");
    assert_eq!(shown["identities"]["late"], json!(UNKNOWN));
    assert_eq!(
        shown["identities"]["asker"],
        with(&manifest()["identities"]["asker"], &json!({ "owner": UNKNOWN, "principal": UNKNOWN }))
    );
    let all = with(&manifest(), &json!({ "identities": UNKNOWN }));
    let plan = host.plan("nhi_manifest", Some(&object), &all).unwrap();
    assert_eq!(plan.shown()["identities"], json!(UNKNOWN));
}

#[test]
fn every_identity_takes_the_defaults_of_the_provider() {
    let folder = TempDir::new().unwrap();
    let mut host = furnished(&folder);
    let object = host.create("nhi_manifest", &manifest());
    let defaults =
        json!({ "workspace": "platform", "defaults": { "owner": "platform", "environment": "staging" } });
    assert_eq!(host.configure(&defaults), [""; 0]);
    let more = changed(&json!({
        "asker": { "environment": "lab" },
        "newcomer": { "kind": "connector", "tier": 0, "federation": [{
            "issuer": "https://token.example.com", "audiences": ["x"], "subject": "y" }] },
    }));
    let object = host.change("nhi_manifest", Some(&object), &more);
    let shown = object.shown()["identities"].clone();
    let both = |name: &str| (shown[name]["owner"].clone(), shown[name]["environment"].clone());
    assert_eq!(both("asker"), (json!("platform"), json!("lab")));
    assert_eq!(both("newcomer"), (json!("platform"), json!("staging")));

    let unknown = json!({ "workspace": "platform", "defaults": { "owner": UNKNOWN } });
    assert_eq!(host.configure(&unknown), [""; 0]);
    let plan = host.plan("nhi_manifest", None, &manifest()).unwrap();
    let shown = plan.shown()["identities"].clone();
    assert_eq!((&shown["asker"]["owner"], &shown["teller"]["owner"]), (&json!(UNKNOWN), &json!("platform")));
    assert_eq!(shown["asker"].get("environment"), None, "there is no default for it");
}

#[test]
fn each_identity_keeps_its_spelling() {
    let folder = TempDir::new().unwrap();
    let mut host = furnished(&folder);
    let spelled = changed(
        &json!({ "asker": { "labels": {}, "federation": [] }, "teller": { "review_period": "91d" } }),
    );
    let object = host.create("nhi_manifest", &spelled);
    // Meanwhile one identity is changed behind the back of this state.
    let other = changed(
        &json!({ "asker": { "labels": {}, "federation": [] }, "teller": { "tier": 1, "owner": "platform" } }),
    );
    let mut beside = Host::configured(folder.path(), &json!({ "workspace": "platform" }));
    let imported = beside.import("nhi_manifest", "fleet").unwrap();
    let plan = beside.plan("nhi_manifest", Some(&imported), &other).unwrap();
    assert_eq!(beside.apply("nhi_manifest", &plan).1, [""; 0]);
    let read = host.read("nhi_manifest", &object).unwrap().unwrap();
    let (before, after) = (object.shown()["identities"].clone(), read.shown()["identities"].clone());
    assert_eq!(after["asker"], before["asker"], "what did not drift is spelled as before");
    assert_eq!(
        (&after["teller"]["tier"], &after["teller"]["review_period"]),
        (&json!(1), &json!("91d")),
        "as long as before"
    );
}

#[test]
fn what_is_wrong_is_told_at_its_key() {
    let folder = TempDir::new().unwrap();
    let mut host = Host::start(folder.path());
    let mut check = |changes: Json, expected: &[&str]| {
        assert_eq!(host.validate("nhi_manifest", &changed(&changes)), expected, "{changes}");
    };
    check(json!({ "asker": { "tier": 3 } }), &["error identities.asker.tier: `3` is not a tier"]);
    check(
        json!({ "asker": { "kind": "robot", "federation": [{ "issuer": "", "audiences": ["a"], "subject": "s" }] },
                "b c": { "kind": "agent", "tier": 2 } }),
        &[
            "error identities.asker.kind: `robot` is not a kind of identity",
            "error identities.asker.federation.0.issuer: The text is empty",
            "error identities.b c: `b c` is not a name: ` ` is not allowed at position 2",
        ],
    );
    check(json!({ "asker": UNKNOWN }), &[]);
    check(json!({ "asker": { "kind": UNKNOWN, "tier": UNKNOWN, "federation": [UNKNOWN] } }), &[]);
}

#[test]
fn all_of_it_is_applied_or_nothing() {
    let folder = TempDir::new().unwrap();
    let mut host = furnished(&folder);
    host.create("nhi_identity", &with(&identity(), &json!({ "name": "taken" })));
    let wrong = changed(&json!({
        "asker": { "owner": "nobody" },
        "taken": { "kind": "agent", "tier": 2 },
    }));
    let bare = changed(&json!({ "bare": { "kind": "agent", "tier": 0 } }));
    let ownerless = ["error identities.bare.owner: An identity of tier 0 needs an owner"];
    assert_eq!(host.plan("nhi_manifest", None, &bare).unwrap_err(), ownerless);
    let plan = host.plan("nhi_manifest", None, &wrong).unwrap();
    assert_eq!(
        host.apply("nhi_manifest", &plan).1,
        [
            "error identities.asker.owner: No owner `nobody` is declared",
            "error identities.taken: An identity of this name is declared already",
        ]
    );
    assert_eq!(host.import("nhi_manifest", "fleet").unwrap_err(), ["error : Nothing to import"]);
    let object = host.create("nhi_manifest", &manifest());
    let plan = host
        .plan("nhi_identity", None, &with(&identity(), &json!({ "name": "asker", "principal": null })))
        .unwrap();
    assert_eq!(host.apply("nhi_identity", &plan).1, ["error name: A manifest keeps it"]);
    assert_eq!(host.destroy("nhi_manifest", &object), [""; 0]);
    host.create("nhi_identity", &with(&identity(), &json!({ "name": "asker", "principal": null })));
}
