//! What a comparison could not settle, gathered for one principal.

use nhi_access::escalation::Path;
use nhi_access::{
    Comparison, Content, Layer, LayerKind, Settings, StatementRef, Undecided, UnknownReason, Verdict, newly,
    words,
};
use nhi_analyzer_model::{Delta, DocumentFact, FindingKind, Origin, Severity};

use crate::context::{Change, Compared};
use crate::draft::{Draft, Subject, name_of};
use crate::guarded::ResourceChange;
use crate::resource_access;

/// One draft for all open questions of a principal; `None` when there is none.
pub(crate) fn draft<'a>(delta: &'a Delta, change: &Change<'a>, about: &str) -> Option<Draft<'a>> {
    let principal = change.principal()?;
    let open = |compared: &Option<Compared<'a>>| -> Vec<Undecided> {
        compared.as_ref().map(|one| one.comparison.undecided.clone()).unwrap_or_default()
    };
    let permissions = open(&change.permissions);
    let trust = open(&change.trust);
    let paths = open_paths(change);
    let mut reasons: Vec<&Undecided> = permissions.iter().chain(&trust).collect();
    reasons.extend(paths.iter().flat_map(|path| &path.unsettled));
    if reasons.is_empty() {
        return None;
    }
    let mut places: Vec<Origin> = reasons.iter().filter_map(|reason| origin_of(delta, reason)).collect();
    let origin = places.first().or(principal.origin.as_ref())?.clone();
    places.retain(|place| place.address != origin.address);
    let mut sentences: Vec<String> = reasons.iter().map(|reason| words::undecided(reason)).collect();
    sentences.sort();
    sentences.dedup();
    let what = match (permissions.is_empty(), trust.is_empty()) {
        (true, true) => {
            let steps =
                paths.iter().max_by_key(|path| path.method.leads()).map(|path| words::escalation(path));
            format!(
                "whether `{}` comes to rights of others ({})",
                name_of(principal),
                steps.unwrap_or_default()
            )
        }
        (false, true) => format!("what `{}` may do", name_of(principal)),
        (true, false) => format!("who may become `{}`", name_of(principal)),
        _ => format!("what `{0}` may do and who may become `{0}`", name_of(principal)),
    };
    let gone = change.permissions.as_ref().is_some_and(|one| {
        trust.is_empty()
            && paths.is_empty()
            && permissions.iter().all(|reason| is_gone(one, reason))
            && only_gone(one)
    });
    let severity = if gone { Severity::Low } else { Severity::High };
    let mut draft = Draft::new(FindingKind::Undecided, severity, origin, Subject::Principal(principal));
    let told = sentences.join("; ");
    draft.message = if gone {
        let name = name_of(principal);
        format!("{about}, a policy of `{name}` is gone that may have held a `Deny`: {told}.")
    } else {
        format!("{about}, {what} could not be settled: {told}.")
    };
    draft.cause = causes(&reasons);
    draft.previous_address.clone_from(&principal.previous_address);
    draft.related = places;
    Some(draft)
}

/// One draft for all open questions of a resource's policies; `None` when there is none.
pub(crate) fn of_resource<'a>(
    delta: &'a Delta,
    change: &ResourceChange<'a>,
    about: &str,
) -> Option<Draft<'a>> {
    let resource = change.resource()?;
    let compared = [&change.direct, &change.lifted].into_iter().flatten();
    let mut reasons: Vec<&Undecided> = compared.flat_map(|one| &one.comparison.undecided).collect();
    reasons.dedup();
    if reasons.is_empty() {
        return None;
    }
    let mut places: Vec<Origin> = reasons.iter().filter_map(|reason| origin_of(delta, reason)).collect();
    let origin = places.first().or(resource.origin.as_ref())?.clone();
    places.retain(|place| place.address != origin.address);
    let mut sentences: Vec<String> = reasons.iter().map(|reason| words::undecided(reason)).collect();
    sentences.sort();
    sentences.dedup();
    let name = resource_access::name_of(resource);
    let mut draft = Draft::new(FindingKind::Undecided, Severity::High, origin, Subject::Resource);
    draft.message = format!(
        "{about}, who may use the {} `{name}` could not be settled: {}.",
        resource.noun,
        sentences.join("; ")
    );
    draft.cause = causes(&reasons);
    draft.previous_address.clone_from(&resource.previous_address);
    draft.related = places;
    Some(draft)
}

/// Ways to rights of others that something new may have opened, and the comparison's own questions do not cover.
fn open_paths<'c>(change: &'c Change<'_>) -> Vec<&'c Path> {
    let Some(compared) = &change.permissions else { return Vec::new() };
    let Comparison { new, undecided, .. } = &compared.comparison;
    let through = |path: &&Path| new.iter().any(|region| path.method.leads_through(region));
    let asked = |path: &&Path| path.unsettled.iter().all(|reason| undecided.contains(reason));
    compared.paths.iter().filter(|path| !path.is_sure()).filter(through).filter(|path| !asked(path)).collect()
}

/// Is it open only what a document denied that granted to the principal and no longer does, and of which nothing says
/// that it denied?
fn is_gone(compared: &Compared<'_>, reason: &Undecided) -> bool {
    let Undecided::Document { document, reason } = reason else { return false };
    let denies = |arn: &str| {
        let name = arn.rsplit('/').next().unwrap_or(arn).to_lowercase();
        ["deny", "denied", "quarantine"].iter().any(|word| name.contains(word))
    };
    let known = matches!(reason, UnknownReason::Elsewhere(arn) if denies(arn));
    let holds = |layer: &&Layer| layer.documents.iter().any(|own| own.id == *document);
    !known
        && compared.before.layers.iter().filter(holds).all(|layer| layer.kind == LayerKind::Identity)
        && !compared.after.layers.iter().any(|layer| holds(&layer))
}

/// Had the documents that are gone granted and denied nothing, would nothing be new either?
fn only_gone(compared: &Compared<'_>) -> bool {
    let stays = |id| compared.after.layers.iter().flat_map(|layer| &layer.documents).any(|own| own.id == id);
    let mut before = compared.before.clone().into_owned();
    for layer in &mut before.layers {
        layer.documents.retain(|one| !matches!(one.content, Content::Unknown(_)) || stays(one.id.clone()));
    }
    newly(&before, &compared.after, &Settings::default()).verdict == Verdict::NoNewAccess
}

fn origin_of(delta: &Delta, reason: &Undecided) -> Option<Origin> {
    let fact = |document| -> Option<&DocumentFact> {
        delta.after.documents.get(document).or_else(|| delta.before.documents.get(document))
    };
    match reason {
        Undecided::Document { document, .. } => fact(document).map(|fact| fact.origin.clone()),
        Undecided::Statement { statement: StatementRef { document, statement }, .. }
        | Undecided::Budget { statement: StatementRef { document, statement }, .. } => {
            fact(document).map(|fact| fact.statements.get(*statement).unwrap_or(&fact.origin).clone())
        }
    }
}

/// The reasons without the names of documents, which may hold addresses.
fn causes(reasons: &[&Undecided]) -> String {
    let mut words: Vec<String> = reasons.iter().map(|reason| cause(reason)).collect();
    words.sort();
    words.dedup();
    words.join("\n")
}

fn cause(reason: &Undecided) -> String {
    match reason {
        Undecided::Document { reason, .. } => match reason {
            UnknownReason::AfterApply => "document after apply".to_owned(),
            UnknownReason::Sensitive => "document sensitive".to_owned(),
            UnknownReason::Elsewhere(name) => format!("document elsewhere {name}"),
            UnknownReason::Unreadable(_) => "document unreadable".to_owned(),
        },
        Undecided::Statement { statement, .. } => format!("statement {}", statement.statement),
        Undecided::Budget { statement, .. } => format!("budget {}", statement.statement),
    }
}
