//! The provider's binary: served to Terraform or OpenTofu, waiting to be attached to, or telling its version.

use std::io;
use std::process::ExitCode;

use nhi_proto::{Mode, Provider as _, serve};
use terraform_provider_nhi::Nhi;

/// What the program says about itself; what it offers is asked, so that nothing is left out.
fn usage() -> String {
    let nhi = Nhi::of_process();
    let (resources, functions) = (nhi.resources(), nhi.functions());
    let listed = |names: Vec<String>| format!("    `{}`\n", names.join("`\n    `"));
    format!(
        "Usage: terraform-provider-nhi [--debug | --version]\n\n\
         Terraform and OpenTofu start this program; there is nothing to run by hand.\n  \
         --debug    wait to be attached to, and print the TF_REATTACH_PROVIDERS to set\n  \
         --version  print the version\n\n\
         It offers them these resources:\n{}and functions:\n{}",
        listed(resources.schemas().map(|(name, _)| name.to_owned()).collect()),
        listed(functions.signatures().map(|(name, _)| format!("provider::nhi::{name}")).collect()),
    )
}

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
        ["--help" | "-help" | "-h"] => told(io::stdout(), &usage(), 0),
        _ => told(io::stderr(), &usage(), 2),
    }
}

/// Where nobody listens there is nothing to be done about it.
fn told(mut place: impl io::Write, text: &str, code: u8) -> ExitCode {
    drop(place.write_all(text.as_bytes()));
    ExitCode::from(code)
}
