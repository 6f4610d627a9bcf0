//! Values that are not plain text: decimals, times, network ranges; and texts that stand for whole classes of them.

use std::cmp::Ordering;
use std::net::IpAddr;

/// How an ordered value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Equals,
    Less,
    LessOrEquals,
    Greater,
    GreaterOrEquals,
}

impl Order {
    pub(crate) fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Equals => ordering == Ordering::Equal,
            Self::Less => ordering == Ordering::Less,
            Self::LessOrEquals => ordering != Ordering::Greater,
            Self::Greater => ordering == Ordering::Greater,
            Self::GreaterOrEquals => ordering != Ordering::Less,
        }
    }
}

/// Billionths, which is finer than any policy asks for.
pub(crate) fn decimal(text: &str) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 24 || !plain(whole) || !plain(fraction) {
        return None;
    }
    let fraction: String = fraction.chars().chain("000000000".chars()).take(9).collect();
    let value = whole.parse::<i128>().ok()? * 1_000_000_000 + fraction.parse::<i128>().ok()?;
    Some(if negative { -value } else { value })
}

/// Decimal text of billionths.
pub(crate) fn decimal_text(value: i128) -> String {
    let (whole, fraction) = (value.abs() / 1_000_000_000, value.abs() % 1_000_000_000);
    let sign = if value < 0 { "-" } else { "" };
    let text = format!("{sign}{whole}.{fraction:09}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Milliseconds since 1970, from ISO 8601 or from seconds since then.
pub(crate) fn time(text: &str) -> Option<i128> {
    if text.len() != 4 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(decimal(text)? / 1_000_000);
    }
    let (date, clock) = text.split_once('T').unwrap_or((text, "00:00Z"));
    let mut parts = date.split('-');
    let year: i64 = number(parts.next()?, 4)?;
    let month = parts.next().map_or(Some(1), |part| number(part, 2))?;
    let day = parts.next().map_or(Some(1), |part| number(part, 2))?;
    if parts.next().is_some() || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let at = clock.find(['Z', 'z', '+', '-']).unwrap_or(clock.len());
    let (clock, zone) = clock.split_at_checked(at)?;
    let mut parts = clock.split(':');
    let hour = number(parts.next()?, 2)?;
    let minute = number(parts.next()?, 2)?;
    let seconds = decimal(parts.next().unwrap_or("0"))?;
    if parts.next().is_some() || hour > 24 || minute > 59 || seconds >= 61_000_000_000 {
        return None;
    }
    let shift = match zone.split_at_checked(1) {
        Some(("Z" | "z", "")) | None => 0,
        Some((sign, rest)) => {
            let (hours, minutes) = rest.split_once(':').unwrap_or((rest.get(..2)?, rest.get(2..)?));
            let minutes = number(hours, 2)? * 60 + number(minutes, 2)?;
            if sign == "-" { -minutes } else { minutes }
        }
    };
    let minutes = (days(year, month, day) * 24 + hour) * 60 + minute - shift;
    Some(i128::from(minutes) * 60_000 + seconds / 1_000_000)
}

fn number(text: &str, length: usize) -> Option<i64> {
    (text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

/// Days since 1970-01-01 of the proleptic Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// A range of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Network {
    four: bool,
    first: u128,
    last: u128,
}

impl Network {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length.parse::<u32>().ok()?)),
            None => (text, None),
        };
        let (four, bits, value) = match address.parse::<IpAddr>().ok()? {
            IpAddr::V4(address) => (true, 32, u128::from(u32::from(address))),
            IpAddr::V6(address) => (false, 128, u128::from(address)),
        };
        let length = length.unwrap_or(bits);
        let rest = bits.checked_sub(length)?;
        let span = if rest == 128 { u128::MAX } else { (1_u128 << rest) - 1 };
        Some(Self { four, first: value & !span, last: value | span })
    }

    pub(crate) fn takes(self, text: &str) -> bool {
        match Self::parse(text) {
            Some(one) => one.four == self.four && self.first <= one.first && one.last <= self.last,
            None => false,
        }
    }

    /// Addresses at its edges and just outside.
    pub(crate) fn edges(self) -> Vec<String> {
        let inside = [Some(self.first), Some(self.last)];
        let outside = [self.first.checked_sub(1), self.last.checked_add(1)];
        inside.into_iter().chain(outside).flatten().filter_map(|value| self.address(value)).collect()
    }

    fn address(self, value: u128) -> Option<String> {
        if self.four {
            Some(std::net::Ipv4Addr::from(u32::try_from(value).ok()?).to_string())
        } else {
            Some(std::net::Ipv6Addr::from(value).to_string())
        }
    }
}
