//! The guards of the house: what ARCHITECTURE.md says about the tree is read from there and held against it.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a guard that cannot read the tree has failed")]

mod guards {
    mod arrows;
    mod map;
    mod readme;
    mod sources;
    mod table;
    mod words;
}
