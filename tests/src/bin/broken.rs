//! The provider that can break each rule, as a process: the simulator's own tests start it.

use std::process::ExitCode;

use nhi_tests::simulator::broken::{FAULT, FAULTS, serve};

fn main() -> ExitCode {
    let asked = std::env::var(FAULT).unwrap_or_default();
    let fault = FAULTS.iter().map(|(fault, _)| *fault).find(|fault| fault.word() == asked);
    match serve(fault, &std::env::temp_dir()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
