//! The provider with another clock than the machine's: what time does to a configuration is seen without waiting.

use std::process::ExitCode;

use nhi_proto::{Mode, serve};
use nhi_register::{Actor, Clock};
use terraform_provider_nhi::Nhi;

/// The variable that says what time it is, in RFC 3339.
const NOW: &str = "NHI_TEST_NOW";

fn main() -> ExitCode {
    let now = std::env::var(NOW).ok().and_then(|text| text.parse().ok());
    match now {
        Some(now) => serve(Nhi::new(Actor::of_process(), Clock::new(move || now)), Mode::Plugin),
        None => ExitCode::FAILURE,
    }
}
