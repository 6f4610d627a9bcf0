//! The types that are static credentials: what holds the value, when it ends, whom it speaks for, what to use instead.

use nhi_analyzer_model::Platform;

/// When a credential ends by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ends {
    /// Never.
    Never,
    /// At the time in this attribute; without one, never.
    At(&'static str),
    /// At the time in this attribute; without one, when the server says so.
    AtOr(&'static str, &'static str),
    /// As long as the attribute says, in its own unit; without one, never.
    After(&'static str, &'static str),
}

/// When an instance of the type is a static credential at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// Always.
    Always,
    /// When the attribute holds one of these texts.
    Is(&'static str, &'static [&'static str]),
    /// When the attribute, a list of blocks, has any.
    Has(&'static str),
}

/// One type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) kind: &'static str,
    pub(crate) platform: Platform,
    /// The attribute that holds the secret; a finding points at the block where it is computed.
    pub(crate) value: &'static str,
    pub(crate) when: When,
    pub(crate) ends: Ends,
    /// The way to the principal's name; empty: it speaks for no principal.
    pub(crate) principal: &'static [&'static str],
    pub(crate) instead: &'static str,
    pub(crate) human: bool,
}

const ROLE: &str = "a role, assumed through OpenID Connect, EKS Pod Identity or IAM Roles Anywhere";
const FEDERATED: &str = "`azuread_application_federated_identity_credential`, which holds no secret";
const ENTRA: &str = "`azurerm_role_assignment` to a managed identity";
const WIF: &str =
    "`google_iam_workload_identity_pool_provider`, or a service account attached to the workload";
const BOUND: &str = "a bound token: a projected volume, or the ephemeral `kubernetes_token_request_v1`";

const fn row(kind: &'static str, platform: Platform, value: &'static str) -> Row {
    Row {
        kind,
        platform,
        value,
        when: When::Always,
        ends: Ends::Never,
        principal: &[],
        instead: "",
        human: false,
    }
}

const fn aws(kind: &'static str, value: &'static str, principal: &'static [&'static str]) -> Row {
    Row { principal, instead: ROLE, ..row(kind, Platform::Aws, value) }
}

const fn google(kind: &'static str, value: &'static str, principal: &'static [&'static str]) -> Row {
    Row { principal, instead: WIF, ..row(kind, Platform::Google, value) }
}

const fn entra(kind: &'static str, value: &'static str, principal: &'static [&'static str]) -> Row {
    let ends = Ends::AtOr("end_date", "the end that Entra sets, two years after its creation by default");
    Row { principal, ends, instead: FEDERATED, ..row(kind, Platform::Azure, value) }
}

const fn key(kind: &'static str, value: &'static str) -> Row {
    Row { principal: &["name"], instead: ENTRA, ..row(kind, Platform::Azure, value) }
}

const TOKEN_TYPES: &[&str] = &["kubernetes.io/service-account-token", "bootstrap.kubernetes.io/token"];

const fn token(kind: &'static str) -> Row {
    Row {
        when: When::Is("type", TOKEN_TYPES),
        principal: &["metadata", "annotations", "kubernetes.io/service-account.name"],
        instead: BOUND,
        ..row(kind, Platform::Kubernetes, "data")
    }
}

/// Every type of the table.
pub(crate) const ROWS: &[Row] = &[
    aws("aws_iam_access_key", "secret", &["user"]),
    Row {
        ends: Ends::After("credential_age_days", "days"),
        ..aws("aws_iam_service_specific_credential", "service_password", &["user_name"])
    },
    Row {
        instead: "`git-remote-codecommit` with a role",
        ..aws("aws_iam_user_ssh_key", "public_key", &["username"])
    },
    Row {
        ends: Ends::AtOr("valid_until", "the end that the certificate itself states"),
        instead: "`aws_rolesanywhere_profile`",
        ..aws("aws_iam_signing_certificate", "certificate_body", &["user_name"])
    },
    Row {
        human: true,
        instead: "single sign-on, and no console password on a machine's user",
        ..aws("aws_iam_user_login_profile", "password", &["user"])
    },
    Row {
        instead: "a role with access to the bucket",
        ..aws("aws_lightsail_bucket_access_key", "secret_access_key", &["bucket_name"])
    },
    Row {
        ends: Ends::At("valid_before"),
        ..google("google_service_account_key", "private_key", &["service_account_id"])
    },
    google("google_storage_hmac_key", "secret", &["service_account_email"]),
    Row {
        instead: "the identity of a service account, or at least restrictions on the key",
        ..google("google_apikeys_key", "key_string", &["service_account_email"])
    },
    google("google_iam_oauth_client_credential", "client_secret", &["oauthclient"]),
    google("google_iam_workforce_pool_provider_scim_token", "security_token", &[]),
    Row {
        ends: Ends::AtOr("expiration_time", "the end that the certificate itself states"),
        instead: "the Cloud SQL connector with IAM authentication",
        ..google("google_sql_ssl_cert", "private_key", &["common_name"])
    },
    entra("azuread_application_password", "value", &["application_id"]),
    entra("azuread_service_principal_password", "value", &["service_principal_id"]),
    entra("azuread_application_certificate", "value", &["application_id"]),
    entra("azuread_service_principal_certificate", "value", &["service_principal_id"]),
    Row { when: When::Has("password"), ..entra("azuread_application", "password", &["client_id"]) },
    key("azurerm_storage_account_local_user", "password"),
    Row {
        ends: Ends::After("duration_in_seconds", "seconds"),
        ..key("azurerm_managed_disk_sas_token", "sas_url")
    },
    key("azurerm_servicebus_namespace_authorization_rule", "primary_key"),
    key("azurerm_servicebus_queue_authorization_rule", "primary_key"),
    key("azurerm_servicebus_topic_authorization_rule", "primary_key"),
    key("azurerm_eventhub_namespace_authorization_rule", "primary_key"),
    key("azurerm_eventhub_authorization_rule", "primary_key"),
    key("azurerm_relay_namespace_authorization_rule", "primary_key"),
    key("azurerm_relay_hybrid_connection_authorization_rule", "primary_key"),
    key("azurerm_notification_hub_authorization_rule", "primary_access_key"),
    key("azurerm_iothub_shared_access_policy", "primary_key"),
    key("azurerm_iothub_dps_shared_access_policy", "primary_key"),
    key("azurerm_application_insights_api_key", "api_key"),
    Row {
        ends: Ends::At("expiry"),
        principal: &["container_registry_token_id"],
        ..key("azurerm_container_registry_token_password", "password1")
    },
    Row { ends: Ends::At("expiry_time"), ..key("azurerm_automation_webhook", "uri") },
    token("kubernetes_secret_v1"),
    token("kubernetes_secret"),
    Row {
        ends: Ends::AtOr("expiration_seconds", "the end that its signer sets, a year by default"),
        principal: &["spec", "signer_name"],
        instead: BOUND,
        ..row("kubernetes_certificate_signing_request_v1", Platform::Kubernetes, "certificate")
    },
];
