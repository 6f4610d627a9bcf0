//! Where declarations live, with an append-only audit chain.
