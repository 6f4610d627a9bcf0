//! How an exception is kept: with the end it was given, or the length and the end that fell out of it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use nhi_identity::{End, Exception, ExceptionDraft, Field, Name, PermitsDraft, Surroundings, Violation};
use serde::{Deserialize, Serialize};

use crate::body::{read, set, text};
use crate::declaration::{Declaration, Mentions, ObjectKind, told};

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
        let valid_for = match &exception.end {
            End::At(_) => None,
            End::For { period, .. } => Some(period.spelling().to_owned()),
        };
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
            expires_at: exception.end.moment().map(|moment| moment.spelling().to_owned()),
            valid_for,
        })
    }

    fn from_body(body: &str) -> Result<Self, String> {
        let body: Body = read(body)?;
        // A draft has one end: the author's own, or the one that fell out of a length.
        let (expires_at, ends) = match &body.valid_for {
            Some(_) => (Field::Absent, body.expires_at.into()),
            None => (body.expires_at.into(), Field::Absent),
        };
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
            expires_at,
            valid_for: body.valid_for.into(),
            ends,
        };
        let exception = draft.declare().map_err(|violations| told(&violations))?;
        if exception.end.moment().is_none() {
            return Err("it has a length and no end".to_owned());
        }
        Ok(exception)
    }

    fn mentions(&self) -> Mentions<'_> {
        Mentions { owner: Some(&self.owner), identity: Some(&self.identity), ..Mentions::default() }
    }

    fn violations(&self, around: &Surroundings) -> Vec<Violation> {
        Self::violations(self, around)
    }

    fn fixed(self, now: Timestamp) -> Result<Self, Violation> {
        Self::fixed(self, now)
    }

    fn answers(&self, asked: &Self) -> bool {
        let unfixed = |exception: &Self| {
            let mut exception = exception.clone();
            if let End::For { ends, .. } = &mut exception.end {
                *ends = None;
            }
            exception
        };
        unfixed(self) == unfixed(asked)
    }
}
