//! Texts of the repository that are made from others: one module for each kind.

pub mod wire;
