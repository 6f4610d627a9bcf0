//! `static-credential`: a credential that works until somebody revokes it.

use std::collections::BTreeMap;

use nhi_analyzer_model::{Address, AttributePath, Credential, Delta, FindingKind, Known, Severity};

use crate::context::Context;
use crate::declared::is;
use crate::draft::{Draft, Subject, name_of};
use crate::rule::Rule;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    id: "static-credential",
    severity: Severity::High,
    page: include_str!("static-credential.md"),
    check,
};

/// What the plan does to make a credential worth telling.
#[derive(Clone, Copy, PartialEq, Eq)]
enum News {
    Created,
    Enabled,
    WithoutEnd,
}

impl News {
    fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Enabled => "enabled",
            Self::WithoutEnd => "endless",
        }
    }
}

fn check<'a>(context: &'a Context<'a>) -> Vec<Draft<'a>> {
    arriving(context).into_iter().map(|(_, draft)| draft).collect()
}

/// The credentials that the plan lets in, with what is told of them.
pub(crate) fn arriving<'a>(context: &'a Context<'a>) -> Vec<(&'a Credential, Draft<'a>)> {
    let facts = context.planned;
    // A resource may carry several credentials; the attribute tells them apart.
    let before: BTreeMap<_, &Credential> =
        facts.before.credentials.iter().map(|one| (key(&one.origin.address, one), one)).collect();
    let after = facts.after.credentials.iter();
    after
        .filter_map(|credential| {
            let news = news(before.get(&key(&credential.origin.address, credential)).copied(), credential)?;
            Some((credential, draft(credential, news, context)))
        })
        .collect()
}

fn key<'a>(address: &'a Address, credential: &'a Credential) -> (&'a Address, &'a AttributePath) {
    (address, &credential.origin.attribute)
}

fn news(before: Option<&Credential>, after: &Credential) -> Option<News> {
    match before {
        None => Some(News::Created),
        Some(before) if before.disabled && !after.disabled => Some(News::Enabled),
        Some(before) if ends(before) && after.expires == Known::Is(None) => Some(News::WithoutEnd),
        Some(_) => None,
    }
}

fn ends(credential: &Credential) -> bool {
    matches!(credential.expires, Known::Is(Some(_)))
}

fn draft<'a>(credential: &'a Credential, news: News, context: &'a Context<'a>) -> Draft<'a> {
    let principal = credential.principal_id.as_ref().and_then(|id| context.planned.after.principals.get(id));
    let named = is(&credential.principal).and_then(|name| name.as_deref());
    let subject = match (principal, named) {
        (Some(principal), _) => Subject::Principal(principal),
        (None, Some(name)) => Subject::Named(credential.platform, name),
        (None, None) => Subject::Resource,
    };
    let whose = match (principal, named) {
        (Some(principal), _) => format!(" of `{}`", name_of(principal)),
        (None, Some(name)) => format!(" of `{name}`"),
        (None, None) => String::new(),
    };
    let severity = match (credential.human || credential.disabled, news) {
        (true, _) => Severity::Info,
        (false, _) => Severity::High,
    };
    let what = match news {
        News::Created if credential.disabled => "is created, disabled for now",
        News::Created => "is created",
        News::Enabled => "is enabled again",
        News::WithoutEnd => "loses its end",
    };
    let life = match &credential.expires {
        Known::Is(None) => "it works until somebody revokes it".to_owned(),
        Known::Is(Some(end)) => format!("it works until {end}, or until somebody revokes it"),
        Known::Unknown => "the plan does not know when it ends".to_owned(),
    };
    let mut draft = Draft::new(FindingKind::StaticCredential, severity, credential.origin.clone(), subject);
    draft.message = format!(
        "A static credential{whose}, `{}`, {what}; {life}. Instead: {}.",
        credential.kind, credential.instead
    );
    draft.cause = format!("{} {}", credential.kind, news.word());
    draft.related = principal.and_then(|one| one.origin.clone()).into_iter().collect();
    draft
}

/// Credentials that were disabled in the recorded state and work again, though no plan enabled them.
pub(crate) fn enabled_again(delta: &Delta) -> impl Iterator<Item = Draft<'_>> {
    let enabled = |after: &&Credential| {
        delta.before.credentials.iter().any(|before| {
            before.origin == after.origin
                && news(Some(before), after).is_some_and(|news| news == News::Enabled)
        })
    };
    delta.after.credentials.iter().filter(enabled).map(|credential| {
        let named = is(&credential.principal).and_then(|name| name.as_deref());
        let subject = named.map_or(Subject::Resource, |name| Subject::Named(credential.platform, name));
        let severity = if credential.human { Severity::Info } else { Severity::High };
        let mut draft = Draft::new(FindingKind::Drift, severity, credential.origin.clone(), subject);
        draft.message =
            format!("A static credential, `{}`, was enabled again outside of Terraform.", credential.kind);
        draft.cause = format!("{} {}", credential.kind, News::Enabled.word());
        draft
    })
}
