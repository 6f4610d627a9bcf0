//! Numbers, exact or not at all: arithmetic that would have to round is left to Terraform.

use std::cmp::Ordering;
use std::fmt;

/// `digits / 10^scale`, with no trailing zero behind the point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    digits: i128,
    scale: u32,
}

/// Digits behind the point, and zeros before it, that are read.
const MOST_PLACES: u32 = 30;

impl Number {
    fn of(mut digits: i128, mut scale: u32) -> Self {
        while scale > 0 && digits % 10 == 0 {
            digits /= 10;
            scale -= 1;
        }
        Self { digits, scale }
    }

    /// Reads a number as JSON and HCL write it; `None` where it has more digits than are kept.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => {
                (mantissa, exponent.strip_prefix('+').unwrap_or(exponent).parse::<i64>().ok()?)
            }
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let unsigned = whole.strip_prefix('-').unwrap_or(whole);
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if unsigned.is_empty() || !all_digits(unsigned) || !all_digits(fraction) {
            return None;
        }
        let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
        let scale = i64::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
        if scale < 0 {
            let zeros = u32::try_from(-scale).ok().filter(|zeros| *zeros <= MOST_PLACES)?;
            return Some(Self::of(digits.checked_mul(10_i128.checked_pow(zeros)?)?, 0));
        }
        let scale = u32::try_from(scale).ok().filter(|places| *places <= 2 * MOST_PLACES)?;
        let number = Self::of(digits, scale);
        (number.scale <= MOST_PLACES).then_some(number)
    }

    /// The whole number it is.
    pub(super) fn whole(self) -> Option<i128> {
        (self.scale == 0).then_some(self.digits)
    }

    /// The count or index it is.
    pub(super) fn index(self) -> Option<usize> {
        usize::try_from(self.whole()?).ok()
    }

    pub(super) fn from_whole(digits: i128) -> Self {
        Self { digits, scale: 0 }
    }

    fn aligned(self, other: Self) -> Option<(i128, i128, u32)> {
        let scale = self.scale.max(other.scale);
        let to = |number: Self| number.digits.checked_mul(10_i128.checked_pow(scale - number.scale)?);
        Some((to(self)?, to(other)?, scale))
    }

    pub(super) fn compare(self, other: Self) -> Option<Ordering> {
        self.aligned(other).map(|(one, two, _)| one.cmp(&two))
    }

    pub(super) fn plus(self, other: Self) -> Option<Self> {
        let (one, two, scale) = self.aligned(other)?;
        Some(Self::of(one.checked_add(two)?, scale))
    }

    pub(super) fn times(self, other: Self) -> Option<Self> {
        Some(Self::of(self.digits.checked_mul(other.digits)?, self.scale.checked_add(other.scale)?))
    }

    pub(super) fn negated(self) -> Option<Self> {
        Some(Self { digits: self.digits.checked_neg()?, scale: self.scale })
    }

    /// The quotient, where it ends within a few digits.
    pub(super) fn over(self, other: Self) -> Option<Self> {
        let (one, two, _) = self.aligned(other)?;
        (0..=12).find_map(|places| {
            let scaled = one.checked_mul(10_i128.checked_pow(places)?)?;
            (scaled.checked_rem(two)? == 0).then(|| Self::of(scaled / two, places))
        })
    }

    /// The remainder of whole numbers.
    pub(super) fn rest(self, other: Self) -> Option<Self> {
        Some(Self::from_whole(self.whole()?.checked_rem(other.whole()?)?))
    }

    pub(super) fn floor(self) -> Option<Self> {
        Some(Self::from_whole(self.digits.checked_div_euclid(10_i128.checked_pow(self.scale)?)?))
    }

    pub(super) fn is_negative(self) -> bool {
        self.digits < 0
    }
}

impl From<usize> for Number {
    fn from(count: usize) -> Self {
        Self::from_whole(i128::try_from(count).unwrap_or(i128::MAX))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.scale == 0 {
            return write!(f, "{}", self.digits);
        }
        let sign = if self.digits < 0 { "-" } else { "" };
        let places = usize::try_from(self.scale).unwrap_or(0);
        let digits = format!("{:0>width$}", self.digits.unsigned_abs(), width = places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        write!(f, "{sign}{whole}.{fraction}")
    }
}
