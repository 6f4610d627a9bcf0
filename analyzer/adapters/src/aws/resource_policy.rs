//! Policies on resources: what each speaks of, gathered from everything that carries a part of it.

pub(crate) mod place;
pub(crate) mod statement;
pub(crate) mod table;

use std::collections::{BTreeMap, BTreeSet};

use nhi_access::dialect::aws::{
    Effect, Element, Item, Policy, PolicyKind, PrincipalItem, Principals, Statement,
};
use nhi_access::{Content, Document, DocumentId, Layer, LayerKind, World};
use nhi_analyzer_input::Value;
use nhi_analyzer_input::configuration::Expression;
use nhi_analyzer_model::{AttributePath, Guard, GuardedResource, Known, Origin, Platform, ResourceId};

use crate::aws::arn;
use crate::aws::documents::{Library, Source};
use crate::aws::holes::Holes;
use crate::aws::identity::Identities;
use crate::aws::resource_policy::place::{Place, Places};
use crate::aws::resource_policy::table::{Target, What, carrier_of, target_of};
use crate::kinds::Kind;
use crate::moments::{Moment, Moments, Number};
use crate::value::{path, text};

/// What speaks of one resource at one moment.
#[derive(Debug, Default, PartialEq, Eq)]
struct Group {
    /// The resource, where the plan holds it and it is there.
    target: Option<Number>,
    /// What carries its policies.
    carriers: Vec<Number>,
    place: Option<Place>,
}

/// The resources of a plan between two moments, with what speaks of them.
pub(crate) struct Guarded<'g, 'p> {
    moments: &'g Moments<'p>,
    identities: &'g Identities,
    sides: [(Moment, BTreeMap<String, Group>); 2],
    /// Resources that the plan makes or takes away, by id: at the other moment they are not there.
    declared: BTreeSet<String>,
}

impl<'g, 'p> Guarded<'g, 'p> {
    /// Gathers both moments; nothing where no policy is carried at all.
    pub(crate) fn between(
        moments: &'g Moments<'p>,
        identities: &'g Identities,
        (from, to): (Moment, Moment),
    ) -> Self {
        let mut guarded = Self {
            moments,
            identities,
            sides: [(from, BTreeMap::new()), (to, BTreeMap::new())],
            declared: BTreeSet::new(),
        };
        let changed =
            moments.resources.iter().any(|one| table::carries(&one.address.kind) && !one.untouched(from, to));
        if changed {
            let places = Places::of(moments);
            guarded.sides = [from, to].map(|moment| (moment, groups(moments, &places, moment)));
            let targets = guarded.sides.iter().flat_map(|(_, groups)| groups);
            guarded.declared =
                targets.filter(|(_, group)| group.target.is_some()).map(|(id, _)| id.clone()).collect();
        }
        guarded
    }

    /// The resources whose policies may differ between the moments.
    pub(crate) fn touched(&self) -> BTreeSet<ResourceId> {
        let [(from, old), (to, new)] = &self.sides;
        let untouched = |number: &Number| {
            self.moments.get(*number).is_some_and(|resource| resource.untouched(*from, *to))
        };
        let ids: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
        ids.into_iter()
            .filter(|id| {
                let groups = (old.get(*id), new.get(*id));
                let same = match groups {
                    (Some(old), Some(new)) => old.target == new.target && old.carriers == new.carriers,
                    _ => false,
                };
                let mut members = [groups.0, groups.1]
                    .into_iter()
                    .flatten()
                    .flat_map(|group| group.target.iter().chain(&group.carriers));
                !same || !members.all(untouched)
            })
            .map(|id| ResourceId(id.clone()))
            .collect()
    }

    /// A resource as it is at a moment; `None` when it is not there, or the moment is neither of the two.
    pub(crate) fn resource(&self, library: &mut Library<'_, 'p>, id: &ResourceId) -> Option<GuardedResource> {
        let moment = library.moment;
        let at = self.sides.iter().find(|(one, _)| *one == moment)?;
        let other = self.sides.iter().find(|(one, _)| *one != moment)?;
        let none = Group::default();
        let group = at.1.get(&id.0).unwrap_or(&none);
        if group.target.is_none() && self.declared.contains(&id.0) {
            return None;
        }
        let place = group.place.as_ref().or_else(|| other.1.get(&id.0)?.place.as_ref())?;
        let target = place.target;
        let state = group.target.and_then(|number| self.moments.state(number, moment));
        let name = match state {
            Some(state) => target.names.first().and_then(|name| text(state.get(name))).map(str::to_owned),
            None => place.name.clone(),
        };
        let home = || {
            let near = group.target.or_else(|| group.carriers.first().copied())?;
            self.identities.home(self.moments, near)
        };
        let arn = state
            .and_then(|state| text(state.get("arn")))
            .map(str::to_owned)
            .or_else(|| place.arn.clone())
            .or_else(|| {
                name.as_ref()
                    .filter(|_| !target.arn.is_empty())
                    .map(|name| target.arn.replace("{name}", name))
            });
        let account = arn
            .as_deref()
            .and_then(arn::account)
            .map(str::to_owned)
            .or_else(|| home().map(|home| home.account));
        let documents = self.documents(library, id, group, target);
        let documents = capped(documents, target.guard);
        let kind =
            if target.guard == Guard::Organisation { LayerKind::Identity } else { LayerKind::Resource };
        let resource = group.target.and_then(|number| self.moments.get(number));
        Some(GuardedResource {
            id: id.clone(),
            platform: Platform::Aws,
            noun: target.noun,
            name: name.map_or(Known::Unknown, Known::Is),
            arn: arn.clone(),
            account: account.clone(),
            origin: resource
                .map(|one| Origin { address: one.address.clone(), attribute: AttributePath::default() }),
            previous_address: resource.and_then(|one| one.previous.cloned()),
            guard: target.guard,
            world: World { principal: None, resource: arn, account, layers: vec![Layer { kind, documents }] },
        })
    }

    fn documents(
        &self,
        library: &mut Library<'_, 'p>,
        id: &ResourceId,
        group: &Group,
        target: &Target,
    ) -> Vec<Document> {
        let mut documents = Vec::new();
        let kind = match target.guard {
            Guard::Organisation => PolicyKind::Identity,
            _ => PolicyKind::Resource,
        };
        if let Some(own) = group.target.and_then(|number| self.own(id, number, target, library.moment)) {
            documents.extend(library.read(&Source { id: format!("{} policy", id.0), kind, ..own }));
        }
        for number in &group.carriers {
            let Some(resource) = self.moments.get(*number) else { continue };
            let Some(state) = resource.at(library.moment) else { continue };
            match carrier_of(&resource.address.kind).map(|carrier| carrier.what) {
                Some(What::Text([attribute, ..])) => documents.extend(library.read(&Source {
                    id: format!("{} policy", id.0),
                    number: *number,
                    attribute: path(attribute),
                    value: state.get(attribute),
                    kind,
                })),
                Some(What::Statement(form, names)) => {
                    let mut object = state.object(names);
                    let mut holes = Holes::new(self.moments, self.identities, Some(resource.address));
                    if library.moment == Moment::Planned {
                        holes.attributes(resource.address, &mut object);
                    }
                    let mut statements = statement::statements(form, &object);
                    for statement in &mut statements {
                        statement.mark_holes(holes.list());
                    }
                    let policy = Policy { kind, variables: false, statements };
                    let whole = Source {
                        id: String::new(),
                        number: *number,
                        attribute: AttributePath::default(),
                        value: &Value::Null,
                        kind,
                    };
                    let id = format!("{} statement of {}", id.0, resource.address);
                    documents.push(library.keep(&whole, id, Content::Aws(policy)));
                }
                _ => {}
            }
        }
        let mut seen = BTreeSet::new();
        documents.retain(|document| seen.insert(document.id.clone()));
        documents
    }

    /// The policy in an attribute of the resource itself: not what only shows the policy that another one declares, nor
    /// the platform's default that nobody wrote.
    fn own(&self, id: &ResourceId, number: Number, target: &Target, moment: Moment) -> Option<Source<'g>> {
        let attribute = *target.own.first()?;
        let resource = self.moments.get(number)?;
        let value = resource.at(moment)?.get(attribute);
        let written = self.moments.plan.configuration.expression(resource.address, &path(attribute))
            != Expression::Absent;
        // Another resource declares it here, or did until now.
        let elsewhere = self.sides.iter().filter(|(one, _)| *one <= moment).any(|(_, groups)| {
            groups.get(&id.0).is_some_and(|group| {
                group.carriers.iter().filter_map(|one| self.moments.get(*one)).any(|one| {
                    carrier_of(&one.address.kind).is_some_and(|one| matches!(one.what, What::Text(_)))
                })
            })
        });
        if !written && (elsewhere || *value == Value::Unknown) {
            return None;
        }
        if target.guard == Guard::Organisation && !is_of_access(resource.at(moment)?.get("type")) {
            return None;
        }
        Some(Source {
            id: String::new(),
            number,
            attribute: path(attribute),
            value,
            kind: PolicyKind::Resource,
        })
    }
}

/// Policies of an organisation also speak of tags, backups and opt-outs.
fn is_of_access(kind: &Value) -> bool {
    match kind {
        Value::String(kind) => {
            matches!(kind.as_str(), "SERVICE_CONTROL_POLICY" | "RESOURCE_CONTROL_POLICY" | "")
        }
        _ => true,
    }
}

/// What caps lets everything pass where it says nothing, and may leave out of whom it speaks.
fn capped(mut documents: Vec<Document>, guard: Guard) -> Vec<Document> {
    if guard != Guard::Cap {
        return documents;
    }
    let anyone = || Principals::In(vec![PrincipalItem { kind: "AWS".to_owned(), value: Item::from("*") }]);
    if documents.is_empty() {
        let everything = Statement {
            principals: anyone(),
            ..Statement::new(Effect::Allow, Element::In(vec![Item::from("*")]))
        };
        let policy = Policy::new(PolicyKind::Resource, vec![everything]);
        return vec![Document {
            id: DocumentId("everything passes".to_owned()),
            content: Content::Aws(policy),
        }];
    }
    for document in &mut documents {
        if let Content::Aws(policy) = &mut document.content {
            for statement in &mut policy.statements {
                if statement.principals == Principals::Absent {
                    statement.principals = anyone();
                }
            }
        }
    }
    documents
}

fn groups(moments: &Moments<'_>, places: &Places, moment: Moment) -> BTreeMap<String, Group> {
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for (number, resource) in moments.resources.iter().enumerate() {
        if resource.at(moment).is_none() {
            continue;
        }
        match resource.kind {
            Kind::Target => {
                let Some(target) = target_of(&resource.address.kind) else { continue };
                let id = places.id(moments, number);
                let group = groups.entry(id.clone()).or_default();
                group.target = Some(number);
                group.place.get_or_insert(Place { id, target, name: None, arn: None });
            }
            Kind::Carrier => {
                let Some(place) = places.meant(moments, number, moment) else { continue };
                let group = groups.entry(place.id.clone()).or_default();
                group.carriers.push(number);
                group.place.get_or_insert(place);
            }
            _ => {}
        }
    }
    // A version or an alias of a resource is there as long as the resource is.
    let whole: Vec<(String, Number)> =
        groups.iter().filter_map(|(id, group)| Some((id.clone(), group.target?))).collect();
    for (id, number) in whole {
        let parts: Vec<String> = groups
            .range(format!("{id}{}", place::PART)..)
            .take_while(|(part, _)| part.starts_with(&format!("{id}{}", place::PART)))
            .map(|(part, _)| part.clone())
            .collect();
        for part in parts {
            if let Some(group) = groups.get_mut(&part) {
                group.target = Some(number);
            }
        }
    }
    groups
}
