//! Every folder under `cases` is a plan with what the check must answer: `expected.tsv` by hand, `expected.txt` the
//! whole report (written anew by `NHI_UPDATE=1 cargo test -p nhi`).

use std::fs;
use std::path::{Path, PathBuf};

use crate::process::{Ran, run};

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut cases: Vec<PathBuf> = fs::read_dir(&root)
        .unwrap()
        .flat_map(|group| fs::read_dir(group.unwrap().path()).unwrap())
        .map(|case| case.unwrap().path())
        .collect();
    cases.sort();
    assert!(!cases.is_empty());
    cases
}

fn arguments(case: &Path, format: &str) -> Vec<String> {
    let more = fs::read_to_string(case.join("args")).unwrap_or_default();
    let plan = case.join("plan.json").to_str().unwrap().to_owned();
    let mut arguments = vec!["check".to_owned(), plan, "--format".to_owned(), format.to_owned()];
    arguments.extend(more.lines().map(String::from));
    arguments
}

/// One line a finding: rule, kind, severity, address, place, exception.
fn told(ran: &Ran) -> Vec<Vec<String>> {
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).expect("the report is JSON");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let findings = report["findings"].as_array().unwrap();
    let mut lines: Vec<Vec<String>> = findings
        .iter()
        .map(|finding| {
            let place = match &finding["place"] {
                serde_json::Value::Null => "-".to_owned(),
                place => format!("{}:{}", text(&place["file"]), place["line"]),
            };
            let mut line: Vec<String> =
                ["rule", "kind", "severity", "address"].iter().map(|key| text(&finding[*key])).collect();
            line.push(place);
            line.push(text(&finding["excepted_by"]));
            line
        })
        .collect();
    lines.sort();
    lines
}

fn expected(case: &Path) -> (u8, Vec<Vec<String>>) {
    let text = fs::read_to_string(case.join("expected.tsv")).unwrap();
    let rows: Vec<Vec<String>> =
        text.lines().map(|line| line.split('\t').map(String::from).collect()).collect();
    let exit = rows.iter().find(|row| row[0] == "exit").map(|row| row[1].parse().unwrap()).unwrap();
    let mut findings: Vec<Vec<String>> = rows
        .into_iter()
        .filter(|row| row[0] == "finding")
        .map(|mut row| {
            row.remove(0);
            row.resize(6, String::new());
            row
        })
        .collect();
    findings.sort();
    (exit, findings)
}

/// `*` stands for anything.
fn same(told: &[Vec<String>], expected: &[Vec<String>]) -> bool {
    told.len() == expected.len()
        && told
            .iter()
            .zip(expected)
            .all(|(one, other)| one.iter().zip(other).all(|(a, b)| a == b || b == "*"))
}

#[test]
fn every_case_answers_as_expected() {
    let mut wrong = Vec::new();
    for case in cases() {
        let ran = run(&arguments(&case, "json"), b"");
        let (exit, findings) = expected(&case);
        if ran.exit != exit || !same(&told(&ran), &findings) {
            let name = case.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().display().to_string();
            wrong.push(format!(
                "{name}: exit {} (expected {exit})\n  told {:#?}\n  expected {findings:#?}\n{}",
                ran.exit,
                told(&ran),
                ran.stderr
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_report_reads_as_recorded() {
    let update = std::env::var_os("NHI_UPDATE").is_some();
    let mut wrong = Vec::new();
    for case in cases() {
        let ran = run(&arguments(&case, "terminal"), b"");
        let golden = case.join("expected.txt");
        if update {
            fs::write(&golden, &ran.stdout).unwrap();
        } else if fs::read_to_string(&golden).unwrap_or_default() != ran.stdout {
            wrong.push(format!("{}\n{}", case.display(), ran.stdout));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_case() {
    for rule in nhi_analyzer_rules::RULES {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(rule.id);
        assert!(folder.is_dir(), "no case for `{}`", rule.id);
    }
}

#[test]
fn the_same_plan_gives_the_same_report() {
    for case in cases() {
        assert_eq!(run(&arguments(&case, "json"), b"").stdout, run(&arguments(&case, "json"), b"").stdout);
    }
}

fn fingerprints(case: &str) -> Vec<String> {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(case);
    let ran = run(&arguments(&case, "json"), b"");
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap();
    findings.iter().map(|finding| finding["fingerprint"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_finding_keeps_its_fingerprint_under_another_address() {
    assert_eq!(fingerprints("privilege-expansion/pass-role"), fingerprints("privilege-expansion/moved"));
    // A permission of the same words is another finding for another principal, and for another grant.
    assert_ne!(
        fingerprints("privilege-expansion/pass-role"),
        fingerprints("privilege-expansion/other-write")
    );
    let shared = fingerprints("privilege-expansion/shared-policy");
    assert_ne!(shared[0], shared[1]);
}
