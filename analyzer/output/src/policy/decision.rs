//! The decision of one request by one policy, ready to be told.

pub mod json;
pub mod terminal;

use nhi_access::{Decision, Explanation, Request};

use super::{Place, ReadAs};

/// A request, what is decided, and why.
#[derive(Debug)]
pub struct Decided {
    /// The request.
    pub request: Request,
    /// How the policy was read.
    pub read: ReadAs,
    /// What the policy is called.
    pub document: String,
    /// What all readings say together: unknown where they differ.
    pub decision: Decision,
    /// Why: once where all readings agree, else once for each decision.
    pub reasons: Vec<Reason>,
}

/// Why a reading decides as it does.
#[derive(Debug)]
pub struct Reason {
    /// The reading, where another one decides otherwise.
    pub reading: Option<&'static str>,
    /// The decision and every statement's part in it.
    pub explanation: Explanation,
    /// Where each of those statements is.
    pub places: Vec<Option<Place>>,
}

/// The word of a decision.
pub(crate) fn word(decision: Decision) -> &'static str {
    match decision {
        Decision::Allowed => "allowed",
        Decision::Denied => "denied",
        Decision::Unknown => "undecided",
    }
}
