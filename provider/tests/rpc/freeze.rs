//! `nhi_freeze`: a window with two ends, and what it keeps out meanwhile.

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::config::{identity, owner, with, zone};
use crate::host::Host;
use crate::values::UNKNOWN;

pub(crate) fn freeze() -> Json {
    json!({
        "name": "launch",
        "starts_at": "2020-01-01T00:00:00Z",
        "ends_at": "2999-01-01T00:00:00+01:00",
        "refuses": ["static_credentials"],
        "scope": { "zones": ["build"], "tiers": [0], "labels": { "team": "core" } },
        "reason": "Nobody wants surprises before the launch.",
        "owner": "platform",
        "ticket": "PLAT-7",
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
    let object = host.create("nhi_freeze", &freeze());
    assert_eq!(object.shown(), with(&freeze(), &json!({ "id": "launch", "break_glass": "allowed" })));
    assert_eq!(host.import("nhi_freeze", "launch").unwrap().value, object.value);

    let change = json!({
        "refuses": ["expansions", "static_credentials"], "break_glass": "refused", "scope": null,
        "ends_at": "2998-12-31T23:00:00Z", "labels": { "quarter": "4" },
    });
    let changed = host.change("nhi_freeze", Some(&object), &with(&freeze(), &change));
    assert!(host.plan("nhi_freeze", Some(&changed), &with(&freeze(), &change)).unwrap().is_no_change());
    let renamed = with(&freeze(), &json!({ "name": "other" }));
    assert_eq!(host.plan("nhi_freeze", Some(&changed), &renamed).unwrap().replaced, ["name"]);
    assert_eq!(host.destroy("nhi_freeze", &changed), [""; 0]);
    assert_eq!(host.read("nhi_freeze", &changed).unwrap(), None);
}

#[test]
fn one_that_is_over_is_a_warning_and_never_a_change() {
    let folder = TempDir::new().unwrap();
    let mut host = furnished(&folder);
    let past = with(&freeze(), &json!({ "ends_at": "2020-02-01T00:00:00Z" }));
    let object = host.create("nhi_freeze", &past);
    let plan = host.plan("nhi_freeze", Some(&object), &past).unwrap();
    assert_eq!(plan.told, ["warning ends_at: Freeze `launch` ended on 2020-02-01T00:00:00Z"]);
    assert!(plan.is_no_change());
}

fn credential() -> Json {
    json!({
        "name": "deploy-key",
        "identity": "deployer",
        "kind": "access_key",
        "why": "The vendor has no federation yet.",
        "owner": "platform",
        "rotation_period": "30d",
        "valid_for": "60d",
    })
}

#[test]
fn new_static_credentials_are_kept_out_while_it_lasts() {
    let folder = TempDir::new().unwrap();
    let mut host = furnished(&folder);
    let before = host.create("nhi_credential", &with(&credential(), &json!({ "name": "old-key" })));
    let scope = json!({ "scope": { "zones": ["build"], "tiers": [0] } });
    let object = host.create("nhi_freeze", &with(&freeze(), &scope));
    let told = "identity: Freeze `launch` keeps new static credentials of `deployer` out until 2999-01-01T00:00:00+01:00";

    let plan = host.plan("nhi_credential", None, &credential()).unwrap();
    assert_eq!(plan.told, [format!("warning {told}")], "until it is applied the freeze may be lifted");
    assert_eq!(host.apply("nhi_credential", &plan).1, [format!("error {told}")]);

    // What is there may be changed, unless it becomes another one.
    let old = with(&credential(), &json!({ "name": "old-key", "rotation_period": "7d" }));
    let changed = host.change("nhi_credential", Some(&before), &old);
    let plan =
        host.plan("nhi_credential", Some(&changed), &with(&old, &json!({ "kind": "password" }))).unwrap();
    assert_eq!(plan.told, [format!("warning {told}")]);
    assert_eq!(host.apply("nhi_credential", &plan).1, [format!("error {told}")]);

    // What is kept for emergencies is let in, and stays for them.
    let emergency = with(&credential(), &json!({ "name": "glass", "break_glass": true }));
    let glass = host.create("nhi_credential", &emergency);
    let plan = host
        .plan("nhi_credential", Some(&glass), &with(&emergency, &json!({ "break_glass": null })))
        .unwrap();
    assert_eq!(host.apply("nhi_credential", &plan).1, [format!("error {told}")]);

    // Of others, and once it is lifted, they are let in.
    host.create(
        "nhi_identity",
        &with(&identity(), &json!({ "name": "tester", "tier": 2, "principal": null })),
    );
    host.create("nhi_credential", &with(&credential(), &json!({ "name": "test-key", "identity": "tester" })));
    assert_eq!(host.destroy("nhi_freeze", &object), [""; 0]);
    host.create("nhi_credential", &credential());
}

#[test]
fn not_even_for_emergencies() {
    let folder = TempDir::new().unwrap();
    let mut host = furnished(&folder);
    host.create("nhi_freeze", &with(&freeze(), &json!({ "scope": null, "break_glass": "refused" })));
    let plan =
        host.plan("nhi_credential", None, &with(&credential(), &json!({ "break_glass": true }))).unwrap();
    let told = "error identity: Freeze `launch` keeps new static credentials of `deployer` out until 2999-01-01T00:00:00+01:00";
    assert_eq!(host.apply("nhi_credential", &plan).1, [told]);
}

#[test]
fn what_its_scope_names_has_to_be_there() {
    let folder = TempDir::new().unwrap();
    let mut host = Host::configured(folder.path(), &json!({ "workspace": "platform" }));
    let plan = host.plan("nhi_freeze", None, &freeze()).unwrap();
    assert_eq!(
        host.apply("nhi_freeze", &plan).1,
        ["error scope.zones: No zone `build` is declared", "error owner: No owner `platform` is declared"]
    );
}

#[test]
fn what_is_wrong_is_told_at_its_attribute() {
    let folder = TempDir::new().unwrap();
    let mut host = Host::start(folder.path());
    let mut check = |changes: Json, expected: &[&str]| {
        assert_eq!(host.validate("nhi_freeze", &with(&freeze(), &changes)), expected, "{changes}");
    };
    check(
        json!({ "ends_at": "2020-01-01T00:00:00Z" }),
        &["error ends_at: The freeze ends before it begins, which is at 2020-01-01T00:00:00Z"],
    );
    check(json!({ "starts_at": UNKNOWN, "ends_at": "2020-01-01T00:00:00Z" }), &[]);
    check(json!({ "starts_at": "2020-01-01" }), &["error starts_at: `2020-01-01` is not an RFC 3339 time"]);
    check(json!({ "refuses": [] }), &["error refuses: At least one element is required here"]);
    check(
        json!({ "refuses": ["federation"] }),
        &["error refuses: `federation` is not something that a freeze refuses"],
    );
    check(
        json!({ "break_glass": "yes" }),
        &["error break_glass: `yes` is not a rule for what is kept for emergencies"],
    );
    check(json!({ "scope": { "tiers": [0.5] } }), &["error scope.tiers: `0.5` is not a tier"]);
    check(json!({ "scope": { "labels": { "team": UNKNOWN } } }), &[]);
}
