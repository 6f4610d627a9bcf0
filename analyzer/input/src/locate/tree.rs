//! A configuration file as blocks, attributes and expressions with byte spans, the same for HCL and its JSON form.

use std::ops::Range;

pub(super) type Span = Range<usize>;

/// A block: `resource "a" "b" { … }`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Block {
    pub(super) kind: String,
    pub(super) labels: Vec<String>,
    /// From the kind to the last label.
    pub(super) header: Span,
    pub(super) span: Span,
    pub(super) items: Vec<Item>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Item {
    Attribute(Attribute),
    Block(Block),
}

/// `name = value`, the span over both.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Attribute {
    pub(super) name: String,
    pub(super) span: Span,
    pub(super) value: Node,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub(super) span: Span,
    pub(super) kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// A literal string without templates.
    Text(String),
    /// `"${path.module}/…"`: what follows the first slash.
    InModule(String),
    Object(Vec<Entry>),
    List(Vec<Node>),
    Call {
        name: String,
        arguments: Vec<Node>,
    },
    /// A heredoc; the span is that of its lines between the delimiters.
    Heredoc(Span),
    /// `a.b.c`, instance keys and indices left out.
    Reference(Vec<String>),
    /// Anything whose inside no place needs.
    Other,
}

/// `key = value` of an object; the key is `None` where it is computed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) key: Option<String>,
    pub(super) key_span: Span,
    pub(super) span: Span,
    pub(super) value: Node,
}

impl Block {
    /// The attribute of that name.
    pub(super) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.items.iter().find_map(|item| match item {
            Item::Attribute(attribute) if attribute.name == name => Some(attribute),
            _ => None,
        })
    }
}
