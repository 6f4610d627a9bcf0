//! `exception-expired`: an exception past its end whose grant is still planned.

use nhi_access::{Answer, Request, Scope, World, words};
use nhi_analyzer_model::{
    Confidence, Credential, DeclaredException, DeclaredIdentity, FindingKind, Origin, Principal, Severity,
};

use crate::context::Context;
use crate::declared::is;
use crate::draft::{Draft, Subject, name_of};
use crate::excepted;
use crate::rule::Rule;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    id: "exception-expired",
    severity: Severity::High,
    page: include_str!("exception-expired.md"),
    check,
};

/// What an exception once permitted and the plan still holds.
enum Still {
    /// A request that lies in its scope.
    Request(Box<Request>),
    /// Any request at all: it names rules alone, so that its grant cannot be told from others.
    Something(Box<Request>),
    Credential(Origin),
    Undecided(String),
}

fn check<'a>(context: &'a Context<'a>) -> Vec<Draft<'a>> {
    let ended = context.declared.exceptions.iter().copied().filter(|exception| {
        is(&exception.expires_at).is_some_and(|end| end.is_some_and(|end| end <= context.at))
    });
    ended.flat_map(|exception| drafts(exception, context)).collect()
}

fn drafts<'a>(exception: &'a DeclaredException, context: &'a Context<'a>) -> Vec<Draft<'a>> {
    let identity = is(&exception.identity).and_then(|name| context.declared.identity(name.as_deref()?));
    let (Some(identity), Some(scope)) = (identity, excepted::scope_of(exception)) else { return Vec::new() };
    let principals = context.planned.after.principals.values();
    principals
        .filter(|principal| {
            context.declared.identity_of(principal).is_some_and(|one| std::ptr::eq(one, identity))
        })
        .filter_map(|principal| {
            let still = still(exception, &scope, principal, context)?;
            draft(exception, principal, &still)
        })
        .collect::<Vec<_>>()
        .into_iter()
        .chain(credentials_elsewhere(exception, identity, context))
        .collect()
}

fn still(
    exception: &DeclaredException,
    scope: &Scope,
    principal: &Principal,
    context: &Context<'_>,
) -> Option<Still> {
    let rules = is(&exception.rules).map(Vec::as_slice).unwrap_or_default();
    let named = |ids: &[&str]| rules.iter().any(|rule| ids.contains(&rule.as_str()));
    let scoped = !scope.actions.is_empty() || !scope.resources.is_empty();
    let mut worlds: Vec<&World> = Vec::new();
    if scoped || rules.is_empty() || named(&["privilege-expansion", "undecided-policy", "drift-widened"]) {
        worlds.push(&principal.world);
    }
    if named(&["trust-widened", "undeclared-crossing", "drift-widened"]) {
        worlds.extend(&principal.trust);
    }
    let mut open = None;
    for world in worlds {
        match world.may(scope) {
            Answer::Yes(request) if scoped => return Some(Still::Request(request)),
            Answer::Yes(request) => return Some(Still::Something(request)),
            Answer::Undecided(reasons) => {
                open = open.or_else(|| reasons.first().map(words::undecided));
            }
            Answer::No => {}
        }
    }
    let credential = named(&["static-credential"])
        .then(|| {
            context
                .planned
                .after
                .credentials
                .iter()
                .find(|one| one.principal_id.as_ref() == Some(&principal.id))
        })
        .flatten();
    match credential {
        Some(credential) => Some(Still::Credential(credential.origin.clone())),
        None => open.map(Still::Undecided),
    }
}

/// Credentials of a principal that the plan only mentions.
fn credentials_elsewhere<'a>(
    exception: &'a DeclaredException,
    identity: &'a DeclaredIdentity,
    context: &'a Context<'a>,
) -> Option<Draft<'a>> {
    let rules = is(&exception.rules)?;
    if !rules.iter().any(|rule| rule == "static-credential") {
        return None;
    }
    let belongs = |credential: &&Credential| {
        credential.principal_id.as_ref().is_none_or(|id| !context.planned.after.principals.contains_key(id))
            && is(&credential.principal).and_then(|name| name.as_deref()).is_some_and(|name| {
                let named = context.declared.identity_named(credential.platform, name);
                named.is_some_and(|one| std::ptr::eq(one, identity))
            })
    };
    let credential = context.planned.after.credentials.iter().find(belongs)?;
    let origin = exception.origin.clone().unwrap_or_else(|| credential.origin.clone());
    let mut draft = Draft::new(FindingKind::Exception, Severity::High, origin, Subject::Identity(identity));
    draft.message = format!("{}, and the credential it permitted is still planned.", past(exception));
    draft.cause = cause(exception);
    draft.related.push(credential.origin.clone());
    Some(draft)
}

fn draft<'a>(exception: &DeclaredException, principal: &'a Principal, still: &Still) -> Option<Draft<'a>> {
    let origin = exception.origin.clone().or_else(|| principal.origin.clone())?;
    let mut draft = Draft::new(FindingKind::Exception, Severity::High, origin, Subject::Principal(principal));
    let (past, name) = (past(exception), name_of(principal));
    draft.message = match still {
        Still::Request(request) => {
            format!("{past}, and its grant is still planned: {}.", words::request(request))
        }
        Still::Something(request) => {
            draft.severity = Severity::Medium;
            draft.confidence = Confidence::Low;
            let request = words::request(request);
            format!(
                "{past}. It named rules and no actions or resources, so what it permitted may be planned still: {request}."
            )
        }
        Still::Credential(origin) => {
            draft.related.push(origin.clone());
            format!("{past}, and the credential it permitted `{name}` is still planned.")
        }
        Still::Undecided(reason) => {
            draft.kind = FindingKind::Undecided;
            draft.confidence = Confidence::Low;
            format!("{past}; whether `{name}` still holds its grant could not be settled: {reason}.")
        }
    };
    draft.cause = cause(exception);
    draft.related.extend(principal.origin.clone());
    Some(draft)
}

fn past(exception: &DeclaredException) -> String {
    let name = is(&exception.name).map_or("", String::as_str);
    let end =
        is(&exception.expires_at).copied().flatten().map(|end| format!(" on {end}")).unwrap_or_default();
    format!("The exception `{name}` ended{end}")
}

fn cause(exception: &DeclaredException) -> String {
    is(&exception.name).cloned().unwrap_or_default()
}
