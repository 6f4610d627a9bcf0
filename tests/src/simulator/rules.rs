//! The core's judgement of values: a plan beside its configuration, and a result beside its plan.

use std::collections::{BTreeMap, BTreeSet};

use nhi_proto::schema::{Attribute, Block, BlockNesting, NestedBlock, Nesting, Secrecy, Shape};
use nhi_proto::{Path, Value};

use super::breach::{Breach, Rule};

type Attributes = BTreeMap<String, Attribute>;
type Judged = Result<(), Breach>;

const NULL: &Value = &Value::Null;

/// Whether the core accepts `planned` as a plan for `config` over `prior`.
pub fn plan_valid(block: &Block, prior: &Value, config: &Value, planned: &Value) -> Judged {
    in_block(block, [prior, config, planned], &Path::root())
}

fn part<'a>(value: &'a Value, name: &str) -> &'a Value {
    value.attribute(name).unwrap_or(NULL)
}

/// Judges an object of a block: prior, configured and planned.
fn in_block(block: &Block, three @ [_, config, planned]: [&Value; 3], path: &Path) -> Judged {
    same_existence(config, planned, path)?;
    if planned.is_null() {
        return Ok(());
    }
    if planned.is_unknown() && !config.is_unknown() {
        return Err(Breach::at(Rule::PlanKeepsShape, path, "a block is never unknown itself"));
    }
    in_attributes(&block.attributes, three, path)?;
    for (name, nested) in &block.blocks {
        in_nested_block(nested, three.map(|value| part(value, name)), &path.attribute(name))?;
    }
    Ok(())
}

fn same_existence(config: &Value, planned: &Value, path: &Path) -> Judged {
    match (config.is_null(), planned.is_null()) {
        (false, true) => {
            Err(Breach::at(Rule::PlanExistence, path, "planned for absence but config wants existence"))
        }
        (true, false) => {
            Err(Breach::at(Rule::PlanExistence, path, "planned for existence but config wants absence"))
        }
        _ => Ok(()),
    }
}

fn in_nested_block(nested: &NestedBlock, three @ [_, config, planned]: [&Value; 3], path: &Path) -> Judged {
    let object = |three: [&Value; 3], path: &Path| in_block(&nested.block, three, path);
    match nested.nesting {
        BlockNesting::Single | BlockNesting::Group => object(three, path),
        _ if config.is_unknown() && planned.is_unknown() => Ok(()),
        _ if planned.is_unknown() => Err(Breach::at(
            Rule::PlanKeepsShape,
            path,
            "what represents nested blocks must not be unknown itself",
        )),
        _ if planned.is_null() => {
            Err(Breach::at(Rule::PlanKeepsShape, path, "no nested blocks are an empty collection, not null"))
        }
        BlockNesting::List => each(Nesting::List, three, path, &object),
        BlockNesting::Set => each(Nesting::Set, three, path, &object),
        BlockNesting::Map => each(Nesting::Map, three, path, &object),
    }
}

fn in_attributes(all: &Attributes, three: [&Value; 3], path: &Path) -> Judged {
    all.iter().try_for_each(|(name, attribute)| {
        in_attribute(attribute, three.map(|value| part(value, name)), &path.attribute(name))
    })
}

fn in_attribute(attribute: &Attribute, three @ [prior, config, planned]: [&Value; 3], path: &Path) -> Judged {
    if attribute.secrecy == Secrecy::WriteOnly {
        return match planned {
            Value::Null => Ok(()),
            _ => Err(Breach::at(Rule::WriteOnly, path, "planned value for write-only attribute is not null")),
        };
    }
    if planned == config || (planned == prior && !prior.is_null() && !config.is_null()) {
        return Ok(());
    }
    if config.is_null() {
        return if attribute.presence.is_computed() {
            Ok(())
        } else {
            let what = format!("planned value {planned:?} for a non-computed attribute");
            Err(Breach::at(Rule::PlanInventsNothing, path, what))
        };
    }
    match &attribute.shape {
        Shape::Nested(nesting, inner) if !config.is_unknown() => {
            same_existence(config, planned, path)?;
            let object = |three: [&Value; 3], path: &Path| in_attributes(inner, three, path);
            each(*nesting, three, path, &object)
        }
        _ => {
            let what = format!(
                "planned value {planned:?} does not match config value {config:?} nor prior {prior:?}"
            );
            Err(Breach::at(Rule::PlanKeepsConfig, path, what))
        }
    }
}

/// Judges each object of a collection that is configured; elements of sets correlate with one at least.
fn each(
    nesting: Nesting,
    [prior, config, planned]: [&Value; 3],
    path: &Path,
    object: &dyn Fn([&Value; 3], &Path) -> Judged,
) -> Judged {
    let shape = |what: &str| Err(Breach::at(Rule::PlanKeepsShape, path, what));
    match (nesting, config, planned) {
        (Nesting::Single, Value::Object(_), Value::Object(_)) => object([prior, config, planned], path),
        (Nesting::List, Value::List(configs), Value::List(parts)) => {
            if configs.len() != parts.len() {
                return shape("count in plan disagrees with count in config");
            }
            let mut pairs = configs.iter().zip(parts).enumerate();
            pairs.try_for_each(|(index, (config, planned))| {
                let prior = match prior {
                    Value::List(parts) => parts.get(index).unwrap_or(NULL),
                    _ => NULL,
                };
                object([prior, config, planned], &path.index(index))
            })
        }
        (Nesting::Map, Value::Map(configs), Value::Map(parts)) => {
            if !configs.keys().eq(parts.keys()) {
                return shape("keys in plan disagree with keys in config");
            }
            configs.iter().zip(parts.values()).try_for_each(|((key, config), planned)| {
                let prior = match prior {
                    Value::Map(parts) => parts.get(key).unwrap_or(NULL),
                    _ => NULL,
                };
                object([prior, config, planned], &path.key(key))
            })
        }
        (Nesting::Set, Value::Set(configs), Value::Set(parts)) => {
            let fits = |config: &Value, planned: &Value| object([NULL, config, planned], path).is_ok();
            if distinct(configs) != distinct(parts) && !unknown_within(configs) {
                return shape("count in plan disagrees with count in config");
            }
            correlate(configs, parts, &fits).map_err(|what| Breach::at(Rule::PlanKeepsShape, path, what))
        }
        _ => shape("the planned collection is not one as configured"),
    }
}

fn distinct(parts: &[Value]) -> usize {
    parts.iter().collect::<BTreeSet<_>>().len()
}

fn unknown_within(parts: &[Value]) -> bool {
    !parts.iter().all(Value::is_wholly_known)
}

/// Each element of either side must go with one of the other.
fn correlate(left: &[Value], right: &[Value], fits: &dyn Fn(&Value, &Value) -> bool) -> Result<(), String> {
    let lost = left.iter().find(|left| !right.iter().any(|right| fits(left, right)));
    let found = right.iter().find(|right| !left.iter().any(|left| fits(left, right)));
    match (lost, found) {
        (Some(lost), _) => {
            Err(format!("set element {lost:?} does not correlate with any element of the answer"))
        }
        (_, Some(found)) => {
            Err(format!("set element {found:?} of the answer does not correlate with any element"))
        }
        (None, None) => Ok(()),
    }
}

/// Whether `actual` is what `planned` said, with what was unknown filled in; the rule is the one this is asked for.
pub fn compatible(rule: Rule, planned: &Value, actual: &Value) -> Judged {
    filled_in(planned, actual, &Path::root()).map_err(|breach| Breach { rule, ..breach })
}

fn filled_in(planned: &Value, actual: &Value, path: &Path) -> Judged {
    let differs = |what: String| Err(Breach::at(Rule::ApplyKeepsPlan, path, what));
    match (planned, actual) {
        (Value::Unknown(refined), actual) => refinement(refined.as_deref(), actual, path),
        (Value::Null, Value::Null) => Ok(()),
        (Value::Null, _) => differs(format!("was null, but now {actual:?}")),
        (_, Value::Null) if path.is_root() => differs("root object was present, but now absent".to_owned()),
        (_, Value::Null) => differs(format!("was {planned:?}, but now null")),
        (_, Value::Unknown(_)) => differs("was known, but now unknown".to_owned()),
        (Value::Object(planned), Value::Object(actual)) => planned.iter().try_for_each(|(name, planned)| {
            filled_in(planned, actual.get(name).unwrap_or(NULL), &path.attribute(name))
        }),
        (Value::Map(planned), Value::Map(actual)) => {
            if !planned.keys().eq(actual.keys()) {
                return differs("keys have appeared or vanished".to_owned());
            }
            let mut pairs = planned.iter().zip(actual.values());
            pairs.try_for_each(|((key, planned), actual)| filled_in(planned, actual, &path.key(key)))
        }
        (Value::List(planned), Value::List(actual)) | (Value::Tuple(planned), Value::Tuple(actual)) => {
            if planned.len() != actual.len() {
                return differs("elements have appeared or vanished".to_owned());
            }
            let mut pairs = planned.iter().zip(actual).enumerate();
            pairs.try_for_each(|(index, (planned, actual))| filled_in(planned, actual, &path.index(index)))
        }
        (Value::Set(planned), Value::Set(actual)) => {
            if distinct(actual) > distinct(planned) {
                return differs("the set has grown".to_owned());
            }
            let fits = |planned: &Value, actual: &Value| filled_in(planned, actual, path).is_ok();
            correlate(planned, actual, &fits).map_err(|what| Breach::at(Rule::ApplyKeepsPlan, path, what))
        }
        (Value::Dynamic(one, planned), Value::Dynamic(other, actual)) if one == other => {
            filled_in(planned, actual, path)
        }
        (planned, actual) if planned == actual => Ok(()),
        (planned, actual) => differs(format!("was {planned:?}, but now {actual:?}")),
    }
}

/// What was promised of an unknown value holds of what it became.
fn refinement(refined: Option<&nhi_proto::value::Refinements>, actual: &Value, path: &Path) -> Judged {
    let Some(refined) = refined else { return Ok(()) };
    let null = match (refined.null, actual) {
        (_, Value::Unknown(_)) | (None, _) => true,
        (Some(null), actual) => actual.is_null() == null,
    };
    let prefix = match (&refined.prefix, actual) {
        (Some(prefix), Value::String(text)) => text.starts_with(prefix.as_str()),
        _ => true,
    };
    let length = match actual {
        Value::List(parts) | Value::Set(parts) => Some(parts.len()),
        Value::Map(parts) => Some(parts.len()),
        _ => None,
    };
    let length = length.and_then(|length| u64::try_from(length).ok()).is_none_or(|length| {
        refined.shortest.is_none_or(|least| least <= length)
            && refined.longest.is_none_or(|most| length <= most)
    });
    let number = match actual {
        Value::Number(number) => {
            refined
                .least
                .as_ref()
                .is_none_or(|end| *number > end.number || (end.inclusive && *number == end.number))
                && refined
                    .most
                    .as_ref()
                    .is_none_or(|end| *number < end.number || (end.inclusive && *number == end.number))
        }
        _ => true,
    };
    if null && prefix && length && number {
        Ok(())
    } else {
        Err(Breach::at(Rule::ApplyKeepsPlan, path, format!("{actual:?} is not what was promised of it")))
    }
}

/// Whether what is write-only is absent everywhere.
pub(super) fn no_write_only(block: &Block, value: &Value, path: &Path) -> Judged {
    no_write_only_in(&block.attributes, value, path)?;
    for (name, nested) in &block.blocks {
        let path = path.attribute(name);
        for object in objects(part(value, name)) {
            no_write_only(&nested.block, object, &path)?;
        }
    }
    Ok(())
}

fn no_write_only_in(all: &Attributes, value: &Value, path: &Path) -> Judged {
    for (name, attribute) in all {
        let (value, path) = (part(value, name), path.attribute(name));
        if attribute.secrecy == Secrecy::WriteOnly && !value.is_null() {
            return Err(Breach::at(Rule::WriteOnly, &path, "the value of a write-only attribute is kept"));
        }
        if let Shape::Nested(_, inner) = &attribute.shape {
            for object in objects(value) {
                no_write_only_in(inner, object, &path)?;
            }
        }
    }
    Ok(())
}

fn objects(value: &Value) -> Vec<&Value> {
    match value {
        Value::List(parts) | Value::Set(parts) => parts.iter().collect(),
        Value::Map(parts) => parts.values().collect(),
        Value::Object(_) => vec![value],
        _ => Vec::new(),
    }
}
