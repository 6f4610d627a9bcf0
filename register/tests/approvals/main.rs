//! What is asked for by one and approved by others, on one register.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod attestations;
mod desk;
mod grants;
mod requests;
mod rotations;
