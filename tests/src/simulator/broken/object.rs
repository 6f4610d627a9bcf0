//! What the provider that can break makes of values: plans and things, right or with one fault.

use std::collections::BTreeMap;

use nhi_proto::Value;
use nhi_proto::value::Number;

use super::Fault;

type Parts = BTreeMap<String, Value>;

fn number(number: i64) -> Value {
    Value::Number(Number::from(number))
}

fn with(value: &Value, name: &str, part: Value) -> Value {
    let mut parts = value.attributes().cloned().unwrap_or_default();
    parts.insert(name.to_owned(), part);
    Value::Object(parts)
}

fn fewer(value: Option<&Value>) -> Value {
    match value {
        Some(Value::List(parts)) => Value::List(parts.iter().skip(1).cloned().collect()),
        _ => Value::Null,
    }
}

/// The plan for a proposal; `asked` counts how often it was asked for one.
pub(super) fn planned(fault: Option<Fault>, proposal: &Value, config: &Value, asked: i64) -> Value {
    let Some(proposed) = proposal.attributes() else {
        return if fault == Some(Fault::PlansSurvival) { empty() } else { Value::Null };
    };
    let mut plan: Parts = proposed.clone();
    let given = |name: &str| config.attribute(name).cloned().unwrap_or(Value::Null);
    plan.insert("id".to_owned(), given("name"));
    plan.insert("secret".to_owned(), Value::Null);
    if plan.get("size").is_none_or(Value::is_null) {
        plan.insert("size".to_owned(), Value::unknown());
    }
    if let Some(Value::List(parts)) = plan.get_mut("parts") {
        for part in parts {
            if part.attribute("code").is_some_and(Value::is_null) {
                *part = with(part, "code", Value::unknown());
            }
        }
    }
    let plan = Value::Object(plan);
    match fault {
        Some(Fault::PlansOtherValue) => with(&plan, "name", Value::string("other")),
        Some(Fault::InventsValue) => with(&plan, "note", Value::string("invented")),
        Some(Fault::CountsPlans) => with(&plan, "size", number(asked)),
        Some(Fault::ChangesMind) => {
            let size = if given("note").is_unknown() { 5 } else { 9 };
            with(&plan, "size", number(size))
        }
        Some(Fault::NeverSettles) => with(&plan, "size", Value::unknown()),
        Some(Fault::PlansAbsence) => Value::Null,
        Some(Fault::LosesBlock) => with(&plan, "mount", fewer(plan.attribute("mount"))),
        Some(Fault::NullsBlocks) => with(&plan, "mount", Value::Null),
        Some(Fault::LosesPart) => with(&plan, "parts", fewer(plan.attribute("parts"))),
        Some(Fault::PlansSecret) => with(&plan, "secret", given("secret")),
        _ => plan,
    }
}

/// The thing that comes of a plan.
pub(super) fn made(fault: Option<Fault>, planned: &Value, config: &Value) -> Value {
    let Some(parts) = planned.attributes() else {
        return if fault == Some(Fault::SurvivesDestroy) { empty() } else { Value::Null };
    };
    let filled = parts.iter().map(|(name, part)| (name.clone(), filled(name, part)));
    let thing = Value::Object(filled.collect());
    match fault {
        Some(Fault::AppliesOtherValue) => with(&thing, "name", Value::string("other")),
        Some(Fault::AppliesUnknown) => with(&thing, "size", Value::unknown()),
        Some(Fault::AppliesNothing) => Value::Null,
        Some(Fault::KeepsSecret) => {
            with(&thing, "secret", config.attribute("secret").cloned().unwrap_or(Value::Null))
        }
        Some(Fault::GrowsSet) => match thing.attribute("tags") {
            Some(Value::Set(tags)) => {
                let more = tags.iter().cloned().chain([Value::string("grown")]);
                with(&thing, "tags", Value::Set(more.collect()))
            }
            _ => thing,
        },
        _ => thing,
    }
}

fn filled(name: &str, part: &Value) -> Value {
    match (name, part) {
        ("size", Value::Unknown(_)) => number(3),
        ("parts", Value::List(parts)) => {
            let coded = |part: &Value| match part.attribute("code") {
                Some(Value::Unknown(_)) => with(part, "code", Value::string("made")),
                _ => part.clone(),
            };
            Value::List(parts.iter().map(coded).collect())
        }
        (_, other) => other.clone(),
    }
}

/// The thing as it is read.
pub(super) fn seen(fault: Option<Fault>, kept: Option<&Value>) -> Value {
    match (fault, kept) {
        (Some(Fault::Forgets), _) | (_, None) => Value::Null,
        (Some(Fault::ReadsUnknown), Some(kept)) => with(kept, "size", Value::unknown()),
        (Some(Fault::Drifts), Some(kept)) => with(kept, "size", number(11)),
        (_, Some(kept)) => kept.clone(),
    }
}

/// State as it is after an upgrade.
pub(super) fn upgraded(fault: Option<Fault>, stored: Value) -> Value {
    if fault == Some(Fault::UpgradesAnyway) {
        with(&stored, "note", Value::string("upgraded"))
    } else {
        stored
    }
}

/// What can be looked up of the thing called `name`.
pub(super) fn look(fault: Option<Fault>, config: &Value) -> Value {
    match fault {
        Some(Fault::ReadsNoData) => Value::Null,
        Some(Fault::ReadsUnknownData) => with(config, "size", Value::unknown()),
        _ => with(config, "size", number(3)),
    }
}

/// A thing with nothing in it.
fn empty() -> Value {
    let names = ["id", "name", "size", "note", "secret", "tags", "parts"];
    let nulls = names.into_iter().map(|name| (name.to_owned(), Value::Null));
    Value::Object(nulls.chain([("mount".to_owned(), Value::List(Vec::new()))]).collect())
}
