//! What is known of an attribute before it is known: its shape by the type of its resource, and by the names planned.

use nhi_access::Shape;
use nhi_access::hole::OWN_ACCOUNT;
use nhi_analyzer_input::Value;
use nhi_analyzer_input::configuration::Expression;
use nhi_analyzer_input::rebuild::Reference;
use nhi_analyzer_model::{Address, Mode, Step};

use crate::aws::identity::Identities;
use crate::moments::Moments;
use crate::value::{get, path, text};

/// A resource type, an attribute of it, the value with its parts, and the attribute that holds the name in it.
///
/// `{p}` is the partition, `{r}` the region, `{a}` the account, `{n}` the name, `{/n}` the name behind the path. What
/// of these is not known may be any text without `:` and `/`. The name of a resource may be planned by its prefix.
const SHAPES: &[(&str, &str, &str, &str)] = &[
    ("aws_s3_bucket", "arn", "arn:{p}:s3:::{n}", "bucket"),
    ("aws_s3_bucket", "id", "{n}", "bucket"),
    ("aws_s3_bucket", "bucket", "{n}", "bucket"),
    ("aws_iam_role", "arn", "arn:{p}:iam::{a}:role{/n}", "name"),
    ("aws_iam_role", "name", "{n}", "name"),
    ("aws_iam_role", "id", "{n}", "name"),
    ("aws_iam_user", "arn", "arn:{p}:iam::{a}:user{/n}", "name"),
    ("aws_iam_user", "name", "{n}", "name"),
    ("aws_iam_user", "id", "{n}", "name"),
    ("aws_iam_group", "arn", "arn:{p}:iam::{a}:group{/n}", "name"),
    ("aws_iam_group", "name", "{n}", "name"),
    ("aws_iam_policy", "arn", "arn:{p}:iam::{a}:policy{/n}", "name"),
    ("aws_iam_policy", "id", "arn:{p}:iam::{a}:policy{/n}", "name"),
    ("aws_iam_instance_profile", "arn", "arn:{p}:iam::{a}:instance-profile{/n}", "name"),
    ("aws_iam_openid_connect_provider", "arn", "arn:{p}:iam::{a}:oidc-provider/**", ""),
    ("aws_iam_openid_connect_provider", "id", "arn:{p}:iam::{a}:oidc-provider/**", ""),
    ("aws_iam_saml_provider", "arn", "arn:{p}:iam::{a}:saml-provider/{n}", "name"),
    ("aws_sqs_queue", "arn", "arn:{p}:sqs:{r}:{a}:{n}", "name"),
    ("aws_sqs_queue", "name", "{n}", "name"),
    ("aws_sns_topic", "arn", "arn:{p}:sns:{r}:{a}:{n}", "name"),
    ("aws_sns_topic", "id", "arn:{p}:sns:{r}:{a}:{n}", "name"),
    ("aws_sns_topic", "name", "{n}", "name"),
    ("aws_dynamodb_table", "arn", "arn:{p}:dynamodb:{r}:{a}:table/{n}", "name"),
    ("aws_dynamodb_table", "name", "{n}", "name"),
    ("aws_dynamodb_table", "id", "{n}", "name"),
    ("aws_lambda_function", "arn", "arn:{p}:lambda:{r}:{a}:function:{n}", "function_name"),
    ("aws_lambda_function", "function_name", "{n}", "function_name"),
    ("aws_kms_key", "arn", "arn:{p}:kms:{r}:{a}:key/*", ""),
    ("aws_kms_key", "key_id", "*", ""),
    ("aws_kms_key", "id", "*", ""),
    ("aws_kms_alias", "arn", "arn:{p}:kms:{r}:{a}:alias/**", ""),
    ("aws_secretsmanager_secret", "arn", "arn:{p}:secretsmanager:{r}:{a}:secret:**", ""),
    ("aws_secretsmanager_secret", "id", "arn:{p}:secretsmanager:{r}:{a}:secret:**", ""),
    ("aws_ssm_parameter", "arn", "arn:{p}:ssm:{r}:{a}:parameter/**", ""),
    ("aws_cloudwatch_log_group", "arn", "arn:{p}:logs:{r}:{a}:log-group:**", ""),
    ("aws_ecr_repository", "arn", "arn:{p}:ecr:{r}:{a}:repository/**", ""),
    ("aws_kinesis_stream", "arn", "arn:{p}:kinesis:{r}:{a}:stream/{n}", "name"),
    ("aws_kinesis_firehose_delivery_stream", "arn", "arn:{p}:firehose:{r}:{a}:deliverystream/{n}", "name"),
    ("aws_ecs_cluster", "arn", "arn:{p}:ecs:{r}:{a}:cluster/{n}", "name"),
    ("aws_ecs_cluster", "id", "arn:{p}:ecs:{r}:{a}:cluster/{n}", "name"),
    ("aws_eks_cluster", "arn", "arn:{p}:eks:{r}:{a}:cluster/{n}", "name"),
    ("aws_db_instance", "arn", "arn:{p}:rds:{r}:{a}:db:*", ""),
    ("aws_rds_cluster", "arn", "arn:{p}:rds:{r}:{a}:cluster:*", ""),
    ("aws_efs_file_system", "arn", "arn:{p}:elasticfilesystem:{r}:{a}:file-system/*", ""),
    ("aws_sfn_state_machine", "arn", "arn:{p}:states:{r}:{a}:stateMachine:{n}", "name"),
    ("aws_sfn_state_machine", "id", "arn:{p}:states:{r}:{a}:stateMachine:{n}", "name"),
    ("aws_cloudwatch_event_bus", "arn", "arn:{p}:events:{r}:{a}:event-bus/**", ""),
    ("aws_cloudwatch_event_rule", "arn", "arn:{p}:events:{r}:{a}:rule/**", ""),
    ("aws_cloudwatch_metric_alarm", "arn", "arn:{p}:cloudwatch:{r}:{a}:alarm:{n}", "alarm_name"),
    ("aws_api_gateway_rest_api", "execution_arn", "arn:{p}:execute-api:{r}:{a}:*", ""),
    ("aws_apigatewayv2_api", "execution_arn", "arn:{p}:execute-api:{r}:{a}:*", ""),
    ("aws_cloudfront_distribution", "arn", "arn:{p}:cloudfront::{a}:distribution/*", ""),
    (
        "aws_cloudfront_origin_access_identity",
        "iam_arn",
        "arn:{p}:iam::cloudfront:user/CloudFront Origin Access Identity *",
        "",
    ),
    ("aws_codebuild_project", "arn", "arn:{p}:codebuild:{r}:{a}:project/{n}", "name"),
    ("aws_cognito_user_pool", "arn", "arn:{p}:cognito-idp:{r}:{a}:userpool/*", ""),
    ("aws_opensearch_domain", "arn", "arn:{p}:es:{r}:{a}:domain/{n}", "domain_name"),
    ("aws_organizations_organization", "id", "o-*", ""),
    ("aws_vpc", "id", "vpc-*", ""),
    ("aws_vpc_endpoint", "id", "vpce-*", ""),
    ("aws_caller_identity", "account_id", "{a}", ""),
    ("aws_partition", "partition", "{p}", ""),
    ("aws_region", "name", "{r}", ""),
    ("aws_region", "region", "{r}", ""),
    ("aws_region", "id", "{r}", ""),
    ("random_id", "hex", "*", ""),
    ("random_id", "dec", "*", ""),
    ("random_uuid", "result", "*", ""),
    ("random_uuid", "id", "*", ""),
];

/// What a reference comes to.
pub(crate) enum Known {
    /// This very text.
    Exactly(String),
    /// Any text of this shape; nothing where the table does not know the attribute.
    Like(Option<Shape>),
}

/// The shape of the attribute that a reference names.
///
/// What `place` uses to reach the platform reaches its own account.
pub(crate) fn shape(
    (moments, identities): (&Moments<'_>, &Identities),
    place: Option<&Address>,
    reference: &Reference,
) -> Known {
    let (Some(address), Some(attribute)) = (&reference.resource, &reference.attribute) else {
        return Known::Like(None);
    };
    let [Step::Name(attribute)] = attribute.0.as_slice() else { return Known::Like(None) };
    let data = ["aws_caller_identity", "aws_partition", "aws_region"].contains(&address.kind.as_str());
    if (address.mode == Mode::Data) != data {
        return Known::Like(None);
    }
    let row = SHAPES.iter().find(|(kind, name, ..)| *kind == address.kind && name == attribute);
    let Some((_, _, pattern, name)) = row else { return Known::Like(None) };
    let home = identities.home_of(moments, address);
    let partition = match &home {
        Some(home) => home.partition.clone(),
        None => Identities::partition(moments).unwrap_or_else(|| "*".to_owned()),
    };
    let key = |address: &Address| moments.plan.configuration.provider_key(address);
    let own = place.and_then(key).is_some_and(|own| key(address) == Some(own));
    let account = match &home {
        Some(home) => home.account.as_str(),
        None if own => OWN_ACCOUNT,
        None => "????????????",
    };
    let named = named(moments, address, name);
    let filled = pattern
        .replace("{p}", &partition)
        .replace("{r}", &region(moments, address))
        .replace("{a}", account)
        .replace("{/n}", &named.below)
        .replace("{n}", &named.name);
    let open = filled.contains(['*', '?']) || filled.contains(OWN_ACCOUNT);
    if open { Known::Like(Some(Shape::Like(filled))) } else { Known::Exactly(filled) }
}

/// The region as its provider configuration says it, or the resource itself.
fn region(moments: &Moments<'_>, address: &Address) -> String {
    let change = moments.plan.changes.iter().find(|change| change.address == *address && !change.deposed);
    let planned = change.map(|change| change.after_of(&["region"]));
    let own = planned.as_ref().and_then(|planned| text(get(planned, "region")));
    let of_provider = || match moments.plan.configuration.provider_expression(address, &path("region")) {
        Expression::Constant(Value::String(region)) => Some(region),
        _ => None,
    };
    let region = own.map(str::to_owned).or_else(of_provider);
    let plain = |region: &String| {
        !region.is_empty() && region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    region.filter(plain).unwrap_or_else(|| "*".to_owned())
}

struct Named {
    name: String,
    below: String,
}

/// The name as planned, and the name behind its path.
fn named(moments: &Moments<'_>, address: &Address, attribute: &str) -> Named {
    let change = moments.plan.changes.iter().find(|change| change.address == *address && !change.deposed);
    let prefix = if attribute == "bucket" { "bucket_prefix" } else { "name_prefix" };
    let planned = change.map(|change| change.after_of(&[attribute, prefix, "path"]));
    let plain = |text: &&str| !text.contains(['*', '?', '$', ' ', ':']);
    let of = |name: &str| planned.as_ref().and_then(|planned| text(get(planned, name))).filter(plain);
    let name = match (of(attribute), of(prefix)) {
        _ if attribute.is_empty() => "*".to_owned(),
        (Some(name), _) => name.to_owned(),
        (None, Some(prefix)) => format!("{prefix}*"),
        (None, None) => "*".to_owned(),
    };
    let path = match planned.as_ref().map(|planned| get(planned, "path")) {
        Some(Value::String(path)) if plain(&path.as_str()) && path.ends_with('/') => Some(path.as_str()),
        Some(Value::Null) => Some("/"),
        _ => None,
    };
    let below = path.map_or_else(|| "/**".to_owned(), |path| format!("{path}{name}"));
    Named { name, below }
}
