//! What the register keeps as text, inside a line of JSON.

use serde_json::value::RawValue;

/// JSON to the letter, since hashes are over its letters; a body that is none, or would break the line, as a text.
#[derive(serde::Serialize)]
#[serde(untagged)]
pub(super) enum Body<'a> {
    Json(&'a RawValue),
    Text(&'a str),
}

impl<'a> Body<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        match serde_json::from_str(text) {
            Ok(raw) if !text.contains('\n') => Self::Json(raw),
            _ => Self::Text(text),
        }
    }
}
