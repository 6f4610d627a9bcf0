//! Why one request is decided as it is: every statement of the world, part by part. Built on the plain evaluator.

use crate::comparison::StatementRef;
use crate::dialect::aws::{Effect, Policy, Statement};
use crate::evaluate::{Decision, Judge, Truth};
use crate::request::Request;
use crate::settings::Reading;
use crate::world::{Content, DocumentId, Layer, LayerKind, UnknownReason, World};

/// A decision and what every statement contributes to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// What the world says to the request, as `evaluate` says it.
    pub decision: Decision,
    /// Every statement of every readable document, in the world's order.
    pub statements: Vec<StatementVerdict>,
    /// Documents whose text is not there, each with its layer and the reason.
    pub unknown: Vec<(LayerKind, DocumentId, UnknownReason)>,
    /// The kinds of layer that must allow and in which no statement does, so that the request fails there.
    pub lacking: Vec<LayerKind>,
}

/// What one statement says to the request.
#[derive(Clone, Debug, PartialEq)]
pub struct StatementVerdict {
    /// Which statement.
    pub statement: StatementRef,
    /// Its `Sid`, where it has one.
    pub sid: Option<String>,
    /// Whether it grants or takes away when it matches.
    pub effect: Effect,
    /// The part its document plays.
    pub layer: LayerKind,
    /// Does it match the request as a whole?
    pub matched: Truth,
    /// Does it speak of the request's principal? `None` where statements of the layer name nobody.
    pub principal: Option<Truth>,
    /// Does it speak of the action?
    pub action: Truth,
    /// Does it speak of the resource? `None` in a trust policy, which speaks of its own role.
    pub resource: Option<Truth>,
    /// Its conditions, in the order written.
    pub conditions: Vec<ConditionVerdict>,
}

/// What one condition says to the request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionVerdict {
    /// As written.
    pub operator: String,
    /// As written.
    pub key: String,
    /// The values of the policy, as `Condition::words` shows them.
    pub words: String,
    /// Does it hold?
    pub held: Truth,
}

/// Decides one request and says, statement by statement, why.
pub fn explain(world: &World, request: &Request, reading: Reading) -> Explanation {
    let judge = Judge { world, request, reading };
    let mut explanation = Explanation {
        decision: judge.decision(),
        statements: Vec::new(),
        unknown: Vec::new(),
        lacking: judge.lacking(),
    };
    for layer in &world.layers {
        explanation.add(&judge, layer);
    }
    explanation
}

impl Explanation {
    fn add(&mut self, judge: &Judge<'_>, layer: &Layer) {
        for document in &layer.documents {
            match &document.content {
                Content::Unknown(reason) => {
                    self.unknown.push((layer.kind, document.id.clone(), reason.clone()));
                }
                Content::Aws(policy) => {
                    for (index, statement) in policy.statements.iter().enumerate() {
                        let source = StatementRef { document: document.id.clone(), statement: index };
                        self.statements.push(verdict(judge, layer.kind, (policy, statement), source));
                    }
                }
            }
        }
    }
}

fn verdict(
    judge: &Judge<'_>,
    layer: LayerKind,
    (policy, statement): (&Policy, &Statement),
    source: StatementRef,
) -> StatementVerdict {
    let parts = judge.parts(layer, policy, statement);
    let mut all = vec![parts.action];
    all.extend(parts.principal);
    all.extend(parts.resource);
    all.extend(&parts.conditions);
    let conditions =
        statement.conditions.iter().zip(&parts.conditions).map(|(condition, held)| ConditionVerdict {
            operator: condition.operator.clone(),
            key: condition.key.clone(),
            words: condition.words(),
            held: *held,
        });
    StatementVerdict {
        statement: source,
        sid: statement.sid.clone(),
        effect: statement.effect,
        layer,
        matched: all.into_iter().min().unwrap_or(Truth::Yes),
        principal: parts.principal,
        action: parts.action,
        resource: parts.resource,
        conditions: conditions.collect(),
    }
}
