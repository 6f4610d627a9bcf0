//! Masks laid over values, one case a row, and what values say of each other.

#![expect(clippy::unwrap_used, reason = "a panic here is the failure")]

use std::fmt::Write as _;

use nhi_analyzer_input::{Plan, Value};
use nhi_analyzer_model::{AttributePath, Known, Step};

fn plan_text(before: &str, after: &str, masks: [&str; 3]) -> String {
    let [unknown, was, is] = masks;
    format!(
        r#"{{"format_version":"1.2","resource_changes":[{{"address":"aws_iam_role.r","change":{{
        "actions":["update"],"before":{before},"after":{after},"after_unknown":{unknown},
        "before_sensitive":{was},"after_sensitive":{is}}}}}]}}"#
    )
}

fn sides(before: &str, after: &str, masks: [&str; 3]) -> (Value, Value) {
    let text = plan_text(before, after, masks);
    let plan = Plan::parse(&text).unwrap();
    let change = plan.changes.first().unwrap();
    (change.before(), change.after())
}

fn shown(value: &Value) -> String {
    let join = |parts: Vec<String>| parts.join(",");
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(answer) => answer.to_string(),
        Value::Number(digits) => digits.clone(),
        Value::String(text) => format!("{text:?}"),
        Value::List(items) => format!("[{}]", join(items.iter().map(shown).collect())),
        Value::Object(map) => {
            format!("{{{}}}", join(map.iter().map(|(key, item)| format!("{key}:{}", shown(item))).collect()))
        }
        Value::Unknown => "?".to_owned(),
        Value::Sensitive(_) => "*".to_owned(),
    }
}

#[test]
fn masks() {
    for row in include_str!("masks.tsv").lines().skip(1) {
        let columns: Vec<&str> = row.split('\t').collect();
        let &[case, after, unknown, sensitive, expected] = columns.as_slice() else { panic!("{row}") };
        let (_, value) = sides("{}", after, [unknown, "{}", sensitive]);
        assert_eq!(shown(&value), expected, "{case}");
        // The state before knows no unknowns, and lays its own mask on.
        let (before, _) = sides(after, "{}", ["{}", sensitive, "{}"]);
        if matches!(unknown, "{}" | "false" | "null") {
            assert_eq!(shown(&before), expected, "{case}, before");
        }
    }
}

#[test]
fn attributes_alone() {
    let text = plan_text(
        "{}",
        r#"{"a":"x","b":"y","c":{"d":1}}"#,
        [r#"{"e":true,"f":true}"#, "{}", r#"{"b":true}"#],
    );
    let plan = Plan::parse(&text).unwrap();
    let change = plan.changes.first().unwrap();
    assert_eq!(shown(&change.after_of(&["b", "c", "e"])), "{b:*,c:{d:1},e:?}");
    assert_eq!(change.before_of(&["a"]).get("a"), &Value::Null);
    assert_eq!(change.unreadable(), None);
}

#[test]
fn deep_values_are_unknown_below() {
    for depth in [90, 99, 150, 100_000] {
        let deep = format!(r#"{{"a":{}{}, "b":"kept"}}"#, "[".repeat(depth), "]".repeat(depth));
        let text = plan_text("{}", &deep, ["{}", "{}", "{}"]);
        let plan = Plan::parse(&text).unwrap();
        let change = plan.changes.first().unwrap();
        let value = change.after();
        assert_eq!(value.get("b").as_str(), Some("kept"));
        assert_eq!(value.get("a").is_known(), depth < 100, "{depth}");
        assert_eq!(change.unreadable().is_some(), depth >= 100, "{depth}");
        let masked = plan_text("{}", r#"{"a":"x"}"#, ["{}", "{}", &deep.replace("\"kept\"", "true")]);
        let after = Plan::parse(&masked).unwrap().changes.first().unwrap().after();
        assert!(depth < 100 || after.is_sensitive(), "{depth}");
    }
}

#[test]
fn masked_values_compare_and_never_show() {
    let same = |one: &str, two: &str| {
        let (before, after) = sides(one, two, ["{}", r#"{"k":true}"#, r#"{"k":true}"#]);
        let text = format!("{before:?}{after:?}");
        assert!(!text.contains("hunter"), "{text}");
        before.same(&after)
    };
    assert_eq!(same(r#"{"k":"hunter2"}"#, r#"{"k":"hunter2"}"#), Known::Is(true));
    assert_eq!(same(r#"{"k":"hunter2"}"#, r#"{"k":"hunter3"}"#), Known::Is(false));
    assert_eq!(same(r#"{"k":["hunter2"]}"#, r#"{"k":["hunter2",""]}"#), Known::Is(false));
    assert_eq!(same(r#"{"k":{"a":"hunter2","b":1}}"#, r#"{"k":{"b":1,"a":"hunter2"}}"#), Known::Is(true));
    assert_eq!(same(r#"{"k":"1"}"#, r#"{"k":1}"#), Known::Is(false));
}

#[test]
fn same_or_not_or_unknown() {
    for (before, after, unknown, expected) in [
        (r#"{"a":null}"#, r#"{"a":[]}"#, "{}", Known::Is(true)),
        (r#"{"a":null}"#, r#"{"a":{}}"#, "{}", Known::Is(true)),
        (r#"{"a":""}"#, "{}", "{}", Known::Is(true)),
        (r#"{"a":{}}"#, r#"{"a":{"b":null}}"#, "{}", Known::Is(true)),
        (r#"{"a":[]}"#, r#"{"a":["x"]}"#, "{}", Known::Is(false)),
        (r#"{"a":false}"#, r#"{"a":null}"#, "{}", Known::Is(false)),
        (r#"{"a":"x"}"#, "{}", r#"{"a":true}"#, Known::Unknown),
        (r#"{"a":"x","b":"y"}"#, r#"{"b":"z"}"#, r#"{"a":true}"#, Known::Is(false)),
        (r#"{"a":["x","y"]}"#, r#"{"a":["x"]}"#, "{}", Known::Is(false)),
        (r#"{"a":["x","y"]}"#, r#"{"a":["x",null]}"#, r#"{"a":[false,true]}"#, Known::Unknown),
        (r#"{"a":1,"a":1}"#, r#"{"a":1}"#, "{}", Known::Unknown),
        ("null", r#"{"a":"x"}"#, "{}", Known::Is(false)),
        ("null", "{}", r#"{"a":true}"#, Known::Unknown),
    ] {
        let (one, two) = sides(before, after, [unknown, "{}", "{}"]);
        assert_eq!(one.same(&two), expected, "{before} {after}");
        assert_eq!(two.same(&one), expected, "{after} {before}");
    }
}

#[test]
fn paths_lead_into_values() {
    let (_, value) =
        sides("{}", r#"{"s":[{"r":["x"]}],"n":7,"b":true,"e":{"k":""}}"#, [r#"{"u":true}"#, "{}", "{}"]);
    let at = |text: &str| {
        let mut path = AttributePath::default();
        for part in text.split('.') {
            path.0.push(part.parse().map_or_else(|_| Step::Name(part.to_owned()), Step::Index));
        }
        let mut out = String::new();
        write!(out, "{}", shown(value.path(&path))).unwrap();
        out
    };
    assert_eq!(at("s.0.r.0"), r#""x""#);
    assert_eq!(at("s.1.r"), "null");
    assert_eq!(at("u.anything.0"), "?");
    assert_eq!(at("n.0"), "null");
    assert_eq!(value.get("n").as_i64(), Some(7));
    assert_eq!(value.get("b").as_bool(), Some(true));
    assert!(value.get("e").is_empty() && !value.is_empty());
    assert_eq!(value.get("none").items(), Some([].as_slice()));
    assert_eq!(value.get("u").items(), None);
}
