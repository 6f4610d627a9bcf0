//! `nhi_review`: who looks at which identities again; time and attestations never change its plan.

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::config::{identity, owner, with, zone};
use crate::host::Host;
use crate::values::UNKNOWN;

pub(crate) fn review() -> Json {
    json!({
        "name": "quarterly",
        "scope": { "tiers": [0, 1], "environments": ["production"] },
        "period": "90d",
        "reviewers": ["alice@example.com"],
        "starts_on": "2020-01-01",
        "events": ["incident", "merger"],
        "occurrences": [{ "event": "incident", "at": "2020-02-01T10:00:00+01:00", "description": "A token was stolen." }],
        "owner": "platform",
        "labels": { "control": "recertification" },
    })
}

fn furnished(folder: &TempDir) -> Host {
    let mut host = Host::configured(folder.path(), &json!({ "workspace": "platform" }));
    host.create("nhi_owner", &owner());
    host.create("nhi_zone", &zone());
    host.create("nhi_identity", &identity());
    host
}

#[test]
fn it_lives_and_ends() {
    let folder = TempDir::new().unwrap();
    let mut host = furnished(&folder);
    let object = host.create("nhi_review", &review());
    assert_eq!(object.shown(), with(&review(), &json!({ "id": "quarterly", "on_overdue": "warn" })));
    assert_eq!(host.import("nhi_review", "quarterly").unwrap().value, object.value);
    assert!(host.plan("nhi_review", Some(&object), &review()).unwrap().is_no_change());

    let everything = with(
        &review(),
        &json!({
            "scope": null, "on_overdue": "inactive", "events": [], "occurrences": [], "starts_on": "2020-01-01T00:00:00Z",
            "period": "2160h",
        }),
    );
    let changed = host.change("nhi_review", Some(&object), &everything);
    assert_eq!(changed.shown()["on_overdue"], "inactive");
    let open = with(&everything, &json!({ "scope": { "tiers": [], "labels": {} } }));
    let changed = host.change("nhi_review", Some(&changed), &open);
    assert!(host.plan("nhi_review", Some(&changed), &open).unwrap().is_no_change());
    let renamed = with(&open, &json!({ "name": "yearly" }));
    assert_eq!(host.plan("nhi_review", Some(&changed), &renamed).unwrap().replaced, ["name"]);
    assert_eq!(host.destroy("nhi_review", &changed), [""; 0]);
    assert_eq!(host.read("nhi_review", &changed).unwrap(), None);
}

#[test]
fn what_its_scope_names_has_to_be_there() {
    let folder = TempDir::new().unwrap();
    let mut host = furnished(&folder);
    let scope =
        json!({ "scope": { "identities": ["deployer", "nobody"], "owners": ["shop"], "zones": ["moon"] } });
    let plan = host.plan("nhi_review", None, &with(&review(), &scope)).unwrap();
    assert_eq!(
        host.apply("nhi_review", &plan).1,
        [
            "error scope.identities: No identity `nobody` is declared",
            "error scope.owners: No owner `shop` is declared",
            "error scope.zones: No zone `moon` is declared",
        ]
    );
    let mut shop = Host::configured(folder.path(), &json!({ "workspace": "shop" }));
    shop.create("nhi_review", &with(&review(), &json!({ "scope": { "identities": ["deployer"] } })));
    let object = host.import("nhi_identity", "deployer").unwrap();
    assert_eq!(host.destroy("nhi_identity", &object), ["error name: Other workspaces still name it"]);
}

#[test]
fn what_is_wrong_is_told_at_its_attribute() {
    let folder = TempDir::new().unwrap();
    let mut host = Host::start(folder.path());
    let mut check = |changes: Json, expected: &[&str]| {
        assert_eq!(host.validate("nhi_review", &with(&review(), &changes)), expected, "{changes}");
    };
    let long = "error period: `93d` is longer than 92 days, and the scope may hold tier 0 or 1";
    check(json!({ "period": "93d" }), &[long]);
    check(json!({ "period": "93d", "scope": null }), &[long]);
    check(json!({ "period": "93d", "scope": { "zones": ["build"] } }), &[long]);
    check(json!({ "period": "93d", "scope": { "tiers": [2] } }), &[]);
    check(json!({ "period": "93d", "scope": { "tiers": [2, UNKNOWN] } }), &[]);
    check(json!({ "period": "93d", "scope": { "tiers": UNKNOWN } }), &[]);
    check(json!({ "period": "93d", "scope": UNKNOWN }), &[]);
    check(json!({ "scope": { "tiers": [3] } }), &["error scope.tiers: `3` is not a tier"]);
    check(
        json!({ "scope": { "kinds": ["robot"] } }),
        &["error scope.kinds: `robot` is not a kind of identity"],
    );
    check(json!({ "reviewers": [] }), &["error reviewers: At least one element is required here"]);
    check(json!({ "starts_on": "1.1.2027" }), &["error starts_on: `1.1.2027` is not an RFC 3339 time"]);
    check(
        json!({ "on_overdue": "remove" }),
        &["error on_overdue: `remove` is not a consequence of being overdue"],
    );
    check(
        json!({ "events": ["incident"], "occurrences": [{ "event": "merger", "at": "2020-02-30" }] }),
        &[
            "error occurrences.0.at: `2020-02-30` does not exist in the calendar",
            "error occurrences.0.event: `merger` is no reason for this review",
        ],
    );
    check(json!({ "events": UNKNOWN }), &[]);
}
