//! The answer to "what is newly allowed?".

use std::collections::BTreeMap;

use crate::hole::Hole;
use crate::request::{Request, RequestBox};
use crate::world::{DocumentId, UnknownReason};

/// A statement, by document and by its index from zero.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatementRef {
    /// The document.
    pub document: DocumentId,
    /// The statement's index in it, from zero.
    pub statement: usize,
}

/// An old statement that all but covered a new region, and what escaped it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// The statement.
    pub statement: StatementRef,
    /// The dimension that escaped: `principal`, `action`, `resource`, or a condition key.
    pub escaped: String,
}

/// What changed to make a region possible.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// A statement grants what none granted before.
    #[default]
    Granted,
    /// It was granted before, and a `Deny` that held it back is gone or narrower.
    DenyRemoved,
    /// It was granted before, and a boundary, session or organisation policy that capped it is gone or wider.
    BoundaryRemoved,
    /// It was granted before under a condition that is gone or looser.
    ConditionLoosened,
}

/// A set of requests that were not allowed and now are (or the reverse).
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// The set, as the granting statement says it minus what was there.
    pub set: RequestBox,
    /// One request of it.
    pub witness: Request,
    /// The reading of a disputed point under which it is new; `None` when it is new under all of them.
    pub reading: Option<String>,
    /// What changed to make it possible.
    pub because: Cause,
    /// The statement that grants it.
    pub granted_by: StatementRef,
    /// The statement of the other side that nearly covered it.
    pub nearly_covered_by: Option<NearMiss>,
    /// What the witness takes the values to be that are only known after apply, by reference. The set says such a
    /// value as `${reference}`.
    pub assuming: BTreeMap<String, String>,
    /// Those values, with what is known of them.
    pub holes: Vec<Hole>,
}

/// Why a comparison, or a part of it, is undecided.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Undecided {
    /// A whole document is unknown.
    Document {
        /// The document.
        document: DocumentId,
        /// Why nothing is known of it.
        reason: UnknownReason,
    },
    /// A statement has an unknown element, or one this procedure does not decide.
    Statement {
        /// The statement.
        statement: StatementRef,
        /// What stands in the way, in words.
        reason: String,
    },
    /// The budget is used up: of this part of a statement it is not known whether it is new.
    Budget {
        /// The statement that was looked at.
        statement: StatementRef,
        /// What of it was left to look at.
        so_far: RequestBox,
    },
}

/// Is anything newly allowed?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing.
    #[default]
    NoNewAccess,
    /// Something; `Comparison::new` says what.
    NewAccess,
    /// Nothing was found, but `Comparison::undecided` says what could not be settled.
    Undecided,
}

/// The difference of two worlds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// The verdict; `NewAccess` wins over `Undecided`.
    pub verdict: Verdict,
    /// What is newly allowed.
    pub new: Vec<Region>,
    /// What no longer is.
    pub reduced: Vec<Region>,
    /// What could not be settled; may accompany any verdict but `NoNewAccess`.
    pub undecided: Vec<Undecided>,
    /// Witnesses of the search that the plain evaluator did not confirm. Not zero is a bug in this crate: such a
    /// region stands in `undecided` and not in `new`.
    pub mismatches: usize,
}

/// One direction of a difference: what is newly allowed, and nothing of what no longer is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Newly {
    /// The verdict; `NewAccess` wins over `Undecided`.
    pub verdict: Verdict,
    /// What is newly allowed.
    pub new: Vec<Region>,
    /// What could not be settled; may accompany any verdict but `NoNewAccess`.
    pub undecided: Vec<Undecided>,
    /// As in [`Comparison::mismatches`].
    pub mismatches: usize,
}
