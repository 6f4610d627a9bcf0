//! Everything together: the tree as the guards see it, real clients and the scenarios they run, the command `nhi` as
//! a user meets it, and the texts that are made from others.

pub mod client;
pub mod crash;
pub mod differential;
pub mod floor;
pub mod generate;
pub mod process;
pub mod ratio;
pub mod repository;
pub mod sandbox;
pub mod simulator;
pub mod state_server;
