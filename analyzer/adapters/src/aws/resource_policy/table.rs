//! The types with policies on resources: what such a policy speaks of, and which resource carries it in which attribute.

use nhi_analyzer_model::Guard;

use crate::kinds::{Kind, Reading};

/// A type that a policy of its own may speak of.
#[derive(Debug)]
pub(crate) struct Target {
    /// The type.
    pub(crate) kind: &'static str,
    /// What a reader calls it.
    pub(crate) noun: &'static str,
    /// How its policy counts.
    pub(crate) guard: Guard,
    /// The attributes by which a reader and other resources name it, the one to show first.
    pub(crate) names: &'static [&'static str],
    /// Its ARN where the attribute does not tell; `{name}` is its name. Empty where a region would be needed.
    pub(crate) arn: &'static str,
    /// The attribute of its own that may hold the policy, or shows the one that another resource declares.
    pub(crate) own: &'static [&'static str],
}

/// A type that carries a policy, or one statement of it, to a target.
pub(crate) struct Carrier {
    /// The type.
    pub(crate) kind: &'static str,
    /// The type of the target.
    pub(crate) target: &'static str,
    /// The attributes that name the target; empty: it is the account itself.
    pub(crate) by: &'static [&'static str],
    /// What it carries.
    pub(crate) what: What,
}

/// What a resource carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// A policy text in this attribute.
    Text(&'static [&'static str]),
    /// One statement, made of these attributes.
    Statement(Form, &'static [&'static str]),
}

/// How a statement is made of attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `action`, `principal`, and what narrows it.
    Permission,
    /// A grant of KMS: `operations` for `grantee_principal`.
    KeyGrant,
    /// `action` for `principal`, under one `condition` block.
    EventBus,
}

const POLICY: &[&str] = &["policy"];
const NAME: &[&str] = &["name", "id", "arn"];

const fn target(
    kind: &'static str,
    noun: &'static str,
    names: &'static [&'static str],
    own: &'static [&'static str],
) -> Target {
    Target { kind, noun, guard: Guard::Beside, names, arn: "", own }
}

const fn key(kind: &'static str, noun: &'static str, names: &'static [&'static str]) -> Target {
    Target { guard: Guard::Alone, ..target(kind, noun, names, POLICY) }
}

/// What policies speak of.
pub(crate) const TARGETS: &[Target] = &[
    Target {
        arn: "arn:aws:s3:::{name}",
        ..target("aws_s3_bucket", "bucket", &["bucket", "id", "arn"], POLICY)
    },
    target("aws_s3_directory_bucket", "bucket", &["bucket", "id", "arn"], &[]),
    target("aws_s3_access_point", "access point", NAME, POLICY),
    target("aws_s3control_object_lambda_access_point", "access point", NAME, &[]),
    target("aws_s3control_bucket", "bucket", &["bucket", "id", "arn"], &[]),
    target("aws_s3tables_table_bucket", "table bucket", &["name", "arn"], &[]),
    target("aws_s3tables_table", "table", &["name", "arn"], &[]),
    target("aws_sqs_queue", "queue", &["name", "id", "url", "arn"], POLICY),
    target("aws_sns_topic", "topic", NAME, POLICY),
    key("aws_kms_key", "key", &["key_id", "id", "arn"]),
    key("aws_kms_external_key", "key", &["id", "arn"]),
    key("aws_kms_replica_key", "key", &["key_id", "id", "arn"]),
    key("aws_kms_replica_external_key", "key", &["key_id", "id", "arn"]),
    target("aws_lambda_function", "function", &["function_name", "id", "arn", "qualified_arn"], &[]),
    target("aws_lambda_layer_version", "layer", &["layer_name", "layer_arn", "arn", "id"], &[]),
    target("aws_secretsmanager_secret", "secret", NAME, POLICY),
    target("aws_ecr_repository", "repository", NAME, &[]),
    target("aws_ecrpublic_repository", "public repository", &["repository_name", "id", "arn"], &[]),
    target("aws_opensearch_domain", "search domain", &["domain_name", "id", "arn"], &["access_policies"]),
    target("aws_elasticsearch_domain", "search domain", &["domain_name", "id", "arn"], &["access_policies"]),
    target("aws_dynamodb_table", "table", &["name", "id", "arn", "stream_arn"], &[]),
    target("aws_efs_file_system", "file system", &["id", "arn"], &[]),
    target("aws_glacier_vault", "vault", NAME, &["access_policy"]),
    target("aws_backup_vault", "backup vault", NAME, &[]),
    target("aws_api_gateway_rest_api", "REST API", &["name", "id", "arn"], POLICY),
    target("aws_cloudwatch_event_bus", "event bus", NAME, &[]),
    target("aws_cloudwatch_log_destination", "log destination", NAME, &[]),
    target("aws_codeartifact_domain", "package domain", &["domain", "id", "arn"], &[]),
    target("aws_codeartifact_repository", "package repository", &["repository", "id", "arn"], &[]),
    target("aws_kinesis_stream", "stream", NAME, &[]),
    target("aws_media_store_container", "media container", NAME, &[]),
    target("aws_msk_cluster", "Kafka cluster", &["cluster_name", "id", "arn"], &[]),
    target("aws_ses_domain_identity", "mail identity", &["domain", "id", "arn"], &[]),
    target("aws_sesv2_email_identity", "mail identity", &["email_identity", "id", "arn"], &[]),
    target("aws_schemas_registry", "schema registry", NAME, &[]),
    target("aws_signer_signing_profile", "signing profile", NAME, &[]),
    target("aws_vpclattice_service", "lattice service", NAME, &[]),
    target("aws_acmpca_certificate_authority", "certificate authority", &["id", "arn"], &[]),
    target("aws_oam_sink", "monitoring sink", NAME, &[]),
    Target { guard: Guard::Cap, ..target("aws_vpc_endpoint", "endpoint", &["id", "arn"], POLICY) },
    Target {
        guard: Guard::Organisation,
        ..target("aws_organizations_policy", "organisation policy", &["name", "id", "type"], &["content"])
    },
    // No resource of a plan: an account has one of each, or a list of them.
    target("ecr registry", "container registry", &[], &[]),
    target("log policies", "logs", &[], &[]),
    target("trace policies", "traces", &[], &[]),
    target("glue catalog", "data catalog", &[], &[]),
    target("resource", "resource", &[], &[]),
    target("organization", "organisation", &[], &[]),
];

const fn text(kind: &'static str, target: &'static str, by: &'static [&'static str]) -> Carrier {
    Carrier { kind, target, by, what: What::Text(POLICY) }
}

const fn in_attribute(
    kind: &'static str,
    target: &'static str,
    by: &'static [&'static str],
    attribute: &'static [&'static str],
) -> Carrier {
    Carrier { kind, target, by, what: What::Text(attribute) }
}

const PERMISSION: &[&str] = &[
    "action",
    "principal",
    "principal_org_id",
    "organization_id",
    "source_arn",
    "source_account",
    "function_url_auth_type",
    "event_source_token",
];

/// What carries them, beside the targets themselves.
pub(crate) const CARRIERS: &[Carrier] = &[
    text("aws_s3_bucket_policy", "aws_s3_bucket", &["bucket"]),
    in_attribute("aws_s3control_access_point_policy", "aws_s3_access_point", &["access_point_arn"], POLICY),
    text(
        "aws_s3control_object_lambda_access_point_policy",
        "aws_s3control_object_lambda_access_point",
        &["name"],
    ),
    text("aws_s3control_bucket_policy", "aws_s3control_bucket", &["bucket"]),
    in_attribute(
        "aws_s3tables_table_bucket_policy",
        "aws_s3tables_table_bucket",
        &["table_bucket_arn"],
        &["resource_policy"],
    ),
    in_attribute(
        "aws_s3tables_table_policy",
        "aws_s3tables_table",
        &["table_bucket_arn", "namespace", "name"],
        &["resource_policy"],
    ),
    text("aws_sqs_queue_policy", "aws_sqs_queue", &["queue_url"]),
    text("aws_sns_topic_policy", "aws_sns_topic", &["arn"]),
    text("aws_kms_key_policy", "aws_kms_key", &["key_id"]),
    Carrier {
        kind: "aws_kms_grant",
        target: "aws_kms_key",
        by: &["key_id"],
        what: What::Statement(Form::KeyGrant, &["grantee_principal", "operations", "constraints"]),
    },
    Carrier {
        kind: "aws_lambda_permission",
        target: "aws_lambda_function",
        by: &["function_name", "qualifier"],
        what: What::Statement(Form::Permission, PERMISSION),
    },
    Carrier {
        kind: "aws_lambda_layer_version_permission",
        target: "aws_lambda_layer_version",
        by: &["layer_name", "version_number"],
        what: What::Statement(Form::Permission, PERMISSION),
    },
    Carrier {
        kind: "aws_signer_signing_profile_permission",
        target: "aws_signer_signing_profile",
        by: &["profile_name", "profile_version"],
        what: What::Statement(Form::Permission, PERMISSION),
    },
    text("aws_secretsmanager_secret_policy", "aws_secretsmanager_secret", &["secret_arn"]),
    text("aws_ecr_repository_policy", "aws_ecr_repository", &["repository"]),
    text("aws_ecr_registry_policy", "ecr registry", &[]),
    text("aws_ecrpublic_repository_policy", "aws_ecrpublic_repository", &["repository_name"]),
    in_attribute(
        "aws_opensearch_domain_policy",
        "aws_opensearch_domain",
        &["domain_name"],
        &["access_policies"],
    ),
    in_attribute(
        "aws_elasticsearch_domain_policy",
        "aws_elasticsearch_domain",
        &["domain_name"],
        &["access_policies"],
    ),
    text("aws_dynamodb_resource_policy", "aws_dynamodb_table", &["resource_arn"]),
    text("aws_efs_file_system_policy", "aws_efs_file_system", &["file_system_id"]),
    text("aws_backup_vault_policy", "aws_backup_vault", &["backup_vault_name"]),
    text("aws_api_gateway_rest_api_policy", "aws_api_gateway_rest_api", &["rest_api_id"]),
    text("aws_cloudwatch_event_bus_policy", "aws_cloudwatch_event_bus", &["event_bus_name"]),
    Carrier {
        kind: "aws_cloudwatch_event_permission",
        target: "aws_cloudwatch_event_bus",
        by: &["event_bus_name"],
        what: What::Statement(Form::EventBus, &["action", "principal", "condition"]),
    },
    in_attribute("aws_cloudwatch_log_resource_policy", "log policies", &[], &["policy_document"]),
    in_attribute(
        "aws_cloudwatch_log_destination_policy",
        "aws_cloudwatch_log_destination",
        &["destination_name"],
        &["access_policy"],
    ),
    in_attribute("aws_xray_resource_policy", "trace policies", &[], &["policy_document"]),
    in_attribute(
        "aws_codeartifact_domain_permissions_policy",
        "aws_codeartifact_domain",
        &["domain"],
        &["policy_document"],
    ),
    in_attribute(
        "aws_codeartifact_repository_permissions_policy",
        "aws_codeartifact_repository",
        &["repository", "domain"],
        &["policy_document"],
    ),
    text("aws_glue_resource_policy", "glue catalog", &[]),
    text("aws_kinesis_resource_policy", "aws_kinesis_stream", &["resource_arn"]),
    text("aws_media_store_container_policy", "aws_media_store_container", &["container_name"]),
    text("aws_msk_cluster_policy", "aws_msk_cluster", &["cluster_arn"]),
    text("aws_ses_identity_policy", "aws_ses_domain_identity", &["identity"]),
    text("aws_sesv2_email_identity_policy", "aws_sesv2_email_identity", &["email_identity"]),
    text("aws_schemas_registry_policy", "aws_schemas_registry", &["registry_name"]),
    text("aws_vpc_endpoint_policy", "aws_vpc_endpoint", &["vpc_endpoint_id"]),
    text("aws_vpclattice_auth_policy", "aws_vpclattice_service", &["resource_identifier"]),
    text("aws_acmpca_policy", "aws_acmpca_certificate_authority", &["resource_arn"]),
    text("aws_oam_sink_policy", "aws_oam_sink", &["sink_identifier"]),
    // Of several types: told by what they name.
    text("aws_codebuild_resource_policy", "resource", &["resource_arn"]),
    text("aws_networkfirewall_resource_policy", "resource", &["resource_arn"]),
    text("aws_redshift_resource_policy", "resource", &["resource_arn"]),
    text("aws_redshiftserverless_resource_policy", "resource", &["resource_arn"]),
    text("aws_vpclattice_resource_policy", "resource", &["resource_arn"]),
    in_attribute("aws_organizations_resource_policy", "organization", &[], &["content"]),
];

/// The target of a type.
pub(crate) fn target_of(kind: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|one| one.kind == kind)
}

/// The carrier of a type.
pub(crate) fn carrier_of(kind: &str) -> Option<&'static Carrier> {
    CARRIERS.iter().find(|one| one.kind == kind)
}

/// Whether a type carries a policy of a resource: in itself, or to another.
pub(crate) fn carries(kind: &str) -> bool {
    carrier_of(kind).is_some() || target_of(kind).is_some_and(|target| !target.own.is_empty())
}

/// What a type is read for.
pub(crate) fn reading_of(kind: &str) -> Option<Reading> {
    if let Some(target) = target_of(kind) {
        return Some(Reading { kind: Kind::Target, links: target.names, rest: target.own });
    }
    let carrier = carrier_of(kind)?;
    let (What::Text(rest) | What::Statement(_, rest)) = carrier.what;
    Some(Reading { kind: Kind::Carrier, links: carrier.by, rest })
}
