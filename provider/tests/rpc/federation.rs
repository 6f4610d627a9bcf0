//! `nhi_federation`: whom it lets in, and whom it must not.

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::config::with;
use crate::lifecycle::{furnished, workspace};
use crate::values::UNKNOWN;

const KIND: &str = "nhi_federation";

pub(crate) fn federation() -> Json {
    json!({
        "name": "shop-pipeline",
        "issuer": "https://token.actions.githubusercontent.com",
        "audiences": { "aws": "sts.amazonaws.com", "vault": "https://vault.example.com" },
        "subject": "repo:acme/shop:environment:production",
        "claims": { "repository_id": ["12345"], "job_workflow_ref": ["acme/ci/.github/workflows/*@refs/tags/v1"] },
        "lifetimes": { "ci_job": "15m", "batch": "60m" },
        "identity": "deployer",
        "owner": "platform",
        "labels": { "team": "core" },
    })
}

#[test]
fn it_lives_and_ends() {
    let folder = TempDir::new().unwrap();
    let (mut host, [owner, _, identity]) = furnished(&folder);
    let first = host.create(KIND, &federation());
    assert_eq!(first.shown(), with(&federation(), &json!({ "id": "shop-pipeline" })));
    let read = host.read(KIND, &first).unwrap().unwrap();
    assert!(host.plan(KIND, Some(&read), &federation()).unwrap().is_no_change());
    let respelled = with(&federation(), &json!({ "lifetimes": { "ci_job": "15m", "batch": "1h" } }));
    let changed = host.change(KIND, Some(&read), &respelled);
    let imported = host.import(KIND, "shop-pipeline").unwrap();
    assert!(host.plan(KIND, Some(&imported), &respelled).unwrap().is_no_change());

    for (kind, object) in [("nhi_identity", &identity), ("nhi_owner", &owner)] {
        assert_eq!(host.destroy(kind, object), ["warning : Others still named it"], "{kind}");
    }
    let bare = json!({ "claims": null, "lifetimes": {}, "identity": null, "owner": "none", "labels": null });
    let plan = host.plan(KIND, Some(&changed), &with(&federation(), &bare)).unwrap();
    assert_eq!(host.apply(KIND, &plan).1, ["error owner: No owner `none` is declared"]);
    assert_eq!(host.destroy(KIND, &changed), [""; 0]);
    assert_eq!(host.read(KIND, &changed).unwrap(), None);
}

#[test]
fn somebody_answers_for_it() {
    let folder = TempDir::new().unwrap();
    let (mut host, _) = furnished(&folder);
    let alone = with(&federation(), &json!({ "identity": null, "owner": null }));
    assert_eq!(host.validate(KIND, &alone), [""; 0], "a default may come");
    assert_eq!(host.plan(KIND, None, &alone).unwrap_err(), ["error owner: Nobody answers for it"]);
    let of_identity = with(&federation(), &json!({ "owner": null }));
    assert_eq!(host.create(KIND, &of_identity).shown().get("owner"), None);
    let defaults = with(&workspace("platform"), &json!({ "defaults": { "owner": "platform" } }));
    assert_eq!(host.configure(&defaults), [""; 0]);
    let named = with(&alone, &json!({ "name": "other", "claims": null, "lifetimes": null, "labels": null }));
    assert_eq!(host.create(KIND, &named).shown()["owner"], "platform");
}

#[test]
fn what_is_wrong_is_told_at_its_attribute() {
    let folder = TempDir::new().unwrap();
    let (mut host, _) = furnished(&folder);
    let mut check = |changes: Json, expected: &[&str]| {
        assert_eq!(host.validate(KIND, &with(&federation(), &changes)), expected, "{changes}");
    };
    check(json!({}), &[]);
    check(
        json!({ "issuer": "http://token.example.com" }),
        &[
            "error issuer: `http://token.example.com` is not encrypted: whoever sits on the way can replace its keys",
        ],
    );
    check(json!({ "audiences": {} }), &["error audiences: At least one element is required here"]);
    check(
        json!({ "audiences": { "aws": "", "vault": "*", "x": UNKNOWN } }),
        &[
            "error audiences.aws: The text is empty",
            "error audiences.vault: `*` takes tokens that are meant for anybody",
        ],
    );
    check(
        json!({ "subject": "repo:*", "claims": null }),
        &[
            "error subject: `repo:*` lets anybody in: it leaves the owner of the repository open, and anybody can be one",
        ],
    );
    check(json!({ "subject": "repo:*", "claims": { "repository_owner_id": ["1"] } }), &[]);
    check(json!({ "subject": "repo:*", "claims": UNKNOWN }), &[]);
    check(json!({ "subject": "repo:*", "claims": { "repository_owner_id": [UNKNOWN] } }), &[]);
    check(
        json!({ "subject": "system:serviceaccount:*", "claims": { "environment": ["production"] } }),
        &["error subject: `system:serviceaccount:*` lets anybody in: every workload of the cluster fits it"],
    );
    check(
        json!({ "issuer": "spiffe://example.com", "subject": "spiffe://example.org/ns/shop/sa/api" }),
        &["error subject: `spiffe://example.org/ns/shop/sa/api` is not of the trust domain `example.com`"],
    );
    check(
        json!({ "claims": { "sub": ["x"], "ref": [], "ref_protected": ["true", ""] } }),
        &[
            "error claims.ref: At least one element is required here",
            "error claims.ref_protected: The text is empty",
            "error claims.sub: `sub` is `subject` already",
        ],
    );
    check(
        json!({ "lifetimes": { "batch": "25h", "nightly": "1h", "agent": "soon", "serving": UNKNOWN } }),
        &[
            "error lifetimes.agent: `soon` is not a length of time",
            "error lifetimes.batch: A token that lives 1d1h is a stored secret",
            "error lifetimes.nightly: `nightly` is not a class of workload",
        ],
    );
}

#[test]
fn what_is_wide_is_a_warning() {
    let folder = TempDir::new().unwrap();
    let (mut host, _) = furnished(&folder);
    let mut check = |changes: Json, expected: &[&str]| {
        let told = host.plan(KIND, None, &with(&federation(), &changes)).unwrap().told;
        assert_eq!(told.len(), expected.len(), "{changes}: {told:?}");
        for (told, expected) in told.iter().zip(expected) {
            assert!(told.starts_with(expected), "{told}");
        }
    };
    check(json!({}), &[]);
    check(
        json!({ "subject": "repo:acme/*", "claims": null }),
        &["warning subject: `repo:acme/*` is wide: it takes in every repository"],
    );
    check(json!({ "subject": "repo:acme/*", "claims": { "job_workflow_ref": ["acme/ci/*"] } }), &[]);
    check(json!({ "subject": "repo:acme/*", "claims": UNKNOWN }), &[]);
    check(
        json!({ "subject": "repo:acme/*", "claims": { "job_workflow_ref": ["*"] } }),
        &[
            "warning subject: `repo:acme/*` is wide",
            "warning claims.job_workflow_ref: It lets any value through",
        ],
    );
    let pull_request = "repo:acme/shop:pull_request";
    check(
        json!({ "subject": pull_request, "claims": null }),
        &["warning subject: `repo:acme/shop:pull_request` is wide: whoever may open a pull request"],
    );
    check(json!({ "subject": pull_request, "claims": { "environment": ["review"] } }), &[]);
    check(
        json!({ "subject": "repo:*", "claims": { "repository_owner_id": ["1"] } }),
        &["warning subject: `repo:*` is wide: only its claims tell who gets in"],
    );
    check(
        json!({ "audiences": { "a": "https://github.com/acme", "b": "x", "c": "x" } }),
        &[
            "warning audiences.a: `https://github.com/acme` is what tokens are for when nobody says so",
            "warning audiences.c: `x` is the audience of `b` as well",
        ],
    );
    check(
        json!({ "lifetimes": { "agent": "6m", "batch": "2h", "interactive": "1h", "serving": UNKNOWN } }),
        &[
            "warning lifetimes.agent: A token that lives 6m is long for `agent`",
            "warning lifetimes.batch: A token that lives 2h is long for `batch`",
        ],
    );
    let unknown: Json =
        federation().as_object().unwrap().keys().map(|key| (key.clone(), json!(UNKNOWN))).collect();
    check(unknown, &[]);
}
