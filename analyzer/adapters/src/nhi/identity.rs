//! `nhi_identity`.

use nhi_analyzer_input::Value;
use nhi_analyzer_model::{Address, AttributePath, DeclaredIdentity, Known, Mode};

use super::Declared;
use crate::value::{get, known_map, known_name, known_text, path};

pub(super) const NAMES: &[&str] = &[
    "name",
    "owner",
    "tier",
    "zone",
    "platform",
    "principal",
    "federation",
    "environment",
    "kind",
    "labels",
];

pub(super) fn read(declared: &Declared<'_, '_>) -> DeclaredIdentity {
    let principal = get(declared.object, "principal");
    DeclaredIdentity {
        name: known_name(get(declared.object, "name")),
        owner: known_text(get(declared.object, "owner")),
        tier: match get(declared.object, "tier") {
            Value::Number(digits) | Value::String(digits) => Known::Is(digits.parse().ok()),
            Value::Unknown | Value::Sensitive(_) => Known::Unknown,
            _ => Known::Is(None),
        },
        zone: known_text(get(declared.object, "zone")),
        platform: known_text(get(declared.object, "platform")),
        principal: known_text(principal),
        principal_refs: if *principal == Value::Unknown {
            references(declared, &path("principal"))
        } else {
            Vec::new()
        },
        federation: match get(declared.object, "federation") {
            Value::List(entries) => Known::Is(entries.len()),
            Value::Unknown | Value::Sensitive(_) => Known::Unknown,
            _ => Known::Is(0),
        },
        environment: known_text(get(declared.object, "environment")),
        kind: known_text(get(declared.object, "kind")),
        labels: known_map(get(declared.object, "labels")),
        origin: Some(declared.origin()),
    }
}

/// The resources that an unknown principal may be, by the expression of this attribute.
pub(super) fn references(declared: &Declared<'_, '_>, attribute: &AttributePath) -> Vec<Address> {
    let expression = declared.plan.configuration.expression(declared.address, attribute);
    let Some(references) = expression.references() else { return Vec::new() };
    let managed = references.to.iter().filter(|reference| reference.address.mode == Mode::Managed);
    managed
        .map(|reference| {
            let mut address = reference.address.clone();
            // The expression picks the instance by its own key.
            if let (None, [only]) = (&address.key, references.keys.as_slice()) {
                address.key = Some(only.clone());
            }
            address
        })
        .collect()
}
