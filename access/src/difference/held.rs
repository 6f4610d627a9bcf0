//! What holds back documents whose text nobody knows: when a cap or a denial goes, they may give more than before.

use super::meanings;
use crate::comparison::Undecided;
use crate::dialect::aws::{Effect, Policy};
use crate::search::side::{hidden, is_cap};
use crate::world::{Content, Layer, World};

/// Is a cap or a denial of `before` gone from `after`? Then documents whose text nobody knows may give more.
pub(super) fn less(before: &World, after: &World) -> bool {
    let caps = |world: &World| -> Vec<Vec<String>> {
        let caps = world.layers.iter().filter(|layer| is_cap(layer.kind));
        caps.map(|layer| said(layer, |_| true)).collect()
    };
    let denials = |world: &World| -> Vec<String> {
        world.layers.iter().flat_map(|layer| said(layer, |effect| effect == Effect::Deny)).collect()
    };
    let (kept, held) = (caps(after), denials(after));
    caps(before).iter().any(|cap| !kept.contains(cap))
        || denials(before).iter().any(|one| !held.contains(one))
}

/// The statements of a layer by what they say, in order.
fn said(layer: &Layer, keep: impl Fn(Effect) -> bool) -> Vec<String> {
    let mut said = Vec::new();
    for document in &layer.documents {
        match &document.content {
            Content::Aws(policy) => {
                let kept: Vec<_> =
                    policy.statements.iter().filter(|statement| keep(statement.effect)).cloned().collect();
                said.extend(meanings(&Policy { statements: kept, ..policy.clone() }, &document.id));
            }
            Content::Unknown(reason) => said.push(format!("{} {reason:?}", document.id.0)),
        }
    }
    said.sort();
    said
}

/// The granting documents that are unknown on both sides alike.
pub(super) fn unchanged(before: &World, after: &World) -> Vec<Undecided> {
    let changed = hidden(after, before);
    let nothing = World::default();
    hidden(after, &nothing)
        .into_iter()
        .filter(|document| !document.cap && !changed.contains(document))
        .map(|document| Undecided::Document { document: document.id, reason: document.reason })
        .collect()
}
