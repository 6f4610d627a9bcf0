//! The recorded pull request of the first screen shows what it is there to show.

use crate::process::run;

#[test]
fn the_example_shows_what_the_readme_promises() {
    let plan = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/pull-request/plan.json");
    let ran = run(&["check", plan, "--format", "json"], b"");
    assert_eq!(ran.exit, 10, "{ran:?}");
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap();
    let of = |rule: &str, address: &str| {
        findings.iter().find(|one| one["rule"] == rule && one["address"] == address).unwrap_or_else(|| {
            panic!("no `{rule}` at `{address}` in {}", ran.stdout);
        })
    };
    let expansion = of("privilege-expansion", "aws_iam_role_policy.deploy");
    assert_eq!(expansion["witness"]["action"], "iam:PassRole");
    assert_eq!(expansion["place"]["file"], "ci.tf");
    of("static-credential", "aws_iam_access_key.uploader");
    of("unowned-principal", "aws_iam_role.report");
    // The policy that is only written in another order is no finding.
    assert!(
        findings.iter().all(|one| !one["address"].as_str().unwrap().starts_with("module.")),
        "{}",
        ran.stdout
    );
}
