//! How a crossing is kept, as it was asked for; what was approved of it is kept beside it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use nhi_identity::{Crossing, CrossingDraft, Field, Moment, Name, Surroundings, Violation};
use serde::{Deserialize, Serialize};

use crate::body::{map, read, set, text};
use crate::declaration::{Declaration, Mentions, ObjectKind, told};
use crate::end;
use crate::facets::Facets;

/// The text of a crossing in the file.
#[derive(Serialize, Deserialize)]
struct Body {
    name: String,
    from_zone: String,
    to_zone: String,
    identities: BTreeSet<String>,
    approver: String,
    reason: String,
    ticket: Option<String>,
    log_sink: String,
    expires_at: Option<String>,
    valid_for: Option<String>,
    labels: BTreeMap<String, String>,
}

impl Declaration for Crossing {
    const KIND: ObjectKind = ObjectKind::Crossing;
    const NAMED_BY: &'static [(ObjectKind, &'static str)] = &[];

    const SEVERAL: &'static [(&'static str, &'static [&'static str])] =
        &[("identity", &["identities"]), ("zone", &["from_zone", "to_zone"])];

    fn name(&self) -> &Name {
        &self.name
    }

    fn to_body(&self) -> String {
        let crossing = self.clone();
        let (expires_at, valid_for) = end::texts(&crossing.end);
        text(&Body {
            name: crossing.name.to_string(),
            from_zone: crossing.from_zone.to_string(),
            to_zone: crossing.to_zone.to_string(),
            identities: crossing.identities.iter().map(ToString::to_string).collect(),
            approver: crossing.approver.to_string(),
            reason: crossing.reason,
            ticket: crossing.ticket,
            log_sink: crossing.log_sink,
            expires_at,
            valid_for,
            labels: crossing.labels,
        })
    }

    fn from_body(body: &str) -> Result<Self, String> {
        let body: Body = read(body)?;
        let draft = CrossingDraft {
            name: Field::Is(body.name),
            from_zone: Field::Is(body.from_zone),
            to_zone: Field::Is(body.to_zone),
            identities: if body.identities.is_empty() { Field::Absent } else { set(body.identities) },
            approver: Field::Is(body.approver),
            reason: Field::Is(body.reason),
            ticket: body.ticket.into(),
            log_sink: Field::Is(body.log_sink),
            end: end::draft(body.expires_at, body.valid_for),
            labels: map(body.labels),
        };
        let crossing = draft.declare().map_err(|violations| told(&violations))?;
        end::require_fixed(&crossing.end)?;
        Ok(crossing)
    }

    fn mentions(&self) -> Mentions<'_> {
        let named = [
            (ObjectKind::Zone, &self.from_zone),
            (ObjectKind::Zone, &self.to_zone),
            (ObjectKind::Owner, &self.approver),
        ];
        let identities = self.identities.iter().map(|identity| (ObjectKind::Identity, identity));
        Mentions::of(named.into_iter().chain(identities))
    }

    fn facets(&self) -> Facets {
        Facets {
            ends: self.end.moment().map(Moment::at),
            labels: self.labels.clone(),
            ..Facets::of(&self.mentions())
        }
    }

    fn violations(&self, around: &Surroundings) -> Vec<Violation> {
        Self::violations(self, around)
    }

    fn fixed(self, now: Timestamp) -> Result<Self, Violation> {
        Self::fixed(self, now)
    }

    fn answers(&self, asked: &Self) -> bool {
        let unfixed = |one: &Self| Self { end: one.end.clone().unfixed(), ..one.clone() };
        unfixed(self) == unfixed(asked)
    }
}
