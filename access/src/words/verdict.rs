//! What a statement says to one request, in words.

use super::list;
use crate::dialect::aws::Effect;
use crate::evaluate::{Decision, Truth};
use crate::explain::{ConditionVerdict, Explanation, StatementVerdict};
use crate::request::Request;

/// "matches, and allows it", "does not match: it speaks of other actions".
pub fn verdict(verdict: &StatementVerdict, request: &Request) -> String {
    match (verdict.matched, verdict.effect) {
        (Truth::Yes, Effect::Allow) => "matches, and allows it".to_owned(),
        (Truth::Yes, Effect::Deny) => "matches, and denies it".to_owned(),
        (Truth::Maybe, _) => "may match: it depends on what is not known".to_owned(),
        (Truth::No, _) => format!("does not match: {}", misses(verdict, request).join("; ")),
    }
}

/// Why it is decided so, on one line: "statement 2 `Pass` allows it", "no statement allows it".
pub fn reason(explanation: &Explanation) -> String {
    let of = |effect: Effect, truth: Truth| {
        let wanted = |one: &&StatementVerdict| one.effect == effect && one.matched == truth;
        let names: Vec<String> = explanation.statements.iter().filter(wanted).map(name).collect();
        (!names.is_empty()).then_some(names)
    };
    let says = |names: &[String], one: &str, many: &str| {
        format!("{} {}", list(names, "and"), if names.len() == 1 { one } else { many })
    };
    let denied = of(Effect::Deny, Truth::Yes).map(|names| says(&names, "denies it", "deny it"));
    let allowed = of(Effect::Allow, Truth::Yes).map(|names| says(&names, "allows it", "allow it"));
    match (explanation.decision, denied, allowed) {
        (Decision::Unknown, ..) => "it depends on what is not known".to_owned(),
        (Decision::Denied, Some(denied), _) => denied,
        (Decision::Denied, None, None) => "no statement allows it".to_owned(),
        (Decision::Denied, None, Some(allowed)) => {
            format!("{allowed}, but such a policy does not decide this action")
        }
        (Decision::Allowed, _, allowed) => allowed.unwrap_or_else(|| "nothing denies it".to_owned()),
    }
}

fn name(verdict: &StatementVerdict) -> String {
    let sid = verdict.sid.as_ref().map(|sid| format!(" `{sid}`")).unwrap_or_default();
    format!("statement {}{sid}", verdict.statement.statement + 1)
}

fn misses(verdict: &StatementVerdict, request: &Request) -> Vec<String> {
    let parts = [
        (verdict.principal, "other principals"),
        (Some(verdict.action), "other actions"),
        (verdict.resource, "other resources"),
    ];
    let others: Vec<String> = parts
        .iter()
        .filter(|(held, _)| *held == Some(Truth::No))
        .map(|(_, words)| (*words).to_owned())
        .collect();
    let others = (!others.is_empty()).then(|| format!("it speaks of {}", list(&others, "and")));
    let failed = verdict.conditions.iter().filter(|condition| condition.held == Truth::No);
    others.into_iter().chain(failed.map(|condition| failure(condition, request))).collect()
}

fn failure(condition: &ConditionVerdict, request: &Request) -> String {
    let own = request.context.iter().find(|(key, _)| key.eq_ignore_ascii_case(&condition.key));
    let is = match own {
        None => "is absent".to_owned(),
        Some((_, values)) if values.is_empty() => "has no value".to_owned(),
        Some((_, values)) => {
            let values: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
            format!("is {}", list(&values, "and"))
        }
    };
    format!("`{}` {is} where `{}` is asked", condition.key, condition.words)
}
