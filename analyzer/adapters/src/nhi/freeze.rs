//! `nhi_freeze`.

use jiff::Timestamp;
use nhi_analyzer_input::Value;
use nhi_analyzer_model::{DeclaredFreeze, DeclaredScope, Known};

use super::Declared;
use crate::value::{get, known_map, known_name, known_text, known_texts};

pub(super) const NAMES: &[&str] =
    &["name", "starts_at", "ends_at", "refuses", "scope", "break_glass", "owner"];

pub(super) fn read(declared: &Declared<'_, '_>) -> DeclaredFreeze {
    let scope = get(declared.object, "scope");
    DeclaredFreeze {
        name: known_name(get(declared.object, "name")),
        starts_at: time(get(declared.object, "starts_at")),
        ends_at: time(get(declared.object, "ends_at")),
        refuses: known_texts(get(declared.object, "refuses")),
        break_glass: known_text(get(declared.object, "break_glass")),
        scope: DeclaredScope {
            identities: known_texts(get(scope, "identities")),
            owners: known_texts(get(scope, "owners")),
            tiers: known_texts(get(scope, "tiers")),
            zones: known_texts(get(scope, "zones")),
            environments: known_texts(get(scope, "environments")),
            kinds: known_texts(get(scope, "kinds")),
            labels: known_map(get(scope, "labels")),
        },
        owner: known_text(get(declared.object, "owner")),
        origin: Some(declared.origin()),
    }
}

/// A time that cannot be read is not known.
fn time(value: &Value) -> Known<Option<Timestamp>> {
    match known_text(value) {
        Known::Is(None) => Known::Is(None),
        Known::Is(Some(text)) => {
            text.parse::<Timestamp>().map_or(Known::Unknown, |time| Known::Is(Some(time)))
        }
        Known::Unknown => Known::Unknown,
    }
}
