//! Everything together: guards of the house, real clients, fixtures.

pub mod generate;
