//! `inline_policy` and `managed_policy_arns` of a role: mirrors of what other resources declare, and of what nobody does.

use std::collections::BTreeSet;

use nhi_analyzer_input::Value;
use nhi_analyzer_input::configuration::Expression;
use nhi_analyzer_model::{AttributePath, PrincipalId};

use crate::aws::graph::{Graph, Subject, What};
use crate::aws::link::{End, Link};
use crate::kinds::Kind;
use crate::moments::{Moments, Number};
use crate::value::{element, items, path, text};

/// An entry of a mirror that is a grant of its own.
pub(crate) struct Entry {
    pub(crate) attribute: AttributePath,
    pub(crate) name: Option<String>,
    pub(crate) grant: Mirrored,
}

/// What an entry grants.
pub(crate) enum Mirrored {
    /// A text.
    Inline(Value),
    /// A policy.
    Managed(End),
    /// A policy, or the whole list, that is not known yet.
    Open,
}

/// The two graphs of a change, and the one whose moment is asked about.
#[derive(Clone, Copy)]
pub(crate) struct Span<'g> {
    pub(crate) from: &'g Graph,
    pub(crate) at: &'g Graph,
    pub(crate) id: &'g PrincipalId,
}

/// The entries that count beside what resources declare.
///
/// What the configuration writes is exclusive, so all of it counts. What it does not write is what the last refresh
/// saw: an entry that a resource declares, or declared before this change, is that resource's and lags behind it.
pub(crate) fn entries(moments: &Moments<'_>, span: Span<'_>, role: Number) -> Vec<Entry> {
    let Some(state) = moments.state(role, span.at.moment) else { return Vec::new() };
    let mut found = Vec::new();
    let inline = state.get("inline_policy");
    let is_open = |value: &Value| matches!(value, Value::Unknown | Value::Sensitive(_));
    if !is_open(inline) {
        let declared = declared_names(moments, span);
        let written = is_written(moments, role, "inline_policy", Some("name"));
        for (index, item) in items(inline).iter().enumerate() {
            let policy = crate::value::get(item, "policy");
            let name = text(crate::value::get(item, "name"));
            if crate::value::is_empty(policy)
                || (!written && name.is_some_and(|name| declared.contains(name)))
            {
                continue;
            }
            found.push(Entry {
                attribute: element("inline_policy", index, Some("policy")),
                name: name.map(str::to_owned),
                grant: Mirrored::Inline(policy.clone()),
            });
        }
    } else if is_written(moments, role, "inline_policy", Some("name")) {
        found.push(Entry { attribute: path("inline_policy"), name: None, grant: Mirrored::Open });
    }
    found.extend(managed(moments, span, role));
    found
}

fn managed(moments: &Moments<'_>, span: Span<'_>, role: Number) -> Vec<Entry> {
    const NAME: &str = "managed_policy_arns";
    let Some(state) = moments.state(role, span.at.moment) else { return Vec::new() };
    let value = state.get(NAME);
    let written = is_written(moments, role, NAME, None);
    let is_open = matches!(value, Value::Unknown | Value::Sensitive(_));
    if is_open && !written {
        return Vec::new();
    }
    let declared = if written { BTreeSet::new() } else { declared_policies(moments, span) };
    let ends = Link { from: role, attribute: NAME, to: Kind::Policy }.ends(moments, span.at.moment);
    let attribute = |end: &End| {
        let bears = |item: &Value| match end {
            End::Named(arn) => text(item) == Some(arn.as_str()),
            End::Resource(number) => moments
                .state(*number, span.at.moment)
                .is_some_and(|policy| text(item).is_some() && text(item) == text(policy.get("arn"))),
        };
        items(value).iter().position(bears).map_or_else(|| path(NAME), |index| element(NAME, index, None))
    };
    let mut found: Vec<Entry> = ends
        .found
        .into_iter()
        .filter(|end| !declared.contains(&arn_of(moments, span.at, end)))
        .map(|end| Entry { attribute: attribute(&end), name: None, grant: Mirrored::Managed(end) })
        .collect();
    if ends.lost.is_some() {
        found.push(Entry { attribute: path(NAME), name: None, grant: Mirrored::Open });
    }
    found
}

/// Whether the configuration itself writes the attribute; blocks are written by their parts.
fn is_written(moments: &Moments<'_>, role: Number, name: &str, part: Option<&str>) -> bool {
    let Some(resource) = moments.get(role) else { return false };
    let configuration = &moments.plan.configuration;
    let says = |path: &AttributePath| configuration.expression(resource.address, path) != Expression::Absent;
    says(&path(name)) || part.is_some_and(|part| says(&element(name, 0, Some(part))))
}

/// The same role at both ends of the change.
fn subjects(span: Span<'_>) -> impl Iterator<Item = (&Graph, &Subject)> {
    [span.from, span.at].into_iter().filter_map(move |graph| Some((graph, graph.subjects.get(span.id)?)))
}

fn declared_names(moments: &Moments<'_>, span: Span<'_>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (graph, subject) in subjects(span) {
        for grant in subject.grants.iter().filter(|grant| grant.what == What::Inline) {
            let state = moments.state(grant.via, graph.moment);
            names.extend(state.and_then(|state| text(state.get("name"))).map(str::to_owned));
        }
    }
    names
}

fn declared_policies(moments: &Moments<'_>, span: Span<'_>) -> BTreeSet<String> {
    let mut arns = BTreeSet::new();
    for (graph, subject) in subjects(span) {
        for grant in &subject.grants {
            if let What::Managed(end) = &grant.what {
                arns.insert(arn_of(moments, graph, end));
            }
        }
    }
    arns
}

/// The ARN of a policy, or what stands for it where it is not known.
fn arn_of(moments: &Moments<'_>, graph: &Graph, end: &End) -> String {
    match end {
        End::Named(arn) => arn.clone(),
        End::Resource(number) => moments
            .state(*number, graph.moment)
            .and_then(|policy| text(policy.get("arn")))
            .map_or_else(|| format!("policy {number}"), str::to_owned),
    }
}
