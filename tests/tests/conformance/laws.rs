//! Laws of every schema that we ship: whatever a configuration holds, validating and planning it breaks no rule of the core
//! and ends in a plan or in a message that blames something there is. `NHI_CASES` asks for more cases than a usual run.

use nhi_proto::schema::{Attribute, Block, Nesting, Presence, Shape};
use nhi_proto::value::Number;
use nhi_proto::{Type, Value};
use nhi_tests::simulator::{Core, Trouble};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::lives::ours;

/// Texts that some attribute takes, and texts that none should trip over.
const TEXTS: [&str; 24] = [
    "team",
    "a-b",
    "",
    " ",
    "ä",
    "x\u{0}y",
    "90d",
    "1h30m",
    "0d",
    "2999-01-01T00:00:00Z",
    "2999-01-01T00:00:00+02:00",
    "1970-01-01T00:00:00Z",
    "yesterday",
    "ci_runner",
    "access_key",
    "aws",
    "arn:aws:iam::111122223333:role/app",
    "https://token.actions.githubusercontent.com",
    "spiffe://example.org/a",
    "repo:acme/shop:*",
    "production",
    "alice@example.com",
    "static_credentials",
    "required",
];

/// Choices, one after the other; when they run out, the plainest.
struct Choices<'a>(std::slice::Iter<'a, u8>);

impl Choices<'_> {
    fn next(&mut self) -> usize {
        self.0.next().copied().unwrap_or_default().into()
    }
}

fn block(block: &Block, choices: &mut Choices<'_>) -> Value {
    let one = |(name, own): (&String, &Attribute)| (name.clone(), attribute(own, choices));
    Value::Object(block.attributes.iter().map(one).collect())
}

fn attribute(own: &Attribute, choices: &mut Choices<'_>) -> Value {
    match (own.presence, choices.next() % 8) {
        (Presence::Computed, _) | (Presence::Optional | Presence::OptionalComputed, 0..=3) => Value::Null,
        (_, 7) => Value::unknown(),
        _ => match &own.shape {
            Shape::Plain(ty) => plain(ty, choices),
            Shape::Nested(nesting, attributes) => {
                let object = |choices: &mut Choices<'_>| {
                    let one = |(name, own): (&String, &Attribute)| (name.clone(), attribute(own, choices));
                    Value::Object(attributes.iter().map(one).collect())
                };
                match nesting {
                    Nesting::Single => object(choices),
                    Nesting::List => Value::List((0..choices.next() % 3).map(|_| object(choices)).collect()),
                    Nesting::Set => Value::Set((0..choices.next() % 3).map(|_| object(choices)).collect()),
                    Nesting::Map => {
                        let keys = 0..choices.next() % 3;
                        Value::Map(keys.map(|key| (format!("key-{key}"), object(choices))).collect())
                    }
                }
            }
        },
    }
}

fn plain(ty: &Type, choices: &mut Choices<'_>) -> Value {
    let inner = |ty: &Type, choices: &mut Choices<'_>| match choices.next() % 9 {
        8 => Value::unknown(),
        _ => plain(ty, choices),
    };
    match ty {
        Type::Bool => Value::Bool(choices.next().is_multiple_of(2)),
        Type::Number => {
            let numbers = ["0", "1", "2", "3", "-1", "1.5", "1e30"];
            Value::Number(numbers[choices.next() % numbers.len()].parse::<Number>().unwrap())
        }
        Type::List(element) => {
            Value::List((0..choices.next() % 3).map(|_| inner(element, choices)).collect())
        }
        Type::Set(element) => Value::Set((0..choices.next() % 3).map(|_| inner(element, choices)).collect()),
        Type::Map(element) => {
            let keys = 0..choices.next() % 3;
            Value::Map(keys.map(|key| (format!("key-{key}"), inner(element, choices))).collect())
        }
        Type::Object(attributes) => {
            Value::Object(attributes.iter().map(|(name, ty)| (name.clone(), inner(ty, choices))).collect())
        }
        _ => Value::string(TEXTS[choices.next() % TEXTS.len()]),
    }
}

/// A refusal is a good answer; a broken rule is none.
fn holds<T>(answer: Result<T, Trouble>) -> Result<bool, TestCaseError> {
    match answer {
        Ok(_) => Ok(true),
        Err(Trouble::Refused(_)) => Ok(false),
        Err(broke) => Err(TestCaseError::fail(broke.to_string())),
    }
}

fn judged(core: &Core, choices: &[u8]) -> Result<(), TestCaseError> {
    for (name, kind) in &core.schemas().kinds {
        let config = block(&kind.schema.block, &mut Choices(choices.iter()));
        let told = |error: TestCaseError| TestCaseError::fail(format!("{name}: {error}\n{config:?}"));
        if holds(core.validate(name, &config)).map_err(told)? {
            holds(core.plan(name, None, &config)).map_err(told)?;
        }
    }
    for (name, schema) in &core.schemas().data {
        let config = block(&schema.block, &mut Choices(choices.iter()));
        let told = |error: TestCaseError| TestCaseError::fail(format!("data {name}: {error}\n{config:?}"));
        if holds(core.validate_data(name, &config)).map_err(told)? && config.is_wholly_known() {
            holds(core.data(name, &config)).map_err(told)?;
        }
    }
    Ok(())
}

#[test]
fn no_configuration_breaks_a_rule() {
    let Some((core, _folder)) = ours("any configuration by the rules of the core") else { return };
    let cases = std::env::var("NHI_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(60);
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let law = |choices: Vec<u8>| judged(&core, &choices);
    TestRunner::new(config).run(&prop::collection::vec(any::<u8>(), 0..300), law).unwrap();
}
