//! A principal on one side of a change: its name, its owner, and the worlds that decide what it may do.

use std::collections::{BTreeMap, BTreeSet};

use nhi_access::dialect::aws::PolicyKind;
use nhi_access::{Document, DocumentId, Layer, LayerKind, World};
use nhi_analyzer_input::{Settings, Value};
use nhi_analyzer_model::{
    Address, AttributePath, Known, Origin, Ownership, Platform, Principal, PrincipalId, PrincipalKind,
};

use crate::aws::arn;
use crate::aws::documents::{Library, Source};
use crate::aws::graph::{Grant, Graph, Subject, What};
use crate::aws::identity::Identities;
use crate::aws::link::{End, Link};
use crate::aws::mirror::{self, Mirrored, Span};
use crate::aws::ownership;
use crate::kinds::Kind;
use crate::moments::{Moments, Number};
use crate::value::{is_empty, known_name, path, text};

/// What building principals needs.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'s, 'p> {
    pub(crate) moments: &'s Moments<'p>,
    pub(crate) identities: &'s Identities,
    pub(crate) settings: &'s Settings,
    /// The moment before the change.
    pub(crate) from: &'s Graph,
    /// The moment that is built.
    pub(crate) at: &'s Graph,
}

/// How much of a principal is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Everything.
    Worlds,
    /// All but the worlds.
    Outline,
}

impl<'s, 'p> Scene<'s, 'p> {
    /// The principal of an id; `None` when it is not there at this moment.
    pub(crate) fn principal(
        &self,
        library: &mut Library<'_, 'p>,
        id: &'s PrincipalId,
        depth: Depth,
    ) -> Option<Principal> {
        let subject = self.at.subjects.get(id)?;
        let address = subject.resource.and_then(|number| self.address(number));
        let arn = self.arn(subject);
        let account = arn.as_deref().and_then(arn::account).map(str::to_owned);
        let home = |number| self.identities.home(self.moments, number);
        let account = account.or_else(|| subject.resource.and_then(home).map(|home| home.account));
        let (world, trust) = match depth {
            Depth::Outline => (World::default(), None),
            Depth::Worlds => (
                World {
                    principal: arn.clone(),
                    resource: None,
                    account: account.clone(),
                    layers: self.layers(library, id, subject),
                },
                (subject.kind == Kind::Role && subject.resource.is_some()).then(|| World {
                    principal: None,
                    resource: arn.clone(),
                    account: account.clone(),
                    layers: vec![Layer {
                        kind: LayerKind::Trust,
                        documents: self.trust(library, id, subject),
                    }],
                }),
            ),
        };
        let memberships = match depth {
            Depth::Outline => BTreeMap::new(),
            Depth::Worlds => self.memberships(library, id, subject),
        };
        Some(Principal {
            id: id.clone(),
            platform: Platform::Aws,
            kind: match subject.kind {
                Kind::User => PrincipalKind::User,
                Kind::Group => PrincipalKind::Group,
                _ => PrincipalKind::Role,
            },
            name: self.name(subject),
            arn,
            account,
            origin: address.map(|address| at(address, AttributePath::default())),
            previous_address: subject
                .resource
                .and_then(|number| self.moments.get(number))
                .and_then(|resource| resource.previous.cloned()),
            ownership: self.ownership(subject),
            tags_origin: address
                .filter(|_| subject.kind != Kind::Group)
                .map(|address| at(address, path("tags"))),
            world,
            trust,
            groups: subject.groups.iter().cloned().collect(),
            memberships,
        })
    }

    /// What a principal has through its groups alone, and through which membership.
    fn memberships(
        &self,
        library: &mut Library<'_, 'p>,
        id: &'s PrincipalId,
        subject: &'s Subject,
    ) -> BTreeMap<DocumentId, Origin> {
        let mut memberships = BTreeMap::new();
        for (group, (via, attribute)) in &subject.memberships {
            let Some((group_subject, address)) = self.at.subjects.get(group).zip(self.address(*via)) else {
                continue;
            };
            for document in self.identity_documents(library, group, group_subject) {
                memberships.entry(document.id).or_insert_with(|| at(address, path(attribute)));
            }
        }
        if !memberships.is_empty() {
            for document in self.identity_documents(library, id, subject) {
                memberships.remove(&document.id);
            }
        }
        memberships
    }

    /// The machines with an instance profile, as the role in it lets them act.
    pub(crate) fn machines(
        &self,
        library: &mut Library<'_, 'p>,
        profile: Number,
        role: &'s PrincipalId,
    ) -> Option<Principal> {
        let subject = self.at.subjects.get(role)?;
        let state = self.moments.state(profile, self.at.moment)?;
        let address = self.address(profile)?;
        let account = self.identities.home(self.moments, profile).map(|home| home.account);
        let layers = self.layers(library, role, subject);
        Some(Principal {
            id: PrincipalId(format!("machines with {address}")),
            platform: Platform::Aws,
            kind: PrincipalKind::Machines,
            name: known_name(state.get("name")),
            arn: None,
            account: account.clone(),
            origin: Some(at(address, path("role"))),
            previous_address: self.moments.get(profile).and_then(|resource| resource.previous.cloned()),
            ownership: Ownership::Untaggable,
            tags_origin: None,
            world: World { principal: None, resource: None, account, layers },
            trust: None,
            groups: Vec::new(),
            memberships: BTreeMap::new(),
        })
    }

    /// Whoever has a policy that the plan attaches to nobody.
    pub(crate) fn holder(&self, library: &mut Library<'_, 'p>, policy: Number) -> Option<Principal> {
        let state = self.moments.state(policy, self.at.moment)?;
        let account = self.identities.home(self.moments, policy).map(|home| home.account);
        let documents = library.read(&Source {
            id: self.identities.id(policy).0,
            number: policy,
            attribute: path("policy"),
            value: state.get("policy"),
            kind: PolicyKind::Identity,
        });
        let layers = vec![Layer { kind: LayerKind::Identity, documents }];
        Some(Principal {
            id: PrincipalId(format!("holders of {}", self.identities.id(policy).0)),
            platform: Platform::Aws,
            kind: PrincipalKind::Holder,
            name: known_name(state.get("name")),
            arn: None,
            account: account.clone(),
            origin: None,
            previous_address: self.moments.get(policy).and_then(|resource| resource.previous.cloned()),
            ownership: Ownership::Untaggable,
            tags_origin: None,
            world: World { principal: None, resource: None, account, layers },
            trust: None,
            groups: Vec::new(),
            memberships: BTreeMap::new(),
        })
    }

    fn address(&self, number: Number) -> Option<&'s Address> {
        self.moments.get(number).map(|resource| resource.address)
    }

    fn name(&self, subject: &Subject) -> Known<String> {
        match (subject.resource, &subject.link) {
            (Some(number), _) => self
                .moments
                .state(number, self.at.moment)
                .map_or(Known::Unknown, |state| known_name(state.get("name"))),
            (None, Some(link)) => Known::Is(arn::name_of(link).to_owned()),
            (None, None) => Known::Unknown,
        }
    }

    fn arn(&self, subject: &Subject) -> Option<String> {
        let Some(number) = subject.resource else {
            let link = subject.link.as_deref()?;
            return link.starts_with("arn:").then(|| link.to_owned());
        };
        let state = self.moments.state(number, self.at.moment)?;
        arn::of(state, subject.kind, self.identities.home(self.moments, number).as_ref())
    }

    fn ownership(&self, subject: &Subject) -> Ownership {
        if subject.kind == Kind::Group {
            return Ownership::Untaggable;
        }
        let Some(state) = subject.resource.and_then(|number| self.moments.state(number, self.at.moment))
        else {
            return Ownership::Unknown;
        };
        let Some(address) = subject.resource.and_then(|number| self.address(number)) else {
            return Ownership::Unknown;
        };
        let tags = [state.get("tags_all"), state.get("tags")];
        ownership::of(self.moments.plan, address, tags, &self.settings.owner_tags)
    }

    fn trust(&self, library: &mut Library<'_, 'p>, id: &PrincipalId, subject: &Subject) -> Vec<Document> {
        let Some(number) = subject.resource else { return Vec::new() };
        let Some(state) = self.moments.state(number, self.at.moment) else { return Vec::new() };
        library.read(&Source {
            id: format!("{} trust", id.0),
            number,
            attribute: path("assume_role_policy"),
            value: state.get("assume_role_policy"),
            kind: PolicyKind::Trust,
        })
    }

    fn layers(&self, library: &mut Library<'_, 'p>, id: &'s PrincipalId, subject: &'s Subject) -> Vec<Layer> {
        let mut documents = self.identity_documents(library, id, subject);
        for group in &subject.groups {
            if let Some(group_subject) = self.at.subjects.get(group) {
                documents.extend(self.identity_documents(library, group, group_subject));
            }
        }
        let mut seen = BTreeSet::new();
        documents.retain(|document| seen.insert(document.id.clone()));
        documents.sort_by(|one, other| one.id.cmp(&other.id));
        let mut layers = vec![Layer { kind: LayerKind::Identity, documents }];
        layers.extend(
            self.boundary(library, id, subject)
                .map(|documents| Layer { kind: LayerKind::Boundary, documents }),
        );
        layers
    }

    /// Everything attached to the principal itself.
    fn identity_documents(
        &self,
        library: &mut Library<'_, 'p>,
        id: &'s PrincipalId,
        subject: &'s Subject,
    ) -> Vec<Document> {
        let mut documents = Vec::new();
        for grant in &subject.grants {
            documents.extend(self.granted(library, id, grant));
        }
        if let Some(role) = subject.resource.filter(|_| subject.kind == Kind::Role) {
            let span = Span { from: self.from, at: self.at, id };
            for entry in mirror::entries(self.moments, span, role) {
                let source = |id: String, value| Source {
                    id,
                    number: role,
                    attribute: entry.attribute.clone(),
                    value,
                    kind: PolicyKind::Identity,
                };
                let open_id = || format!("{} {}", id.0, entry.attribute);
                match &entry.grant {
                    Mirrored::Inline(value) => {
                        let id = entry.name.as_deref().map_or_else(open_id, |name| inline_id(id, name));
                        documents.extend(library.read(&source(id, value)));
                    }
                    Mirrored::Managed(end) => {
                        let origin = self.address(role).map(|address| at(address, entry.attribute.clone()));
                        let Some(origin) = origin else { continue };
                        documents.extend(self.policy(library, id, end, &origin));
                    }
                    Mirrored::Open => {
                        documents.push(library.unknown(&source(open_id(), &Value::Unknown)));
                    }
                }
            }
        }
        documents
    }

    fn granted(&self, library: &mut Library<'_, 'p>, id: &PrincipalId, grant: &Grant) -> Vec<Document> {
        let Some(state) = self.moments.state(grant.via, self.at.moment) else { return Vec::new() };
        let Some(address) = self.address(grant.via) else { return Vec::new() };
        let attached = self.moments.get(grant.via).map_or("policy_arn", |via| via.kind.attached());
        match &grant.what {
            What::Inline => {
                let inline = text(state.get("name"));
                library.read(&Source {
                    id: inline.map_or_else(|| format!("{address} policy"), |name| inline_id(id, name)),
                    number: grant.via,
                    attribute: path("policy"),
                    value: state.get("policy"),
                    kind: PolicyKind::Identity,
                })
            }
            What::Managed(end) => self.policy(library, id, end, &at(address, path(attached))),
            What::Open => vec![library.unknown(&Source {
                id: format!("{address} {attached}"),
                number: grant.via,
                attribute: path(attached),
                value: &Value::Unknown,
                kind: PolicyKind::Identity,
            })],
        }
    }

    /// A policy of its own, carried to a principal by `through`.
    fn policy(
        &self,
        library: &mut Library<'_, 'p>,
        principal: &PrincipalId,
        end: &End,
        through: &Origin,
    ) -> Vec<Document> {
        let number = match end {
            End::Resource(number) => *number,
            // One id for each holder: what stands in the plan is the link, and that is not the same for two of them.
            End::Named(arn) => {
                return vec![library.elsewhere(format!("{arn} on {}", principal.0), arn, through)];
            }
        };
        let Some(state) = self.moments.state(number, self.at.moment) else { return Vec::new() };
        let documents = library.read(&Source {
            id: self.identities.id(number).0,
            number,
            attribute: path("policy"),
            value: state.get("policy"),
            kind: PolicyKind::Identity,
        });
        library.carried(&documents, through);
        documents
    }

    fn boundary(
        &self,
        library: &mut Library<'_, 'p>,
        id: &PrincipalId,
        subject: &Subject,
    ) -> Option<Vec<Document>> {
        const NAME: &str = "permissions_boundary";
        let number = subject.resource.filter(|_| subject.kind != Kind::Group)?;
        let state = self.moments.state(number, self.at.moment)?;
        let address = self.address(number)?;
        let origin = at(address, path(NAME));
        if is_empty(state.get(NAME)) {
            return None;
        }
        let ends =
            Link { from: number, attribute: NAME, to: Kind::Policy }.ends(self.moments, self.at.moment);
        if let [only] = ends.found.as_slice() {
            return Some(self.policy(library, id, only, &origin));
        }
        Some(library.read(&Source {
            id: format!("{address} {NAME}"),
            number,
            attribute: path(NAME),
            // A masked or unknown ARN is all that is left here, and neither tells a text.
            value: match state.get(NAME) {
                masked @ Value::Sensitive(_) => masked,
                _ => &Value::Unknown,
            },
            kind: PolicyKind::Identity,
        }))
    }
}

/// An inline policy is the same wherever it is declared, as long as its principal and its name are.
fn inline_id(principal: &PrincipalId, name: &str) -> String {
    format!("{} inline {name}", principal.0)
}

fn at(address: &Address, attribute: AttributePath) -> Origin {
    Origin { address: address.clone(), attribute }
}
