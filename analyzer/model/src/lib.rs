//! The analyzer's words: address, origin, place, facts, finding, report.

pub mod address;
pub mod facts;
pub mod finding;
pub mod origin;
pub mod place;
pub mod report;

pub use address::{Address, AddressError, Key, Mode, ModuleStep};
pub use facts::{
    Credential, Declarations, DeclaredException, DeclaredFreeze, DeclaredIdentity, DeclaredOwner,
    DeclaredScope, DeclaredZone, Delta, DocumentFact, Facts, Guard, GuardedResource, IdentityProvider,
    InstanceProfile, Inventory, Known, LiveCrossing, LiveFederation, NotUnderstood, Ownership, Platform,
    Principal, PrincipalId, PrincipalKind, ResourceId,
};
pub use finding::{
    Confidence, Finding, FindingKind, GrantedBy, PrincipalSummary, Related, Severity, TextDiff, ToldRegion,
};
pub use origin::{AttributePath, Origin, Step};
pub use place::{Place, Precision};
pub use report::{PlanSummary, Report, Summary, Verdict};
