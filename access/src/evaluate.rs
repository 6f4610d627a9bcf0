//! The plain evaluator: one request against one world, written from the rules alone. It confirms what the search
//! finds and shares no matching code with it.

use crate::request::Request;
use crate::settings::Reading;
use crate::world::World;

/// What a world says to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Granted, and nothing takes it away.
    Allowed,
    /// Not granted, or taken away.
    Denied,
    /// It depends on something the world does not know.
    Unknown,
}

/// Decides one request under one reading of the disputed points.
pub fn evaluate(_world: &World, _request: &Request, _reading: Reading) -> Decision {
    Decision::Unknown
}
