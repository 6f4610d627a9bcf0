//! Run by hand, the program says what it is and what it offers, and all of it.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::collections::BTreeSet;
use std::process::{Command, Output};

use nhi_proto::Provider as _;
use serde_json::Value as Json;
use terraform_provider_nhi::Nhi;

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_terraform-provider-nhi"));
    command.args(arguments).env_remove("TF_PLUGIN_MAGIC_COOKIE").output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Every name by the kind of schema it belongs to.
fn names() -> BTreeSet<(&'static str, &'static str)> {
    let nhi = Nhi::of_process();
    let all = nhi.resources().schemas().map(|(name, _)| ("resource_schemas", name)).collect::<Vec<_>>();
    let data = nhi.data_sources().schemas().map(|(name, _)| ("data_source_schemas", name)).collect();
    let passing =
        nhi.ephemeral_resources().schemas().map(|(name, _)| ("ephemeral_resource_schemas", name)).collect();
    let listed = nhi.list_resources().schemas().map(|(name, _)| ("list_resource_schemas", name)).collect();
    let actions = nhi.actions().schemas().map(|(name, _)| ("action_schemas", name)).collect();
    let functions = nhi.functions().signatures().map(|(name, _)| ("functions", name)).collect();
    [all, data, passing, listed, actions, functions].into_iter().flatten().collect()
}

#[test]
fn the_help_names_everything_that_is_offered() {
    let told = text(&run(&["--help"]).stdout);
    for (kind, name) in names() {
        let name = if kind == "functions" { format!("provider::nhi::{name}") } else { name.to_owned() };
        assert!(told.contains(&format!("`{name}`")), "`{name}` is not in:\n{told}");
    }
}

#[test]
fn started_by_hand_it_explains_itself() {
    let output = run(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty(), "standard output belongs to the handshake");
    assert_eq!(text(&output.stderr), text(&run(&["--help"]).stdout));
    let output = run(&["serve"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).starts_with("Usage: terraform-provider-nhi "));
}

#[test]
fn the_version_is_that_of_the_package() {
    let told = text(&run(&["--version"]).stdout);
    assert_eq!(told, format!("terraform-provider-nhi {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_schema_holds_everything_that_is_offered() {
    let output = run(&["--schema"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let told: Json = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["format_version"], "1.0");
    let provider = &told["provider_schemas"]["registry.terraform.io/nhi/nhi"];
    let kinds = provider.as_object().unwrap().iter().filter(|(kind, _)| *kind != "provider");
    let found: BTreeSet<(&str, &str)> = kinds
        .filter(|(kind, _)| *kind != "resource_identity_schemas")
        .flat_map(|(kind, all)| {
            all.as_object().unwrap().keys().map(move |name| (kind.as_str(), name.as_str()))
        })
        .collect();
    assert_eq!(found, names());
    let identities = provider["resource_identity_schemas"].as_object().unwrap();
    let resources = provider["resource_schemas"].as_object().unwrap();
    assert!(identities.keys().eq(resources.keys()), "every resource has an identity");
}
