//! Explanations of one request, statement by statement.

#![expect(clippy::unwrap_used, reason = "the texts stand right here")]

use std::collections::BTreeMap;

use nhi_access::dialect::aws::{PolicyKind, parse};
use nhi_access::{
    Content, Decision, Document, DocumentId, Layer, LayerKind, Reading, Request, Truth, World, explain,
};

fn world(layers: &[(LayerKind, &str)]) -> World {
    let layer = |(kind, text): &(LayerKind, &str)| {
        let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{text}]}}"#);
        let content = Content::Aws(parse(&text, PolicyKind::Identity).unwrap());
        Layer { kind: *kind, documents: vec![Document { id: DocumentId(format!("{kind:?}")), content }] }
    };
    World {
        principal: Some("arn:aws:iam::111122223333:role/app".to_owned()),
        layers: layers.iter().map(layer).collect(),
        ..World::default()
    }
}

fn request(action: &str, context: &[(&str, &str)]) -> Request {
    let pair = |(key, value): &(&str, &str)| ((*key).to_owned(), vec![(*value).to_owned()]);
    Request {
        principal: "arn:aws:iam::111122223333:role/app".to_owned(),
        action: action.to_owned(),
        resource: "arn:aws:s3:::acme/a".to_owned(),
        context: context.iter().map(pair).collect::<BTreeMap<_, _>>(),
    }
}

const READ: &str = r#"{"Sid": "Read", "Effect": "Allow", "Action": "s3:Get*", "Resource": "arn:aws:s3:::acme/*",
    "Condition": {"Bool": {"aws:SecureTransport": true}, "StringEquals": {"aws:PrincipalTag/team": ["a", "b"]}}}"#;
const NONE: &str = r#"{"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::other/*"}"#;
const LISTS: &str = r#"{"Effect": "Allow", "Action": "s3:List*", "Resource": "*"}"#;

#[test]
fn every_statement_is_told_part_by_part() {
    let world = world(&[(LayerKind::Identity, &format!("{READ}, {NONE}"))]);
    let told =
        explain(&world, &request("s3:GetObject", &[("aws:securetransport", "true")]), Reading::default());
    assert_eq!(told.decision, Decision::Denied);
    assert_eq!(told.lacking, [LayerKind::Identity]);
    let [read, none] = told.statements.as_slice() else { panic!("{told:?}") };
    assert_eq!(read.sid.as_deref(), Some("Read"));
    assert_eq!((read.action, read.resource, read.matched), (Truth::Yes, Some(Truth::Yes), Truth::No));
    let held: Vec<_> = read.conditions.iter().map(|one| (one.words.as_str(), one.held)).collect();
    assert_eq!(held, [("Bool true", Truth::Yes), ("StringEquals a, b", Truth::No)]);
    assert_eq!((none.principal, none.resource, none.matched), (None, Some(Truth::No), Truth::No));
}

#[test]
fn a_layer_that_does_not_allow_is_named() {
    let world = world(&[(LayerKind::Identity, READ), (LayerKind::Boundary, LISTS)]);
    let context = [("aws:SecureTransport", "true"), ("aws:PrincipalTag/team", "b")];
    let told = explain(&world, &request("s3:GetObject", &context), Reading::default());
    assert_eq!((told.decision, told.lacking), (Decision::Denied, vec![LayerKind::Boundary]));
    assert_eq!(told.statements.first().unwrap().matched, Truth::Yes);
}
