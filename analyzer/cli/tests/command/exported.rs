//! `--policies`: documents that the plan only names.

use std::fs;
use std::path::Path;

use crate::process::run;

/// A role that a plan attaches one policy to, by its ARN alone.
fn plan(arn: &str) -> String {
    let role = r#"{"address":"aws_iam_role.r","mode":"managed","type":"aws_iam_role","name":"r","change":{"actions":["no-op"],"before":ROLE,"after":ROLE,"after_unknown":{}}}"#;
    let values = r#"{"name":"r","arn":"arn:aws:iam::111122223333:role/r","tags":{"owner":"team-a"},"assume_role_policy":"{\"Version\":\"2012-10-17\",\"Statement\":[]}"}"#;
    let attachment = format!(
        r#"{{"address":"aws_iam_role_policy_attachment.a","mode":"managed","type":"aws_iam_role_policy_attachment","name":"a","change":{{"actions":["create"],"before":null,"after":{{"role":"r","policy_arn":"{arn}"}},"after_unknown":{{"id":true}}}}}}"#
    );
    format!(
        r#"{{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[{},{attachment}],"configuration":{{}}}}"#,
        role.replace("ROLE", values)
    )
}

fn check(arn: &str, folder: &Path) -> String {
    run(&["check", "-", "--policies", &folder.to_string_lossy()], plan(arn).as_bytes()).stdout
}

const DOCUMENT: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:PassRole","Resource":"*"}]}"#;
const ARN: &str = "arn:aws:iam::111122223333:policy/team/deploy";

#[test]
fn exported_documents_are_read_in_every_form() {
    let none = tempfile::tempdir().unwrap();
    assert!(check(ARN, none.path()).contains("undecided-policy"));
    let version =
        format!(r#"{{"PolicyVersion":{{"VersionId":"v3","Document":{DOCUMENT},"IsDefaultVersion":true}}}}"#);
    let details = format!(
        r#"{{"Policies":[{{"PolicyName":"deploy","Arn":"{ARN}","PolicyVersionList":[{{"VersionId":"v1","Document":{{"Statement":[]}},"IsDefaultVersion":false}},{{"VersionId":"v2","Document":{DOCUMENT},"IsDefaultVersion":true}}]}}]}}"#
    );
    for (name, text) in [("deploy.json", DOCUMENT), ("deploy.json", &version), ("account.json", &details)] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(name), text).unwrap();
        fs::write(folder.path().join("notes.txt"), "not a policy").unwrap();
        let told = check(ARN, folder.path());
        assert!(
            told.contains("privilege-expansion") && told.contains("`iam:PassRole` on anything"),
            "{told}"
        );
        assert!(!told.contains("undecided-policy"), "{told}");
    }
}

#[test]
fn what_is_no_export_is_refused_with_its_file() {
    for (text, says) in [
        ("{", "EOF"),
        ("{}", "neither a policy document"),
        (r#"{"Statement":[{"Effect":"Allow"}]}"#, "the document of `x`: statement 1"),
        (r#"{"Policies":[{"PolicyName":"p"}]}"#, "`Policies[0]` has no `Arn`"),
        (r#"{"Policies":[{"Arn":"a"}]}"#, "`a` has no default version"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("x.json"), text).unwrap();
        let ran = run(&["check", "-", "--policies", folder.path().to_str().unwrap()], plan(ARN).as_bytes());
        assert_eq!(ran.exit, 3, "{text}: {}", ran.stderr);
        assert!(ran.stderr.contains("x.json") && ran.stderr.contains(says), "{text}: {}", ran.stderr);
    }
    let ran = run(&["check", "-", "--policies", "no-such-folder"], plan(ARN).as_bytes());
    assert_eq!(ran.exit, 3, "{}", ran.stderr);
}
