//! Two moments of a plan as facts: before and after.

use std::collections::BTreeSet;

use nhi_access::DocumentId;
use nhi_analyzer_input::{Settings, Value};
use nhi_analyzer_model::{
    Address, AttributePath, Delta, DocumentFact, Facts, IdentityProvider, InstanceProfile, NotUnderstood,
    Origin, PrincipalId,
};

use crate::aws::documents::{Library, Masks};
use crate::aws::graph::{Graph, Lost};
use crate::aws::identity::Identities;
use crate::aws::link::{End, Link};
use crate::aws::principal::{Depth, Scene};
use crate::aws::resource_policy::Guarded;
use crate::aws::touched::{Touched, between, uncarried};
use crate::kinds::Kind;
use crate::moments::{Moment, Moments};
use crate::value::{known_name, known_texts, path, text};

/// How many principals are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Breadth {
    /// All, with their worlds: somebody declared identities, and those may be asked about.
    All,
    /// Those that the change touches.
    Touched,
}

/// The two sides of a change, and what of it could not be told.
pub(crate) struct Told {
    pub(crate) delta: Delta,
    pub(crate) not_understood: Vec<NotUnderstood>,
}

/// The plan's moments with everything that is the same for all of them.
pub(crate) struct Reading<'r, 'p> {
    pub(crate) moments: &'r Moments<'p>,
    pub(crate) identities: &'r Identities,
    pub(crate) settings: &'r Settings,
    pub(crate) breadth: Breadth,
    /// Principals that something else than their own resources speaks of.
    pub(crate) wanted: &'r BTreeSet<PrincipalId>,
}

impl<'p> Reading<'_, 'p> {
    /// Tells the facts of both moments.
    pub(crate) fn between(&self, from: &Graph, to: &Graph) -> Told {
        let mut touched = between(self.moments, from, to);
        touched.policies = uncarried(self.moments, from, to);
        let guarded = Guarded::between(self.moments, self.identities, (from.moment, to.moment));
        let mut masks = Masks::default();
        let handed = self.handed((from.moment, to.moment));
        let (mut before, mut not_understood) =
            self.side((from, from), (&touched, &guarded, &handed), &mut masks);
        let (mut after, new) = self.side((from, to), (&touched, &guarded, &handed), &mut masks);
        self.stand(&mut before, &mut after, (from.moment, to.moment));
        // What could not be read before is not this change's doing.
        let old: Vec<(String, AttributePath)> =
            not_understood.drain(..).map(|part| (part.address, part.attribute)).collect();
        not_understood.extend(
            new.into_iter().filter(|part| !old.contains(&(part.address.clone(), part.attribute.clone()))),
        );
        not_understood.extend(to.lost.iter().filter_map(|lost| self.lost(lost, (from.moment, to.moment))));
        Told { delta: Delta { before, after }, not_understood }
    }

    /// A policy that stands untouched and is newly attached (or no longer) is told on both sides, so that the link and
    /// not the text is seen to change.
    fn stand(&self, before: &mut Facts, after: &mut Facts, (from, to): (Moment, Moment)) {
        let ids = |facts: &Facts| facts.documents.keys().cloned().collect::<BTreeSet<DocumentId>>();
        let (old, new) = (ids(before), ids(after));
        if old == new {
            return;
        }
        let untouched: BTreeSet<&Address> = self
            .moments
            .resources
            .iter()
            .filter(|resource| resource.kind == Kind::Policy && resource.at(from).is_some())
            .filter(|resource| resource.untouched(from, to))
            .map(|resource| resource.address)
            .collect();
        let copy = |ids: &mut dyn Iterator<Item = &DocumentId>, source: &Facts, target: &mut Facts| {
            for id in ids {
                let Some(fact) = source.documents.get(id) else { continue };
                if untouched.contains(&fact.origin.address) {
                    let alone = DocumentFact { through: Vec::new(), ..fact.clone() };
                    target.documents.insert(id.clone(), alone);
                }
            }
        };
        copy(&mut new.difference(&old), after, before);
        copy(&mut old.difference(&new), before, after);
    }

    fn side(
        &self,
        (from, at): (&Graph, &Graph),
        (touched, guarded, handed): (&Touched, &Guarded<'_, 'p>, &[usize]),
        masks: &mut Masks,
    ) -> (Facts, Vec<NotUnderstood>) {
        let scene =
            Scene { moments: self.moments, identities: self.identities, settings: self.settings, from, at };
        let mut library = Library::new((self.moments, self.identities, self.settings), at.moment, masks);
        let mut facts = Facts::default();
        for id in at.subjects.keys() {
            let depth = if touched.worlds.contains(id) || self.breadth == Breadth::All {
                Depth::Worlds
            } else if touched.all.contains(id) || self.wanted.contains(id) {
                Depth::Outline
            } else {
                continue;
            };
            if let Some(principal) = scene.principal(&mut library, id, depth) {
                facts.principals.insert(id.clone(), principal);
            }
        }
        for policy in &touched.policies {
            if let Some(holder) = scene.holder(&mut library, *policy) {
                facts.principals.insert(holder.id.clone(), holder);
            }
        }
        for profile in handed {
            let role = self.role_of_profile(*profile, at.moment);
            let role = role.as_ref().and_then(|role| at.subjects.get_key_value(role));
            let machines = role.and_then(|(role, _)| scene.machines(&mut library, *profile, role));
            facts.principals.extend(machines.map(|one| (one.id.clone(), one)));
        }
        for id in guarded.touched() {
            if let Some(resource) = guarded.resource(&mut library, &id) {
                facts.resources.insert(id, resource);
            }
        }
        facts.documents = std::mem::take(&mut library.facts);
        for (number, resource) in self.moments.resources.iter().enumerate() {
            let Some(state) = resource.at(at.moment) else { continue };
            let origin = || Origin { address: resource.address.clone(), attribute: AttributePath::default() };
            match resource.kind {
                Kind::IdentityProvider => facts.identity_providers.push(IdentityProvider {
                    origin: origin(),
                    url: known_name(state.get("url")),
                    audiences: known_texts(state.get("client_id_list")),
                    arn: text(state.get("arn")).map(str::to_owned),
                }),
                Kind::InstanceProfile => facts.instance_profiles.push(InstanceProfile {
                    origin: origin(),
                    name: known_name(state.get("name")),
                    role: self.role_of_profile(number, at.moment),
                }),
                _ => {}
            }
        }
        (facts, library.not_understood)
    }

    /// Instance profiles that are handed from one role to another; who makes one has nothing with it yet.
    fn handed(&self, (from, to): (Moment, Moment)) -> Vec<usize> {
        let profiles = self.moments.resources.iter().enumerate().filter(|(_, resource)| {
            resource.kind == Kind::InstanceProfile && resource.at(from).is_some() && resource.at(to).is_some()
        });
        let roles = |number| (self.role_of_profile(number, from), self.role_of_profile(number, to));
        profiles
            .map(|(number, _)| number)
            .filter(|number| {
                let (old, new) = roles(*number);
                new.is_some() && old != new
            })
            .collect()
    }

    fn role_of_profile(&self, number: usize, moment: Moment) -> Option<PrincipalId> {
        let ends = Link { from: number, attribute: "role", to: Kind::Role }.ends(self.moments, moment);
        match ends.found.as_slice() {
            [End::Resource(role)] => Some(self.identities.id_at(*role, moment)),
            [End::Named(link)] => Some(self.identities.named(self.moments, Kind::Role, link)),
            _ => None,
        }
    }

    /// A link without an end hides a grant, unless the change leaves it alone.
    fn lost(&self, lost: &Lost, (from, to): (Moment, Moment)) -> Option<NotUnderstood> {
        let resource = self.moments.get(lost.from).filter(|resource| !resource.untouched(from, to))?;
        let state = resource.at(to)?;
        let attribute = path(lost.attribute);
        if *state.get(lost.attribute) == Value::Null {
            return None;
        }
        Some(NotUnderstood {
            address: resource.address.to_string(),
            origin: Some(Origin { address: resource.address.clone(), attribute: attribute.clone() }),
            attribute,
            reason: format!("the principal is not known: {}", lost.reason),
            may_grant: true,
        })
    }
}
