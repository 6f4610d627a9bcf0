//! Single cases of planning: what replaces, what a provider may decide, what breaks a contract.

use super::{Plan, contradiction, propose, settle, unfaithful};
use crate::path::Path;
use crate::schema::{Attribute, Block, BlockNesting, NestedBlock, Nesting, Presence, Schema};
use crate::value::{Strangers, Type, Value};

fn schema() -> Schema {
    let inner = || {
        [("kept", Attribute::optional(Type::String)), ("fixed", Attribute::optional(Type::String).replaces())]
    };
    let nested = |nesting| Attribute::nested(nesting, Presence::Optional, inner());
    let block = Block::new("").attribute("fixed", Attribute::optional(Type::String).replaces());
    let all = Block::new("")
        .attribute("name", Attribute::optional(Type::String).replaces())
        .attribute("made", Attribute::computed(Type::String).replaces())
        .attribute("size", Attribute::optional_computed(Type::String))
        .attribute("one", nested(Nesting::Single))
        .attribute("list", nested(Nesting::List))
        .attribute("set", nested(Nesting::Set))
        .attribute("map", nested(Nesting::Map))
        .nested("block", NestedBlock::new(BlockNesting::List, block));
    Schema::new(0, all)
}

fn value(json: &str) -> Value {
    Value::from_json(json.as_bytes(), &schema().value_type(), Strangers::Refuse).unwrap()
}

fn plan(prior: &str, config: &str) -> Plan {
    let attributes = |json| value(json).attributes().unwrap().clone();
    propose(&schema(), Plan::new(Some(attributes(prior)), attributes(config), attributes(config)))
}

#[test]
fn only_what_changes_and_is_marked_replaces() {
    for (prior, config, paths) in [
        (r#"{"name":"a"}"#, r#"{"name":"a"}"#, &[][..]),
        (r#"{"name":"a"}"#, r#"{"name":"b"}"#, &["name"]),
        (r#"{"name":"a"}"#, "{}", &["name"]),
        (r#"{"one":{"kept":"a","fixed":"a"}}"#, r#"{"one":{"kept":"b","fixed":"a"}}"#, &[]),
        (r#"{"one":{"fixed":"a"}}"#, r#"{"one":{"fixed":"b"}}"#, &["one.fixed"]),
        (
            r#"{"list":[{"fixed":"a"},{"fixed":"a"}]}"#,
            r#"{"list":[{"fixed":"a"},{"fixed":"b"}]}"#,
            &["list[1].fixed"],
        ),
        (r#"{"map":{"k":{"fixed":"a"}}}"#, r#"{"map":{"k":{"fixed":"b"}}}"#, &["map[\"k\"].fixed"]),
        (r#"{"set":[{"fixed":"a"}]}"#, r#"{"set":[{"fixed":"b"}]}"#, &["set"]),
        (r#"{"set":[{"fixed":"a"},{"fixed":"b"}]}"#, r#"{"set":[{"fixed":"b"},{"fixed":"a"}]}"#, &[]),
        (r#"{"block":[{"fixed":"a"}]}"#, r#"{"block":[{"fixed":"b"}]}"#, &["block[0].fixed"]),
        // That another attribute changes makes `made` unknown, and no wish for another object.
        (r#"{"made":"m","size":"1"}"#, r#"{"size":"2"}"#, &[]),
    ] {
        let found: Vec<String> =
            settle(&schema(), plan(prior, config)).replaced.iter().map(Path::to_string).collect();
        assert_eq!(found, paths, "{prior} to {config}");
    }
}

#[test]
fn a_provider_demands_replacement_only_for_a_change() {
    for (config, paths) in [(r#"{"size":"1"}"#, 0), (r#"{"size":"2"}"#, 1)] {
        let mut plan = plan(r#"{"size":"1"}"#, config);
        plan.require_replace(Path::of("size"));
        assert_eq!(settle(&schema(), plan).replaced.len(), paths, "{config}");
    }
}

#[test]
fn what_a_provider_decides_stays() {
    let mut plan = plan(r#"{"made":"m","name":"a"}"#, r#"{"name":"b"}"#);
    plan.set("made", "n").unwrap();
    plan.set("name", "c").unwrap_err();
    plan.set("name", "b").unwrap();
    plan.set("nothing", "x").unwrap_err();
    let settled = settle(&schema(), plan);
    assert_eq!(settled.planned.attribute("made"), Some(&Value::string("n")));
    assert_eq!(settled.planned.attribute("size"), Some(&Value::unknown()));
}

#[test]
fn a_prior_value_is_kept_where_both_are_there() {
    for (prior, config, expected) in [
        (r#"{"name":"a"}"#, r#"{"name":"A"}"#, r#"{"name":"a"}"#),
        (r#"{"name":"a"}"#, "{}", "{}"),
        ("{}", r#"{"name":"A"}"#, r#"{"name":"A"}"#),
    ] {
        let mut plan = plan(prior, config);
        plan.keep("name");
        let settled = settle(&schema(), plan);
        assert_eq!(
            settled.planned.attribute("name"),
            value(expected).attribute("name"),
            "{prior} to {config}"
        );
        let broken = contradiction(&schema(), &settled.planned, &value(config), &value(prior));
        assert_eq!(broken.map(|(path, _)| path.to_string()), None, "{prior} to {config}");
    }
}

#[test]
fn a_plan_that_differs_from_its_configuration_is_found() {
    let found = |planned: &str, config: &str, prior: &str| {
        contradiction(&schema(), &value(planned), &value(config), &value(prior))
            .map(|(path, _)| path.to_string())
    };
    for (planned, config, prior, path) in [
        (r#"{"name":"b"}"#, r#"{"name":"a"}"#, "{}", Some("name")),
        (r#"{"name":"b"}"#, "{}", "{}", Some("name")),
        (r#"{"name":"b"}"#, r#"{"name":"B"}"#, r#"{"name":"b"}"#, None),
        (r#"{"size":"b"}"#, "{}", "{}", None),
        (r#"{"list":[{},{}]}"#, r#"{"list":[{}]}"#, "{}", Some("list")),
        (r#"{"list":[{"kept":"x"}]}"#, r#"{"list":[{}]}"#, "{}", Some("list[0].kept")),
        (r#"{"map":{"k":{}}}"#, r#"{"map":{"l":{}}}"#, "{}", Some("map")),
        ("{}", r#"{"one":{}}"#, "{}", Some("one")),
        (r#"{"block":[{"fixed":"x"}]}"#, r#"{"block":[{"fixed":"y"}]}"#, "{}", Some("block[0].fixed")),
    ] {
        assert_eq!(found(planned, config, prior).as_deref(), path, "{planned} for {config}");
    }
}

#[test]
fn an_unknown_element_is_one_of_which_no_attribute_is_known() {
    let vague = || Value::Object([("fixed", Value::unknown()), ("kept", Value::unknown())].map(named).into());
    let told =
        || Value::Object([("fixed", Value::unknown()), ("kept", Value::string("x"))].map(named).into());
    let check = |name: &str, of: fn(Value) -> Value, planned: Value| {
        let with = |element: Value| {
            let mut attributes = value("{}").attributes().unwrap().clone();
            attributes.insert(name.to_owned(), of(element));
            Value::Object(attributes)
        };
        contradiction(&schema(), &with(planned), &with(Value::unknown()), &value("{}"))
            .map(|(path, _)| path.to_string())
    };
    let list = |element| Value::List(vec![element]);
    let map = |element| Value::Map([("k".to_owned(), element)].into());
    for planned in [vague(), Value::unknown()] {
        assert_eq!(check("list", list, planned.clone()), None);
        assert_eq!(check("map", map, planned), None);
    }
    assert_eq!(check("list", list, told()).as_deref(), Some("list[0]"));
    assert_eq!(check("map", map, told()).as_deref(), Some("map[\"k\"]"));
}

fn named((name, value): (&str, Value)) -> (String, Value) {
    (name.to_owned(), value)
}

#[test]
fn a_result_that_differs_from_its_plan_is_found() {
    let found = |planned: &Value, actual: &Value| {
        unfaithful(planned, actual, &Path::root()).map(|(path, _)| path.to_string())
    };
    let planned = value(r#"{"name":"a","set":[{"kept":"x"},{"kept":"y"}],"list":[{"fixed":"l"}]}"#);
    assert_eq!(found(&planned, &planned), None);
    for (actual, path) in [
        (r#"{"name":"b","set":[{"kept":"x"},{"kept":"y"}],"list":[{"fixed":"l"}]}"#, "name"),
        (r#"{"name":"a","set":[{"kept":"x"}],"list":[{"fixed":"l"}]}"#, "set"),
        (r#"{"name":"a","set":[{"kept":"x"},{"kept":"y"},{}],"list":[{"fixed":"l"}]}"#, "set"),
        (r#"{"name":"a","set":[{"kept":"x"},{"kept":"y"}],"list":[]}"#, "list"),
        (r#"{"name":"a","set":[{"kept":"x"},{"kept":"y"}],"list":[{"fixed":"m"}]}"#, "list[0].fixed"),
    ] {
        assert_eq!(found(&planned, &value(actual)).as_deref(), Some(path), "{actual}");
    }
    assert_eq!(found(&Value::unknown(), &planned), None);
    assert_eq!(found(&planned, &Value::unknown()).as_deref(), Some(""));
}

#[test]
fn what_is_decided_within_a_map_stays() {
    let inner = [
        ("kept", Attribute::optional(Type::String)),
        ("made", Attribute::optional_computed(Type::String).lasting()),
    ];
    let map = Attribute::nested(Nesting::Map, Presence::Optional, inner);
    let schema = Schema::new(0, Block::new("").attribute("map", map));
    let attributes = |json: &str| {
        let value = Value::from_json(json.as_bytes(), &schema.value_type(), Strangers::Refuse).unwrap();
        value.attributes().unwrap().clone()
    };
    let made = |key: &str| Path::of("map").key(key).attribute("made");
    let config = r#"{"map":{"a":{"kept":"x"},"b":{"made":"own"},"new":{}}}"#;
    let prior = r#"{"map":{"a":{"kept":"y","made":"1"},"b":{"made":"own"}}}"#;
    for prior in [None, Some(prior)] {
        let proposed = match prior {
            None => config,
            Some(_) => r#"{"map":{"a":{"kept":"x","made":"1"},"b":{"made":"own"},"new":{}}}"#,
        };
        let plan = Plan::new(prior.map(attributes), attributes(config), attributes(proposed));
        let mut plan = propose(&schema, plan);
        plan.set_within(&made("a"), "2").unwrap();
        plan.set_within(&made("new"), &Value::Null).unwrap();
        assert!(plan.set_within(&made("b"), "other").is_err(), "the configuration gives another value");
        assert!(plan.set_within(&made("gone"), "2").is_err(), "there is no such object");
        let expected = r#"{"map":{"a":{"kept":"x","made":"2"},"b":{"made":"own"},"new":{}}}"#;
        assert_eq!(settle(&schema, plan).planned, Value::Object(attributes(expected)), "{prior:?}");
    }
}
