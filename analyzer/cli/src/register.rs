//! `nhi register`: questions to a register, and care for it. One file a command.

pub(crate) mod joined;
mod log;
mod verify;
mod which;

use clap::Subcommand;

use crate::exit::{Exit, Failure};
use crate::surroundings::Surroundings;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Log(log::Log),
    Verify(verify::Verify),
}

/// Runs one of the commands.
pub(crate) fn run(command: &Command, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    match command {
        Command::Log(log) => log::run(log, surroundings),
        Command::Verify(verify) => verify::run(verify, surroundings),
    }
}
