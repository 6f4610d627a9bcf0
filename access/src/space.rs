//! Sets of requests: patterns, what a context key may hold, boxes, and the search for a request outside them.

pub(crate) mod atom;
pub(crate) mod clause;
pub(crate) mod glob;
pub(crate) mod hash;
pub(crate) mod key;
pub(crate) mod oracle;
mod product;
pub(crate) mod sample;
pub(crate) mod search;
pub(crate) mod value;

/// The search ran out of its budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exhausted;
