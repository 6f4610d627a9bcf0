//! The functions, asked as a core asks them: in a process that nobody configured.

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::host::Host;

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
fn check(name: &str, cases: &[(&[Json; 2], Json)]) {
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
