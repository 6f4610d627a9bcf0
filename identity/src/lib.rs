//! What an organisation declares about its non-human identities, and the rules these declarations obey.
//! No I/O and no clock: what depends on time takes the time as a parameter.

pub mod approval;
pub mod attestation;
pub mod audience;
pub mod break_glass;
mod check;
pub mod credential;
pub mod crossing;
pub mod debt;
pub mod elevation;
pub mod end;
pub mod exception;
pub mod federation;
pub mod federation_entry;
pub mod field;
pub mod freeze;
pub mod grant;
pub mod identity;
pub mod issuer;
pub mod lifetime;
pub mod manifest;
pub mod metrics;
pub mod moment;
pub mod name;
pub mod object;
pub mod occasion;
pub mod owner;
pub mod period;
pub mod rank;
pub mod reach;
pub mod review;
pub mod rotation;
pub mod secret;
pub mod selection;
pub mod spiffe;
pub mod subject;
pub mod surroundings;
pub mod trust;
pub mod ttl;
pub mod violation;
pub mod zone;

pub use approval::{Approval, ApprovalError, Person, Request, Revocation, Standing, Terms};
pub use attestation::Outcome;
pub use break_glass::{BreakGlass, BreakGlassDraft};
pub use credential::{Credential, CredentialDraft, CredentialKind, Use};
pub use crossing::{Crossing, CrossingDraft};
pub use debt::{Claim, Debt};
pub use elevation::{
    Elevation, ElevationDraft, Raised, Recording, RecordingDraft, Role, Target, TargetDraft,
};
pub use end::{End, EndDraft, Status};
pub use exception::{Exception, ExceptionDraft, Permits, PermitsDraft};
pub use federation::{Federation, FederationDraft};
pub use federation_entry::{FederationEntry, FederationEntryDraft, Workload};
pub use field::Field;
pub use freeze::{BreakGlassRule, Freeze, FreezeDraft, Newcomer, Phase, Refused};
pub use grant::{GrantError, Window};
pub use identity::{Identity, IdentityDraft, Kind, Tier};
pub use issuer::{Issuer, IssuerError};
pub use jiff::{SignedDuration, Timestamp};
pub use lifetime::WorkClass;
pub use manifest::{IdentityFields, Manifest, ManifestDraft};
pub use metrics::{Estate, Metric, Metrics};
pub use moment::{Moment, MomentError};
pub use name::{Name, NameError};
pub use object::ObjectKind;
pub use occasion::{Occasion, OccasionDraft};
pub use owner::{Owner, OwnerDraft};
pub use period::{Period, PeriodError};
pub use reach::Reach;
pub use review::{
    Attestation, Due, Event, Known, Occurrence, OccurrenceDraft, OnOverdue, Review, ReviewDraft,
};
pub use rotation::Rotation;
pub use selection::{Selection, SelectionDraft};
pub use surroundings::{Holder, Surroundings};
pub use violation::{AttributePath, Step, Violation};
pub use zone::{Zone, ZoneDraft};

/// Labels: free keys and values, sorted by key.
pub type Labels = std::collections::BTreeMap<String, String>;
