//! Conditions as the search sees them: sets of values of one key.

use crate::glob::{GaveUp, Glob, find};
use crate::search::values::{date, number, prefix};

/// How the values of a request are quantified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Quantifier {
    /// The key has one value.
    One,
    /// `ForAllValues:`
    All,
    /// `ForAnyValue:`
    Any,
}

/// What a single value is tested against.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Set {
    /// Text that matches one of these.
    Text(Vec<Glob>),
    /// Numbers that stand so to one of these.
    Number(Compare, Vec<f64>),
    /// Moments (seconds since 1970) that stand so to one of these.
    Date(Compare, Vec<f64>),
    /// One of these booleans.
    Bool(Vec<bool>),
    /// Addresses in one of these ranges: first and last, v4 mapped into v6 space apart.
    Address(Vec<(bool, u128, u128)>),
}

/// An order relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compare {
    Equal,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

/// A condition on one key.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Condition {
    /// The key, lower case.
    pub(crate) key: String,
    /// The key as written.
    pub(crate) shown: String,
    /// Equal texts are equal conditions, whatever their soft values turn out to be.
    pub(crate) text: String,
    /// The operator and its values, for a reader.
    pub(crate) words: String,
    pub(crate) kind: Kind,
}

/// What it asks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    /// `Null`: present, or absent, or either.
    Presence { present: bool, absent: bool },
    /// Any other operator.
    Value { quantifier: Quantifier, negated: bool, absent: bool, set: Set },
    /// Cannot be true (an unknown operator or value on the side that must not gain).
    Never,
}

impl Set {
    fn holds(&self, value: &str) -> bool {
        match self {
            Self::Text(globs) => globs.iter().any(|glob| glob.matches(value)),
            Self::Number(compare, values) => {
                number(value).is_some_and(|v| values.iter().any(|w| compare.holds(v, *w)))
            }
            Self::Date(compare, values) => {
                date(value).is_some_and(|v| values.iter().any(|w| compare.holds(v, *w)))
            }
            Self::Bool(values) => match value.to_ascii_lowercase().as_str() {
                "true" => values.contains(&true),
                "false" => values.contains(&false),
                _ => false,
            },
            Self::Address(ranges) => prefix(value).is_some_and(|(v6, first, last)| {
                ranges.iter().any(|r| r.0 == v6 && r.1 <= first && last <= r.2)
            }),
        }
    }

    /// Values at which the answer can change, one of each stretch between them.
    fn samples(&self) -> Vec<String> {
        match self {
            Self::Text(globs) => globs.iter().map(|glob| glob.example("x")).collect(),
            Self::Number(_, values) => stretches(values).into_iter().map(|v| v.to_string()).collect(),
            Self::Date(_, values) => stretches(values).into_iter().map(|v| v.to_string()).collect(),
            Self::Bool(_) => vec!["true".to_owned(), "false".to_owned()],
            Self::Address(ranges) => {
                let mut samples = Vec::new();
                for (v6, first, last) in ranges {
                    let edges = [Some(*first), Some(*last), first.checked_sub(1), last.checked_add(1)];
                    samples.extend(
                        edges.into_iter().flatten().map(|edge| crate::search::values::address(*v6, edge)),
                    );
                }
                samples.extend(["203.0.113.7".to_owned(), "2001:db8::7".to_owned()]);
                samples
            }
        }
    }
}

fn stretches(values: &[f64]) -> Vec<f64> {
    values.iter().flat_map(|v| [*v, v - 1.0, v + 1.0, v - 0.5, v + 0.5]).collect()
}

impl Compare {
    fn holds(self, value: f64, against: f64) -> bool {
        match self {
            // Both are read from decimal text; equal text is equal to the last bit.
            Self::Equal => value.total_cmp(&against).is_eq(),
            Self::Less => value < against,
            Self::LessEqual => value <= against,
            Self::Greater => value > against,
            Self::GreaterEqual => value >= against,
        }
    }
}

/// The value of a key in a request: absent, or these.
pub(crate) type Chosen = Option<Vec<String>>;

/// Finds a value of one key under which all of `required` hold and none of `refused`.
pub(crate) fn choose(
    required: &[&Condition],
    refused: &[&Condition],
    wishes: &[String],
    states: usize,
) -> Result<Option<Chosen>, GaveUp> {
    if required.iter().any(|r| matches!(r.kind, Kind::Never) || refused.iter().any(|f| f.text == r.text)) {
        return Ok(None);
    }
    let fits = |chosen: &Chosen| {
        required.iter().all(|condition| condition.holds(chosen))
            && !refused.iter().any(|condition| condition.holds(chosen))
    };
    // Present values first: a reader sees more in "from 203.0.113.7" than in "without an address".
    let single = required
        .iter()
        .chain(refused)
        .any(|c| matches!(c.kind, Kind::Value { quantifier: Quantifier::One, .. }));
    let mut elements = Vec::new();
    let values: Vec<_> =
        required.iter().map(|c| (*c, true)).chain(refused.iter().map(|c| (*c, false))).collect();
    let mut universal = Vec::new();
    let mut existential = Vec::new();
    for (condition, wanted) in &values {
        if let Kind::Value { quantifier, negated, set, .. } = &condition.kind {
            // What each value must be, if the condition is to be as wanted.
            let inside = negated != wanted;
            match (quantifier, wanted) {
                (Quantifier::One, _) | (Quantifier::All, true) | (Quantifier::Any, false) => {
                    universal.push((set, inside));
                }
                (Quantifier::All, false) | (Quantifier::Any, true) => existential.push((set, inside)),
            }
        }
    }
    if fits(&None) && existential.is_empty() {
        return Ok(Some(None));
    }
    if existential.is_empty() {
        if let Some(value) = element(&universal, wishes, states)? {
            elements.push(vec![value]);
        }
        elements.push(Vec::new());
    } else {
        let mut parts = Vec::new();
        for one in &existential {
            let mut all = universal.clone();
            all.push(*one);
            if let Some(value) = element(&all, wishes, states)? {
                parts.push(value);
            }
        }
        parts.sort();
        parts.dedup();
        if single {
            elements.extend(parts.iter().map(|value| vec![value.clone()]));
            // One value may have to serve several existential conditions at once.
            let mut all = universal.clone();
            all.extend(existential.iter().copied());
            elements.extend(element(&all, wishes, states)?.map(|value| vec![value]));
        } else {
            elements.push(parts);
        }
    }
    let candidates = elements.into_iter().map(Some).chain([None, Some(vec![])]);
    Ok(candidates
        .into_iter()
        .find(|chosen| (!single || chosen.as_ref().is_none_or(|v| v.len() == 1)) && fits(chosen)))
}

/// One value inside, or outside, each of these sets.
fn element(sets: &[(&Set, bool)], wishes: &[String], states: usize) -> Result<Option<String>, GaveUp> {
    let fits = |value: &str| sets.iter().all(|(set, inside)| set.holds(value) == *inside);
    let text: Option<Vec<_>> = sets
        .iter()
        .map(|(set, inside)| if let Set::Text(globs) = set { Some((globs, *inside)) } else { None })
        .collect();
    if let Some(text) = text {
        let mut groups: Vec<Vec<&Glob>> =
            text.iter().filter(|(_, inside)| *inside).map(|(globs, _)| globs.iter().collect()).collect();
        let without: Vec<&Glob> =
            text.iter().filter(|(_, inside)| !inside).flat_map(|(globs, _)| globs.iter()).collect();
        // No key carries an empty text on its own account.
        let some = Glob::crossing("?*");
        groups.push(vec![&some]);
        return find(&groups, &without, wishes, states);
    }
    let samples = sets.iter().flat_map(|(set, _)| set.samples()).chain(["x".to_owned()]);
    Ok(wishes.iter().cloned().chain(samples).find(|value| fits(value)))
}

impl Condition {
    /// Is it met by this value?
    pub(crate) fn holds(&self, chosen: &Chosen) -> bool {
        match &self.kind {
            Kind::Never => false,
            Kind::Presence { present, absent } => {
                if chosen.is_some() {
                    *present
                } else {
                    *absent
                }
            }
            Kind::Value { quantifier, negated, absent, set } => {
                let Some(values) = chosen else { return *absent };
                let each = |value: &String| set.holds(value) != *negated;
                match quantifier {
                    Quantifier::One => values.len() == 1 && values.iter().all(each),
                    Quantifier::All => values.iter().all(each),
                    Quantifier::Any => values.iter().any(each),
                }
            }
        }
    }
}
