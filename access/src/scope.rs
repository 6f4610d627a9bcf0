//! Questions about one world: may anything in this scope still happen?

use crate::comparison::{Region, Undecided};
use crate::dialect::aws::{Effect, Element, Item};
use crate::difference::Question;
use crate::hole;
use crate::request::{Dimension, Request};
use crate::settings::Settings;
use crate::space::clause::Dim;
use crate::space::glob::{Pattern, Patterns};
use crate::space::oracle;
use crate::world::{Content, LayerKind, World};

/// A set of requests named by globs; an empty list means *any*.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Globs over principals (ARNs, accounts, services).
    pub principals: Vec<String>,
    /// Globs over `service:Action`, without regard to case.
    pub actions: Vec<String>,
    /// Globs over resource ARNs.
    pub resources: Vec<String>,
}

/// Yes with a witness, no, or undecided with reasons.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// At least this request.
    Yes(Box<Request>),
    /// None.
    No,
    /// It could not be settled.
    Undecided(Vec<Undecided>),
}

fn union<'a>(globs: impl IntoIterator<Item = &'a String>) -> Patterns {
    Patterns::new(globs.into_iter().map(|glob| Pattern::glob(glob)))
}

/// A principal of a region without the type before its name.
fn untyped(text: &str) -> &str {
    let kinds = ["Service:", "Federated:", "CanonicalUser:"];
    kinds.iter().find_map(|kind| text.strip_prefix(kind)).unwrap_or(text)
}

fn lower(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| text.to_lowercase()).collect()
}

impl World {
    /// Does any granting statement speak of this action? `false` means that it is allowed for sure nowhere.
    pub(crate) fn may_name(&self, action: &str) -> bool {
        let action = action.to_lowercase();
        let names = |items: &[Item]| {
            items
                .iter()
                .filter_map(Item::text)
                .any(|text| Pattern::glob(&text.to_lowercase()).matches(&action))
        };
        let statements = self.layers.iter().flat_map(|layer| &layer.documents).filter_map(|document| {
            if let Content::Aws(policy) = &document.content { Some(&policy.statements) } else { None }
        });
        statements.flatten().filter(|statement| statement.effect == Effect::Allow).any(|statement| {
            match &statement.action {
                Element::In(items) => names(items),
                Element::NotIn(items) => !names(items),
            }
        })
    }

    /// Is any request of `scope` allowed in this world, in any context?
    pub fn may(&self, scope: &Scope) -> Answer {
        self.may_with(scope, &[])
    }

    /// Is any request of `scope` allowed whose context holds one of the values under each of these keys?
    pub(crate) fn may_with(&self, scope: &Scope, held: &[(&str, Vec<String>)]) -> Answer {
        let named = self
            .layers
            .iter()
            .any(|layer| matches!(layer.kind, LayerKind::Resource | LayerKind::Trust | LayerKind::Endpoint));
        let mut dims = Vec::new();
        if !scope.actions.is_empty() {
            dims.push((Dim::Action, union(&lower(&scope.actions))));
        }
        // Who may become a role is the trust's only question; its resource is the role itself.
        let trust = self.layers.iter().any(|layer| layer.kind == LayerKind::Trust);
        match (&self.resource, trust) {
            (Some(role), true) if !scope.resources.is_empty() && !union(&scope.resources).matches(role) => {
                return Answer::No;
            }
            (None, true) => {}
            _ if !scope.resources.is_empty() => dims.push((Dim::Resource, union(&scope.resources))),
            _ => {}
        }
        if !scope.principals.is_empty() {
            match &self.principal {
                Some(principal) if !union(&scope.principals).matches(principal) => return Answer::No,
                None if named => {
                    let kinds = ["AWS", "Service", "Federated", "CanonicalUser"];
                    let globs: Vec<String> = scope
                        .principals
                        .iter()
                        .flat_map(|glob| kinds.map(|kind| format!("{kind}|{glob}")))
                        .collect();
                    dims.push((Dim::Principal, union(&globs)));
                }
                _ => {}
            }
        }
        let settings = Settings::default();
        let nothing = World { layers: Vec::new(), ..self.clone() };
        let found = Question { before: &nothing, after: self, scope: &dims, held, settings: &settings };
        let found = found.answer();
        match found.new.into_iter().next() {
            Some(region) => Answer::Yes(Box::new(region.witness)),
            None if found.undecided.is_empty() => Answer::No,
            None => Answer::Undecided(found.undecided),
        }
    }
}

impl Region {
    /// Does every request of the region lie in `scope`? `Yes` carries the region's witness.
    pub fn within(&self, scope: &Scope) -> Answer {
        let free = Dimension { name: String::new(), within: Vec::new(), without: Vec::new() };
        for (name, globs) in
            [("principal", &scope.principals), ("action", &scope.actions), ("resource", &scope.resources)]
        {
            if globs.is_empty() {
                continue;
            }
            let dimension = self.set.dimensions.iter().find(|one| one.name == name).unwrap_or(&free);
            let mut own = hole::widened(dimension, &self.holes);
            let mut globs = globs.clone();
            if name == "principal" {
                let bare = |texts: &[String]| texts.iter().map(|text| untyped(text).to_owned()).collect();
                own = Dimension { within: bare(&own.within), without: bare(&own.without), ..own };
            }
            if name == "action" {
                own = Dimension { within: lower(&own.within), without: lower(&own.without), ..own };
                globs = lower(&globs);
            }
            let all = Patterns::new([Pattern::glob("*")]);
            let within = if own.within.is_empty() { all } else { union(&own.within) };
            match oracle::text(&[&within], &[&union(&own.without), &union(&globs)]) {
                Ok(None) => {}
                Ok(Some(_)) => return Answer::No,
                Err(_) => {
                    let (statement, so_far) = (self.granted_by.clone(), self.set.clone());
                    return Answer::Undecided(vec![Undecided::Budget { statement, so_far }]);
                }
            }
        }
        Answer::Yes(Box::new(self.witness.clone()))
    }
}
