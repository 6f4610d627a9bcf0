//! What a configuration may say, and what is said about one that may not; all of it without a register.

use std::collections::BTreeMap;

use nhi_proto::Provider as _;
use nhi_proto::schema::{Attribute, Shape};
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use terraform_provider_nhi::Nhi;

use crate::host::Host;
use crate::values::UNKNOWN;

/// Every kind of declaration.
const KINDS: &[&str] = &[
    "nhi_break_glass",
    "nhi_credential",
    "nhi_crossing",
    "nhi_elevation",
    "nhi_exception",
    "nhi_federation",
    "nhi_freeze",
    "nhi_identity",
    "nhi_manifest",
    "nhi_owner",
    "nhi_review",
    "nhi_zone",
];

/// `base` with these attributes in place of its own.
pub(crate) fn with(base: &Json, changes: &Json) -> Json {
    let mut base = base.clone();
    for (name, value) in changes.as_object().unwrap() {
        base.as_object_mut().unwrap().insert(name.clone(), value.clone());
    }
    base
}

pub(crate) fn owner() -> Json {
    json!({ "name": "platform", "accountable": ["alice@example.com"], "backup": ["bob@example.com"] })
}

pub(crate) fn zone() -> Json {
    json!({ "name": "build", "environment": "production", "reaches": ["serve"], "labels": { "team": "core" } })
}

pub(crate) fn identity() -> Json {
    json!({
        "name": "deployer",
        "kind": "ci_runner",
        "owner": "platform",
        "purpose": "Deploys the shop.",
        "environment": "production",
        "tier": 0,
        "zone": "build",
        "platform": "aws",
        "principal": "arn:aws:iam::111122223333:role/deploy",
        "federation": [{
            "issuer": "https://token.example.com",
            "audiences": ["sts.example.com"],
            "subject": "repo:acme/shop:ref:refs/heads/main",
            "max_lifetime": "90m",
            "workload": "interactive",
        }],
        "review_period": "13w",
    })
}

pub(crate) fn exception() -> Json {
    json!({
        "name": "legacy",
        "identity": "deployer",
        "permits": { "rules": ["static-credential"], "resources": [] },
        "reason": "The vendor has no federation yet.",
        "owner": "platform",
        "compensating_controls": ["rotated weekly"],
        "expires_at": "2999-03-31T02:00:00+02:00",
    })
}

#[test]
fn schemas_are_whole_and_explained() {
    let folder = TempDir::new().unwrap();
    let (mut kinds, told) = Host::start(folder.path()).schemas();
    kinds.sort();
    assert_eq!(kinds, KINDS);
    assert_eq!(told, [""; 0]);
    let nhi = Nhi::of_process();
    let (resources, sources, lists) = (nhi.resources(), nhi.data_sources(), nhi.list_resources());
    let schemas = resources.schemas().chain(sources.schemas()).chain(lists.schemas());
    for (kind, schema) in schemas.chain([("provider", nhi.schema())]) {
        assert!(schema.block.description.ends_with('.'), "{kind}");
        sentences(kind, &schema.block.attributes);
    }
    for (name, signature) in nhi.functions().signatures() {
        signature.validate(name).unwrap();
        let parameters = signature.parameters.iter().map(|one| &one.description);
        for words in parameters.chain([&signature.summary, &signature.description]) {
            assert!(words.ends_with('.'), "{name}: {words}");
        }
    }
}

/// Every attribute says in a sentence what it is for.
fn sentences(place: &str, attributes: &BTreeMap<String, Attribute>) {
    for (name, attribute) in attributes {
        let place = format!("{place}.{name}");
        assert!(attribute.description.contains(' ') && attribute.description.ends_with('.'), "{place}");
        if let Shape::Nested(_, inner) = &attribute.shape {
            sentences(&place, inner);
        }
    }
}

#[test]
fn validation_opens_no_register() {
    let folder = TempDir::new().unwrap();
    let mut host = Host::start(folder.path());
    for (kind, config) in [
        ("nhi_owner", owner()),
        ("nhi_zone", zone()),
        ("nhi_identity", identity()),
        ("nhi_exception", exception()),
        ("nhi_elevation", crate::elevation::elevation()),
        ("nhi_review", crate::review::review()),
        ("nhi_freeze", crate::freeze::freeze()),
        ("nhi_manifest", crate::manifest::manifest()),
    ] {
        assert_eq!(host.validate(kind, &config), [""; 0], "{kind}");
        let unknown = config.as_object().unwrap().keys().map(|name| (name.clone(), json!(UNKNOWN))).collect();
        assert_eq!(host.validate(kind, &Json::Object(unknown)), [""; 0], "{kind}");
    }
    assert_eq!(host.validate_provider(&json!({ "workspace": "platform" })), [""; 0]);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing was created");
}

#[test]
fn what_is_wrong_is_told_at_its_attribute() {
    let folder = TempDir::new().unwrap();
    let mut host = Host::start(folder.path());
    let mut check = |kind: &str, base: &Json, changes: Json, expected: &[&str]| {
        assert_eq!(host.validate(kind, &with(base, &changes)), expected, "{kind} {changes}");
    };
    let (owner, zone, identity, exception) = (owner(), zone(), identity(), exception());
    check(
        "nhi_owner",
        &owner,
        json!({ "accountable": [] }),
        &["error accountable: At least one element is required here"],
    );
    check(
        "nhi_owner",
        &owner,
        json!({ "name": "", "backup": ["carol@example.com", "ALICE@example.com"] }),
        &["error name: A name must not be empty", "error backup: `ALICE@example.com` is accountable already"],
    );
    check(
        "nhi_zone",
        &zone,
        json!({ "reaches": ["no good"] }),
        &["error reaches: `no good` is not a name: ` ` is not allowed at position 3"],
    );
    check(
        "nhi_zone",
        &zone,
        json!({ "labels": { "a": "x\ny", "b\n": "" } }),
        &["error labels.b\n: `b\\n` begins or ends with blanks"],
    );
    check("nhi_identity", &identity, json!({ "tier": 3 }), &["error tier: `3` is not a tier"]);
    check("nhi_identity", &identity, json!({ "tier": 0.5 }), &["error tier: `0.5` is not a tier"]);
    check(
        "nhi_identity",
        &identity,
        json!({ "tier": -1, "kind": "CI" }),
        &["error kind: `CI` is not a kind of identity", "error tier: `-1` is not a tier"],
    );
    check(
        "nhi_identity",
        &identity,
        json!({ "federation": [
            { "issuer": UNKNOWN, "audiences": UNKNOWN, "subject": "x" },
            { "issuer": " ", "audiences": [], "subject": "x", "max_lifetime": "1h1h", "workload": "cron" },
        ] }),
        &[
            "error federation.1.issuer: The text is empty",
            "error federation.1.audiences: At least one element is required here",
            "error federation.1.max_lifetime: `1h1h` is not a length of time: its units must go from larger to smaller, each once",
            "error federation.1.workload: `cron` is not a workload",
        ],
    );
    check(
        "nhi_exception",
        &exception,
        json!({ "expires_at": null }),
        &["error expires_at: The exception has no end"],
    );
    check("nhi_exception", &exception, json!({ "expires_at": null, "valid_for": UNKNOWN }), &[]);
    check(
        "nhi_exception",
        &exception,
        json!({ "valid_for": "90d" }),
        &["error valid_for: The exception has two ends"],
    );
    check(
        "nhi_exception",
        &exception,
        json!({ "expires_at": "2999-02-30T00:00:00Z" }),
        &["error expires_at: `2999-02-30T00:00:00Z` does not exist in the calendar"],
    );
    check(
        "nhi_exception",
        &exception,
        json!({ "permits": { "actions": [] } }),
        &["error permits: It permits nothing in particular"],
    );
    check("nhi_exception", &exception, json!({ "owner": null }), &[]);
    check(
        "nhi_exception",
        &exception,
        json!({ "compensating_controls": [], "reason": "" }),
        &[
            "error reason: The text is empty",
            "error compensating_controls: At least one element is required here",
        ],
    );
}

#[test]
fn the_provider_block() {
    let folder = TempDir::new().unwrap();
    let mut host = Host::start(folder.path());
    let mut check = |config: Json, validated: &[&str], configured: &[&str]| {
        assert_eq!(host.validate_provider(&config), validated, "{config}");
        assert_eq!(host.configure(&config), configured, "{config}");
    };
    check(json!({ "workspace": "w", "defaults": { "owner": "platform" } }), &[], &[]);
    check(json!({ "workspace": UNKNOWN, "register": UNKNOWN, "defaults": UNKNOWN }), &[], &[]);
    let name = "error workspace: `my work` is not a name: ` ` is not allowed at position 3";
    check(json!({ "workspace": "my work" }), &[name], &[name]);
    let location = "error register: Not a location of a register";
    check(json!({ "workspace": "w", "register": "postgres://alice:s3cret@x/d" }), &[location], &[location]);
    check(
        json!({ "workspace": "w", "register": "sqlite:none.db" }),
        &[],
        &["error register: There is no register"],
    );
    let owner = "error defaults.owner: A name must not be empty";
    check(json!({ "workspace": "w", "defaults": { "owner": "" } }), &[owner], &[]);
    let environment = "error defaults.environment: The text is empty";
    check(json!({ "workspace": "w", "defaults": { "environment": " " } }), &[environment], &[]);
    check(json!({ "workspace": "w", "defaults": { "environment": UNKNOWN } }), &[], &[]);
}
