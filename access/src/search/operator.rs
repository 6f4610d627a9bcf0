//! Condition operators by name.

use crate::dialect::aws::Item;
use crate::glob::{Glob, Style};
use crate::search::condition::Compare::{Equal, Greater, GreaterEqual, Less, LessEqual};
use crate::search::condition::{Compare, Kind, Quantifier, Set};
use crate::search::values::{date, number, prefix};
use crate::search::variable::letters;
use crate::settings::AnyIfExists;

/// An operator, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Operator {
    quantifier: Quantifier,
    if_exists: bool,
    pub(crate) negated: bool,
    family: Family,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Text(Style),
    Number(Compare),
    Date(Compare),
    Bool,
    Binary,
    Address,
    Null,
}

/// Reads an operator; letter case does not matter. `None`: there is no such operator.
pub(crate) fn parse(text: &str) -> Option<Operator> {
    let lower = text.to_ascii_lowercase();
    let (quantifier, rest) = match lower.split_once(':') {
        Some(("forallvalues", rest)) => (Quantifier::All, rest),
        Some(("foranyvalue", rest)) => (Quantifier::Any, rest),
        Some(_) => return None,
        None => (Quantifier::One, lower.as_str()),
    };
    let (base, if_exists) = rest.strip_suffix("ifexists").map_or((rest, false), |base| (base, true));
    let (family, negated) = match base {
        "stringequals" => (Family::Text(Style::Exact), false),
        "stringnotequals" => (Family::Text(Style::Exact), true),
        "stringequalsignorecase" => (Family::Text(Style::Folded), false),
        "stringnotequalsignorecase" => (Family::Text(Style::Folded), true),
        "stringlike" => (Family::Text(Style::Crossing), false),
        "stringnotlike" => (Family::Text(Style::Crossing), true),
        "arnequals" | "arnlike" => (Family::Text(Style::Arn), false),
        "arnnotequals" | "arnnotlike" => (Family::Text(Style::Arn), true),
        "numericequals" => (Family::Number(Equal), false),
        "numericnotequals" => (Family::Number(Equal), true),
        "numericlessthan" => (Family::Number(Less), false),
        "numericlessthanequals" => (Family::Number(LessEqual), false),
        "numericgreaterthan" => (Family::Number(Greater), false),
        "numericgreaterthanequals" => (Family::Number(GreaterEqual), false),
        "dateequals" => (Family::Date(Equal), false),
        "datenotequals" => (Family::Date(Equal), true),
        "datelessthan" => (Family::Date(Less), false),
        "datelessthanequals" => (Family::Date(LessEqual), false),
        "dategreaterthan" => (Family::Date(Greater), false),
        "dategreaterthanequals" => (Family::Date(GreaterEqual), false),
        "bool" => (Family::Bool, false),
        "binaryequals" => (Family::Binary, false),
        "ipaddress" => (Family::Address, false),
        "notipaddress" => (Family::Address, true),
        "null" => (Family::Null, false),
        _ => return None,
    };
    Some(Operator { quantifier, if_exists, negated, family })
}

impl Operator {
    /// One value, and absence counts as no match.
    pub(crate) fn is_plain(self) -> bool {
        self.quantifier == Quantifier::One && !self.if_exists && matches!(self.family, Family::Text(_))
    }

    /// Do `*` and `?` in its values stand for other text?
    pub(crate) fn has_wildcards(self) -> bool {
        matches!(self.family, Family::Text(Style::Crossing | Style::Arn))
    }

    /// What it asks of one key. `None`: a value is unknown.
    pub(crate) fn compile(
        self,
        values: &[Item],
        variables: bool,
        any_if_exists: AnyIfExists,
    ) -> Option<Kind> {
        let texts: Option<Vec<&str>> = values
            .iter()
            .map(|value| if let Item::Text(text) = value { Some(text.as_str()) } else { None })
            .collect();
        let texts = texts?;
        let set = match self.family {
            Family::Null => {
                let is = |word: &str| texts.iter().any(|text| text.eq_ignore_ascii_case(word));
                return Some(Kind::Presence { present: is("false"), absent: is("true") });
            }
            Family::Text(style) => Set::Text(
                texts.iter().filter_map(|text| Glob::new(&letters(text, variables), style)).collect(),
            ),
            Family::Binary => Set::Text(
                texts.iter().filter_map(|text| Glob::new(&letters(text, false), Style::Exact)).collect(),
            ),
            Family::Number(compare) => {
                Set::Number(compare, texts.iter().filter_map(|text| number(text)).collect())
            }
            Family::Date(compare) => Set::Date(compare, texts.iter().filter_map(|text| date(text)).collect()),
            Family::Bool => {
                Set::Bool(texts.iter().filter_map(|text| text.to_ascii_lowercase().parse().ok()).collect())
            }
            Family::Address => Set::Address(texts.iter().filter_map(|text| prefix(text)).collect()),
        };
        let absent = match (self.quantifier, self.if_exists) {
            (Quantifier::All, _) | (Quantifier::One, true) => true,
            (Quantifier::One, false) => self.negated,
            (Quantifier::Any, if_exists) => if_exists && any_if_exists == AnyIfExists::Holds,
        };
        Some(Kind::Value { quantifier: self.quantifier, negated: self.negated, absent, set })
    }
}
