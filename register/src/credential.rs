//! How a credential is kept: what is said about it, never the secret.

use std::collections::BTreeMap;

use jiff::Timestamp;
use nhi_identity::{
    Credential, CredentialDraft, End, Field, Moment, Name, Refused, Surroundings, Use, Violation,
};
use serde::{Deserialize, Serialize};

use crate::body::{map, read, text};
use crate::declaration::{Arrival, Declaration, Mentions, ObjectKind, told};
use crate::end;
use crate::facets::Facets;
use crate::occasion::{self, OccasionBody};

/// The text of a credential in the file.
#[derive(Serialize, Deserialize)]
struct Body {
    name: String,
    identity: String,
    kind: String,
    why: String,
    owner: String,
    rotation_period: String,
    last_rotation: Option<OccasionBody>,
    location: Option<String>,
    break_glass: bool,
    expires_at: Option<String>,
    valid_for: Option<String>,
    labels: BTreeMap<String, String>,
}

impl Declaration for Credential {
    const KIND: ObjectKind = ObjectKind::Credential;
    const NAMED_BY: &'static [(ObjectKind, &'static str)] = &[];
    const ARRIVES: bool = true;

    fn name(&self) -> &Name {
        &self.name
    }

    fn to_body(&self) -> String {
        let credential = self.clone();
        let (expires_at, valid_for) = credential.end.as_ref().map(end::texts).unwrap_or_default();
        text(&Body {
            name: credential.name.to_string(),
            identity: credential.identity.to_string(),
            kind: credential.kind.to_string(),
            why: credential.why,
            owner: credential.owner.to_string(),
            rotation_period: credential.rotation_period.spelling().to_owned(),
            last_rotation: credential.last_rotation.map(occasion::body),
            location: credential.location,
            break_glass: credential.used_for == Use::BreakGlass,
            expires_at,
            valid_for,
            labels: credential.labels,
        })
    }

    fn from_body(body: &str) -> Result<Self, String> {
        let body: Body = read(body)?;
        let draft = CredentialDraft {
            name: Field::Is(body.name),
            identity: Field::Is(body.identity),
            kind: Field::Is(body.kind),
            why: Field::Is(body.why),
            owner: Field::Is(body.owner),
            rotation_period: Field::Is(body.rotation_period),
            last_rotation: occasion::draft(body.last_rotation),
            location: body.location.into(),
            break_glass: Field::Is(body.break_glass),
            end: end::draft(body.expires_at, body.valid_for),
            labels: map(body.labels),
        };
        let credential = draft.declare().map_err(|violations| told(&violations))?;
        credential.end.as_ref().map_or(Ok(()), end::require_fixed)?;
        Ok(credential)
    }

    fn mentions(&self) -> Mentions<'_> {
        Mentions::of([(ObjectKind::Identity, &self.identity), (ObjectKind::Owner, &self.owner)])
    }

    fn facets(&self) -> Facets {
        Facets {
            kind: Some(self.kind.to_string()),
            ends: self.end.as_ref().and_then(End::moment).map(Moment::at),
            labels: self.labels.clone(),
            ..Facets::of(&self.mentions())
        }
    }

    fn violations(&self, around: &Surroundings) -> Vec<Violation> {
        Self::violations(self, around)
    }

    /// Another secret, one of another identity, and one that was kept for emergencies alone are as good as new.
    fn newcomer(&self, before: Option<&Self>) -> Option<Arrival<'_>> {
        let known = before.is_some_and(|before| {
            let stays = before.used_for == self.used_for || self.used_for == Use::BreakGlass;
            before.kind == self.kind && before.identity == self.identity && stays
        });
        let what = Refused::StaticCredentials;
        (!known).then_some(Arrival { what, identity: &self.identity, used_for: self.used_for })
    }

    fn fixed(self, now: Timestamp) -> Result<Self, Violation> {
        Self::fixed(self, now)
    }

    fn answers(&self, asked: &Self) -> bool {
        let unfixed = |one: &Self| Self { end: one.end.clone().map(End::unfixed), ..one.clone() };
        unfixed(self) == unfixed(asked)
    }
}
