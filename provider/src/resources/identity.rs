//! `nhi_identity`: a non-human identity.

use nhi_identity::{
    FederationEntry, FederationEntryDraft, Field, Identity, IdentityDraft, Kind, Timestamp, Violation, period,
};
use nhi_proto::schema::{Attribute, Block, Nesting, Presence};
use nhi_proto::value::Number;
use nhi_proto::{Diagnostics, Fields, Object, ToValue, Type, Value};

use super::{Defaulted, Reading, Subject};
use crate::attributes::{field, labels, labels_value, objects, text, texts};
use crate::told;

fn draft(fields: &Fields<'_>) -> Result<IdentityDraft, Diagnostics> {
    draft_of(text(fields, "name")?, fields)
}

/// The identity of this name as far as it is known; its other attributes are `fields`.
pub(super) fn draft_of(name: Field<String>, fields: &Fields<'_>) -> Result<IdentityDraft, Diagnostics> {
    let tier: Field<Number> = field(fields, "tier")?;
    Ok(IdentityDraft {
        name,
        kind: text(fields, "kind")?,
        owner: text(fields, "owner")?,
        purpose: text(fields, "purpose")?,
        environment: text(fields, "environment")?,
        tier: tier.map(|number| number.to_i64().ok_or_else(|| number.to_string())),
        zone: text(fields, "zone")?,
        platform: text(fields, "platform")?,
        principal: text(fields, "principal")?,
        federation: objects(fields, "federation", entry)?,
        review_period: text(fields, "review_period")?,
        labels: labels(fields)?,
    })
}

fn entry(fields: &Fields<'_>) -> Result<FederationEntryDraft, Diagnostics> {
    Ok(FederationEntryDraft {
        issuer: text(fields, "issuer")?,
        audiences: texts(fields, "audiences")?,
        subject: text(fields, "subject")?,
        max_lifetime: text(fields, "max_lifetime")?,
        workload: text(fields, "workload")?,
    })
}

fn entry_value(entry: &FederationEntry) -> Value {
    let object = Object::new()
        .with("issuer", &entry.issuer)
        .with("audiences", &entry.audiences)
        .with("subject", &entry.subject)
        .with("max_lifetime", &entry.max_lifetime.as_ref().map(|period| period.spelling().to_owned()))
        .with("workload", &entry.workload.map(|workload| workload.as_str().to_owned()));
    object.into()
}

fn federation() -> Attribute {
    let lifetime = format!("The longest a token may live. {}", period::RULE);
    let attributes = [
        ("issuer", super::required_text("The issuer, as its tokens name it (`iss`).")),
        ("audiences", super::required_set("Who the tokens are meant for (`aud`): at least one.")),
        (
            "subject",
            super::required_text("Whom the tokens speak of (`sub`); may hold the wildcards of the platform."),
        ),
        ("max_lifetime", super::text(&lifetime)),
        (
            "workload",
            super::text(
                "How the work runs that uses the tokens: `interactive` (short, can fetch a new token at any time) or \
                 `batch` (long, cannot).",
            ),
        ),
    ];
    Attribute::nested(Nesting::List, Presence::Optional, attributes).describe(
        "Whose tokens the identity presents instead of holding a secret of its own. In tiers 0 and 1 an identity without \
         federation is a warning.",
    )
}

/// Its attributes but the name.
pub(super) fn attributes() -> Vec<(&'static str, Attribute)> {
    let kinds: Vec<String> = Kind::ALL.iter().map(|(word, _)| format!("`{word}`")).collect();
    let kind = format!("What the identity is: one of {}.", kinds.join(", "));
    let review = format!("How often somebody looks at the identity again. {}", period::RULE);
    vec![
        ("kind", super::required_text(&kind)),
        (
            "owner",
            super::defaulted(
                Defaulted::Owner,
                "Name of the `nhi_owner` that answers for it; tiers 0 and 1 need one. Refer to it \
                 (`nhi_owner.NAME.name`), so that Terraform creates it first.",
            ),
        ),
        ("purpose", super::text("What the identity is for, in a sentence.")),
        (
            "environment",
            super::defaulted(Defaulted::Environment, "The environment it works in, `production` for example."),
        ),
        (
            "tier",
            Attribute::required(Type::Number).describe(
                "How much harm it can do: 0 controls production, 1 touches production data, 2 is non-production.",
            ),
        ),
        (
            "zone",
            super::text(
                "Name of the `nhi_zone` it stays in. Refer to it (`nhi_zone.NAME.name`), so that Terraform creates it \
                 first.",
            ),
        ),
        (
            "platform",
            super::text("The platform it acts on: `aws`, `google`, `azure`, `kubernetes` or another name."),
        ),
        (
            "principal",
            super::text(
                "Its name on the platform: an ARN, an email address, a subject. One principal is declared in one \
                 workspace.",
            ),
        ),
        ("federation", federation()),
        ("review_period", super::text(&review)),
        ("labels", super::labels()),
    ]
}

/// Its attributes but the name, as Terraform shows them.
pub(super) fn shown(identity: &Identity) -> Object {
    let federation = match identity.federation.as_slice() {
        [] => Value::Null,
        entries => Value::List(entries.iter().map(entry_value).collect()),
    };
    Object::new()
        .with("kind", identity.kind.as_str())
        .with("owner", &identity.owner.as_ref().map(ToString::to_string))
        .with("purpose", &identity.purpose)
        .with("environment", &identity.environment)
        .with("tier", &i64::from(identity.tier.level()).to_value())
        .with("zone", &identity.zone.as_ref().map(ToString::to_string))
        .with("platform", &identity.platform)
        .with("principal", &identity.principal)
        .with("federation", &federation)
        .with("review_period", &identity.review_period.as_ref().map(|period| period.spelling().to_owned()))
        .with("labels", &labels_value(&identity.labels))
}

impl Subject for Identity {
    const TYPE: &'static str = "nhi_identity";
    const DEFAULTED: &'static [Defaulted] = &[Defaulted::Owner, Defaulted::Environment];

    fn block() -> Block {
        let block = Block::new(
            "A non-human identity: a pipeline, a job, a service, an agent. It says who answers for it, how much harm it can \
             do, where it lives and how it proves itself, so that `nhi check` can tell what a plan changes for it.",
        )
        .attribute("name", super::name("What exceptions refer to."));
        attributes().into_iter().fold(block, |block, (name, attribute)| block.attribute(name, attribute))
    }

    fn violations_in(fields: &Fields<'_>, reading: Reading) -> Result<Vec<Violation>, Diagnostics> {
        let draft = draft(fields)?;
        let mut found = draft.violations();
        if reading == Reading::Object {
            found.extend(draft.ownerless());
        }
        Ok(found)
    }

    fn declared(object: &Fields<'_>) -> Result<Self, Diagnostics> {
        draft(object)?.declare().map_err(|violations| told::errors(&violations))
    }

    fn attributes(&self) -> Object {
        shown(self).with("name", self.name.as_str())
    }

    fn warnings_in(planned: &Fields<'_>, _now: Timestamp) -> Result<Vec<Violation>, Diagnostics> {
        Ok(draft(planned)?.warnings())
    }
}
