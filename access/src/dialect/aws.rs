//! AWS policy documents: statements as written, ready to be compared.

pub(crate) mod caller;
pub mod catalogue;
pub(crate) mod compile;
mod condition;
mod json;
mod kind;
mod parse;
pub(crate) mod patterns;
mod print;
mod quick;
mod variables;

pub use kind::guess_kind;
pub use parse::{PolicyError, parse};

/// What kind of document a text is; it decides which elements it must and must not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyKind {
    /// Attached to a principal (also boundaries, session policies, service control policies).
    Identity,
    /// Attached to a resource.
    Resource,
    /// A role's trust policy.
    Trust,
}

/// One entry of an element: its text, or a value that is only known after apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// The text as written.
    Text(String),
    /// Not known yet.
    Unknown,
}

/// `Allow` or `Deny`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Grants.
    Allow,
    /// Takes away.
    Deny,
}

/// A list of entries, or all but them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Element {
    /// `Action`, `Resource`: one of these.
    In(Vec<Item>),
    /// `NotAction`, `NotResource`: none of these.
    NotIn(Vec<Item>),
}

/// One principal entry: its type (`AWS`, `Service`, `Federated`, `CanonicalUser`) and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrincipalItem {
    /// The type.
    pub kind: String,
    /// The text; `*` is anyone.
    pub value: Item,
}

/// Who a statement speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Principals {
    /// No such element: an identity policy.
    Absent,
    /// `Principal`.
    In(Vec<PrincipalItem>),
    /// `NotPrincipal`.
    NotIn(Vec<PrincipalItem>),
}

/// One operator on one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// As written: `StringEquals`, `ForAnyValue:StringLike`, `BoolIfExists`.
    pub operator: String,
    /// As written: `aws:SourceIp`.
    pub key: String,
    /// The values; one of them must match (none of them for negated operators).
    pub values: Vec<Item>,
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Its `Sid`, where not empty.
    pub sid: Option<String>,
    /// `Effect`.
    pub effect: Effect,
    /// `Principal`/`NotPrincipal`.
    pub principals: Principals,
    /// `Action`/`NotAction`.
    pub action: Element,
    /// `Resource`/`NotResource`; `In(["*"])` where the grammar lets it be absent.
    pub resource: Element,
    /// `Condition`, flattened: all must hold.
    pub conditions: Vec<Condition>,
}

/// A document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// What kind of document it is.
    pub kind: PolicyKind,
    /// `true` from version 2012-10-17 on: `${…}` is a variable and not text.
    pub variables: bool,
    /// Its statements, in order.
    pub statements: Vec<Statement>,
}

impl Item {
    /// The text, where known.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Unknown => None,
        }
    }
}

impl<T: Into<String>> From<T> for Item {
    fn from(text: T) -> Self {
        Self::Text(text.into())
    }
}

impl Element {
    /// Its entries, whichever way they count.
    pub fn items(&self) -> &[Item] {
        match self {
            Self::In(items) | Self::NotIn(items) => items,
        }
    }
}

impl Principals {
    /// Its entries, whichever way they count.
    pub fn items(&self) -> &[PrincipalItem] {
        match self {
            Self::Absent => &[],
            Self::In(items) | Self::NotIn(items) => items,
        }
    }
}

impl Condition {
    /// The condition without its key: `StringEquals a, b`. A value that could be taken for two is quoted.
    pub fn words(&self) -> String {
        let word = |item: &Item| match item.text() {
            None => "(known after apply)".to_owned(),
            Some(text) if text.contains(", ") || text.starts_with('"') => format!("{text:?}"),
            Some(text) => text.to_owned(),
        };
        let texts: Vec<String> = self.values.iter().map(word).collect();
        format!("{} {}", self.operator, texts.join(", "))
    }
}

impl Statement {
    /// A statement on every resource, for everyone its document is attached to, without conditions.
    pub fn new(effect: Effect, action: Element) -> Self {
        Self {
            sid: None,
            effect,
            principals: Principals::Absent,
            action,
            resource: Element::In(vec![Item::from("*")]),
            conditions: Vec::new(),
        }
    }

    /// Is any entry of it only known after apply?
    pub fn has_unknown(&self) -> bool {
        self.action.items().iter().chain(self.resource.items()).any(|item| *item == Item::Unknown)
            || self.principals.items().iter().any(|principal| principal.value == Item::Unknown)
            || self.conditions.iter().any(|condition| condition.values.contains(&Item::Unknown))
    }
}

impl Policy {
    /// A document of the current version, in which `${…}` is a variable.
    pub fn new(kind: PolicyKind, statements: Vec<Statement>) -> Self {
        Self { kind, variables: true, statements }
    }

    /// Its canonical text: one shape, order and indentation for every way to write it.
    pub fn display_text(&self) -> String {
        print::policy(self)
    }
}
