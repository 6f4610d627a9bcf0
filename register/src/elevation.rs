//! How an elevation is kept. Approvals and grants are kept beside it, not in it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use nhi_identity::{
    Elevation, ElevationDraft, Field, Name, Raised, RecordingDraft, Role, Surroundings, TargetDraft,
    Violation,
};
use serde::{Deserialize, Serialize};

use crate::body::{map, read, set, text};
use crate::declaration::{Declaration, Mentions, ObjectKind, told};
use crate::end;
use crate::facets::Facets;

/// The text of an elevation in the file.
#[derive(Serialize, Deserialize)]
struct Body {
    name: String,
    identity: Option<String>,
    subjects: Option<BTreeSet<String>>,
    target: TargetBody,
    duration: String,
    approvals: u8,
    approvers: BTreeSet<String>,
    approval_valid_for: String,
    session_recording: RecordingBody,
    reason: String,
    owner: String,
    ticket: Option<String>,
    expires_at: Option<String>,
    valid_for: Option<String>,
    labels: BTreeMap<String, String>,
}

/// The text of what somebody is raised to.
#[derive(Serialize, Deserialize)]
struct TargetBody {
    identity: Option<String>,
    role: Option<String>,
    actions: BTreeSet<String>,
    resources: BTreeSet<String>,
}

/// The text of how it is recorded.
#[derive(Serialize, Deserialize)]
struct RecordingBody {
    mode: String,
    sink: Option<String>,
}

impl Declaration for Elevation {
    const KIND: ObjectKind = ObjectKind::Elevation;
    const NAMED_BY: &'static [(ObjectKind, &'static str)] = &[];

    fn name(&self) -> &Name {
        &self.name
    }

    fn to_body(&self) -> String {
        let elevation = self.clone();
        let (expires_at, valid_for) = end::texts(&elevation.end);
        let (identity, subjects) = match elevation.raised {
            Raised::Identity(identity) => (Some(identity.to_string()), None),
            Raised::Subjects(subjects) => (None, Some(subjects)),
        };
        let (target_identity, role) = match elevation.target.role {
            Role::Identity(identity) => (Some(identity.to_string()), None),
            Role::Named(role) => (None, Some(role)),
        };
        text(&Body {
            name: elevation.name.to_string(),
            identity,
            subjects,
            target: TargetBody {
                identity: target_identity,
                role,
                actions: elevation.target.actions,
                resources: elevation.target.resources,
            },
            duration: elevation.duration.spelling().to_owned(),
            approvals: elevation.approvals,
            approvers: elevation.approvers,
            approval_valid_for: elevation.approval_valid_for.spelling().to_owned(),
            session_recording: RecordingBody {
                mode: elevation.recording.as_str().to_owned(),
                sink: elevation.recording.sink().map(str::to_owned),
            },
            reason: elevation.reason,
            owner: elevation.owner.to_string(),
            ticket: elevation.ticket,
            expires_at,
            valid_for,
            labels: elevation.labels,
        })
    }

    fn from_body(body: &str) -> Result<Self, String> {
        let body: Body = read(body)?;
        let draft = ElevationDraft {
            name: Field::Is(body.name),
            identity: body.identity.into(),
            subjects: body.subjects.map_or(Field::Absent, set),
            target: Field::Is(TargetDraft {
                identity: body.target.identity.into(),
                role: body.target.role.into(),
                actions: set(body.target.actions),
                resources: set(body.target.resources),
            }),
            duration: Field::Is(body.duration),
            approvals: Field::Is(Ok(i64::from(body.approvals))),
            approvers: if body.approvers.is_empty() { Field::Absent } else { set(body.approvers) },
            approval_valid_for: Field::Is(body.approval_valid_for),
            recording: Field::Is(RecordingDraft {
                mode: Field::Is(body.session_recording.mode),
                sink: body.session_recording.sink.into(),
            }),
            reason: Field::Is(body.reason),
            owner: Field::Is(body.owner),
            ticket: body.ticket.into(),
            end: end::draft(body.expires_at, body.valid_for),
            labels: map(body.labels),
        };
        let elevation = draft.declare().map_err(|violations| told(&violations))?;
        end::require_fixed(&elevation.end)?;
        Ok(elevation)
    }

    fn mentions(&self) -> Mentions<'_> {
        let raised = match &self.raised {
            Raised::Identity(identity) => Some((ObjectKind::Identity, identity)),
            Raised::Subjects(_) => None,
        };
        let target = match &self.target.role {
            Role::Identity(identity) => Some((ObjectKind::Identity, identity)),
            Role::Named(_) => None,
        };
        Mentions::of(raised.into_iter().chain([(ObjectKind::Owner, &self.owner)])).besides(target)
    }

    fn facets(&self) -> Facets {
        let ends = self.end.moment().map(nhi_identity::Moment::at);
        Facets { ends, labels: self.labels.clone(), ..Facets::of(&self.mentions()) }
    }

    fn violations(&self, around: &Surroundings) -> Vec<Violation> {
        Self::violations(self, around)
    }

    fn fixed(self, now: Timestamp) -> Result<Self, Violation> {
        Self::fixed(self, now)
    }

    fn answers(&self, asked: &Self) -> bool {
        let unfixed = |elevation: &Self| Self { end: elevation.end.clone().unfixed(), ..elevation.clone() };
        unfixed(self) == unfixed(asked)
    }
}
