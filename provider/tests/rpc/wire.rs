//! The messages of the protocol, as the host's side needs them.

#![allow(
    dead_code,
    unreachable_pub,
    unused_qualifications,
    clippy::pedantic,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    reason = "generated code, of which a host needs only a part"
)]

include!("../../../proto/src/generated/tfplugin6.rs");
