//! Kubernetes RBAC: roles, what they are made of, and who is bound to them where.
//!
//! A request is *who* (`User|NAME`, `Group|NAME`, `ServiceAccount|NAMESPACE:NAME`), a verb as the action, `GROUP:RESOURCE`
//! (`apps:deployments/scale`; the core group is empty: `:pods`) or a path (`/healthz`) as the resource, and the keys `namespace` and `name`: absent for what has no namespace, and for requests that name no object
//! (`list`, `create`). RBAC only ever adds: what no rule grants is refused. A group stands for whoever is in it; groups
//! of service accounts are known by their names, others are not looked into.

mod decide;
mod read;

pub use read::{RbacError, parse};

use std::collections::BTreeMap;

use crate::request::Request;
use crate::set::{Axis, Face, OutOfBudget, Requests};

/// The roles and bindings of one cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rbac {
    /// `Role` and `ClusterRole`.
    pub roles: Vec<Role>,
    /// `RoleBinding` and `ClusterRoleBinding`.
    pub bindings: Vec<Binding>,
}

/// A `Role`, or a `ClusterRole` where it has no namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Role {
    /// Its namespace; `None` for a `ClusterRole`.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// Its labels, which aggregating roles select by.
    pub labels: BTreeMap<String, String>,
    /// Its own rules.
    pub rules: Vec<Rule>,
    /// Takes in the rules of cluster roles that one of these selects; its own rules then do not count, for the cluster
    /// overwrites them.
    pub aggregates: Option<Vec<Selector>>,
}

/// Labels by which an aggregating role selects others; all must agree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector {
    /// `matchLabels`.
    pub labels: BTreeMap<String, String>,
    /// `matchExpressions`.
    pub expressions: Vec<Expression>,
}

/// One label expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    /// The label.
    pub key: String,
    /// `In`, `NotIn`, `Exists`, `DoesNotExist`.
    pub operator: Operator,
    /// For `In` and `NotIn`.
    pub values: Vec<String>,
}

/// What a label expression asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// The label has one of the values.
    In,
    /// It has none of them, or is not there.
    NotIn,
    /// It is there.
    Exists,
    /// It is not there.
    DoesNotExist,
}

/// One rule of a role: a product of lists, `*` in a list being everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// `apiGroups`; the core group is the empty text.
    pub groups: Vec<String>,
    /// `resources`, with subresources after a slash; `*/scale` is a subresource of anything.
    pub resources: Vec<String>,
    /// `verbs`.
    pub verbs: Vec<String>,
    /// `resourceNames`; empty for all names and for requests that name none.
    pub names: Vec<String>,
    /// `nonResourceURLs`; a star may stand at the end.
    pub urls: Vec<String>,
}

/// A `RoleBinding`, or a `ClusterRoleBinding` where it has no namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Binding {
    /// The namespace it grants in; `None`: everywhere.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
    /// The kind of role it refers to.
    pub role: RoleRef,
    /// Who gets the role.
    pub subjects: Vec<Subject>,
}

/// The role that a binding refers to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum RoleRef {
    /// None that can be there.
    #[default]
    Nothing,
    /// A `Role` of the binding's namespace.
    Role(String),
    /// A `ClusterRole`.
    ClusterRole(String),
}

/// Who is bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A user by name.
    User(String),
    /// A group by name.
    Group(String),
    /// A service account by namespace and name.
    ServiceAccount(String, String),
}

/// A rule as it reaches someone: which binding carries which rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant<'a> {
    /// The binding.
    pub binding: &'a Binding,
    /// The role whose rule it is: the bound one, or one that it aggregates.
    pub role: &'a Role,
    /// The rule.
    pub rule: &'a Rule,
}

/// A request that is newly granted, and what grants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gained {
    /// One request; confirmed by the plain decision on both sides.
    pub witness: Request,
    /// `binding` of `role`, as `NAMESPACE/NAME` where they have one.
    pub through: (String, String),
}

impl Rbac {
    /// The rules that reach someone, binding by binding.
    pub fn grants(&self) -> Vec<Grant<'_>> {
        let mut grants = Vec::new();
        for binding in &self.bindings {
            let (namespace, name) = match &binding.role {
                RoleRef::Nothing => continue,
                RoleRef::Role(name) => (binding.namespace.as_ref(), name),
                RoleRef::ClusterRole(name) => (None, name),
            };
            for role in
                self.roles.iter().filter(|role| role.namespace.as_ref() == namespace && role.name == *name)
            {
                for part in self.parts(role) {
                    grants.extend(part.rules.iter().map(|rule| Grant { binding, role: part, rule }));
                }
            }
        }
        grants
    }

    /// The role itself, or those whose rules it takes in.
    fn parts<'a>(&'a self, role: &'a Role) -> Vec<&'a Role> {
        match &role.aggregates {
            None => vec![role],
            Some(selectors) => {
                let selected = |other: &&Role| {
                    other.namespace.is_none()
                        && selectors.iter().any(|selector| selector.takes(&other.labels))
                };
                // A selected role that aggregates itself brings what it was filled with, which is not known here
                // but through its own selectors.
                let mut seen: Vec<&Role> = Vec::new();
                let mut open: Vec<&Role> = self.roles.iter().filter(selected).collect();
                while let Some(next) = open.pop() {
                    if seen.iter().any(|own| std::ptr::eq(*own, next)) {
                        continue;
                    }
                    seen.push(next);
                    if let Some(more) = &next.aggregates {
                        let also = |other: &&Role| {
                            other.namespace.is_none()
                                && more.iter().any(|selector| selector.takes(&other.labels))
                        };
                        open.extend(self.roles.iter().filter(also));
                    }
                }
                seen.retain(|role| role.aggregates.is_none());
                seen
            }
        }
    }

    /// Everything that is granted, as a set of requests; box by box the products of `grants`.
    pub fn requests(&self) -> (Requests, Vec<Grant<'_>>) {
        let (mut boxes, mut origins) = (Vec::new(), Vec::new());
        for grant in self.grants() {
            for faces in faces(&grant) {
                boxes.push(faces);
                origins.push(grant.clone());
            }
        }
        (Requests::of(boxes), origins)
    }

    /// What is granted here and was not in `before`: a request for each product of which something is new.
    pub fn gained_since(&self, before: &Self) -> Result<Vec<Gained>, OutOfBudget> {
        let (was, _) = before.requests();
        let (is, origins) = self.requests();
        let mut gained = Vec::new();
        for (space, grant) in is.boxes.iter().zip(origins) {
            let Some((_, witness)) = Requests::of([space.faces.clone()]).difference(&was)? else { continue };
            // What the plain decision does not confirm is no answer, and not "nothing" either.
            if !self.allows(&witness) || before.allows(&witness) {
                return Err(OutOfBudget);
            }
            let called = |namespace: &Option<String>, name: &str| match namespace {
                Some(namespace) => format!("{namespace}/{name}"),
                None => name.to_owned(),
            };
            let binding = called(&grant.binding.namespace, &grant.binding.name);
            gained.push(Gained {
                witness,
                through: (binding, called(&grant.role.namespace, &grant.role.name)),
            });
        }
        Ok(gained)
    }
}

impl Selector {
    fn takes(&self, labels: &BTreeMap<String, String>) -> bool {
        self.labels.iter().all(|(key, value)| labels.get(key) == Some(value))
            && self.expressions.iter().all(|expression| {
                let own = labels.get(&expression.key);
                let listed = own.is_some_and(|value| expression.values.contains(value));
                match expression.operator {
                    Operator::In => listed,
                    Operator::NotIn => !listed,
                    Operator::Exists => own.is_some(),
                    Operator::DoesNotExist => own.is_none(),
                }
            })
    }
}

/// The boxes of a grant: for each subject one for objects and one for paths.
fn faces(grant: &Grant<'_>) -> Vec<Vec<Face>> {
    let Grant { binding, rule, .. } = grant;
    // A star is the whole list, and a letter anywhere else; no name that the cluster takes has one.
    let plain = |text: &String| if text == "*" { "*".to_owned() } else { text.replace(['*', '?'], "\u{1}") };
    let verbs = Face::within(Axis::Action, rule.verbs.iter().map(plain));
    let mut boxes = Vec::new();
    for subject in &binding.subjects {
        let mut common = people(subject);
        common.push(verbs.clone());
        if !rule.resources.is_empty() {
            let mut faces = common.clone();
            let resource = |text: &String| match text.strip_prefix("*/") {
                Some(sub) => format!("*/{}", plain(&sub.to_owned())),
                None => plain(text),
            };
            let each = |group: &String| {
                let group = plain(group);
                rule.resources
                    .iter()
                    .map(move |text| format!("{group}:{}", resource(text)))
                    .collect::<Vec<_>>()
            };
            faces.push(Face::within(Axis::Resource, rule.groups.iter().flat_map(each)));
            faces.push(Face::within(Axis::Resource, ["/*"]).turned());
            if let Some(namespace) = &binding.namespace {
                faces.push(Face::within(Axis::Key("namespace".to_owned()), [namespace]));
            }
            if !rule.names.is_empty() {
                faces.push(Face::within(Axis::Key("name".to_owned()), &rule.names));
            }
            boxes.push(faces);
        }
        // Paths belong to no namespace, so a binding in one grants none.
        if !rule.urls.is_empty() && binding.namespace.is_none() {
            let url = |url: &String| match url.strip_suffix('*') {
                Some(start) => format!("{}*", plain(&start.to_owned())),
                None => plain(url),
            };
            let mut faces = common;
            faces.push(Face::within(Axis::Resource, rule.urls.iter().map(url)));
            faces.push(Face::within(Axis::Resource, ["/*"]));
            boxes.push(faces);
        }
    }
    boxes
}

/// A subject as constraints on a request's principal.
fn people(subject: &Subject) -> Vec<Face> {
    let nobody = ["User|system:anonymous", "Group|system:unauthenticated"];
    let patterns: Vec<String> = match subject {
        Subject::User(name) => match name.strip_prefix("system:serviceaccount:") {
            // A service account's user name.
            Some(account) => vec![format!("ServiceAccount|{account}")],
            None => vec![format!("User|{name}")],
        },
        Subject::ServiceAccount(namespace, name) => vec![format!("ServiceAccount|{namespace}:{name}")],
        Subject::Group(name) => match (name.as_str(), name.strip_prefix("system:serviceaccounts:")) {
            ("system:authenticated", _) => {
                let anyone = ["ServiceAccount|*", "User|*", "Group|*"];
                return vec![
                    Face::within(Axis::Principal, anyone),
                    Face::within(Axis::Principal, nobody).turned(),
                ];
            }
            ("system:unauthenticated", _) => nobody.map(str::to_owned).to_vec(),
            ("system:serviceaccounts", _) => vec![format!("Group|{name}"), "ServiceAccount|*".to_owned()],
            (_, Some(namespace)) => vec![format!("Group|{name}"), format!("ServiceAccount|{namespace}:*")],
            _ => vec![format!("Group|{name}")],
        },
    };
    vec![Face::within(Axis::Principal, patterns)]
}
