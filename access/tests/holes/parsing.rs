//! Where a hole may stand, and what is said of one that may not.

use nhi_access::dialect::aws::{Item, PolicyKind, Statement, parse, parse_with_holes};
use nhi_access::hole::{Hole, Shape, mark};

fn hole(shape: Shape) -> Vec<Hole> {
    vec![Hole { reference: "var.x".to_owned(), shape }]
}

fn statement(fields: &str) -> String {
    let rest = if fields.contains("Resource") { "" } else { r#","Resource":"*""# };
    let effect = if fields.contains("Effect") { "" } else { r#""Effect":"Allow","# };
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{{{effect}{fields}{rest}}}]}}"#);
    text.replace('@', &mark(0).to_string())
}

fn check(fields: &str, kind: PolicyKind, expected: &str) {
    let text = statement(fields);
    let got = match parse_with_holes(&text, kind, &hole(Shape::Value)) {
        Ok(policy) => policy.display_text().split_whitespace().collect::<Vec<_>>().join(" "),
        Err(error) => error.to_string(),
    };
    assert!(got.contains(expected), "{fields}\n{got}\n{expected}");
}

#[test]
fn a_hole_stands_where_a_string_may() {
    let identity = PolicyKind::Identity;
    check(r#""Action":"s3:*","Resource":"@/*""#, identity, r#""Resource": "${var.x}/*""#);
    check(r#""Action":"@""#, identity, r#""Action": "${var.x}""#);
    check(r#""Sid":"of@","Action":"a:b""#, identity, r#""Sid": "of${var.x}""#);
    check(
        r#""Action":"a:b","Condition":{"StringEquals":{"@:sub":"@"}}"#,
        identity,
        r#""${var.x}:sub": "${var.x}""#,
    );
    check(r#""Action":"a:b","Principal":"@""#, PolicyKind::Resource, r#""Service": "${var.x}""#);
    check(
        r#""Action":"a:b","Condition":"@""#,
        identity,
        r#""Condition": { "(known after apply)": { "${var.x}": "${var.x}""#,
    );
}

#[test]
fn a_statement_may_be_a_hole() {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":["{}"]}}"#, mark(0));
    let policy = parse_with_holes(&text, PolicyKind::Resource, &hole(Shape::Value)).unwrap();
    assert_eq!(policy.statements.len(), 2);
    assert!(policy.statements.iter().all(Statement::has_unknown));
}

#[test]
fn errors_name_the_reference() {
    let identity = PolicyKind::Identity;
    check(r#""Effect":"@","Action":"a:b""#, identity, "`${var.x}` is neither `Allow` nor `Deny`");
    check(r#""Action":@"#, identity, "`var.x` is only known after apply and stands outside a string");
    check(r#""Action":"a\udbc0\udc00b""#, identity, "an escaped character that stands for a hole");
}

#[test]
fn a_plain_text_has_no_holes() {
    let text = statement(r#""Action":"s3:@""#);
    assert!(parse(&text, PolicyKind::Identity).is_err());
    // A mark of no hole is text that no policy may hold.
    assert!(parse_with_holes(&text, PolicyKind::Identity, &[]).is_err());
    let policy = parse(&text.replace(mark(0), "GetObject"), PolicyKind::Identity).unwrap();
    assert!(policy.statements.iter().all(|one| matches!(one.action.items(), [Item::Text(_)])));
}
