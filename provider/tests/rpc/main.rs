//! The provider's binary, driven call by call over its socket as Terraform's core drives it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]

mod break_glass;
mod config;
mod credential;
mod crossing;
mod deferral;
mod elevation;
mod federation;
mod freeze;
mod functions;
mod governed;
mod host;
mod insights;
mod lifecycle;
mod manifest;
mod registers;
mod review;
mod surfaces;
mod values;
mod wire;
