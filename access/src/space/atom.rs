//! One condition as a question about what a context key holds.

use std::hash::{Hash, Hasher};

use super::glob::{Pattern, Patterns};
use super::hash::Mixer;
use super::value::{Network, Order, decimal, decimal_text, time};
use crate::settings::AnyIfExists;

/// How the values of a request take part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quantity {
    /// No set operator: the key holds one value.
    Plain,
    /// `ForAllValues`.
    All,
    /// `ForAnyValue`.
    Any,
}

/// What a single value is compared with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Test {
    /// String and ARN operators.
    Text(Patterns),
    /// Numeric operators.
    Number(Order, Vec<i128>),
    /// Date operators, in milliseconds.
    Time(Order, Vec<i128>),
    /// `Bool`.
    Bool(Vec<bool>),
    /// `BinaryEquals`.
    Binary(Vec<String>),
    /// `IpAddress`.
    Address(Vec<Network>),
    /// `Null`: may it be there, may it be absent?
    Presence { present: bool, absent: bool },
    /// Something this procedure does not look into; equal ones still cancel.
    Opaque(String),
}

/// One condition.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Atom {
    pub(crate) quantity: Quantity,
    pub(crate) if_exists: bool,
    pub(crate) negated: bool,
    pub(crate) test: Test,
}

impl Atom {
    /// That the key is there and holds one of the values.
    pub(crate) fn one_of(values: &[String]) -> Self {
        let values = Patterns::new(values.iter().map(|value| Pattern::exact(value)));
        Self { quantity: Quantity::Plain, if_exists: false, negated: false, test: Test::Text(values) }
    }

    /// Does it hold when the key is absent?
    pub(crate) fn holds_absent(&self, any_if_exists: AnyIfExists) -> bool {
        match (&self.test, self.quantity) {
            (Test::Presence { absent, .. }, _) => *absent,
            (_, Quantity::All) => true,
            (_, Quantity::Any) => self.if_exists && any_if_exists == AnyIfExists::Holds,
            (_, Quantity::Plain) => self.if_exists || self.negated,
        }
    }

    /// Does it hold for one value?
    pub(crate) fn holds(&self, value: &str) -> bool {
        let found = match &self.test {
            Test::Text(patterns) => patterns.matches(value),
            Test::Number(order, bounds) => {
                decimal(value).is_some_and(|value| bounds.iter().any(|bound| order.holds(value.cmp(bound))))
            }
            Test::Time(order, bounds) => {
                time(value).is_some_and(|value| bounds.iter().any(|bound| order.holds(value.cmp(bound))))
            }
            Test::Bool(wanted) => wanted.iter().any(|wanted| value.eq_ignore_ascii_case(&wanted.to_string())),
            Test::Binary(wanted) => wanted.iter().any(|wanted| wanted == value),
            Test::Address(networks) => networks.iter().any(|network| network.takes(value)),
            Test::Presence { present, .. } => *present,
            Test::Opaque(_) => return true,
        };
        found != self.negated
    }

    /// Texts that stand for every class of values the test tells apart (except for `Text`: some that matter).
    pub(crate) fn samples(&self) -> Vec<String> {
        match &self.test {
            Test::Text(patterns) => {
                patterns.literals.iter().cloned().chain(patterns.globs.iter().map(sample)).collect()
            }
            Test::Number(_, bounds) => {
                let mut points: Vec<i128> = bounds
                    .iter()
                    .flat_map(|bound| [*bound, bound - 1_000_000_000, bound + 1_000_000_000])
                    .collect();
                points.extend(between(bounds));
                points.into_iter().map(decimal_text).collect()
            }
            Test::Time(_, bounds) => {
                let mut points: Vec<i128> =
                    bounds.iter().flat_map(|bound| [*bound, bound - 1000, bound + 1000]).collect();
                points.extend(between(bounds));
                points.into_iter().map(time_text).collect()
            }
            Test::Bool(_) => vec!["true".to_owned(), "false".to_owned()],
            Test::Binary(wanted) => wanted.clone(),
            Test::Address(networks) => networks.iter().flat_map(|network| network.edges()).collect(),
            Test::Presence { .. } | Test::Opaque(_) => vec!["x".to_owned()],
        }
    }

    /// Which kind of values it compares; only tests of one kind are decided together.
    pub(crate) fn kind(&self) -> u8 {
        match self.test {
            Test::Text(_) => 1,
            Test::Number(..) => 2,
            Test::Time(..) => 3,
            Test::Bool(_) => 4,
            Test::Binary(_) => 5,
            Test::Address(_) => 6,
            Test::Presence { .. } | Test::Opaque(_) => 0,
        }
    }

    pub(crate) fn names_texts(&self) -> bool {
        matches!(self.test, Test::Text(_))
    }

    pub(crate) fn has_tokens(&self) -> bool {
        matches!(&self.test, Test::Text(patterns) if patterns.tokens)
    }

    pub(crate) fn is_opaque(&self) -> bool {
        matches!(self.test, Test::Opaque(_))
    }

    /// Are the two the same condition?
    pub(crate) fn same(&self, other: &Self) -> bool {
        let head = |atom: &Self| (atom.quantity, atom.if_exists, atom.negated);
        head(self) == head(other)
            && match (&self.test, &other.test) {
                (Test::Text(a), Test::Text(b)) => a.same(b),
                (a, b) => a == b,
            }
    }

    /// Feeds a hash with what [`Atom::same`] looks at.
    pub(crate) fn mix(&self, mixer: &mut Mixer) {
        mixer.write_u32(self.quantity as u32 * 4 + u32::from(self.if_exists) * 2 + u32::from(self.negated));
        mixer.write_u8(self.kind());
        match &self.test {
            Test::Text(patterns) => patterns.mix(mixer),
            Test::Number(order, bounds) | Test::Time(order, bounds) => {
                (*order as u32).hash(mixer);
                bounds.hash(mixer);
            }
            Test::Bool(wanted) => wanted.hash(mixer),
            Test::Binary(wanted) => wanted.hash(mixer),
            Test::Address(networks) => networks.len().hash(mixer),
            Test::Presence { present, absent } => (present, absent).hash(mixer),
            Test::Opaque(name) => name.hash(mixer),
        }
    }
}

fn sample(pattern: &Pattern) -> String {
    use super::glob::Piece;
    pattern
        .pieces
        .iter()
        .filter_map(|piece| match piece {
            Piece::Lit(c) | Piece::Fold(c) => Some(*c),
            Piece::One(_) => Some('x'),
            Piece::Star(_) => None,
        })
        .collect()
}

/// Middles of neighbouring bounds.
fn between(bounds: &[i128]) -> Vec<i128> {
    let mut sorted = bounds.to_vec();
    sorted.sort_unstable();
    sorted.iter().zip(sorted.iter().skip(1)).map(|(low, high)| low + (high - low) / 2).collect()
}

/// A time as text: seconds since 1970 where whole, which every date operator reads.
fn time_text(milliseconds: i128) -> String {
    let civil = civil(milliseconds.div_euclid(86_400_000));
    let rest = milliseconds.rem_euclid(86_400_000);
    let (hour, minute) = (rest / 3_600_000, rest / 60_000 % 60);
    let (second, part) = (rest / 1000 % 60, rest % 1000);
    let fraction = if part == 0 { String::new() } else { format!(".{part:03}") };
    format!("{:04}-{:02}-{:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z", civil.0, civil.1, civil.2)
}

/// Year, month and day of a day since 1970-01-01.
fn civil(days: i128) -> (i128, i128, i128) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_index = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_index + 2) / 5 + 1;
    let month = if month_index < 10 { month_index + 3 } else { month_index - 9 };
    let year = year_of_era + era * 400 + i128::from(month <= 2);
    (year, month, day)
}
