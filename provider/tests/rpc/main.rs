//! The provider's binary, driven call by call over its socket as Terraform's core drives it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]
#![expect(clippy::allow_attributes, reason = "not every file of the test panics")]

mod config;
mod host;
mod lifecycle;
mod registers;
mod values;
mod wire;
