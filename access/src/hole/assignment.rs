//! Values put in the place of holes, and where the holes stand.

use std::collections::BTreeMap;

use super::{Hole, Part};
use crate::dialect::aws::{Item, Policy, Principals, Statement};
use crate::world::{Content, World};

/// A value for each reference.
pub(super) type Assignment = BTreeMap<String, String>;

/// Where in a statement an entry stands; what is compared with one another stands in the same place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Action,
    Resource,
    /// By type.
    Principal(String),
    /// By key, in lower case, and operator.
    Condition {
        key: String,
        operator: String,
    },
}

impl Place {
    /// May an entry here and one there speak of the same value of a request?
    pub(super) fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Condition { key, .. }, Self::Condition { key: own, .. }) => key == own,
            (Self::Principal(_), Self::Condition { key, .. })
            | (Self::Condition { key, .. }, Self::Principal(_)) => key.starts_with("aws:principal"),
            (own, other) => own == other,
        }
    }
}

/// The policies of a world.
pub(super) fn policies(world: &World) -> impl Iterator<Item = &Policy> {
    world.layers.iter().flat_map(|layer| &layer.documents).filter_map(|document| match &document.content {
        Content::Aws(policy) => Some(policy),
        Content::Unknown(_) => None,
    })
}

/// All entries of a policy with their places.
pub(super) fn entries(policy: &Policy) -> Vec<(Place, &Item)> {
    policy.statements.iter().flat_map(entries_of).collect()
}

/// All entries of a statement with their places.
pub(super) fn entries_of(statement: &Statement) -> Vec<(Place, &Item)> {
    let mut entries = Vec::new();
    entries.extend(statement.action.items().iter().map(|item| (Place::Action, item)));
    entries.extend(statement.resource.items().iter().map(|item| (Place::Resource, item)));
    if let Principals::In(items) | Principals::NotIn(items) = &statement.principals {
        entries.extend(items.iter().map(|item| (Place::Principal(item.kind.clone()), &item.value)));
    }
    for condition in &statement.conditions {
        let place = Place::Condition {
            key: condition.key.trim().to_lowercase(),
            operator: condition.operator.to_lowercase(),
        };
        entries.extend(condition.values.iter().map(|item| (place.clone(), item)));
    }
    entries
}

/// The holes of two worlds by reference; one that is known in several ways keeps all of them.
pub(super) fn holes(before: &World, after: &World) -> BTreeMap<String, Vec<Hole>> {
    let mut holes: BTreeMap<String, Vec<Hole>> = BTreeMap::new();
    for hole in policies(before).chain(policies(after)).flat_map(Policy::holes) {
        let own = holes.entry(hole.reference.clone()).or_default();
        if !own.contains(hole) {
            own.push(hole.clone());
        }
    }
    holes
}

/// The world with these values in the place of its holes.
pub(super) fn filled(world: &World, values: &Assignment) -> World {
    let mut world = world.clone();
    for document in world.layers.iter_mut().flat_map(|layer| &mut layer.documents) {
        if let Content::Aws(policy) = &mut document.content {
            *policy = policy.filled(&|hole| values.get(&hole.reference).cloned());
        }
    }
    world
}

/// One entry's text with these values, and a stand-in for others.
pub(super) fn text(parts: &[Part], values: &Assignment) -> String {
    let part = |part: &Part| match part {
        Part::Text(text) => text.clone(),
        Part::Hole(hole) => values.get(&hole.reference).cloned().unwrap_or_else(|| hole.shape.example("x")),
    };
    parts.iter().map(part).collect()
}
