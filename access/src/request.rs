//! One request, and boxes of them.

use std::collections::BTreeMap;

/// One request: who does what to which resource, in which context.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Request {
    /// An ARN, an account, a service or a federated issuer, as a policy would name it.
    pub principal: String,
    /// `service:Action`.
    pub action: String,
    /// An ARN, or `*` for actions that take none.
    pub resource: String,
    /// Condition keys that are present, with their values.
    pub context: BTreeMap<String, Vec<String>>,
}

/// A set of requests as a product of one constraint a dimension.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestBox {
    /// Each dimension with what it takes and what it leaves out.
    pub dimensions: Vec<Dimension>,
}

/// One dimension of a box.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dimension {
    /// `principal`, `action`, `resource`, or a condition key.
    pub name: String,
    /// Patterns of which a value matches at least one; empty = every value.
    pub within: Vec<String>,
    /// Patterns of which a value matches none.
    pub without: Vec<String>,
}
