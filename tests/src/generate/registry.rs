//! The pages that the Terraform Registry shows: index, guides, resources, data sources, functions and the rest. The
//! ecosystem's own generator makes them, from the schema that the provider tells, the texts under `templates/` and the
//! configurations under `examples/`, each of which a test applies.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use nhi_proto::describe;
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use terraform_provider_nhi::Nhi;

use crate::process::run;

/// The folders that the generator owns, beside the index.
pub const FOLDERS: [&str; 7] = [
    "docs/actions",
    "docs/data-sources",
    "docs/ephemeral-resources",
    "docs/functions",
    "docs/guides",
    "docs/list-resources",
    "docs/resources",
];

/// The program that makes the pages, built if it is not there yet.
pub fn tool(root: &Path) -> Result<PathBuf> {
    let told = run(Command::new(root.join("tests/clients/provision")).arg("--docs"))?;
    let told = told.ended_with(0).context("the generator of the registry's pages cannot be built")?;
    Ok(PathBuf::from(told.stdout.trim_end()))
}

/// Every page: paths relative to the root of the repository, each with its text.
pub fn pages(root: &Path, tool: &Path) -> Result<Vec<(PathBuf, String)>> {
    let workshop = Workshop::new(root)?;
    workshop.run(tool, "generate", &["--rendered-provider-name", "nhi"])?;
    let mut made = vec![page(workshop.place(), "docs/index.md".into())?];
    for folder in FOLDERS {
        let Ok(entries) = fs::read_dir(workshop.place().join(folder)) else { continue };
        for entry in entries {
            made.push(page(workshop.place(), Path::new(folder).join(entry?.file_name()))?);
        }
    }
    Ok(made)
}

/// Holds the committed pages to what the registry accepts.
pub fn validate(root: &Path, tool: &Path) -> Result<()> {
    let workshop = Workshop::new(root)?;
    copy(root, workshop.place(), Path::new("docs"))?;
    workshop.run(tool, "validate", &[])
}

fn page(place: &Path, path: PathBuf) -> Result<(PathBuf, String)> {
    let text =
        fs::read_to_string(place.join(&path)).with_context(|| format!("cannot read `{}`", path.display()))?;
    Ok((path, text))
}

/// A copy of what the generator reads, because it writes beside it.
struct Workshop(TempDir);

impl Workshop {
    fn new(root: &Path) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        for source in ["examples", "templates"] {
            copy(root, folder.path(), Path::new(source))?;
        }
        fs::write(folder.path().join("schema.json"), schema()?.to_string())?;
        Ok(Self(folder))
    }

    fn place(&self) -> &Path {
        self.0.path()
    }

    fn run(&self, tool: &Path, verb: &str, more: &[&str]) -> Result<()> {
        let mut command = Command::new(tool);
        command.arg(verb).args(["--provider-name", "nhi", "--providers-schema", "schema.json"]).args(more);
        command.current_dir(self.place()).env("CHECKPOINT_DISABLE", "1");
        // It would look for a Terraform to ask, and needs none: the schema is there.
        command.env("PATH", env::var_os("PATH").unwrap_or_default());
        let told = run(&mut command)?;
        ensure!(told.code == Some(0), "`tfplugindocs {verb}` failed:\n{}\n{}", told.stdout, told.stderr);
        Ok(())
    }
}

/// The schema under the name that the generator looks for.
fn schema() -> Result<Json> {
    let told = describe(Nhi::of_process()).map_err(|wrong| {
        let all: Vec<String> = wrong.iter().map(ToString::to_string).collect();
        anyhow::anyhow!(all.join("\n"))
    })?;
    let providers = told.get("provider_schemas").and_then(Json::as_object);
    let provider = providers.and_then(|all| all.values().next()).context("the schema holds no provider")?;
    Ok(json!({ "format_version": "1.0", "provider_schemas": { "nhi": provider } }))
}

fn copy(from: &Path, to: &Path, folder: &Path) -> Result<()> {
    fs::create_dir_all(to.join(folder))?;
    let entries =
        fs::read_dir(from.join(folder)).with_context(|| format!("cannot list `{}`", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let path = folder.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(from, to, &path)?;
        } else {
            fs::copy(from.join(&path), to.join(&path))?;
        }
    }
    Ok(())
}
