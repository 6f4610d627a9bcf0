//! `nhi_owner`: who answers for identities.

use nhi_identity::{Owner, OwnerDraft, Violation};
use nhi_proto::schema::Block;
use nhi_proto::{Diagnostics, Fields, Object};

use super::{Defaulted, Reading, Subject};
use crate::attributes::{labels, labels_value, set_value, text, texts};
use crate::told;

fn draft(fields: &Fields<'_>) -> Result<OwnerDraft, Diagnostics> {
    Ok(OwnerDraft {
        name: text(fields, "name")?,
        accountable: texts(fields, "accountable")?,
        backup: texts(fields, "backup")?,
        description: text(fields, "description")?,
        labels: labels(fields)?,
    })
}

impl Subject for Owner {
    const TYPE: &'static str = "nhi_owner";
    const DEFAULTED: &'static [Defaulted] = &[];

    fn block() -> Block {
        Block::new(
            "Someone who answers for non-human identities: people or groups, and others who stand in for them. Identities \
             and exceptions refer to an owner by name.",
        )
        .attribute("name", super::name("What identities and exceptions refer to."))
        .attribute(
            "accountable",
            super::required_set("Who answers for the identities: at least one person or group, by email address for example."),
        )
        .attribute(
            "backup",
            super::required_set(
                "Who answers when those are away: at least one person or group, and none that is in `accountable`.",
            ),
        )
        .attribute("description", super::text("What this owner is for, in a sentence."))
        .attribute("labels", super::labels())
    }

    fn violations_in(fields: &Fields<'_>, _reading: Reading) -> Result<Vec<Violation>, Diagnostics> {
        Ok(draft(fields)?.violations())
    }

    fn declared(object: &Fields<'_>) -> Result<Self, Diagnostics> {
        draft(object)?.declare().map_err(|violations| told::errors(&violations))
    }

    fn attributes(&self) -> Object {
        Object::new()
            .with("name", self.name.as_str())
            .with("accountable", &set_value(&self.accountable))
            .with("backup", &set_value(&self.backup))
            .with("description", &self.description)
            .with("labels", &labels_value(&self.labels))
    }
}
