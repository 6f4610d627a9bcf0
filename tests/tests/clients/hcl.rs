//! Scenarios in HCL, one folder each in `tests/cases/hcl/`, under every client: what is run, what the plan is then, what
//! the outputs are and what is said. `tests/cases/hcl/README.md` tells the format.

#[path = "hcl/ability.rs"]
mod ability;
#[path = "hcl/case.rs"]
mod case;
#[path = "hcl/lines.rs"]
mod lines;
#[path = "hcl/stage.rs"]
mod stage;

use std::env;
use std::fmt::Write as _;

use anyhow::{Context, Result, bail};
use nhi_tests::repository::{self, files};
use nhi_tests::sandbox::Sandbox;

use ability::Abilities;
use case::Case;
use stage::Stage;

const FOLDER: &str = "tests/cases/hcl";

/// The client whose plans are written down when expectations are renewed.
const WRITER: &str = "terraform-1.15.5";

/// The oldest and the newest client of each family, for what takes long and differs little.
const ENDS: [&str; 3] = ["terraform-1.8.4", "terraform-1.15.5", "tofu-1.12.6"];

/// Plays every scenario that this client takes part in, and tells of each that did not go as it should.
pub(crate) fn every_scenario(sandbox: &Sandbox) -> Result<()> {
    let names = scenarios()?;
    let chosen = env::var("NHI_SCENARIO").ok();
    let everywhere = env::var("NHI_CLIENTS").is_ok_and(|clients| clients == "all");
    let renew = env::var_os("UPDATE_EXPECTED").is_some() && sandbox.client() == WRITER;
    let abilities = Abilities::of(sandbox)?;
    let stage = Stage::new(sandbox, abilities)?;
    let mut failures = String::new();
    for name in names.iter().filter(|name| chosen.as_ref().is_none_or(|chosen| chosen == *name)) {
        let mut case = read(name)?;
        if !(everywhere || case.clients.includes(sandbox.client(), &ENDS)) {
            continue;
        }
        for trouble in stage.play(&format!("{FOLDER}/{name}"), &mut case, renew)? {
            write!(failures, "\n\n{}: {name}: {trouble}", sandbox.client())?;
        }
        if renew {
            std::fs::write(repository::root().join(path(name)), case.text()?)?;
        }
    }
    if failures.is_empty() { Ok(()) } else { bail!("scenarios went otherwise than they should:{failures}") }
}

/// Every scenario by the name of its folder, in order.
fn scenarios() -> Result<Vec<String>> {
    let all = files(FOLDER)?;
    let names = all.iter().filter_map(|path| {
        path.strip_prefix(FOLDER)?.strip_prefix('/')?.strip_suffix("/scenario.json").map(ToOwned::to_owned)
    });
    Ok(names.collect())
}

fn path(name: &str) -> String {
    format!("{FOLDER}/{name}/scenario.json")
}

fn read(name: &str) -> Result<Case> {
    let path = path(name);
    let text = repository::text(&path)?.with_context(|| format!("`{path}` is no text"))?;
    Case::read(&text).with_context(|| format!("`{path}`"))
}

#[test]
fn every_scenario_is_written_as_the_format_says() {
    let names = scenarios().unwrap();
    assert!(names.len() >= 5, "{names:?}");
    for name in names {
        let case = read(&name).unwrap();
        let text = repository::text(&path(&name)).unwrap().unwrap();
        assert_eq!(case.text().unwrap(), text, "`{name}` is not laid out as `UPDATE_EXPECTED=1` writes it");
        for file in files(&format!("{FOLDER}/{name}")).unwrap() {
            let file = file.rsplit('/').next().unwrap_or_default();
            let number = file.split('.').next().and_then(|number| number.parse::<usize>().ok());
            let belongs = number.is_some_and(|number| (1..=case.steps.len()).contains(&number));
            assert!(file == "scenario.json" || belongs, "`{name}` has no step for `{file}`");
        }
    }
}
