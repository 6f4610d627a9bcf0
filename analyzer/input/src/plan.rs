//! A plan as its JSON tells it: borrowed, decoded only where somebody asks.

mod change;
pub mod document;
mod parse;
mod recognise;
mod wire;

pub use change::{Actions, Change, StateResource};
pub use document::{ReadError, is_binary_plan, read_limited};

use std::collections::HashSet;

use std::fmt;

use crate::configuration::Configuration;
use crate::configuration::wire::Names;
use crate::value::Value;
use crate::value::decode::decode_plain;

/// Why a plan cannot be read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Nothing but white space.
    #[error("the plan is empty: write it with `terraform show -json PLAN`")]
    Empty,
    /// The saved plan of `plan -out`, not its JSON.
    #[error("this is a binary plan, not its JSON: write that with `terraform show -json PLAN`")]
    Binary,
    /// Two bytes a character, as some shells redirect.
    #[error(
        "the plan is written in UTF-16, JSON is UTF-8: some shells redirect so, write it with `-Encoding utf8`"
    )]
    Utf16,
    /// Bytes that are no text.
    #[error("the plan is not UTF-8: byte {offset} cannot be read")]
    NotUtf8 {
        /// From the start of the document.
        offset: usize,
    },
    /// The end came too early.
    #[error("the plan is truncated: it ends in line {line}, column {column}, in the middle of its JSON")]
    Truncated {
        /// From one.
        line: usize,
        /// From one.
        column: usize,
    },
    /// Not JSON.
    #[error("the plan is not JSON: line {line}, column {column}: {problem}")]
    NotJson {
        /// From one.
        line: usize,
        /// From one.
        column: usize,
        /// What the JSON reader says; never a value.
        problem: String,
    },
    /// Two keys of one name where either could decide.
    #[error(
        "line {line}, column {column} of the plan holds the key `{key}` twice, and no reader can say which counts"
    )]
    DuplicateKey {
        /// The key.
        key: String,
        /// From one.
        line: usize,
        /// From one.
        column: usize,
    },
    /// JSON of another kind.
    #[error("this is {what}, not a plan: {remedy}")]
    NotAPlan {
        /// What it is.
        what: &'static str,
        /// What to do.
        remedy: &'static str,
    },
    /// A format whose major version is not 1.
    #[error(
        "plan format `{found}` is not read, only major version 1 is: Terraform 1.1 and later and every OpenTofu write it"
    )]
    Version {
        /// What the plan says.
        found: String,
    },
    /// A part of the plan has another shape than plans have.
    #[error("`{part}` of the plan is not what a plan holds there: it should be {expected}")]
    Shape {
        /// The key at the top of the plan.
        part: &'static str,
        /// What belongs there.
        expected: &'static str,
    },
}

/// A part of a plan that cannot be read: counted, never lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The address as the plan writes it; empty where there is none.
    pub address: String,
    /// The resource type, where the plan says it.
    pub kind: Option<String>,
    /// Whether the plan changes it; `true` where that cannot be told.
    pub changes: bool,
    /// Why.
    pub reason: String,
}

impl Unreadable {
    /// A part that is no single resource.
    fn part(reason: String) -> Self {
        Self { address: String::new(), kind: None, changes: true, reason }
    }
}

/// A plan.
pub struct Plan<'a> {
    /// The version of the tool that made it.
    pub terraform_version: Option<String>,
    /// `false`: parts were deferred or left out by `-target`.
    pub complete: bool,
    /// Planning stopped at an error.
    pub errored: bool,
    /// `resource_changes` and the changes inside `deferred_changes`, in order; no-ops included.
    pub changes: Vec<Change<'a>>,
    /// `resource_drift`.
    pub drift: Vec<Change<'a>>,
    /// Data sources read already (`prior_state`), by address.
    pub prior_data: Vec<StateResource<'a>>,
    /// What the configuration says, without positions.
    pub configuration: Configuration<'a>,
    /// Parts that cannot be read.
    pub unreadable: Vec<Unreadable>,
    prior_managed: Vec<wire::StateEntry<'a>>,
    /// The root module's variables as they were given, secrets in clear.
    variables: Option<Names<'a, wire::Variable<'a>>>,
}

impl fmt::Debug for Plan<'_> {
    /// Variables may hold secrets and are not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan")
            .field("terraform_version", &self.terraform_version)
            .field("complete", &self.complete)
            .field("errored", &self.errored)
            .field("changes", &self.changes)
            .field("drift", &self.drift)
            .field("prior_data", &self.prior_data)
            .field("unreadable", &self.unreadable)
            .finish_non_exhaustive()
    }
}

impl<'a> Plan<'a> {
    /// What a variable of the root module was given, or its default; `None` where the plan does not say, and for one
    /// that the configuration calls sensitive.
    pub(crate) fn variable(&self, name: &str) -> Option<Value> {
        let raw = self.variables.as_ref()?.get(name)?.value.as_ref();
        if self.configuration.is_sensitive_variable(name) {
            return None;
        }
        Some(raw.map_or(Value::Null, |raw| decode_plain(raw.0)))
    }

    /// Reads a plan from JSON text. Only a document that is no plan is an error; a part that cannot be read is
    /// listed in `unreadable`.
    pub fn parse<T: AsRef<[u8]> + ?Sized>(text: &'a T) -> Result<Self, PlanError> {
        parse::parse(text.as_ref())
    }

    /// Managed resources of the state before that no change names, neither where it is nor where it was: what
    /// `-target` leaves out. One whose address cannot be read is left out.
    pub fn untouched(&self) -> Vec<StateResource<'a>> {
        let current = self.changes.iter().filter(|change| !change.deposed);
        let named: HashSet<&str> =
            current.flat_map(|change| &change.texts).flatten().map(AsRef::as_ref).collect();
        let others = self.prior_managed.iter().filter(|entry| !named.contains(entry.address.as_ref()));
        others.filter_map(|entry| entry.resource().ok()).collect()
    }

    /// Managed resources that the state before holds; those that `changes` names are among them. Under `-target`
    /// this is the only place that tells of the rest. One whose address cannot be read is left out.
    pub fn prior_managed(&self) -> Vec<StateResource<'a>> {
        self.prior_managed.iter().filter_map(|entry| entry.resource().ok()).collect()
    }
}
