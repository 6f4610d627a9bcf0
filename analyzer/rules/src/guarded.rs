//! Each resource with a policy of its own through a change: who gains access by that policy, and whom it held back.

use std::borrow::Cow;
use std::collections::BTreeSet;

use nhi_access::dialect::aws::{
    Effect, Element, Item, Policy, PolicyKind, PrincipalItem, Principals, Statement,
};
use nhi_access::{Content, Document, DocumentId, Layer, LayerKind, Settings, World, compare};
use nhi_analyzer_model::{Delta, Guard, GuardedResource, ResourceId};

use crate::context::Compared;

/// The document that stands for all that other policies may grant.
pub(crate) const OTHERS: &str = "what other policies grant";

/// One resource through a change.
pub struct ResourceChange<'a> {
    /// As it was.
    pub before: Option<&'a GuardedResource>,
    /// As it will be.
    pub after: Option<&'a GuardedResource>,
    /// What its policies say by themselves; `None` when nothing about that changes.
    pub direct: Option<Compared<'a>>,
    /// What its policies hold back of all that other policies may grant; `None` when they held nothing back, or the
    /// resource was not there to hold it back from.
    pub lifted: Option<Compared<'a>>,
}

/// The resources of a change.
pub(crate) fn changes(delta: &Delta) -> Vec<ResourceChange<'_>> {
    let (old, new) = (&delta.before.resources, &delta.after.resources);
    let ids: BTreeSet<&ResourceId> = old.keys().chain(new.keys()).collect();
    ids.into_iter().map(|id| ResourceChange::of(old.get(id), new.get(id))).collect()
}

impl<'a> ResourceChange<'a> {
    fn of(before: Option<&'a GuardedResource>, after: Option<&'a GuardedResource>) -> Self {
        let guard = after.or(before).map_or(Guard::Beside, |one| one.guard);
        let direct = match (guard, before) {
            // What caps grants nothing to where it was not.
            (Guard::Cap | Guard::Organisation, None) => None,
            _ => Compared::of(before.map(|one| &one.world), after.map(|one| &one.world)),
        };
        let lifted = match (guard, before, after) {
            (Guard::Beside, Some(before), Some(after)) => lifted(before, Some(after)),
            // A policy of an organisation that goes holds nothing back any more.
            (Guard::Organisation, Some(before), after) => lifted(before, after),
            _ => None,
        };
        Self { before, after, direct, lifted }
    }

    /// The resource as it will be, else as it was.
    pub(crate) fn resource(&self) -> Option<&'a GuardedResource> {
        self.after.or(self.before)
    }
}

/// Both worlds beside a policy that grants everything, so that only what is held back differs.
fn lifted<'a>(before: &GuardedResource, after: Option<&GuardedResource>) -> Option<Compared<'a>> {
    if after.is_some_and(|after| after.world == before.world) || !holds_back(&before.world) {
        return None;
    }
    let account = after.and_then(|one| one.account.as_ref()).or(before.account.as_ref());
    let beside = |world: &World| {
        let mut world = world.clone();
        let kind = world.layers.first().map_or(LayerKind::Resource, |layer| layer.kind);
        // Only what is known to be denied counts here; what is not known is asked about already.
        for layer in &mut world.layers {
            layer.documents.retain(|document| matches!(document.content, Content::Aws(_)));
        }
        world.layers.push(Layer { kind, documents: vec![everything(kind, account)] });
        world
    };
    let nothing = World { layers: Vec::new(), ..before.world.clone() };
    let (before, after) = (beside(&before.world), beside(after.map_or(&nothing, |one| &one.world)));
    let comparison = compare(&before, &after, &Settings::default());
    Some(Compared { before: Cow::Owned(before), after: Cow::Owned(after), comparison, paths: Vec::new() })
}

fn holds_back(world: &World) -> bool {
    let documents = world.layers.iter().flat_map(|layer| &layer.documents);
    documents.into_iter().any(|document| match &document.content {
        Content::Aws(policy) => policy.statements.iter().any(|one| one.effect == Effect::Deny),
        Content::Unknown(_) => false,
    })
}

/// What the principals of an account may be allowed at most by their own policies.
fn everything(kind: LayerKind, account: Option<&String>) -> Document {
    let (principals, kind) = match kind {
        LayerKind::Resource => {
            let value = Item::from(account.map_or("*", String::as_str));
            let anyone = vec![PrincipalItem { kind: "AWS".to_owned(), value }];
            (Principals::In(anyone), PolicyKind::Resource)
        }
        _ => (Principals::Absent, PolicyKind::Identity),
    };
    let all = Statement { principals, ..Statement::new(Effect::Allow, Element::In(vec![Item::from("*")])) };
    Document { id: DocumentId(OTHERS.to_owned()), content: Content::Aws(Policy::new(kind, vec![all])) }
}
