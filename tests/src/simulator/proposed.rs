//! What the core proposes to a provider: the configuration, with prior values where the configuration leaves open what
//! the provider computes.

use std::collections::BTreeMap;

use nhi_proto::Value;
use nhi_proto::schema::{Attribute, Block, BlockNesting, NestedBlock, Nesting, Presence, Shape};

type Attributes = BTreeMap<String, Attribute>;

/// The proposal for `config` over `prior`; null where either side says that nothing shall be.
pub fn proposed(block: &Block, prior: &Value, config: &Value) -> Value {
    match config {
        Value::Null => Value::Null,
        _ => in_block(block, Some(prior), config),
    }
}

/// The part of a value under a name; nothing when the value is not there.
fn part<'a>(value: Option<&'a Value>, name: &str) -> Option<&'a Value> {
    value.and_then(|value| value.attribute(name))
}

fn in_block(block: &Block, prior: Option<&Value>, config: &Value) -> Value {
    let Value::Object(given) = config else { return config.clone() };
    let mut all = in_attributes(&block.attributes, prior, given);
    for (name, nested) in &block.blocks {
        let config = given.get(name).unwrap_or(&Value::Null);
        all.insert(name.clone(), in_nested_block(nested, part(prior, name), config));
    }
    Value::Object(all)
}

fn in_nested_block(nested: &NestedBlock, prior: Option<&Value>, config: &Value) -> Value {
    let nesting = match nested.nesting {
        BlockNesting::Single | BlockNesting::Group => Nesting::Single,
        BlockNesting::List => Nesting::List,
        BlockNesting::Set => Nesting::Set,
        BlockNesting::Map => Nesting::Map,
    };
    let object = |prior: Option<&Value>, config: &Value| in_block(&nested.block, prior, config);
    let fits = |prior: &Value, config: &Value| block_could_come_of(&nested.block, prior, config);
    each(nesting, prior, config, &object, &fits)
}

fn in_attributes(
    all: &Attributes,
    prior: Option<&Value>,
    given: &BTreeMap<String, Value>,
) -> BTreeMap<String, Value> {
    let one = |(name, attribute): (&String, &Attribute)| {
        let config = given.get(name).unwrap_or(&Value::Null);
        let prior = part(prior, name);
        let value = match &attribute.shape {
            _ if attribute.presence.is_computed() && config.is_null() => match prior {
                Some(prior) if !was_configured(attribute, prior) => prior.clone(),
                _ => Value::Null,
            },
            Shape::Plain(_) => config.clone(),
            Shape::Nested(nesting, inner) => {
                let object = |prior: Option<&Value>, config: &Value| in_object(inner, prior, config);
                let fits = |prior: &Value, config: &Value| could_come_of(inner, prior, config);
                each(*nesting, prior, config, &object, &fits)
            }
        };
        (name.clone(), value)
    };
    all.iter().map(one).collect()
}

fn in_object(inner: &Attributes, prior: Option<&Value>, config: &Value) -> Value {
    match config {
        Value::Object(given) => Value::Object(in_attributes(inner, prior, given)),
        other => other.clone(),
    }
}

/// Whether a prior value of something optional and computed holds what only a configuration can have given: then the
/// configuration has taken it away, and it is not proposed again.
fn was_configured(attribute: &Attribute, prior: &Value) -> bool {
    let Shape::Nested(_, inner) = &attribute.shape else { return false };
    attribute.presence == Presence::OptionalComputed
        && objects(prior).iter().any(|object| given_in(inner, object))
}

fn given_in(inner: &Attributes, object: &Value) -> bool {
    inner.iter().any(|(name, attribute)| {
        let value = object.attribute(name).unwrap_or(&Value::Null);
        !value.is_null()
            && (!attribute.presence.is_computed()
                || match &attribute.shape {
                    Shape::Plain(_) => false,
                    Shape::Nested(_, inner) => objects(value).iter().any(|object| given_in(inner, object)),
                })
    })
}

fn objects(value: &Value) -> Vec<&Value> {
    match value {
        Value::List(parts) | Value::Set(parts) => parts.iter().collect(),
        Value::Map(parts) => parts.values().collect(),
        Value::Object(_) => vec![value],
        _ => Vec::new(),
    }
}

/// Proposes each object of a collection beside the prior object in its place; in sets, beside one it could come of.
fn each(
    nesting: Nesting,
    prior: Option<&Value>,
    config: &Value,
    object: &dyn Fn(Option<&Value>, &Value) -> Value,
    fits: &dyn Fn(&Value, &Value) -> bool,
) -> Value {
    match (nesting, config) {
        (Nesting::Single, Value::Object(_)) => object(prior, config),
        (Nesting::List, Value::List(parts)) => {
            let at = |index: usize| match prior {
                Some(Value::List(parts)) => parts.get(index),
                _ => None,
            };
            Value::List(parts.iter().enumerate().map(|(index, part)| object(at(index), part)).collect())
        }
        (Nesting::Map, Value::Map(parts)) => {
            let at = |key: &str| match prior {
                Some(Value::Map(parts)) => parts.get(key),
                _ => None,
            };
            Value::Map(parts.iter().map(|(key, part)| (key.clone(), object(at(key), part))).collect())
        }
        (Nesting::Set, Value::Set(parts)) => {
            let mut left: Vec<&Value> = match prior {
                Some(Value::Set(parts)) => parts.iter().collect(),
                _ => Vec::new(),
            };
            let one = |part: &Value| {
                let found = left.iter().position(|prior| fits(prior, part));
                object(found.map(|found| left.remove(found)), part)
            };
            Value::Set(parts.iter().map(one).collect())
        }
        (_, other) => other.clone(),
    }
}

/// Whether `prior` differs from `config` only where the provider computes what the configuration leaves open.
fn could_come_of(inner: &Attributes, prior: &Value, config: &Value) -> bool {
    inner.iter().all(|(name, attribute)| {
        let prior = prior.attribute(name).unwrap_or(&Value::Null);
        let config = config.attribute(name).unwrap_or(&Value::Null);
        let open = attribute.presence.is_computed() && config.is_null();
        prior == config
            || match (&attribute.shape, prior, config) {
                (Shape::Plain(_), _, _) => open,
                _ if open => !was_configured(attribute, prior),
                (Shape::Nested(_, inner), Value::Object(_), Value::Object(_)) => {
                    could_come_of(inner, prior, config)
                }
                (Shape::Nested(_, inner), Value::List(priors), Value::List(configs)) => {
                    priors.len() == configs.len()
                        && priors
                            .iter()
                            .zip(configs)
                            .all(|(prior, config)| could_come_of(inner, prior, config))
                }
                (Shape::Nested(_, inner), Value::Map(priors), Value::Map(configs)) => {
                    priors.keys().eq(configs.keys())
                        && priors
                            .values()
                            .zip(configs.values())
                            .all(|(prior, config)| could_come_of(inner, prior, config))
                }
                _ => false,
            }
    })
}

fn block_could_come_of(block: &Block, prior: &Value, config: &Value) -> bool {
    let same = |name: &String| prior.attribute(name) == config.attribute(name);
    could_come_of(&block.attributes, prior, config) && block.blocks.keys().all(same)
}
