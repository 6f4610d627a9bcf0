//! `unfederated-tier`: an identity of tier 0 or 1 without a federation.

use nhi_analyzer_model::{Confidence, DeclaredIdentity, FindingKind, Known, Severity};

use crate::context::Context;
use crate::declared::is;
use crate::draft::{Draft, Subject};
use crate::rule::Rule;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    id: "unfederated-tier",
    severity: Severity::Medium,
    page: include_str!("unfederated-tier.md"),
    check,
};

fn check<'a>(context: &'a Context<'a>) -> Vec<Draft<'a>> {
    let before = &context.planned.before.declarations.identities;
    let after = context.planned.after.declarations.identities.iter();
    after
        .filter_map(|identity| {
            let tier = tier(identity)?;
            let was = before.iter().find(|one| same(one, identity));
            let already = was.is_some_and(|one| self::tier(one).is_some() && one.federation == Known::Is(0));
            if already {
                return None;
            }
            let (severity, confidence, said) = match identity.federation {
                _ if federated_beside(identity, context) => return None,
                Known::Is(0) => (Severity::Medium, Confidence::High, "declares no federation"),
                Known::Is(_) => return None,
                Known::Unknown => (
                    Severity::Low,
                    Confidence::Low,
                    "may declare no federation: it is only known after apply",
                ),
            };
            let origin = identity.origin.clone()?;
            let name = is(&identity.name).map_or_else(|| origin.address.to_string(), Clone::clone);
            let mut draft = Draft::new(FindingKind::Zone, severity, origin, Subject::Identity(identity));
            draft.confidence = confidence;
            draft.message = format!("The identity `{name}` of tier {tier} {said}.");
            draft.cause = format!("tier {tier}");
            Some(draft)
        })
        .collect()
}

/// Does a federation that only the register knows stand beside it? Of those that the plan speaks of, it has counted its own.
fn federated_beside(identity: &DeclaredIdentity, context: &Context<'_>) -> bool {
    let spoken = &context.planned.after.declarations.spoken_federations;
    let Some(name) = is(&identity.name) else { return false };
    context.register.federations.iter().any(|one| one.identity == *name && !spoken.contains(&one.name))
}

/// The tier, where it is one that asks for federation.
fn tier(identity: &DeclaredIdentity) -> Option<u8> {
    is(&identity.tier).copied().flatten().filter(|tier| *tier <= 1)
}

fn same(one: &DeclaredIdentity, other: &DeclaredIdentity) -> bool {
    (is(&one.name).is_some() && one.name == other.name)
        || (one.origin.is_some() && one.origin == other.origin)
}
