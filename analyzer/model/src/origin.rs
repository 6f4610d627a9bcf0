//! Where a fact comes from, symbolically; lines and columns are found once, after the rules.

use crate::address::Address;

/// One step of an attribute path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// An attribute or a map key.
    Name(String),
    /// An index of a list, from zero.
    Index(usize),
}

/// A path into a resource's attributes; empty = the resource itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttributePath(pub Vec<Step>);

/// An address and a path in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The resource instance.
    pub address: Address,
    /// The attribute.
    pub attribute: AttributePath,
}
