//! `nhi policy diff --jsonl`: one answer a line, in order, whatever a line holds.

use std::fmt::Write as _;
use std::fs;

use serde_json::Value;

use crate::process::{Ran, run};

const NONE: &str = r#"{"Statement":[]}"#;

fn answers(lines: &[u8], more: &[&str]) -> (Ran, Vec<Value>) {
    let arguments: Vec<&str> =
        ["policy", "diff", "--jsonl", "-"].into_iter().chain(more.iter().copied()).collect();
    let ran = run(&arguments, lines);
    let answers = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (ran, answers)
}

fn only(line: &str) -> Value {
    let (ran, answers) = answers(line.as_bytes(), &[]);
    assert_eq!((ran.exit, answers.len(), ran.stderr.as_str()), (0, 1, ""), "{ran:?}");
    answers[0].clone()
}

fn allow(action: &str) -> String {
    format!(r#"{{"Statement":[{{"Effect":"Allow","Action":"{action}","Resource":"*"}}]}}"#)
}

#[test]
fn a_pair_is_answered_with_its_witness() {
    let after = allow("iam:PassRole");
    let answer = only(&format!(
        r#"{{"id":"a","kind":"identity","before":{NONE},"after":{after},"semantics":"x","more":[1]}}"#
    ));
    assert_eq!(answer["id"], "a");
    assert_eq!(answer["verdict"], "new-access");
    assert_eq!(answer["witness"]["action"], "iam:PassRole");
    assert!(answer["witness"]["principal"].is_string() && answer["witness"]["context"].is_object());
    assert_eq!(answer["regions"], serde_json::json!(["may now `iam:PassRole` on anything"]));
    assert!(answer["reading"].is_null() && answer["micros"].is_u64());
    let keys: Vec<&String> = answer.as_object().unwrap().keys().collect();
    assert_eq!(keys.len(), 6, "{keys:?}");
}

#[test]
fn documents_may_stand_as_text() {
    let text = serde_json::to_string(&allow("s3:*")).unwrap();
    let answer = only(&format!(r#"{{"id":7,"before":{text},"after":{}}}"#, allow("s3:Get*")));
    assert_eq!((&answer["id"], &answer["verdict"]), (&Value::from(7), &Value::from("no-new-access")));
    assert!(answer["witness"].is_null());
    assert_eq!(answer["regions"], serde_json::json!([]));
}

#[test]
fn kinds_are_read_in_both_spellings() {
    let anyone = r#"{"Statement":[{"Effect":"Allow","Principal":{"AWS":"444455556666"},"Action":"s3:GetObject","Resource":"*"}]}"#;
    for kind in [r#""kind":"resource","#, r#""kind":"RESOURCE_POLICY","#, r#""kind":null,"#, ""] {
        let answer = only(&format!(r#"{{"id":1,{kind}"before":{NONE},"after":{anyone}}}"#));
        assert_eq!(
            answer["regions"][0],
            "account `444455556666` (any principal in it) may now `s3:GetObject` on anything",
            "{kind}"
        );
    }
    let answer = only(&format!(r#"{{"id":1,"kind":"IDENTITY_POLICY","before":{NONE},"after":{anyone}}}"#));
    assert!(answer["error"].as_str().unwrap().contains("`after`: statement 1"), "{answer}");
    let line = format!(r#"{{"id":1,"before":{NONE},"after":{}}}"#, allow("s3:*"));
    let (_, trust) = answers(line.as_bytes(), &["--kind", "resource"]);
    assert_eq!(trust[0]["verdict"], "no-new-access", "a statement without principal grants nothing there");
}

#[test]
fn the_reading_is_named() {
    let logs = |resource: &str| {
        format!(
            r#"{{"Statement":[{{"Effect":"Allow","Action":"logs:*","Resource":"arn:aws:logs:*:*:{resource}"}}]}}"#
        )
    };
    let line = format!(r#"{{"id":1,"before":{},"after":{}}}"#, logs("/a/*"), logs("log-group:/a/*"));
    let answer = only(&line);
    assert_eq!(answer["verdict"], "new-access");
    assert!(answer["reading"].as_str().unwrap().contains("segment"), "{answer}");
    let (_, crossing) = answers(line.as_bytes(), &["--semantics", "crossing"]);
    assert_eq!(crossing[0]["verdict"], "no-new-access");
}

#[test]
fn a_bad_line_is_answered_and_stops_nothing() {
    let good = format!(r#"{{"id":"good","before":{NONE},"after":{NONE}}}"#);
    let deep = format!(
        r#"{{"id":"d","before":{NONE},"after":{{"Statement":{}{}}}}}"#,
        "[".repeat(200_000),
        "]".repeat(200_000)
    );
    let broken = "{\"id\":".repeat(200_000);
    let text = serde_json::to_string(&"x".repeat(2 << 20)).unwrap();
    let large = format!(r#"{{"id":"l","before":{NONE},"after":{text}}}"#);
    let cases: Vec<(Vec<u8>, Value, &str)> = vec![
        (b"no JSON".to_vec(), Value::Null, "the line is no JSON object"),
        (b"[1]".to_vec(), Value::Null, "the line is no JSON object"),
        (b"\0\0".to_vec(), Value::Null, "the line is no JSON object"),
        (b"{\"id\":\"\xff\"}".to_vec(), Value::Null, "UTF-8"),
        (broken.into_bytes(), Value::Null, "the line is no JSON object"),
        (br#"{"id":"m"}"#.to_vec(), "m".into(), "`before` is missing"),
        (br#"{"id":"m","before":{"Statement":[]},"after":null}"#.to_vec(), "m".into(), "`after` is missing"),
        (
            br#"{"id":"m","before":{"Statement":[]},"after":3}"#.to_vec(),
            "m".into(),
            "neither an object nor a text",
        ),
        (br#"{"id":"t","before":{"Statement":[]},"after":"\ud800"}"#.to_vec(), "t".into(), "`after`"),
        (
            br#"{"id":"k","kind":"scp","before":{"Statement":[]},"after":{"Statement":[]}}"#.to_vec(),
            "k".into(),
            "`kind`",
        ),
        (
            br#"{"id":[1],"before":{},"after":{}}"#.to_vec(),
            serde_json::json!([1]),
            "`before`: policy: `Statement` is missing",
        ),
        (
            br#"{"id":"n","before":{"Statement":[]},"after":"{\"Statement\":\u0000}"}"#.to_vec(),
            "n".into(),
            "`after`",
        ),
        (deep.into_bytes(), "d".into(), "`after`"),
        (large.into_bytes(), "l".into(), "`after`"),
    ];
    let mut lines: Vec<u8> = Vec::new();
    for (line, ..) in &cases {
        lines.extend_from_slice(line);
        lines.extend_from_slice(b"\n\n  \r\n");
        lines.extend_from_slice(good.as_bytes());
        lines.extend_from_slice(b"\r\n");
    }
    let (ran, answers) = answers(&lines, &[]);
    assert_eq!((ran.exit, ran.stderr.as_str()), (0, ""));
    assert_eq!(answers.len(), cases.len() * 2);
    for ((_, id, words), pair) in cases.iter().zip(answers.chunks(2)) {
        assert_eq!(pair[0]["id"], *id, "{words}: {}", pair[0]);
        assert!(pair[0]["error"].as_str().unwrap().contains(words), "{words}: {}", pair[0]);
        assert_eq!((&pair[1]["id"], &pair[1]["verdict"]), (&"good".into(), &"no-new-access".into()));
    }
}

#[test]
fn a_line_that_is_too_long_is_not_kept() {
    let mut lines = vec![b'x'; 13 << 20];
    lines.push(b'\n');
    lines.extend_from_slice(format!(r#"{{"id":2,"before":{NONE},"after":{NONE}}}"#).as_bytes());
    let (ran, answers) = answers(&lines, &[]);
    assert_eq!(ran.exit, 0);
    assert!(answers[0]["error"].as_str().unwrap().contains("13631488 bytes"), "{}", answers[0]);
    assert_eq!(answers[1]["id"], 2);
}

#[test]
fn answers_keep_the_order_of_their_lines() {
    let mut lines = String::new();
    for id in 0..600 {
        // Some take a hundred times as long as others.
        let statements: Vec<String> = (0..(id * 7919) % 40)
            .map(|n| format!(r#"{{"Effect":"Allow","Action":"s3:Get{n}","Resource":"arn:aws:s3:::b{n}*"}}"#))
            .collect();
        let after = format!(r#"{{"Statement":[{}]}}"#, statements.join(","));
        writeln!(lines, r#"{{"id":{id},"kind":"identity","before":{NONE},"after":{after}}}"#).unwrap();
    }
    let (ran, answers) = answers(lines.as_bytes(), &[]);
    assert_eq!(ran.exit, 0);
    let ids: Vec<u64> = answers.iter().map(|answer| answer["id"].as_u64().unwrap()).collect();
    assert_eq!(ids, (0..600).collect::<Vec<u64>>());
    for answer in answers {
        let verdict =
            if (answer["id"].as_u64().unwrap() * 7919) % 40 == 0 { "no-new-access" } else { "new-access" };
        assert_eq!(answer["verdict"], verdict, "{answer}");
    }
}

#[test]
fn many_regions_are_counted() {
    let statements: Vec<String> = (0..30)
        .map(|n| format!(r#"{{"Effect":"Allow","Action":"s3:Get{n}","Resource":"arn:aws:s3:::b{n}"}}"#))
        .collect();
    let answer =
        only(&format!(r#"{{"id":1,"before":{NONE},"after":{{"Statement":[{}]}}}}"#, statements.join(",")));
    let regions = answer["regions"].as_array().unwrap();
    assert_eq!((regions.len(), &regions[10]), (11, &Value::from("and 20 more")));
}

#[test]
fn lines_come_from_a_file_too_and_nothing_is_an_answer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pairs.jsonl");
    fs::write(&path, "").unwrap();
    let ran = run(&["policy", "diff", "--jsonl", path.to_str().unwrap()], b"");
    assert_eq!((ran.exit, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", ""));
    fs::write(&path, format!(r#"{{"id":1,"before":{NONE},"after":{NONE}}}"#)).unwrap();
    let ran = run(&["policy", "diff", "--jsonl", path.to_str().unwrap()], b"");
    assert_eq!((ran.exit, ran.stdout.lines().count()), (0, 1));
}
