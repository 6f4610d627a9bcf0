//! The typed side of a provider: its configuration and the list of what it offers.

use crate::action::Action;
use crate::call::{Answer, Cancellation};
use crate::data::DataSource;
use crate::diagnostics::Diagnostics;
use crate::ephemeral::Ephemeral;
use crate::erased::{AnyFunction, AnyResource, Typed};
use crate::fields::Fields;
use crate::function::{Function, Signature};
use crate::list::ListResource;
use crate::resource::{Checked, Resource};
use crate::schema::Schema;

/// A provider, as Terraform sees it.
///
/// Every kind of thing it offers is one list here.
pub trait Provider: Send + Sync + 'static {
    /// What configuring makes and all calls share: connections, defaults.
    type Context: Send + Sync + 'static;

    /// The short source address, `namespace/type`; cores complete it with their default host.
    fn address(&self) -> &'static str;

    /// The shape of the provider block.
    fn schema(&self) -> Schema;

    /// Checks the provider block, in which anything may still be unknown.
    fn validate(&self, config: &Fields<'_>) -> Checked {
        let _ = config;
        Ok(Diagnostics::none())
    }

    /// Prepares for work. May be called several times in one process; the last answer counts.
    fn configure(
        &self,
        config: &Fields<'_>,
        request: &Configure,
    ) -> Result<Answer<Self::Context>, Diagnostics>;

    /// Whether `context` came of a configuration of which something that the work needs is known only after apply. A
    /// client that can wait is told to; for one that cannot, each object does what it can do without.
    fn is_incomplete(&self, context: &Self::Context) -> bool {
        let _ = context;
        false
    }

    /// Called once when the host has every answer and lets the process go. It has a moment, no more: what takes longer
    /// ends with the process.
    fn leave(&self, context: &Self::Context) {
        let _ = context;
    }

    /// The managed resources.
    fn resources(&self) -> Resources<Self::Context>;

    /// The functions.
    fn functions(&self) -> Functions {
        Functions::new()
    }

    /// The data sources.
    fn data_sources(&self) -> DataSources<Self::Context> {
        DataSources::new()
    }

    /// The lists of managed resources; each is of a kind that has an identity.
    fn list_resources(&self) -> ListResources<Self::Context> {
        ListResources::new()
    }

    /// The ephemeral resources.
    fn ephemeral_resources(&self) -> EphemeralResources<Self::Context> {
        EphemeralResources::new()
    }

    /// The actions.
    fn actions(&self) -> Actions<Self::Context> {
        Actions::new()
    }
}

/// What surrounds [`Provider::configure`].
#[derive(Debug, Clone)]
pub struct Configure {
    /// Version of the core that asks, `1.11.4` for example.
    pub terraform_version: String,
    /// How to learn that the user has asked Terraform to stop.
    pub cancellation: Cancellation,
}

/// The managed resources of a provider.
pub struct Resources<C> {
    pub(crate) all: Vec<Box<dyn AnyResource<C>>>,
}

impl<C: Send + Sync + 'static> Resources<C> {
    /// No resource yet.
    pub fn new() -> Self {
        Self { all: Vec::new() }
    }

    /// This list with one more.
    #[must_use]
    pub fn with<R: Resource<Context = C>>(mut self, resource: R) -> Self {
        self.all.push(Box::new(Typed(resource)));
        self
    }

    /// The type names and schemas, for documentation.
    pub fn schemas(&self) -> impl Iterator<Item = (&'static str, Schema)> {
        self.all.iter().map(|resource| (resource.type_name(), resource.schema()))
    }
}

impl<C: Send + Sync + 'static> Default for Resources<C> {
    fn default() -> Self {
        Self::new()
    }
}

/// The functions of a provider.
#[derive(Default)]
pub struct Functions {
    pub(crate) all: Vec<Box<dyn AnyFunction>>,
}

impl Functions {
    /// No function yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// This list with one more.
    #[must_use]
    pub fn with<F: Function>(mut self, function: F) -> Self {
        self.all.push(Box::new(Typed(function)));
        self
    }

    /// The names and signatures, for documentation.
    pub fn signatures(&self) -> impl Iterator<Item = (&'static str, Signature)> {
        self.all.iter().map(|function| (function.name(), function.signature()))
    }
}

/// The ephemeral resources of a provider.
pub struct EphemeralResources<C> {
    pub(crate) all: Vec<Box<dyn Ephemeral<Context = C>>>,
}

impl<C: Send + Sync + 'static> EphemeralResources<C> {
    /// No ephemeral resource yet.
    pub fn new() -> Self {
        Self { all: Vec::new() }
    }

    /// This list with one more.
    #[must_use]
    pub fn with<E: Ephemeral<Context = C>>(mut self, ephemeral: E) -> Self {
        self.all.push(Box::new(ephemeral));
        self
    }

    /// The type names and schemas, for documentation.
    pub fn schemas(&self) -> impl Iterator<Item = (&'static str, Schema)> {
        self.all.iter().map(|ephemeral| (ephemeral.type_name(), ephemeral.schema()))
    }
}

impl<C: Send + Sync + 'static> Default for EphemeralResources<C> {
    fn default() -> Self {
        Self::new()
    }
}

/// The actions of a provider.
pub struct Actions<C> {
    pub(crate) all: Vec<Box<dyn Action<Context = C>>>,
}

impl<C: Send + Sync + 'static> Actions<C> {
    /// No action yet.
    pub fn new() -> Self {
        Self { all: Vec::new() }
    }

    /// This list with one more.
    #[must_use]
    pub fn with<A: Action<Context = C>>(mut self, action: A) -> Self {
        self.all.push(Box::new(action));
        self
    }

    /// The type names and schemas, for documentation.
    pub fn schemas(&self) -> impl Iterator<Item = (&'static str, Schema)> {
        self.all.iter().map(|action| (action.type_name(), action.schema()))
    }
}

impl<C: Send + Sync + 'static> Default for Actions<C> {
    fn default() -> Self {
        Self::new()
    }
}

/// The data sources of a provider.
pub struct DataSources<C> {
    pub(crate) all: Vec<Box<dyn DataSource<Context = C>>>,
}

impl<C: Send + Sync + 'static> DataSources<C> {
    /// No data source yet.
    pub fn new() -> Self {
        Self { all: Vec::new() }
    }

    /// This list with one more.
    #[must_use]
    pub fn with<D: DataSource<Context = C>>(mut self, data: D) -> Self {
        self.all.push(Box::new(data));
        self
    }

    /// The type names and schemas, for documentation.
    pub fn schemas(&self) -> impl Iterator<Item = (&'static str, Schema)> {
        self.all.iter().map(|data| (data.type_name(), data.schema()))
    }
}

impl<C: Send + Sync + 'static> Default for DataSources<C> {
    fn default() -> Self {
        Self::new()
    }
}

/// The list resources of a provider.
pub struct ListResources<C> {
    pub(crate) all: Vec<Box<dyn ListResource<Context = C>>>,
}

impl<C: Send + Sync + 'static> ListResources<C> {
    /// No list resource yet.
    pub fn new() -> Self {
        Self { all: Vec::new() }
    }

    /// This list with one more.
    #[must_use]
    pub fn with<L: ListResource<Context = C>>(mut self, list: L) -> Self {
        self.all.push(Box::new(list));
        self
    }

    /// The type names and schemas, for documentation.
    pub fn schemas(&self) -> impl Iterator<Item = (&'static str, Schema)> {
        self.all.iter().map(|list| (list.type_name(), list.schema()))
    }
}

impl<C: Send + Sync + 'static> Default for ListResources<C> {
    fn default() -> Self {
        Self::new()
    }
}
