//! Binary plans are shown by the program that made them. A script stands in for it here.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::process::{run, run_with};

const PLAN: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/privilege-expansion/pass-role/plan.json");

/// A program that one test is still writing must not be inherited by the process that another one starts: the system
/// refuses to run a file that somebody holds open to write.
fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn program(folder: &Path, name: &str, script: &str) -> PathBuf {
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

fn binary_plan(folder: &Path) -> PathBuf {
    let path = folder.join("plan.bin");
    fs::write(&path, b"PK\x03\x04 and so on").unwrap();
    path
}

#[test]
fn the_program_runs_beside_the_plan_and_it_is_said() {
    let _turn = alone();
    let folder = tempfile::tempdir().unwrap();
    let plan = binary_plan(folder.path());
    let tool = program(folder.path(), "terraform", &format!("pwd > where; cat '{PLAN}'"));
    let ran = run(&["check", plan.to_str().unwrap(), "--terraform", tool.to_str().unwrap()], b"");
    assert_eq!(ran.exit, 10, "{ran:?}");
    assert!(ran.stderr.contains("show -json"), "{ran:?}");
    assert!(folder.path().join("where").exists());
}

#[test]
fn it_runs_in_the_source_directory_when_there_is_one() {
    let _turn = alone();
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("source");
    fs::create_dir(&source).unwrap();
    let plan = binary_plan(folder.path());
    let tool = program(folder.path(), "terraform", &format!("pwd > where; cat '{PLAN}'"));
    let arguments = [
        "check",
        plan.to_str().unwrap(),
        "--source",
        source.to_str().unwrap(),
        "--terraform",
        tool.to_str().unwrap(),
    ];
    assert_eq!(run(&arguments, b"").exit, 10);
    assert!(source.join("where").exists());
}

#[test]
fn it_is_found_on_path() {
    let _turn = alone();
    let folder = tempfile::tempdir().unwrap();
    let plan = binary_plan(folder.path());
    program(folder.path(), "tofu", &format!("/bin/cat '{PLAN}'"));
    let path = Some(folder.path().as_os_str().to_owned());
    assert_eq!(run_with(&["check", plan.to_str().unwrap()], b"", path).exit, 10);
}

#[test]
fn without_schemas_the_two_commands_are_told() {
    let _turn = alone();
    let folder = tempfile::tempdir().unwrap();
    let plan = binary_plan(folder.path());
    let tool =
        program(folder.path(), "terraform", "echo 'Error: Required plugins are not installed' >&2; exit 1");
    let ran = run(&["check", plan.to_str().unwrap(), "--terraform", tool.to_str().unwrap()], b"");
    assert_eq!((ran.exit, ran.stdout.as_str()), (3, ""), "{ran:?}");
    for words in
        ["Required plugins are not installed", "terraform init", "terraform show -json", "> plan.json"]
    {
        assert!(ran.stderr.contains(words), "{words}: {ran:?}");
    }
}

#[test]
fn without_a_program_too() {
    let _turn = alone();
    let folder = tempfile::tempdir().unwrap();
    let plan = binary_plan(folder.path());
    let ran = run(&["check", plan.to_str().unwrap()], b"");
    assert_eq!(ran.exit, 3, "{ran:?}");
    assert!(ran.stderr.contains("neither `terraform` nor `tofu` was found"), "{ran:?}");
    assert!(ran.stderr.contains("terraform init"));
    let ran = run(&["check", plan.to_str().unwrap(), "--terraform", "/no/such/program"], b"");
    assert_eq!(ran.exit, 3, "{ran:?}");
}

#[test]
fn a_binary_plan_on_standard_input_is_refused() {
    let _turn = alone();
    let ran = run(&["check", "-"], b"PK\x03\x04 and so on");
    assert_eq!(ran.exit, 3);
    assert!(ran.stderr.contains("standard input"), "{ran:?}");
}
