//! The trial provider as its host sees it: a process, a socket, and calls over the wire.
#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a panic here is the failure"
)]

mod action;
mod data;
mod ephemeral;
mod functions;
mod host;
mod identity;
mod life;
mod objects;
mod plan;
mod tls;
mod values;

/// The wire code of the crate, read here as a client reads it.
mod wire {
    #![allow(
        dead_code,
        reason = "most messages are names for others, and an expectation would count as their use"
    )]
    #![expect(
        unreachable_pub,
        unused_qualifications,
        clippy::pedantic,
        clippy::allow_attributes,
        clippy::allow_attributes_without_reason,
        reason = "generated code follows its generator's style"
    )]

    pub(crate) mod tfplugin6 {
        include!("../../src/generated/tfplugin6.rs");
    }

    pub(crate) mod plugin {
        include!("../../src/generated/plugin.rs");
    }

    pub(crate) mod health {
        include!("../../src/generated/grpc.health.v1.rs");
    }
}
