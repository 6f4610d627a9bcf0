//! `nhi register`: questions to a register, and care for it. One file a command.

mod approve;
mod attest;
mod grants;
pub(crate) mod joined;
mod log;
mod pending;
mod revoke;
mod verify;
mod which;

use clap::Subcommand;

use crate::exit::{Exit, Failure};
use crate::surroundings::Surroundings;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Approve(approve::Approve),
    Attest(attest::Attest),
    Grants(grants::Grants),
    Log(log::Log),
    Pending(pending::Pending),
    Revoke(revoke::Revoke),
    Verify(verify::Verify),
    Withdraw(approve::Withdraw),
}

/// Runs one of the commands.
pub(crate) fn run(command: &Command, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    match command {
        Command::Approve(approve) => approve::approve(approve, surroundings),
        Command::Attest(attest) => attest::run(attest, surroundings),
        Command::Grants(grants) => grants::run(grants, surroundings),
        Command::Log(log) => log::run(log, surroundings),
        Command::Pending(pending) => pending::run(pending, surroundings),
        Command::Revoke(revoke) => revoke::run(revoke, surroundings),
        Command::Verify(verify) => verify::run(verify, surroundings),
        Command::Withdraw(withdraw) => approve::withdraw(withdraw, surroundings),
    }
}
