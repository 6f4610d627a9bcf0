//! How a freeze is kept.

use std::collections::{BTreeMap, BTreeSet};

use nhi_identity::{Field, Freeze, FreezeDraft, Name, Refused, Surroundings, Violation};
use serde::{Deserialize, Serialize};

use crate::body::{map, read, set, text};
use crate::declaration::{Declaration, Mentions, ObjectKind, told};
use crate::facets::Facets;
use crate::selection;

/// The text of a freeze in the file.
#[derive(Serialize, Deserialize)]
struct Body {
    name: String,
    starts_at: String,
    ends_at: String,
    refuses: BTreeSet<String>,
    scope: selection::Body,
    break_glass: String,
    reason: String,
    owner: String,
    ticket: Option<String>,
    labels: BTreeMap<String, String>,
}

impl Declaration for Freeze {
    const KIND: ObjectKind = ObjectKind::Freeze;
    const NAMED_BY: &'static [(ObjectKind, &'static str)] = &[];

    fn name(&self) -> &Name {
        &self.name
    }

    fn to_body(&self) -> String {
        let freeze = self.clone();
        text(&Body {
            name: freeze.name.to_string(),
            starts_at: freeze.starts_at.spelling().to_owned(),
            ends_at: freeze.ends_at.spelling().to_owned(),
            refuses: freeze.refuses.into_iter().map(Refused::as_str).map(str::to_owned).collect(),
            scope: selection::body(freeze.scope),
            break_glass: freeze.break_glass.as_str().to_owned(),
            reason: freeze.reason,
            owner: freeze.owner.to_string(),
            ticket: freeze.ticket,
            labels: freeze.labels,
        })
    }

    fn from_body(body: &str) -> Result<Self, String> {
        let body: Body = read(body)?;
        let draft = FreezeDraft {
            name: Field::Is(body.name),
            starts_at: Field::Is(body.starts_at),
            ends_at: Field::Is(body.ends_at),
            refuses: set(body.refuses),
            scope: selection::draft(body.scope),
            break_glass: Field::Is(body.break_glass),
            reason: Field::Is(body.reason),
            owner: Field::Is(body.owner),
            ticket: body.ticket.into(),
            labels: map(body.labels),
        };
        draft.declare().map_err(|violations| told(&violations))
    }

    fn mentions(&self) -> Mentions<'_> {
        Mentions::of([(ObjectKind::Owner, &self.owner)]).besides(self.scope.names())
    }

    fn facets(&self) -> Facets {
        Facets { ends: Some(self.ends_at.at()), labels: self.labels.clone(), ..Facets::of(&self.mentions()) }
    }

    fn violations(&self, around: &Surroundings) -> Vec<Violation> {
        Self::violations(self, around)
    }
}
