//! How an owner is kept.

use std::collections::{BTreeMap, BTreeSet};

use nhi_identity::{Field, Name, Owner, OwnerDraft, Surroundings, Violation};
use serde::{Deserialize, Serialize};

use crate::body::{map, read, set, text};
use crate::declaration::{Declaration, Mentions, ObjectKind, told};
use crate::facets::Facets;

/// The text of an owner in the file.
#[derive(Serialize, Deserialize)]
struct Body {
    name: String,
    accountable: BTreeSet<String>,
    backup: BTreeSet<String>,
    description: Option<String>,
    labels: BTreeMap<String, String>,
}

impl Declaration for Owner {
    const KIND: ObjectKind = ObjectKind::Owner;
    const NAMED_BY: &'static [(ObjectKind, &'static str)] = &[
        (ObjectKind::Identity, "owner"),
        (ObjectKind::Exception, "owner"),
        (ObjectKind::Federation, "owner"),
        (ObjectKind::Elevation, "owner"),
        (ObjectKind::Review, "owner"),
        (ObjectKind::Review, "scope.owners"),
        (ObjectKind::Freeze, "owner"),
        (ObjectKind::Freeze, "scope.owners"),
        (ObjectKind::Credential, "owner"),
        (ObjectKind::Crossing, "approver"),
        (ObjectKind::BreakGlass, "owner"),
    ];

    fn name(&self) -> &Name {
        &self.name
    }

    fn to_body(&self) -> String {
        let owner = self.clone();
        text(&Body {
            name: owner.name.to_string(),
            accountable: owner.accountable,
            backup: owner.backup,
            description: owner.description,
            labels: owner.labels,
        })
    }

    fn from_body(body: &str) -> Result<Self, String> {
        let body: Body = read(body)?;
        let draft = OwnerDraft {
            name: Field::Is(body.name),
            accountable: set(body.accountable),
            backup: set(body.backup),
            description: body.description.into(),
            labels: map(body.labels),
        };
        draft.declare().map_err(|violations| told(&violations))
    }

    fn mentions(&self) -> Mentions<'_> {
        Mentions::default()
    }

    fn facets(&self) -> Facets {
        Facets { labels: self.labels.clone(), ..Facets::default() }
    }

    fn violations(&self, _around: &Surroundings) -> Vec<Violation> {
        Vec::new()
    }
}
