//! The rules of Terraform's core as assertions: held against a provider that breaks each of them, so that they are known to
//! bite, and against ours.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a panic is how a test fails"
)]

#[path = "conformance/exam.rs"]
mod exam;
#[path = "conformance/faults.rs"]
mod faults;
#[path = "conformance/laws.rs"]
mod laws;
#[path = "conformance/lives.rs"]
mod lives;
#[path = "conformance/values.rs"]
mod values;
