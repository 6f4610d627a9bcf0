//! `nhi policy`: questions about policy documents themselves. One file a command.

mod can;
mod covers;
mod diff;
mod document;
mod jsonl;
mod kind;
mod line;
mod lint;
mod proof;
mod semantics;
mod told;
mod verify;

use clap::Subcommand;

use crate::exit::{Exit, Failure};
use crate::surroundings::Surroundings;

#[derive(Debug, Subcommand)]
pub(crate) enum Policy {
    Diff(diff::Diff),
    Can(can::Can),
    Covers(covers::Covers),
    Verify(verify::Verify),
    Lint(lint::Lint),
}

/// Runs one of the commands.
pub(crate) fn run(policy: &Policy, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    match policy {
        Policy::Diff(diff) => diff::run(diff, surroundings),
        Policy::Can(can) => can::run(can, surroundings),
        Policy::Covers(covers) => covers::run(covers, surroundings),
        Policy::Lint(lint) => lint::run(lint, surroundings),
        Policy::Verify(verify) => verify::run(verify, surroundings),
    }
}
