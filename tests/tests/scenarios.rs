//! Recorded plans of the changes a reviewer meets, and what `nhi check` must say of each (`cases/scenarios`).
//!
//! A line of `expected.tsv`: the kinds one of which must be told (`a|b`), how severe at least, what must not be told
//! (a rule, a kind, a severity, or `quiet`: nothing at medium or above but reductions), the principal, a note.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a corpus that cannot be read has failed"
)]

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use nhi::{Actor, Surroundings};
use nhi_analyzer_output::Colour;
use serde_json::Value;

const SEVERITIES: [&str; 5] = ["info", "low", "medium", "high", "critical"];

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/scenarios")
}

/// The findings of a plan, from the JSON report.
fn findings(plan: &Path) -> Result<Vec<Value>, String> {
    let (mut stdin, mut stdout, mut stderr) = (std::io::empty(), Vec::new(), Vec::new());
    let arguments = ["nhi".into(), "check".into(), OsString::from(plan), "--format".into(), "json".into()];
    let exit: u8 = nhi::run(
        arguments,
        &mut Surroundings {
            stdin: &mut stdin,
            stdout: &mut stdout,
            stderr: &mut stderr,
            colour: Colour::Never,
            now: "2026-11-23T00:00:00Z".parse().unwrap(),
            path: None,
            actor: Actor { name: "nobody".to_owned(), source: "none".to_owned() },
        },
    )
    .into();
    let said = String::from_utf8_lossy(&stderr);
    let report: Value = serde_json::from_slice(&stdout)
        .map_err(|error| format!("exit {exit}, no report: {error}: {said}"))?;
    let findings = report["findings"].as_array().cloned().ok_or("a report without findings")?;
    let failing = findings.iter().any(|finding| rank(&finding["severity"]) >= 3);
    if (exit == 10) == failing { Ok(findings) } else { Err(format!("exit {exit}: {said}")) }
}

fn rank(severity: &Value) -> usize {
    SEVERITIES.iter().position(|known| severity == known).expect("a known severity")
}

/// A platform's name ends in the name that the configuration gives.
fn names(finding: &Value, principal: &str) -> bool {
    principal == "-"
        || finding["principal"]["name"]
            .as_str()
            .is_some_and(|name| name.rsplit(['/', ':']).next() == Some(principal))
}

/// Whether `finding` is what a line forbids by `word`.
fn is(finding: &Value, word: &str) -> bool {
    if finding["kind"] == "reduction" {
        return word == "reduction";
    }
    match word {
        "quiet" => rank(&finding["severity"]) >= 2,
        word => ["rule", "kind", "severity"].iter().any(|key| finding[*key] == word),
    }
}

/// What is wrong with the answer to one line; nothing when it is right.
fn wrong(findings: &[Value], must: &str, at_least: &str, must_not: &str, principal: &str) -> Option<String> {
    let severe = |finding: &Value| {
        at_least == "-"
            || SEVERITIES.iter().position(|known| *known == at_least) <= Some(rank(&finding["severity"]))
    };
    let told = must == "-"
        || findings.iter().any(|finding| {
            must.split('|').any(|kind| finding["kind"] == kind)
                && severe(finding)
                && names(finding, principal)
        });
    let unwanted = must_not.split(',').find(|word| findings.iter().any(|finding| is(finding, word)));
    match (told, unwanted) {
        (false, _) => Some(format!("no `{must}` of at least `{at_least}` about `{principal}`")),
        (true, Some(word)) => Some(format!("unwanted `{word}`")),
        (true, None) => None,
    }
}

fn check(line: &str) -> Result<(), String> {
    let fields: Vec<&str> = line.split('\t').collect();
    let [name, must, at_least, must_not, principal, note] = fields.as_slice() else {
        return Err(format!("`{line}` has not six fields"));
    };
    let findings =
        findings(&corpus().join(name).join("plan.json")).map_err(|error| format!("{name}: {error}"))?;
    let Some(wrong) = wrong(&findings, must, at_least, must_not, principal) else { return Ok(()) };
    let told: Vec<String> = findings
        .iter()
        .map(|finding| {
            format!(
                "    {} {} {} {}: {}",
                finding["severity"],
                finding["kind"],
                finding["principal"]["name"],
                finding["address"],
                finding["message"]
            )
        })
        .collect();
    Err(format!("{name} ({note}): {wrong}; told:\n{}", told.join("\n")))
}

#[test]
fn every_scenario_is_judged_as_expected() {
    let expected = fs::read_to_string(corpus().join("expected.tsv")).unwrap();
    let wrong: Vec<String> = expected.lines().skip(1).filter_map(|line| check(line).err()).collect();
    assert!(wrong.is_empty(), "{} scenarios answered wrongly:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_scenario_stands_in_the_table() {
    let expected = fs::read_to_string(corpus().join("expected.tsv")).unwrap();
    let listed: BTreeSet<&str> =
        expected.lines().skip(1).filter_map(|line| line.split('\t').next()).collect();
    let recorded: BTreeSet<String> = fs::read_dir(corpus())
        .unwrap()
        .map(Result::unwrap)
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    assert_eq!(listed, recorded.iter().map(String::as_str).collect());
}
