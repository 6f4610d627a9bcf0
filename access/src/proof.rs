//! Proofs that one document allows nothing that another did not: trees that anyone can walk again.
//!
//! For each statement of the new document that allows, two things are shown, under every reading: each of its requests
//! is allowed by a statement of the old document or denied by the new one (the root without `lifted`); and each of its
//! requests that a `Deny` of the old document matches is denied by the new one too (a root for each such `Deny`).
//!
//! A root begins with a list of constraints on a request: that there is such an action, that it is
//! not the one call which is always allowed, the elements of the granting statement, and those of the lifted `Deny`. A branch names a statement that settles every request it
//! matches, and shows for each of its elements in turn that the requests which fail *that* element are settled; the
//! failed element joins the list of constraints below it. A leaf names a dimension in which some constraints of the
//! list cannot hold together, and the states in which reading a text against all of them never comes to an end.
//!
//! `prove` makes a proof, slowly and without any help of the search; `check` walks one and shares nothing with the search
//! either: it knows the parser and how the evaluator matches single values.

mod check;
mod leaf;
mod prove;

pub use check::check;
pub use prove::{NoProof, prove};

use crate::dialect::aws::{Condition, Element, Policy, PolicyKind, Principals, Statement};
use crate::settings::{Reading, Semantics};

/// A proof, for one pair of documents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The readings it speaks of.
    pub semantics: Semantics,
    /// One part for each reading that a pair can tell apart.
    pub parts: Vec<Part>,
}

/// The proof under some readings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The readings under which it holds.
    pub readings: Vec<Reading>,
    /// What is shown.
    pub roots: Vec<Root>,
}

/// Every request of a granting statement is settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// The statement of the new document that allows, from zero.
    pub grant: usize,
    /// The statement of the old document that denies, from zero, where the root is about what it held back.
    pub lifted: Option<usize>,
    /// The tree, each branch before what stands below it.
    pub steps: Vec<Step>,
}

/// One step down or across the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A statement settles what it matches. Below stand as many trees as it has elements, in the order principal, action,
    /// resource, conditions as far as its kind of document has them: what settles the requests that fail that element.
    Branch(Settling),
    /// There is no such request.
    Empty {
        /// Constraints that cannot hold together, by their place in the list; all of one dimension.
        core: Vec<usize>,
        /// Every state a text can come to without being refused; empty where no text has to be read.
        states: Vec<State>,
    },
}

/// A statement that settles what it matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settling {
    /// It allowed before: a statement of the old document.
    Allowed(usize),
    /// It denies now: a statement of the new document.
    Denied(usize),
}

/// How far a text has been read against some unions of patterns: for each union the places, as (pattern, position).
pub type State = Vec<Vec<(usize, usize)>>;

/// Where a proof does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// Something that had to be shown is not.
    #[error("the proof leaves out {0}")]
    Missing(String),
    /// A step says something that is not so.
    #[error("{place}: {problem}")]
    Step {
        /// Where, as `grant 2, step 5`.
        place: String,
        /// What is wrong.
        problem: String,
    },
}

/// An element that a request has to match, or to fail.
#[derive(Clone, Copy, Debug)]
struct Constraint<'p> {
    policy: &'p Policy,
    what: What<'p>,
    holds: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum What<'p> {
    /// There is such an action at all.
    AnyAction,
    /// It is the call that is always allowed.
    Always,
    Principals(&'p Principals),
    Actions(&'p Element),
    Resources(&'p Element),
    Condition(&'p Condition),
}

/// The elements of a statement that its kind of document has, in the order in which a branch speaks of them.
fn elements<'p>(policy: &'p Policy, statement: &'p Statement) -> Vec<What<'p>> {
    let mut elements = Vec::new();
    if policy.kind != PolicyKind::Identity {
        elements.push(What::Principals(&statement.principals));
    }
    elements.push(What::Actions(&statement.action));
    if policy.kind != PolicyKind::Trust {
        elements.push(What::Resources(&statement.resource));
    }
    elements.extend(statement.conditions.iter().map(What::Condition));
    elements
}

impl Constraint<'_> {
    /// What it is about; constraints of different dimensions have nothing to do with each other.
    fn dimension(&self) -> (u8, String) {
        match self.what {
            What::AnyAction | What::Always | What::Actions(_) => (0, String::new()),
            What::Principals(_) => (1, String::new()),
            What::Resources(_) => (2, String::new()),
            What::Condition(condition) => (3, condition.key.trim().to_lowercase()),
        }
    }
}
