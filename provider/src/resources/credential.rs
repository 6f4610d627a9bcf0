//! `nhi_credential`: a stored secret that still exists.

use nhi_identity::{Credential, CredentialDraft, CredentialKind, Timestamp, Use, Violation, period};
use nhi_proto::schema::{Attribute, Block};
use nhi_proto::{Diagnostics, Fields, Object, Plan, Type, Value};

use super::{Defaulted, Reading, Subject, end, occasion};
use crate::attributes::{field, labels, labels_value, text};
use crate::told;

fn draft(fields: &Fields<'_>, reading: Reading) -> Result<CredentialDraft, Diagnostics> {
    Ok(CredentialDraft {
        name: text(fields, "name")?,
        identity: text(fields, "identity")?,
        kind: text(fields, "kind")?,
        why: text(fields, "why")?,
        owner: super::owner(fields, reading)?,
        rotation_period: text(fields, "rotation_period")?,
        last_rotation: occasion::draft(fields, "last_rotation")?,
        location: text(fields, "location")?,
        break_glass: field(fields, "break_glass")?,
        end: end::draft(fields, reading)?,
        labels: labels(fields)?,
    })
}

impl Subject for Credential {
    const TYPE: &'static str = "nhi_credential";
    const DEFAULTED: &'static [Defaulted] = &[Defaulted::Owner];

    fn block() -> Block {
        let kinds: Vec<String> = CredentialKind::ALL.iter().map(|(word, _)| format!("`{word}`")).collect();
        let kind = format!("What kind of secret it is: one of {}.", kinds.join(", "));
        let rotation =
            format!("How often the secret is exchanged; more than `90d` is a warning. {}", period::RULE);
        let block = Block::new(
            "A static credential that still exists: an access key, a password, a keytab. It says whose it is, why it is \
             still needed, how often it is exchanged and when it goes. The secret itself never stands here: what looks like \
             one is refused.",
        )
        .attribute("name", super::name("What the credential is called in reports."))
        .attribute(
            "identity",
            super::required_text(
                "Name of the `nhi_identity` that uses it. Refer to it (`nhi_identity.NAME.name`), so that Terraform creates \
                 it first.",
            ),
        )
        .attribute("kind", super::required_text(&kind))
        .attribute(
            "why",
            super::required_text("Why it still exists and is not replaced by federation, in a sentence."),
        )
        .attribute(
            "owner",
            super::defaulted(Defaulted::Owner, "Name of the `nhi_owner` that answers for it; needed."),
        )
        .attribute("rotation_period", super::required_text(&rotation))
        .attribute(
            "last_rotation",
            occasion::attribute(
                "exchanged",
                "When the secret was exchanged last, and where that is written down. Once the next rotation is overdue, every \
                 plan warns.",
            ),
        )
        .attribute(
            "location",
            super::text("Where the secret is kept, its path in a secret store for example; never the secret itself."),
        )
        .attribute(
            "break_glass",
            Attribute::optional_computed(Type::Bool).or_default(Value::Bool(false)).describe(
                "Whether it is kept for emergencies alone. Such a credential may stay without an end; any other one needs \
                 `expires_at` or `valid_for`.",
            ),
        )
        .attribute("labels", super::labels());
        end::attributes(block, "credential")
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
            .with("identity", self.identity.as_str())
            .with("kind", self.kind.as_str())
            .with("why", &self.why)
            .with("owner", self.owner.as_str())
            .with("rotation_period", self.rotation_period.spelling())
            .with("last_rotation", &occasion::value(self.last_rotation.as_ref()))
            .with("location", &self.location)
            .with("break_glass", &(self.used_for == Use::BreakGlass))
            .with("labels", &labels_value(&self.labels));
        end::with(object, self.end.as_ref())
    }

    fn complete(plan: &mut Plan) -> Result<(), Diagnostics> {
        end::complete(plan)
    }

    fn warnings_in(planned: &Fields<'_>, now: Timestamp) -> Result<Vec<Violation>, Diagnostics> {
        Ok(draft(planned, Reading::Object)?.warnings(now))
    }
}
