//! Bad input ends in a clear message and an exit code.

use std::fs;

use crate::process::{Ran, run};

fn check_bytes(bytes: &[u8]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let plan = folder.path().join("plan.json");
    fs::write(&plan, bytes).unwrap();
    run(&["check", plan.to_str().unwrap()], b"")
}

#[track_caller]
fn refused(ran: &Ran, words: &str) {
    assert_eq!((ran.exit, ran.stdout.as_str()), (3, ""), "{ran:?}");
    assert!(ran.stderr.starts_with("error: "), "{ran:?}");
    assert!(ran.stderr.contains(words), "{ran:?}");
}

#[test]
fn not_json() {
    refused(&check_bytes(b"resource \"aws_iam_role\" \"app\" {}"), "is not JSON: line 1");
    refused(&check_bytes(b""), "is empty");
    refused(&check_bytes(" ".repeat(1_000_000).as_bytes()), "is empty");
    refused(&check_bytes(&[0x80; 64]), "not UTF-8");
    refused(&check_bytes(&[0; 4096]), "not JSON");
}

#[test]
fn json_that_is_no_plan() {
    refused(&check_bytes(b"{}"), "plan");
    refused(&check_bytes(b"[]"), "plan");
    refused(&check_bytes(b"null"), "plan");
    refused(&check_bytes(br#"{"format_version":"2.0","resource_changes":[]}"#), "2.0");
    refused(&check_bytes(br#"{"format_version":"1.2","resource_changes":[{"#), "truncated");
}

#[test]
fn deep_nesting() {
    let deep = "[".repeat(100_000);
    refused(&check_bytes(deep.as_bytes()), "plan");
    let value = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let plan = format!(
        r#"{{"format_version":"1.2","resource_changes":[{{"address":"aws_iam_role.a","mode":"managed","type":"aws_iam_role","name":"a","provider_name":"p","change":{{"actions":["update"],"before":{value},"after":{value},"after_unknown":{{}}}}}}]}}"#
    );
    let ran = check_bytes(plan.as_bytes());
    assert!([0, 3, 10].contains(&ran.exit), "{ran:?}");
}

#[test]
fn a_file_that_is_not_there() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("plan.json");
    let ran = run(&["check", missing.to_str().unwrap()], b"");
    refused(&ran, "cannot be read");
    assert!(ran.stderr.contains("plan.json"));
}

#[test]
fn a_directory() {
    let folder = tempfile::tempdir().unwrap();
    refused(&run(&["check", folder.path().to_str().unwrap()], b""), "is a directory");
}

#[test]
fn a_source_that_is_neither() {
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("main.tf");
    fs::write(&text, "").unwrap();
    let plan = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/privilege-expansion/pass-role/plan.json");
    refused(
        &run(&["check", plan, "--source", text.to_str().unwrap()], b""),
        "neither a directory nor a binary plan",
    );
    refused(&run(&["check", plan, "--source", "/no/such/folder"], b""), "/no/such/folder");
}

#[test]
fn settings_with_a_mistake() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("nhi.hcl"), "fail_onn = \"low\"\n").unwrap();
    let plan = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/privilege-expansion/pass-role/plan.json");
    refused(&run(&["check", plan, "--source", folder.path().to_str().unwrap()], b""), "nhi.hcl:1:1");
}

#[test]
fn settings_are_found_upward() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("a/b");
    fs::create_dir_all(&root).unwrap();
    fs::write(folder.path().join("nhi.hcl"), "fail_on = \"never\"\n").unwrap();
    let plan = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/privilege-expansion/pass-role/plan.json");
    let source = root.to_str().unwrap();
    assert_eq!(run(&["check", plan, "--source", source], b"").exit, 0);
    // The command line wins.
    assert_eq!(run(&["check", plan, "--source", source, "--fail-on", "high"], b"").exit, 10);
}

#[test]
fn a_file_that_does_not_parse_costs_places_only() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("main.tf"), "resource \"aws_iam_role_policy\" \"app\" {\n").unwrap();
    let plan = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/privilege-expansion/pass-role/plan.json");
    let ran = run(&["check", plan, "--source", folder.path().to_str().unwrap()], b"");
    assert_eq!(ran.exit, 10);
    assert!(ran.stdout.contains("main.tf"), "{}", ran.stdout);
}

#[test]
fn a_register_that_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let plan = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/privilege-expansion/pass-role/plan.json");
    let missing = format!("sqlite:{}", folder.path().join("none.db").display());
    let ran = run(&["check", plan, "--register", &missing], b"");
    assert_eq!((ran.exit, ran.stdout.as_str()), (1, ""), "{ran:?}");
    assert!(!folder.path().join("none.db").exists(), "a register is never created by a reader");
    let garbage = folder.path().join("garbage.db");
    fs::write(&garbage, "this is no database").unwrap();
    let ran = run(&["check", plan, "--register", &format!("sqlite:{}", garbage.display())], b"");
    assert_eq!(ran.exit, 1, "{ran:?}");
    let ran = run(&["check", plan, "--register", "postgres://example.com/nhi"], b"");
    assert_eq!(ran.exit, 1, "{ran:?}");
}
