//! Conditions as questions about context keys.

use super::{Condition, Item, patterns, variables};
use crate::space::atom::{Atom, Quantity, Test};
use crate::space::clause::Numbers;
use crate::space::glob::{Pattern, Patterns, Piece, is_token};
use crate::space::value::{Network, Order, decimal, time};

/// An operator taken apart.
#[derive(Clone, Debug)]
pub(super) struct Operator {
    pub(super) quantity: Quantity,
    pub(super) if_exists: bool,
    /// In lower case, without set operator and suffix.
    pub(super) base: String,
}

impl Operator {
    pub(super) fn read(text: &str) -> Self {
        let lower = text.to_lowercase();
        let (quantity, rest) = if let Some(rest) = lower.strip_prefix("forallvalues:") {
            (Quantity::All, rest)
        } else if let Some(rest) = lower.strip_prefix("foranyvalue:") {
            (Quantity::Any, rest)
        } else {
            (Quantity::Plain, lower.as_str())
        };
        let base = rest.strip_suffix("ifexists");
        Self { quantity, if_exists: base.is_some(), base: base.unwrap_or(rest).to_owned() }
    }

    /// Does this procedure look into it?
    pub(super) fn is_known(&self) -> bool {
        let order = self.base.strip_prefix("numeric").or_else(|| self.base.strip_prefix("date"));
        is_text(&self.base)
            || order.and_then(order_of).is_some()
            || matches!(self.base.as_str(), "null" | "bool" | "binaryequals" | "ipaddress" | "notipaddress")
    }

    /// Does it hold for values that are none of those listed?
    pub(super) fn negated(&self) -> bool {
        self.base.contains("not")
    }
}

/// One condition as an atom; entries only known after apply are read as `unknown` says.
pub(super) fn atom(condition: &Condition, with_variables: bool, numbers: &mut Numbers) -> Atom {
    let operator = Operator::read(&condition.operator);
    let texts: Vec<&str> = condition.values.iter().filter_map(Item::text).collect();
    let test = match operator.base.as_str() {
        "null" => {
            let says = |wanted: &str| texts.iter().any(|text| text.eq_ignore_ascii_case(wanted));
            Test::Presence { present: says("false"), absent: says("true") }
        }
        "bool" => {
            let mut wanted: Vec<bool> =
                texts.iter().filter_map(|text| text.to_lowercase().parse().ok()).collect();
            wanted.sort_unstable();
            wanted.dedup();
            Test::Bool(wanted)
        }
        "binaryequals" => {
            let mut wanted: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
            wanted.sort();
            wanted.dedup();
            Test::Binary(wanted)
        }
        "ipaddress" | "notipaddress" => {
            let mut networks: Vec<Network> = texts.iter().filter_map(|text| Network::parse(text)).collect();
            networks.sort_unstable();
            networks.dedup();
            Test::Address(networks)
        }
        base => match (base.strip_prefix("numeric"), base.strip_prefix("date")) {
            (Some(order), _) if order_of(order).is_some() => {
                Test::Number(order_of(order).unwrap_or(Order::Equals), points(&texts, decimal))
            }
            (_, Some(order)) if order_of(order).is_some() => {
                Test::Time(order_of(order).unwrap_or(Order::Equals), points(&texts, time))
            }
            _ => text_test(base, &texts, with_variables, numbers),
        },
    };
    Atom { quantity: operator.quantity, if_exists: operator.if_exists, negated: operator.negated(), test }
}

fn points(texts: &[&str], read: fn(&str) -> Option<i128>) -> Vec<i128> {
    let mut points: Vec<i128> = texts.iter().filter_map(|text| read(text)).collect();
    points.sort_unstable();
    points.dedup();
    points
}

fn order_of(text: &str) -> Option<Order> {
    Some(match text {
        "equals" | "notequals" => Order::Equals,
        "lessthan" => Order::Less,
        "lessthanequals" => Order::LessOrEquals,
        "greaterthan" => Order::Greater,
        "greaterthanequals" => Order::GreaterOrEquals,
        _ => return None,
    })
}

fn text_test(base: &str, texts: &[&str], with_variables: bool, numbers: &mut Numbers) -> Test {
    let mut found = Vec::new();
    for text in texts {
        let wild = matches!(base, "stringlike" | "stringnotlike") || base.starts_with("arn");
        for mut pieces in variables::pieces(text, with_variables, wild, numbers) {
            match base {
                "stringequals" | "stringnotequals" | "stringlike" | "stringnotlike" => {}
                "stringequalsignorecase" | "stringnotequalsignorecase" => {
                    for piece in &mut pieces {
                        if let Piece::Lit(c) = piece {
                            let mut lower = c.to_lowercase();
                            if let (Some(one), None) = (lower.next(), lower.next())
                                // A value nobody knows is another constraint in any case than as written.
                                && (one.is_lowercase() || one.is_uppercase() || is_token(one))
                            {
                                *piece = Piece::Fold(one);
                            }
                        }
                    }
                }
                "arnequals" | "arnlike" | "arnnotequals" | "arnnotlike" => {
                    found.extend(patterns::arn(pieces, text));
                    continue;
                }
                _ => {
                    let mut values: Vec<&str> = texts.to_vec();
                    values.sort_unstable();
                    return Test::Opaque(format!("{base}{values:?}"));
                }
            }
            found.push(Pattern { pieces, text: (*text).to_owned() });
        }
    }
    if found.is_empty() && !is_text(base) {
        return Test::Opaque(base.to_owned());
    }
    Test::Text(Patterns::new(found))
}

/// Is it an operator on strings or ARNs?
pub(super) fn is_text(base: &str) -> bool {
    matches!(
        base,
        "stringequals"
            | "stringnotequals"
            | "stringlike"
            | "stringnotlike"
            | "stringequalsignorecase"
            | "stringnotequalsignorecase"
            | "arnequals"
            | "arnlike"
            | "arnnotequals"
            | "arnnotlike"
    )
}

/// Does the operator, as written, compare strings or ARNs?
pub(super) fn reads_text(operator: &str) -> bool {
    is_text(&Operator::read(operator).base)
}

/// What keeps the same value apart under operators that read it differently.
pub(super) fn manner(operator: &str) -> &'static str {
    if Operator::read(operator).base.contains("ignorecase") { "in any case" } else { "" }
}

/// A condition nobody looks into: it is equal to itself, and that is all that is known.
pub(crate) fn opaque(name: String) -> Atom {
    Atom { quantity: Quantity::Plain, if_exists: false, negated: false, test: Test::Opaque(name) }
}
