//! The `configuration` of a plan: expressions by reference, and what they lead to through modules and outputs.

use std::marker::PhantomData;

use nhi_analyzer_model::{Address, AttributePath};

use crate::value::Value;

/// The module tree of a plan's configuration.
#[derive(Default)]
pub struct Configuration<'a> {
    pub(crate) lifetime: PhantomData<&'a ()>,
}

/// What an attribute's expression says, as far as the plan keeps it.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// Not written, or dropped by the plan (`dynamic` blocks).
    Absent,
    /// A constant.
    Constant(Value),
    /// References, followed through locals' names, module inputs and outputs to resources.
    References(Vec<Reference>),
}

/// A resource attribute that an expression refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The resource, with the instance keys of the module the expression stands in where they carry over;
    /// `None` keys elsewhere: every instance is meant.
    pub address: Address,
    /// The attribute, possibly empty.
    pub attribute: AttributePath,
}

impl Configuration<'_> {
    /// The expression of `attribute` in the resource at `address`.
    pub fn expression(&self, _address: &Address, _attribute: &AttributePath) -> Expression {
        Expression::Absent
    }

    /// The `default_tags` of the provider that `address` uses, where its configuration is constant.
    pub fn default_tags(&self, _address: &Address) -> Expression {
        Expression::Absent
    }
}
