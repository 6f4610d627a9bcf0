//! Points in time as people write them: RFC 3339 with an offset.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use crate::period::Period;

/// The rule in words, for messages and documentation.
pub const RULE: &str =
    "Write an RFC 3339 time with its offset: `2027-03-31T00:00:00Z` or `2027-03-31T02:00:00+02:00`.";

/// The rule in words where a day is enough.
pub const DAY_RULE: &str = "Write a day (`2027-03-31`, which begins at midnight UTC) or an RFC 3339 time with its offset \
(`2027-03-31T08:00:00+02:00`).";

/// A point in time. Two are equal when they are the same instant; each keeps its user's spelling.
#[derive(Clone, Debug)]
pub struct Moment {
    at: Timestamp,
    spelling: String,
}

/// Why a text is not a point in time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MomentError {
    /// Not RFC 3339.
    #[error("`{}` is not an RFC 3339 time", .0.escape_debug())]
    Form(String),
    /// The form is right, the date or the time of day does not exist.
    #[error("`{}` does not exist in the calendar", .0.escape_debug())]
    Calendar(String),
    /// Farther away than the calendar reaches.
    #[error("the end lies beyond the year 9999")]
    Far,
}

impl Moment {
    /// Reads an RFC 3339 time, as strictly as Terraform's own time functions do.
    pub fn parse(text: &str) -> Result<Self, MomentError> {
        if !has_form(text) {
            return Err(MomentError::Form(text.to_owned()));
        }
        let at = text.parse().map_err(|_| MomentError::Calendar(text.to_owned()))?;
        Ok(Self { at, spelling: text.to_owned() })
    }

    /// Reads an RFC 3339 time, or a day alone, which means its first instant in UTC.
    pub fn parse_day(text: &str) -> Result<Self, MomentError> {
        if text.len() > "2027-03-31".len() {
            return Self::parse(text);
        }
        match Self::parse(&format!("{text}T00:00:00Z")) {
            Ok(moment) => Ok(Self { spelling: text.to_owned(), ..moment }),
            Err(MomentError::Calendar(_)) => Err(MomentError::Calendar(text.to_owned())),
            Err(_) => Err(MomentError::Form(text.to_owned())),
        }
    }

    /// `period` after `start`, to the second and spelled in UTC.
    pub fn after(start: Timestamp, period: &Period) -> Result<Self, MomentError> {
        let whole = Timestamp::from_second(start.as_second()).map_err(|_| MomentError::Far)?;
        let seconds = i64::try_from(period.seconds()).map_err(|_| MomentError::Far)?;
        let at = whole.checked_add(SignedDuration::from_secs(seconds)).map_err(|_| MomentError::Far)?;
        Ok(Self { at, spelling: at.to_string() })
    }

    /// Whole days from `now` until it, rounded down: below zero as soon as it has passed.
    pub fn days_after(&self, now: &Self) -> i64 {
        self.at.duration_since(now.at).as_millis().div_euclid(86_400_000).try_into().unwrap_or(i64::MAX)
    }

    /// The instant.
    pub fn at(&self) -> Timestamp {
        self.at
    }

    /// As the user wrote it.
    pub fn spelling(&self) -> &str {
        &self.spelling
    }
}

impl PartialEq for Moment {
    fn eq(&self, other: &Self) -> bool {
        self.at == other.at
    }
}

impl Eq for Moment {}

/// The canonical spelling: in UTC.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.at.fmt(f)
    }
}

/// `YYYY-MM-DDTHH:MM:SS`, an optional fraction, then `Z` or `±HH:MM`: the calendar library reads more than that.
fn has_form(text: &str) -> bool {
    let fits = |shape: &str, part: &str| {
        part.chars().count() == shape.len()
            && part.chars().zip(shape.chars()).all(|(character, wanted)| match wanted {
                '0' => character.is_ascii_digit(),
                '+' => matches!(character, '+' | '-'),
                _ => character == wanted,
            })
    };
    let Some((clock, rest)) = text.split_at_checked(19) else { return false };
    let offset = match rest.strip_prefix('.') {
        Some(fraction) => {
            let offset = fraction.trim_start_matches(|character: char| character.is_ascii_digit());
            let digits = fraction.len() - offset.len();
            if !(1..=9).contains(&digits) {
                return false;
            }
            offset
        }
        None => rest,
    };
    fits("0000-00-00T00:00:00", clock) && (offset == "Z" || fits("+00:00", offset))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_rfc_3339_and_keeps_the_spelling() {
        for (text, canonical) in [
            ("2027-03-31T00:00:00Z", "2027-03-31T00:00:00Z"),
            ("2027-03-31T02:00:00+02:00", "2027-03-31T00:00:00Z"),
            ("2027-03-31T00:00:00.250-00:30", "2027-03-31T00:30:00.25Z"),
            ("2028-02-29T12:00:00Z", "2028-02-29T12:00:00Z"),
        ] {
            let moment = Moment::parse(text).unwrap();
            assert_eq!((moment.to_string().as_str(), moment.spelling()), (canonical, text));
        }
        assert_eq!(Moment::parse("2027-03-31T02:00:00+02:00"), Moment::parse("2027-03-31T00:00:00Z"));
    }

    #[test]
    fn a_day_begins_at_midnight() {
        let day = Moment::parse_day("2027-03-31").unwrap();
        assert_eq!((day.to_string().as_str(), day.spelling()), ("2027-03-31T00:00:00Z", "2027-03-31"));
        assert_eq!(Moment::parse_day("2027-03-31T02:00:00+02:00").as_ref(), Ok(&day));
        for text in ["", "2027-3-31", "31.03.2027", "2027-03-31T", "2027-03-1é"] {
            assert_eq!(Moment::parse_day(text), Err(MomentError::Form(text.to_owned())), "{text:?}");
        }
        assert_eq!(Moment::parse_day("2027-02-29"), Err(MomentError::Calendar("2027-02-29".to_owned())));
    }

    #[test]
    fn refusals() {
        for text in [
            "",
            "soon",
            "2027-03-31",
            "2027-03-31T00:00:00",
            "2027-03-31 00:00:00Z",
            "2027-03-31t00:00:00z",
            "2027-03-31T00:00:00Z[Europe/Berlin]",
            "2027-03-31T00:00:00.Z",
            "2027-03-31T00:00:00+0200",
            "2027-03-31T00:00:0éZ",
            "+002027-03-31T00:00:00Z",
        ] {
            assert_eq!(Moment::parse(text), Err(MomentError::Form(text.to_owned())), "{text:?}");
        }
        for text in ["2027-02-29T00:00:00Z", "2027-13-01T00:00:00Z", "2027-01-01T25:00:00Z"] {
            assert_eq!(Moment::parse(text), Err(MomentError::Calendar(text.to_owned())), "{text:?}");
        }
    }

    #[test]
    fn days_are_counted_whole() {
        let now = Moment::parse("2027-03-01T12:00:00Z").unwrap();
        for (at, days) in [
            ("2027-03-31T12:00:00Z", 30),
            ("2027-03-31T11:59:59Z", 29),
            ("2027-03-02T13:00:00+02:00", 0),
            ("2027-03-01T12:00:00Z", 0),
            ("2027-03-01T11:59:59.999Z", -1),
            ("2027-02-28T12:00:00Z", -1),
            ("2027-02-28T11:59:59Z", -2),
        ] {
            assert_eq!(Moment::parse(at).unwrap().days_after(&now), days, "{at}");
        }
    }

    #[test]
    fn an_end_is_a_whole_second() {
        let start: Timestamp = "2026-11-23T01:02:03.987Z".parse().unwrap();
        let end = Moment::after(start, &Period::parse("1h30m").unwrap()).unwrap();
        assert_eq!(end.spelling(), "2026-11-23T02:32:03Z");
        let late: Timestamp = "9990-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(Moment::after(late, &Period::parse("36500d").unwrap()), Err(MomentError::Far));
    }
}
