//! Alphabets of who calls: entries of `Principal`, and the keys that follow from the caller.

use crate::differential::alphabet::{Alphabet, Holds, Key, owned};

/// Callers that no account has.
const OTHERS: [&str; 9] = [
    "AIDAEXAMPLEEXAMPLE",
    "anonymous",
    "a.amazonaws.com",
    "z.amazonaws.com",
    "cognito-identity.amazonaws.com",
    "arn:aws:iam::111122223333:saml-provider/f",
    "arn:aws:iam::111122223333:saml-provider/z",
    "z.example.com",
    "CanonicalUser:z",
];

/// Users, roles, sessions and roots of three accounts in two partitions, and everyone else.
fn callers() -> Vec<String> {
    const OF_IAM: [&str; 7] = ["role/r", "role/s", "role/p/r", "user/r", "user/u", "user/z", "root"];
    const OF_STS: [&str; 4] =
        ["assumed-role/r/one", "assumed-role/r/two", "assumed-role/s/one", "federated-user/r"];
    let mut callers = Vec::new();
    for partition in ["aws", "z"] {
        for account in ["111122223333", "444455556666", "777788889999"] {
            callers.extend(OF_IAM.map(|name| format!("arn:{partition}:iam::{account}:{name}")));
            callers.extend(OF_STS.map(|name| format!("arn:{partition}:sts::{account}:{name}")));
        }
    }
    callers.extend(owned(&OTHERS));
    callers
}

const ENTRIES: &[(&str, &str)] = &[
    ("AWS", "*"),
    ("AWS", "111122223333"),
    ("AWS", "arn:aws:iam::111122223333:root"),
    ("AWS", "arn:aws:iam::111122223333:role/r"),
    ("AWS", "arn:aws:iam::111122223333:user/u"),
    ("AWS", "arn:aws:sts::111122223333:assumed-role/r/one"),
    ("AWS", "arn:aws:iam::444455556666:role/r"),
    ("AWS", "444455556666"),
    ("Service", "a.amazonaws.com"),
    ("Service", "*"),
    ("Federated", "cognito-identity.amazonaws.com"),
    ("Federated", "arn:aws:iam::111122223333:saml-provider/f"),
];

const OPERATORS: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringNotLikeIfExists",
    "StringEqualsIfExists",
    "Null",
];

fn key(name: &'static str, operators: &'static [&'static str], wanted: &'static [&'static str]) -> Key {
    Key { name, operators, wanted, held: Vec::new(), holds: Holds::One, variable: false }
}

/// Keys whose contents follow from the caller: a request brings none of them itself.
fn followed() -> Vec<Key> {
    vec![
        key(
            "aws:PrincipalArn",
            &["ArnEquals", "ArnNotLike", "StringLike", "StringEquals", "ArnLikeIfExists", "StringNotEquals"],
            &[
                "arn:aws:iam::111122223333:role/r",
                "arn:aws:iam::111122223333:role/*",
                "arn:aws:iam::*:role/r",
                "arn:aws:iam::111122223333:user/u",
                "arn:aws:iam::*",
            ],
        ),
        key("aws:PrincipalAccount", OPERATORS, &["111122223333", "444455556666"]),
        key("aws:PrincipalType", OPERATORS, &["User", "AssumedRole", "Anonymous"]),
        key("aws:PrincipalIsAWSService", &["Bool", "BoolIfExists"], &["true", "false"]),
        key("aws:username", &["StringEquals", "StringNotEquals", "StringLike", "Null"], &["u", "r"]),
    ]
}

/// Resource policies that name callers, and ask for keys that follow from them.
pub(super) fn principals() -> Alphabet {
    Alphabet {
        actions: owned(&["a:x", "a:*"]),
        resources: owned(&["*"]),
        principals: ENTRIES.to_vec(),
        keys: followed(),
        asked_actions: owned(&["a:x", "a:z", "b:z"]),
        asked_resources: owned(&["*"]),
        asked_principals: callers(),
    }
}

/// Trust policies.
pub(super) fn trusts() -> Alphabet {
    let mut keys = followed();
    keys.push(Key {
        held: owned(&["one", "two"]),
        ..key("sts:ExternalId", &["StringEquals", "StringNotEquals", "Null"], &["one"])
    });
    Alphabet {
        actions: owned(&[
            "sts:AssumeRole",
            "sts:*",
            "sts:AssumeRoleWith*",
            "STS:TagSession",
            "*",
            "s3:GetObject",
        ]),
        principals: ENTRIES.to_vec(),
        keys,
        asked_actions: owned(&[
            "sts:AssumeRole",
            "sts:AssumeRoleWithWebIdentity",
            "sts:AssumeRoleWithSAML",
            "sts:TagSession",
            "sts:SetSourceIdentity",
        ]),
        asked_resources: owned(&["*"]),
        asked_principals: callers(),
        ..Alphabet::default()
    }
}

/// Identity policies of a known role, whose statements ask for keys that follow from it.
pub(super) fn keys() -> Alphabet {
    let mut keys = followed();
    keys.push(Key {
        held: owned(&["v", "z"]),
        ..key("k", &["StringEquals", "StringNotEquals", "Null"], &["v"])
    });
    Alphabet {
        actions: owned(&["a:x", "a:*"]),
        resources: owned(&["*", "arn:aws:a:::${aws:PrincipalAccount}", "arn:aws:a:::111122223333"]),
        keys,
        asked_actions: owned(&["a:x", "a:z", "b:z"]),
        asked_resources: owned(&["*", "arn:aws:a:::111122223333", "arn:aws:a:::444455556666"]),
        asked_principals: owned(&["arn:aws:iam::111122223333:role/r"]),
        ..Alphabet::default()
    }
}
