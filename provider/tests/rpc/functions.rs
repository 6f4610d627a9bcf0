//! The functions, asked as a core asks them: in a process that nobody configured.

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::host::Host;
use crate::values::UNKNOWN;

fn allow(action: &str, resource: &str) -> Json {
    json!({ "Effect": "Allow", "Action": action, "Resource": resource })
}

/// A document, as `jsonencode` writes it.
fn document(statements: &[Json]) -> Json {
    json!(json!({ "Version": "2012-10-17", "Statement": statements }).to_string())
}

fn trust(account: &str) -> Json {
    let principal = json!({ "AWS": format!("arn:aws:iam::{account}:root") });
    document(&[json!({ "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole" })])
}

/// Begins of what is answered: a list of sentences or a truth, else what the error says at which argument.
fn check<const N: usize>(name: &str, cases: &[(&[Json; N], Json)]) {
    let folder = TempDir::new().unwrap();
    let mut host = Host::start(folder.path());
    for (arguments, expected) in cases {
        let told = host.call(name, arguments.as_slice());
        assert_eq!(told, host.call(name, arguments.as_slice()), "a function is pure");
        let fits = match (&told, expected) {
            (Json::Array(told), Json::Array(begins)) => {
                let begins = begins.iter().map(|begin| begin.as_str().unwrap());
                told.len() == begins.len()
                    && told.iter().zip(begins).all(|(told, begin)| told.as_str().unwrap().starts_with(begin))
            }
            (Json::String(told), Json::String(begin)) => told.starts_with(begin.as_str()),
            _ => told == *expected,
        };
        assert!(fits, "{name}({arguments:?})\nanswered {told}\nand not  {expected}");
    }
}

const NO_TEXT: &str = "it is not the text of a policy document";

#[test]
fn new_access_is_told_in_sentences() {
    let read = document(&[allow("s3:GetObject", "arn:aws:s3:::acme-logs/*")]);
    let wider = document(&[allow("s3:*Object", "arn:aws:s3:::acme-logs/*")]);
    let odd = json!({
        "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
        "Condition": { "StringSounds": { "aws:PrincipalTag/team": "a" } },
    });
    let bucket = json!({
        "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::acme-logs/*",
    });
    check(
        "new_access",
        &[
            (&[read.clone(), read.clone()], json!([])),
            (&[wider.clone(), read.clone()], json!([])),
            (&[read.clone(), wider], json!(["may now `s3:*Object` "])),
            (&[Json::Null, read.clone()], json!(["may now `s3:GetObject` on "])),
            (&[Json::Null, document(&[])], json!([])),
            (&[read.clone(), document(&[odd])], json!(["undecided, so new access is possible: "])),
            (
                &[trust("111122223333"), trust("444455556666")],
                json!(["account `444455556666` (any principal in it) "]),
            ),
            (
                &[document(&[]), document(std::slice::from_ref(&bucket))],
                json!(["anyone may now `s3:GetObject` on "]),
            ),
            (
                &[document(std::slice::from_ref(&bucket)), document(&[bucket.clone(), allow("s3:*", "*")])],
                json!("1: statement 2 names no principal"),
            ),
            (&[read.clone(), document(&[bucket])], json!("-: one of the documents names principals")),
            (&[json!("?"), read.clone()], json!("?")),
            (&[read.clone(), Json::Null], json!("1: it must not be null")),
            (&[json!(""), read.clone()], json!(format!("0: {NO_TEXT}"))),
            (&[read.clone(), json!("arn:aws:iam::aws:policy/X")], json!(format!("1: {NO_TEXT}"))),
            (&[read.clone(), json!("{")], json!("1: the policy is not readable: ")),
            (&[read, json!(r#"{"Statement":[{"Effect":"Allow","Acton":"*"}]}"#)], json!("1: statement ")),
        ],
    );
}

#[test]
fn within_is_true_false_or_an_error() {
    let ceiling = document(&[allow("s3:*", "*")]);
    let inside = document(&[allow("s3:GetObject", "arn:aws:s3:::acme-logs/*")]);
    let outside = document(&[allow("s3:GetObject", "*"), allow("iam:PassRole", "*")]);
    let odd = json!({
        "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
        "Condition": { "StringSounds": { "aws:PrincipalTag/team": "a" } },
    });
    check(
        "within",
        &[
            (&[inside.clone(), ceiling.clone()], json!(true)),
            (&[ceiling.clone(), ceiling.clone()], json!(true)),
            (&[outside, ceiling.clone()], json!(false)),
            (&[ceiling.clone(), inside.clone()], json!(false)),
            (
                &[inside.clone(), document(&[odd])],
                json!("-: whether the policy stays within the ceiling is undecided: "),
            ),
            (&[inside.clone(), json!("?")], json!("?")),
            (&[inside.clone(), Json::Null], json!("1: it must not be null")),
            (&[json!("[]"), ceiling], json!(format!("0: {NO_TEXT}"))),
            (&[inside, json!("{}")], json!("1: policy: `Statement` is missing")),
        ],
    );
}

#[test]
fn tiers_have_ranks() {
    check(
        "tier_rank",
        &[
            (&[json!("T1")], json!(1)),
            (&[json!("control")], json!(0)),
            (&[json!("gold")], json!("0: `gold` is not a tier: write `0`, ")),
            (&[Json::Null], json!("0: it must not be null")),
            (&[json!("?")], json!("?")),
        ],
    );
}

#[test]
fn spiffe_ids_are_taken_apart() {
    let parts = json!({ "trust_domain": "example.com", "path": "/ns/prod", "segments": ["ns", "prod"] });
    let domain = json!({ "trust_domain": "example.com", "path": "", "segments": [] });
    check(
        "parse_spiffe_id",
        &[
            (&[json!("spiffe://example.com/ns/prod")], parts),
            (&[json!("spiffe://example.com")], domain),
            (&[json!("spiffe://example.com/")], json!("0: the path `/` has an empty part")),
            (&[json!("?")], json!("?")),
        ],
    );
}

#[test]
fn jobs_have_subjects() {
    let main = || json!({ "repository": "acme/app", "branch": "main" });
    let with = |name: &str, value: Json| {
        let mut job = main();
        job[name] = value;
        job
    };
    let subject = "repo:acme/app:ref:refs/heads/main";
    check(
        "github_subject",
        &[
            (&[main()], json!(subject)),
            (&[with("tag", Json::Null)], json!(subject)),
            (&[with("pull_request", json!(false))], json!(subject)),
            (&[with("tag", json!("v1"))], json!("0: exactly one of `branch`, `tag`, `ref`, ")),
            (
                &[with("repo", json!("x"))],
                json!("0: there is no attribute `repo`; it may have `repository`, "),
            ),
            (
                &[with("owner_id", json!(12))],
                json!("0: `owner_id` and `repository_id` go together: `repository_id` is missing"),
            ),
            (
                &[with("pull_request", json!("yes"))],
                json!("0: `pull_request`: `true` or `false` is needed, not a string"),
            ),
            (&[with("branch", json!(UNKNOWN))], json!("?")),
            (&[with("branch", json!("a b"))], json!("0: `branch`: `a b` is not a name git knows")),
            (&[json!({ "branch": "main" })], json!("0: `repository` is missing")),
            (&[json!("acme/app")], json!("0: an object is needed, not a string")),
            (&[Json::Null], json!("0: it must not be null")),
            (
                &[
                    json!({ "repository": "acme/app", "owner_id": 12, "repository_id": "34", "pull_request": true }),
                ],
                json!("repo:acme@12/app@34:pull_request"),
            ),
        ],
    );
    let job = |more: Json| {
        let mut job = json!({ "project": "acme/app" });
        job.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        job
    };
    check(
        "gitlab_subject",
        &[
            (&[job(json!({ "tag": "v1" }))], json!("project_path:acme/app:ref_type:tag:ref:v1")),
            (
                &[job(json!({ "branch": "main", "components": ["project_path", "ref"] }))],
                json!("project_path:acme/app:ref:main"),
            ),
            (&[job(json!({}))], json!("0: exactly one of `branch` and `tag`")),
            (
                &[job(json!({ "branch": "main", "components": [true] }))],
                json!("0: `components`: a text or a list of texts "),
            ),
        ],
    );
    let run = |phase: &str| json!({ "organization": "acme", "workspace": "net", "run_phase": phase });
    check(
        "terraform_cloud_subject",
        &[
            (
                &[run("apply")],
                json!("organization:acme:project:Default Project:workspace:net:run_phase:apply"),
            ),
            (&[run("*")], json!("0: `run_phase`: `*` is not a phase")),
        ],
    );
    check(
        "kubernetes_subject",
        &[
            (&[json!("prod"), json!("checkout")], json!("system:serviceaccount:prod:checkout")),
            (&[json!("*"), json!("checkout")], json!("0: `namespace`: `*` holds a wildcard")),
            (&[json!("prod"), json!("a:b")], json!("1: `service_account`: `a:b` is not")),
        ],
    );
}

#[test]
fn a_trust_policy_is_a_document() {
    let github = |more: Json| {
        let mut federation = json!({
            "issuer": "https://token.actions.githubusercontent.com", "account_id": 111_122_223_333_i64,
        });
        federation.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        federation
    };
    check(
        "aws_trust_policy",
        &[
            (
                &[github(
                    json!({ "subjects": "repo:acme/app:pull_request", "claims": { "repository_id": 7, "ref": null } }),
                )],
                json!(
                    r#"{"Statement":[{"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com","token.actions.githubusercontent.com:repository_id":"7","token.actions.githubusercontent.com:sub":"repo:acme/app:pull_request"}},"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}}],"Version":"2012-10-17"}"#
                ),
            ),
            (&[github(json!({}))], json!("0: it must say which subjects may assume the role")),
            (
                &[github(json!({ "subject_patterns": ["repo:*"] }))],
                json!("0: `subject_patterns`: `repo:*` takes in strangers"),
            ),
            (&[github(json!({ "subjects": [UNKNOWN] }))], json!("?")),
            (&[github(json!({ "subject": "x" }))], json!("0: there is no attribute `subject`")),
        ],
    );
}

#[test]
fn audiences_are_those_of_the_platforms() {
    check("audience_for", &[(&[json!("aws")], json!("sts.amazonaws.com"))]);
    check(
        "audience_for",
        &[(&[json!("github")], json!("0: the audience of `github` is made of `organization`"))],
    );
    let two = |parts: Json| [json!("service"), parts];
    check(
        "audience_for",
        &[
            (
                &two(json!({ "name": "checkout", "domain": "example.com" })),
                json!("https://checkout.example.com"),
            ),
            (
                &two(json!({ "name": "Checkout", "domain": "example.com" })),
                json!("1: `name`: `Checkout` is not"),
            ),
            (&two(json!({ "nam": "x" })), json!("1: there is no attribute `nam`")),
            (&two(json!({ "name": UNKNOWN })), json!("?")),
        ],
    );
    check("audience_for", &[(&[json!("aws"), json!({}), json!({})], json!("2: one object says all parts"))]);
}

#[test]
fn lifetimes_are_advised() {
    let ask = |work: Json| {
        let folder = TempDir::new().unwrap();
        Host::start(folder.path()).call("ttl_recommend", &[work])
    };
    let told = ask(json!({ "class": "ci", "run_p99": "25m", "queue": 90.5, "tier": "T1" }));
    assert_eq!(told["feasible"], true, "{told}");
    assert_eq!((&told["recommended"], &told["recommended_seconds"]), (&json!("28m"), &json!(1680)), "{told}");
    assert_eq!(told["maximum_seconds"], 14_400, "{told}");
    assert_eq!(told["refresh_after_seconds"], Json::Null, "{told}");
    let told = ask(json!({ "class": "batch", "refreshable": false, "run_p99": "6h", "tier": 0 }));
    assert_eq!((&told["feasible"], &told["recommended"]), (&json!(false), &Json::Null), "{told}");
    assert!(told["reason"].as_str().unwrap().starts_with("no lifetime works: a run of 6h cannot"), "{told}");
    assert_eq!(told["warnings"].as_array().unwrap().len(), 1, "{told}");
    let told = ask(json!({ "class": "serving", "fleet_size": 900, "issuer_rate": 5.5, "failure_rate": 0.1 }));
    assert_eq!(
        (&told["requests_per_second"], &told["refresh_failure_rate"]),
        (&json!(0.5), &json!(0.001)),
        "{told}"
    );
    for (work, expected) in [
        (json!({}), "0: `class` is missing"),
        (
            json!({ "class": "cron" }),
            "0: `class`: `cron` is not a class of work: write one of `interactive`, ",
        ),
        (json!({ "class": "ci", "run_p99": "long" }), "0: `run_p99`: `long` is not a length of time"),
        (json!({ "class": "ci", "run_p99": -1 }), "0: `run_p99`: -1 is not a number of seconds"),
        (json!({ "class": "ci", "run_p99": true }), "0: `run_p99`: a length of time "),
        (json!({ "class": "ci", "attempts": 0 }), "0: `attempts`: at least one"),
        (json!({ "class": "ci", "attempts": 1.5 }), "0: `attempts`: 1.5 is not a whole number"),
        (json!({ "class": "ci", "failure_rate": 2 }), "0: `failure_rate`: 2 is more than 1"),
        (json!({ "class": "ci", "issuer_rate": 0 }), "0: `issuer_rate`: an issuer that"),
        (json!({ "class": "ci", "tier": 7 }), "0: `tier`: `7` is not a tier"),
        (json!({ "class": UNKNOWN }), "?"),
    ] {
        let told = ask(work.clone());
        assert!(
            told.as_str().is_some_and(|told| told.starts_with(expected)),
            "{work}\nanswers {told}\nand not {expected}"
        );
    }
}

#[test]
fn days_are_counted_from_a_given_now() {
    check(
        "expires_in_days",
        &[
            (&[json!("2027-03-31"), json!("2027-03-01T00:00:01Z")], json!(29)),
            (&[json!("2027-03-01T00:00:00Z"), json!("2027-03-02")], json!(-1)),
            (&[json!("soon"), json!("2027-03-02")], json!("0: `soon` is not an RFC 3339 time")),
            (&[json!("2027-03-01"), json!("2027-02-29")], json!("1: `2027-02-29` does not exist")),
            (&[json!("2027-03-01"), json!("?")], json!("?")),
        ],
    );
}
