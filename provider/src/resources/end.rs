//! `expires_at` and `valid_for`: how a declaration ends, for every kind that does.

use nhi_identity::{End, EndDraft, Field, Period, moment, period};
use nhi_proto::schema::{Attribute, Block};
use nhi_proto::{Diagnostics, Fields, Object, Plan, Type, Value};

use super::Reading;
use crate::attributes::text;

/// The block with the attributes of an end; `noun` is what their descriptions call the declaration.
pub(crate) fn attributes(block: Block, noun: &str) -> Block {
    let expires_at = format!(
        "When the {noun} ends. {} Set this or `valid_for`; with `valid_for` it is computed once, when the {noun} is \
         created, and stays.",
        moment::RULE
    );
    let valid_for = format!(
        "How long the {noun} holds, counted from the apply that creates it. {} Set this or `expires_at`; a new length is \
         counted from the apply that brings it.",
        period::RULE
    );
    block
        .attribute("expires_at", Attribute::optional_computed(Type::String).describe(&expires_at).lasting())
        .attribute("valid_for", super::text(&valid_for))
}

/// The end as far as it is known.
pub(crate) fn draft(fields: &Fields<'_>, reading: Reading) -> Result<EndDraft, Diagnostics> {
    let valid_for = text(fields, "valid_for")?;
    let end = text(fields, "expires_at")?;
    // In an object with a length, `expires_at` is what fell out of it and not a second end.
    let computed = reading == Reading::Object && valid_for != Field::Absent;
    let (expires_at, ends) = if computed { (Field::Absent, end) } else { (end, Field::Absent) };
    Ok(EndDraft { expires_at, valid_for, ends })
}

/// The object with the attributes of its end, where it has one.
pub(crate) fn with<'a>(object: Object, end: impl Into<Option<&'a End>>) -> Object {
    let end = end.into();
    object
        .with("expires_at", &end.and_then(End::moment).map(|end| end.spelling().to_owned()))
        .with("valid_for", &end.and_then(End::period).map(|period| period.spelling().to_owned()))
}

/// Keeps the end that fell out of a length, unless the length changes or goes.
pub(crate) fn complete(plan: &mut Plan) -> Result<(), Diagnostics> {
    let config = plan.config();
    if text(&config, "expires_at")? == Field::Absent && text(&config, "valid_for")? == Field::Absent {
        return plan.set("expires_at", &Value::Null);
    }
    let Some(prior) = plan.prior() else { return Ok(()) };
    let length = |text: &Field<String>| text.known().and_then(|text| Period::parse(text).ok());
    let (before, after) = (text(&prior, "valid_for")?, text(&config, "valid_for")?);
    let computed = text(&config, "expires_at")? == Field::Absent;
    let same = length(&before).is_some() && length(&before) == length(&after);
    if computed && after != Field::Absent && !same {
        plan.set("expires_at", &Value::unknown())?;
    }
    Ok(())
}
