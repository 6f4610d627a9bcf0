//! Adopting what is in a register already: a query finds it, the configuration it writes imports it, and nothing is left
//! to change. Each kind is tried with what its own example declares.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result, ensure};
use nhi_tests::repository::{files, text};
use nhi_tests::sandbox::Sandbox;

const FOLDER: &str = "examples/resources";

const PROVIDER: &str = "terraform {\n  required_providers {\n    nhi = {\n      source = \"nhi/nhi\"\n    }\n  }\n}\n\n\
                        provider \"nhi\" {\n  workspace = \"platform\"\n}\n";

pub(crate) fn of_every_resource(sandbox: &Sandbox) -> Result<()> {
    let examples: Vec<String> =
        files(FOLDER)?.into_iter().filter(|path| path.ends_with("/resource.tf")).collect();
    ensure!(examples.len() >= 12, "{FOLDER} holds {examples:?} alone");
    for example in &examples {
        adopt(sandbox, example).with_context(|| format!("`{example}`"))?;
    }
    Ok(())
}

fn adopt(sandbox: &Sandbox, example: &str) -> Result<()> {
    let own = text(example)?.with_context(|| format!("`{example}` is no text"))?;
    for leftover in ["generated.tf", "all.tfquery.hcl", "terraform.tfstate", ".nhi"] {
        let path = sandbox.work().join(leftover);
        if path.is_dir() {
            fs::remove_dir_all(&path)?;
        } else if path.exists() {
            fs::remove_file(&path)?;
        }
    }
    let provider = if own.contains("provider \"nhi\"") { "" } else { PROVIDER };
    sandbox.write("main.tf", &own)?;
    sandbox.write("provider.tf", &format!("# Beside the example.\n{provider}"))?;
    sandbox.run(&["init", "-no-color"])?.ended_with(0)?;
    sandbox.run(&["apply", "-no-color", "-auto-approve"])?.ended_with(0)?;

    // The state is lost, and so is the configuration: only the register knows.
    fs::remove_file(sandbox.work().join("terraform.tfstate"))?;
    sandbox.write("main.tf", "# Nothing is left.\n")?;
    sandbox.write("provider.tf", PROVIDER)?;
    let kinds: BTreeSet<&str> = own
        .lines()
        .filter_map(|line| line.strip_prefix("resource \"")?.split('"').next())
        .filter(|kind| kind.starts_with("nhi_"))
        .collect();
    let mut query = String::new();
    for kind in &kinds {
        write!(
            query,
            "list \"{kind}\" \"found\" {{\n  provider         = nhi\n  include_resource = true\n}}\n\n"
        )?;
    }
    sandbox.write("all.tfquery.hcl", &query)?;
    sandbox.run(&["query", "-no-color", "-generate-config-out=generated.tf"])?.ended_with(0)?;
    let applied = sandbox.run(&["apply", "-no-color", "-auto-approve"])?.ended_with(0)?.stdout;
    let imported = applied.contains(" imported, 0 added, 0 changed, 0 destroyed");
    ensure!(imported && !applied.contains(" 0 imported"), "not everything was imported as it is:\n{applied}");
    sandbox.run(&["plan", "-no-color", "-detailed-exitcode"])?.ended_with(0)?;
    sandbox.run(&["destroy", "-no-color", "-auto-approve"])?.ended_with(0)?;
    Ok(())
}
