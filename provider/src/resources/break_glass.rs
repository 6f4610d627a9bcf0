//! `nhi_break_glass`: the way in that is kept for emergencies.

use nhi_identity::{BreakGlass, BreakGlassDraft, Timestamp, Violation, period};
use nhi_proto::schema::Block;
use nhi_proto::{Diagnostics, Fields, Object};

use super::{Defaulted, Reading, Subject, occasion};
use crate::attributes::{labels, labels_value, set_value, text, texts};
use crate::told;

fn draft(fields: &Fields<'_>, reading: Reading) -> Result<BreakGlassDraft, Diagnostics> {
    Ok(BreakGlassDraft {
        name: text(fields, "name")?,
        identity: text(fields, "identity")?,
        custodians: texts(fields, "custodians")?,
        sealed_location: text(fields, "sealed_location")?,
        test_period: text(fields, "test_period")?,
        last_test: occasion::draft(fields, "last_test")?,
        max_duration: text(fields, "max_duration")?,
        alert_channel: text(fields, "alert_channel")?,
        monitoring: text(fields, "monitoring")?,
        reason: text(fields, "reason")?,
        owner: super::owner(fields, reading)?,
        labels: labels(fields)?,
    })
}

impl Subject for BreakGlass {
    const TYPE: &'static str = "nhi_break_glass";
    const DEFAULTED: &'static [Defaulted] = &[Defaulted::Owner];

    fn block() -> Block {
        let test = format!("How often it is tried, so that it works when it is needed. {}", period::RULE);
        let duration = format!(
            "How long one use may last: `1h` at most without a warning, and never more than `12h`. {}",
            period::RULE
        );
        Block::new(
            "Break-glass access: the way in that is kept under seal for the day when nothing else works. It says who keeps \
             it, how often it is tried, how long one use may last and who hears of it at once.",
        )
        .attribute("name", super::name("What the access is called in reports."))
        .attribute(
            "identity",
            super::required_text(
                "Name of the `nhi_identity` that its user acts as. Refer to it (`nhi_identity.NAME.name`), so that Terraform \
                 creates it first.",
            ),
        )
        .attribute(
            "custodians",
            super::required_set(
                "Who keeps it: at least two people, by email address for example, so that none of them opens it alone.",
            ),
        )
        .attribute(
            "sealed_location",
            super::required_text("Where it is kept under seal: a safe, a path in a secret store; never what is in there."),
        )
        .attribute("test_period", super::required_text(&test))
        .attribute(
            "last_test",
            occasion::attribute(
                "tried",
                "When it was tried last, and where that is written down. While it was never tried, and once the next test is \
                 overdue, every plan warns.",
            ),
        )
        .attribute("max_duration", super::required_text(&duration))
        .attribute(
            "alert_channel",
            super::required_text("Who hears at once that it is used: the name or address of a channel, a pager, a mailing list."),
        )
        .attribute(
            "monitoring",
            super::required_text("What notices that it is used: the rule, query or alarm that watches for it."),
        )
        .attribute("reason", super::required_text("Why it is needed, in a sentence that a colleague understands."))
        .attribute(
            "owner",
            super::defaulted(Defaulted::Owner, "Name of the `nhi_owner` that answers for it; needed."),
        )
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
            .with("identity", self.identity.as_str())
            .with("custodians", &set_value(&self.custodians))
            .with("sealed_location", &self.sealed_location)
            .with("test_period", self.test_period.spelling())
            .with("last_test", &occasion::value(self.last_test.as_ref()))
            .with("max_duration", self.max_duration.spelling())
            .with("alert_channel", &self.alert_channel)
            .with("monitoring", &self.monitoring)
            .with("reason", &self.reason)
            .with("owner", self.owner.as_str())
            .with("labels", &labels_value(&self.labels))
    }

    fn warnings_in(planned: &Fields<'_>, now: Timestamp) -> Result<Vec<Violation>, Diagnostics> {
        Ok(draft(planned, Reading::Object)?.warnings(now))
    }
}
