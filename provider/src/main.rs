//! The provider's binary: served to Terraform or OpenTofu, waiting to be attached to, or telling about itself.

use std::env;
use std::io;
use std::process::ExitCode;

use nhi_proto::{Mode, Provider as _, describe, serve};
use terraform_provider_nhi::Nhi;

/// Set by every client that starts a provider; without it somebody started this program by hand.
const COOKIE: &str = "TF_PLUGIN_MAGIC_COOKIE";

/// What the program says about itself; what it offers is asked, so that nothing is left out.
fn usage() -> String {
    let nhi = Nhi::of_process();
    let listed = |heading: &str, names: Vec<String>| {
        if names.is_empty() {
            String::new()
        } else {
            format!("\n{heading}:\n    `{}`\n", names.join("`\n    `"))
        }
    };
    let typed = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
    let functions = nhi.functions();
    let functions = functions.signatures().map(|(name, _)| format!("provider::nhi::{name}")).collect();
    [
        "Usage: terraform-provider-nhi [--schema | --debug | --version | --help]\n\n\
         This is a provider: Terraform and OpenTofu start it, and there is nothing to run by hand. Name it in a \n\
         configuration, and `terraform init` installs it:\n\n    \
         terraform {\n      required_providers {\n        nhi = { source = \"nhi/nhi\" }\n      }\n    }\n\n  \
         --schema   print every schema as JSON, in the form of `terraform providers schema -json`\n  \
         --debug    wait to be attached to, and print the TF_REATTACH_PROVIDERS to set\n  \
         --version  print the version\n  \
         --help     print this\n"
            .to_owned(),
        listed("Resources", typed(nhi.resources().schemas().map(|(name, _)| name).collect())),
        listed("Data sources", typed(nhi.data_sources().schemas().map(|(name, _)| name).collect())),
        listed("Ephemeral resources", typed(nhi.ephemeral_resources().schemas().map(|(name, _)| name).collect())),
        listed("List resources", typed(nhi.list_resources().schemas().map(|(name, _)| name).collect())),
        listed("Actions", typed(nhi.actions().schemas().map(|(name, _)| name).collect())),
        listed("Functions", functions),
    ]
    .concat()
}

fn main() -> ExitCode {
    let arguments: Vec<String> =
        env::args_os().skip(1).map(|part| part.to_string_lossy().into_owned()).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [] if env::var_os(COOKIE).is_none() => told(io::stderr(), &usage(), 1),
        [] => serve(Nhi::of_process(), Mode::Plugin),
        ["--debug" | "-debug"] => serve(Nhi::of_process(), Mode::Debug),
        ["--schema" | "-schema"] => schema(),
        ["--version" | "-version"] => {
            told(io::stdout(), concat!("terraform-provider-nhi ", env!("CARGO_PKG_VERSION"), "\n"), 0)
        }
        ["--help" | "-help" | "-h"] => told(io::stdout(), &usage(), 0),
        _ => told(io::stderr(), &usage(), 2),
    }
}

fn schema() -> ExitCode {
    match describe(Nhi::of_process()) {
        Ok(schema) => told(io::stdout(), &format!("{schema}\n"), 0),
        Err(wrong) => {
            let all: Vec<String> = wrong.iter().map(ToString::to_string).collect();
            told(io::stderr(), &format!("{}\n", all.join("\n")), 1)
        }
    }
}

/// Where nobody listens there is nothing to be done about it.
fn told(mut place: impl io::Write, text: &str, code: u8) -> ExitCode {
    drop(place.write_all(text.as_bytes()));
    ExitCode::from(code)
}
