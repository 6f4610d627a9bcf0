//! Drafts of what a comparison shows: one for each part of the plan that brings something about.

use std::cmp::Reverse;

use nhi_access::escalation::{Leads, Path};
use nhi_access::{DocumentId, Region, words};
use nhi_analyzer_model::{Confidence, Delta, FindingKind, Principal, PrincipalKind, Severity};

use crate::context::{Change, Compared, Context};
use crate::draft::{Draft, Subject, name_of};
use crate::grant::{self, Direction, Grant};
use crate::{fingerprint, severity};

/// Which worlds were compared, and the kind of finding that something new in them makes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Aspect {
    /// What the principal may do.
    Permissions(FindingKind),
    /// Who may become it.
    Trust(FindingKind),
}

impl Aspect {
    fn kind(self) -> FindingKind {
        match self {
            Self::Permissions(kind) | Self::Trust(kind) => kind,
        }
    }
}

/// Everything new, then everything that goes away.
pub(crate) fn drafts<'a>(
    delta: &'a Delta,
    change: &'a Change<'a>,
    compared: &'a Compared<'a>,
    aspect: Aspect,
) -> Vec<Draft<'a>> {
    let Some(principal) = change.principal() else { return Vec::new() };
    // Those that could not be settled are told as such.
    let paths: Vec<&Path> = compared.paths.iter().filter(|path| path.is_sure()).collect();
    let paths = paths.as_slice();
    let of = |direction| {
        let grants = grant::grants(delta, principal.origin.as_ref(), compared, direction);
        let grants = grants.into_iter().map(move |grant| handed_over(grant, change, direction));
        grants.map(move |grant| draft(delta, change, principal, (grant, direction, aspect, paths)))
    };
    of(Direction::New).chain(of(Direction::Reduced)).collect()
}

/// What a principal has by joining a group stands at the membership, and what machines have by another role at their
/// profile, rather than at a policy that stays as it is.
fn handed_over<'a>(mut grant: Grant<'a>, change: &Change<'a>, direction: Direction) -> Grant<'a> {
    let (here, there) = match direction {
        Direction::New => (change.after, change.before),
        Direction::Reduced => (change.before, change.after),
    };
    let Some(here) = here else { return grant };
    let origin = if here.kind == PrincipalKind::Machines {
        here.origin.clone()
    } else {
        let mut documents = grant.regions.iter().map(|region| &region.granted_by.document);
        let joined = |id: &DocumentId| {
            let groups = there.map(|there| &there.groups);
            let known = there.is_some_and(|there| there.memberships.contains_key(id));
            here.memberships.get(id).filter(|_| !known && groups.is_none_or(|old| *old != here.groups))
        };
        documents.next().and_then(joined).filter(|_| documents.all(|id| joined(id).is_some())).cloned()
    };
    if let Some(origin) = origin {
        grant.related.push(std::mem::replace(&mut grant.origin, origin));
        grant.diff = None;
    }
    grant
}

fn draft<'a>(
    delta: &'a Delta,
    change: &'a Change<'a>,
    principal: &'a Principal,
    (grant, direction, aspect, paths): (Grant<'a>, Direction, Aspect, &[&Path]),
) -> Draft<'a> {
    let leads = |region: &Region| {
        let through = paths.iter().filter(|path| path.method.leads_through(region));
        through.max_by_key(|path| (raised_by(path), path.method.leads()))
    };
    let raise = |region: &Region| leads(region).map_or(Severity::Info, |path| raised_by(path));
    let weigh = |region: &Region| match aspect {
        Aspect::Permissions(_) => severity::of_permission(region).max(raise(region)),
        Aspect::Trust(_) => severity::of_trust(region, principal),
    };
    let mut weighed: Vec<(Severity, &'a Region)> =
        grant.regions.iter().map(|region| (weigh(region), *region)).collect();
    weighed.sort_by_key(|(severity, _)| Reverse(*severity));
    let heaviest = weighed.first().map_or(Severity::Info, |(severity, _)| *severity);
    let severity = match (direction, aspect.kind()) {
        (Direction::Reduced, _) => Severity::Info,
        (Direction::New, FindingKind::Drift) => severity::of_drift(heaviest, aspect),
        (Direction::New, _) => heaviest,
    };
    let kind = if direction == Direction::New { aspect.kind() } else { FindingKind::Reduction };
    let regions: Vec<&'a Region> = weighed.into_iter().map(|(_, region)| region).collect();
    let mut draft = Draft::new(kind, severity, grant.origin, Subject::Principal(principal));
    draft.words = match (direction, aspect) {
        (Direction::New, Aspect::Permissions(_)) => words::region,
        (Direction::New, Aspect::Trust(_)) => words::trust,
        (Direction::Reduced, Aspect::Permissions(_)) => |region| no_longer(&words::region(region)),
        (Direction::Reduced, Aspect::Trust(_)) => |region| no_longer(&words::trust(region)),
    };
    draft.message = message(principal, change, &regions, (draft.words, aspect));
    let cause = regions.first().map(|region| words::cause(region.because)).unwrap_or_default();
    if direction == Direction::New && !cause.is_empty() {
        draft.message = format!("{}; {cause}", draft.message);
    }
    // A role that is named is worth telling even where handing it over weighs as much by itself.
    let raised = regions.iter().filter(|region| {
        let named = leads(region).is_some_and(|path| path.role.is_some());
        severity::of_permission(region) < raise(region)
            || named && severity::of_permission(region) == raise(region)
    });
    if direction == Direction::New
        && let Some(path) = raised
            .filter_map(|region| leads(region))
            .max_by_key(|path| (raised_by(path), path.method.leads()))
    {
        draft.message = format!("{}; {}", draft.message, words::escalation(path));
    }
    draft.confidence = confidence(&regions);
    draft.cause = fingerprint::cause(&regions);
    draft.previous_address = moved(principal, &draft);
    draft.related = grant.related;
    if principal.kind == PrincipalKind::Group {
        draft.related.extend(Context::members(delta, principal));
    }
    draft.diff = grant.diff;
    draft.documents = Some(match direction {
        Direction::New => &delta.after.documents,
        Direction::Reduced => &delta.before.documents,
    });
    draft.regions = regions;
    draft
}

/// How heavy something is that opens the path.
fn raised_by(path: &Path) -> Severity {
    match (path.method.leads(), &path.role) {
        // What the role may do is not looked at.
        (Leads::AnyRole, Some(_)) | (Leads::AnyUser | Leads::RoleInUse, _) => Severity::High,
        (Leads::Administrator | Leads::AnyRole, _) => Severity::Critical,
    }
}

fn message(
    principal: &Principal,
    change: &Change<'_>,
    regions: &[&Region],
    (words, aspect): (fn(&Region) -> String, Aspect),
) -> String {
    let name = name_of(principal);
    let kind = match principal.kind {
        PrincipalKind::Role => "role",
        PrincipalKind::User => "user",
        PrincipalKind::Group => "group",
        PrincipalKind::ServiceAccount => "service account",
        PrincipalKind::Holder => "whoever has the policy",
        PrincipalKind::Machines => "machines with the profile",
    };
    let outside = if aspect.kind() == FindingKind::Drift { "Outside of Terraform: " } else { "" };
    let new = if change.is_new() { "new " } else { "" };
    let what = regions.first().map(|region| words(region)).unwrap_or_default();
    let more = match regions.len().saturating_sub(1) {
        0 => String::new(),
        1 => ", and one thing more".to_owned(),
        rest => format!(", and {rest} things more"),
    };
    // A sentence on a trust has the caller for its subject, one on a permission the principal.
    let colon = if matches!(aspect, Aspect::Trust(_)) { ":" } else { "" };
    format!("{outside}{new}{kind} `{name}`{colon} {what}{more}")
}

/// The sentence of a region that is newly allowed, said of one that no longer is.
fn no_longer(sentence: &str) -> String {
    sentence.replacen("may now", "may no longer", 1)
}

/// Sure when at least one region is new under every reading of what the sources dispute.
fn confidence(regions: &[&Region]) -> Confidence {
    if regions.iter().any(|region| region.reading.is_none()) { Confidence::High } else { Confidence::Medium }
}

fn moved(principal: &Principal, draft: &Draft<'_>) -> Option<nhi_analyzer_model::Address> {
    let here = principal.origin.as_ref().is_some_and(|origin| origin.address == draft.origin.address);
    principal.previous_address.clone().filter(|_| here)
}
