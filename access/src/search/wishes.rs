//! Values that a reader recognises, tried before any others: they decide nothing.

/// Actions worth naming, heaviest first.
pub(super) const ACTIONS: &[&str] = &[
    "iam:PutRolePolicy",
    "iam:AttachRolePolicy",
    "iam:CreatePolicyVersion",
    "iam:UpdateAssumeRolePolicy",
    "iam:PassRole",
    "iam:CreateAccessKey",
    "iam:CreateUser",
    "iam:GetRole",
    "sts:AssumeRole",
    "sts:AssumeRoleWithWebIdentity",
    "sts:AssumeRoleWithSAML",
    "secretsmanager:GetSecretValue",
    "ssm:GetParameter",
    "kms:Decrypt",
    "s3:PutBucketPolicy",
    "s3:PutObject",
    "s3:GetObject",
    "s3:DeleteObject",
    "s3:ListBucket",
    "lambda:UpdateFunctionCode",
    "lambda:CreateFunction",
    "lambda:InvokeFunction",
    "ec2:RunInstances",
    "ec2:DescribeInstances",
    "dynamodb:PutItem",
    "dynamodb:GetItem",
    "sqs:SendMessage",
    "sqs:ReceiveMessage",
    "sns:Publish",
    "logs:PutLogEvents",
    "logs:CreateLogStream",
    "ecs:RunTask",
    "ecr:PutImage",
    "ecr:GetDownloadUrlForLayer",
    "cloudformation:CreateStack",
    "sagemaker:CreateTrainingJob",
    "sagemaker:InvokeEndpoint",
    "bedrock:InvokeModel",
    "eks:DescribeCluster",
    "rds:DeleteDBInstance",
    "kms:PutKeyPolicy",
];

pub(super) fn actions() -> Vec<String> {
    ACTIONS.iter().map(|action| action.to_lowercase()).collect()
}

pub(super) fn resources(action: &str, account: &str) -> Vec<String> {
    let service = action.split_once(':').map_or("s3", |(service, _)| service);
    let account = if account.is_empty() { "111122223333" } else { account };
    vec![
        match service {
            "iam" | "sts" => format!("arn:aws:iam::{account}:role/example"),
            "s3" => "arn:aws:s3:::example/example".to_owned(),
            _ => format!("arn:aws:{service}:us-east-1:{account}:example"),
        },
        format!("arn:aws:iam::{account}:role/example"),
        "arn:aws:s3:::example/example".to_owned(),
    ]
}

pub(super) fn principals() -> Vec<String> {
    vec!["AWS:arn:aws:iam::444455556666:role/example".to_owned()]
}

/// A role of the account that a principal pattern names.
pub(super) fn in_account(text: &str) -> Vec<String> {
    text.split(':')
        .filter(|part| part.len() == 12 && part.chars().all(|c| c.is_ascii_digit()))
        .map(|account| format!("AWS:arn:aws:iam::{account}:role/example"))
        .collect()
}

/// Values for a key, in lower case.
pub(super) fn values(key: &str) -> Vec<String> {
    let text: &[&str] = match key {
        "aws:sourceip" => &["203.0.113.7", "10.0.0.7"],
        "aws:multifactorauthpresent" | "aws:securetransport" | "aws:viaawsservice" => &["true", "false"],
        "aws:requestedregion" => &["us-east-1", "eu-west-1"],
        "aws:principalorgid" => &["o-exampleorg"],
        "aws:sourceaccount" | "aws:principalaccount" => &["111122223333", "444455556666"],
        "iam:passedtoservice" => &["lambda.amazonaws.com", "ec2.amazonaws.com"],
        "token.actions.githubusercontent.com:sub" => &[
            "repo:acme/app:ref:refs/heads/main",
            "repo:acme/app:ref:refs/heads/feature",
            "repo:acme/app:pull_request",
        ],
        _ => &["example"],
    };
    text.iter().map(|text| (*text).to_owned()).collect()
}
