//! `nhi_elevation`: who may be raised to what, for how long at a time, on how many other people's word.

use nhi_identity::elevation::APPROVAL_VALID_FOR;
use nhi_identity::{
    Elevation, ElevationDraft, Field, Raised, RecordingDraft, Role, TargetDraft, Timestamp, Violation, period,
};
use nhi_proto::schema::{Attribute, Block, Nesting, Presence};
use nhi_proto::value::Number;
use nhi_proto::{Diagnostics, Fields, Object, Plan, ToValue, Type, Value};

use super::{Defaulted, Reading, Subject, end};
use crate::attributes::{field, labels, labels_value, object, set_value, text, texts};
use crate::told;

fn draft(fields: &Fields<'_>, reading: Reading) -> Result<ElevationDraft, Diagnostics> {
    let approvals: Field<Number> = field(fields, "approvals")?;
    Ok(ElevationDraft {
        name: text(fields, "name")?,
        identity: text(fields, "identity")?,
        subjects: texts(fields, "subjects")?,
        target: object(fields, "target", target)?,
        duration: text(fields, "duration")?,
        approvals: approvals.map(|number| number.to_i64().ok_or_else(|| number.to_string())),
        approvers: texts(fields, "approvers")?,
        approval_valid_for: text(fields, "approval_valid_for")?,
        recording: object(fields, "session_recording", recording)?,
        reason: text(fields, "reason")?,
        owner: super::owner(fields, reading)?,
        ticket: text(fields, "ticket")?,
        end: end::draft(fields, reading)?,
        labels: labels(fields)?,
    })
}

fn target(fields: &Fields<'_>) -> Result<TargetDraft, Diagnostics> {
    Ok(TargetDraft {
        identity: text(fields, "identity")?,
        role: text(fields, "role")?,
        actions: texts(fields, "actions")?,
        resources: texts(fields, "resources")?,
    })
}

fn recording(fields: &Fields<'_>) -> Result<RecordingDraft, Diagnostics> {
    Ok(RecordingDraft { mode: text(fields, "mode")?, sink: text(fields, "sink")? })
}

fn target_attribute() -> Attribute {
    let attributes = [
        ("identity", super::text("Name of the `nhi_identity` whose rights are lent. Set this or `role`.")),
        (
            "role",
            super::text(
                "The role whose rights are lent, as the platform names it: an ARN for example. Set this or `identity`.",
            ),
        ),
        (
            "actions",
            super::set(
                "Patterns of the actions that are lent, `s3:Get*` for example; left out, all of the role's.",
            ),
        ),
        (
            "resources",
            super::set(
                "Patterns of the resources on which they are lent, `arn:aws:s3:::acme-*` for example; left out, all of the \
                 role's.",
            ),
        ),
    ];
    Attribute::nested(Nesting::Single, Presence::Required, attributes)
        .describe("What one is raised to: the rights of an identity or of a role, or a part of them.")
}

fn recording_attribute() -> Attribute {
    let attributes = [
        (
            "mode",
            super::required_text(
                "`required`: what is done meanwhile is recorded; `none`: it is not, and every plan warns.",
            ),
        ),
        (
            "sink",
            super::text(
                "Where recordings are kept, `s3://acme-sessions` for example; needed with `required`.",
            ),
        ),
    ];
    Attribute::nested(Nesting::Single, Presence::Required, attributes).describe(
        "Whether what is done meanwhile is recorded. This states what has to be so and whoever opens the session reads it; \
         nothing is recorded by declaring it.",
    )
}

impl Subject for Elevation {
    const TYPE: &'static str = "nhi_elevation";
    const DEFAULTED: &'static [Defaulted] = &[Defaulted::Owner];

    fn block() -> Block {
        let duration = format!(
            "The longest that one is raised at a time: at most `24h`, and above `8h` every plan warns. {}",
            period::RULE
        );
        let live = format!(
            "How long an approval stays live, at most `30d`. {} Left out, it is `{APPROVAL_VALID_FOR}`.",
            period::RULE
        );
        let block = Block::new(
            "A way to more rights for a while, instead of rights that are always there: who may be raised, to what, for how \
             long at a time, and how many others have to approve. It is asked for here and approved by somebody else; until \
             then it is not active.",
        )
        .attribute("name", super::name("What the elevation is called where it is approved and used."))
        .attribute(
            "identity",
            super::text(
                "Name of the `nhi_identity` that may be raised. Set this or `subjects`. Refer to it \
                 (`nhi_identity.NAME.name`), so that Terraform creates it first.",
            ),
        )
        .attribute(
            "subjects",
            super::set(
                "People or groups who may be raised, by email address for example. Set this or `identity`. None of them may \
                 approve it.",
            ),
        )
        .attribute("target", target_attribute())
        .attribute("duration", super::required_text(&duration))
        .attribute(
            "approvals",
            Attribute::optional_computed(Type::Number)
                .describe(
                    "How many people have to approve it, from 1 to 20; whoever asked for it does not count. Left out, it is \
                     1.",
                )
                .or_default(1_i64.to_value()),
        )
        .attribute(
            "approvers",
            super::set(
                "Who may approve it, named as the register records those who write. Left out, anybody may who neither asked \
                 for it nor is raised by it.",
            ),
        )
        .attribute(
            "approval_valid_for",
            Attribute::optional_computed(Type::String)
                .describe(&live)
                .or_default(Value::string(APPROVAL_VALID_FOR)),
        )
        .attribute("session_recording", recording_attribute())
        .attribute("reason", super::required_text("Why it is needed, in a sentence that a colleague understands."))
        .attribute(
            "owner",
            super::defaulted(Defaulted::Owner, "Name of the `nhi_owner` on whose word it holds; needed."),
        )
        .attribute("ticket", super::text("Where it was agreed: the key or address of a ticket."))
        .attribute("labels", super::labels());
        end::attributes(block, "elevation")
    }

    fn violations_in(fields: &Fields<'_>, reading: Reading) -> Result<Vec<Violation>, Diagnostics> {
        Ok(draft(fields, reading)?.violations())
    }

    fn declared(object: &Fields<'_>) -> Result<Self, Diagnostics> {
        draft(object, Reading::Object)?.declare().map_err(|violations| told::errors(&violations))
    }

    fn attributes(&self) -> Object {
        let (identity, subjects) = match &self.raised {
            Raised::Identity(identity) => (identity.as_str().to_value(), Value::Null),
            Raised::Subjects(subjects) => (Value::Null, set_value(subjects)),
        };
        let (target_identity, role) = match &self.target.role {
            Role::Identity(identity) => (identity.as_str().to_value(), Value::Null),
            Role::Named(role) => (Value::Null, role.to_value()),
        };
        let target = Object::new()
            .with("identity", &target_identity)
            .with("role", &role)
            .with("actions", &set_value(&self.target.actions))
            .with("resources", &set_value(&self.target.resources));
        let recording = Object::new()
            .with("mode", self.recording.as_str())
            .with("sink", &self.recording.sink().map(str::to_owned));
        let object = Object::new()
            .with("name", self.name.as_str())
            .with("identity", &identity)
            .with("subjects", &subjects)
            .with("target", &target)
            .with("duration", self.duration.spelling())
            .with("approvals", &i64::from(self.approvals))
            .with("approvers", &set_value(&self.approvers))
            .with("approval_valid_for", self.approval_valid_for.spelling())
            .with("session_recording", &recording)
            .with("reason", &self.reason)
            .with("owner", self.owner.as_str())
            .with("ticket", &self.ticket)
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
