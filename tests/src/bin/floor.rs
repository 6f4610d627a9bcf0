//! Reads one plan and does the least with it: the process that benchmarks of `nhi check` stand beside.

use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(path) = std::env::args_os().nth(1) else { return ExitCode::from(2) };
    let counted = std::fs::read_to_string(path).ok().and_then(|text| nhi_tests::floor::parse(&text).ok());
    if counted.is_some_and(|values| values > 0) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
