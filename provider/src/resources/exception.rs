//! `nhi_exception`: what is permitted in spite of a rule, until when.

use nhi_identity::{Exception, ExceptionDraft, PermitsDraft, Timestamp, Violation};
use nhi_proto::schema::{Attribute, Block, Nesting, Presence};
use nhi_proto::{Diagnostics, Fields, Object, Plan};

use super::{Defaulted, Reading, Subject, end};
use crate::attributes::{object, set_value, text, texts};
use crate::told;

fn draft(fields: &Fields<'_>, reading: Reading) -> Result<ExceptionDraft, Diagnostics> {
    Ok(ExceptionDraft {
        name: text(fields, "name")?,
        identity: text(fields, "identity")?,
        permits: object(fields, "permits", permits)?,
        reason: text(fields, "reason")?,
        owner: super::owner(fields, reading)?,
        compensating_controls: texts(fields, "compensating_controls")?,
        ticket: text(fields, "ticket")?,
        end: end::draft(fields, reading)?,
    })
}

fn permits(fields: &Fields<'_>) -> Result<PermitsDraft, Diagnostics> {
    Ok(PermitsDraft {
        rules: texts(fields, "rules")?,
        actions: texts(fields, "actions")?,
        resources: texts(fields, "resources")?,
    })
}

fn permits_attribute() -> Attribute {
    let attributes = [
        ("rules", super::set("Ids of the rules of `nhi check` that it silences; left out, any rule.")),
        (
            "actions",
            super::set(
                "Patterns of the actions that it permits, `s3:Get*` for example; left out, any action.",
            ),
        ),
        (
            "resources",
            super::set(
                "Patterns of the resources on which it permits them, `arn:aws:s3:::acme-*` for example; left out, any.",
            ),
        ),
    ];
    Attribute::nested(Nesting::Single, Presence::Required, attributes).describe(
        "What it permits: at least one of `rules`, `actions` and `resources`. Once the exception has ended, `nhi check` \
         tells when the identity may still do any of it.",
    )
}

impl Subject for Exception {
    const TYPE: &'static str = "nhi_exception";
    const DEFAULTED: &'static [Defaulted] = &[Defaulted::Owner];

    fn block() -> Block {
        let block = Block::new(
            "An exception from a rule: what is permitted to an identity, why, on whose word, what keeps the risk down \
             meanwhile, and until when. It always ends; within fourteen days of its end every plan warns.",
        )
        .attribute("name", super::name("What the exception is called in reports."))
        .attribute(
            "identity",
            super::required_text(
                "Name of the `nhi_identity` it is for. Refer to it (`nhi_identity.NAME.name`), so that Terraform creates it \
                 first.",
            ),
        )
        .attribute("permits", permits_attribute())
        .attribute("reason", super::required_text("Why it is needed, in a sentence that a colleague understands."))
        .attribute(
            "owner",
            super::defaulted(Defaulted::Owner, "Name of the `nhi_owner` on whose word it holds; needed."),
        )
        .attribute(
            "compensating_controls",
            super::required_set("What keeps the risk down meanwhile: at least one measure."),
        )
        .attribute("ticket", super::text("Where it was agreed: the key or address of a ticket."));
        end::attributes(block, "exception")
    }

    fn violations_in(fields: &Fields<'_>, reading: Reading) -> Result<Vec<Violation>, Diagnostics> {
        Ok(draft(fields, reading)?.violations())
    }

    fn declared(object: &Fields<'_>) -> Result<Self, Diagnostics> {
        draft(object, Reading::Object)?.declare().map_err(|violations| told::errors(&violations))
    }

    fn attributes(&self) -> Object {
        let permits = Object::new()
            .with("rules", &set_value(&self.permits.rules))
            .with("actions", &set_value(&self.permits.actions))
            .with("resources", &set_value(&self.permits.resources));
        let object = Object::new()
            .with("name", self.name.as_str())
            .with("identity", self.identity.as_str())
            .with("permits", &permits)
            .with("reason", &self.reason)
            .with("owner", self.owner.as_str())
            .with("compensating_controls", &set_value(&self.compensating_controls))
            .with("ticket", &self.ticket);
        end::with(object, &self.end)
    }

    fn complete(plan: &mut Plan) -> Result<(), Diagnostics> {
        end::complete(plan)
    }

    fn warnings_in(planned: &Fields<'_>, now: Timestamp) -> Result<Vec<Violation>, Diagnostics> {
        Ok(draft(planned, Reading::Object)?.warnings(now))
    }
}
