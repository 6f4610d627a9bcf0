//! The evaluator's own conditions: operators, absent keys, policy variables.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::Truth;
use super::caller;
use super::matching::{self, Sign};
use crate::dialect::aws::{Condition, Item};
use crate::request::Request;
use crate::settings::{AnyIfExists, Reading};

/// The keys of a request by lower-case name.
pub(crate) struct Context {
    keys: BTreeMap<String, Vec<String>>,
    /// The caller is a session, whose ARN does not tell its role's path.
    session: bool,
}

impl Context {
    /// `derived`: keys that say who the caller is follow from the request's principal, whatever the context holds.
    pub(crate) fn new(request: &Request, derived: bool) -> Self {
        let mut keys: BTreeMap<String, Vec<String>> =
            request.context.iter().map(|(key, values)| (key.to_lowercase(), values.clone())).collect();
        if !derived {
            return Self { keys, session: false };
        }
        for (key, value) in caller::keys(&request.principal) {
            match value {
                Some(value) => keys.insert(key.to_owned(), vec![value]),
                None => keys.remove(key),
            };
        }
        Self { keys, session: matching::role_of_session(&request.principal).is_some() }
    }

    /// No key at all.
    pub(crate) fn empty() -> Self {
        Self { keys: BTreeMap::new(), session: false }
    }

    fn get(&self, key: &str) -> Option<&[String]> {
        self.keys.get(&key.to_lowercase()).map(Vec::as_slice)
    }
}

/// Are `*` and `?` wildcards?
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wild {
    Yes,
    No,
}

/// A policy text with its variables filled in; `None` when one has no value.
pub(crate) fn substituted(text: &str, context: &Context, variables: bool, wild: Wild) -> Option<Vec<Sign>> {
    let plain = |text: &str| -> Vec<Sign> {
        if wild == Wild::Yes { matching::signs(text) } else { text.chars().map(Sign::Char).collect() }
    };
    if !variables {
        return Some(plain(text));
    }
    let mut signs = Vec::new();
    let mut rest = text;
    while let Some((head, tail)) = rest.split_once("${") {
        let Some((inside, after)) = tail.split_once('}') else { break };
        signs.extend(plain(head));
        let value = match inside {
            "*" | "?" | "$" => inside.to_owned(),
            _ => {
                let (key, default) = match inside.split_once(',') {
                    Some((key, default)) => (key, Some(default.trim().trim_matches('\''))),
                    None => (inside, None),
                };
                match (context.get(key.trim()), default) {
                    (Some([value]), _) => value.clone(),
                    (Some(_), _) | (None, None) => return None,
                    (None, Some(default)) => default.to_owned(),
                }
            }
        };
        signs.extend(value.chars().map(Sign::Char));
        rest = after;
    }
    signs.extend(plain(rest));
    Some(signs)
}

/// An operator taken apart, in lower case.
pub(crate) struct Parts {
    /// `forallvalues`, `foranyvalue` or nothing.
    pub(crate) set: String,
    pub(crate) if_exists: bool,
    /// Without set operator and suffix.
    pub(crate) base: String,
    /// Does it hold for values that are none of those listed?
    pub(crate) negated: bool,
}

/// Which values an operator compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Text,
    Number,
    Date,
    Bool,
    Binary,
    Address,
    Other,
}

impl Parts {
    pub(crate) fn of(condition: &Condition) -> Self {
        let name = condition.operator.to_ascii_lowercase();
        let (set, name) = match name.split_once(':') {
            Some((set @ ("forallvalues" | "foranyvalue"), rest)) => (set, rest),
            _ => ("", name.as_str()),
        };
        let (base, if_exists) = match name.strip_suffix("ifexists") {
            Some(base) => (base, true),
            None => (name, false),
        };
        let negations = ["stringnot", "arnnot", "numericnot", "datenot", "notip"];
        let negated = negations.iter().any(|start| base.starts_with(start));
        Self { set: set.to_owned(), if_exists, base: base.to_owned(), negated }
    }

    pub(crate) fn family(&self) -> Family {
        let base = self.base.as_str();
        match base {
            _ if !known(base) => Family::Other,
            "bool" => Family::Bool,
            "binaryequals" => Family::Binary,
            "ipaddress" | "notipaddress" => Family::Address,
            _ if base.starts_with("numeric") => Family::Number,
            _ if base.starts_with("date") => Family::Date,
            _ => Family::Text,
        }
    }

    /// Are `*` and `?` in its values themselves?
    pub(crate) fn is_literal(&self) -> bool {
        self.base.starts_with("string") && self.base.contains("equals")
    }
}

/// What is to be told of a key on which some conditions have to hold and others to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Neither its absence nor a value of it will do.
    Refuted,
    /// Something may do.
    Open,
    /// Its absence will not do; of values, the conditions on text have to tell.
    Texts,
}

/// Compares a condition texts?
pub(crate) fn is_text(condition: &Condition) -> bool {
    Parts::of(condition).family() == Family::Text
}

/// Looks at conditions on one key, each with whether variables are read in it and whether it has to hold.
pub(crate) fn ask(asked: &[(&Condition, bool, bool)], reading: Reading) -> Asked {
    let absent = Context::empty();
    let refuses_absence = |(one, variables, must): &(&Condition, bool, bool)| {
        holds(one, &absent, *variables, reading.any_if_exists).as_bool() == Some(!must)
    };
    if !asked.iter().any(refuses_absence) {
        return Asked::Open;
    }
    let says = |one: &Condition| {
        one.values.iter().filter_map(Item::text).any(|text| text.eq_ignore_ascii_case("false"))
    };
    let parts = || asked.iter().map(|(one, _, must)| (Parts::of(one), *one, *must));
    if parts().any(|(part, one, must)| part.base == "null" && says(one) != must) {
        return Asked::Refuted;
    }
    let valued: Vec<(Parts, &Condition, bool)> = parts().filter(|(part, ..)| part.base != "null").collect();
    // A set obeys what is asked of every value and has a value for each thing asked of some value; one such thing at a
    // time can be put to the test.
    let plain = valued.iter().any(|(part, ..)| part.set.is_empty());
    let of_some = valued.iter().filter(|(part, _, must)| (part.set == "foranyvalue") == *must).count();
    let Some((first, ..)) = valued.first() else { return Asked::Open };
    if (!plain && of_some > 1) || valued.iter().any(|(part, ..)| part.family() != first.family()) {
        return Asked::Open;
    }
    if first.family() == Family::Text {
        return Asked::Texts;
    }
    let single: Vec<(&Condition, bool)> = valued.iter().map(|(_, one, must)| (*one, *must)).collect();
    if refuted_by_samples(&single) { Asked::Refuted } else { Asked::Open }
}

/// Do no value of a key, nor any of a class of values, obey all of these conditions of one family that is not text?
/// Each comes with whether it has to hold.
fn refuted_by_samples(asked: &[(&Condition, bool)]) -> bool {
    let parts: Vec<(Parts, &Condition, bool)> =
        asked.iter().map(|(one, holds)| (Parts::of(one), *one, *holds)).collect();
    let Some((first, ..)) = parts.first() else { return false };
    let texts: Vec<&str> = parts.iter().flat_map(|(_, one, _)| &one.values).filter_map(Item::text).collect();
    let points: fn(&str) -> Option<(i128, i128)> = match first.family() {
        Family::Number => number,
        Family::Date => moment,
        Family::Address | Family::Bool | Family::Binary => {
            let samples: Vec<String> = match first.family() {
                Family::Address => texts.iter().flat_map(|text| edges(text)).collect(),
                _ => texts.iter().map(|text| (*text).to_owned()).collect(),
            };
            let more = ["true", "false", "", "neither", "0.0.0.0", "::"].map(str::to_owned);
            let context = Context::empty();
            let refused = |value: &String| {
                parts.iter().any(|(part, one, holds)| {
                    let found = one.values.iter().filter_map(Item::text);
                    let found =
                        found.into_iter().any(|text| matches(&part.base, text, value, &(&context, false)));
                    (found != part.negated) != *holds
                })
            };
            return samples.iter().chain(&more).all(refused);
        }
        Family::Text | Family::Other => return false,
    };
    let bounds = texts.iter().filter_map(|text| points(text));
    let near = bounds.flat_map(|(whole, part)| [(whole, part - 1), (whole, part), (whole, part + 1)]);
    let refused = |value: Option<(i128, i128)>| {
        parts.iter().any(|(part, one, holds)| {
            let order = part.base.trim_start_matches("numeric").trim_start_matches("date");
            let mut wanted = one.values.iter().filter_map(Item::text);
            let found = wanted.any(|text| ordered(order, value, points(text)));
            (found != part.negated) != *holds
        })
    };
    near.map(Some).chain([None]).all(refused)
}

/// The first and last address of a network and those just outside.
fn edges(network: &str) -> Vec<String> {
    let (base, length) = network.split_once('/').map_or((network, None), |(a, b)| (a, Some(b)));
    let Ok(base) = base.parse::<IpAddr>() else { return Vec::new() };
    let (bits, value) = match base {
        IpAddr::V4(four) => (32_u32, u128::from(u32::from(four))),
        IpAddr::V6(six) => (128, u128::from(six)),
    };
    let Some(rest) =
        length.map_or(Some(bits), |text| text.parse().ok()).and_then(|length| bits.checked_sub(length))
    else {
        return Vec::new();
    };
    let span = 1_u128.checked_shl(rest).map_or(u128::MAX, |size| size - 1);
    let (first, last) = (value & !span, value | span);
    let text = |value: u128| match bits {
        32 => u32::try_from(value).ok().map(|four| std::net::Ipv4Addr::from(four).to_string()),
        _ => Some(std::net::Ipv6Addr::from(value).to_string()),
    };
    [Some(first), Some(last), first.checked_sub(1), last.checked_add(1)]
        .into_iter()
        .flatten()
        .filter_map(text)
        .collect()
}

/// Does a condition hold?
pub(crate) fn holds(
    condition: &Condition,
    context: &Context,
    variables: bool,
    any_if_exists: AnyIfExists,
) -> Truth {
    let Parts { set, if_exists, base: name, negated } = Parts::of(condition);
    let present = context.get(condition.key.trim());
    if name == "null" {
        return Truth::any(condition.values.iter().map(|value| match value.text() {
            None => Truth::Maybe,
            Some(text) if text.eq_ignore_ascii_case("true") => Truth::from(present.is_none()),
            Some(text) => Truth::from(text.eq_ignore_ascii_case("false") && present.is_some()),
        }));
    }
    if !known(&name) {
        return Truth::Maybe;
    }
    let Some(values) = present.filter(|values| !values.is_empty()) else {
        return Truth::from(match set.as_str() {
            "forallvalues" => true,
            "foranyvalue" => if_exists && any_if_exists == AnyIfExists::Holds,
            _ => if_exists || negated,
        });
    };
    let of_session = context.session && condition.key.trim().eq_ignore_ascii_case("aws:PrincipalArn");
    let one = |value: &String| {
        let found = Truth::any(condition.values.iter().map(|wanted| match wanted {
            Item::Unknown | Item::Holed(_) => Truth::Maybe,
            Item::Text(wanted) => {
                let bare = of_session.then(|| caller::without_path(wanted)).flatten();
                let one = |text: &str| matches(&name, text, value, &(context, variables));
                Truth::from(one(wanted) || bare.is_some_and(|bare| one(&bare)))
            }
        }));
        if negated { found.not() } else { found }
    };
    match set.as_str() {
        "forallvalues" => Truth::all(values.iter().map(one)),
        "foranyvalue" => Truth::any(values.iter().map(one)),
        _ if negated => Truth::all(values.iter().map(one)),
        _ => Truth::any(values.iter().map(one)),
    }
}

fn known(name: &str) -> bool {
    let ordered = |rest: &str| {
        matches!(
            rest,
            "equals" | "notequals" | "lessthan" | "lessthanequals" | "greaterthan" | "greaterthanequals"
        )
    };
    matches!(
        name,
        "stringequals"
            | "stringnotequals"
            | "stringequalsignorecase"
            | "stringnotequalsignorecase"
            | "stringlike"
            | "stringnotlike"
            | "arnequals"
            | "arnlike"
            | "arnnotequals"
            | "arnnotlike"
            | "bool"
            | "binaryequals"
            | "ipaddress"
            | "notipaddress"
    ) || name.strip_prefix("numeric").is_some_and(ordered)
        || name.strip_prefix("date").is_some_and(ordered)
}

/// One value of the policy against one of the request, before any negation.
fn matches(name: &str, wanted: &str, value: &str, (context, variables): &(&Context, bool)) -> bool {
    let filled = |wild| substituted(wanted, context, *variables, wild);
    match name {
        "stringequals" | "stringnotequals" => {
            filled(Wild::No).is_some_and(|signs| matching::like(&signs, value))
        }
        "stringlike" | "stringnotlike" => {
            filled(Wild::Yes).is_some_and(|signs| matching::like(&signs, value))
        }
        "stringequalsignorecase" | "stringnotequalsignorecase" => filled(Wild::No).is_some_and(|signs| {
            let lower: String = signs
                .iter()
                .filter_map(|sign| if let Sign::Char(c) = sign { Some(*c) } else { None })
                .collect();
            lower.to_lowercase() == value.to_lowercase()
        }),
        "bool" => {
            matches!(wanted.to_ascii_lowercase().as_str(), "true" | "false")
                && wanted.eq_ignore_ascii_case(value)
        }
        "binaryequals" => wanted == value,
        "ipaddress" | "notipaddress" => in_network(wanted, value).unwrap_or(false),
        _ if name.starts_with("arn") => {
            filled(Wild::Yes).and_then(matching::arn_signs).is_some_and(|signs| matching::like(&signs, value))
        }
        _ => match (name.strip_prefix("numeric"), name.strip_prefix("date")) {
            (Some(order), _) => ordered(order, number(value), number(wanted)),
            (_, Some(order)) => ordered(order, moment(value), moment(wanted)),
            _ => false,
        },
    }
}

fn ordered<T: PartialOrd>(order: &str, value: Option<T>, bound: Option<T>) -> bool {
    let (Some(value), Some(bound)) = (value, bound) else { return false };
    match order {
        "equals" | "notequals" => value == bound,
        "lessthan" => value < bound,
        "lessthanequals" => value <= bound,
        "greaterthan" => value > bound,
        "greaterthanequals" => value >= bound,
        _ => false,
    }
}

/// A decimal as its sign, whole digits and nine digits of fraction.
fn number(text: &str) -> Option<(i128, i128)> {
    let negative = text.starts_with('-');
    let digits = text.trim_start_matches(['-', '+']);
    if text.len() - digits.len() > 1 {
        return None;
    }
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let fraction: String = format!("{fraction}000000000").chars().take(9).collect();
    let (whole, fraction): (i128, i128) = (whole.parse().ok()?, fraction.parse().ok()?);
    Some(if negative { (-whole, -fraction) } else { (whole, fraction) })
}

/// Seconds since 1970 and thousandths.
fn moment(text: &str) -> Option<(i128, i128)> {
    if text.len() != 4 && !text.is_empty() && text.chars().all(|c| c.is_ascii_digit()) {
        return Some((text.parse().ok()?, 0));
    }
    let (date, clock) = text.split_once('T').unwrap_or((text, "00:00Z"));
    let fields: Vec<&str> = date.split('-').collect();
    let int = |text: &&str, width: usize| -> Option<i128> {
        if text.len() == width && text.chars().all(|c| c.is_ascii_digit()) { text.parse().ok() } else { None }
    };
    let (year, month, day) = match fields.as_slice() {
        [year] => (int(year, 4)?, 1, 1),
        [year, month] => (int(year, 4)?, int(month, 2)?, 1),
        [year, month, day] => (int(year, 4)?, int(month, 2)?, int(day, 2)?),
        _ => return None,
    };
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let leap = |year: i128| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let mut days: i128 = if year >= 1970 {
        (1970..year).map(|year| if leap(year) { 366 } else { 365 }).sum()
    } else {
        -(year..1970).map(|year| if leap(year) { 366 } else { 365 }).sum::<i128>()
    };
    let lengths = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    days += lengths.iter().zip(1..month).map(|(length, _)| i128::from(*length)).sum::<i128>() + day - 1;
    let zone = clock.find(['Z', 'z', '+', '-']);
    let (clock, zone) = match zone {
        Some(at) => (clock.get(..at)?, clock.get(at..)?),
        None => (clock, "Z"),
    };
    let fields: Vec<&str> = clock.split(':').collect();
    let (hour, minute, seconds) = match fields.as_slice() {
        [hour, minute] => (int(hour, 2)?, int(minute, 2)?, (0, 0)),
        [hour, minute, second] => (int(hour, 2)?, int(minute, 2)?, number(second)?),
        _ => return None,
    };
    let shift = if zone.eq_ignore_ascii_case("z") {
        0
    } else {
        let digits = zone.get(1..)?.replace(':', "");
        let minutes = int(&digits.get(..2)?, 2)? * 60 + int(&digits.get(2..)?, 2)?;
        if zone.starts_with('-') { -minutes } else { minutes }
    };
    if hour > 24 || minute > 59 || seconds.0 > 60 {
        return None;
    }
    let whole = ((days * 24 + hour) * 60 + minute - shift) * 60 + seconds.0;
    Some((whole, seconds.1 / 1_000_000))
}

fn in_network(network: &str, address: &str) -> Option<bool> {
    let (base, length) = network.split_once('/').map_or((network, None), |(a, b)| (a, Some(b)));
    let base: IpAddr = base.parse().ok()?;
    let address: IpAddr = address.parse().ok()?;
    let octets = |address: IpAddr| match address {
        IpAddr::V4(four) => four.octets().to_vec(),
        IpAddr::V6(six) => six.octets().to_vec(),
    };
    let (base, address) = (octets(base), octets(address));
    if base.len() != address.len() {
        return Some(false);
    }
    let length: usize = match length {
        Some(text) => text.parse().ok()?,
        None => base.len() * 8,
    };
    if length > base.len() * 8 {
        return None;
    }
    let bit = |bytes: &[u8], at: usize| bytes.get(at / 8).map(|byte| byte >> (7 - at % 8) & 1);
    Some((0..length).all(|at| bit(&base, at) == bit(&address, at)))
}
