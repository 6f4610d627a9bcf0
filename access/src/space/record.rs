//! What a search tells whoever writes its proof down.

use super::clause::{Clause, Lit};

/// Listens to one subtraction: a box of constraints minus clauses.
///
/// The calls come as the tree is walked, each node before what is below it. A node is either *empty* (the constraints
/// of one dimension of its box cannot hold together) or a *branch* on one clause. A branch has one child for each of
/// its `ways`, in that order: way number `i` is a constraint of the clause turned round, and its child is the node's
/// box with the constraints of all ways before `i` as the clause has them and with way `i`. So the children and the
/// clause together are the node's box. A clause that covers the box is a branch whose children are all empty.
///
/// A subtraction that finds something stops in the middle of its tree; only one that finds nothing tells all of it.
pub(crate) trait Record {
    /// The box that clauses are taken from, before anything else.
    fn root(&mut self, _space: &[Lit], _clauses: &[&Clause]) {}

    /// A node that branches on a clause.
    fn branch(&mut self, _clause: &Clause, _ways: &[Lit]) {}

    /// A node whose box is empty: these constraints of one dimension of it cannot hold together.
    fn empty(&mut self, _lits: &[Lit]) {}
}

/// Listens to nothing, at no cost.
pub(crate) struct Silent;

impl Record for Silent {}
