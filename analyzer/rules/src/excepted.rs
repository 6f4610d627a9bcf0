//! Which exception permits a finding: it names the identity and the rule, has not ended, and covers every region.

use nhi_access::{Answer, Scope};
use nhi_analyzer_model::{DeclaredException, DeclaredIdentity, FindingKind};

use crate::context::Context;
use crate::declared::is;
use crate::draft::Draft;

/// The exception that permits the draft, if one does. What is not known of an exception permits nothing.
pub(crate) fn by<'a>(
    rule: &str,
    identity: Option<&DeclaredIdentity>,
    draft: &Draft<'_>,
    context: &Context<'a>,
) -> Option<&'a DeclaredException> {
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
    context.declared.exceptions.iter().copied().find(permits)
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
