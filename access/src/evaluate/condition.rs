//! The evaluator's own conditions: operators, absent keys, policy variables.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::Truth;
use super::matching::{self, Sign};
use crate::dialect::aws::{Condition, Item};
use crate::request::Request;
use crate::settings::AnyIfExists;

/// The keys of a request by lower-case name.
pub(super) struct Context(BTreeMap<String, Vec<String>>);

impl Context {
    /// `named`: the statement names principals, so keys that say who the principal is are filled in.
    pub(super) fn new(request: &Request, named: bool) -> Self {
        let mut keys: BTreeMap<String, Vec<String>> =
            request.context.iter().map(|(key, values)| (key.to_lowercase(), values.clone())).collect();
        if named && matching::kind_of(&request.principal) == "AWS" {
            let arn = matching::role_of_session(&request.principal).unwrap_or(request.principal.clone());
            if let Some(account) = matching::account_of(&request.principal) {
                keys.entry("aws:principalaccount".to_owned()).or_insert(vec![account.to_owned()]);
            }
            if arn.starts_with("arn:") {
                keys.entry("aws:principalarn".to_owned()).or_insert(vec![arn]);
            }
        }
        Self(keys)
    }

    fn get(&self, key: &str) -> Option<&[String]> {
        self.0.get(&key.to_lowercase()).map(Vec::as_slice)
    }
}

/// Are `*` and `?` wildcards?
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wild {
    Yes,
    No,
}

/// A policy text with its variables filled in; `None` when one has no value.
pub(super) fn substituted(text: &str, context: &Context, variables: bool, wild: Wild) -> Option<Vec<Sign>> {
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

/// Does a condition hold?
pub(super) fn holds(
    condition: &Condition,
    context: &Context,
    variables: bool,
    any_if_exists: AnyIfExists,
) -> Truth {
    let name = condition.operator.to_ascii_lowercase();
    let (set, name) = match name.split_once(':') {
        Some((set @ ("forallvalues" | "foranyvalue"), rest)) => (set, rest),
        _ => ("", name.as_str()),
    };
    let (name, if_exists) = match name.strip_suffix("ifexists") {
        Some(name) => (name, true),
        None => (name, false),
    };
    let present = context.get(condition.key.trim());
    if name == "null" {
        return Truth::any(condition.values.iter().map(|value| match value.text() {
            None => Truth::Maybe,
            Some(text) if text.eq_ignore_ascii_case("true") => Truth::from(present.is_none()),
            Some(text) => Truth::from(text.eq_ignore_ascii_case("false") && present.is_some()),
        }));
    }
    let negated =
        ["stringnot", "arnnot", "numericnot", "datenot", "notip"].iter().any(|start| name.starts_with(start));
    if !known(name) {
        return Truth::Maybe;
    }
    let Some(values) = present.filter(|values| !values.is_empty()) else {
        return Truth::from(match set {
            "forallvalues" => true,
            "foranyvalue" => if_exists && any_if_exists == AnyIfExists::Holds,
            _ => if_exists || negated,
        });
    };
    let one = |value: &String| {
        let found = Truth::any(condition.values.iter().map(|wanted| match wanted {
            Item::Unknown => Truth::Maybe,
            Item::Text(wanted) => Truth::from(matches(name, wanted, value, &(context, variables))),
        }));
        if negated { found.not() } else { found }
    };
    match set {
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
        _ if name.starts_with("arn") => filled(Wild::Yes).is_some_and(|signs| arn(signs, value)),
        _ => match (name.strip_prefix("numeric"), name.strip_prefix("date")) {
            (Some(order), _) => ordered(order, number(value), number(wanted)),
            (_, Some(order)) => ordered(order, moment(value), moment(wanted)),
            _ => false,
        },
    }
}

/// Six fields, each matched by itself.
fn arn(pattern: Vec<Sign>, value: &str) -> bool {
    let mut fields: Vec<Vec<Sign>> = vec![Vec::new()];
    for sign in pattern {
        if sign == Sign::Char(':') && fields.len() < 6 {
            fields.push(Vec::new());
        } else if let Some(field) = fields.last_mut() {
            field.push(sign);
        }
    }
    if fields.len() < 6 {
        if !matches!(fields.last().and_then(|field| field.last()), Some(Sign::Run(_))) {
            return false;
        }
        fields.resize(6, vec![Sign::Run(true)]);
    }
    let parts: Vec<&str> = value.splitn(6, ':').collect();
    parts.len() == 6 && fields.iter().zip(parts).all(|(field, part)| matching::like(field, part))
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
