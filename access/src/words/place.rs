//! Resources in words, where the words say exactly what the pattern takes; else the pattern itself.

/// A service, how its resource begins, one and several of them. Nothing lies under such a resource that has a name of
/// its own in the same pattern.
const NOUNS: &[(&str, &str, &str, &str)] = &[
    ("iam", "role/", "role", "roles"),
    ("iam", "user/", "user", "users"),
    ("iam", "group/", "group", "groups"),
    ("iam", "policy/", "policy", "policies"),
    ("iam", "instance-profile/", "instance profile", "instance profiles"),
    ("kms", "key/", "KMS key", "KMS keys"),
    ("kms", "alias/", "KMS alias", "KMS aliases"),
    ("lambda", "function:", "Lambda function", "Lambda functions"),
    ("secretsmanager", "secret:", "secret", "secrets"),
    ("ssm", "parameter/", "SSM parameter", "SSM parameters"),
    ("ecr", "repository/", "ECR repository", "ECR repositories"),
    ("ec2", "instance/", "EC2 instance", "EC2 instances"),
    ("sns", "", "SNS topic", "SNS topics"),
    ("sqs", "", "SQS queue", "SQS queues"),
];

/// "any role", "objects of bucket `acme-data`", "anything", or the pattern in backticks.
pub(super) fn words(text: &str) -> String {
    if text == "*" {
        return "anything".to_owned();
    }
    told(text).unwrap_or_else(|| crate::hole::spoken(text))
}

fn told(text: &str) -> Option<String> {
    let mut parts = text.splitn(6, ':');
    let mut next = || parts.next();
    let ("arn", "aws" | "*", service, region, account, name) =
        (next()?, next()?, next()?, next()?, next()?, next()?)
    else {
        return None;
    };
    // A single unknown letter may be a separator, and a variable anything.
    if text.contains(['?', '$']) {
        return None;
    }
    if service == "s3" {
        return if matches!((region, account), ("" | "*", "" | "*")) { bucket(name) } else { None };
    }
    let region = match region {
        "*" => String::new(),
        "" if service == "iam" => String::new(),
        _ if region.is_empty() || region.contains('*') => return None,
        _ => format!(" in `{region}`"),
    };
    let account = match account {
        "*" => String::new(),
        _ if account.is_empty() || account.contains('*') => return None,
        _ => format!(" of account `{account}`"),
    };
    let (name, one, many) = NOUNS.iter().find_map(|(of, start, one, many)| {
        (*of == service).then_some(())?;
        name.strip_prefix(start).map(|name| (name, one, many))
    })?;
    let noun = match name {
        "" => return None,
        "*" => format!("any {one}"),
        _ if name.contains('*') => format!("{many} `{name}`"),
        _ => format!("{one} `{name}`"),
    };
    Some(format!("{noun}{account}{region}"))
}

/// What follows `arn:aws:s3:::`. A star reaches over the slash between a bucket and its objects.
fn bucket(name: &str) -> Option<String> {
    match name.split_once('/') {
        None if name == "*" => Some("any bucket and object".to_owned()),
        None if name.is_empty() => None,
        None => match name.split_once('*') {
            None => Some(format!("bucket `{name}`")),
            Some((_, "")) => Some(format!("buckets `{name}` and their objects")),
            Some(_) => None,
        },
        Some(("*", "*")) => Some("any object".to_owned()),
        Some((bucket, "*")) if bucket.contains('*') => Some(format!("objects of buckets `{bucket}`")),
        Some((bucket, _)) if bucket.is_empty() || bucket.contains('*') => None,
        Some((bucket, "*")) => Some(format!("objects of bucket `{bucket}`")),
        Some((_, "")) => None,
        Some((bucket, key)) if key.contains('*') => Some(format!("objects `{key}` of bucket `{bucket}`")),
        Some((bucket, key)) => Some(format!("object `{key}` of bucket `{bucket}`")),
    }
}
