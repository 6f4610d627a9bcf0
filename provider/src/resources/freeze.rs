//! `nhi_freeze`: a window in which nothing new of a kind is let in.

use nhi_identity::freeze::BreakGlassRule;
use nhi_identity::{Freeze, FreezeDraft, Refused, Timestamp, Violation, moment};
use nhi_proto::schema::{Attribute, Block};
use nhi_proto::{Diagnostics, Fields, Object, Type, Value};

use super::{Defaulted, Reading, Subject, selection};
use crate::attributes::{labels, labels_value, object, set_value, text, texts};
use crate::told;

fn draft(fields: &Fields<'_>, reading: Reading) -> Result<FreezeDraft, Diagnostics> {
    Ok(FreezeDraft {
        name: text(fields, "name")?,
        starts_at: text(fields, "starts_at")?,
        ends_at: text(fields, "ends_at")?,
        refuses: texts(fields, "refuses")?,
        scope: object(fields, "scope", selection::draft)?,
        break_glass: text(fields, "break_glass")?,
        reason: text(fields, "reason")?,
        owner: super::owner(fields, reading)?,
        ticket: text(fields, "ticket")?,
        labels: labels(fields)?,
    })
}

impl Subject for Freeze {
    const TYPE: &'static str = "nhi_freeze";
    const DEFAULTED: &'static [Defaulted] = &[Defaulted::Owner];

    fn block() -> Block {
        let starts_at = format!("The first instant of the freeze. {}", moment::RULE);
        let ends_at = format!("The first instant after the freeze, later than `starts_at`. {}", moment::RULE);
        Block::new(
            "A window in which nothing new of a kind is let in, for the days before a launch or while an incident lasts. \
             While it lasts, the register refuses a new `nhi_credential` of an identity in its scope; what is there \
             already may be changed and removed. A plan warns before the apply is refused, where it can.",
        )
        .attribute("name", super::name("What the freeze is called where it refuses something."))
        .attribute("starts_at", super::required_text(&starts_at))
        .attribute("ends_at", super::required_text(&ends_at))
        .attribute(
            "refuses",
            super::required_set(
                "What it keeps out: `static_credentials` (an `nhi_credential` that was not there before), `expansions` \
                 (requests that were not allowed before), or both.",
            ),
        )
        .attribute("scope", selection::attribute("For which identities it holds."))
        .attribute(
            "break_glass",
            Attribute::optional_computed(Type::String)
                .describe(
                    "What it makes of credentials that are kept for emergencies (`break_glass = true`): `allowed` lets them \
                     in all the same, `refused` does not. Left out, they are allowed.",
                )
                .or_default(Value::string(BreakGlassRule::default().as_str())),
        )
        .attribute("reason", super::required_text("Why nothing new is let in, in a sentence that a colleague understands."))
        .attribute(
            "owner",
            super::defaulted(Defaulted::Owner, "Name of the `nhi_owner` who declared the freeze and can lift it; needed."),
        )
        .attribute("ticket", super::text("Where it was agreed: the key or address of a ticket."))
        .attribute("labels", super::labels())
    }

    fn violations_in(fields: &Fields<'_>, reading: Reading) -> Result<Vec<Violation>, Diagnostics> {
        Ok(draft(fields, reading)?.violations())
    }

    fn declared(object: &Fields<'_>) -> Result<Self, Diagnostics> {
        draft(object, Reading::Object)?.declare().map_err(|violations| told::errors(&violations))
    }

    fn attributes(&self) -> Object {
        Object::new()
            .with("name", self.name.as_str())
            .with("starts_at", self.starts_at.spelling())
            .with("ends_at", self.ends_at.spelling())
            .with("refuses", &set_value(self.refuses.iter().map(|refused| Refused::as_str(*refused))))
            .with("scope", &selection::value(&self.scope))
            .with("break_glass", self.break_glass.as_str())
            .with("reason", &self.reason)
            .with("owner", self.owner.as_str())
            .with("ticket", &self.ticket)
            .with("labels", &labels_value(&self.labels))
    }

    fn warnings_in(planned: &Fields<'_>, now: Timestamp) -> Result<Vec<Violation>, Diagnostics> {
        Ok(draft(planned, Reading::Object)?.warnings(now))
    }
}
