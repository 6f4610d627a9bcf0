//! Every case: a plan, and what the adapters read out of it. `UPDATE_EXPECTED=1` writes the expectations anew.

#![expect(clippy::unwrap_used, clippy::panic, reason = "in a test a panic is the failure")]

mod dump;

use std::fs;
use std::path::Path;

use nhi_analyzer_adapters::read;
use nhi_analyzer_input::{Plan, Settings};

#[test]
fn reads_every_case_as_expected() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut folders: Vec<_> = fs::read_dir(cases).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    let wrong: Vec<String> = folders.iter().filter_map(|folder| check(folder)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn check(folder: &Path) -> Option<String> {
    let text = fs::read(folder.join("plan.json")).unwrap();
    let plan = Plan::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let found = dump::inventory(&read(&plan, &Settings::default()));
    let file = folder.join("expected.txt");
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(&file, &found).unwrap();
    }
    let expected = fs::read_to_string(&file).unwrap_or_default();
    (found != expected).then(|| {
        let name = folder.file_name().unwrap_or_default().display();
        format!("== {name}\n-- expected\n{expected}\n-- found\n{found}")
    })
}
