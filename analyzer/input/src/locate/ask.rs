//! One question to one module, and where the answer leads if another module has it.

use nhi_analyzer_model::{Origin, Precision};

use super::module::{Found, Module};
use super::statement;
use super::walk::{self, Lead, Reached};

/// What somebody wants to see.
#[derive(Clone, Copy)]
pub(super) enum Question {
    /// What the origin's path leads to.
    Attribute,
    /// A statement, from zero, of the document it leads to.
    Statement(usize),
}

/// What one module says.
pub(super) struct Outcome {
    pub(super) found: Found,
    /// The module's caller knows more.
    pub(super) lead: Option<Lead>,
    /// The file that holds the document asked for.
    pub(super) document: Option<String>,
}

impl Question {
    /// Asks the module in which the resource is written; `None`: it is not.
    pub(super) fn of_resource(self, module: &Module, origin: &Origin) -> Option<Outcome> {
        if let Self::Statement(index) = self
            && statement::is_data_source(origin)
        {
            let found = statement::of_data_source(module, &origin.address, index)?;
            return Some(Outcome { found, lead: None, document: None });
        }
        Some(self.outcome(module, walk::reach(module, origin)?))
    }

    /// Asks a module for what it hands to one it calls.
    pub(super) fn of_argument(self, module: &Module, call: &str, lead: &Lead) -> Option<Outcome> {
        Some(self.outcome(module, walk::argument(module, call, lead)?))
    }

    fn outcome(self, module: &Module, reached: Reached<'_>) -> Outcome {
        let Reached { mut found, value, lead } = reached;
        let mut document = None;
        if let (Self::Statement(index), Some(value)) = (self, value) {
            let value = walk::open(module, value);
            document = statement::document_file(module, &value);
            // The whole document is less than what was asked for.
            let whole = Found { precision: found.precision.max(Precision::Attribute), ..found };
            found = statement::in_document(module, &value, index).unwrap_or(whole);
        }
        Outcome { found, lead, document }
    }
}
