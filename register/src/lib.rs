//! Where declarations live: one API over an embedded SQLite file that several processes may write at once, with an
//! append-only, hash-linked audit chain written in the same transaction.

pub mod actor;
mod body;
pub mod chain;
pub mod declaration;
mod end;
pub mod error;
mod exception;
mod file;
mod identity;
pub mod location;
mod owner;
pub mod register;
mod run;
mod schema;
pub mod session;
#[cfg(test)]
mod tests;
mod zone;

pub use actor::Actor;
pub use chain::{Action, Entry, Fault, Verification};
pub use declaration::{Declaration, Kept, ObjectKind, Referrer};
pub use error::RegisterError;
pub use location::Location;
pub use register::Register;
pub use session::{Clock, Session};
