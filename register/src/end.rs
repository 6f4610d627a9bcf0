//! How an end is kept: as its author named it, or as a length and the end that fell out of it.

use nhi_identity::{End, EndDraft, Field};

/// The texts of an end in the file: `expires_at` and `valid_for`.
pub(crate) fn texts(end: &End) -> (Option<String>, Option<String>) {
    (
        end.moment().map(|moment| moment.spelling().to_owned()),
        end.period().map(|period| period.spelling().to_owned()),
    )
}

/// The draft of an end from its texts. It has one end: the author's own, or the one that fell out of a length.
pub(crate) fn draft(expires_at: Option<String>, valid_for: Option<String>) -> EndDraft {
    let (expires_at, ends) = match &valid_for {
        Some(_) => (Field::Absent, expires_at.into()),
        None => (expires_at.into(), Field::Absent),
    };
    EndDraft { expires_at, valid_for: valid_for.into(), ends }
}

/// What is kept has its end fixed.
pub(crate) fn require_fixed(end: &End) -> Result<(), String> {
    end.moment().map(|_| ()).ok_or_else(|| "it has a length and no end".to_owned())
}
