//! The plan of a create or an update: what Terraform proposes, what the provider decides, what is sent back.

#[cfg(test)]
mod cases;
mod check;
mod engine;
#[cfg(test)]
mod laws;
mod whole;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use check::{contradiction, unfaithful};
pub(crate) use engine::{propose, settle};
pub(crate) use whole::{complete, configurable, known_part, write_only_values};

use crate::call::Private;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::fields::{Fields, ToValue};
use crate::path::Path;
use crate::value::Value;

/// The attributes of an object at the root.
pub(crate) type Attributes = BTreeMap<String, Value>;

/// A plan in the making.
///
/// When the provider sees it, defaults are filled in, computed attributes of a new object are unknown,
/// and those of an existing one still hold what they held. What the provider [sets](Plan::set) stays as
/// it is; other computed attributes become unknown if anything changes, unless they are lasting.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(crate) prior: Option<Attributes>,
    pub(crate) config: Attributes,
    pub(crate) planned: Attributes,
    pub(crate) private: Private,
    decided: BTreeSet<String>,
    decided_within: BTreeMap<Path, Value>,
    replaced: BTreeSet<Path>,
}

impl Plan {
    pub(crate) fn new(prior: Option<Attributes>, config: Attributes, planned: Attributes) -> Self {
        Self {
            prior,
            config,
            planned,
            private: Private::none(),
            decided: BTreeSet::new(),
            decided_within: BTreeMap::new(),
            replaced: BTreeSet::new(),
        }
    }

    /// The object as it was last seen; `None` when it is to be made.
    pub fn prior(&self) -> Option<Fields<'_>> {
        self.prior.as_ref().map(Fields::at_root)
    }

    /// The configuration, in which values of other resources may still be unknown.
    pub fn config(&self) -> Fields<'_> {
        Fields::at_root(&self.config)
    }

    /// The object as planned so far.
    pub fn planned(&self) -> Fields<'_> {
        Fields::at_root(&self.planned)
    }

    /// Whether the object is to be made.
    pub fn is_create(&self) -> bool {
        self.prior.is_none()
    }

    /// The bytes beside the object: those of the state at first, those of the plan in the end.
    ///
    /// When the object is replaced, the plan of the new one may see what the plan of the old one left.
    pub fn private(&self) -> &Private {
        &self.private
    }

    /// Leaves these bytes for the apply.
    pub fn set_private(&mut self, private: Private) {
        self.private = private;
    }

    /// Decides a computed attribute. What the configuration gives cannot be changed.
    pub fn set(&mut self, name: &str, value: &(impl ToValue + ?Sized)) -> Result<(), Diagnostics> {
        let value = value.to_value();
        let Some(slot) = self.planned.get_mut(name) else {
            return Err(Diagnostic::internal(format!("The schema has no attribute `{name}`.")).into());
        };
        if self.config.get(name).is_some_and(|given| !given.is_null() && *given != value) {
            let detail = "The provider planned another value than the configured one.";
            return Err(Diagnostic::internal(detail).at(Path::of(name)).into());
        }
        *slot = value;
        self.decided.insert(name.to_owned());
        Ok(())
    }

    /// Keeps the prior value of an attribute that is configured in other words for the same. A core takes that only where
    /// both are there; anywhere else nothing changes.
    pub fn keep(&mut self, name: &str) {
        let given = self.config.get(name).is_some_and(|given| !given.is_null());
        let prior = self.prior.as_ref().and_then(|prior| prior.get(name)).filter(|prior| !prior.is_null());
        if let (true, Some(prior), Some(slot)) = (given, prior, self.planned.get_mut(name)) {
            *slot = prior.clone();
        }
    }

    /// Decides a computed attribute of an object within a list or a map, or of a single one. Neither what the
    /// configuration gives can be changed, nor is anything put where the plan has no such object.
    pub fn set_within(&mut self, path: &Path, value: &(impl ToValue + ?Sized)) -> Result<(), Diagnostics> {
        let value = value.to_value();
        let given =
            engine::look_up(&self.config, path).is_some_and(|given| !given.is_null() && *given != value);
        let place = engine::place(&mut self.planned, path).filter(|_| !given);
        let Some(place) = place else {
            let detail = "The provider planned a value where it may not plan one.";
            return Err(Diagnostic::internal(detail).at(path.clone()).into());
        };
        *place = value.clone();
        self.decided_within.insert(path.clone(), value);
        Ok(())
    }

    /// Demands that the object is made anew because of `path`, if its value changes.
    pub fn require_replace(&mut self, path: Path) {
        self.replaced.insert(path);
    }
}
