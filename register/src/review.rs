//! How a review is kept. What was attested is kept beside it, not in it.

use std::collections::{BTreeMap, BTreeSet};

use nhi_identity::{
    Event, Field, Name, Occurrence, OccurrenceDraft, Review, ReviewDraft, Surroundings, Violation,
};
use serde::{Deserialize, Serialize};

use crate::body::{map, read, set, text};
use crate::declaration::{Declaration, Mentions, ObjectKind, told};
use crate::facets::Facets;
use crate::selection;

/// The text of a review in the file.
#[derive(Serialize, Deserialize)]
struct Body {
    name: String,
    scope: selection::Body,
    period: String,
    reviewers: BTreeSet<String>,
    starts_on: String,
    on_overdue: String,
    events: BTreeSet<String>,
    occurrences: Vec<OccurrenceBody>,
    description: Option<String>,
    owner: String,
    labels: BTreeMap<String, String>,
}

/// The text of something that happened.
#[derive(Serialize, Deserialize)]
struct OccurrenceBody {
    event: String,
    at: String,
    description: Option<String>,
}

impl Declaration for Review {
    const KIND: ObjectKind = ObjectKind::Review;
    const NAMED_BY: &'static [(ObjectKind, &'static str)] = &[];

    fn name(&self) -> &Name {
        &self.name
    }

    fn to_body(&self) -> String {
        let review = self.clone();
        let occurrence = |one: Occurrence| OccurrenceBody {
            event: one.event.as_str().to_owned(),
            at: one.at.spelling().to_owned(),
            description: one.description,
        };
        text(&Body {
            name: review.name.to_string(),
            scope: selection::body(review.scope),
            period: review.period.spelling().to_owned(),
            reviewers: review.reviewers,
            starts_on: review.starts_on.spelling().to_owned(),
            on_overdue: review.on_overdue.as_str().to_owned(),
            events: review.events.into_iter().map(Event::as_str).map(str::to_owned).collect(),
            occurrences: review.occurrences.into_iter().map(occurrence).collect(),
            description: review.description,
            owner: review.owner.to_string(),
            labels: review.labels,
        })
    }

    fn from_body(body: &str) -> Result<Self, String> {
        let body: Body = read(body)?;
        let occurrence = |one: OccurrenceBody| {
            Field::Is(OccurrenceDraft {
                event: Field::Is(one.event),
                at: Field::Is(one.at),
                description: one.description.into(),
            })
        };
        let draft = ReviewDraft {
            name: Field::Is(body.name),
            scope: selection::draft(body.scope),
            period: Field::Is(body.period),
            reviewers: set(body.reviewers),
            starts_on: Field::Is(body.starts_on),
            on_overdue: Field::Is(body.on_overdue),
            events: set(body.events),
            occurrences: Field::Is(body.occurrences.into_iter().map(occurrence).collect()),
            description: body.description.into(),
            owner: Field::Is(body.owner),
            labels: map(body.labels),
        };
        draft.declare().map_err(|violations| told(&violations))
    }

    fn mentions(&self) -> Mentions<'_> {
        Mentions::of([(ObjectKind::Owner, &self.owner)]).besides(self.scope.names())
    }

    fn facets(&self) -> Facets {
        Facets { labels: self.labels.clone(), ..Facets::of(&self.mentions()) }
    }

    fn violations(&self, around: &Surroundings) -> Vec<Violation> {
        Self::violations(self, around)
    }
}
