//! The nhi provider: owners, zones, identities and exceptions as Terraform resources, kept in a register; and the
//! access engine as functions.

mod actions;
mod attributes;
mod context;
mod data;
mod ephemerals;
mod functions;
mod list;
mod managed;
mod narrow;
mod provider;
mod resources;
mod spelling;
mod told;

pub use context::Context;
pub use provider::{ADDRESS, Nhi};
