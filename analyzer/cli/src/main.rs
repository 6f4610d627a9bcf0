//! The command `nhi`: this file only dispatches.

use std::io::{self, IsTerminal};
use std::process::ExitCode;

use nhi::{Actor, Surroundings};
use nhi_analyzer_output::Colour;

fn main() -> ExitCode {
    let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let colour = if io::stdout().is_terminal() && !plain { Colour::Always } else { Colour::Never };
    let (mut stdin, mut stdout, mut stderr) = (io::stdin(), io::stdout().lock(), io::stderr().lock());
    let mut surroundings = Surroundings {
        stdin: &mut stdin,
        stdout: &mut stdout,
        stderr: &mut stderr,
        colour,
        now: jiff::Timestamp::now(),
        path: std::env::var_os("PATH"),
        actor: Actor::of_process(),
    };
    ExitCode::from(u8::from(nhi::run(std::env::args_os(), &mut surroundings)))
}
