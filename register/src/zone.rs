//! How a zone is kept.

use std::collections::{BTreeMap, BTreeSet};

use nhi_identity::{Field, Name, Surroundings, Violation, Zone, ZoneDraft};
use serde::{Deserialize, Serialize};

use crate::body::{map, read, set, text};
use crate::declaration::{Declaration, Mentions, ObjectKind, told};
use crate::facets::Facets;

/// The text of a zone in the file.
#[derive(Serialize, Deserialize)]
struct Body {
    name: String,
    environment: Option<String>,
    template: Option<String>,
    reaches: BTreeSet<String>,
    labels: BTreeMap<String, String>,
}

impl Declaration for Zone {
    const KIND: ObjectKind = ObjectKind::Zone;
    const NAMED_BY: &'static [(ObjectKind, &'static str)] = &[
        (ObjectKind::Identity, "zone"),
        (ObjectKind::Review, "scope.zones"),
        (ObjectKind::Freeze, "scope.zones"),
        (ObjectKind::Crossing, "from_zone"),
        (ObjectKind::Crossing, "to_zone"),
    ];

    fn name(&self) -> &Name {
        &self.name
    }

    fn to_body(&self) -> String {
        let zone = self.clone();
        text(&Body {
            name: zone.name.to_string(),
            environment: zone.environment,
            template: zone.template,
            reaches: zone.reaches.iter().map(ToString::to_string).collect(),
            labels: zone.labels,
        })
    }

    fn from_body(body: &str) -> Result<Self, String> {
        let body: Body = read(body)?;
        let draft = ZoneDraft {
            name: Field::Is(body.name),
            environment: body.environment.into(),
            template: body.template.into(),
            reaches: set(body.reaches),
            labels: map(body.labels),
        };
        draft.declare().map_err(|violations| told(&violations))
    }

    fn mentions(&self) -> Mentions<'_> {
        Mentions::default()
    }

    fn facets(&self) -> Facets {
        Facets { environment: self.environment.clone(), labels: self.labels.clone(), ..Facets::default() }
    }

    fn violations(&self, _around: &Surroundings) -> Vec<Violation> {
        Vec::new()
    }
}
