//! The contract with Terraform's core, checked on our own answers first: a broken one is told as what it is.

use std::collections::BTreeMap;

use super::Attributes;
use crate::path::Path;
use crate::schema::{Attribute, Block, Schema, Secrecy, Shape};
use crate::value::Value;

/// A place and what is wrong there.
type Breach = (Path, &'static str);

/// Where a plan breaks the contract with the configuration, and how; `None` when it keeps it.
pub(crate) fn contradiction(
    schema: &Schema,
    planned: &Value,
    config: &Value,
    prior: &Value,
) -> Option<Breach> {
    let (planned, config) = (planned.attributes()?, config.attributes()?);
    block(&schema.block, Sides { planned, config, prior: prior.attributes() }, &Path::root())
}

#[derive(Clone, Copy)]
struct Sides<'v> {
    planned: &'v Attributes,
    config: &'v Attributes,
    prior: Option<&'v Attributes>,
}

fn block(block: &Block, sides: Sides<'_>, path: &Path) -> Option<Breach> {
    attributes(&block.attributes, sides, path).or_else(|| {
        block.blocks.iter().find_map(|(name, nested)| {
            let (planned, config) = (sides.planned.get(name)?, sides.config.get(name)?);
            let prior = sides.prior.and_then(|prior| prior.get(name));
            let path = path.attribute(name);
            pairs(planned, config, prior, &path, &mut |sides, path| self::block(&nested.block, sides, path))
        })
    })
}

fn attributes(all: &BTreeMap<String, Attribute>, sides: Sides<'_>, path: &Path) -> Option<Breach> {
    all.iter().find_map(|(name, attribute)| {
        let (planned, config) = (sides.planned.get(name)?, sides.config.get(name)?);
        let prior = sides.prior.and_then(|prior| prior.get(name));
        let path = path.attribute(name);
        if attribute.secrecy == Secrecy::WriteOnly {
            return (!planned.is_null()).then_some((path, "a write-only value stands in the plan"));
        }
        if planned == config || (config.is_null() && attribute.presence.is_computed()) {
            return None;
        }
        // The spelling of the state may stay where the provider finds both to mean the same.
        if !config.is_null() && !planned.is_null() && prior == Some(planned) {
            return None;
        }
        match &attribute.shape {
            Shape::Nested(_, nested) if !config.is_null() && !config.is_unknown() => {
                pairs(planned, config, prior, &path, &mut |sides, path| attributes(nested, sides, path))
            }
            _ => Some((path, "the planned value is not the configured one")),
        }
    })
}

/// Compares objects pairwise; elements of sets have no counterpart and are left to the core.
fn pairs(
    planned: &Value,
    config: &Value,
    prior: Option<&Value>,
    path: &Path,
    check: &mut dyn FnMut(Sides<'_>, &Path) -> Option<Breach>,
) -> Option<Breach> {
    let differs = || Some((path.clone(), "the plan has other elements than the configuration"));
    let mut one =
        |planned: &Value, config: &Value, prior: Option<&Value>, path: &Path| match (planned, config) {
            (Value::Object(planned), Value::Object(config)) => {
                check(Sides { planned, config, prior: prior.and_then(Value::attributes) }, path)
            }
            // The core proposes an object it does not know as one of which it knows no attribute.
            (planned, Value::Unknown(_)) if knows_nothing(planned) => None,
            (planned, config) if planned == config => None,
            _ => Some((path.clone(), "the planned object is not the configured one")),
        };
    match (planned, config) {
        (Value::List(planned), Value::List(config)) => {
            if planned.len() != config.len() {
                return differs();
            }
            let prior = |index: usize| match prior {
                Some(Value::List(elements)) => elements.get(index),
                _ => None,
            };
            planned
                .iter()
                .zip(config)
                .enumerate()
                .find_map(|(index, (planned, config))| one(planned, config, prior(index), &path.index(index)))
        }
        (Value::Map(planned), Value::Map(config)) => {
            if !planned.keys().eq(config.keys()) {
                return differs();
            }
            let prior = |key: &str| match prior {
                Some(Value::Map(elements)) => elements.get(key),
                _ => None,
            };
            planned
                .iter()
                .zip(config)
                .find_map(|((key, planned), (_, config))| one(planned, config, prior(key), &path.key(key)))
        }
        (Value::Set(planned), Value::Set(config)) => {
            if planned.len() > config.len() {
                differs()
            } else {
                None
            }
        }
        (planned, config) => one(planned, config, prior, path),
    }
}

/// Whether no attribute of it is known.
fn knows_nothing(value: &Value) -> bool {
    match value {
        Value::Unknown(_) => true,
        Value::Object(attributes) => attributes.values().all(knows_nothing),
        _ => false,
    }
}

/// Where the result of an apply differs from what was planned, and how; `None` when it is faithful.
pub(crate) fn unfaithful(planned: &Value, actual: &Value, path: &Path) -> Option<(Path, String)> {
    let differs = |what: String| Some((path.clone(), what));
    if planned == actual && actual.is_wholly_known() {
        return None;
    }
    match (planned, actual) {
        (_, Value::Unknown(_)) => differs("is still unknown after apply".to_owned()),
        (Value::Unknown(_), actual) if actual.is_wholly_known() => None,
        (Value::Unknown(_), _) => differs("is still partly unknown after apply".to_owned()),
        (Value::Object(planned), Value::Object(actual)) => planned.iter().find_map(|(name, planned)| {
            unfaithful(planned, actual.get(name).unwrap_or(&Value::Null), &path.attribute(name))
        }),
        (Value::Map(planned), Value::Map(actual)) => {
            if !planned.keys().eq(actual.keys()) {
                return differs("has other keys than planned".to_owned());
            }
            planned
                .iter()
                .zip(actual)
                .find_map(|((key, planned), (_, actual))| unfaithful(planned, actual, &path.key(key)))
        }
        (Value::List(planned), Value::List(actual)) | (Value::Tuple(planned), Value::Tuple(actual)) => {
            if planned.len() != actual.len() {
                return differs(format!("has {} elements, planned were {}", actual.len(), planned.len()));
            }
            let mut pairs = planned.iter().zip(actual).enumerate();
            pairs.find_map(|(index, (planned, actual))| unfaithful(planned, actual, &path.index(index)))
        }
        (Value::Set(planned), Value::Set(actual)) => {
            let matches = |planned: &Value, actual: &Value| unfaithful(planned, actual, path).is_none();
            let lost = planned.iter().any(|planned| !actual.iter().any(|actual| matches(planned, actual)));
            let found = actual.iter().any(|actual| !planned.iter().any(|planned| matches(planned, actual)));
            if lost || found || actual.len() > planned.len() {
                return differs("has other elements than planned".to_owned());
            }
            None
        }
        (Value::Dynamic(planned_type, planned), Value::Dynamic(actual_type, actual)) => {
            if planned_type == actual_type {
                unfaithful(planned, actual, path)
            } else {
                differs("has another type than planned".to_owned())
            }
        }
        (planned, actual) if planned == actual => None,
        (_, _) => differs("is not what was planned".to_owned()),
    }
}
