//! How much longer an apply of many `nhi_identity` takes than one of as many built-in `terraform_data`, whole runs of one
//! client, in turns, with the state behind HTTP on loopback. Goal: at most 1.05 times.
//!
//!     NHI_PROVIDER_BIN=target/release/terraform-provider-nhi NHI_CLIENTS_DIR=$(tests/clients/provision) \
//!         cargo run --release -p nhi-tests --bin apply_ratio -- [CLIENT] [COUNT...]

use std::io::{Write as _, stdout};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use nhi_tests::client::{Found, client, provider};
use nhi_tests::sandbox::Sandbox;
use nhi_tests::state_server::StateServer;

/// How many runs of each side a median is taken of.
const RUNS: usize = 5;

const OURS: &str = "terraform {\n  required_providers {\n    nhi = {\n      source = \"nhi/nhi\"\n    }\n  }\n}\n\n\
                    provider \"nhi\" {\n  workspace = \"ratio\"\n}\n\nresource \"nhi_identity\" \"many\" {\n  \
                    count    = COUNT\n  name     = \"svc-${count.index}\"\n  kind     = \"microservice\"\n  tier     = 2\n  \
                    platform = \"aws\"\n}\n";

const THEIRS: &str = "resource \"terraform_data\" \"many\" {\n  count = COUNT\n  input = {\n    name     = \
                      \"svc-${count.index}\"\n    kind     = \"microservice\"\n    tier     = 2\n    platform = \"aws\"\n  }\n}\n";

fn main() -> Result<()> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let named = arguments.first().is_some_and(|first| first.parse::<usize>().is_err());
    let name = if named { arguments.remove(0) } else { "terraform".to_owned() };
    let mut counts: Vec<usize> = arguments.iter().map(|text| text.parse()).collect::<Result<_, _>>()?;
    if counts.is_empty() {
        counts = vec![1_000, 5_000];
    }
    for count in counts {
        let mut sides = [Vec::new(), Vec::new()];
        for _ in 0..RUNS {
            for (side, form) in sides.iter_mut().zip([OURS, THEIRS]) {
                side.push(applied(&name, &form.replace("COUNT", &count.to_string()))?);
            }
        }
        let [ours, theirs] = sides.map(median);
        writeln!(
            stdout(),
            "{name}, {count} instances by `count`, HTTP state on loopback: nhi_identity {:.2} s, terraform_data {:.2} s, ratio \
             {:.2} (goal 1.05)",
            ours.as_secs_f64(),
            theirs.as_secs_f64(),
            ours.as_secs_f64() / theirs.as_secs_f64().max(f64::EPSILON)
        )?;
    }
    Ok(())
}

/// The time of one apply in a folder of its own, with a fresh state and a fresh register.
fn applied(name: &str, form: &str) -> Result<Duration> {
    let (Found::Ready(client), Found::Ready(provider)) = (client(name)?, provider()) else {
        bail!("set NHI_CLIENTS_DIR and NHI_PROVIDER_BIN; `{name}` or the provider is not there");
    };
    let sandbox = Sandbox::new(&client, &provider)?;
    let server = StateServer::start().context("no port for the state")?;
    sandbox.write("main.tf", form)?;
    sandbox.write("backend.tf", &server.backend())?;
    sandbox.run(&["init", "-no-color"])?.ended_with(0)?;
    let begun = Instant::now();
    sandbox.run(&["apply", "-no-color", "-auto-approve"])?.ended_with(0)?;
    Ok(begun.elapsed())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
