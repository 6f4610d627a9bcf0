//! `nhi_federation`: whose tokens count, for which service, about whom.

use std::collections::BTreeMap;

use nhi_identity::{Federation, FederationDraft, Timestamp, Violation, WorkClass, issuer, period};
use nhi_proto::schema::{Attribute, Block};
use nhi_proto::{Diagnostics, Fields, Object, ToValue, Type, Value};

use super::{Defaulted, Reading, Subject};
use crate::attributes::{labels, labels_value, pairs, sets_by_key, text};
use crate::told;

fn draft(fields: &Fields<'_>, reading: Reading) -> Result<FederationDraft, Diagnostics> {
    Ok(FederationDraft {
        name: text(fields, "name")?,
        issuer: text(fields, "issuer")?,
        audiences: pairs(fields, "audiences")?,
        subject: text(fields, "subject")?,
        claims: sets_by_key(fields, "claims")?,
        lifetimes: pairs(fields, "lifetimes")?,
        identity: text(fields, "identity")?,
        owner: super::owner(fields, reading)?,
        labels: labels(fields)?,
    })
}

/// A map, absent when empty.
fn map_value<T: ToValue>(map: &BTreeMap<String, T>) -> Value {
    if map.is_empty() { Value::Null } else { map.to_value() }
}

impl Subject for Federation {
    const TYPE: &'static str = "nhi_federation";
    const DEFAULTED: &'static [Defaulted] = &[Defaulted::Owner];

    fn block() -> Block {
        let issuer = format!("Who signs the tokens (`iss`). {}", issuer::RULE);
        let classes: Vec<String> = WorkClass::ALL.iter().map(|(word, _)| format!("`{word}`")).collect();
        let lifetimes = format!(
            "The longest a token may live, by class of the workload that uses it: {}. More than an hour, for `agent` more \
             than five minutes, is a warning; more than a day is refused. {}",
            classes.join(", "),
            period::RULE
        );
        Block::new(
            "A federation: whose tokens count, for which services, about whom and under which claims, so that nobody has to \
             hold a secret. It stands by itself, and may say to which identity it belongs. Subjects that let strangers in \
             are refused, wide ones are warnings.",
        )
        .attribute("name", super::name("What the federation is called in reports."))
        .attribute("issuer", super::required_text(&issuer))
        .attribute(
            "audiences",
            Attribute::required(Type::map(Type::String)).describe(
                "Whom the tokens are meant for (`aud`), by service: at least one, and each service an audience of its own.",
            ),
        )
        .attribute(
            "subject",
            super::required_text(
                "Whom the tokens speak of (`sub`), `repo:acme/shop:environment:production` for example; may hold the \
                 wildcards of the platform.",
            ),
        )
        .attribute(
            "claims",
            Attribute::optional(Type::map(Type::set(Type::String))).describe(
                "What else the tokens have to say: for each claim the values or patterns that it may have, \
                 `repository_id = [\"12345\"]` for example.",
            ),
        )
        .attribute("lifetimes", Attribute::optional(Type::map(Type::String)).describe(&lifetimes))
        .attribute(
            "identity",
            super::text(
                "Name of the `nhi_identity` that logs on with these tokens. Refer to it (`nhi_identity.NAME.name`), so that \
                 Terraform creates it first.",
            ),
        )
        .attribute(
            "owner",
            super::defaulted(
                Defaulted::Owner,
                "Name of the `nhi_owner` that answers for it; needed where it belongs to no identity.",
            ),
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
        let lifetimes = self.lifetimes.iter();
        let lifetimes: BTreeMap<String, String> =
            lifetimes.map(|(class, period)| (class.to_string(), period.spelling().to_owned())).collect();
        Object::new()
            .with("name", self.name.as_str())
            .with("issuer", self.issuer.as_str())
            .with("audiences", &self.audiences)
            .with("subject", &self.subject)
            .with("claims", &map_value(&self.claims))
            .with("lifetimes", &map_value(&lifetimes))
            .with("identity", &self.identity.as_ref().map(ToString::to_string))
            .with("owner", &self.owner.as_ref().map(ToString::to_string))
            .with("labels", &labels_value(&self.labels))
    }

    fn warnings_in(planned: &Fields<'_>, _now: Timestamp) -> Result<Vec<Violation>, Diagnostics> {
        Ok(draft(planned, Reading::Object)?.warnings())
    }
}
