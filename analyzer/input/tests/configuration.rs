//! What expressions lead to: through module inputs and outputs, repetition, blocks and providers.

use std::fmt::Write as _;

use nhi_analyzer_input::{Expression, Plan, Value};
use nhi_analyzer_model::{Address, AttributePath, Key, Step};

const PLAN: &str = include_str!("plans/configuration.json");

fn path(text: &str) -> AttributePath {
    let parts = text.split('.').filter(|part| !part.is_empty());
    AttributePath(
        parts.map(|part| part.parse().map_or_else(|_| Step::Name(part.to_owned()), Step::Index)).collect(),
    )
}

fn shown(expression: Expression) -> String {
    match expression {
        Expression::Absent => "absent".to_owned(),
        Expression::Constant(value) => format!("{value:?}"),
        Expression::References(references) => {
            let to = references
                .to
                .iter()
                .map(|one| format!("{} {}", one.address, one.attribute).trim().to_owned());
            let lost = references.unresolved.iter().map(|name| format!("?{name}"));
            let keys = references.keys.iter().map(Key::to_string);
            to.chain(lost).chain(keys).collect::<Vec<_>>().join(", ")
        }
    }
}

/// Columns: address, path with dots, what is behind it: resources, `?` and a name that leads nowhere, `[key]`s.
#[test]
fn expressions() {
    let plan = Plan::parse(PLAN).unwrap();
    assert_eq!(plan.unreadable, []);
    for row in include_str!("configuration.tsv").lines().skip(1) {
        let columns: Vec<&str> = row.split('\t').collect();
        let &[address, attribute, expected] = columns.as_slice() else { panic!("{row}") };
        let address: Address = address.parse().unwrap();
        let told = match attribute.strip_prefix("provider:") {
            Some("key") => plan.configuration.provider_key(&address).unwrap_or_default(),
            Some("default_tags") => shown(plan.configuration.default_tags(&address)),
            Some(attribute) => shown(plan.configuration.provider_expression(&address, &path(attribute))),
            None => shown(plan.configuration.expression(&address, &path(attribute))),
        };
        assert_eq!(told, expected, "{row}");
    }
}

#[test]
fn a_masked_constant_stays_masked() {
    let plan = Plan::parse(PLAN).unwrap();
    let address: Address = "acme_secret.s".parse().unwrap();
    let told = |text: &str| match plan.configuration.expression(&address, &path(text)) {
        Expression::Constant(value) => value,
        other => panic!("{other:?}"),
    };
    assert!(told("password").is_sensitive());
    assert!(told("block.0.pin").is_sensitive());
    assert_eq!(told("block.0.name"), Value::String("n".to_owned()));
    assert!(!format!("{:?}", told("")).contains("hunter"));
}

#[test]
fn many_modules_end_in_an_answer() {
    // Every module hands its input on as its output to two others: without memory the walk would double at each.
    let mut calls = String::new();
    for index in 0..60 {
        let next = [format!("module.m{}.out", index + 1), format!("module.m{}.out", (index + 7) % 60)];
        write!(
            calls,
            r#""m{index}":{{"expressions":{{"in":{{"references":["{}","{}"]}}}},"module":{{"outputs":{{"out":
            {{"expression":{{"references":["var.in"]}}}}}}}}}},"#,
            next[0], next[1]
        )
        .unwrap();
    }
    let text = format!(
        r#"{{"format_version":"1.2","configuration":{{"root_module":{{"module_calls":{{{calls}
        "m60":{{"module":{{"outputs":{{"out":{{"expression":{{"references":["a_b.end.arn","a_b.end"]}}}}}}}}}}}},
        "resources":[{{"address":"a_b.c","expressions":{{"x":{{"references":["module.m0.out","module.m0"]}}}}}}]}}}}}}"#
    );
    let plan = Plan::parse(&text).unwrap();
    let told = plan.configuration.expression(&"a_b.c".parse().unwrap(), &path("x"));
    assert_eq!(shown(told), "module.m60.a_b.end arn");
}
