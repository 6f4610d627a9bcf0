//! Each policy is read by the engine, which says who may assume the role.

use std::collections::BTreeMap;

use nhi_access::dialect::aws::{PolicyKind, parse};
use nhi_access::{Decision, Reading, Request, alone, evaluate};
use proptest::prelude::*;

use super::*;

const GITHUB_ISSUER: &str = "https://token.actions.githubusercontent.com";
const ARN: &str = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";

fn texts(all: &[&str]) -> Vec<String> {
    all.iter().copied().map(str::to_owned).collect()
}

fn github(subjects: &[&str], patterns: &[&str]) -> Trust {
    Trust {
        issuer: Some(GITHUB_ISSUER.to_owned()),
        account_id: Some("111122223333".to_owned()),
        subjects: texts(subjects),
        subject_patterns: texts(patterns),
        ..Trust::default()
    }
}

/// Whether a token of this provider with these claims assumes the role.
fn may(document: &str, provider: &str, claims: &[(&str, &str)]) -> bool {
    let world = alone(parse(document, PolicyKind::Trust).unwrap());
    let host = provider.split_once("oidc-provider/").map_or(provider, |(_, host)| host);
    let claims = claims.iter().map(|(claim, value)| (format!("{host}:{claim}"), texts(&[value])));
    let request = Request {
        principal: provider.to_owned(),
        action: "sts:AssumeRoleWithWebIdentity".to_owned(),
        resource: "arn:aws:iam::111122223333:role/deploy".to_owned(),
        context: claims.collect::<BTreeMap<_, _>>(),
    };
    let decision = evaluate(&world, &request, Reading::default());
    assert!(!matches!(decision, Decision::Unknown), "{decision:?}");
    decision == Decision::Allowed
}

#[test]
fn the_text_is_what_people_would_write() {
    let trust = github(&["repo:acme/app:environment:production"], &[]);
    let expected = r#"{"Statement":[{"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"token.actions.githubusercontent.com:aud":"sts.amazonaws.com","token.actions.githubusercontent.com:sub":"repo:acme/app:environment:production"}},"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"}}],"Version":"2012-10-17"}"#;
    assert_eq!(trust.document().unwrap(), expected);
    let same = Trust { account_id: None, provider_arn: Some(ARN.to_owned()), ..trust.clone() };
    assert_eq!(same.document().unwrap(), expected);
    let alone = Trust { issuer: None, ..same };
    assert_eq!(alone.document().unwrap(), expected);
}

#[test]
fn exactly_the_named_subjects_get_in() {
    let main = "repo:acme/app:ref:refs/heads/main";
    let document = github(&[main, "repo:acme/app:environment:production"], &[]).document().unwrap();
    let good = [("aud", "sts.amazonaws.com"), ("sub", main)];
    for (provider, claims, expected) in [
        (ARN, &good[..], true),
        (ARN, &[good[0], ("sub", "repo:acme/app:environment:production")], true),
        (ARN, &[good[0], ("sub", "repo:acme/app:ref:refs/heads/main2")], false),
        (ARN, &[good[0], ("sub", "repo:ACME/app:ref:refs/heads/main")], false),
        (ARN, &[good[0], ("sub", "repo:acme/app:pull_request")], false),
        (ARN, &[("aud", "https://github.com/acme"), good[1]], false),
        (ARN, &[good[0]], false),
        (ARN, &[good[1]], false),
        (ARN, &[], false),
        ("arn:aws:iam::111122223333:oidc-provider/gitlab.com", &good, false),
        ("arn:aws:iam::444455556666:oidc-provider/token.actions.githubusercontent.com", &good, false),
    ] {
        assert_eq!(may(&document, provider, claims), expected, "{provider} {claims:?}");
    }
}

#[test]
fn patterns_and_subjects_are_alternatives() {
    let document =
        github(&["repo:acme/app:pull_request"], &["repo:acme/lib:ref:refs/tags/v*"]).document().unwrap();
    for (subject, expected) in [
        ("repo:acme/app:pull_request", true),
        ("repo:acme/lib:ref:refs/tags/v1.2", true),
        ("repo:acme/lib:ref:refs/heads/v1", false),
        ("repo:acme/app:pull_requests", false),
    ] {
        assert_eq!(
            may(&document, ARN, &[("aud", "sts.amazonaws.com"), ("sub", subject)]),
            expected,
            "{subject}"
        );
    }
}

#[test]
fn further_claims_are_demanded_besides() {
    let claims = [("repository_id", texts(&["456789"])), ("job_workflow_ref", texts(&["a", "b"]))];
    let claims = claims.map(|(claim, values)| (claim.to_owned(), values)).into_iter().collect();
    let trust = Trust { claims, ..github(&["repo:acme/app:pull_request"], &[]) };
    let document = trust.document().unwrap();
    let base = [("aud", "sts.amazonaws.com"), ("sub", "repo:acme/app:pull_request")];
    for (more, expected) in [
        (&[("repository_id", "456789"), ("job_workflow_ref", "b")][..], true),
        (&[("repository_id", "456789"), ("job_workflow_ref", "c")], false),
        (&[("repository_id", "1"), ("job_workflow_ref", "a")], false),
        (&[("job_workflow_ref", "a")], false),
    ] {
        assert_eq!(may(&document, ARN, &[&base[..], more].concat()), expected, "{more:?}");
    }
}

#[test]
fn issuers_keep_their_paths() {
    for (issuer, host) in [
        ("https://gitlab.example.com", "gitlab.example.com"),
        (
            "https://oidc.eks.eu-central-1.amazonaws.com/id/ABC123",
            "oidc.eks.eu-central-1.amazonaws.com/id/ABC123",
        ),
        ("https://acme.auth.example.com/", "acme.auth.example.com/"),
    ] {
        let trust = Trust {
            issuer: Some(issuer.to_owned()),
            ..github(&["system:serviceaccount:prod:checkout"], &[])
        };
        let document = trust.document().unwrap();
        let provider = format!("arn:aws:iam::111122223333:oidc-provider/{host}");
        let claims = [("aud", "sts.amazonaws.com"), ("sub", "system:serviceaccount:prod:checkout")];
        assert!(may(&document, &provider, &claims), "{document}");
    }
    let google = Trust {
        issuer: Some("https://accounts.google.com".to_owned()),
        account_id: None,
        audiences: texts(&["1234567890"]),
        ..github(&["110000000000000000000"], &[])
    };
    let claims = [("aud", "1234567890"), ("sub", "110000000000000000000")];
    assert!(may(&google.document().unwrap(), "accounts.google.com", &claims));
    let china =
        Trust { partition: Some("aws-cn".to_owned()), ..github(&["repo:acme/app:pull_request"], &[]) };
    assert!(china.document().unwrap().contains("\"arn:aws-cn:iam::111122223333:oidc-provider/"));
}

#[test]
fn refusals() {
    let good = || github(&["repo:acme/app:pull_request"], &[]);
    let claim =
        |name: &str, values: &[&str]| Trust { claims: [(name.to_owned(), texts(values))].into(), ..good() };
    for (trust, expected) in [
        (Trust::default(), "it must say whom to trust"),
        (Trust { account_id: None, ..good() }, "it must say whom to trust"),
        (Trust { issuer: Some("http://gitlab.com".into()), ..good() }, "`issuer`: `http://gitlab.com`"),
        (Trust { issuer: Some("https://gitlab.com:8443".into()), ..good() }, "`issuer`: `"),
        (Trust { issuer: Some("https://*.example.com".into()), ..good() }, "`issuer`: `"),
        (Trust { issuer: Some("https://localhost".into()), ..good() }, "`issuer`: `"),
        (Trust { account_id: Some("1111-2222-3333".into()), ..good() }, "`account_id`: `1111-2222-3333`"),
        (Trust { partition: Some("azure".into()), ..good() }, "`partition`: `azure`"),
        (Trust { provider_arn: Some(ARN.into()), ..good() }, "`account_id` is already told"),
        (
            Trust { provider_arn: Some("arn:aws:iam::1:role/x".into()), account_id: None, ..good() },
            "`provider_arn`: `arn:aws:iam::1:role/x` is not the ARN",
        ),
        (
            Trust {
                provider_arn: Some("arn:aws:iam::111122223333:oidc-provider/gitlab.com".into()),
                account_id: None,
                ..good()
            },
            "`issuer`: the provider `arn:aws:iam::111122223333:oidc-provider/gitlab.com` stands for `https://gitlab.com`",
        ),
        (github(&[], &[]), "it must say which subjects"),
        (github(&["repo:acme/*"], &[]), "`subjects`: `repo:acme/*` holds a wildcard"),
        (github(&[""], &[]), "`subjects`: `` is not a value"),
        (
            github(&[], &["repo:acme/app:pull_request"]),
            "`subject_patterns`: `repo:acme/app:pull_request` holds no",
        ),
        (github(&[], &["*"]), "`subject_patterns`: `*` takes in strangers"),
        (github(&[], &["repo:*"]), "`subject_patterns`: `repo:*` takes in strangers"),
        (github(&[], &["repo:acme*"]), "`subject_patterns`: `repo:acme*` takes in strangers"),
        (Trust { audiences: texts(&["*"]), ..good() }, "`audiences`: `*` holds a wildcard"),
        (claim("aud", &["x"]), "`claims`: `aud` cannot"),
        (claim("sub", &["x"]), "`claims`: `sub` cannot"),
        (
            claim("repositry_id", &["1"]),
            "`claims`: `repositry_id` cannot be a condition here: of GitHub's claims",
        ),
        (claim("a:b", &["1"]), "`claims`: `a:b` cannot be a condition here: it is not the name"),
        (
            claim("repository_id", &[]),
            "`claims`: `repository_id` cannot be a condition here: it has no value",
        ),
        (claim("repository_id", &["*"]), "`claims[\"repository_id\"]`: `*` holds a wildcard"),
    ] {
        let told = trust.document().unwrap_err().to_string();
        assert!(told.starts_with(expected), "{trust:?}\nsays    {told}\nand not {expected}");
    }
}

proptest! {
    /// Whatever the subjects are, they get in, and what differs from all of them does not.
    #[test]
    fn whoever_is_named_gets_in_and_nobody_else(
        named in prop::collection::vec("[a-z:$ {}@/.%\"\\\\]{1,12}", 1..4),
        other in "[a-z:$ {}@/.%\"\\\\]{1,12}",
    ) {
        let named: Vec<&str> = named.iter().map(String::as_str).collect();
        let document = github(&named, &[]).document().unwrap();
        let enters = |subject: &str| may(&document, ARN, &[("aud", "sts.amazonaws.com"), ("sub", subject)]);
        for subject in &named {
            prop_assert!(enters(subject), "{} not by {}", subject, document);
        }
        prop_assert_eq!(enters(&other), named.contains(&other.as_str()));
    }
}
