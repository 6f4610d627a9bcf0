//! How break-glass access is kept: who keeps it and where, never what opens it.

use std::collections::{BTreeMap, BTreeSet};

use nhi_identity::{BreakGlass, BreakGlassDraft, Field, Name, Surroundings, Violation};
use serde::{Deserialize, Serialize};

use crate::body::{map, read, set, text};
use crate::declaration::{Declaration, Mentions, ObjectKind, told};
use crate::facets::Facets;
use crate::occasion::{self, OccasionBody};

/// The text of break-glass access in the file.
#[derive(Serialize, Deserialize)]
struct Body {
    name: String,
    identity: String,
    custodians: BTreeSet<String>,
    sealed_location: String,
    test_period: String,
    last_test: Option<OccasionBody>,
    max_duration: String,
    alert_channel: String,
    monitoring: String,
    reason: String,
    owner: String,
    labels: BTreeMap<String, String>,
}

impl Declaration for BreakGlass {
    const KIND: ObjectKind = ObjectKind::BreakGlass;
    const NAMED_BY: &'static [(ObjectKind, &'static str)] = &[];

    fn name(&self) -> &Name {
        &self.name
    }

    fn to_body(&self) -> String {
        let access = self.clone();
        text(&Body {
            name: access.name.to_string(),
            identity: access.identity.to_string(),
            custodians: access.custodians,
            sealed_location: access.sealed_location,
            test_period: access.test_period.spelling().to_owned(),
            last_test: access.last_test.map(occasion::body),
            max_duration: access.max_duration.spelling().to_owned(),
            alert_channel: access.alert_channel,
            monitoring: access.monitoring,
            reason: access.reason,
            owner: access.owner.to_string(),
            labels: access.labels,
        })
    }

    fn from_body(body: &str) -> Result<Self, String> {
        let body: Body = read(body)?;
        let draft = BreakGlassDraft {
            name: Field::Is(body.name),
            identity: Field::Is(body.identity),
            custodians: set(body.custodians),
            sealed_location: Field::Is(body.sealed_location),
            test_period: Field::Is(body.test_period),
            last_test: occasion::draft(body.last_test),
            max_duration: Field::Is(body.max_duration),
            alert_channel: Field::Is(body.alert_channel),
            monitoring: Field::Is(body.monitoring),
            reason: Field::Is(body.reason),
            owner: Field::Is(body.owner),
            labels: map(body.labels),
        };
        draft.declare().map_err(|violations| told(&violations))
    }

    fn mentions(&self) -> Mentions<'_> {
        Mentions::of([(ObjectKind::Identity, &self.identity), (ObjectKind::Owner, &self.owner)])
    }

    fn facets(&self) -> Facets {
        Facets { labels: self.labels.clone(), ..Facets::of(&self.mentions()) }
    }

    fn violations(&self, around: &Surroundings) -> Vec<Violation> {
        Self::violations(self, around)
    }
}
