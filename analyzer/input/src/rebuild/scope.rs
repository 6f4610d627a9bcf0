//! Where an expression stands: the module instance, the repetition, and the names bound around it.

use std::rc::Rc;

use hcl_edit::expr::Expression;
use hcl_edit::structure::Block;
use nhi_analyzer_model::{Key, ModuleStep};

use super::Rebuilder;
use super::error::RebuildError;
use super::source::{At, Module};
use super::value::Value;

/// An instance of a module.
pub(super) struct Scope {
    pub(super) module: Rc<Module>,
    pub(super) steps: Vec<ModuleStep>,
    /// Its address with a dot behind it; empty for the root.
    pub(super) label: String,
}

/// A repeated block, and which of its instances is meant.
pub(super) struct Each<'f> {
    pub(super) key: Option<Key>,
    pub(super) blocks: Vec<At<&'f Block>>,
    /// Its address without its own key.
    pub(super) owner: String,
}

/// A name that a `for` or a template binds, and those bound around it.
pub(super) struct Bound<'f> {
    pub(super) name: &'f str,
    pub(super) value: Value,
    pub(super) outer: Option<&'f Bound<'f>>,
}

/// Where an expression stands.
#[derive(Clone, Copy)]
pub(super) struct Frame<'f> {
    pub(super) scope: &'f Scope,
    pub(super) each: Option<&'f Each<'f>>,
    pub(super) names: Option<&'f Bound<'f>>,
    pub(super) file: usize,
    /// Only the bound names count, as in a template file.
    pub(super) closed: bool,
}

impl<'f> Frame<'f> {
    pub(super) fn of(scope: &'f Scope) -> Self {
        Self { scope, each: None, names: None, file: 0, closed: false }
    }

    pub(super) fn repeated(self, each: &'f Each<'f>) -> Self {
        Self { each: Some(each), ..self }
    }

    pub(super) fn within(self, file: usize) -> Self {
        Self { file, ..self }
    }

    pub(super) fn binding(self, bound: &'f Bound<'f>) -> Self {
        Self { names: Some(bound), ..self }
    }

    pub(super) fn name(&self, name: &str) -> Option<&'f Value> {
        let mut bound = self.names;
        while let Some(here) = bound {
            if here.name == name {
                return Some(&here.value);
            }
            bound = here.outer;
        }
        None
    }

    pub(super) fn at<'e>(&self, it: &'e Expression) -> At<&'e Expression> {
        At { file: self.file, it }
    }
}

impl Rebuilder<'_, '_, '_> {
    /// The module instance that these calls lead to.
    pub(super) fn scope(&self, steps: &[ModuleStep]) -> Result<Rc<Scope>, RebuildError> {
        let label: String = steps.iter().flat_map(|step| [step.to_string(), String::from(".")]).collect();
        if let Some(scope) = self.scopes.borrow().get(&label) {
            return Ok(Rc::clone(scope));
        }
        let unknown = || RebuildError::NotDeclared(label.trim_end_matches('.').to_owned());
        let (locator, sources) = self.locator.as_ref().zip(self.sources).ok_or_else(unknown)?;
        let directory =
            locator.chain(steps).directory_at(steps.len()).map(str::to_owned).ok_or_else(unknown)?;
        let known = self.modules.borrow().get(&directory).cloned();
        let module = known.unwrap_or_else(|| {
            let module = Rc::new(Module::load(sources, &directory, &self.work.bytes));
            self.modules.borrow_mut().insert(directory, Rc::clone(&module));
            module
        });
        let scope = Rc::new(Scope { module, steps: steps.to_vec(), label: label.clone() });
        self.scopes.borrow_mut().insert(label, Rc::clone(&scope));
        Ok(scope)
    }
}
