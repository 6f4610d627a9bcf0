//! `kubernetes_subject`: what the tokens of a service account say of it.

use nhi_identity::subject::{SubjectError, kubernetes};
use nhi_proto::{Arguments, Function, FunctionError, Parameter, Signature, Type};

/// `provider::nhi::kubernetes_subject(namespace, service_account)`.
pub(super) struct KubernetesSubject;

impl Function for KubernetesSubject {
    type Answer = String;

    fn name(&self) -> &'static str {
        "kubernetes_subject"
    }

    fn signature(&self) -> Signature {
        let text = |name: &str, what: &str| Parameter::new(name, Type::String).describe(what);
        Signature::new("Tells the subject of a service account of Kubernetes.", Type::String)
            .describe(
                "Answers the subject (`sub`) of the tokens that a cluster gives to a service account: \
                 `system:serviceaccount:prod:checkout`. It names the account within its cluster; which cluster, the issuer \
                 says.",
            )
            .parameter(text("namespace", "Name of the namespace, `prod`."))
            .parameter(text("service_account", "Name of the service account, `checkout`."))
    }

    fn call(&self, arguments: &Arguments<'_>) -> Result<String, FunctionError> {
        let namespace: String = arguments.get("namespace")?;
        let account: String = arguments.get("service_account")?;
        kubernetes(&namespace, &account).map_err(|error| {
            let (SubjectError::Part { attribute, .. } | SubjectError::Wildcard { attribute, .. }) = &error;
            arguments.wrong(attribute, error.to_string())
        })
    }
}
