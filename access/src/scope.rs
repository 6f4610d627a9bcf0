//! Questions about one world: may anything in this scope still happen?

use crate::comparison::{Region, Undecided};
use crate::request::Request;
use crate::world::World;

/// A set of requests named by globs; an empty list means *any*.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Globs over principals (ARNs, accounts, services).
    pub principals: Vec<String>,
    /// Globs over `service:Action`, without regard to case.
    pub actions: Vec<String>,
    /// Globs over resource ARNs.
    pub resources: Vec<String>,
}

/// Yes with a witness, no, or undecided with reasons.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// At least this request.
    Yes(Box<Request>),
    /// None.
    No,
    /// It could not be settled.
    Undecided(Vec<Undecided>),
}

impl World {
    /// Is any request of `scope` allowed in this world, in any context?
    pub fn may(&self, _scope: &Scope) -> Answer {
        Answer::No
    }
}

impl Region {
    /// Does every request of the region lie in `scope`? `Yes` carries the region's witness.
    pub fn within(&self, _scope: &Scope) -> Answer {
        Answer::No
    }
}
