//! Real plans, read whole: what is in them, and what becomes of masks and references.

#![expect(clippy::unwrap_used, reason = "a panic here is the failure")]

use std::io::Read;
use std::path::Path;

use nhi_analyzer_input::{Actions, Change, Expression, Plan, StateResource, Value};
use nhi_analyzer_model::{Address, AttributePath};

fn bytes(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans").join(name);
    let raw = std::fs::read(path).unwrap();
    if Path::new(name).extension().is_some_and(|end| end == "gz") {
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(raw.as_slice()).read_to_end(&mut plain).unwrap();
        return plain;
    }
    raw
}

fn address(text: &str) -> Address {
    text.parse().unwrap()
}

fn change<'p, 'a>(plan: &'p Plan<'a>, text: &str) -> &'p Change<'a> {
    plan.changes.iter().find(|change| change.address.to_string() == text).unwrap()
}

/// The resources behind an attribute, and behind a sign the names that lead nowhere.
fn behind(plan: &Plan<'_>, text: &str, attribute: &str) -> Vec<String> {
    let mut path = AttributePath::default();
    if !attribute.is_empty() {
        path = AttributePath::of(attribute);
    }
    match plan.configuration.expression(&address(text), &path) {
        Expression::References(references) => {
            let to = references.to.iter().map(|one| format!("{} {}", one.address, one.attribute));
            to.chain(references.unresolved.iter().map(|name| format!("? {name}"))).collect()
        }
        other => vec![format!("{other:?}")],
    }
}

#[test]
fn every_plan_is_read_whole() {
    for (name, changes, drift) in [
        ("01.json", 2, 1),
        ("05.json", 2, 1),
        ("10.json", 4, 1),
        ("13.json", 1, 0),
        ("19.json", 4, 1),
        ("27.json", 1, 1),
        ("zoo.json", 10, 4),
        ("small-update.json", 10, 0),
        ("large-update.json.gz", 2000, 0),
    ] {
        let text = bytes(name);
        let plan = Plan::parse(&text).unwrap();
        assert_eq!((plan.changes.len(), plan.drift.len()), (changes, drift), "{name}");
        assert_eq!(plan.unreadable, [], "{name}");
        assert!(plan.complete && !plan.errored, "{name}");
        for change in plan.changes.iter().chain(&plan.drift) {
            assert!(!change.before().is_unknown() && !change.after().is_unknown(), "{name} {change:?}");
            let told = change.actions == Actions::NoOp || change.changed();
            assert!(told, "{name} {change:?}");
            assert_eq!(change.address.to_string().parse(), Ok(change.address.clone()));
        }
    }
}

#[test]
fn an_unknown_element_stays_at_its_index() {
    let text = bytes("10.json");
    let plan = Plan::parse(&text).unwrap();
    let after = change(&plan, "data.aws_iam_policy_document.app").after();
    let second = after.get("statement").at(1);
    assert_eq!(second.get("resources"), &Value::List(vec![Value::Unknown]));
    assert_eq!(after.get("json"), &Value::Unknown);
    assert!(after.get("statement").at(0).is_known());
    let policy = change(&plan, "aws_iam_role_policy.app");
    assert_eq!(policy.after().get("policy"), &Value::Unknown);
    assert!(policy.before().get("policy").as_str().is_some());
    assert_eq!(behind(&plan, "aws_iam_role_policy.app", "policy"), ["data.aws_iam_policy_document.app json"]);
}

#[test]
fn what_a_partial_plan_leaves_out() {
    let text = r#"{"format_version":"1.2","complete":false,"resource_changes":[
        {"address":"a_b.here","change":{"actions":["no-op"]}},
        {"address":"a_b.new","previous_address":"a_b.old","change":{"actions":["no-op"]}},
        {"address":"a_b.kept","deposed":"1234abcd","change":{"actions":["delete"]}}],
        "prior_state":{"values":{"root_module":{"resources":[
          {"address":"a_b.here","mode":"managed","values":{}}, {"address":"a_b.old","mode":"managed","values":{}},
          {"address":"a_b.kept","mode":"managed","values":{"x":1,"y":2,"z":"s"},"sensitive_values":{"z":true}},
          {"address":"data.a_b.read","mode":"data","values":{"json":"{}"}}],
          "child_modules":[{"resources":[{"address":"module.m[\"a.b\"].a_b.c","mode":"managed"}]}]}}}}"#;
    let plan = Plan::parse(text).unwrap();
    let names =
        |list: &[StateResource<'_>]| list.iter().map(|one| one.address.to_string()).collect::<Vec<_>>();
    assert_eq!(names(&plan.untouched()), ["a_b.kept", r#"module.m["a.b"].a_b.c"#]);
    assert_eq!(plan.prior_managed().len(), 4);
    assert_eq!(names(&plan.prior_data), ["data.a_b.read"]);
    let kept = plan.untouched().remove(0);
    assert_eq!(kept.values_of(&["x", "z"]).as_object().unwrap().len(), 2);
    assert!(kept.values_of(&["x", "z"]).get("z").is_sensitive());
    assert_eq!(kept.values().get("y").as_i64(), Some(2));
}

#[test]
fn a_data_source_read_already_is_found_in_the_state() {
    let text = bytes("zoo.json");
    let plan = Plan::parse(&text).unwrap();
    let of = |text: &str| plan.prior_data.iter().find(|one| one.address.to_string() == text).unwrap();
    let values = of(r#"module.outer.module.inner["a.b"].data.aws_iam_policy_document.p"#).values();
    assert!(values.get("json").as_str().unwrap().contains("iam:PassRole"));
    assert_eq!(
        behind(&plan, r#"module.outer.module.inner["a.b"].aws_iam_policy.p"#, "policy"),
        [r#"module.outer.module.inner["a.b"].data.aws_iam_policy_document.p json"#]
    );
    assert_eq!(
        behind(&plan, r#"aws_iam_role_policy_attachment.x["a.b"]"#, "policy_arn"),
        ["module.outer.module.inner.aws_iam_policy.p arn"]
    );
    let forgotten = change(&plan, "aws_iam_role.forget_me");
    assert_eq!((forgotten.actions, forgotten.after()), (Actions::Forget, Value::Null));
    assert!(change(&plan, "aws_iam_role.imported").importing);
    assert!(!plan.configuration.declares(&forgotten.address));
    let pw = behind(&plan, "aws_iam_role.sens", "assume_role_policy");
    assert!(pw.is_empty(), "{pw:?}");
}

#[test]
fn what_is_masked_never_shows() {
    let text = bytes("zoo.json");
    let plan = Plan::parse(&text).unwrap();
    let sens = change(&plan, "aws_iam_role.sens");
    let (before, after) = (sens.before(), sens.after());
    let (one, two) = (before.get("assume_role_policy"), after.get("assume_role_policy"));
    assert!(one.is_sensitive() && two.is_sensitive());
    assert_ne!(one, two);
    let key = change(&plan, "aws_iam_access_key.bot");
    assert_eq!(key.before().get("secret"), key.after().get("secret"));
    assert!(key.before().get("secret").is_sensitive());
    let shown = format!("{plan:?} {before:?} {after:?} {:?}", key.after());
    assert!(!shown.contains("external-id") && !shown.contains("arn:aws:iam::444455556666"));
}
