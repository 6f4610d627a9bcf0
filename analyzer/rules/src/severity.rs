//! How heavy a finding is: the one place where what became possible turns into a severity.

use nhi_access::weight::{Reach, Weight, trust_reach, weigh};
use nhi_access::{Cause, Region};
use nhi_analyzer_model::{Guard, GuardedResource, Principal, Severity};

use crate::narrowing::{self, Narrowing};
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

/// Of what somebody may newly do on a resource through its own policy; `None` where the policy names its own account,
/// and so lets nobody do what their own policies do not grant.
pub(crate) fn of_resource(region: &Region, resource: &GuardedResource, made: bool) -> Option<Severity> {
    let own = resource.account.as_deref();
    let held = narrowing::of(region, own);
    let severity = match (trust_reach(region, own), held) {
        (Reach::Anyone | Reach::Organisation | Reach::Issuer, held) => match held {
            Some(Narrowing::Own | Narrowing::Named) => Severity::Low,
            Some(Narrowing::Network) => Severity::Medium,
            Some(Narrowing::Organisation | Narrowing::Other) => Severity::High,
            None => Severity::Critical,
        },
        (Reach::Service, held) => match held {
            Some(Narrowing::Own | Narrowing::Named) => Severity::Info,
            Some(Narrowing::Organisation) => Severity::Low,
            Some(Narrowing::Other) => Severity::High,
            // A service acts for whoever asks it to.
            Some(Narrowing::Network) | None => Severity::Medium,
        },
        (Reach::OtherAccount, _) if narrowing::is_of_the_platform(region) => Severity::Low,
        (Reach::OtherAccount, _) => Severity::High,
        (Reach::FederatedSubject, _) => Severity::Medium,
        (Reach::SameAccount, _) if narrowing::names_account_alone(region) => match resource.guard {
            Guard::Alone if !made => Severity::Low,
            _ => return None,
        },
        (Reach::SameAccount, _) => match region.because {
            Cause::Granted => Severity::Low,
            _ => Severity::Medium,
        },
    };
    Some(severity)
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
