//! Exact decimal numbers: what a configuration says survives, however large or fine.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// Exponents beyond this are refused: no configuration holds such a number, and writing it out would take the machine down.
const LARGEST_EXPONENT: i64 = 100_000;

/// A decimal number of any size, kept exactly.
///
/// Two numbers are equal when their values are, however they were spelt (`1`, `1.0`, `1e0`).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Number {
    negative: bool,
    /// Decimal digits without leading or trailing zeros; empty for zero.
    digits: String,
    /// The value is `0.digits × 10^exponent`.
    exponent: i64,
}

/// Why a text is not a number of the protocol.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NumberError {
    /// Not decimal digits with an optional sign, fraction and exponent.
    #[error("`{0}` is not a decimal number")]
    Malformed(String),
    /// Infinite or not a number at all.
    #[error("a number must be finite")]
    NotFinite,
    /// Outside what can be written out.
    #[error("the exponent of a number must lie within ±{LARGEST_EXPONENT}")]
    Exponent,
}

impl Number {
    /// Zero.
    pub fn zero() -> Self {
        Self { negative: false, digits: String::new(), exponent: 0 }
    }

    /// The value as a whole number, when it is one and fits.
    pub fn to_i64(&self) -> Option<i64> {
        if self.digits.is_empty() {
            return Some(0);
        }
        let length = i64::try_from(self.digits.len()).ok()?;
        if self.exponent < length || self.exponent > 19 {
            return None;
        }
        self.to_string().parse().ok()
    }

    /// The value as a float, when a float holds exactly this number.
    pub fn to_exact_f64(&self) -> Option<f64> {
        let float: f64 = self.scientific().parse().ok()?;
        (Self::from_f64(float).ok()? == *self).then_some(float)
    }

    /// The exact value of a float.
    pub fn from_f64(float: f64) -> Result<Self, NumberError> {
        if !float.is_finite() {
            return Err(NumberError::NotFinite);
        }
        // 1074 fraction digits write any float out in full.
        format!("{float:.1074}").parse()
    }

    /// Whether the value is below zero.
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    fn scientific(&self) -> String {
        let sign = if self.negative { "-" } else { "" };
        format!("{sign}0.{}e{}", if self.digits.is_empty() { "0" } else { &self.digits }, self.exponent)
    }
}

impl From<i64> for Number {
    fn from(whole: i64) -> Self {
        Self::from(i128::from(whole))
    }
}

impl From<u64> for Number {
    fn from(whole: u64) -> Self {
        Self::from(i128::from(whole))
    }
}

impl From<i128> for Number {
    fn from(whole: i128) -> Self {
        let text = whole.unsigned_abs().to_string();
        let exponent = i64::try_from(text.len()).unwrap_or(0);
        normal(whole < 0, &text, exponent)
    }
}

impl FromStr for Number {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let malformed = || NumberError::Malformed(text.chars().take(64).collect());
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, power) = match rest.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, exponent(power).ok_or_else(malformed)??),
            None => (rest, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let only_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !only_digits(whole) || !only_digits(fraction) {
            return Err(malformed());
        }
        let point = i64::try_from(whole.len()).map_err(|_| NumberError::Exponent)?;
        let number = normal(negative, &format!("{whole}{fraction}"), power.saturating_add(point));
        if number.exponent.abs() > LARGEST_EXPONENT {
            return Err(NumberError::Exponent);
        }
        Ok(number)
    }
}

/// The power of ten after `e`; `None` when it is no integer at all.
fn exponent(text: &str) -> Option<Result<i64, NumberError>> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let power = text.parse::<i64>().ok().filter(|power| power.abs() <= LARGEST_EXPONENT);
    Some(power.ok_or(NumberError::Exponent))
}

fn normal(negative: bool, digits: &str, exponent: i64) -> Number {
    let leading = digits.bytes().take_while(|byte| *byte == b'0').count();
    let digits = digits.trim_start_matches('0').trim_end_matches('0');
    if digits.is_empty() {
        return Number::zero();
    }
    let leading = i64::try_from(leading).unwrap_or(i64::MAX);
    Number { negative, digits: digits.to_owned(), exponent: exponent.saturating_sub(leading) }
}

/// Written out in full where that stays readable, else with an exponent.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.negative { "-" } else { "" };
        if self.digits.is_empty() {
            return f.write_str("0");
        }
        let Ok(length) = i64::try_from(self.digits.len()) else { return f.write_str(&self.scientific()) };
        let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or(0));
        if self.exponent > 400 || self.exponent < -400 {
            f.write_str(&self.scientific())
        } else if self.exponent <= 0 {
            write!(f, "{sign}0.{}{}", zeros(-self.exponent), self.digits)
        } else if self.exponent >= length {
            write!(f, "{sign}{}{}", self.digits, zeros(self.exponent - length))
        } else {
            let (whole, fraction) = self.digits.split_at(usize::try_from(self.exponent).unwrap_or(0));
            write!(f, "{sign}{whole}.{fraction}")
        }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |number: &Self| match (number.digits.is_empty(), number.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let magnitude = || self.exponent.cmp(&other.exponent).then_with(|| self.digits.cmp(&other.digits));
        sign(self).cmp(&sign(other)).then_with(|| match sign(self) {
            0 => Ordering::Equal,
            1 => magnitude(),
            _ => magnitude().reverse(),
        })
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        text.parse().unwrap()
    }

    #[test]
    fn spelling_does_not_matter() {
        for (left, right) in [("1", "1.0"), ("1", "10e-1"), ("-0", "0"), ("0.5", "5E-1"), ("007", "7")] {
            assert_eq!(number(left), number(right), "{left} {right}");
        }
    }

    #[test]
    fn every_digit_survives() {
        for text in
            ["123456789012345678901234567890", "0.1", "-0.000000000000000000000000000001", "100000", "12.5"]
        {
            assert_eq!(number(text).to_string(), text);
        }
        assert_eq!(number("1e1000").to_string().parse::<Number>().unwrap(), number("1e1000"));
    }

    #[test]
    fn integers_and_floats_only_when_exact() {
        assert_eq!(number("9223372036854775807").to_i64(), Some(i64::MAX));
        assert_eq!(number("-9223372036854775808").to_i64(), Some(i64::MIN));
        assert_eq!(number("9223372036854775808").to_i64(), None);
        assert_eq!(number("1.5").to_i64(), None);
        assert_eq!(number("1.5").to_exact_f64(), Some(1.5));
        assert_eq!(number("0.1").to_exact_f64(), None);
    }

    #[test]
    fn refuses_what_is_no_number() {
        for text in ["", "-", ".", "e1", "1e", "1e99999999999", "1e200000", "0x1", "Inf", "NaN", "1 "] {
            assert!(text.parse::<Number>().is_err(), "{text:?}");
        }
        assert!(Number::from_f64(f64::INFINITY).is_err());
    }

    #[test]
    fn orders_by_value() {
        let mut numbers = ["10", "-3", "2", "0", "-20", "2.5", "0.25"].map(number);
        numbers.sort();
        assert_eq!(numbers.map(|n| n.to_string()), ["-20", "-3", "0", "0.25", "2", "2.5", "10"]);
    }
}
