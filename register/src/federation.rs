//! How federation that stands by itself is kept.

use std::collections::{BTreeMap, BTreeSet};

use nhi_identity::{Federation, FederationDraft, Field, Name, Surroundings, Violation};
use serde::{Deserialize, Serialize};

use crate::body::{map, read, set, text};
use crate::declaration::{Declaration, Mentions, ObjectKind, told};
use crate::facets::Facets;

/// The text of a federation in the file.
#[derive(Serialize, Deserialize)]
struct Body {
    name: String,
    issuer: String,
    audiences: BTreeMap<String, String>,
    subject: String,
    claims: BTreeMap<String, BTreeSet<String>>,
    lifetimes: BTreeMap<String, String>,
    identity: Option<String>,
    owner: Option<String>,
    labels: BTreeMap<String, String>,
}

impl Declaration for Federation {
    const KIND: ObjectKind = ObjectKind::Federation;
    const NAMED_BY: &'static [(ObjectKind, &'static str)] = &[];

    fn name(&self) -> &Name {
        &self.name
    }

    fn to_body(&self) -> String {
        let federation = self.clone();
        let lifetimes = federation.lifetimes.iter();
        text(&Body {
            name: federation.name.to_string(),
            issuer: federation.issuer.to_string(),
            audiences: federation.audiences,
            subject: federation.subject,
            claims: federation.claims,
            lifetimes: lifetimes
                .map(|(class, period)| (class.to_string(), period.spelling().to_owned()))
                .collect(),
            identity: federation.identity.map(|identity| identity.to_string()),
            owner: federation.owner.map(|owner| owner.to_string()),
            labels: federation.labels,
        })
    }

    fn from_body(body: &str) -> Result<Self, String> {
        let body: Body = read(body)?;
        let draft = FederationDraft {
            name: Field::Is(body.name),
            issuer: Field::Is(body.issuer),
            audiences: map(body.audiences),
            subject: Field::Is(body.subject),
            claims: Field::Is(body.claims.into_iter().map(|(claim, values)| (claim, set(values))).collect()),
            lifetimes: map(body.lifetimes),
            identity: body.identity.into(),
            owner: body.owner.into(),
            labels: map(body.labels),
        };
        draft.declare().map_err(|violations| told(&violations))
    }

    fn mentions(&self) -> Mentions<'_> {
        let named = [(ObjectKind::Identity, &self.identity), (ObjectKind::Owner, &self.owner)];
        Mentions::of(named.into_iter().filter_map(|(kind, name)| name.as_ref().map(|name| (kind, name))))
    }

    fn facets(&self) -> Facets {
        Facets { labels: self.labels.clone(), ..Facets::of(&self.mentions()) }
    }

    fn violations(&self, around: &Surroundings) -> Vec<Violation> {
        Self::violations(self, around)
    }
}
