//! Where declarations live: one API over an embedded SQLite file that several processes may write at once, with an
//! append-only, hash-linked audit chain written in the same transaction.

pub mod actor;
pub mod approval;
mod body;
pub mod chain;
pub mod declaration;
mod elevation;
mod end;
pub mod error;
mod exception;
mod facets;
mod file;
mod freeze;
mod identity;
pub mod location;
mod migration;
mod owner;
pub mod place;
pub mod query;
pub mod record;
mod recorded;
pub mod register;
pub mod request;
mod review;
pub mod revocation;
mod run;
mod schema;
mod selection;
pub mod session;
mod sqlite;
mod store;
mod surroundings;
mod tables;
#[cfg(test)]
mod tests;
mod verify;
pub mod writing;
mod zone;

pub use actor::Actor;
pub use approval::{Approved, Given, Pending};
pub use chain::{Action, Entry, Fault, Head, Verification};
pub use declaration::{Declaration, Kept, ObjectKind, Referrer};
pub use error::RegisterError;
pub use facets::Facets;
pub use location::Location;
pub use place::Place;
pub use query::{Filter, Ownership, Page};
pub use record::{Asked, Record, RecordDraft};
pub use register::Register;
pub use request::APPROVED;
pub use revocation::{REVOCABLE, Revoked};
pub use session::{Clock, DEFAULT_ORGANISATION, Session};
pub use writing::Writing;
