//! Values of condition operators that are not text: numbers, moments, addresses.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A decimal number.
pub(crate) fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return None;
    }
    text.parse().ok()
}

/// A moment in seconds since 1970, from either notation.
pub(crate) fn date(text: &str) -> Option<f64> {
    if let Some(epoch) =
        number(text).filter(|_| !text.contains('-') || text.starts_with('-')).filter(|n| n.abs() > 9999.0)
    {
        return Some(epoch);
    }
    let (day, rest) = text.split_once(['T', 't']).unwrap_or((text, ""));
    let mut parts = day.split('-');
    let year: i64 = parts.next()?.parse().ok()?;
    let month: i64 = parts.next().unwrap_or("1").parse().ok()?;
    let of_month: i64 = parts.next().unwrap_or("1").parse().ok()?;
    if parts.next().is_some() || !(1..=12).contains(&month) || !(1..=31).contains(&of_month) {
        return None;
    }
    let (clock, offset) = match rest.find(['Z', 'z', '+', '-']) {
        Some(at) => (rest.get(..at)?, rest.get(at..)?),
        None => (rest, "Z"),
    };
    let mut clock = clock.split(':');
    let hour: f64 = clock.next().filter(|h| !h.is_empty()).unwrap_or("0").parse().ok()?;
    let minute: f64 = clock.next().unwrap_or("0").parse().ok()?;
    let second: f64 = clock.next().unwrap_or("0").parse().ok()?;
    let shift = if offset.eq_ignore_ascii_case("z") {
        0.0
    } else {
        let sign = if offset.starts_with('-') { -1.0 } else { 1.0 };
        let (hours, minutes) = offset.get(1..)?.split_once(':')?;
        sign * (hours.parse::<f64>().ok()? * 3600.0 + minutes.parse::<f64>().ok()? * 60.0)
    };
    // Days from the civil calendar, counted from the first of March so that leap days come last.
    let (y, m) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let era = y.div_euclid(400);
    let of_era = y.rem_euclid(400);
    let of_year = (153 * m + 2) / 5 + of_month - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    #[expect(clippy::cast_precision_loss, reason = "days of any calendar year fit a float exactly")]
    let days = days as f64;
    Some(days * 86_400.0 + hour * 3600.0 + minute * 60.0 + second - shift)
}

/// A range of addresses: is it v6, its first, its last. A bare address is a range of one.
pub(crate) fn prefix(text: &str) -> Option<(bool, u128, u128)> {
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, Some(length.parse::<u32>().ok()?)),
        None => (text, None),
    };
    let (v6, bits, width) = match address.parse::<IpAddr>().ok()? {
        IpAddr::V4(v4) => (false, u128::from(u32::from(v4)), 32),
        IpAddr::V6(v6) => (true, u128::from(v6), 128),
    };
    let free = width.checked_sub_u32(length.unwrap_or(width))?;
    let span = 1_u128.checked_shl(free).map_or(u128::MAX, |size| size - 1);
    let first = bits & !span;
    Some((v6, first, first | span))
}

/// An address in text.
pub(crate) fn address(v6: bool, bits: u128) -> String {
    if v6 {
        return Ipv6Addr::from(bits).to_string();
    }
    u32::try_from(bits).map_or_else(|_| "255.255.255.255".to_owned(), |bits| Ipv4Addr::from(bits).to_string())
}

trait CheckedSub {
    fn checked_sub_u32(self, other: u32) -> Option<u32>;
}

impl CheckedSub for u32 {
    fn checked_sub_u32(self, other: u32) -> Option<u32> {
        self.checked_sub(other)
    }
}
