//! Who holds which grant at one moment: every link of the plan, gathered by principal.

use std::collections::{BTreeMap, BTreeSet};

use nhi_analyzer_model::PrincipalId;

use crate::aws::identity::Identities;
use crate::aws::link::{End, Ends, Link};
use crate::kinds::Kind;
use crate::moments::{Moment, Moments, Number};

/// A resource that hands a grant to a principal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Grant {
    /// That resource.
    pub(crate) via: Number,
    /// What it hands over.
    pub(crate) what: What,
}

/// What is handed over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum What {
    /// The text in the resource itself.
    Inline,
    /// A policy of its own.
    Managed(End),
    /// A policy that cannot be told yet.
    Open,
}

/// A principal with its grants.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub(crate) kind: Kind,
    /// Its resource at this moment.
    pub(crate) resource: Option<Number>,
    /// What links call it, where no resource declares it.
    pub(crate) link: Option<String>,
    pub(crate) grants: BTreeSet<Grant>,
    /// The groups it is a member of.
    pub(crate) groups: BTreeSet<PrincipalId>,
    /// What makes it one: the resource, and the attribute that lists it or the group.
    pub(crate) memberships: BTreeMap<PrincipalId, (Number, &'static str)>,
}

/// An end of a link that could not be told.
pub(crate) struct Lost {
    pub(crate) from: Number,
    pub(crate) attribute: &'static str,
    pub(crate) reason: &'static str,
}

/// All principals of one moment.
pub(crate) struct Graph {
    pub(crate) moment: Moment,
    pub(crate) subjects: BTreeMap<PrincipalId, Subject>,
    pub(crate) lost: Vec<Lost>,
}

impl Graph {
    /// Gathers the links of a moment.
    pub(crate) fn of(moments: &Moments<'_>, identities: &Identities, moment: Moment) -> Self {
        let mut graph = Self { moment, subjects: BTreeMap::new(), lost: Vec::new() };
        for (number, resource) in moments.resources.iter().enumerate() {
            if resource.kind.is_principal() && resource.at(moment).is_some() {
                graph.subjects.insert(
                    identities.id_at(number, moment),
                    Subject {
                        kind: resource.kind,
                        resource: Some(number),
                        link: None,
                        grants: BTreeSet::new(),
                        groups: BTreeSet::new(),
                        memberships: BTreeMap::new(),
                    },
                );
            }
        }
        for (number, resource) in moments.resources.iter().enumerate() {
            if resource.at(moment).is_some() {
                graph.follow(&Following { moments, identities, moment, from: number }, resource.kind);
            }
        }
        graph
    }

    fn follow(&mut self, following: &Following<'_, '_>, kind: Kind) {
        match kind {
            Kind::RolePolicy => self.inline(following, "role", Kind::Role),
            Kind::UserPolicy => self.inline(following, "user", Kind::User),
            Kind::GroupPolicy => self.inline(following, "group", Kind::Group),
            Kind::RoleAttachment => self.attach(following, &[("role", Kind::Role)]),
            Kind::UserAttachment => self.attach(following, &[("user", Kind::User)]),
            Kind::GroupAttachment => self.attach(following, &[("group", Kind::Group)]),
            Kind::PolicyAttachment => self
                .attach(following, &[("roles", Kind::Role), ("users", Kind::User), ("groups", Kind::Group)]),
            Kind::RoleExclusive => self.attach_all(following, "role_name", Kind::Role),
            Kind::UserExclusive => self.attach_all(following, "user_name", Kind::User),
            Kind::GroupExclusive => self.attach_all(following, "group_name", Kind::Group),
            Kind::UserGroups => self.join(following, ["user", "groups"], "groups"),
            Kind::GroupUsers => self.join(following, ["users", "group"], "users"),
            _ => {}
        }
    }

    fn inline(&mut self, following: &Following<'_, '_>, attribute: &'static str, to: Kind) {
        for id in self.ends(following, attribute, to) {
            self.grant(&id, Grant { via: following.from, what: What::Inline });
        }
    }

    fn attach(&mut self, following: &Following<'_, '_>, ends: &[(&'static str, Kind)]) {
        let policy = following.ends("policy_arn", Kind::Policy);
        let what: Vec<What> = match policy.found.as_slice() {
            [only] => vec![What::Managed(only.clone())],
            // Which of several policies is meant, or that it is not told at all, is the world's to say.
            _ => vec![What::Open],
        };
        for (attribute, to) in ends {
            for id in self.ends(following, attribute, *to) {
                for what in &what {
                    self.grant(&id, Grant { via: following.from, what: what.clone() });
                }
            }
        }
    }

    /// An exclusive list attaches what it names, beside taking away the rest.
    fn attach_all(&mut self, following: &Following<'_, '_>, attribute: &'static str, to: Kind) {
        let policies = following.ends("policy_arns", Kind::Policy);
        let open = policies.lost.map(|_| What::Open);
        let what: Vec<What> = policies.found.into_iter().map(What::Managed).chain(open).collect();
        for id in self.ends(following, attribute, to) {
            for what in &what {
                self.grant(&id, Grant { via: following.from, what: what.clone() });
            }
        }
    }

    fn join(
        &mut self,
        following: &Following<'_, '_>,
        [users, groups]: [&'static str; 2],
        list: &'static str,
    ) {
        let groups = self.ends(following, groups, Kind::Group);
        for user in self.ends(following, users, Kind::User) {
            if let Some(subject) = self.subjects.get_mut(&user) {
                subject.groups.extend(groups.iter().cloned());
                let through = groups.iter().map(|group| (group.clone(), (following.from, list)));
                subject.memberships.extend(through);
            }
        }
    }

    fn grant(&mut self, id: &PrincipalId, grant: Grant) {
        if let Some(subject) = self.subjects.get_mut(id) {
            subject.grants.insert(grant);
        }
    }

    /// The principals at the end of a link, each of them among the subjects.
    fn ends(&mut self, following: &Following<'_, '_>, attribute: &'static str, to: Kind) -> Vec<PrincipalId> {
        let ends = following.ends(attribute, to);
        self.lost.extend(ends.lost.map(|reason| Lost { from: following.from, attribute, reason }));
        let mut ids = Vec::with_capacity(ends.found.len());
        for end in ends.found {
            ids.push(match end {
                End::Resource(number) => following.identities.id_at(number, following.moment),
                End::Named(link) => {
                    let id = following.identities.named(following.moments, to, &link);
                    self.subjects.entry(id.clone()).or_insert_with(|| Subject {
                        kind: to,
                        resource: None,
                        link: Some(link),
                        grants: BTreeSet::new(),
                        groups: BTreeSet::new(),
                        memberships: BTreeMap::new(),
                    });
                    id
                }
            });
        }
        ids
    }
}

struct Following<'m, 'p> {
    moments: &'m Moments<'p>,
    identities: &'m Identities,
    moment: Moment,
    from: Number,
}

impl Following<'_, '_> {
    fn ends(&self, attribute: &'static str, to: Kind) -> Ends {
        Link { from: self.from, attribute, to }.ends(self.moments, self.moment)
    }
}
