//! Data: two policies with `<NAME>` for holes, and what is said of them.

use nhi_access::dialect::aws::{PolicyKind, parse_with_holes};
use nhi_access::hole::mark;
use nhi_access::{
    Content, Document, DocumentId, Hole, Layer, LayerKind, Settings, Shape, Verdict, World, compare, words,
};
use serde_json::Value;

/// The holes of a case: `"bucket": ["aws_s3_bucket.logs.arn", "arn:aws:s3:::*"]`; the shape may be `text` or `value`.
fn holes(case: &Value) -> Vec<(String, Hole)> {
    let Some(Value::Object(fields)) = case.get("holes") else { return Vec::new() };
    let hole = |(name, pair): (&String, &Value)| {
        let shape = match pair[1].as_str().unwrap() {
            "text" => Shape::Text,
            "value" => Shape::Value,
            glob => Shape::Like(glob.to_owned()),
        };
        (format!("<{name}>"), Hole { reference: pair[0].as_str().unwrap().to_owned(), shape })
    };
    fields.iter().map(hole).collect()
}

fn world(layers: &Value, kind: &str, holes: &[(String, Hole)]) -> World {
    let single = serde_json::json!({ kind: layers });
    let layers = layers.get("layers").unwrap_or(&single).as_object().unwrap();
    let layers = layers.iter().map(|(name, json)| {
        let (layer, policy) = match name.as_str() {
            "identity" => (LayerKind::Identity, PolicyKind::Identity),
            "boundary" => (LayerKind::Boundary, PolicyKind::Identity),
            "resource" => (LayerKind::Resource, PolicyKind::Resource),
            "trust" => (LayerKind::Trust, PolicyKind::Trust),
            other => panic!("no layer `{other}`"),
        };
        let mut text = json.to_string();
        for (index, (name, _)) in holes.iter().enumerate() {
            text = text.replace(name, &mark(index).to_string());
        }
        let holes: Vec<Hole> = holes.iter().map(|(_, hole)| hole.clone()).collect();
        let policy =
            parse_with_holes(&text, policy, &holes).unwrap_or_else(|error| panic!("{error}: {json}"));
        let document = Document { id: DocumentId(name.clone()), content: Content::Aws(policy) };
        Layer { kind: layer, documents: vec![document] }
    });
    World {
        principal: (kind == "identity").then(|| "arn:aws:iam::111122223333:role/app".to_owned()),
        resource: None,
        account: Some("111122223333".to_owned()),
        layers: layers.collect(),
    }
}

#[test]
fn pairs_with_holes_compare_as_said() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/holes");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let (mut count, mut wrong) = (0, Vec::new());
    for file in files {
        let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(&file).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        for case in cases {
            count += 1;
            let kind = case["kind"].as_str().unwrap_or("identity");
            let holes = holes(&case);
            let (before, after) = (world(&case["before"], kind, &holes), world(&case["after"], kind, &holes));
            let found = compare(&before, &after, &Settings::default());
            let title = format!("{}: {}", file.file_stem().unwrap().to_string_lossy(), case["name"]);
            let mut check = |what: &str, expected: Option<&str>, got: &str| {
                if expected.is_some_and(|expected| expected != got) {
                    wrong.push(format!(
                        "{title}: {what} is\n    {got}\n  not\n    {}\n    {found:?}",
                        expected.unwrap()
                    ));
                }
            };
            let verdict = match found.verdict {
                Verdict::NoNewAccess => "none",
                Verdict::NewAccess => "new",
                Verdict::Undecided => "undecided",
            };
            check("verdict", case["verdict"].as_str(), verdict);
            check("mismatches", Some("0"), &found.mismatches.to_string());
            let first = found.new.first();
            let region = if kind == "trust" { words::trust } else { words::region };
            check("text", case["text"].as_str(), &first.map(region).unwrap_or_default());
            let assuming = first.and_then(nhi_access::hole::assuming).unwrap_or_default();
            check("assuming", case["assuming"].as_str(), &assuming);
            let reasons: Vec<String> = found.undecided.iter().map(words::undecided).collect();
            check("reasons", case["reasons"].as_str(), &reasons.join("; "));
        }
    }
    assert!(wrong.is_empty(), "{} of {count} cases:\n{}", wrong.len(), wrong.join("\n"));
}
