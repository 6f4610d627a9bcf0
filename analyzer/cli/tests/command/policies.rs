//! Every folder under `policies` is one call of `nhi policy`: `command` holds the exit code and the arguments by hand,
//! `expected.txt` the whole answer (written anew by `NHI_UPDATE=1 cargo test -p nhi`).

use std::fs;
use std::path::{Path, PathBuf};

use crate::process::run;

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/policies");
    let mut cases: Vec<PathBuf> = fs::read_dir(&root).unwrap().map(|case| case.unwrap().path()).collect();
    cases.sort();
    assert!(!cases.is_empty());
    cases
}

#[test]
fn every_call_answers_as_recorded() {
    let update = std::env::var_os("NHI_UPDATE").is_some();
    let mut wrong = Vec::new();
    for case in cases() {
        let command = fs::read_to_string(case.join("command")).unwrap();
        let (exit, arguments) = command.trim().split_once(' ').unwrap();
        let argument = |text: &str| {
            let file = case.join(text);
            if file.is_file() { file.to_str().unwrap().to_owned() } else { text.to_owned() }
        };
        let arguments: Vec<String> =
            std::iter::once("policy".to_owned()).chain(arguments.split(' ').map(argument)).collect();
        let ran = run(&arguments, b"");
        let name = case.file_name().unwrap().to_string_lossy().into_owned();
        if ran.exit.to_string() != exit || !ran.stderr.is_empty() {
            wrong.push(format!("{name}: exit {} (expected {exit})\n{}{}", ran.exit, ran.stdout, ran.stderr));
        }
        // Where the checkout lies is no part of the answer.
        let answer = ran.stdout.replace(&format!("{}/", case.display()), "");
        let golden = case.join("expected.txt");
        if update {
            fs::write(&golden, &answer).unwrap();
        } else if fs::read_to_string(&golden).unwrap_or_default() != answer {
            wrong.push(format!("{name}:\n{answer}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const IDENTITY: &str = r#"{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;
const TRUST: &str = r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}}"#;

#[test]
fn what_is_no_policy_is_refused_with_its_place() {
    let statement = |element: &str| {
        format!(
            "{{\"Version\":\"2012-10-17\",\n \"Statement\":[\n  {{\"Effect\":\"Deny\",\"Action\":\"*\",\"Resource\":\"*\"}},\n  {{\"Effect\":\"Allow\",\"Action\":\"s3:*\",\"Resource\":\"*\"{element}}}]}}"
        )
    };
    let deep = format!("{{\"Statement\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    for (text, words) in [
        (String::new(), "`after.json` cannot be read: it is empty"),
        (" \n ".to_owned(), "it is empty"),
        ("resource {}".to_owned(), "`after.json`, line 1, column 1"),
        ("{\"Statement\":[\n{]}".to_owned(), "`after.json`, line 2, column 2"),
        ("\0\0\0".to_owned(), "line 1, column 1"),
        ("[]".to_owned(), "an object is needed"),
        ("{}".to_owned(), "`Statement` is missing"),
        (deep, "`after.json`, line 1, column 140"),
        (statement(",\"NotAction\":\"iam:*\""), "line 4, column 3: statement 2"),
        (statement(",\"Frobnicate\":1"), "line 4, column 3: statement 2"),
        (statement(",\"Effect\":\"Allow\""), "is written twice"),
        (statement(",\"Condition\":[]"), "line 4, column 3: statement 2, Condition"),
        (statement(",\"Principal\":\"444455556666\""), "line 4, column 3: statement 2, Principal"),
        ("\u{feff}".to_owned(), "it is empty"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        fs::write(path("before.json"), IDENTITY).unwrap();
        fs::write(path("after.json"), &text).unwrap();
        let ran =
            run(&["policy", "diff", &path("before.json"), &path("after.json"), "--kind", "identity"], b"");
        let stderr = ran.stderr.replace(&format!("{}/", folder.path().display()), "");
        assert_eq!((ran.exit, ran.stdout.as_str()), (3, ""), "{words}: {stderr}");
        assert!(stderr.starts_with("error: ") && stderr.contains(words), "{words}: {stderr}");
    }
}

#[test]
fn files_that_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("good.json"), IDENTITY).unwrap();
    fs::write(path("latin.json"), b"{\n\xe9}").unwrap();
    for (arguments, words) in [
        (vec!["policy", "diff", &path("good.json"), &path("none.json")], "none.json` cannot be read"),
        (vec!["policy", "covers", &path("none.json"), &path("good.json")], "none.json` cannot be read"),
        (vec!["policy", "diff", folder.path().to_str().unwrap(), &path("good.json")], "is a directory"),
        (vec!["policy", "diff", &path("good.json"), &path("latin.json")], "line 2 is not UTF-8"),
        (vec!["policy", "diff", "--jsonl", &path("none.json")], "cannot be read"),
        (vec!["policy", "diff", "--jsonl", folder.path().to_str().unwrap()], "cannot be read"),
        (vec!["policy", "can", &path("none.json"), "--action", "s3:GetObject"], "cannot be read"),
    ] {
        let ran = run(&arguments, b"");
        assert_eq!((ran.exit, ran.stdout.as_str()), (3, ""), "{arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(words), "{arguments:?}: {}", ran.stderr);
    }
}

#[test]
fn wrong_calls() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("identity.json"), IDENTITY).unwrap();
    fs::write(path("trust.json"), TRUST).unwrap();
    let (identity, trust) = (path("identity.json"), path("trust.json"));
    for (arguments, words) in [
        (vec!["diff"], ""),
        (vec!["diff", &identity], "AFTER"),
        (vec!["diff", "-", "-"], "standard input"),
        (vec!["diff", &identity, &trust], "--kind"),
        (vec!["diff", &identity, &identity, "--jsonl", "-"], "--jsonl"),
        (vec!["diff", "--jsonl", "-", "--format", "json"], "--format"),
        (vec!["diff", &identity, &identity, "--kind", "scp"], "scp"),
        (vec!["diff", &identity, &identity, "--semantics", "mine"], "mine"),
        (vec!["covers", &identity], "DOC"),
        (vec!["can", &identity], "--action"),
        (vec!["can", &identity, "--action", "s3:*"], "nhi policy covers"),
        (vec!["can", &identity, "--action", "GetObject"], "s3:GetObject"),
        (vec!["can", &identity, "--action", "s3:GetObject", "--context", "aws:SourceIp"], "KEY=VALUE"),
        (
            vec!["can", &identity, "--action", "s3:A", "--context", "a:b=1", "--context", "A:B=2"],
            "the same condition key",
        ),
        (vec!["can", &trust, "--action", "sts:AssumeRole"], "--principal"),
        (vec!["frobnicate"], ""),
        (vec![], ""),
    ] {
        let arguments: Vec<&str> = std::iter::once("policy").chain(arguments).collect();
        let ran = run(&arguments, b"");
        assert_eq!((ran.exit, ran.stdout.as_str()), (2, ""), "{arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(words), "{arguments:?}: {}", ran.stderr);
    }
}

#[test]
fn one_of_the_policies_comes_from_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("policy.json").to_str().unwrap().to_owned();
    fs::write(&path, r#"{"Statement":[]}"#).unwrap();
    assert_eq!(run(&["policy", "diff", &path, "-"], IDENTITY.as_bytes()).exit, 10);
    assert_eq!(run(&["policy", "diff", "-", &path], IDENTITY.as_bytes()).exit, 0);
    assert_eq!(run(&["policy", "covers", "-", &path], IDENTITY.as_bytes()).exit, 0);
    let ran = run(&["policy", "can", "-", "--action", "s3:GetObject"], IDENTITY.as_bytes());
    assert_eq!(ran.exit, 0, "{ran:?}");
}

#[test]
fn help_tells_the_exit_codes() {
    for command in ["diff", "covers", "can"] {
        let ran = run(&["policy", command, "--help"], b"");
        assert_eq!((ran.exit, ran.stderr.as_str()), (0, ""));
        assert!(ran.stdout.contains("11  undecided"), "{}", ran.stdout);
    }
}
