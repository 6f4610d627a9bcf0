//! How an exception is kept: with the end it was given, or the length and the end that fell out of it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use nhi_identity::{Exception, ExceptionDraft, Field, Name, PermitsDraft, Surroundings, Violation};
use serde::{Deserialize, Serialize};

use crate::body::{read, set, text};
use crate::declaration::{Declaration, Mentions, ObjectKind, told};
use crate::end;
use crate::facets::Facets;

/// The text of an exception in the file.
#[derive(Serialize, Deserialize)]
struct Body {
    name: String,
    identity: String,
    permits: PermitsBody,
    reason: String,
    owner: String,
    compensating_controls: BTreeSet<String>,
    ticket: Option<String>,
    expires_at: Option<String>,
    valid_for: Option<String>,
}

/// The text of what an exception permits.
#[derive(Serialize, Deserialize)]
struct PermitsBody {
    rules: BTreeSet<String>,
    actions: BTreeSet<String>,
    resources: BTreeSet<String>,
}

impl Declaration for Exception {
    const KIND: ObjectKind = ObjectKind::Exception;
    const NAMED_BY: &'static [(ObjectKind, &'static str)] = &[];

    fn name(&self) -> &Name {
        &self.name
    }

    fn to_body(&self) -> String {
        let exception = self.clone();
        let (expires_at, valid_for) = end::texts(&exception.end);
        text(&Body {
            name: exception.name.to_string(),
            identity: exception.identity.to_string(),
            permits: PermitsBody {
                rules: exception.permits.rules,
                actions: exception.permits.actions,
                resources: exception.permits.resources,
            },
            reason: exception.reason,
            owner: exception.owner.to_string(),
            compensating_controls: exception.compensating_controls,
            ticket: exception.ticket,
            expires_at,
            valid_for,
        })
    }

    fn from_body(body: &str) -> Result<Self, String> {
        let body: Body = read(body)?;
        let draft = ExceptionDraft {
            name: Field::Is(body.name),
            identity: Field::Is(body.identity),
            permits: Field::Is(PermitsDraft {
                rules: set(body.permits.rules),
                actions: set(body.permits.actions),
                resources: set(body.permits.resources),
            }),
            reason: Field::Is(body.reason),
            owner: Field::Is(body.owner),
            compensating_controls: set(body.compensating_controls),
            ticket: body.ticket.into(),
            end: end::draft(body.expires_at, body.valid_for),
        };
        let exception = draft.declare().map_err(|violations| told(&violations))?;
        end::require_fixed(&exception.end)?;
        Ok(exception)
    }

    fn mentions(&self) -> Mentions<'_> {
        Mentions::of([(ObjectKind::Owner, &self.owner), (ObjectKind::Identity, &self.identity)])
    }

    fn facets(&self) -> Facets {
        Facets { ends: self.end.moment().map(nhi_identity::Moment::at), ..Facets::of(&self.mentions()) }
    }

    fn violations(&self, around: &Surroundings) -> Vec<Violation> {
        Self::violations(self, around)
    }

    fn fixed(self, now: Timestamp) -> Result<Self, Violation> {
        Self::fixed(self, now)
    }

    fn answers(&self, asked: &Self) -> bool {
        let unfixed = |exception: &Self| Self { end: exception.end.clone().unfixed(), ..exception.clone() };
        unfixed(self) == unfixed(asked)
    }
}
