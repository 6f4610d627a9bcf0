//! The provider's binary: served to Terraform or OpenTofu, waiting to be attached to, or telling its version.

use std::io;
use std::process::ExitCode;

use nhi_proto::{Mode, serve};
use terraform_provider_nhi::Nhi;

const USAGE: &str = "Usage: terraform-provider-nhi [--debug | --version]

Terraform and OpenTofu start this program; there is nothing to run by hand. It offers them resources (`nhi_owner`,
`nhi_zone`, `nhi_identity`, `nhi_exception`) and functions (`provider::nhi::new_access`, `provider::nhi::within`).
  --debug    wait to be attached to, and print the TF_REATTACH_PROVIDERS to set
  --version  print the version
";

fn main() -> ExitCode {
    let arguments: Vec<String> =
        std::env::args_os().skip(1).map(|part| part.to_string_lossy().into_owned()).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] => serve(Nhi::of_process(), Mode::Plugin),
        ["--debug" | "-debug"] => serve(Nhi::of_process(), Mode::Debug),
        ["--version" | "-version"] => {
            told(io::stdout(), concat!("terraform-provider-nhi ", env!("CARGO_PKG_VERSION"), "\n"), 0)
        }
        ["--help" | "-help" | "-h"] => told(io::stdout(), USAGE, 0),
        _ => told(io::stderr(), USAGE, 2),
    }
}

/// Where nobody listens there is nothing to be done about it.
fn told(mut place: impl io::Write, text: &str, code: u8) -> ExitCode {
    drop(place.write_all(text.as_bytes()));
    ExitCode::from(code)
}
