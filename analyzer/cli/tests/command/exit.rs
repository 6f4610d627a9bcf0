//! Exit codes, and what goes to which stream.

use std::io;
use std::path::Path;

use crate::process::{self, run};

fn plan(case: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases")
        .join(case)
        .join("plan.json")
        .to_str()
        .unwrap()
        .to_owned()
}

#[test]
fn thresholds() {
    let high = plan("privilege-expansion/pass-role");
    for (fail_on, exit) in [("critical", 0), ("high", 10), ("medium", 10), ("info", 10), ("never", 0)] {
        assert_eq!(run(&["check", &high, "--fail-on", fail_on], b"").exit, exit, "{fail_on}");
    }
    // A reduction fails only who asks for it.
    let reduction = plan("privilege-expansion/reduction");
    assert_eq!(run(&["check", &reduction], b"").exit, 0);
    assert_eq!(run(&["check", &reduction, "--fail-on", "low"], b"").exit, 0);
}

#[test]
fn wrong_calls() {
    let plan = plan("privilege-expansion/pass-role");
    for arguments in [
        vec!["check"],
        vec!["check", &plan, "--format", "yaml"],
        vec!["check", &plan, "--fail-on", "always"],
        vec!["check", &plan, "--at", "tomorrow"],
        vec!["check", &plan, "--verbose"],
        vec!["explain", "no-such-rule"],
        vec!["frobnicate"],
        vec![],
    ] {
        let ran = run(&arguments, b"");
        assert_eq!((ran.exit, ran.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(!ran.stderr.is_empty());
    }
}

#[test]
fn help_and_version_are_answers() {
    for arguments in [vec!["--help"], vec!["--version"], vec!["check", "--help"]] {
        let ran = run(&arguments, b"");
        assert_eq!((ran.exit, ran.stderr.as_str()), (0, ""), "{arguments:?}");
    }
    assert!(run(&["check", "--help"], b"").stdout.contains("10  findings at or above --fail-on"));
    let version = run(&["--version"], b"").stdout;
    let start = format!("nhi {} (actions of AWS as of 20", env!("CARGO_PKG_VERSION"));
    assert!(version.starts_with(&start) && version.ends_with(")\n"), "{version}");
}

#[test]
fn rules_explain_themselves() {
    let list = run(&["rules"], b"");
    assert_eq!(list.exit, 0);
    for rule in nhi_analyzer_rules::RULES {
        assert!(list.stdout.contains(rule.id));
        let page = run(&["explain", rule.id], b"");
        assert_eq!((page.exit, page.stdout.as_str()), (0, rule.page));
    }
}

#[test]
fn the_report_is_alone_on_standard_output() {
    let ran = run(&["check", &plan("privilege-expansion/pass-role"), "--format", "json"], b"");
    serde_json::from_str::<serde_json::Value>(&ran.stdout).unwrap();
}

#[test]
fn a_plan_on_standard_input() {
    let json = std::fs::read(plan("trust-widened/anyone")).unwrap();
    let ran = run(&["check", "-", "--format", "json"], &json);
    assert_eq!(ran.exit, 10);
}

struct Closed;

impl io::Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Full;

impl io::Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_reader_that_went_away_changes_nothing() {
    let mut stderr = Vec::new();
    let arguments = ["check", &plan("privilege-expansion/pass-role")];
    assert_eq!(process::into(&arguments, &mut io::empty(), (&mut Closed, &mut stderr), None), 10);
    assert_eq!(String::from_utf8(stderr).unwrap(), "");
}

#[test]
fn a_full_disk_is_an_error() {
    let mut stderr = Vec::new();
    let arguments = ["check", &plan("silent/rewritten")];
    assert_eq!(process::into(&arguments, &mut io::empty(), (&mut Full, &mut stderr), None), 1);
    assert!(String::from_utf8(stderr).unwrap().contains("could not be written"));
}
