//! The examples of the resources: each applies as its page shows it, changes nothing afterwards, and comes back by
//! the import that stands beside it.

use anyhow::{Context, Result, ensure};
use nhi_tests::repository::{files, text};
use nhi_tests::sandbox::Sandbox;

const FOLDER: &str = "examples/resources";

/// What an example without a provider block of its own is applied with.
const PROVIDER: &str = "terraform {\n  required_providers {\n    nhi = {\n      source = \"nhi/nhi\"\n    }\n  }\n}\n\n\
                        provider \"nhi\" {\n  workspace = \"platform\"\n}\n";

pub(crate) fn of_every_resource(sandbox: &Sandbox) -> Result<()> {
    let paths = files(FOLDER)?;
    let examples: Vec<&str> = paths.iter().filter_map(|path| path.strip_suffix("/resource.tf")).collect();
    ensure!(examples.len() >= 4, "{FOLDER} holds {examples:?} alone");
    for example in examples {
        apply(sandbox, example).with_context(|| format!("`{example}`"))?;
    }
    Ok(())
}

fn apply(sandbox: &Sandbox, example: &str) -> Result<()> {
    let read = |name: &str| -> Result<String> {
        text(&format!("{example}/{name}"))?.with_context(|| format!("`{name}` is no text"))
    };
    let own = read("resource.tf")?;
    sandbox.write("main.tf", &own)?;
    let has_provider = own.contains("provider \"nhi\"");
    sandbox.write("provider.tf", if has_provider { "# It brings its own.\n" } else { PROVIDER })?;
    sandbox.run(&["init", "-no-color"])?.ended_with(0)?;
    sandbox.run(&["apply", "-no-color", "-auto-approve"])?.ended_with(0)?;

    let import = read("import.sh")?;
    let words: Vec<&str> = import.lines().last().unwrap_or_default().split_whitespace().collect();
    let ["terraform", "import", address, id] = words.as_slice() else {
        anyhow::bail!("`import.sh` does not end with `terraform import ADDRESS ID`");
    };
    sandbox.run(&["state", "rm", address])?.ended_with(0)?;
    sandbox.run(&["import", "-no-color", address, id])?.ended_with(0)?;
    sandbox.run(&["plan", "-no-color", "-detailed-exitcode"])?.ended_with(0)?;
    sandbox.run(&["destroy", "-no-color", "-auto-approve"])?.ended_with(0)?;

    let by_identity = read("import-by-identity.tf")?;
    for part in [format!("to = {address}"), format!("name = \"{id}\"")] {
        ensure!(by_identity.contains(&part), "`import-by-identity.tf` does not say `{part}`");
    }
    Ok(())
}
