//! `nhi_crossing`: a way from one zone into another, for a time.

use nhi_identity::{Crossing, CrossingDraft, Timestamp, Violation};
use nhi_proto::schema::Block;
use nhi_proto::{Diagnostics, Fields, Object, Plan};

use super::{Defaulted, Reading, Subject, end};
use crate::attributes::{labels, labels_value, set_value, text, texts};
use crate::told;

fn draft(fields: &Fields<'_>, reading: Reading) -> Result<CrossingDraft, Diagnostics> {
    Ok(CrossingDraft {
        name: text(fields, "name")?,
        from_zone: text(fields, "from_zone")?,
        to_zone: text(fields, "to_zone")?,
        identities: texts(fields, "identities")?,
        approver: text(fields, "approver")?,
        reason: text(fields, "reason")?,
        ticket: text(fields, "ticket")?,
        log_sink: text(fields, "log_sink")?,
        end: end::draft(fields, reading)?,
        labels: labels(fields)?,
    })
}

impl Subject for Crossing {
    const TYPE: &'static str = "nhi_crossing";
    const DEFAULTED: &'static [Defaulted] = &[];

    fn block() -> Block {
        let block = Block::new(
            "A crossing from one zone into another, for a time: who may cross, why, who is to approve it, and where each use \
             is logged. It is asked for here and approved by somebody else (`nhi register approve`); until then, and after \
             its end, it permits nothing. For a way that stays open, see `reaches` of `nhi_zone`.",
        )
        .attribute("name", super::name("What the crossing is called in reports."))
        .attribute(
            "from_zone",
            super::required_text(
                "Name of the `nhi_zone` that identities come from. Refer to it (`nhi_zone.NAME.name`), so that Terraform \
                 creates it first.",
            ),
        )
        .attribute(
            "to_zone",
            super::required_text("Name of the `nhi_zone` that they cross into: another one than `from_zone`."),
        )
        .attribute(
            "identities",
            super::set(
                "Names of the identities that may cross: at least one. Left out, every identity of `from_zone` may.",
            ),
        )
        .attribute(
            "approver",
            super::required_text(
                "Name of the `nhi_owner` that is expected to approve it. It counts once somebody approved it who is not the one who \
                 asked.",
            ),
        )
        .attribute("reason", super::required_text("Why it is needed, in a sentence that a colleague understands."))
        .attribute("ticket", super::text("Where it was agreed: the key or address of a ticket."))
        .attribute(
            "log_sink",
            super::required_text("Where every use of it is logged: a bucket, a log group, an index, by its name or address."),
        )
        .attribute("labels", super::labels());
        end::attributes(block, "crossing")
    }

    fn violations_in(fields: &Fields<'_>, reading: Reading) -> Result<Vec<Violation>, Diagnostics> {
        Ok(draft(fields, reading)?.violations())
    }

    fn declared(object: &Fields<'_>) -> Result<Self, Diagnostics> {
        draft(object, Reading::Object)?.declare().map_err(|violations| told::errors(&violations))
    }

    fn attributes(&self) -> Object {
        let object = Object::new()
            .with("name", self.name.as_str())
            .with("from_zone", self.from_zone.as_str())
            .with("to_zone", self.to_zone.as_str())
            .with("identities", &set_value(&self.identities))
            .with("approver", self.approver.as_str())
            .with("reason", &self.reason)
            .with("ticket", &self.ticket)
            .with("log_sink", &self.log_sink)
            .with("labels", &labels_value(&self.labels));
        end::with(object, &self.end)
    }

    fn complete(plan: &mut Plan) -> Result<(), Diagnostics> {
        end::complete(plan)
    }

    fn warnings_in(planned: &Fields<'_>, now: Timestamp) -> Result<Vec<Violation>, Diagnostics> {
        Ok(draft(planned, Reading::Object)?.warnings(now))
    }
}
