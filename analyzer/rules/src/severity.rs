//! How heavy a finding is: the one place where what became possible turns into a severity.

use nhi_access::weight::{Reach, Weight, trust_reach, weigh};
use nhi_access::{Cause, Region};
use nhi_analyzer_model::{Principal, Severity};

use crate::widened::Aspect;

/// Of something a principal may newly do.
pub(crate) fn of_permission(region: &Region) -> Severity {
    let severity = match weigh(region) {
        Weight::AllActions | Weight::IdentityAdministration | Weight::AdministratorPath => Severity::Critical,
        Weight::KeyMinting | Weight::PassRole | Weight::PermissionManagement => Severity::High,
        // An action that no table knows may write.
        Weight::SecretRead | Weight::Write | Weight::Unknown => Severity::Medium,
        Weight::Read => Severity::Low,
    };
    severity.max(of_cause(region.because))
}

/// Of somebody who may newly become a principal.
pub(crate) fn of_trust(region: &Region, principal: &Principal) -> Severity {
    match trust_reach(region, principal.account.as_deref()) {
        Reach::Anyone => Severity::Critical,
        Reach::Issuer | Reach::Organisation | Reach::OtherAccount => Severity::High,
        // A loosened audience or branch is a loosened condition, and weighs what it lets in.
        Reach::FederatedSubject => Severity::Medium,
        Reach::SameAccount => Severity::Low.max(of_cause(region.because)),
        Reach::Service => Severity::Info.max(of_cause(region.because)),
    }
}

/// Of the same, when it happened outside of Terraform: it is live, and nobody reviewed it.
pub(crate) fn of_drift(severity: Severity, aspect: Aspect) -> Severity {
    match (severity, aspect) {
        (Severity::High, Aspect::Trust(_)) => Severity::Critical,
        _ => severity,
    }
}

/// What held something back and does so no longer.
fn of_cause(cause: Cause) -> Severity {
    match cause {
        Cause::Granted => Severity::Info,
        Cause::DenyRemoved | Cause::BoundaryRemoved | Cause::ConditionLoosened => Severity::High,
    }
}
