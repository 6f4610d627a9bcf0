//! `scope`: which identities a declaration is about, for every kind that has one.

use nhi_identity::{Field, Selection, SelectionDraft};
use nhi_proto::schema::{Attribute, Nesting, Presence};
use nhi_proto::value::Number;
use nhi_proto::{Diagnostics, Field as Sent, Fields, Object, Type, Value};

use crate::attributes::{field, labels, labels_value, set_value, texts};

/// The attribute; `description` says what is restricted by it.
pub(crate) fn attribute(description: &str) -> Attribute {
    let attributes = [
        ("identities", super::set("Names of identities; left out, any.")),
        ("owners", super::set("Names of owners, one of which answers for the identity; left out, any.")),
        (
            "tiers",
            Attribute::optional(Type::set(Type::Number))
                .describe("Tiers, one of which the identity has: 0, 1 and 2; left out, any."),
        ),
        ("zones", super::set("Names of zones, in one of which the identity stays; left out, any.")),
        (
            "environments",
            super::set(
                "Environments, in one of which the identity works, as it says itself; left out, any. Upper and lower case \
                 differ.",
            ),
        ),
        (
            "kinds",
            super::set("Kinds of identities (`ci_runner`, `agent`, …), one of which it is; left out, any."),
        ),
        (
            "labels",
            Attribute::optional(Type::map(Type::String))
                .describe("Labels, all of which the identity has with these values; left out, any."),
        ),
    ];
    let text = format!(
        "{description} Every filter in it narrows: an identity has to fit all of them, and one that does not say what a \
         filter asks for does not fit. Left out, or without filters, it is every identity."
    );
    Attribute::nested(Nesting::Single, Presence::Optional, attributes).describe(&text)
}

/// The selection as far as it is known.
pub(crate) fn draft(fields: &Fields<'_>) -> Result<SelectionDraft, Diagnostics> {
    Ok(SelectionDraft {
        identities: texts(fields, "identities")?,
        owners: texts(fields, "owners")?,
        tiers: levels(fields)?,
        zones: texts(fields, "zones")?,
        environments: texts(fields, "environments")?,
        kinds: texts(fields, "kinds")?,
        labels: labels(fields)?,
    })
}

/// Tiers on their way; a number that is no whole number stays its text.
type Levels = Field<Vec<Field<Result<i64, String>>>>;

fn levels(fields: &Fields<'_>) -> Result<Levels, Diagnostics> {
    let all: Field<Vec<Sent<Number>>> = field(fields, "tiers")?;
    let level = |number: Number| number.to_i64().ok_or_else(|| number.to_string());
    Ok(all.map(|tiers| {
        let read = |tier: Sent<Number>| match tier {
            Sent::Null => Field::Absent,
            Sent::Unknown => Field::Unknown,
            Sent::Known(number) => Field::Is(level(number)),
        };
        tiers.into_iter().map(read).collect()
    }))
}

/// The selection as Terraform shows it: absent when it is open in every dimension.
pub(crate) fn value(selection: &Selection) -> Value {
    if *selection == Selection::default() {
        return Value::Null;
    }
    let tiers: Vec<Value> =
        selection.tiers.iter().map(|tier| Value::Number(Number::from(i64::from(tier.level())))).collect();
    let object = Object::new()
        .with("identities", &set_value(&selection.identities))
        .with("owners", &set_value(&selection.owners))
        .with("tiers", &if tiers.is_empty() { Value::Null } else { Value::Set(tiers) })
        .with("zones", &set_value(&selection.zones))
        .with("environments", &set_value(&selection.environments))
        .with("kinds", &set_value(&selection.kinds))
        .with("labels", &labels_value(&selection.labels));
    object.into()
}
