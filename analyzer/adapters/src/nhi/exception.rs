//! `nhi_exception`.

use jiff::Timestamp;
use nhi_analyzer_model::{DeclaredException, Known};

use super::Declared;
use crate::value::{get, known_name, known_text, known_texts};

pub(super) const NAMES: &[&str] = &["name", "identity", "permits", "owner", "expires_at", "valid_for"];

pub(super) fn read(declared: &Declared<'_, '_>) -> DeclaredException {
    let permits = get(declared.object, "permits");
    DeclaredException {
        name: known_name(get(declared.object, "name")),
        identity: known_text(get(declared.object, "identity")),
        rules: known_texts(get(permits, "rules")),
        actions: known_texts(get(permits, "actions")),
        resources: known_texts(get(permits, "resources")),
        expires_at: match known_text(get(declared.object, "expires_at")) {
            Known::Is(None) => Known::Is(None),
            // A time that cannot be read is no promise of an end, and no proof that there is none.
            Known::Is(Some(time)) => {
                time.parse::<Timestamp>().map_or(Known::Unknown, |time| Known::Is(Some(time)))
            }
            Known::Unknown => Known::Unknown,
        },
        valid_for: known_text(get(declared.object, "valid_for")),
        owner: known_text(get(declared.object, "owner")),
        objection: None,
        origin: Some(declared.origin()),
    }
}
