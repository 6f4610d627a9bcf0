//! How findings are told: one file a format. Every format counts what is excepted, undecided and not understood.

mod diff;
pub mod json;
pub mod plain;
pub mod policy;
pub mod terminal;

pub use terminal::Colour;
