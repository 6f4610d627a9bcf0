//! When something was done and where that is written down, as a nested attribute.

use nhi_identity::{Field, Occasion, OccasionDraft, moment};
use nhi_proto::schema::{Attribute, Nesting, Presence};
use nhi_proto::{Diagnostics, Fields, Object, Value};

use crate::attributes::{object, text};

/// The attribute; `done` completes "When it was …".
pub(super) fn attribute(done: &str, description: &str) -> Attribute {
    let at = format!("When it was {done}. {}", moment::RULE);
    let reference = format!(
        "Where it is written down that it was {done}: a ticket, the run of a pipeline, a version. Never the secret itself."
    );
    let attributes = [("at", super::required_text(&at)), ("reference", super::required_text(&reference))];
    Attribute::nested(Nesting::Single, Presence::Optional, attributes).describe(description)
}

/// What is known of it.
pub(super) fn draft(fields: &Fields<'_>, name: &str) -> Result<Field<OccasionDraft>, Diagnostics> {
    object(fields, name, |inner| {
        Ok(OccasionDraft { at: text(inner, "at")?, reference: text(inner, "reference")? })
    })
}

/// Its value, absent when nobody says that it was ever done.
pub(super) fn value(occasion: Option<&Occasion>) -> Value {
    occasion.map_or(Value::Null, |occasion| {
        Object::new().with("at", occasion.at.spelling()).with("reference", &occasion.reference).into()
    })
}
