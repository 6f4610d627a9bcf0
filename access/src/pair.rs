//! One document against another, with nothing around them: no known principal, no known resource, no other layer.

use crate::dialect::aws::{Policy, PolicyKind};
use crate::world::{Content, Document, DocumentId, Layer, LayerKind, World};

/// The worlds in which each of the two documents stands alone, to be compared.
pub fn pair(before: Policy, after: Policy) -> (World, World) {
    (alone(before), alone(after))
}

/// A world of one document, in the layer its kind belongs to. The document is called `document`.
pub fn alone(policy: Policy) -> World {
    let kind = match policy.kind {
        PolicyKind::Identity => LayerKind::Identity,
        PolicyKind::Resource => LayerKind::Resource,
        PolicyKind::Trust => LayerKind::Trust,
    };
    let document = Document { id: DocumentId("document".to_owned()), content: Content::Aws(policy) };
    World { layers: vec![Layer { kind, documents: vec![document] }], ..World::default() }
}
