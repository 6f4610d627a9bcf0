//! What is worth telling.

use std::fmt;

use nhi_access::Request;

use crate::address::Address;
use crate::origin::{AttributePath, Origin};
use crate::place::Place;

/// How much became possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The rest, and every reduction.
    Info,
    /// Other reads.
    Low,
    /// Other writes, reads of secrets, a loosened audience, a lost owner.
    Medium,
    /// Permission management, pass-role, key minting, other accounts, static credentials, anything undecided.
    High,
    /// All actions, administration of identities, a path to an administrator, anyone at all in a trust.
    Critical,
}

/// How sure the finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// It may not be so.
    Low,
    /// It follows under one reading, or from a reference rather than a value.
    Medium,
    /// It follows from what the plan says.
    High,
}

/// What sort of thing a finding tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingKind {
    /// Newly allowed.
    Expansion,
    /// No longer allowed.
    Reduction,
    /// Who may become a principal.
    Trust,
    /// A credential that lives until revoked.
    StaticCredential,
    /// Nobody owns it.
    Ownership,
    /// An exception without end, or past it.
    Exception,
    /// Crosses a zone, or lacks what its tier asks.
    Zone,
    /// Changed outside of Terraform.
    Drift,
    /// Comes in while a freeze keeps its like out.
    Freeze,
    /// Could not be settled.
    Undecided,
}

/// The principal of a finding, with what is declared of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PrincipalSummary {
    /// `aws`, `google`, `azure`, `kubernetes`.
    pub platform: String,
    /// Its name there.
    pub name: String,
    /// The declared identity.
    pub identity: Option<String>,
    /// Its owner, declared or tagged.
    pub owner: Option<String>,
    /// Its declared tier.
    pub tier: Option<u8>,
    /// Its declared zone.
    pub zone: Option<String>,
}

/// Which statement grants a region.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GrantedBy {
    /// The attribute that holds the document.
    pub origin: Origin,
    /// The statement's index in it, from zero.
    pub statement: usize,
}

/// A region in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldRegion {
    /// The sentence.
    pub text: String,
    /// One request of it.
    pub witness: Request,
    /// The reading it needs.
    pub reading: Option<String>,
    /// The statement that grants it.
    pub granted_by: Option<GrantedBy>,
}

/// Another part of the plan that a reader wants to see.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Related {
    /// Where.
    pub origin: Origin,
    /// Its place, once resolved.
    pub place: Option<Place>,
}

/// A document before and after as the plan writes it; each format lays it out for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextDiff {
    /// Text before; empty when there was none.
    pub before: String,
    /// Text after; empty when there will be none.
    pub after: String,
}

/// One thing worth telling, with exactly one primary origin.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The rule's id.
    pub rule: &'static str,
    /// What sort of thing it tells.
    pub kind: FindingKind,
    /// How much became possible.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// The primary origin.
    pub origin: Origin,
    /// Its address before a move.
    pub previous_address: Option<Address>,
    /// One or two sentences.
    pub message: String,
    /// What to write instead, where there is something to write.
    pub advice: Option<String>,
    /// The principal it is about.
    pub principal: Option<PrincipalSummary>,
    /// The witness request.
    pub witness: Option<Request>,
    /// Every region, heaviest first.
    pub regions: Vec<ToldRegion>,
    /// Other parts to look at.
    pub related: Vec<Related>,
    /// The changed document.
    pub diff: Option<TextDiff>,
    /// The resolved place.
    pub place: Option<Place>,
    /// Stable over lines, wording and (where a principal is known) addresses: 32 hex digits.
    pub fingerprint: String,
    /// The exception that permits it.
    pub excepted_by: Option<String>,
}

macro_rules! names {
    ($type:ident { $($variant:ident => $name:literal),+ $(,)? }) => {
        impl $type {
            /// The word used in reports and settings.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
        }
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

names!(Severity { Info => "info", Low => "low", Medium => "medium", High => "high", Critical => "critical" });
names!(Confidence { Low => "low", Medium => "medium", High => "high" });
names!(FindingKind {
    Expansion => "expansion", Reduction => "reduction", Trust => "trust", StaticCredential => "static-credential",
    Ownership => "ownership", Exception => "exception", Zone => "zone", Drift => "drift", Freeze => "freeze",
    Undecided => "undecided",
});

/// The path of an attribute as a list of names and indices.
pub fn attribute_text(path: &AttributePath) -> Vec<String> {
    path.0
        .iter()
        .map(|step| match step {
            crate::origin::Step::Name(name) => name.clone(),
            crate::origin::Step::Index(index) => index.to_string(),
        })
        .collect()
}
