//! Paths that only the sum of statements opens: `iam:PassRole` and a service that takes the role.

#![expect(clippy::unwrap_used, reason = "the texts stand right here")]

use nhi_access::dialect::aws::{PolicyKind, parse};
use nhi_access::escalation::new_methods;
use nhi_access::{Content, Document, DocumentId, Layer, LayerKind, World};

const ANY: &str = r#"{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*"}"#;
const ACCOUNT: &str =
    r#"{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/*"}"#;
const ONE: &str =
    r#"{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:aws:iam::111122223333:role/task"}"#;
const TO_TASKS: &str = r#"{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*",
    "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}}"#;
const FUNCTIONS: &str =
    r#"{"Effect": "Allow", "Action": ["lambda:CreateFunction", "lambda:InvokeFunction"], "Resource": "*"}"#;
const CREATE: &str = r#"{"Effect": "Allow", "Action": "lambda:CreateFunction", "Resource": "*"}"#;
const NO_PASSING: &str = r#"{"Effect": "Deny", "Action": "iam:PassRole", "Resource": "*"}"#;
const ALL: &str = r#"{"Effect": "Allow", "Action": "*", "Resource": "*"}"#;

fn world(statements: &[&str]) -> World {
    let text = format!(r#"{{"Version": "2012-10-17", "Statement": [{}]}}"#, statements.join(","));
    let policy = parse(&text, PolicyKind::Identity).unwrap();
    let document = Document { id: DocumentId("app".to_owned()), content: Content::Aws(policy) };
    World {
        principal: Some("arn:aws:iam::111122223333:role/app".to_owned()),
        account: Some("111122223333".to_owned()),
        layers: vec![Layer { kind: LayerKind::Identity, documents: vec![document] }],
        ..World::default()
    }
}

fn check(before: &[&str], after: &[&str], opens: bool) {
    let paths = new_methods(&world(before), &world(after));
    assert_eq!(!paths.is_empty(), opens, "{before:?} to {after:?} opens {paths:?}");
}

#[test]
fn a_path_is_new_when_its_last_step_is() {
    check(&[ANY], &[ANY, FUNCTIONS], true);
    check(&[FUNCTIONS], &[FUNCTIONS, ANY], true);
    check(&[CREATE], &[FUNCTIONS, ACCOUNT], true);
    check(&[ANY, FUNCTIONS, NO_PASSING], &[ANY, FUNCTIONS], true);
}

#[test]
fn nothing_opens_where_a_step_lacks_or_the_path_was_open() {
    check(&[], &[ANY], false);
    check(&[], &[ANY, CREATE], false);
    check(&[ANY, FUNCTIONS], &[ANY, FUNCTIONS, CREATE], false);
    check(&[ALL], &[ALL, ANY, FUNCTIONS], false);
    check(&[ANY], &[ANY, FUNCTIONS, NO_PASSING], false);
}

#[test]
fn a_role_singled_out_or_another_service_is_no_path() {
    check(&[ONE], &[ONE, FUNCTIONS], false);
    check(&[TO_TASKS], &[TO_TASKS, FUNCTIONS], false);
}

#[test]
fn every_method_opens_with_all_its_steps_and_with_none_missing() {
    let own = [
        "iam:PutRolePolicy",
        "iam:CreatePolicyVersion",
        "iam:AddUserToGroup",
        "iam:CreateAccessKey",
        "iam:UpdateLoginProfile",
        "iam:UpdateAssumeRolePolicy",
        "lambda:UpdateFunctionCode",
        "ssm:SendCommand",
        "ssm:StartSession",
        "cloudformation:UpdateStack",
        "sagemaker:CreatePresignedNotebookInstanceUrl",
    ];
    for action in own {
        check(&[], &[&allow(action, "*")], true);
    }
    let several: [&[&str]; 6] = [
        &["cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"],
        &["ecs:ExecuteCommand", "ecs:DescribeTasks"],
        &["ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"],
        &["iam:PassRole", "glue:CreateJob", "glue:CreateTrigger"],
        &[
            "iam:PassRole",
            "datapipeline:CreatePipeline",
            "datapipeline:PutPipelineDefinition",
            "datapipeline:ActivatePipeline",
        ],
        &["iam:PassRole", "cloudformation:CreateStackSet", "cloudformation:CreateStackInstances"],
    ];
    for steps in several {
        let all: Vec<String> = steps.iter().map(|step| allow(step, "*")).collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        check(&[], &all, true);
        for at in 0..all.len() {
            let less: Vec<&str> =
                all.iter().enumerate().filter(|(own, _)| *own != at).map(|(_, one)| *one).collect();
            check(&[], &less, false);
            check(&less, &all, true);
        }
    }
}

#[test]
fn what_is_singled_out_leads_nowhere_else() {
    check(&[], &[&allow("lambda:UpdateFunctionCode", "arn:aws:lambda:*:*:function:web-*")], false);
    check(&[], &[&allow("iam:CreateAccessKey", "arn:aws:iam::*:user/ci/*")], false);
    check(
        &[],
        &[&allow("codebuild:StartBuild", "arn:aws:codebuild:eu-west-1:111122223333:project/site")],
        false,
    );
}

fn allow(action: &str, resource: &str) -> String {
    format!(r#"{{"Effect": "Allow", "Action": "{action}", "Resource": "{resource}"}}"#)
}
