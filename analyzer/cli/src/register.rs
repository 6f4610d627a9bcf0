//! `nhi register`: questions to a register, and care for it. One file a command.

mod approve;
pub(crate) mod joined;
mod log;
mod pending;
mod verify;
mod which;

use clap::Subcommand;

use crate::exit::{Exit, Failure};
use crate::surroundings::Surroundings;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Approve(approve::Approve),
    Log(log::Log),
    Pending(pending::Pending),
    Verify(verify::Verify),
    Withdraw(approve::Withdraw),
}

/// Runs one of the commands.
pub(crate) fn run(command: &Command, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    match command {
        Command::Approve(approve) => approve::approve(approve, surroundings),
        Command::Log(log) => log::run(log, surroundings),
        Command::Pending(pending) => pending::run(pending, surroundings),
        Command::Verify(verify) => verify::run(verify, surroundings),
        Command::Withdraw(withdraw) => approve::withdraw(withdraw, surroundings),
    }
}
