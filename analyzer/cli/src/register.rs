//! `nhi register`: questions to a register, and care for it. One file a command.

mod approve;
mod attest;
mod backup;
mod body;
mod doctor;
mod export;
mod fresh;
mod grants;
pub(crate) mod joined;
mod lines;
mod log;
mod pending;
mod restore;
mod revoke;
mod rotate;
mod verify;
mod which;

use clap::Subcommand;

use crate::exit::{Exit, Failure};
use crate::surroundings::Surroundings;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Approve(approve::Approve),
    Attest(attest::Attest),
    Backup(backup::Backup),
    Doctor(doctor::Doctor),
    Export(export::Export),
    Grants(grants::Grants),
    Log(log::Log),
    Pending(pending::Pending),
    Restore(restore::Restore),
    Revoke(revoke::Revoke),
    Rotate(rotate::Rotate),
    Verify(verify::Verify),
    Withdraw(approve::Withdraw),
}

/// Runs one of the commands.
pub(crate) fn run(command: &Command, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    match command {
        Command::Approve(approve) => approve::approve(approve, surroundings),
        Command::Attest(attest) => attest::run(attest, surroundings),
        Command::Backup(backup) => backup::run(backup, surroundings),
        Command::Doctor(doctor) => doctor::run(doctor, surroundings),
        Command::Export(export) => export::run(export, surroundings),
        Command::Grants(grants) => grants::run(grants, surroundings),
        Command::Log(log) => log::run(log, surroundings),
        Command::Pending(pending) => pending::run(pending, surroundings),
        Command::Restore(restore) => restore::run(restore, surroundings),
        Command::Revoke(revoke) => revoke::run(revoke, surroundings),
        Command::Rotate(rotate) => rotate::run(rotate, surroundings),
        Command::Verify(verify) => verify::run(verify, surroundings),
        Command::Withdraw(withdraw) => approve::withdraw(withdraw, surroundings),
    }
}
