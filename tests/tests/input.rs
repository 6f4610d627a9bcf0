//! Bad input to the command as a process: each ends in a message that says what is wrong and in an exit code, nothing
//! panics, and memory stays bounded however much comes in.

#![expect(clippy::unwrap_used, reason = "a test that cannot start the command has failed")]

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::Command;

use nhi_tests::client::nhi;
use nhi_tests::process::{Outcome, run, run_fed};

/// One plan as bytes, and what the command has to make of it.
struct Case {
    name: &'static str,
    plan: Vec<u8>,
    code: i32,
    says: &'static str,
}

fn cases() -> Vec<Case> {
    let case = |name, plan: &[u8], code, says| Case { name, plan: plan.to_vec(), code, says };
    let nested = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let deep = format!(r#"{{"format_version":"1.2","resource_changes":[],"x":{nested}}}"#);
    // What is not nested is read all the same.
    let admin = r#"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"#;
    let value = |attributes: &str| grants(&format!(r#"{{"name":"a","role":"r",{attributes}}}"#));
    let deep_value = value(&format!(r#""x":{nested},"policy":"{admin}""#));
    let deep_policy = value(&format!(r#""policy":{nested}"#));
    vec![
        case("empty", b"", 3, "empty"),
        case("not JSON", b"resource \"aws_iam_role\" \"app\" {}", 3, "not JSON"),
        case("binary garbage", &[0x00, 0x9f, 0x92, 0x96, 0xff, 0xfe, 0x01].repeat(1000), 3, "not"),
        case("invalid UTF-8", b"{\"format_version\":\"1.2\xff\"}", 3, "UTF-8"),
        case(
            "truncated",
            br#"{"format_version":"1.2","resource_changes":[{"address":"aws_ia"#,
            3,
            "truncated",
        ),
        case("a zip that is no plan", b"PK\x03\x04 and then nothing of the kind", 3, "plan"),
        case("another object", b"{}", 3, "plan"),
        case("an array", b"[]", 3, "plan"),
        case("a wrong version", br#"{"format_version":"2.0","resource_changes":[]}"#, 3, "2.0"),
        case(
            "a version of another type",
            br#"{"format_version":12,"resource_changes":[]}"#,
            3,
            "format_version",
        ),
        case("text behind the plan", br#"{"format_version":"1.2","resource_changes":[]} more"#, 3, "line 1"),
        case("deep nesting beside the plan", deep.as_bytes(), 0, ""),
        case("deep nesting beside a policy", deep_value.as_bytes(), 10, "do anything"),
        case("deep nesting as a policy", deep_policy.as_bytes(), 10, "1 undecided"),
    ]
}

/// A plan that creates one role policy with these attributes.
fn grants(after: &str) -> String {
    let (kind, provider) = ("aws_iam_role_policy", "registry.terraform.io/hashicorp/aws");
    let change = format!(r#"{{"actions":["create"],"before":null,"after":{after},"after_unknown":{{}}}}"#);
    let resource = format!(
        r#"{{"address":"{kind}.a","mode":"managed","type":"{kind}","name":"a","provider_name":"{provider}","change":{change}}}"#
    );
    format!(r#"{{"format_version":"1.2","resource_changes":[{resource}]}}"#)
}

fn checked(outcome: &Outcome, case: &Case) -> Option<String> {
    let said = format!("{}{}", outcome.stdout, outcome.stderr);
    let clear = said.contains(case.says) && !said.contains("panicked");
    let silent = case.code != 3 || outcome.stdout.is_empty();
    let right = outcome.code == Some(case.code) && clear && silent;
    (!right)
        .then(|| format!("{}: expected exit {} and `{}`, got {outcome:?}", case.name, case.code, case.says))
}

/// The command, or `None` after saying why there is none.
fn program() -> Option<PathBuf> {
    nhi().or_skip("bad input to nhi check").unwrap()
}

#[test]
fn every_bad_plan_ends_in_a_message_and_an_exit_code() {
    let Some(nhi) = program() else { return };
    let folder = tempfile::tempdir().unwrap();
    let plan = folder.path().join("plan.json");
    let mut wrong = Vec::new();
    for case in cases() {
        fs::write(&plan, &case.plan).unwrap();
        wrong.extend(checked(&run(Command::new(&nhi).arg("check").arg(&plan)).unwrap(), &case));
        let fed =
            run_fed(Command::new(&nhi).args(["check", "-"]), |stdin| stdin.write_all(&case.plan)).unwrap();
        wrong.extend(checked(&fed, &case).filter(|_| !case.name.contains("zip")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn a_key_given_twice_never_hides_a_grant() {
    let Some(nhi) = program() else { return };
    let policy = |text: &str| format!(r#""policy":{}"#, serde_json::to_string(text).unwrap());
    let admin =
        policy(r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#);
    let empty = policy(r#"{"Version":"2012-10-17","Statement":[]}"#);
    for (first, second) in [(&admin, &empty), (&empty, &admin)] {
        let plan = grants(&format!(r#"{{"name":"a","role":"r",{first},{second}}}"#));
        let fed = run_fed(Command::new(&nhi).args(["check", "-"]), |stdin| stdin.write_all(plan.as_bytes()));
        let outcome = fed.unwrap();
        assert!(matches!(outcome.code, Some(3 | 10)), "neither refused nor found: {outcome:?}");
    }
}

#[test]
fn what_is_no_file_is_named() {
    let Some(nhi) = program() else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let missing = run(Command::new(&nhi).current_dir(path).args(["check", "gone.json"])).unwrap();
    assert!(missing.code == Some(3) && missing.stderr.contains("`gone.json`"), "{missing:?}");
    let directory = run(Command::new(&nhi).arg("check").arg(path)).unwrap();
    assert!(directory.code == Some(3) && directory.stderr.contains("is a directory"), "{directory:?}");
    let usage = run(Command::new(&nhi).args(["check", "--format", "haiku", "plan.json"])).unwrap();
    assert!(usage.code == Some(2) && usage.stderr.contains("haiku"), "{usage:?}");
    let command = run(Command::new(&nhi).arg("chekc")).unwrap();
    assert!(command.code == Some(2) && command.stderr.contains("chekc"), "{command:?}");
}

/// A gigabyte of white space, on a quarter of that memory.
#[cfg(unix)]
#[test]
fn endless_white_space_costs_no_memory() {
    let Some(nhi) = program() else { return };
    let mut bounded = Command::new("sh");
    bounded.args(["-c", "ulimit -v 262144 && exec \"$0\" check -"]).arg(&nhi);
    let outcome = run_fed(&mut bounded, spaces).unwrap();
    assert!(outcome.code == Some(3) && outcome.stderr.contains("empty"), "{outcome:?}");
}

fn spaces(stdin: &mut dyn Write) -> io::Result<()> {
    let megabyte = vec![b' '; 1 << 20];
    (0..1024).try_for_each(|_| stdin.write_all(&megabyte))
}
