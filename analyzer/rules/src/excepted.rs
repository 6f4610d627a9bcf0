//! Which exception permits a finding: it names the identity and the rule, has not ended, and covers every region.

use std::collections::BTreeSet;

use nhi_access::{Answer, Scope};
use nhi_analyzer_model::{Declarations, DeclaredException, DeclaredIdentity, FindingKind, Known};

use crate::context::Context;
use crate::declared::is;
use crate::draft::Draft;

/// What exceptions say to a finding.
pub(crate) enum Word<'a> {
    /// This one permits it.
    Permitted(&'a DeclaredException),
    /// This one would permit it if it held.
    Withheld(&'a DeclaredException, String),
}

/// The exception that permits the draft, or would if it held. What is not known of an exception permits nothing.
pub(crate) fn by<'a>(
    rule: &str,
    identity: Option<&DeclaredIdentity>,
    draft: &Draft<'_>,
    context: &Context<'a>,
) -> Option<Word<'a>> {
    let identity = is(&identity?.name)?;
    if draft.kind == FindingKind::Reduction {
        return None;
    }
    let permits = |exception: &&DeclaredException| {
        is(&exception.identity).is_some_and(|one| one.as_ref() == Some(identity))
            && is(&exception.rules).is_some_and(|rules| silences(rules, rule, draft))
            && runs(exception, context)
            && covers(exception, draft)
    };
    let mut withheld = None;
    for exception in context.declared.exceptions.iter().copied().filter(permits) {
        match objection(exception, context.register) {
            None => return Some(Word::Permitted(exception)),
            Some(why) => withheld = withheld.or(Some(Word::Withheld(exception, why))),
        }
    }
    withheld
}

/// Why an exception does not hold although it has not ended. Whoever plans a grant can plan the exception for it as well;
/// where a register is joined, its word counts: somebody else has to have approved what is written there. Without one
/// nobody can say more than the plan does.
fn objection(exception: &DeclaredException, register: &Declarations) -> Option<String> {
    if exception.origin.is_none() {
        return exception.objection.clone();
    }
    if register.identities.is_empty() && register.exceptions.is_empty() {
        return None;
    }
    let name = is(&exception.name)?;
    let Some(kept) = register.exceptions.iter().find(|kept| is(&kept.name) == Some(name)) else {
        return Some("is not in the register yet, so nobody has approved it".to_owned());
    };
    if !says_the_same(exception, kept) {
        return Some("is changed by this plan, and what it says then is not approved".to_owned());
    }
    kept.objection.clone()
}

fn says_the_same(planned: &DeclaredException, kept: &DeclaredException) -> bool {
    let same_set = |one: &Known<Vec<String>>, other: &Known<Vec<String>>| match (is(one), is(other)) {
        (Some(one), Some(other)) => one.iter().collect::<BTreeSet<_>>() == other.iter().collect(),
        _ => false,
    };
    planned.identity == kept.identity
        && planned.owner == kept.owner
        && planned.expires_at == kept.expires_at
        && same_set(&planned.rules, &kept.rules)
        && same_set(&planned.actions, &kept.actions)
        && same_set(&planned.resources, &kept.resources)
}

/// No rule named leaves that open; then only what lies in its actions and resources can be meant.
fn silences(rules: &[String], rule: &str, draft: &Draft<'_>) -> bool {
    if rules.is_empty() { !draft.regions.is_empty() } else { rules.iter().any(|one| one == rule) }
}

/// Has it an end that is still to come? One without an end is a finding of its own and permits nothing.
fn runs(exception: &DeclaredException, context: &Context<'_>) -> bool {
    match (is(&exception.expires_at), is(&exception.valid_for)) {
        (Some(Some(end)), _) => *end > context.at,
        // The end is fixed at apply, which is still to come.
        (_, Some(Some(_))) => true,
        _ => false,
    }
}

/// The scope that the exception permits, where all of it is known.
pub(crate) fn scope_of(exception: &DeclaredException) -> Option<Scope> {
    Some(Scope {
        principals: Vec::new(),
        actions: is(&exception.actions)?.clone(),
        resources: is(&exception.resources)?.clone(),
    })
}

fn covers(exception: &DeclaredException, draft: &Draft<'_>) -> bool {
    let Some(scope) = scope_of(exception) else { return false };
    let anything = scope.actions.is_empty() && scope.resources.is_empty();
    if draft.kind == FindingKind::Undecided {
        // What could not be settled cannot be shown to lie in a scope.
        return anything;
    }
    draft.regions.iter().all(|region| matches!(region.within(&scope), Answer::Yes(_)))
}
