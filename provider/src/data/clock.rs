//! `at`: the time for which a data source answers, so that an answer can be had again.

use nhi_identity::{Moment, Timestamp, moment};
use nhi_proto::schema::Attribute;
use nhi_proto::{Checked, Diagnostic, Diagnostics, Field, Fields, Type};

use crate::told;

/// The attribute.
pub(crate) fn attribute() -> Attribute {
    let text = format!(
        "The time to answer for, with what is declared now; what was declared later counts as not there yet, and what was \
         removed before is not known any more. {} Left out, it is the time of the reading.",
        moment::RULE
    );
    Attribute::optional(Type::String).describe(&text)
}

/// What is wrong with it, as far as it is known.
pub(crate) fn check(config: &Fields<'_>) -> Checked {
    read(config).map(|_| Diagnostics::none())
}

/// The time that a configuration asks for, or else `now`.
pub(crate) fn asked(config: &Fields<'_>, now: Timestamp) -> Result<Timestamp, Diagnostics> {
    Ok(read(config)?.map_or(now, |moment| moment.at()))
}

fn read(config: &Fields<'_>) -> Result<Option<Moment>, Diagnostics> {
    let text: Field<String> = config.get("at")?;
    let Some(text) = text.known() else { return Ok(None) };
    Moment::parse(text).map(Some).map_err(|error| {
        Diagnostic::error(told::headline(&error.to_string()), moment::RULE).at(config.path("at")).into()
    })
}
