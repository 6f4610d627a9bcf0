//! `nhi_exception`: what is permitted in spite of a rule, until when.

use nhi_identity::{
    End, Exception, ExceptionDraft, Field, Period, PermitsDraft, Timestamp, Violation, moment, period,
};
use nhi_proto::schema::{Attribute, Block, Nesting, Presence};
use nhi_proto::{Diagnostics, Fields, Object, Plan, Type, Value};

use super::{Defaulted, Reading, Subject};
use crate::attributes::{object, set_value, text, texts};
use crate::told;

fn draft(fields: &Fields<'_>, reading: Reading) -> Result<ExceptionDraft, Diagnostics> {
    let valid_for = text(fields, "valid_for")?;
    let end = text(fields, "expires_at")?;
    // In an object with a length, `expires_at` is what fell out of it and not a second end.
    let computed = reading == Reading::Object && valid_for != Field::Absent;
    let (expires_at, ends) = if computed { (Field::Absent, end) } else { (end, Field::Absent) };
    let owner = match text(fields, "owner")? {
        // The provider's default may still come.
        Field::Absent if reading == Reading::Config => Field::Unknown,
        owner => owner,
    };
    Ok(ExceptionDraft {
        name: text(fields, "name")?,
        identity: text(fields, "identity")?,
        permits: object(fields, "permits", permits)?,
        reason: text(fields, "reason")?,
        owner,
        compensating_controls: texts(fields, "compensating_controls")?,
        ticket: text(fields, "ticket")?,
        expires_at,
        valid_for,
        ends,
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
        let expires_at = format!(
            "When the exception ends. {} Set this or `valid_for`; with `valid_for` it is computed once, when the exception \
             is created, and stays.",
            moment::RULE
        );
        let valid_for = format!(
            "How long the exception holds, counted from the apply that creates it. {} Set this or `expires_at`; a new \
             length is counted from the apply that brings it.",
            period::RULE
        );
        Block::new(
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
        .attribute("ticket", super::text("Where it was agreed: the key or address of a ticket."))
        .attribute("expires_at", Attribute::optional_computed(Type::String).describe(&expires_at).lasting())
        .attribute("valid_for", super::text(&valid_for))
    }

    fn violations_in(fields: &Fields<'_>, reading: Reading) -> Result<Vec<Violation>, Diagnostics> {
        Ok(draft(fields, reading)?.violations())
    }

    fn declared(object: &Fields<'_>) -> Result<Self, Diagnostics> {
        draft(object, Reading::Object)?.declare().map_err(|violations| told::errors(&violations))
    }

    fn attributes(&self) -> Object {
        let valid_for = match &self.end {
            End::At(_) => None,
            End::For { period, .. } => Some(period.spelling().to_owned()),
        };
        let permits = Object::new()
            .with("rules", &set_value(&self.permits.rules))
            .with("actions", &set_value(&self.permits.actions))
            .with("resources", &set_value(&self.permits.resources));
        Object::new()
            .with("name", self.name.as_str())
            .with("identity", self.identity.as_str())
            .with("permits", &permits)
            .with("reason", &self.reason)
            .with("owner", self.owner.as_str())
            .with("compensating_controls", &set_value(&self.compensating_controls))
            .with("ticket", &self.ticket)
            .with("expires_at", &self.end.moment().map(|end| end.spelling().to_owned()))
            .with("valid_for", &valid_for)
    }

    /// Keeps the end that fell out of a length, unless the length changes.
    fn complete(plan: &mut Plan) -> Result<(), Diagnostics> {
        let Some(prior) = plan.prior() else { return Ok(()) };
        let config = plan.config();
        let length = |text: &Field<String>| text.known().and_then(|text| Period::parse(text).ok());
        let (before, after) = (text(&prior, "valid_for")?, text(&config, "valid_for")?);
        let computed = text(&config, "expires_at")? == Field::Absent;
        let same = length(&before).is_some() && length(&before) == length(&after);
        if computed && after != Field::Absent && !same {
            plan.set("expires_at", &Value::unknown())?;
        }
        Ok(())
    }

    fn warnings_in(planned: &Fields<'_>, now: Timestamp) -> Result<Vec<Violation>, Diagnostics> {
        Ok(draft(planned, Reading::Object)?.warnings(now))
    }
}
