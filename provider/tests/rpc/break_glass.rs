//! `nhi_break_glass`: who keeps it, how often it is tried, how long it stays open.

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::config::with;
use crate::lifecycle::furnished;
use crate::values::UNKNOWN;

const KIND: &str = "nhi_break_glass";

pub(crate) fn break_glass() -> Json {
    json!({
        "name": "root-access",
        "identity": "deployer",
        "custodians": ["alice@example.com", "bob@example.com"],
        "sealed_location": "safe in room 12, envelope 7",
        "test_period": "90d",
        "last_test": { "at": "2999-01-01T00:00:00Z", "reference": "OPS-4" },
        "max_duration": "60m",
        "alert_channel": "security-on-call",
        "monitoring": "The trail's alarm on any use of this role.",
        "reason": "The identity provider may be down when we have to act.",
        "owner": "platform",
        "labels": { "team": "core" },
    })
}

#[test]
fn it_lives_and_ends() {
    let folder = TempDir::new().unwrap();
    let (mut host, [_, _, identity]) = furnished(&folder);
    let first = host.create(KIND, &break_glass());
    assert_eq!(first.shown(), with(&break_glass(), &json!({ "id": "root-access" })));
    let read = host.read(KIND, &first).unwrap().unwrap();
    let respelled = with(&break_glass(), &json!({ "max_duration": "1h" }));
    assert!(host.plan(KIND, Some(&read), &respelled).unwrap().is_no_change(), "an hour is an hour");
    let imported = host.import(KIND, "root-access").unwrap();
    assert!(host.plan(KIND, Some(&imported), &respelled).unwrap().is_no_change());
    assert_eq!(host.destroy("nhi_identity", &identity), ["warning : Others still named it"]);
    assert_eq!(host.destroy(KIND, &imported), [""; 0]);
    assert_eq!(host.read(KIND, &imported).unwrap(), None);
}

#[test]
fn what_is_wrong_is_told_at_its_attribute() {
    let folder = TempDir::new().unwrap();
    let (mut host, _) = furnished(&folder);
    let mut check = |changes: Json, expected: &[&str]| {
        assert_eq!(host.validate(KIND, &with(&break_glass(), &changes)), expected, "{changes}");
    };
    check(json!({}), &[]);
    let few = "error custodians: Fewer than two people keep it";
    check(json!({ "custodians": [] }), &[few]);
    check(json!({ "custodians": ["alice@example.com", "Alice@Example.com"] }), &[few]);
    check(json!({ "custodians": ["alice@example.com", UNKNOWN] }), &[]);
    check(json!({ "custodians": UNKNOWN, "last_test": UNKNOWN, "owner": null }), &[]);
    check(json!({ "max_duration": "13h" }), &["error max_duration: One use may last 13h"]);
    check(json!({ "max_duration": "0h" }), &["error max_duration: `0h` is no time at all"]);
    check(
        json!({ "last_test": { "at": "2026-13-01T00:00:00Z", "reference": "OPS-4" } }),
        &["error last_test.at: `2026-13-01T00:00:00Z` does not exist in the calendar"],
    );
    check(
        json!({ "alert_channel": "", "monitoring": " " }),
        &["error alert_channel: The text is empty", "error monitoring: The text is empty"],
    );
    let astray = with(&break_glass(), &json!({ "identity": "nobody" }));
    let plan = host.plan(KIND, None, &astray).unwrap();
    assert_eq!(host.apply(KIND, &plan).1, ["error identity: No identity `nobody` is declared"]);
}

#[test]
fn what_is_worth_a_warning_changes_nothing() {
    let folder = TempDir::new().unwrap();
    let (mut host, _) = furnished(&folder);
    let mut check = |changes: Json, expected: &[&str]| {
        let plan = host.plan(KIND, None, &with(&break_glass(), &changes)).unwrap();
        assert_eq!(plan.told, expected, "{changes}");
    };
    check(json!({}), &[]);
    check(json!({ "max_duration": "2h" }), &["warning max_duration: One use may last 2h"]);
    check(json!({ "last_test": null }), &["warning last_test: Nobody says that it was ever tried"]);
    check(json!({ "last_test": UNKNOWN, "max_duration": UNKNOWN }), &[]);
    check(
        json!({ "last_test": { "at": "2020-01-01T00:00:00Z", "reference": "OPS-1" } }),
        &["warning last_test: Its next test was due on 2020-03-31T00:00:00Z"],
    );
    let untried = with(&break_glass(), &json!({ "last_test": null }));
    let object = host.create(KIND, &untried);
    assert!(host.plan(KIND, Some(&object), &untried).unwrap().is_no_change());
}
