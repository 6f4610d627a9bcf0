//! Addresses of resource instances, as plans write them.

/// `managed`, `data` or `ephemeral`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// A resource the plan may change.
    Managed,
    /// A data source.
    Data,
    /// A resource that lives for one run.
    Ephemeral,
}

/// The key of an instance under `count` or `for_each`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// `[0]`
    Int(i64),
    /// `["a.b"]`, unescaped
    Text(String),
}

/// One `module.name[key]` of an address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleStep {
    /// The name of the call.
    pub name: String,
    /// Its instance key.
    pub key: Option<Key>,
}

/// The address of a resource instance.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// The module calls from the root down.
    pub modules: Vec<ModuleStep>,
    /// Managed, data or ephemeral.
    pub mode: Mode,
    /// The resource type.
    pub kind: String,
    /// The resource name.
    pub name: String,
    /// Its instance key.
    pub key: Option<Key>,
}
