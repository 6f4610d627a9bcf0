//! Every case: a plan, and what the adapters read out of it. `UPDATE_EXPECTED=1` writes the expectations anew.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "in a test a panic is the failure"
)]

mod claims;
mod damage;
mod dump;

use std::fs;
use std::path::PathBuf;

use nhi_analyzer_adapters::read;
use nhi_analyzer_input::{Plan, Settings};
use nhi_analyzer_model::Inventory;

#[test]
fn reads_every_case_as_expected() {
    let wrong: Vec<String> = cases().iter().filter_map(|case| check(case)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// The names of all cases.
fn cases() -> Vec<String> {
    let entries = fs::read_dir(folder()).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn text(case: &str) -> Vec<u8> {
    fs::read(folder().join(case).join("plan.json")).unwrap()
}

fn inventory(case: &str) -> Inventory {
    let text = text(case);
    let plan = Plan::parse(&text).unwrap_or_else(|error| panic!("{case}: {error}"));
    read(&plan, &Settings::default(), None)
}

fn check(case: &str) -> Option<String> {
    let found = dump::inventory(&inventory(case));
    let file = folder().join(case).join("expected.txt");
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(&file, &found).unwrap();
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    (found != expected).then(|| format!("== {case}\n-- expected\n{expected}\n-- found\n{found}"))
}
