//! Paths that only the sum of statements opens: `iam:PassRole` and a service that takes the role.

#![expect(clippy::unwrap_used, reason = "the texts stand right here")]

use nhi_access::dialect::aws::{Element, Item, PolicyKind, parse};
use nhi_access::escalation::new_paths;
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
    told(before, after, if opens { "any" } else { "" });
}

/// Where the new paths lead: `any`, the name of a role, or with `?` before it that it could not be settled.
fn told(before: &[&str], after: &[&str], expected: &str) {
    let paths = new_paths(&world(before), &world(after));
    let mut ends: Vec<String> = paths
        .iter()
        .map(|path| {
            let role = path.role.as_deref().map_or("any", |role| role.rsplit('/').next().unwrap());
            format!("{}{role}", if path.is_sure() { "" } else { "?" })
        })
        .collect();
    ends.sort();
    ends.dedup();
    assert_eq!(ends.join(" "), expected, "{before:?} to {after:?} opens {paths:?}");
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
fn another_service_is_no_path() {
    check(&[TO_TASKS], &[TO_TASKS, FUNCTIONS], false);
}

#[test]
fn a_role_singled_out_is_where_the_path_ends() {
    let some = allow("iam:PassRole", "arn:aws:iam::111122223333:role/app-*");
    told(&[ONE], &[ONE, FUNCTIONS], "task");
    told(&[&some], &[&some, FUNCTIONS], "app-*");
    told(&[ONE, FUNCTIONS], &[ONE, FUNCTIONS, &some], "app-*");
    told(&[&some, FUNCTIONS], &[&some, ONE, FUNCTIONS], "task");
    told(&[ANY, FUNCTIONS], &[ANY, ONE, FUNCTIONS], "");
    told(&[ANY, FUNCTIONS], &[ONE, FUNCTIONS], "");
    told(&[ONE], &[ONE, ANY, FUNCTIONS], "any");
    let other = allow("iam:PassRole", "arn:aws:iam::444455556666:role/task");
    told(&[], &[&other, FUNCTIONS], "");
}

/// Every way to say that a role may be handed to functions, among others.
#[test]
fn the_service_is_one_of_several() {
    let to = |operator: &str, values: &str| {
        format!(
            r#"{{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*",
                "Condition": {{"{operator}": {{"iam:PassedToService": {values}}}}}}}"#
        )
    };
    let lambda_last = to("StringEquals", r#"["ec2.amazonaws.com", "lambda.amazonaws.com"]"#);
    let lambda_first = to("StringEquals", r#"["lambda.amazonaws.com", "zz.amazonaws.com"]"#);
    let like = to("StringLike", r#""*.amazonaws.com""#);
    let but_tasks = to("StringNotEquals", r#""ecs-tasks.amazonaws.com""#);
    let if_exists = to("StringEqualsIfExists", r#"["ec2.amazonaws.com", "lambda.amazonaws.com"]"#);
    let some_value = to("ForAnyValue:StringEquals", r#"["ec2.amazonaws.com", "lambda.amazonaws.com"]"#);
    for passing in [&lambda_last, &lambda_first, &like, &but_tasks, &if_exists, &some_value] {
        check(&[], &[passing, FUNCTIONS], true);
        check(&[passing], &[passing, FUNCTIONS], true);
        check(&[passing, FUNCTIONS], &[passing, FUNCTIONS, CREATE], false);
    }
    let ec2 = to("StringEquals", r#""ec2.amazonaws.com""#);
    let lambda = to("StringEquals", r#""lambda.amazonaws.com""#);
    check(&[&ec2, FUNCTIONS], &[&ec2, &lambda, FUNCTIONS], true);
    check(&[&ec2, FUNCTIONS], &[&lambda, &ec2, FUNCTIONS], true);
    check(&[&lambda_last, FUNCTIONS], &[&ec2, &lambda, FUNCTIONS], false);
    check(&[], &[&to("StringNotLike", r#""lambda.*""#), FUNCTIONS], false);
    check(&[], &[&to("Null", r#""true""#), FUNCTIONS], false);
    let held = r#"{"Effect": "Deny", "Action": "iam:PassRole", "Resource": "*",
        "Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}}"#;
    check(&[], &[ANY, held, FUNCTIONS], false);
}

#[test]
fn paths_open_in_every_partition() {
    let others = [("aws-us-gov", "us-gov-west-1", ""), ("aws-cn", "cn-north-1", ".cn")];
    for (partition, region, suffix) in others {
        let passing = format!(
            r#"{{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "arn:{partition}:iam::111122223333:role/*",
                "Condition": {{"StringEquals": {{"iam:PassedToService": "lambda.amazonaws.com{suffix}"}}}}}}"#
        );
        let code = allow(
            "lambda:UpdateFunctionCode",
            &format!("arn:{partition}:lambda:{region}:111122223333:function:*"),
        );
        for principal in [None, Some(format!("arn:{partition}:iam::111122223333:role/app"))] {
            let there = |statements: &[&str]| World { principal: principal.clone(), ..world(statements) };
            for statements in [&[passing.as_str(), FUNCTIONS][..], &[code.as_str()]] {
                let paths = new_paths(&there(&[]), &there(statements));
                assert!(paths.iter().any(|path| path.is_sure() && path.role.is_none()), "{statements:?}");
            }
        }
    }
}

#[test]
fn what_hangs_on_a_value_nobody_knows_is_neither_open_nor_closed() {
    let named = r#"{"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*",
        "Condition": {"StringEquals": {"iam:PassedToService": "${aws:PrincipalTag/service}"}}}"#;
    told(&[], &[named, FUNCTIONS], "any");
    let mut held = world(&[FUNCTIONS, ANY]);
    let Content::Aws(policy) = &mut held.layers[0].documents[0].content else { unreachable!() };
    policy.statements[1].resource = Element::In(vec![Item::Unknown]);
    let ends = |before: &World, after: &World| {
        let paths = new_paths(before, after);
        paths.iter().map(|path| (path.is_sure(), path.role.clone())).collect::<Vec<_>>()
    };
    let mut lacks = held.clone();
    let Content::Aws(policy) = &mut lacks.layers[0].documents[0].content else { unreachable!() };
    policy.statements.remove(0);
    let open = ends(&lacks, &held);
    assert!(!open.is_empty() && open.iter().all(|path| *path == (false, None)), "{open:?}");
    assert_eq!(ends(&held, &held), []);
    let sure = ends(&held, &world(&[FUNCTIONS, ANY]));
    assert!(!sure.is_empty() && sure.iter().all(|path| *path == (false, None)), "{sure:?}");
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
