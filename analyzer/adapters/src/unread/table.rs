//! Types that carry grants and that no adapter reads, with the attribute that does.

/// Where the grant of a type stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// The resource is nothing but a grant.
    Whole,
    /// A policy text; without one, the type grants nothing.
    Policy(&'static str),
}

/// By type.
pub(crate) const TYPES: &[(&str, Carrier)] = &[
    ("aws_s3_bucket", Carrier::Policy("policy")),
    ("aws_s3_bucket_policy", Carrier::Policy("policy")),
    ("aws_s3_access_point", Carrier::Policy("policy")),
    ("aws_s3control_access_point_policy", Carrier::Policy("policy")),
    ("aws_s3control_bucket_policy", Carrier::Policy("policy")),
    ("aws_s3_bucket_acl", Carrier::Whole),
    ("aws_sqs_queue", Carrier::Policy("policy")),
    ("aws_sqs_queue_policy", Carrier::Policy("policy")),
    ("aws_sns_topic", Carrier::Policy("policy")),
    ("aws_sns_topic_policy", Carrier::Policy("policy")),
    ("aws_kms_key", Carrier::Policy("policy")),
    ("aws_kms_external_key", Carrier::Policy("policy")),
    ("aws_kms_replica_key", Carrier::Policy("policy")),
    ("aws_kms_key_policy", Carrier::Policy("policy")),
    ("aws_kms_grant", Carrier::Whole),
    ("aws_secretsmanager_secret", Carrier::Policy("policy")),
    ("aws_secretsmanager_secret_policy", Carrier::Policy("policy")),
    ("aws_ecr_repository_policy", Carrier::Policy("policy")),
    ("aws_ecr_registry_policy", Carrier::Policy("policy")),
    ("aws_ecrpublic_repository_policy", Carrier::Policy("policy")),
    ("aws_lambda_permission", Carrier::Whole),
    ("aws_lambda_layer_version_permission", Carrier::Whole),
    ("aws_lambda_function_url", Carrier::Whole),
    ("aws_api_gateway_rest_api_policy", Carrier::Policy("policy")),
    ("aws_backup_vault_policy", Carrier::Policy("policy")),
    ("aws_cloudwatch_event_bus_policy", Carrier::Policy("policy")),
    ("aws_cloudwatch_event_permission", Carrier::Whole),
    ("aws_cloudwatch_log_resource_policy", Carrier::Policy("policy_document")),
    ("aws_cloudwatch_log_destination_policy", Carrier::Policy("access_policy")),
    ("aws_codeartifact_domain_permissions_policy", Carrier::Policy("policy_document")),
    ("aws_codeartifact_repository_permissions_policy", Carrier::Policy("policy_document")),
    ("aws_codebuild_resource_policy", Carrier::Policy("policy")),
    ("aws_dynamodb_resource_policy", Carrier::Policy("policy")),
    ("aws_efs_file_system_policy", Carrier::Policy("policy")),
    ("aws_elasticsearch_domain_policy", Carrier::Policy("access_policies")),
    ("aws_opensearch_domain_policy", Carrier::Policy("access_policies")),
    ("aws_glacier_vault", Carrier::Policy("access_policy")),
    ("aws_glue_resource_policy", Carrier::Policy("policy")),
    ("aws_iot_policy", Carrier::Policy("policy")),
    ("aws_iot_policy_attachment", Carrier::Whole),
    ("aws_kinesis_resource_policy", Carrier::Policy("policy")),
    ("aws_media_store_container_policy", Carrier::Policy("policy")),
    ("aws_msk_cluster_policy", Carrier::Policy("policy")),
    ("aws_networkfirewall_resource_policy", Carrier::Policy("policy")),
    ("aws_redshift_resource_policy", Carrier::Policy("policy")),
    ("aws_redshiftserverless_resource_policy", Carrier::Policy("policy")),
    ("aws_s3tables_table_bucket_policy", Carrier::Policy("resource_policy")),
    ("aws_s3tables_table_policy", Carrier::Policy("resource_policy")),
    ("aws_schemas_registry_policy", Carrier::Policy("policy")),
    ("aws_sesv2_email_identity_policy", Carrier::Policy("policy")),
    ("aws_ses_identity_policy", Carrier::Policy("policy")),
    ("aws_transfer_user", Carrier::Policy("policy")),
    ("aws_vpc_endpoint", Carrier::Policy("policy")),
    ("aws_vpc_endpoint_policy", Carrier::Policy("policy")),
    ("aws_vpclattice_auth_policy", Carrier::Policy("policy")),
    ("aws_vpclattice_resource_policy", Carrier::Policy("policy")),
    ("aws_iam_service_linked_role", Carrier::Whole),
    ("aws_iam_saml_provider", Carrier::Whole),
    ("aws_rolesanywhere_trust_anchor", Carrier::Whole),
    ("aws_rolesanywhere_profile", Carrier::Whole),
    ("aws_eks_access_entry", Carrier::Whole),
    ("aws_eks_access_policy_association", Carrier::Whole),
    ("aws_eks_pod_identity_association", Carrier::Whole),
    ("aws_cognito_identity_pool_roles_attachment", Carrier::Whole),
    ("aws_ssoadmin_account_assignment", Carrier::Whole),
    ("aws_ssoadmin_managed_policy_attachment", Carrier::Whole),
    ("aws_ssoadmin_customer_managed_policy_attachment", Carrier::Whole),
    ("aws_ssoadmin_permission_set_inline_policy", Carrier::Policy("inline_policy")),
    ("aws_ssoadmin_permissions_boundary_attachment", Carrier::Whole),
    ("aws_organizations_policy", Carrier::Policy("content")),
    ("aws_organizations_policy_attachment", Carrier::Whole),
    ("aws_organizations_resource_policy", Carrier::Policy("content")),
    ("aws_lakeformation_permissions", Carrier::Whole),
    ("aws_ram_principal_association", Carrier::Whole),
    ("aws_ram_resource_association", Carrier::Whole),
    ("azurerm_role_assignment", Carrier::Whole),
    ("azurerm_role_definition", Carrier::Whole),
    ("azurerm_pim_active_role_assignment", Carrier::Whole),
    ("azurerm_pim_eligible_role_assignment", Carrier::Whole),
    ("azurerm_federated_identity_credential", Carrier::Whole),
    ("azurerm_key_vault_access_policy", Carrier::Whole),
    ("azurerm_cosmosdb_sql_role_assignment", Carrier::Whole),
    ("azuread_app_role_assignment", Carrier::Whole),
    ("azuread_application_federated_identity_credential", Carrier::Whole),
    ("azuread_application_flexible_federated_identity_credential", Carrier::Whole),
    ("azuread_directory_role_assignment", Carrier::Whole),
    ("azuread_directory_role_eligibility_schedule_request", Carrier::Whole),
    ("azuread_group_member", Carrier::Whole),
    ("azuread_service_principal_delegated_permission_grant", Carrier::Whole),
    ("google_iam_workload_identity_pool_provider", Carrier::Whole),
    ("google_project_iam_custom_role", Carrier::Whole),
    ("google_organization_iam_custom_role", Carrier::Whole),
    ("kubernetes_role", Carrier::Whole),
    ("kubernetes_role_v1", Carrier::Whole),
    ("kubernetes_cluster_role", Carrier::Whole),
    ("kubernetes_cluster_role_v1", Carrier::Whole),
    ("kubernetes_role_binding", Carrier::Whole),
    ("kubernetes_role_binding_v1", Carrier::Whole),
    ("kubernetes_cluster_role_binding", Carrier::Whole),
    ("kubernetes_cluster_role_binding_v1", Carrier::Whole),
    ("vault_policy", Carrier::Whole),
    ("vault_jwt_auth_backend_role", Carrier::Whole),
    ("vault_kubernetes_auth_backend_role", Carrier::Whole),
    ("vault_aws_auth_backend_role", Carrier::Whole),
    ("vault_approle_auth_backend_role", Carrier::Whole),
];

/// The grant of a type; Google's are named by one scheme for every resource.
pub(crate) fn carrier_of(kind: &str) -> Option<Carrier> {
    let google = || {
        let grants = ["_iam_member", "_iam_binding", "_iam_policy"];
        (kind.starts_with("google_") && grants.iter().any(|end| kind.ends_with(end)))
            .then_some(Carrier::Whole)
    };
    TYPES.iter().find(|(name, _)| *name == kind).map(|(_, carrier)| *carrier).or_else(google)
}

/// Whether the policy of a type shows what a resource of its own declares, so that it changes by itself.
pub(crate) fn mirrors(kind: &str) -> bool {
    TYPES.iter().any(|(name, carrier)| {
        *name == kind
            && matches!(carrier, Carrier::Policy(_))
            && TYPES.iter().any(|(other, _)| other.strip_suffix("_policy") == Some(kind))
    })
}
