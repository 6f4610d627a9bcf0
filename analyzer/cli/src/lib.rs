//! The command line `nhi`. Everything it needs of the outside is handed in, so that tests run it without a process.

mod arguments;
mod command;
mod directory;
mod exit;
mod exported;
mod input;
mod places;
mod policy;
mod register;
mod settings;
mod surroundings;
mod terraform;

use std::ffi::OsString;

use clap::Parser;

pub use exit::{Exit, Failure};
pub use nhi_register::Actor;
pub use surroundings::Surroundings;

use arguments::{Arguments, Command};

/// Runs the command and answers its exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>, surroundings: &mut Surroundings<'_>) -> Exit {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => return told_by_clap(&error, surroundings),
    };
    let outcome = match &arguments.command {
        Command::Check(check) => command::check::run(check, surroundings),
        Command::Rules => command::rules::list(surroundings),
        Command::Policy { policy } => policy::run(policy, surroundings),
        Command::Register { register } => register::run(register, surroundings),
        Command::Explain(explain) => command::rules::explain(explain, surroundings),
    };
    outcome.unwrap_or_else(|failure| {
        surroundings.say(&format!("error: {}", failure.message));
        failure.exit
    })
}

/// Help and version are answers; everything else clap has to say is a wrong call.
fn told_by_clap(error: &clap::Error, surroundings: &mut Surroundings<'_>) -> Exit {
    let text = error.render().to_string();
    if error.use_stderr() {
        surroundings.say(text.trim_end());
        return Exit::Usage;
    }
    match surroundings.print(text.as_bytes()) {
        Ok(()) => Exit::Pass,
        Err(failure) => failure.exit,
    }
}
