//! Which principals a change reaches, so that worlds are built for those alone.

use std::collections::{BTreeMap, BTreeSet};

use nhi_analyzer_model::PrincipalId;

use crate::aws::graph::{Grant, Graph, Subject, What};
use crate::aws::link::{End, Link};
use crate::kinds::Kind;
use crate::moments::{Moment, Moments, Number};
use crate::value::is_empty;

/// What of a role, user or group takes part in its worlds.
const OWN: &[&str] = &[
    "name",
    "arn",
    "path",
    "assume_role_policy",
    "permissions_boundary",
    "inline_policy",
    "managed_policy_arns",
];

/// The principals of a change.
#[derive(Default)]
pub(crate) struct Touched {
    /// Something that decides what they may do, or who may become them, was written.
    pub(crate) worlds: BTreeSet<PrincipalId>,
    /// Those, and the ones of which anything else was written.
    pub(crate) all: BTreeSet<PrincipalId>,
    /// Policies that were written and that no principal at hand carries.
    pub(crate) policies: Vec<Number>,
}

/// Compares two moments.
pub(crate) fn between(moments: &Moments<'_>, from: &Graph, to: &Graph) -> Touched {
    let mut look = Look { moments, span: (from.moment, to.moment), written: BTreeMap::new() };
    let mut touched = Touched::default();
    let ids: BTreeSet<&PrincipalId> = from.subjects.keys().chain(to.subjects.keys()).collect();
    for id in &ids {
        let sides = (from.subjects.get(*id), to.subjects.get(*id));
        if look.world(sides) {
            touched.worlds.insert((*id).clone());
            touched.all.insert((*id).clone());
        } else if let Some(number) = sides.1.and_then(|subject| subject.resource)
            && moments.get(number).is_some_and(|resource| !resource.untouched(from.moment, to.moment))
        {
            touched.all.insert((*id).clone());
        }
    }
    // A member's world holds its groups' documents.
    let members: Vec<PrincipalId> = ids
        .into_iter()
        .filter(|id| {
            [from, to].iter().any(|graph| {
                graph.subjects.get(*id).is_some_and(|one| !one.groups.is_disjoint(&touched.worlds))
            })
        })
        .cloned()
        .collect();
    touched.all.extend(members.iter().cloned());
    touched.worlds.extend(members);
    touched
}

/// The policies of the plan that a principal's own attributes name.
fn named_policies(moments: &Moments<'_>, principal: Number, moment: Moment) -> Vec<Number> {
    let mut policies = Vec::new();
    for attribute in ["permissions_boundary", "managed_policy_arns"] {
        let known = moments.state(principal, moment).is_some_and(|state| !is_empty(state.get(attribute)));
        if known {
            let link = Link { from: principal, attribute, to: Kind::Policy };
            policies.extend(link.ends(moments, moment).found.into_iter().filter_map(|end| match end {
                End::Resource(policy) => Some(policy),
                End::Named(_) => None,
            }));
        }
    }
    policies
}

/// Policies whose text is written between two moments and that no principal of the plan carries at either: they
/// change what principals elsewhere may do.
pub(crate) fn uncarried(moments: &Moments<'_>, from: &Graph, to: &Graph) -> Vec<Number> {
    let span = (from.moment, to.moment);
    let changed = moments.resources.iter().enumerate().filter(|(_, resource)| {
        resource.kind == Kind::Policy
            && resource.at(span.0).is_some()
            && resource.at(span.1).is_some()
            && resource.differs(span, &["policy"])
    });
    let mut changed: Vec<Number> = changed.map(|(number, _)| number).collect();
    if changed.is_empty() {
        return changed;
    }
    let mut carried = BTreeSet::new();
    for graph in [from, to] {
        for subject in graph.subjects.values() {
            carried.extend(subject.grants.iter().filter_map(|grant| match grant.what {
                What::Managed(End::Resource(policy)) => Some(policy),
                _ => None,
            }));
            carried.extend(
                subject.resource.into_iter().flat_map(|number| named_policies(moments, number, graph.moment)),
            );
        }
    }
    changed.retain(|policy| !carried.contains(policy));
    changed
}

struct Look<'m, 'p> {
    moments: &'m Moments<'p>,
    span: (Moment, Moment),
    /// Whether the text of a resource was written, once asked.
    written: BTreeMap<Number, bool>,
}

impl Look<'_, '_> {
    fn world(&mut self, sides: (Option<&Subject>, Option<&Subject>)) -> bool {
        let (Some(from), Some(to)) = sides else { return true };
        if from.resource != to.resource || from.groups != to.groups || from.grants != to.grants {
            return true;
        }
        let own = from.resource.is_some_and(|number| {
            self.moments.get(number).is_some_and(|one| one.differs(self.span, OWN)) || self.linked(number)
        });
        own || to.grants.iter().any(|grant| self.grant(grant))
    }

    fn grant(&mut self, grant: &Grant) -> bool {
        match &grant.what {
            What::Inline => self.text(grant.via, &["name", "policy"]),
            What::Managed(End::Resource(policy)) => self.text(*policy, &["policy", "name"]),
            What::Managed(End::Named(_)) => false,
            What::Open => {
                self.moments.get(grant.via).is_some_and(|via| !via.untouched(self.span.0, self.span.1))
            }
        }
    }

    /// Whether a policy was written that the principal itself names: its boundary, or one of a role's own list.
    fn linked(&mut self, number: Number) -> bool {
        named_policies(self.moments, number, self.span.1)
            .into_iter()
            .any(|policy| self.text(policy, &["policy", "name"]))
    }

    fn text(&mut self, number: Number, names: &[&str]) -> bool {
        if let Some(answer) = self.written.get(&number) {
            return *answer;
        }
        let answer = self.moments.get(number).is_some_and(|one| one.differs(self.span, names));
        self.written.insert(number, answer);
        answer
    }
}
