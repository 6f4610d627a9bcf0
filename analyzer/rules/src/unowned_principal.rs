//! `unowned-principal`: a principal that nobody answers for.

use nhi_analyzer_model::{Confidence, FindingKind, Ownership, Principal, PrincipalKind, Severity};

use crate::context::{Change, Context};
use crate::declared::Declared;
use crate::draft::{Draft, Subject, name_of};
use crate::rule::Rule;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    id: "unowned-principal",
    severity: Severity::Medium,
    page: include_str!("unowned-principal.md"),
    check,
};

/// Who answers for a principal, as far as is known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Claim {
    Owned,
    Unowned,
    Unknown,
}

fn check<'a>(context: &'a Context<'a>) -> Vec<Draft<'a>> {
    context.changes.iter().filter_map(|change| judge(change, context)).collect()
}

fn judge<'a>(change: &Change<'a>, context: &'a Context<'a>) -> Option<Draft<'a>> {
    let principal = change.after?;
    // A group does nothing by itself, and one that only attachments name is declared elsewhere.
    if principal.kind == PrincipalKind::Group {
        return None;
    }
    let origin = principal.origin.as_ref()?;
    let before =
        change.before.filter(|one| one.origin.is_some()).map(|one| claim(one, &context.declared_before));
    let after = claim(principal, &context.declared);
    let (severity, confidence, cause, said) = match (before, after) {
        (_, Claim::Owned) | (Some(Claim::Unowned | Claim::Unknown), _) => return None,
        (None, Claim::Unowned) => (Severity::Medium, Confidence::High, "created", "has no owner"),
        (Some(Claim::Owned), Claim::Unowned) => {
            (Severity::Medium, Confidence::High, "lost", "loses its owner")
        }
        (_, Claim::Unknown) => (
            Severity::Low,
            Confidence::Low,
            "unknown",
            "may have no owner: its tags are only known after apply",
        ),
    };
    let origin = principal.tags_origin.as_ref().unwrap_or(origin).clone();
    let mut draft = Draft::new(FindingKind::Ownership, severity, origin, Subject::Principal(principal));
    draft.confidence = confidence;
    let claims =
        if after == Claim::Unknown { "" } else { ": no `nhi_identity` names it and no owner tag claims it" };
    draft.message = format!("`{}` {said}{claims}.", name_of(principal));
    cause.clone_into(&mut draft.cause);
    draft.previous_address.clone_from(&principal.previous_address);
    Some(draft)
}

fn claim(principal: &Principal, declared: &Declared<'_>) -> Claim {
    if declared.identity_of(principal).is_some() {
        return Claim::Owned;
    }
    match principal.ownership {
        Ownership::Tagged { .. } => Claim::Owned,
        Ownership::Untagged | Ownership::Untaggable => Claim::Unowned,
        Ownership::Unknown => Claim::Unknown,
    }
}
