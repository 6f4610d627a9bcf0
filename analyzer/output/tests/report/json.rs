//! The shape of version 1: every key, whatever the values.

use std::collections::BTreeSet;

use nhi_analyzer_output::json;
use serde_json::Value;

use crate::sample;

fn told(report: &nhi_analyzer_model::Report) -> Value {
    let mut text = Vec::new();
    json::write(report, &mut text).unwrap();
    assert_eq!(text.last(), Some(&b'\n'));
    serde_json::from_slice(&text).unwrap()
}

fn keys(value: &Value, expected: &[&str]) {
    let own: BTreeSet<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(own, expected.iter().copied().collect::<BTreeSet<_>>());
}

#[test]
fn every_key_is_written() {
    for report in [sample::full(), sample::empty()] {
        let told = told(&report);
        keys(
            &told,
            &[
                "format_version",
                "tool",
                "plan",
                "verdict",
                "fail_on",
                "summary",
                "not_understood",
                "findings",
            ],
        );
        assert_eq!(told["format_version"], "1");
        keys(&told["tool"], &["name", "version"]);
        keys(&told["plan"], &["terraform_version", "complete", "errored"]);
        keys(
            &told["summary"],
            &["by_severity", "expansions", "reductions", "undecided", "excepted", "not_understood"],
        );
        keys(&told["summary"]["by_severity"], &["critical", "high", "medium", "low", "info"]);
        for part in told["not_understood"].as_array().unwrap() {
            keys(part, &["address", "attribute", "reason"]);
        }
        for finding in told["findings"].as_array().unwrap() {
            finding_keys(finding);
        }
    }
}

fn finding_keys(finding: &Value) {
    keys(
        finding,
        &[
            "rule",
            "kind",
            "severity",
            "confidence",
            "address",
            "previous_address",
            "attribute",
            "message",
            "principal",
            "witness",
            "regions",
            "related",
            "place",
            "fingerprint",
            "excepted_by",
        ],
    );
    if !finding["principal"].is_null() {
        keys(&finding["principal"], &["platform", "name", "identity", "owner", "tier", "zone"]);
    }
    if !finding["witness"].is_null() {
        keys(&finding["witness"], &["principal", "action", "resource", "context"]);
    }
    for region in finding["regions"].as_array().unwrap() {
        keys(region, &["text", "witness", "reading", "granted_by"]);
        keys(&region["granted_by"], &["address", "attribute", "statement"]);
    }
    for related in finding["related"].as_array().unwrap() {
        keys(related, &["address", "attribute", "place"]);
    }
    if !finding["place"].is_null() {
        let place = ["file", "line", "column", "end_line", "end_column", "precision", "calls"];
        keys(&finding["place"], &place);
        for call in finding["place"]["calls"].as_array().unwrap() {
            keys(call, &place);
        }
    }
}

#[test]
fn values_of_a_full_report() {
    let told = told(&sample::full());
    assert_eq!(told["verdict"], "fail");
    assert_eq!(told["fail_on"], "high");
    assert_eq!(told["plan"]["complete"], false);
    // What an exception permits counts there and nowhere else.
    assert_eq!(told["summary"]["by_severity"]["high"], 1);
    assert_eq!(told["summary"]["by_severity"]["critical"], 0);
    assert_eq!(told["summary"]["excepted"], 1);
    assert_eq!(told["summary"]["expansions"], 1);
    assert_eq!(told["summary"]["not_understood"], 1);
    let finding = &told["findings"][0];
    assert_eq!(finding["kind"], "expansion");
    assert_eq!(finding["attribute"], serde_json::json!(["policy"]));
    assert_eq!(finding["principal"]["tier"], 1);
    assert_eq!(finding["principal"]["identity"], Value::Null);
    assert_eq!(finding["witness"]["context"]["iam:PassedToService"][0], "ec2.amazonaws.com");
    assert_eq!(finding["regions"][0]["granted_by"]["statement"], 1);
    assert_eq!(finding["related"][0]["attribute"][0], "0");
    assert_eq!(finding["place"]["line"], 12);
    assert_eq!(finding["place"]["precision"], "attribute");
    assert_eq!(finding["place"]["calls"][0]["line"], 40);
    assert_eq!(told["findings"][1]["excepted_by"], "migration");
    assert_eq!(told["findings"][1]["place"], Value::Null);
}

#[test]
fn values_of_an_empty_report() {
    let told = told(&sample::empty());
    assert_eq!(told["verdict"], "pass");
    assert_eq!(told["fail_on"], "never");
    assert_eq!(told["plan"]["terraform_version"], Value::Null);
    assert_eq!(told["findings"], serde_json::json!([]));
}
