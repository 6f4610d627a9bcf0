//! `nhi_crossing`: from where to where, for whom and until when.

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::config::with;
use crate::host::{Host, Object};
use crate::lifecycle::{furnished, workspace};
use crate::values::UNKNOWN;

const KIND: &str = "nhi_crossing";

pub(crate) fn crossing() -> Json {
    json!({
        "name": "promote",
        "from_zone": "build",
        "to_zone": "serve",
        "identities": ["deployer"],
        "approver": "platform",
        "reason": "The pipeline promotes the model until the broker is there.",
        "ticket": "SEC-9",
        "log_sink": "arn:aws:logs:eu-central-1:111122223333:log-group:crossings",
        "expires_at": "2999-03-31T02:00:00+02:00",
        "labels": { "team": "core" },
    })
}

/// A provider with everything that the crossing names; the second zone comes last.
fn between_zones(folder: &TempDir) -> (Host, [Object; 4]) {
    let (mut host, [owner, zone, identity]) = furnished(folder);
    let other = host.create("nhi_zone", &json!({ "name": "serve" }));
    (host, [owner, zone, identity, other])
}

#[test]
fn it_lives_and_ends() {
    let folder = TempDir::new().unwrap();
    let (mut host, [owner, zone, identity, other]) = between_zones(&folder);
    let first = host.create(KIND, &crossing());
    assert_eq!(first.shown(), with(&crossing(), &json!({ "id": "promote" })));
    let imported = host.import(KIND, "promote").unwrap();
    assert!(host.plan(KIND, Some(&imported), &crossing()).unwrap().is_no_change());
    let open = with(&crossing(), &json!({ "identities": null, "ticket": null, "labels": {} }));
    let opened = host.change(KIND, Some(&first), &open);
    assert_eq!((opened.shown().get("identities"), opened.shown()["labels"].clone()), (None, json!({})));
    assert_eq!(host.destroy("nhi_identity", &identity), [""; 0], "an open crossing names nobody");
    for (kind, object) in [("nhi_owner", &owner), ("nhi_zone", &zone), ("nhi_zone", &other)] {
        assert_eq!(host.destroy(kind, object).len(), 1, "{kind}");
    }
    assert_eq!(host.destroy(KIND, &opened), [""; 0]);
    assert_eq!(host.read(KIND, &opened).unwrap(), None);
}

#[test]
fn its_length_is_counted_from_the_apply() {
    let folder = TempDir::new().unwrap();
    let (mut host, _) = between_zones(&folder);
    let lasting = |valid_for: &str| with(&crossing(), &json!({ "expires_at": null, "valid_for": valid_for }));
    let first = host.create(KIND, &lasting("30d"));
    let end = first.shown()["expires_at"].clone();
    let read = host.read(KIND, &first).unwrap().unwrap();
    assert!(host.plan(KIND, Some(&read), &lasting("30d")).unwrap().is_no_change());
    assert_eq!(host.change(KIND, Some(&read), &lasting("720h")).shown()["expires_at"], end);
    let plan = host.plan(KIND, Some(&read), &lasting("1d")).unwrap();
    assert_eq!(plan.shown()["expires_at"], json!(UNKNOWN));
    assert_eq!(host.apply(KIND, &plan).1.len(), 1, "its end is near");
}

#[test]
fn what_others_name_stays() {
    let folder = TempDir::new().unwrap();
    let (mut host, [_, zone, identity, other]) = between_zones(&folder);
    let mut shop = Host::configured(folder.path(), &workspace("shop"));
    shop.create(KIND, &crossing());
    for (kind, object) in [("nhi_zone", &zone), ("nhi_zone", &other), ("nhi_identity", &identity)] {
        assert_eq!(host.destroy(kind, object), ["error name: Other workspaces still name it"], "{kind}");
    }
}

#[test]
fn what_is_wrong_is_told_at_its_attribute() {
    let folder = TempDir::new().unwrap();
    let (mut host, _) = furnished(&folder);
    let mut check = |changes: Json, expected: &[&str]| {
        assert_eq!(host.validate(KIND, &with(&crossing(), &changes)), expected, "{changes}");
    };
    check(json!({}), &[]);
    check(json!({ "from_zone": UNKNOWN, "to_zone": UNKNOWN, "identities": [UNKNOWN] }), &[]);
    check(json!({ "to_zone": "build" }), &["error to_zone: `build` is the zone it comes from"]);
    check(json!({ "identities": [] }), &["error identities: It lets nobody across"]);
    check(
        json!({ "identities": ["no good"] }),
        &["error identities: `no good` is not a name: ` ` is not allowed at position 3"],
    );
    check(json!({ "expires_at": null }), &["error expires_at: The crossing has no end"]);
    check(
        json!({ "log_sink": "", "reason": "\n" }),
        &["error reason: The text is empty", "error log_sink: The text is empty"],
    );
    let astray = json!({ "from_zone": "none", "identities": ["nobody", "deployer"], "approver": "no-one" });
    let plan = host.plan(KIND, None, &with(&crossing(), &astray)).unwrap();
    assert_eq!(
        host.apply(KIND, &plan).1,
        [
            "error from_zone: No zone `none` is declared",
            "error to_zone: No zone `serve` is declared",
            "error identities: No identity `nobody` is declared",
            "error approver: No owner `no-one` is declared",
        ]
    );
}
