//! Run by hand, the program says what it offers, and all of it.

use std::process::Command;

use nhi_proto::Provider as _;
use terraform_provider_nhi::Nhi;

#[test]
fn the_help_names_every_resource_and_function() {
    let told = Command::new(env!("CARGO_BIN_EXE_terraform-provider-nhi")).arg("--help").output();
    let told = told.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let nhi = Nhi::of_process();
    let (resources, functions) = (nhi.resources(), nhi.functions());
    let names = resources.schemas().map(|(name, _)| name.to_owned());
    for name in names.chain(functions.signatures().map(|(name, _)| format!("provider::nhi::{name}"))) {
        assert!(told.contains(&format!("`{name}`")), "`{name}` is not in:\n{told}");
    }
}
