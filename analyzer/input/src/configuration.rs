//! The `configuration` of a plan: expressions by reference, and what they lead to through modules and outputs.

mod expression;
mod follow;
mod provider;
pub(crate) mod wire;

use std::collections::BTreeMap;

use nhi_analyzer_model::{Address, AttributePath, Key, ModuleStep};
use serde_json::value::RawValue;

use crate::value::Value;
use crate::value::decode::cover;
use crate::value::mask::Mask;
use expression::Leaf;
use follow::Place;

/// The module tree of a plan's configuration.
#[derive(Default)]
pub struct Configuration<'a> {
    wire: wire::Configuration<'a>,
    /// Masks of the instances of a resource, by its address here: a constant may be what they cover.
    masks: BTreeMap<String, Vec<Mask>>,
}

impl std::fmt::Debug for Configuration<'_> {
    /// Constants may hold secrets and are not shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Configuration")
    }
}

/// What an attribute's expression says, as far as the plan keeps it.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// Not written, or dropped by the plan (`dynamic` blocks).
    Absent,
    /// A constant.
    Constant(Value),
    /// References, followed through locals' names, module inputs and outputs to resources.
    References(References),
}

/// What an expression refers to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct References {
    /// The resources behind it, in the order of the expression, each once.
    pub to: Vec<Reference>,
    /// Names that lead somewhere the plan does not tell (`local.x`): there may be more resources behind the
    /// expression than `to` lists.
    pub unresolved: Vec<String>,
    /// Instance keys that the expression reads through `each` or `count`: where a resource it refers to has an
    /// instance of such a key, that one is likely meant.
    pub keys: Vec<Key>,
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

impl References {
    /// Everything the expression refers to is listed.
    pub fn is_complete(&self) -> bool {
        self.unresolved.is_empty()
    }

    fn lost(name: String) -> Self {
        Self { unresolved: vec![name], ..Self::default() }
    }

    /// The resources of one type.
    pub fn of_kind<'k>(&'k self, kind: &'k str) -> impl Iterator<Item = &'k Reference> {
        self.to.iter().filter(move |reference| reference.address.kind == kind)
    }
}

impl Expression {
    /// The references, where there are any.
    pub fn references(&self) -> Option<&References> {
        match self {
            Self::References(references) => Some(references),
            Self::Absent | Self::Constant(_) => None,
        }
    }
}

impl<'a> Configuration<'a> {
    pub(crate) fn new(wire: wire::Configuration<'a>) -> Self {
        Self { wire, masks: BTreeMap::new() }
    }

    /// Remembers what is masked in an instance of a resource.
    pub(crate) fn mask(&mut self, address: &Address, sensitive: Option<&RawValue>) {
        // Most masks hold nothing, and there is one to every instance.
        if sensitive.is_some_and(|raw| raw.get().contains("true")) {
            self.masks.entry(address.config_text()).or_default().push(Mask::read(sensitive));
        }
    }

    fn masked(&self, address: &Address, attribute: &AttributePath, value: Value) -> Value {
        let masks = self.masks.get(&address.config_text()).into_iter().flatten();
        masks.fold(value, |value, mask| cover(value, mask.path(attribute)))
    }

    /// The expression of `attribute` in the resource at `address`; with an empty path, all its expressions together.
    pub fn expression(&self, address: &Address, attribute: &AttributePath) -> Expression {
        let Some(resource) = self.resource(address) else { return self.nothing() };
        match self.told(resource.expressions.as_ref(), attribute, &Place::of(address, resource)) {
            Expression::Constant(value) => Expression::Constant(self.masked(address, attribute, value)),
            other => other,
        }
    }

    /// Whether the configuration declares the resource; a deleted one it does not, and a plan whose configuration is
    /// missing or cannot be read declares none.
    pub fn declares(&self, address: &Address) -> bool {
        self.resource(address).is_some()
    }

    /// The names that the expression of a resource's attribute refers to, as the plan keeps them: each in full, without
    /// its own beginnings. `None` for a block, and where the plan does not say.
    pub(crate) fn names(&self, address: &Address, attribute: &str) -> Option<Vec<String>> {
        let attributes = self.resource(address)?.expressions.as_ref()?;
        expression::names(attributes.get(attribute)?)
    }

    /// Whether a variable of the root module is masked; also where nobody knows.
    pub(crate) fn is_sensitive_variable(&self, name: &str) -> bool {
        let variables = self.wire.root_module.as_ref().and_then(|module| module.variables.as_ref());
        variables.and_then(|names| names.get(name)).is_none_or(|variable| variable.sensitive == Some(true))
    }

    /// What is said of a resource that the configuration does not name: a plan without a configuration cannot say
    /// that anything is absent.
    fn nothing(&self) -> Expression {
        match self.wire.root_module {
            Some(_) => Expression::Absent,
            None => Expression::References(References::lost(String::from("configuration"))),
        }
    }

    fn told(
        &self,
        expressions: Option<&wire::Attributes<'a>>,
        attribute: &AttributePath,
        place: &Place<'_, 'a>,
    ) -> Expression {
        let Some(attributes) = expressions else { return Expression::Absent };
        match expression::find(attributes, attribute) {
            Leaf::Absent => Expression::Absent,
            Leaf::Constant(value) => Expression::Constant(value),
            Leaf::References(texts) => Expression::References(follow::follow(self, &texts, place)),
            Leaf::Unreadable => Expression::References(References::lost(attribute.to_string())),
        }
    }

    fn resource(&self, address: &Address) -> Option<&wire::Resource<'a>> {
        self.module(&address.modules)?.resource(&address.local_text())
    }

    fn module(&self, steps: &[ModuleStep]) -> Option<&wire::Module<'a>> {
        let root = self.wire.root_module.as_ref()?;
        steps.iter().try_fold(root, |module, step| module.call(&step.name)?.module.as_ref())
    }
}
