//! How an identity is kept.

use std::collections::{BTreeMap, BTreeSet};

use nhi_identity::{
    FederationEntry, FederationEntryDraft, Field, Identity, IdentityDraft, Name, Period, Surroundings,
    Violation, Workload,
};
use serde::{Deserialize, Serialize};

use crate::body::{map, read, set, text};
use crate::declaration::{Declaration, Mentions, ObjectKind, told};
use crate::facets::Facets;

/// The text of an identity in the file.
#[derive(Serialize, Deserialize)]
struct Body {
    name: String,
    kind: String,
    owner: Option<String>,
    purpose: Option<String>,
    environment: Option<String>,
    tier: u8,
    zone: Option<String>,
    platform: Option<String>,
    principal: Option<String>,
    federation: Vec<FederationBody>,
    review_period: Option<String>,
    labels: BTreeMap<String, String>,
}

/// The text of a federation entry.
#[derive(Serialize, Deserialize)]
struct FederationBody {
    issuer: String,
    audiences: BTreeSet<String>,
    subject: String,
    max_lifetime: Option<String>,
    workload: Option<String>,
}

impl Declaration for Identity {
    const KIND: ObjectKind = ObjectKind::Identity;
    const NAMED_BY: &'static [(ObjectKind, &'static str)] = &[
        (ObjectKind::Exception, "identity"),
        (ObjectKind::Federation, "identity"),
        (ObjectKind::Elevation, "identity"),
        (ObjectKind::Elevation, "target.identity"),
        (ObjectKind::Review, "scope.identities"),
        (ObjectKind::Freeze, "scope.identities"),
        (ObjectKind::Credential, "identity"),
        (ObjectKind::Crossing, "identities"),
        (ObjectKind::BreakGlass, "identity"),
    ];

    fn name(&self) -> &Name {
        &self.name
    }

    fn to_body(&self) -> String {
        let identity = self.clone();
        let spelled = |period: Option<Period>| period.map(|period| period.spelling().to_owned());
        let federation = |entry: FederationEntry| FederationBody {
            issuer: entry.issuer,
            audiences: entry.audiences,
            subject: entry.subject,
            max_lifetime: spelled(entry.max_lifetime),
            workload: entry.workload.map(Workload::as_str).map(str::to_owned),
        };
        text(&Body {
            name: identity.name.to_string(),
            kind: identity.kind.to_string(),
            owner: identity.owner.map(|owner| owner.to_string()),
            purpose: identity.purpose,
            environment: identity.environment,
            tier: identity.tier.level(),
            zone: identity.zone.map(|zone| zone.to_string()),
            platform: identity.platform,
            principal: identity.principal,
            federation: identity.federation.into_iter().map(federation).collect(),
            review_period: spelled(identity.review_period),
            labels: identity.labels,
        })
    }

    fn from_body(body: &str) -> Result<Self, String> {
        let body: Body = read(body)?;
        let federation = |entry: FederationBody| {
            Field::Is(FederationEntryDraft {
                issuer: Field::Is(entry.issuer),
                audiences: set(entry.audiences),
                subject: Field::Is(entry.subject),
                max_lifetime: entry.max_lifetime.into(),
                workload: entry.workload.into(),
            })
        };
        let draft = IdentityDraft {
            name: Field::Is(body.name),
            kind: Field::Is(body.kind),
            owner: body.owner.into(),
            purpose: body.purpose.into(),
            environment: body.environment.into(),
            tier: Field::Is(Ok(i64::from(body.tier))),
            zone: body.zone.into(),
            platform: body.platform.into(),
            principal: body.principal.into(),
            federation: Field::Is(body.federation.into_iter().map(federation).collect()),
            review_period: body.review_period.into(),
            labels: map(body.labels),
        };
        draft.declare().map_err(|violations| told(&violations))
    }

    fn mentions(&self) -> Mentions<'_> {
        Mentions {
            names: [(ObjectKind::Owner, &self.owner), (ObjectKind::Zone, &self.zone)]
                .into_iter()
                .filter_map(|(kind, name)| name.as_ref().map(|name| (kind, name)))
                .collect(),
            principal: self.principal.as_deref().map(|principal| (self.platform.as_deref(), principal)),
            ..Mentions::default()
        }
    }

    fn facets(&self) -> Facets {
        Facets {
            tier: Some(self.tier.level()),
            environment: self.environment.clone(),
            kind: Some(self.kind.to_string()),
            platform: self.platform.clone(),
            labels: self.labels.clone(),
            ..Facets::of(&self.mentions())
        }
    }

    fn violations(&self, around: &Surroundings) -> Vec<Violation> {
        Self::violations(self, around)
    }
}
