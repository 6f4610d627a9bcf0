//! The sentences for regions, witnesses and reasons; every surface prints these.

use crate::comparison::{Cause, NearMiss, Region, Undecided};
use crate::request::{Dimension, Request};
use crate::world::UnknownReason;

/// "may now `iam:PassRole` on anything, if `aws:MultiFactorAuthPresent` is not `Bool true`".
pub fn region(region: &Region) -> String {
    let dimension = |name: &str| region.set.dimensions.iter().find(|dimension| dimension.name == name);
    let what = some(dimension("action"), "do anything", "anything");
    let which = some(dimension("resource"), "anything", "anything");
    let mut sentence = format!("may now {what} on {which}");
    let context: Vec<String> = region
        .set
        .dimensions
        .iter()
        .filter(|dimension| !["principal", "action", "resource"].contains(&dimension.name.as_str()))
        .flat_map(demands)
        .collect();
    if !context.is_empty() {
        sentence = format!("{sentence}, if {}", context.join(" and "));
    }
    sentence
}

/// "account `444455556666` (any principal in it) may now assume it", for regions of trust worlds.
pub fn trust(region: &Region) -> String {
    let who = region.set.dimensions.iter().find(|dimension| dimension.name == "principal");
    let each = |texts: &[String]| -> Vec<String> {
        let mut names: Vec<String> = Vec::with_capacity(texts.len());
        for name in texts.iter().map(|text| principal(text)) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    };
    let mut left_out = who.map(|who| each(&who.without)).unwrap_or_default();
    let mut names = who.map(|who| each(&who.within)).unwrap_or_default();
    // Who could become it before is not told at all, as long as somebody else is.
    if names.iter().any(|name| !left_out.contains(name)) {
        let all = names.clone();
        names.retain(|name| !left_out.contains(name));
        left_out.retain(|name| !all.contains(name));
    }
    let mut sentence = if names.is_empty() { "anyone".to_owned() } else { list(&names) };
    if !left_out.is_empty() {
        sentence = format!("{sentence} except {}", list(&left_out));
    }
    sentence.push_str(" may now assume it");
    let context: Vec<String> = region
        .set
        .dimensions
        .iter()
        .filter(|dimension| !["principal", "action", "resource"].contains(&dimension.name.as_str()))
        .flat_map(demands)
        .collect();
    if !context.is_empty() {
        sentence = format!("{sentence}, if {}", context.join(" and "));
    }
    sentence
}

fn principal(text: &str) -> String {
    let typed = |(kind, name): (&str, &str)| match kind {
        "AWS" => Some(name.to_owned()),
        "Service" | "Federated" | "CanonicalUser" => Some(format!("{kind}:{name}")),
        _ => None,
    };
    let untyped = text.split_once('|').and_then(typed);
    let text = untyped.as_deref().unwrap_or(text);
    match text.split_once(':') {
        _ if text == "*" || text == "AWS:*" => "anyone".to_owned(),
        Some(("Service", name)) => format!("the service `{name}`"),
        Some(("Federated", name)) => format!("an identity of `{name}`"),
        Some(("CanonicalUser", name)) => format!("the canonical user `{name}`"),
        Some(("arn", rest)) if rest.ends_with(":root") => {
            let account = rest.split(':').nth(3).unwrap_or(rest);
            format!("account `{account}` (any principal in it)")
        }
        None if text.len() == 12 && text.chars().all(|c| c.is_ascii_digit()) => {
            format!("account `{text}` (any principal in it)")
        }
        _ => format!("`{text}`"),
    }
}

fn some(dimension: Option<&Dimension>, all: &str, rest: &str) -> String {
    let Some(dimension) = dimension else { return all.to_owned() };
    let quoted = |texts: &[String]| list(&texts.iter().map(|text| format!("`{text}`")).collect::<Vec<_>>());
    let taken = if dimension.within.is_empty() || dimension.within.iter().any(|text| text == "*") {
        if dimension.without.is_empty() { all } else { rest }.to_owned()
    } else {
        quoted(&dimension.within)
    };
    if dimension.without.is_empty() {
        return taken;
    }
    format!("{taken} except {}", quoted(&dimension.without))
}

/// `a`, `b` and `c`; a long list is cut and counted.
fn list(texts: &[String]) -> String {
    const MOST: usize = 6;
    match texts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] if texts.len() <= MOST => format!("{} and {last}", first.join(", ")),
        _ => {
            let shown: Vec<&str> = texts.iter().take(MOST - 1).map(String::as_str).collect();
            format!("{} and {} more", shown.join(", "), texts.len() + 1 - MOST)
        }
    }
}

fn demands(dimension: &Dimension) -> Vec<String> {
    let held = dimension.within.iter().map(|words| demand(&dimension.name, words, "matches"));
    let broken = dimension.without.iter().map(|words| demand(&dimension.name, words, "does not match"));
    held.chain(broken).collect()
}

fn demand(key: &str, words: &str, verb: &str) -> String {
    if key.eq_ignore_ascii_case("aws:MultiFactorAuthPresent") {
        // Other operators speak of more than presence: `BoolIfExists` and `Null` hold where the key is missing.
        match (verb, words.to_ascii_lowercase().as_str()) {
            ("matches", "bool true") => return "MFA is present".to_owned(),
            ("matches", "bool false") | (_, "bool true") => return "MFA is absent".to_owned(),
            _ => {}
        }
    }
    format!("`{key}` {verb} `{words}`")
}

/// One request in words.
pub fn request(request: &Request) -> String {
    let mut sentence = format!("`{}` may `{}` on `{}`", request.principal, request.action, request.resource);
    let context: Vec<String> =
        request.context.iter().map(|(key, values)| format!("`{key}` = `{}`", values.join("`, `"))).collect();
    if !context.is_empty() {
        sentence = format!("{sentence} with {}", context.join(", "));
    }
    sentence
}

/// Why something is undecided, in words.
pub fn undecided(reason: &Undecided) -> String {
    match reason {
        Undecided::Document { reason, .. } => match reason {
            UnknownReason::AfterApply => "the policy's text is only known after apply".to_owned(),
            UnknownReason::Sensitive => "the policy's text is masked as sensitive".to_owned(),
            UnknownReason::Elsewhere(name) => format!("the text of `{name}` is not at hand"),
            UnknownReason::Unreadable(problem) => format!("the policy's text cannot be read: {problem}"),
        },
        Undecided::Statement { statement, reason } => {
            format!("statement {}: {reason}", statement.statement + 1)
        }
        Undecided::Budget { statement, .. } => {
            format!("statement {}: the search was given up at its budget", statement.statement + 1)
        }
    }
}

/// What made a region possible, in words; empty for a plain grant.
pub fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Granted => "",
        Cause::DenyRemoved => "a `Deny` that held it back is gone or narrower",
        Cause::BoundaryRemoved => "a boundary that capped it is gone or wider",
        Cause::ConditionLoosened => "the condition that held it back is gone or looser",
    }
}

/// What nearly covered a region, in words.
pub fn near_miss(near: &NearMiss) -> String {
    format!(
        "statement {} nearly covered it; what escapes is the {}",
        near.statement.statement + 1,
        near.escaped
    )
}

/// A reading of disputed points, by what sets it apart.
pub fn reading(reading: crate::settings::Reading) -> &'static str {
    crate::difference::reading_words(reading)
}
