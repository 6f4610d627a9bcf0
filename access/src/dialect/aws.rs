//! AWS policy documents: statements as written, ready to be compared.

pub(crate) mod caller;
pub mod catalogue;
pub(crate) mod compile;
mod condition;
mod holed;
mod json;
mod kind;
mod parse;
pub(crate) mod patterns;
mod print;
mod quick;
mod variables;

use std::borrow::Cow;

use crate::hole::{self, Part};

pub use holed::parse_with_holes;
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
    /// A text with holes: values that are only known after apply, but the same wherever they stand.
    Holed(Vec<Part>),
    /// Not known yet: any number of entries.
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
    /// The text, where all of it is known.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Holed(_) | Self::Unknown => None,
        }
    }

    /// The text for a reader: a hole shows as its reference.
    pub fn shown(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Holed(parts) => Cow::Owned(hole::shown(parts)),
            Self::Unknown => Cow::Borrowed("(known after apply)"),
        }
    }

    /// Its holes.
    pub fn holes(&self) -> impl Iterator<Item = &hole::Hole> {
        let parts = if let Self::Holed(parts) = self { parts.as_slice() } else { &[] };
        parts.iter().filter_map(|part| if let Part::Hole(hole) = part { Some(hole) } else { None })
    }

    /// The text as far as it is written, with the shapes of its holes.
    pub(crate) fn outline(&self) -> Cow<'_, str> {
        match self {
            Self::Holed(parts) => Cow::Owned(hole::outline(parts)),
            other => other.shown(),
        }
    }

    /// May it be something that no pattern stands for: several entries, or a text with wildcards of its own?
    pub(crate) fn is_open(&self) -> bool {
        *self == Self::Unknown || self.holes().any(|hole| !matches!(hole.shape, hole::Shape::Like(_)))
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

impl PrincipalItem {
    /// May it be something else than one pattern stands for? What follows from a name depends on how the name is built:
    /// an account's number stands for all in it, a role for its sessions.
    pub(crate) fn is_open(&self) -> bool {
        if self.value.is_open() || self.kind != "AWS" || self.value.holes().next().is_none() {
            return self.value.is_open();
        }
        let outline = self.value.outline();
        let fields: Vec<&str> = outline.splitn(6, ':').collect();
        match fields.as_slice() {
            ["arn", _, "iam" | "sts", _, _, rest] => {
                outline.contains("**") || (rest.contains(['*', '?']) && !rest.contains('/'))
            }
            _ => outline != "????????????",
        }
    }
}

impl Condition {
    /// The condition without its key: `StringEquals a, b`. A value that could be taken for two is quoted.
    pub fn words(&self) -> String {
        let word = |item: &Item| match item {
            Item::Text(text) if text.contains(", ") || text.starts_with('"') => format!("{text:?}"),
            other => other.shown().into_owned(),
        };
        let texts: Vec<String> = self.values.iter().map(word).collect();
        format!("{} {}", self.operator, texts.join(", "))
    }

    /// Is any of its values one that its operator cannot be asked about?
    pub(crate) fn has_open(&self) -> bool {
        self.values.iter().any(|item| self.is_open(item))
    }

    fn is_open(&self, item: &Item) -> bool {
        // What a key that says who the caller is comes to depends on all of the value.
        let whole = || !condition::reads_text(&self.operator) || caller::about_caller(self.key.trim());
        item.is_open() || (item.holes().next().is_some() && whole())
    }

    /// Keeps the values that its operator can be asked about.
    fn drop_open(&mut self) {
        let values = std::mem::take(&mut self.values);
        self.values = values.into_iter().filter(|item| !self.is_open(item)).collect();
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

    /// Has it an entry that is only known after apply and may be more than one plain text?
    pub fn has_unknown(&self) -> bool {
        self.action.items().iter().chain(self.resource.items()).any(Item::is_open)
            || self.principals.items().iter().any(PrincipalItem::is_open)
            || self.conditions.iter().any(Condition::has_open)
    }

    /// Its entries: actions, resources, principals, values of conditions.
    pub(crate) fn items(&self) -> impl Iterator<Item = &Item> {
        let principals = self.principals.items().iter().map(|principal| &principal.value);
        let elements = self.action.items().iter().chain(self.resource.items());
        elements.chain(principals).chain(self.conditions.iter().flat_map(|condition| &condition.values))
    }

    /// The same, to put others in their place.
    pub(crate) fn items_mut(&mut self) -> impl Iterator<Item = &mut Item> {
        let (Element::In(actions) | Element::NotIn(actions)) = &mut self.action;
        let (Element::In(resources) | Element::NotIn(resources)) = &mut self.resource;
        let principals = match &mut self.principals {
            Principals::Absent => &mut [][..],
            Principals::In(items) | Principals::NotIn(items) => items,
        };
        actions
            .iter_mut()
            .chain(resources)
            .chain(principals.iter_mut().map(|principal| &mut principal.value))
            .chain(self.conditions.iter_mut().flat_map(|condition| &mut condition.values))
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
