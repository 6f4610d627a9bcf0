//! Lengths of time as people write them: `90d`, `1h30m`.

use std::fmt;
use std::hash::{Hash, Hasher};

/// The rule in words, for messages and documentation.
pub const RULE: &str = "Write whole numbers with their units, the larger unit first: `90d`, `12h`, `1h30m`. \
Units are `w` (7 days), `d` (24 hours), `h`, `m` (minutes) and `s`; the longest length is 36500d.";

/// One hundred years, in seconds: far enough for any rule, and safe to add to any date.
const MAX_SECONDS: u64 = 36_500 * 86_400;

const UNITS: [(char, u64); 5] = [('w', 604_800), ('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// A length of time above zero. Two are equal when they are equally long; each keeps its user's spelling.
#[derive(Clone, Debug)]
pub struct Period {
    seconds: u64,
    spelling: String,
}

/// Why a text is not a length of time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// Not numbers with units.
    #[error("`{}` is not a length of time", .0.escape_debug())]
    Form(String),
    /// Units twice, or a smaller one before a larger one.
    #[error("`{}` is not a length of time: its units must go from larger to smaller, each once", .0.escape_debug())]
    Order(String),
    /// Zero.
    #[error("`{}` is no time at all", .0.escape_debug())]
    Zero(String),
    /// More than one hundred years.
    #[error("`{}` is longer than 36500d", .0.escape_debug())]
    Long(String),
}

impl Period {
    /// Reads a length of time as [`RULE`] says.
    pub fn parse(text: &str) -> Result<Self, PeriodError> {
        let form = || PeriodError::Form(text.to_owned());
        let long = || PeriodError::Long(text.to_owned());
        let mut seconds = 0_u64;
        let mut digits = String::new();
        let mut units = UNITS.iter();
        for character in text.chars() {
            if character.is_ascii_digit() {
                digits.push(character);
                continue;
            }
            if digits.is_empty() || !UNITS.iter().any(|(unit, _)| *unit == character) {
                return Err(form());
            }
            // The iterator only moves forward, so a unit that comes too late is no longer in it.
            let Some((_, length)) = units.find(|(unit, _)| *unit == character) else {
                return Err(PeriodError::Order(text.to_owned()));
            };
            let count: u64 = digits.parse().map_err(|_| long())?;
            seconds =
                count.checked_mul(*length).and_then(|part| part.checked_add(seconds)).ok_or_else(long)?;
            digits.clear();
        }
        if text.is_empty() || !digits.is_empty() {
            return Err(form());
        }
        match seconds {
            0 => Err(PeriodError::Zero(text.to_owned())),
            _ if seconds > MAX_SECONDS => Err(long()),
            _ => Ok(Self { seconds, spelling: text.to_owned() }),
        }
    }

    /// Its length in seconds.
    pub fn seconds(&self) -> u64 {
        self.seconds
    }

    /// As the user wrote it.
    pub fn spelling(&self) -> &str {
        &self.spelling
    }
}

impl PartialEq for Period {
    fn eq(&self, other: &Self) -> bool {
        self.seconds == other.seconds
    }
}

impl Eq for Period {}

impl Hash for Period {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.seconds.hash(state);
    }
}

/// The canonical spelling: days, hours, minutes, seconds, without those that are zero.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.seconds;
        for (unit, length) in UNITS.iter().skip(1) {
            if rest >= *length {
                write!(f, "{}{unit}", rest / length)?;
                rest %= length;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn canonical_spelling() {
        for (text, seconds, canonical) in [
            ("90d", 7_776_000, "90d"),
            ("1h30m", 5_400, "1h30m"),
            ("90m", 5_400, "1h30m"),
            ("24h", 86_400, "1d"),
            ("2w", 1_209_600, "14d"),
            ("1d1s", 86_401, "1d1s"),
            ("36500d", MAX_SECONDS, "36500d"),
            ("007s", 7, "7s"),
        ] {
            let period = Period::parse(text).unwrap();
            assert_eq!(
                (period.seconds(), period.to_string().as_str(), period.spelling()),
                (seconds, canonical, text)
            );
        }
    }

    #[test]
    fn refusals() {
        let form = PeriodError::Form;
        for text in ["", "d", "90", "1.5h", "-1d", "1 d", "90D", "1h30", "1y", "∞", "１d"] {
            assert_eq!(Period::parse(text), Err(form(text.to_owned())), "{text:?}");
        }
        for text in ["30m1h", "1h1h", "1d1w"] {
            assert_eq!(Period::parse(text), Err(PeriodError::Order(text.to_owned())), "{text:?}");
        }
        assert_eq!(Period::parse("0d0h"), Err(PeriodError::Zero("0d0h".to_owned())));
        for text in ["36501d", "99999999999999999999999s", "18446744073709551615w"] {
            assert_eq!(Period::parse(text), Err(PeriodError::Long(text.to_owned())), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn canonical_text_reads_back(seconds in 1..=MAX_SECONDS) {
            let period = Period::parse(&format!("{seconds}s")).unwrap();
            let canonical = period.to_string();
            let again = Period::parse(&canonical).unwrap();
            prop_assert_eq!(again.to_string(), canonical);
            prop_assert_eq!(again, period);
        }

        #[test]
        fn any_text_is_an_answer(text in "\\PC{0,12}|[0-9wdhms]{0,12}") {
            drop(Period::parse(&text));
        }
    }
}
