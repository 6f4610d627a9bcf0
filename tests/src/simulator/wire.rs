//! The wire as a client reads it, from the same generated code as the server's.
#![allow(
    dead_code,
    reason = "most messages are names for others, and an expectation would count as their use"
)]
#![allow(
    missing_docs,
    unreachable_pub,
    unused_qualifications,
    clippy::pedantic,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    reason = "generated code follows its generator's style"
)]

pub use self::tfplugin6::*;

/// Terraform's plugin protocol.
mod tfplugin6 {
    include!("../../../proto/src/generated/tfplugin6.rs");
}

/// The services of go-plugin.
pub mod plugin {
    include!("../../../proto/src/generated/plugin.rs");
}
