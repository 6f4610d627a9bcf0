//! The nhi provider: owners, zones, identities and exceptions as Terraform resources, kept in a register.

mod attributes;
mod context;
mod managed;
mod provider;
mod resources;
mod told;

pub use context::Context;
pub use provider::{ADDRESS, Nhi};
