//! `nhi_credential`: what it may say, how it lives, and that no secret gets in.

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::config::with;
use crate::host::Host;
use crate::lifecycle::furnished;
use crate::values::UNKNOWN;

const KIND: &str = "nhi_credential";

pub(crate) fn credential() -> Json {
    json!({
        "name": "deploy-key",
        "identity": "deployer",
        "kind": "access_key",
        "why": "The artifact mirror has no federation yet.",
        "owner": "platform",
        "rotation_period": "30d",
        "last_rotation": { "at": "2999-01-01T00:00:00+01:00", "reference": "SEC-12" },
        "location": "vault: kv/ci/deploy",
        "break_glass": false,
        "expires_at": "2999-03-31T02:00:00+02:00",
        "labels": { "team": "core" },
    })
}

#[test]
fn it_lives_and_ends() {
    let folder = TempDir::new().unwrap();
    let (mut host, [owner, _, identity]) = furnished(&folder);
    let first = host.create(KIND, &credential());
    assert_eq!(first.shown(), with(&credential(), &json!({ "id": "deploy-key" })));
    let read = host.read(KIND, &first).unwrap().unwrap();
    assert!(host.plan(KIND, Some(&read), &credential()).unwrap().is_no_change());
    let imported = host.import(KIND, "deploy-key").unwrap();
    assert!(host.plan(KIND, Some(&imported), &credential()).unwrap().is_no_change());

    // `false` is what nothing means.
    assert!(
        host.plan(KIND, Some(&read), &with(&credential(), &json!({ "break_glass": null })))
            .unwrap()
            .is_no_change()
    );
    let fewer = with(&credential(), &json!({ "last_rotation": null, "location": null, "labels": null }));
    let changed = host.change(KIND, Some(&first), &fewer);
    assert_eq!(changed.shown(), {
        let mut rest = with(&fewer, &json!({ "id": "deploy-key" }));
        rest.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        rest
    });
    let renamed = host.plan(KIND, Some(&changed), &with(&fewer, &json!({ "name": "other" }))).unwrap();
    assert_eq!(renamed.replaced, ["name"]);

    for (kind, object) in [("nhi_identity", &identity), ("nhi_owner", &owner)] {
        assert_eq!(host.destroy(kind, object), ["warning : Others still named it"], "{kind}");
    }
    assert_eq!(host.destroy(KIND, &changed), [""; 0]);
    assert_eq!(host.read(KIND, &changed).unwrap(), None);
}

#[test]
fn an_end_goes_when_it_may() {
    let folder = TempDir::new().unwrap();
    let (mut host, _) = furnished(&folder);
    let lasting = with(&credential(), &json!({ "expires_at": null, "valid_for": "90d" }));
    let plan = host.plan(KIND, None, &lasting).unwrap();
    assert_eq!(plan.shown()["expires_at"], json!(UNKNOWN));
    let first = host.create(KIND, &lasting);
    let end = first.shown()["expires_at"].clone();
    let respelled = host.change(KIND, Some(&first), &with(&lasting, &json!({ "valid_for": "2160h" })));
    assert_eq!(respelled.shown()["expires_at"], end);
    let emergency = json!({ "valid_for": null, "expires_at": null, "break_glass": true });
    let endless = host.change(KIND, Some(&respelled), &with(&credential(), &emergency));
    assert_eq!(endless.shown().get("expires_at"), None);
    let bare = with(&credential(), &with(&emergency, &json!({ "name": "other" })));
    assert_eq!(host.create(KIND, &bare).shown().get("expires_at"), None);
}

#[test]
fn what_is_wrong_is_told_at_its_attribute() {
    let folder = TempDir::new().unwrap();
    let mut host = Host::start(folder.path());
    let mut check = |changes: Json, expected: &[&str]| {
        assert_eq!(host.validate(KIND, &with(&credential(), &changes)), expected, "{changes}");
    };
    check(json!({}), &[]);
    check(json!({ "owner": null, "location": null, "last_rotation": UNKNOWN, "break_glass": UNKNOWN }), &[]);
    check(json!({ "kind": "AccessKey" }), &["error kind: `AccessKey` is not a kind of credential"]);
    check(json!({ "why": "" }), &["error why: The text is empty"]);
    check(
        json!({ "rotation_period": "monthly" }),
        &["error rotation_period: `monthly` is not a length of time"],
    );
    check(
        json!({ "last_rotation": { "at": "yesterday", "reference": " " } }),
        &[
            "error last_rotation.at: `yesterday` is not an RFC 3339 time",
            "error last_rotation.reference: The text is empty",
        ],
    );
    check(json!({ "last_rotation": { "at": UNKNOWN, "reference": UNKNOWN } }), &[]);
    check(json!({ "expires_at": null }), &["error expires_at: The credential has no end"]);
    check(json!({ "expires_at": null, "break_glass": true }), &[]);
    check(json!({ "expires_at": null, "break_glass": UNKNOWN }), &[]);
    check(json!({ "expires_at": null, "valid_for": UNKNOWN }), &[]);
    check(json!({ "valid_for": "30d" }), &["error valid_for: The credential has two ends"]);
}

#[test]
fn no_secret_gets_in_and_none_is_shown() {
    let folder = TempDir::new().unwrap();
    let mut host = Host::start(folder.path());
    let key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow==\n-----END RSA PRIVATE KEY-----";
    let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJleGFtcGxlIn0.c2lnbmF0dXJlLWV4YW1wbGU";
    let pair = "AKIAIOSFODNN7EXAMPLE wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    let mut check = |changes: Json, expected: &[&str]| {
        assert_eq!(host.validate(KIND, &with(&credential(), &changes)), expected);
    };
    check(json!({ "why": key }), &["error why: This looks like a private key"]);
    check(json!({ "location": pair }), &["error location: This looks like an access key with its secret"]);
    check(json!({ "name": token }), &["error name: This looks like a signed token"]);
    check(json!({ "kind": token }), &["error kind: This looks like a signed token"]);
    check(json!({ "rotation_period": token }), &["error rotation_period: This looks like a signed token"]);
    check(json!({ "expires_at": token }), &["error expires_at: This looks like a signed token"]);
    check(
        json!({ "last_rotation": { "at": token, "reference": token } }),
        &[
            "error last_rotation.at: This looks like a signed token",
            "error last_rotation.reference: This looks like a signed token",
        ],
    );
    check(json!({ "labels": { "key": token } }), &["error labels.key: This looks like a signed token"]);
    check(json!({ "labels": { token: "value" } }), &["error labels: This looks like a signed token"]);
}

#[test]
fn what_is_worth_a_warning_changes_nothing() {
    let folder = TempDir::new().unwrap();
    let (mut host, _) = furnished(&folder);
    let late = json!({
        "rotation_period": "180d",
        "last_rotation": { "at": "2020-01-01T00:00:00Z", "reference": "SEC-1" },
        "expires_at": "2021-01-01T00:00:00Z",
    });
    let late = with(&credential(), &late);
    let object = host.create(KIND, &late);
    let plan = host.plan(KIND, Some(&object), &late).unwrap();
    assert_eq!(
        plan.told,
        [
            "warning expires_at: Credential `deploy-key` ended on 2021-01-01T00:00:00Z",
            "warning rotation_period: A secret that is exchanged only every 180d",
            "warning last_rotation: Its rotation was due on 2020-06-29T00:00:00Z",
        ]
    );
    assert!(plan.is_no_change());
    assert_eq!(host.plan(KIND, None, &with(&credential(), &json!({ "name": "x" }))).unwrap().told, [""; 0]);
}

#[test]
fn it_names_what_is_declared() {
    let folder = TempDir::new().unwrap();
    let (mut host, _) = furnished(&folder);
    let astray = with(&credential(), &json!({ "identity": "nobody", "owner": "none" }));
    let plan = host.plan(KIND, None, &astray).unwrap();
    assert_eq!(
        host.apply(KIND, &plan).1,
        ["error identity: No identity `nobody` is declared", "error owner: No owner `none` is declared"]
    );
}
