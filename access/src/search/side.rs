//! A world as grants and denials: every grant is one statement together with one of each cap above it.

use crate::comparison::StatementRef;
use crate::dialect::aws::{Effect, Policy};
use crate::search::compile::{Bound, Clause, Constraint, Reading, clause};
use crate::world::{Content, Document, DocumentId, Layer, LayerKind, UnknownReason, World};

/// A grant: the statement that gives, and all that has to hold.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(crate) source: StatementRef,
    pub(crate) constraints: Vec<Constraint>,
}

/// A world, ready for the search.
#[derive(Clone, Debug, Default)]
pub(crate) struct Side {
    pub(crate) grants: Vec<Grant>,
    pub(crate) denials: Vec<Clause>,
}

/// A document that one side has and whose text is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hidden {
    pub(crate) id: DocumentId,
    pub(crate) reason: UnknownReason,
    pub(crate) cap: bool,
}

/// More grants than this, and the caps multiply beyond reason.
const MOST_GRANTS: usize = 20_000;

/// Reads a world. A document that is unknown on both sides alike is left out of both: it neither gives nor takes.
pub(crate) fn side(world: &World, other: &World, reading: Reading) -> Option<Side> {
    let mut side = Side::default();
    let mut caps: Vec<Vec<Clause>> = Vec::new();
    let mut grants: Vec<Clause> = Vec::new();
    let mut anything = false;
    for layer in &world.layers {
        let mut allows = Vec::new();
        let mut open = false;
        for document in &layer.documents {
            match &document.content {
                Content::Aws(policy) => {
                    for (effect, clause) in clauses(policy, &document.id, reading) {
                        match effect {
                            Effect::Allow => allows.push(clause),
                            Effect::Deny => side.denials.push(clause),
                        }
                    }
                }
                Content::Unknown(_) if shared(document, layer, other) => open |= is_cap(layer.kind),
                Content::Unknown(_) => open |= reading.bound == Bound::Most,
            }
        }
        if !is_cap(layer.kind) {
            grants.append(&mut allows);
            anything |= open;
        } else if !open {
            caps.push(allows);
        }
    }
    if anything {
        let source = StatementRef { document: DocumentId(String::new()), statement: 0 };
        side.grants.push(Grant { source, constraints: Vec::new() });
    }
    for grant in grants {
        let mut product = vec![grant.constraints];
        for cap in &caps {
            product = product
                .iter()
                .flat_map(|given| {
                    cap.iter().map(|clause| {
                        let mut all = given.clone();
                        all.extend(clause.constraints.iter().filter(|c| !given.contains(c)).cloned());
                        all
                    })
                })
                .collect();
            if product.len() + side.grants.len() > MOST_GRANTS {
                return None;
            }
        }
        side.grants.extend(
            product.into_iter().map(|constraints| Grant { source: grant.source.clone(), constraints }),
        );
    }
    Some(side)
}

fn clauses<'a>(
    policy: &'a Policy,
    id: &'a DocumentId,
    reading: Reading,
) -> impl Iterator<Item = (Effect, Clause)> + 'a {
    policy.statements.iter().enumerate().map(move |(index, statement)| {
        let source = StatementRef { document: id.clone(), statement: index };
        (statement.effect, clause(statement, policy.variables, policy.kind, source, reading))
    })
}

/// Does a layer cap what others grant?
pub(crate) fn is_cap(kind: LayerKind) -> bool {
    !matches!(kind, LayerKind::Identity | LayerKind::Resource | LayerKind::Trust)
}

fn shared(document: &Document, layer: &Layer, other: &World) -> bool {
    other.layers.iter().any(|there| there.kind == layer.kind && there.documents.contains(document))
}

/// The documents that are unknown here, and not alike there.
pub(crate) fn hidden(world: &World, other: &World) -> Vec<Hidden> {
    let mut hidden = Vec::new();
    for layer in &world.layers {
        for document in &layer.documents {
            if let Content::Unknown(reason) = &document.content
                && !shared(document, layer, other)
            {
                hidden.push(Hidden {
                    id: document.id.clone(),
                    reason: reason.clone(),
                    cap: is_cap(layer.kind),
                });
            }
        }
    }
    hidden
}
