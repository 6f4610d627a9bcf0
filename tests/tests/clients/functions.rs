//! The functions where configurations use them: in preconditions, a check and outputs, of a module and of its caller.

use anyhow::{Context, Result, ensure};
use nhi_tests::process::Outcome;
use nhi_tests::repository::{files, text};
use nhi_tests::sandbox::Sandbox;
use serde_json::Value as Json;

const APPLY: [&str; 3] = ["apply", "-no-color", "-auto-approve"];

pub(crate) fn in_a_module(sandbox: &Sandbox) -> Result<()> {
    sandbox.copy("tests/cases/functions")?;
    sandbox.run(&["init", "-no-color"])?.ended_with(0)?;
    // Part of the policy is unknown until the bucket has its name: no question is answered before.
    let first = sandbox.run(&APPLY)?.ended_with(0)?;
    ensure!(first.stdout.contains("Apply complete! Resources: 2 added"), "{}", first.stdout);
    let more = r#"actions=["s3:GetObject", "s3:PutObjectAcl"]"#;
    for (variables, says) in [
        (&[more][..], "Newly allowed: may now `s3:PutObjectAcl` on "),
        (&[more], "To be reviewed: may now `s3:PutObjectAcl` on "),
        (&[r#"actions=["iam:PassRole"]"#], "Newly allowed: may now `iam:PassRole` on "),
        (
            &[more, "operator=StringSounds"],
            "Newly allowed: undecided, so new access is possible: statement 1: ",
        ),
        (&[r#"before={"Statement": "none"}"#], "Statement: a list is needed"),
        (
            &["before=s3:GetObject"],
            "it is not the text of a policy document; `jsonencode` makes one of an object",
        ),
    ] {
        refused(sandbox, variables, says)?;
    }
    Ok(())
}

/// Answers as a configuration gets them, and errors with the parameter that is to blame.
pub(crate) fn answer_alike_everywhere(sandbox: &Sandbox) -> Result<()> {
    let case = |name: &str| {
        text(&format!("tests/cases/answers/{name}"))?.with_context(|| format!("`{name}` is no text"))
    };
    sandbox.write("main.tf", &case("main.tf")?)?;
    sandbox.run(&["init", "-no-color"])?.ended_with(0)?;
    sandbox.run(&APPLY)?.ended_with(0)?;
    let told = sandbox.run(&["output", "-json", "answers"])?.ended_with(0)?.stdout;
    let (told, expected): (Json, Json) =
        (serde_json::from_str(&told)?, serde_json::from_str(&case("expected.json")?)?);
    ensure!(told == expected, "answered {told:#}\nand not  {expected:#}");
    sandbox.run(&["plan", "-no-color", "-detailed-exitcode"])?.ended_with(0)?;
    for line in case("refused.tsv")?.lines() {
        let (call, says) = line.split_once('\t').context("a line has a call and what is said of it")?;
        sandbox
            .write("refused.tf", &format!("output \"refused\" {{\n  value = provider::nhi::{call}\n}}\n"))?;
        refused(sandbox, &[], says).with_context(|| call.to_owned())?;
    }
    Ok(())
}

/// Every example applies as it is written, and those of preconditions refuse what they are there to refuse.
pub(crate) fn as_the_pages_show_them(sandbox: &Sandbox) -> Result<()> {
    let wider = r#"actions=["s3:GetObject", "s3:PutBucketPolicy"]"#;
    for (name, says) in [
        ("new_access", "The policy allows what was not reviewed: may now `s3:PutBucketPolicy` on "),
        ("within", "The policy leaves its ceiling: may now `s3:PutBucketPolicy` on "),
    ] {
        sandbox.copy(&format!("examples/functions/{name}"))?;
        sandbox.run(&["init", "-no-color"])?.ended_with(0)?;
        sandbox.run(&APPLY)?.ended_with(0)?;
        refused(sandbox, &[wider], says)?;
    }
    for path in files("examples/functions")? {
        let example = text(&path)?.with_context(|| format!("`{path}` is no text"))?;
        sandbox.write("function.tf", &example)?;
        sandbox.run(&["init", "-no-color"])?.ended_with(0)?;
        sandbox.run(&APPLY)?.ended_with(0).with_context(|| path)?;
    }
    sandbox.copy("examples/functions/within")?;
    // What is undecided is no answer: the call itself fails, and says why.
    let policy = r#"{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringSounds":{"aws:PrincipalTag/team":"a"}}}}"#;
    let ask =
        format!("output \"undecided\" {{\n  value = provider::nhi::within({policy:?}, local.ceiling)\n}}\n");
    sandbox.write("undecided.tf", &ask)?;
    refused(
        sandbox,
        &["actions=[]"],
        "whether the policy stays within the ceiling is undecided: statement 1: ",
    )
}

/// A plan with these variables fails and says so.
fn refused(sandbox: &Sandbox, variables: &[&str], says: &str) -> Result<()> {
    let variables: Vec<String> = variables.iter().map(|one| format!("-var={one}")).collect();
    let mut arguments = vec!["plan", "-no-color"];
    arguments.extend(variables.iter().map(String::as_str));
    let plan = sandbox.run(&arguments)?;
    let Outcome { stdout, stderr, .. } = plan.ended_with(1)?;
    // Clients break lines at a width of their own, and put a bar before each.
    let told = format!("{stdout} {stderr}").replace(['│', '╷', '╵'], " ");
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    ensure!(told.contains(says.trim()), "with {variables:?} the client does not say `{says}`:\n{told}");
    Ok(())
}
