//! Providers killed at every step of an apply, over and over: `cargo run -p nhi-tests --bin crash -- [RUNS] [SEED]`.

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Context, Result};
use nhi_tests::client::provider;
use nhi_tests::crash::run;

fn main() -> Result<ExitCode> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |default: u64| {
        let parsed = arguments.next().map_or(Ok(default), |text| text.parse::<u64>());
        parsed.context("usage: crash [RUNS] [SEED]")
    };
    let (runs, seed) = (number(1_000)?, number(1)?);
    let program = provider().or_skip("crash")?.context("there is no provider to kill")?;
    let tally = run(&program, usize::try_from(runs)?, seed);
    writeln!(std::io::stdout(), "{tally}\nseed {seed}")?;
    Ok(if tally.wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
