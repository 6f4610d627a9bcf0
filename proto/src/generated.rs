//! Code made from the `.proto` texts; `cargo run -p nhi-tests --bin generate` renews it.
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
    reason = "generated code follows its generator's style, and holds messages that no handler uses"
)]

/// Terraform's plugin protocol.
pub(crate) mod tfplugin6 {
    include!("generated/tfplugin6.rs");
}

/// The services of go-plugin.
pub(crate) mod plugin {
    include!("generated/plugin.rs");
}

/// The health service of gRPC.
pub(crate) mod health {
    include!("generated/grpc.health.v1.rs");
}
