//! `frozen-expansion`: something new is allowed, or a static credential made, while a freeze keeps such things out.

use nhi_analyzer_model::{
    Confidence, Credential, DeclaredFreeze, DeclaredIdentity, FindingKind, Known, Principal, Severity,
};
use nhi_identity::Refused;

use crate::context::{Change, Context};
use crate::declared::is;
use crate::draft::Draft;
use crate::rule::Rule;
use crate::static_credential;
use crate::widened::{self, Aspect};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    id: "frozen-expansion",
    severity: Severity::High,
    page: include_str!("frozen-expansion.md"),
    check,
};

/// Whether something holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Holds {
    No,
    Open,
    Yes,
}

impl Holds {
    fn of(known: Option<bool>) -> Self {
        match known {
            Some(true) => Self::Yes,
            Some(false) => Self::No,
            None => Self::Open,
        }
    }
}

fn check<'a>(context: &'a Context<'a>) -> Vec<Draft<'a>> {
    let mut drafts = credentials(context);
    let freezes = freezes(context, Refused::Expansions);
    for change in context.changes.iter().filter(|_| !freezes.is_empty()) {
        let Some(principal) = change.principal() else { continue };
        for (freeze, live) in &freezes {
            match holds(freeze, principal, context).min(*live) {
                Holds::No => {}
                sure => drafts.extend(frozen(context, change, freeze, sure)),
            }
        }
    }
    drafts
}

/// The freezes that last, or may. One that the plan itself shortens or removes lasts until it is applied.
fn freezes<'a>(context: &'a Context<'a>, what: Refused) -> Vec<(&'a DeclaredFreeze, Holds)> {
    let mut all: Vec<(&DeclaredFreeze, Holds)> = Vec::new();
    for freeze in context.declared_before.freezes.iter().chain(&context.declared.freezes).copied() {
        let begun = is(&freeze.starts_at).copied().flatten().map(|start| start <= context.at);
        let open = is(&freeze.ends_at).copied().flatten().map(|end| context.at < end);
        let refuses = is(&freeze.refuses).map(|words| words.iter().any(|word| word == what.as_str()));
        let live = [begun, open, refuses].map(Holds::of).into_iter().min().unwrap_or(Holds::Open);
        if live == Holds::No {
            continue;
        }
        match all.iter_mut().find(|(one, _)| is(&one.name).is_some() && one.name == freeze.name) {
            // Known before, and the same or another window after: what is surer counts.
            Some((one, sure)) if *sure < live => (*one, *sure) = (freeze, live),
            Some(_) => {}
            None => all.push((freeze, live)),
        }
    }
    all
}

/// Does the freeze speak of this principal? As it was declared or as it will be: nobody leaves a freeze by the plan that
/// it is about.
fn holds(freeze: &DeclaredFreeze, principal: &Principal, context: &Context<'_>) -> Holds {
    let declared = [&context.declared_before, &context.declared];
    let identities = declared.into_iter().filter_map(|side| side.identity_of(principal));
    identities.map(|identity| covers(freeze, Some(identity))).max().unwrap_or_else(|| covers(freeze, None))
}

/// The new credentials that a freeze refuses. A person's console password is nobody's who acts by itself.
fn credentials<'a>(context: &'a Context<'a>) -> Vec<Draft<'a>> {
    let freezes = freezes(context, Refused::StaticCredentials);
    let mut drafts = Vec::new();
    for (freeze, live) in &freezes {
        for (credential, mut draft) in static_credential::arriving(context) {
            if credential.human {
                continue;
            }
            // What is told of it becomes the second half of a sentence.
            draft.message = draft.message.replacen("A static", "a static", 1);
            match holds_of(freeze, credential, context).min(*live) {
                Holds::No => {}
                sure => drafts.push(told(draft, (freeze, "static credentials"), sure)),
            }
        }
    }
    drafts
}

/// Does the freeze speak of whoever the credential is for?
fn holds_of(freeze: &DeclaredFreeze, credential: &Credential, context: &Context<'_>) -> Holds {
    let id = credential.principal_id.as_ref();
    if let Some(principal) = id.and_then(|id| context.planned.after.principals.get(id)) {
        return holds(freeze, principal, context);
    }
    let declared = [&context.declared_before, &context.declared];
    let named = |name: &str| {
        let identities = declared.iter().filter_map(|side| side.identity_named(credential.platform, name));
        identities.map(|identity| covers(freeze, Some(identity))).max()
    };
    match &credential.principal {
        Known::Is(Some(name)) => named(name).unwrap_or_else(|| covers(freeze, None)),
        Known::Is(None) => covers(freeze, None),
        // It may be for anybody: for whom no filter asks, it is refused all the same.
        Known::Unknown => covers(freeze, None).max(Holds::Open),
    }
}

fn covers(freeze: &DeclaredFreeze, identity: Option<&DeclaredIdentity>) -> Holds {
    let emergency = identity.and_then(|identity| is(&identity.kind)?.as_deref()) == Some("break_glass")
        && is(&freeze.break_glass).is_none_or(|word| word.as_deref() != Some("refused"));
    if emergency {
        return Holds::No;
    }
    let scope = &freeze.scope;
    let text = |of: fn(&DeclaredIdentity) -> &Known<Option<String>>| identity.map(of);
    let name = identity.map(|identity| match &identity.name {
        Known::Is(name) => Known::Is(Some(name.clone())),
        Known::Unknown => Known::Unknown,
    });
    let tier = identity.map(|identity| match &identity.tier {
        Known::Is(tier) => Known::Is(tier.map(|tier| tier.to_string())),
        Known::Unknown => Known::Unknown,
    });
    let dimensions = [
        fits(&scope.identities, name.as_ref()),
        fits(&scope.tiers, tier.as_ref()),
        fits(&scope.owners, text(|identity| &identity.owner)),
        fits(&scope.zones, text(|identity| &identity.zone)),
        fits(&scope.environments, text(|identity| &identity.environment)),
        fits(&scope.kinds, text(|identity| &identity.kind)),
        labelled(freeze, identity),
    ];
    dimensions.into_iter().min().unwrap_or(Holds::Open)
}

/// Is the value among those that a filter names? What is not said fits no filter, and an empty filter lets all through.
fn fits(filter: &Known<Vec<String>>, value: Option<&Known<Option<String>>>) -> Holds {
    match (is(filter), value.map(is)) {
        (Some(names), _) if names.is_empty() => Holds::Yes,
        (_, None | Some(Some(None))) => Holds::of(is(filter).map(|_| false)),
        (None, _) | (_, Some(None)) => Holds::Open,
        (Some(names), Some(Some(Some(value)))) => Holds::of(Some(names.contains(value))),
    }
}

fn labelled(freeze: &DeclaredFreeze, identity: Option<&DeclaredIdentity>) -> Holds {
    let Some(wanted) = is(&freeze.scope.labels) else { return Holds::Open };
    if wanted.is_empty() {
        return Holds::Yes;
    }
    let Some(identity) = identity else { return Holds::No };
    Holds::of(
        is(&identity.labels).map(|labels| wanted.iter().all(|(key, value)| labels.get(key) == Some(value))),
    )
}

fn frozen<'a>(
    context: &'a Context<'a>,
    change: &'a Change<'a>,
    freeze: &DeclaredFreeze,
    sure: Holds,
) -> Vec<Draft<'a>> {
    let aspects = [
        (&change.permissions, Aspect::Permissions(FindingKind::Freeze)),
        (&change.trust, Aspect::Trust(FindingKind::Freeze)),
    ];
    let compared = aspects.into_iter().filter_map(|(compared, aspect)| Some((compared.as_ref()?, aspect)));
    let drafts =
        compared.flat_map(|(compared, aspect)| widened::drafts(context.planned, change, compared, aspect));
    drafts
        .filter(|draft| draft.kind == FindingKind::Freeze)
        .map(|draft| told(draft, (freeze, "permissions"), sure))
        .collect()
}

/// What the freeze says to something new, as sure as it is.
fn told<'a>(mut draft: Draft<'a>, (freeze, what): (&DeclaredFreeze, &str), sure: Holds) -> Draft<'a> {
    let name = is(&freeze.name).map_or("", String::as_str);
    let until = is(&freeze.ends_at).copied().flatten().map(|end| format!(" until {end}"));
    let until = until.unwrap_or_default();
    let owner = is(&freeze.owner).and_then(|owner| owner.as_deref());
    let whose = owner.map(|owner| format!(" of `{owner}`")).unwrap_or_default();
    let verb = if sure == Holds::Yes { "keeps" } else { "may keep" };
    draft.message = format!("The freeze `{name}`{whose} {verb} new {what} out{until}: {}", draft.message);
    draft.severity = if sure == Holds::Yes { Severity::High } else { Severity::Medium };
    draft.kind = FindingKind::Freeze;
    if sure != Holds::Yes {
        draft.kind = FindingKind::Undecided;
        draft.confidence = Confidence::Low;
    }
    draft.cause = format!("{name}\n{}", draft.cause);
    draft.related.extend(freeze.origin.clone());
    draft
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_that_is_not_known_settles_nothing() {
        let names = |names: &[&str]| Known::Is(names.iter().map(ToString::to_string).collect::<Vec<_>>());
        let said = |text: &str| Known::Is(Some(text.to_owned()));
        let silent = Known::Is(None);
        let check = |filter: &Known<Vec<String>>, value: Option<&Known<Option<String>>>, expected: Holds| {
            assert_eq!(fits(filter, value), expected, "{filter:?} {value:?}");
        };
        check(&names(&[]), None, Holds::Yes);
        check(&names(&[]), Some(&Known::Unknown), Holds::Yes);
        check(&names(&["a"]), Some(&said("a")), Holds::Yes);
        check(&names(&["a"]), Some(&said("b")), Holds::No);
        check(&names(&["a"]), Some(&silent), Holds::No);
        check(&names(&["a"]), None, Holds::No);
        check(&names(&["a"]), Some(&Known::Unknown), Holds::Open);
        check(&Known::Unknown, Some(&said("a")), Holds::Open);
        check(&Known::Unknown, Some(&silent), Holds::Open);
        check(&Known::Unknown, None, Holds::Open);
    }
}
