//! Pairs of documents and what the comparison says of them.

use nhi_access::dialect::aws::{PolicyKind, parse};
use nhi_access::{Content, Document, DocumentId, Layer, LayerKind, Settings, UnknownReason, World, compare};

fn world(kind: LayerKind, policy: PolicyKind, statements: &str) -> World {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
    let content = match parse(&text, policy) {
        Ok(policy) => Content::Aws(policy),
        Err(error) => Content::Unknown(UnknownReason::Unreadable(error.to_string())),
    };
    World {
        layers: vec![Layer { kind, documents: vec![Document { id: DocumentId("d".into()), content }] }],
        ..World::default()
    }
}

fn check(before: &str, after: &str, expected: &str) {
    let identity = |text| world(LayerKind::Identity, PolicyKind::Identity, text);
    let answer = compare(&identity(before), &identity(after), &Settings::default());
    assert_eq!(format!("{:?}", answer.verdict), expected, "\n{before}\n{after}\n{answer:#?}");
}

const READ: &str = r#"{"Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::acme","arn:aws:s3:::acme/*"]}"#;

#[test]
fn pairs() {
    check(READ, READ, "NoNewAccess");
    check(
        READ,
        &format!(r#"{READ},{{"Effect":"Allow","Action":"iam:PassRole","Resource":"*"}}"#),
        "NewAccess",
    );
    check(
        READ,
        r#"{"Effect":"Allow","Action":"s3:getobject","Resource":["arn:aws:s3:::acme/*","arn:aws:s3:::acme"]},{"Effect":"Allow","Action":"s3:ListBucket","Resource":["arn:aws:s3:::acme/*","arn:aws:s3:::acme"]}"#,
        "NoNewAccess",
    );
    check(READ, r#"{"Effect":"Allow","Action":["s3:Get*"],"Resource":["arn:aws:s3:::acme/*"]}"#, "NewAccess");
    check(
        r#"{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"iam:*","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#,
        "NewAccess",
    );
    check(
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#,
        "NewAccess",
    );
    check(
        r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#,
        r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}"#,
        "NoNewAccess",
    );
    check(
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringLike":{"aws:PrincipalTag/x":"a*"}}}"#,
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/x":["ab","ac"]}}}"#,
        "NoNewAccess",
    );
    check(
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalTag/x":"a"}}},{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:PrincipalTag/x":"a"}}}"#,
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#,
        "NoNewAccess",
    );
    check(
        r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/${aws:username}/*"}"#,
        r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws:s3:::b/${aws:username}/*"],"Condition":{}}"#,
        "NoNewAccess",
    );
    check(
        r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*"},{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::b/admin"}"#,
        r#"{"Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws:s3:::b/${aws:username}"]}"#,
        "NewAccess",
    );
    check(
        r#"{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}"#,
        r#"{"Effect":"Allow","NotAction":["iam:*","s3:*"],"Resource":"*"}"#,
        "NoNewAccess",
    );
    check(
        r#"{"Effect":"Allow","NotAction":["iam:*","s3:*"],"Resource":"*"}"#,
        r#"{"Effect":"Allow","NotAction":"iam:*","Resource":"*"}"#,
        "NewAccess",
    );
    check(
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}"#,
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":["10.1.0.0/16","10.2.0.1"]}}}"#,
        "NoNewAccess",
    );
    check(
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/9"}}}"#,
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":["10.0.0.0/8"]}}}"#,
        "NewAccess",
    );
}
