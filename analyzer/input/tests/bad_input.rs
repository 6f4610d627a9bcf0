//! What is no plan, or a broken one: each ends in a clear message, nothing panics, nothing is lost.

#![expect(clippy::unwrap_used, reason = "a panic here is the failure")]

use nhi_analyzer_input::{Actions, Plan, PlanError};
use nhi_analyzer_model::AttributePath;
use proptest::prelude::*;

fn error(text: impl AsRef<[u8]>) -> String {
    Plan::parse(text.as_ref()).unwrap_err().to_string()
}

fn check(text: impl AsRef<[u8]>, expected: &str) {
    let told = error(&text);
    assert!(told.contains(expected), "{told}");
}

#[test]
fn other_documents_are_named() {
    for (text, expected) in [
        ("", "the plan is empty"),
        (" \n\t ", "the plan is empty"),
        ("hello", "not JSON: line 1, column 1"),
        ("\0\0\0\0", "not JSON"),
        ("{]", "not JSON: line 1, column 2"),
        ("null", "JSON of another kind, not a plan"),
        ("[]", "JSON of another kind"),
        ("\"text\"", "JSON of another kind"),
        ("{}", "JSON of another kind"),
        (r#"{"version":4,"serial":1,"lineage":"x","resources":[]}"#, "this is a state file"),
        (
            r#"{"format_version":"1.0","values":{"root_module":{}}}"#,
            "this is a state as `terraform show -json`",
        ),
        (r#"{"format_version":"1.0"}"#, "an empty state"),
        (r#"{"format_version":"1.0","provider_schemas":{}}"#, "a list of provider schemas"),
        (r#"{"format_version":"1.0","valid":true,"diagnostics":[]}"#, "the result of `validate -json`"),
        (
            "{\"@level\":\"info\",\"@message\":\"x\"}\n{\"@level\":\"info\"}\n",
            "the log that `plan -json` prints",
        ),
        (
            r#"{"format_version":"2.0","resource_changes":[]}"#,
            "plan format `2.0` is not read, only major version 1",
        ),
        (r#"{"format_version":"0.2","resource_changes":[]}"#, "plan format `0.2` is not read"),
        (r#"{"format_version":"one","resource_changes":[]}"#, "plan format `one` is not read"),
        (r#"{"resource_changes":[]}"#, "not a plan"),
        (r#"{"format_version":1,"resource_changes":[]}"#, "`format_version` of the plan is not what"),
        (r#"{"format_version":"1.2","complete":"yes","resource_changes":[]}"#, "should be true or false"),
        (r#"{"format_version":"1.2","resource_changes":{}}"#, "should be a list of changes"),
        (r#"{"format_version":"1.2","resource_changes":[]}{"format_version":"1.2"}"#, "trailing characters"),
        ("PK\u{3}\u{4}", "this is a binary plan"),
    ] {
        check(text, expected);
        if expected.contains("another kind") || expected.contains("state") {
            check(text, "`terraform show -json PLAN`");
        }
    }
}

#[test]
fn encodings() {
    check(b"\xff\xfe{\0}\0", "UTF-16");
    check(b"{\"format_version\":\"1.2\",\"x\":\"\xe9\"}", "byte 29 cannot be read");
    let marked = "\u{feff}{\"format_version\":\"1.2\",\"resource_changes\":[]}";
    assert!(Plan::parse(marked).is_ok());
}

#[test]
fn a_key_that_comes_twice_is_named() {
    for (text, key) in [
        (r#"{"format_version":"1.2","resource_changes":[],"resource_changes":[]}"#, "resource_changes"),
        (r#"{"format_version":"1.2","format_version":"1.2","resource_changes":[]}"#, "format_version"),
        (&with(r#""actions":["update"],"after":{},"\u0061fter":null"#), "after"),
        (&with(r#""actions":["update"],"actions":["no-op"]"#), "actions"),
        (&with(r#""actions":["update"],"after_unknown":{},"after_unknown":{}"#), "after_unknown"),
        (r#"{"format_version":"1.2","configuration":{"root_module":{"module_calls":{"a":{},"a":{}}}}}"#, "a"),
    ] {
        check(text, &format!("holds the key `{key}` twice"));
        check(text, "line 1, column ");
    }
}

fn with(change: &str) -> String {
    let entry = format!(r#"{{"address":"aws_iam_role.r","type":"aws_iam_role","change":{{{change}}}}}"#);
    format!(r#"{{"format_version":"1.2","resource_changes":[{entry}]}}"#)
}

#[test]
fn a_part_that_cannot_be_read_is_kept_by_name() {
    let good = r#"{"address":"aws_iam_role.good","change":{"actions":["create"],"after":{}}}"#;
    let other = r#"{"address":"aws_iam_role.other","change":{"actions":["create"],"after":{}}}"#;
    for (entry, address, kind, reason) in [
        (
            r#"{"address":"aws_iam_role.r[0","type":"aws_iam_role","change":{"actions":["update"]}}"#,
            "aws_iam_role.r[0",
            Some("aws_iam_role"),
            "has an instance key at byte 14",
        ),
        (
            r#"{"address":"aws_iam_role.r","previous_address":"x","change":{"actions":["update"]}}"#,
            "aws_iam_role.r",
            None,
            "not the address of a resource",
        ),
        (
            r#"{"address":"aws_iam_role.r","type":"aws_iam_role","change":{"actions":"update"}}"#,
            "aws_iam_role.r",
            Some("aws_iam_role"),
            "`resource_changes[1]` cannot be read: a part of it has another shape",
        ),
        (r#"{"address":"aws_iam_role.r"}"#, "aws_iam_role.r", None, "missing field `change`"),
        (r#"{"type":"aws_iam_role"}"#, "", Some("aws_iam_role"), "missing field `address`"),
        ("7", "", None, "`resource_changes[1]` cannot be read"),
    ] {
        let text = format!(r#"{{"format_version":"1.2","resource_changes":[{good},{entry},{other}]}}"#);
        let plan = Plan::parse(&text).unwrap();
        assert_eq!(plan.changes.len(), 2, "{entry}");
        let [part] = plan.unreadable.as_slice() else { panic!("{entry}") };
        assert_eq!((part.address.as_str(), part.kind.as_deref()), (address, kind), "{entry}");
        assert!(part.reason.contains(reason) && part.changes, "{entry}: {}", part.reason);
    }
}

#[test]
fn a_broken_configuration_or_state_costs_only_itself() {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(60_000), close.repeat(60_000));
    let modules = deep(r#"{"module_calls":{"a":{"module":"#, "}}}").replacen("}}}", "{}}}}", 1);
    let states = deep(r#"{"child_modules":["#, "]}").replacen("]}", "{}]}", 1);
    for (part, value) in [
        ("configuration", r#"{"root_module":7}"#.to_owned()),
        ("configuration", "\"x\"".to_owned()),
        ("configuration", format!(r#"{{"root_module":{modules}}}"#)),
        ("resource_drift", "{}".to_owned()),
        ("prior_state", r#"{"values":{"root_module":{"resources":{"a":1}}}}"#.to_owned()),
        ("prior_state", format!(r#"{{"values":{{"root_module":{states}}}}}"#)),
    ] {
        let text = format!(
            r#"{{"format_version":"1.2","resource_changes":[{{"address":"a_b.c","change":{{"actions":["create"]}}}}],"{part}":{value}}}"#
        );
        let plan = Plan::parse(&text).unwrap();
        assert_eq!(plan.changes.len(), 1);
        let [lost] = plan.unreadable.as_slice() else { panic!("{part}") };
        assert!(lost.reason.starts_with(&format!("`{part}` of the plan ")), "{}", lost.reason);
        if part == "resource_drift" {
            continue;
        }
        // Nothing can be called absent in a configuration that nobody could read.
        let address = "a_b.c".parse().unwrap();
        let told = plan.configuration.expression(&address, &AttributePath::of("x"));
        let tags = plan.configuration.default_tags(&address);
        for expression in [told, tags] {
            assert!(expression.references().is_some_and(|references| !references.is_complete()), "{part}");
        }
    }
}

#[test]
fn depth_never_overflows() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    check(&deep, "JSON of another kind");
    check("[".repeat(100_000), "truncated");
    check(format!("{{\"a\":{}", "[".repeat(100_000)), "truncated");
    let ignored = format!(r#"{{"format_version":"1.2","resource_changes":[],"later":{deep}}}"#);
    assert!(Plan::parse(&ignored).is_ok());
    let objects = format!("{}1{}", r#"{"a":"#.repeat(100_000), "}".repeat(100_000));
    check(&objects, "JSON of another kind");
    let typed = with(&format!(r#""actions":{deep}"#));
    assert_eq!(Plan::parse(&typed).unwrap().unreadable.len(), 1);
}

#[test]
fn actions_are_a_set() {
    for (words, expected) in [
        (r#""no-op""#, Actions::NoOp),
        (r#""create""#, Actions::Create),
        (r#""read""#, Actions::Read),
        (r#""update""#, Actions::Update),
        (r#""delete""#, Actions::Delete),
        (r#""delete","create""#, Actions::Replace),
        (r#""create","delete""#, Actions::Replace),
        (r#""forget""#, Actions::Forget),
        (r#""create","forget""#, Actions::ForgetCreate),
        (r#""forget","create""#, Actions::ForgetCreate),
        (r#""create","create""#, Actions::Create),
        (r#""open""#, Actions::Update),
        (r#""no-op","update""#, Actions::Update),
        ("", Actions::Update),
    ] {
        let text = with(&format!(r#""actions":[{words}]"#));
        assert_eq!(Plan::parse(&text).unwrap().changes.first().unwrap().actions, expected, "{words}");
    }
}

#[test]
fn what_is_optional_may_be_missing() {
    let text = r#"{"format_version":"1.2","errored":true,"extra":{"a":1},"deferred_changes":[
        {"reason":"provider_config_unknown","resource_change":{"address":"a_b.c","deposed":"abcd",
         "change":{"actions":["create"],"importing":{"id":"x"},"replace_paths":[["name"],["s",0,"r"]]},"later":7}},
        {"resource_change":{"address":"a_b.d","change":{"actions":["create"]}}}]}"#;
    let plan = Plan::parse(text).unwrap();
    assert!(!plan.complete && plan.errored && plan.terraform_version.is_none());
    let [first, second] = plan.changes.as_slice() else { panic!() };
    assert_eq!(first.deferred.as_deref(), Some("provider_config_unknown"));
    assert_eq!(second.deferred.as_deref(), Some("unknown"));
    assert!(first.deposed && first.importing && !second.deposed && !second.importing);
    let paths: Vec<String> = first.replace_paths().iter().map(ToString::to_string).collect();
    assert_eq!(paths, ["name", "s[0].r"]);
}

const ZOO: &[u8] = include_bytes!("plans/zoo.json");

#[test]
fn no_error_tells_a_secret() {
    let text = String::from_utf8(ZOO.to_vec()).unwrap();
    let wrong = text.replacen(r#""complete":true"#, r#""complete":"hunter2""#, 1);
    assert!(!error(wrong).contains("hunter2"));
}

fn read_all(bytes: &[u8]) -> Result<(), PlanError> {
    let plan = Plan::parse(bytes)?;
    for change in plan.changes.iter().chain(&plan.drift) {
        let _ =
            (change.before(), change.after(), change.changed(), change.replace_paths(), change.unreadable());
        let _ = plan.configuration.expression(&change.address, &AttributePath::default());
        let _ = plan.configuration.default_tags(&change.address);
    }
    for resource in plan.prior_managed().iter().chain(&plan.prior_data) {
        let _ = resource.values();
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn a_plan_cut_short_is_truncated(end in 1..ZOO.len()) {
        let cut = ZOO.get(..end).unwrap();
        if cut.trim_ascii() != ZOO.trim_ascii() {
            let told = Plan::parse(cut).unwrap_err();
            prop_assert!(matches!(told, PlanError::Truncated { .. } | PlanError::NotUtf8 { .. }), "{told}");
        }
    }

    #[test]
    fn a_flipped_byte_never_panics(flips in proptest::collection::vec((0..ZOO.len(), any::<u8>()), 1..4)) {
        let mut bytes = ZOO.to_vec();
        for (at, byte) in flips {
            bytes[at] = byte;
        }
        if let Err(error) = read_all(&bytes) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}

#[test]
fn a_side_that_is_no_object_and_an_address_that_stands_twice_are_told() {
    let entry = |after: &str| {
        format!(
            r#"{{"address":"aws_iam_role.a","mode":"managed","type":"aws_iam_role","name":"a","change":{{"actions":["update"],"before":{{}},"after":{after}}}}}"#
        )
    };
    let plan = |entries: &[String]| {
        format!(r#"{{"format_version":"1.2","resource_changes":[{}]}}"#, entries.join(","))
    };
    for (text, reason) in [
        (plan(&[entry("[1]")]), "`change.after` is neither an object nor null"),
        (plan(&[entry("{}"), entry("{}")]), "the plan changes this address twice"),
    ] {
        let plan = Plan::parse(&text).unwrap();
        let [part] = plan.unreadable.as_slice() else { panic!("{text}") };
        assert_eq!((part.reason.as_str(), part.changes), (reason, true));
    }
}
