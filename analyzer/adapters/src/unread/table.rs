//! Types that carry grants and that no adapter reads, with the attribute that does.

/// Where the grant of a type stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// The resource is nothing but a grant.
    Whole,
    /// The resource holds back what others grant: what it lets go of may widen.
    Limit,
    /// A policy text; without one, the type grants nothing.
    Policy(&'static str),
}

/// By type.
pub(crate) const TYPES: &[(&str, Carrier)] = &[
    ("aws_s3_bucket_acl", Carrier::Whole),
    ("aws_lambda_function_url", Carrier::Whole),
    ("aws_iot_policy", Carrier::Policy("policy")),
    ("aws_iot_policy_attachment", Carrier::Whole),
    ("aws_transfer_user", Carrier::Policy("policy")),
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
    ("aws_ssoadmin_permissions_boundary_attachment", Carrier::Limit),
    ("aws_organizations_policy_attachment", Carrier::Limit),
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
