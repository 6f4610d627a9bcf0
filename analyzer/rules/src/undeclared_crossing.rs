//! `undeclared-crossing`: an identity gets into a zone that its own zone does not reach.

use nhi_access::{Answer, Region, Scope};
use nhi_analyzer_model::{DeclaredIdentity, FindingKind, Known, Origin, Principal, Severity};

use crate::context::{Change, Context};
use crate::declared::{Declared, is};
use crate::draft::{Draft, Subject, name_of};
use crate::grant::{self, Direction};
use crate::rule::Rule;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    id: "undeclared-crossing",
    severity: Severity::High,
    page: include_str!("undeclared-crossing.md"),
    check,
};

/// How one principal gets at another.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    /// It may become it.
    Assume,
    /// It may hand it to a service.
    Pass,
}

/// A principal of the plan with the zone it is declared in.
#[derive(Clone, Copy)]
struct Placed<'a> {
    change: &'a Change<'a>,
    principal: &'a Principal,
    /// The name of the identity, where it is known.
    identity: Option<&'a str>,
    zone: &'a str,
}

fn check<'a>(context: &'a Context<'a>) -> Vec<Draft<'a>> {
    let placed: Vec<Placed<'a>> =
        context.changes.iter().filter_map(|change| place(change, context)).collect();
    let mut drafts = Vec::new();
    for from in &placed {
        for to in &placed {
            if from.zone == to.zone || reaches(&context.declared, from.identity, (from.zone, to.zone)) {
                continue;
            }
            for edge in [Edge::Assume, Edge::Pass] {
                if exists(edge, from.principal, to.principal) && !stood(edge, *from, *to, context) {
                    drafts.extend(draft(edge, *from, *to, context));
                }
            }
        }
    }
    drafts
}

fn place<'a>(change: &'a Change<'a>, context: &'a Context<'a>) -> Option<Placed<'a>> {
    let principal = change.after?;
    let identity = context.declared.identity_of(principal)?;
    let zone = zone_of(identity)?;
    Some(Placed { change, principal, identity: is(&identity.name).map(String::as_str), zone })
}

fn zone_of(identity: &DeclaredIdentity) -> Option<&str> {
    is(&identity.zone)?.as_deref()
}

/// Whether the zone's declaration, or a crossing that holds, lets it across. A zone whose `reaches` is not known yet is
/// not blamed.
fn reaches(declared: &Declared<'_>, identity: Option<&str>, (from, to): (&str, &str)) -> bool {
    let by_zone = match declared.zone(from).map(|zone| &zone.reaches) {
        Some(Known::Is(zones)) => zones.iter().any(|zone| zone == to),
        Some(Known::Unknown) => true,
        None => false,
    };
    by_zone || declared.crosses(identity, (from, to))
}

/// Was the same crossing there before this plan? Then it is not the plan's news.
fn stood(edge: Edge, from: Placed<'_>, to: Placed<'_>, context: &Context<'_>) -> bool {
    let (Some(source), Some(target)) = (from.change.before, to.change.before) else { return false };
    let identity = |principal| context.declared_before.identity_of(principal);
    let zone = |principal| identity(principal).and_then(zone_of);
    let (Some(source_zone), Some(target_zone)) = (zone(source), zone(target)) else { return false };
    let name = identity(source).and_then(|identity| is(&identity.name)).map(String::as_str);
    source_zone != target_zone
        && !reaches(&context.declared_before, name, (source_zone, target_zone))
        && exists(edge, source, target)
}

fn exists(edge: Edge, from: &Principal, to: &Principal) -> bool {
    let Some(target) = to.arn.as_ref() else { return false };
    match edge {
        Edge::Pass => may(from, "iam:PassRole", target),
        Edge::Assume => from.arn.as_ref().is_some_and(|source| {
            // A trust that lets in the whole account leaves it to the caller's own permissions.
            trusts(to, source) && (!trusts(to, &stranger(source)) || may(from, "sts:AssumeRole", target))
        }),
    }
}

fn may(principal: &Principal, action: &str, resource: &str) -> bool {
    let scope =
        Scope { actions: vec![action.to_owned()], resources: vec![resource.to_owned()], ..Scope::default() };
    matches!(principal.world.may(&scope), Answer::Yes(_))
}

fn trusts(principal: &Principal, caller: &str) -> bool {
    let scope = Scope {
        principals: vec![caller.to_owned()],
        actions: vec!["sts:AssumeRole".to_owned()],
        ..Scope::default()
    };
    principal.trust.as_ref().is_some_and(|trust| matches!(trust.may(&scope), Answer::Yes(_)))
}

/// A principal of the same account that no trust names.
fn stranger(arn: &str) -> String {
    let account = arn.split_inclusive(':').take(5).collect::<String>();
    format!("{account}role/nobody-in-particular")
}

fn draft<'a>(edge: Edge, from: Placed<'a>, to: Placed<'a>, context: &'a Context<'a>) -> Option<Draft<'a>> {
    let whole = || from.principal.origin.clone().or_else(|| to.principal.origin.clone());
    let origin = cause(edge, from, to, context).or_else(whole)?;
    let related = [from.principal.origin.clone(), to.principal.origin.clone()];
    let subject = Subject::Principal(from.principal);
    let mut draft = Draft::new(FindingKind::Zone, Severity::High, origin, subject);
    let how = match edge {
        Edge::Assume => "may become",
        Edge::Pass => "may pass",
    };
    let (source, target) = (name_of(from.principal), name_of(to.principal));
    let declared = if context.declared.zone(from.zone).is_some() {
        format!("`reaches` of zone `{}` does not name it", from.zone)
    } else {
        format!("no zone `{}` is declared here that would reach it (is its register joined?)", from.zone)
    };
    draft.message =
        format!("`{source}` of zone `{}` {how} `{target}` of zone `{}`, and {declared}.", from.zone, to.zone);
    draft.cause = format!("{how}\n{}\n{target}", to.zone);
    draft.related = related.into_iter().flatten().collect();
    Some(draft)
}

/// The changed part of the plan that brings the edge about.
fn cause(edge: Edge, from: Placed<'_>, to: Placed<'_>, context: &Context<'_>) -> Option<Origin> {
    let action = match edge {
        Edge::Assume => "sts:AssumeRole",
        Edge::Pass => "iam:PassRole",
    };
    let of = |compared, own| grant::grants(context.planned, own, compared, Direction::New);
    let trust = to.change.trust.as_ref().filter(|_| edge == Edge::Assume);
    if let Some(grant) =
        trust.and_then(|compared| of(compared, to.principal.origin.as_ref()).into_iter().next())
    {
        return Some(grant.origin);
    }
    let grants = of(from.change.permissions.as_ref()?, from.principal.origin.as_ref());
    let about = |region: &&Region| region.witness.action.eq_ignore_ascii_case(action);
    let exact = grants.iter().find(|grant| grant.regions.iter().any(about));
    exact.or(grants.first()).map(|grant| grant.origin.clone())
}
