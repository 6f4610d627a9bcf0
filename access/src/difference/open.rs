//! Statements that stay open: an entry is not known, depends on the request, or asks what nobody reads.

use super::statement_of;
use crate::comparison::{StatementRef, Undecided};
use crate::dialect::aws::{Condition, Effect};
use crate::search::operator;
use crate::world::{Content, World};

pub(super) fn open(world: &World) -> bool {
    !world.open_statements().is_empty()
}

impl World {
    /// The statements with an entry that is not known, or that depends on the request.
    pub(crate) fn open_statements(&self) -> Vec<Undecided> {
        let mut open = Vec::new();
        for document in self.layers.iter().flat_map(|layer| &layer.documents) {
            let Content::Aws(policy) = &document.content else { continue };
            for (index, statement) in policy.statements.iter().enumerate() {
                let unread = |condition: &Condition| operator::parse(&condition.operator).is_none();
                if statement.has_unknown()
                    || statement.conditions.iter().any(unread)
                    || (policy.variables && format!("{statement:?}").contains("${"))
                {
                    open.push(Undecided::Statement {
                        statement: StatementRef { document: document.id.clone(), statement: index },
                        reason: "a value in it is not known".to_owned(),
                    });
                }
            }
        }
        open
    }
}

pub(super) fn open_denial(world: &World) -> bool {
    world.open_statements().iter().any(|open| {
        matches!(open, Undecided::Statement { statement, .. }
            if statement_of(world, statement).is_none_or(|(_, effect)| effect == Effect::Deny))
    })
}
