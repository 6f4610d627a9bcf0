//! Values while they are evaluated: known, unknown, and unknown in part.

use std::collections::BTreeMap;
use std::rc::Rc;

use nhi_analyzer_model::{Address, AttributePath};

use super::number::Number;
use super::reference::Extent;

/// A value only known after apply. Two holes with one text are one value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Hole {
    /// The reference, or the call that makes it from other holes.
    pub(super) text: String,
    /// Whose attribute it is.
    pub(super) of: Option<(Address, AttributePath)>,
    /// Masked: it may not be shown, not even to be unknown.
    pub(super) sensitive: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Number(Number),
    Text(Text),
    List(List),
    Object(Object),
    Hole(Rc<Hole>),
    /// Among the elements of a list: any number of elements.
    Spread(Rc<Hole>),
}

/// A text: no two known pieces side by side, none empty.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Text(Rc<Vec<Piece>>);

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    Known(String),
    Hole(Rc<Hole>, Extent),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Tuple,
    List,
    Set,
}

/// A list, set or tuple.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct List {
    pub(super) kind: Kind,
    /// The order and the number of the elements are certain.
    pub(super) exact: bool,
    pub(super) items: Rc<Vec<Value>>,
}

/// An object or map, whose keys are always known.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Object {
    /// All values are of one type.
    pub(super) is_map: bool,
    pub(super) entries: Rc<BTreeMap<String, Value>>,
}

impl Hole {
    /// The attribute that everybody knows to be a single text in every provider.
    pub(super) fn is_scalar(&self) -> bool {
        let path = self.of.as_ref().map(|(_, path)| path);
        path.is_some_and(|path| {
            path.0.len() == 1
                && matches!(path.first(), Some("arn" | "id" | "json" | "name" | "bucket" | "unique_id"))
        })
    }
}

impl Text {
    pub(super) fn pieces(&self) -> &[Piece] {
        &self.0
    }

    /// The text, if all of it is known.
    pub(super) fn known(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Piece::Known(text)] => Some(text),
            _ => None,
        }
    }

    pub(super) fn of(pieces: impl IntoIterator<Item = Piece>) -> Self {
        let mut all: Vec<Piece> = Vec::new();
        for piece in pieces {
            match (all.last_mut(), piece) {
                (_, Piece::Known(text)) if text.is_empty() => {}
                (Some(Piece::Known(last)), Piece::Known(text)) => last.push_str(&text),
                (_, piece) => all.push(piece),
            }
        }
        Self(Rc::new(all))
    }

    pub(super) fn len(&self) -> usize {
        let length = |piece: &Piece| match piece {
            Piece::Known(text) => text.len(),
            Piece::Hole(..) => 1,
        };
        self.0.iter().map(length).sum()
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(Text::of([Piece::Known(text)]))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl List {
    /// It holds an element that may be many.
    pub(super) fn spreads(&self) -> bool {
        self.items.iter().any(|item| matches!(item, Value::Spread(_)))
    }

    /// How many elements there are, in which order, is certain.
    pub(super) fn is_exact(&self) -> bool {
        self.exact && !self.spreads()
    }
}

impl Value {
    pub(super) fn tuple(items: Vec<Self>) -> Self {
        Self::list(Kind::Tuple, items)
    }

    pub(super) fn list(kind: Kind, items: Vec<Self>) -> Self {
        Self::List(List { kind, exact: true, items: Rc::new(items) })
    }

    /// A list of which the order or the number of elements is not certain.
    pub(super) fn loose(kind: Kind, exact: bool, items: Vec<Self>) -> Self {
        Self::List(List { kind, exact, items: Rc::new(items) })
    }

    pub(super) fn object(entries: BTreeMap<String, Self>) -> Self {
        Self::Object(Object { is_map: false, entries: Rc::new(entries) })
    }

    pub(super) fn number(number: usize) -> Self {
        Self::Number(Number::from(number))
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// No part of it is unknown.
    pub(super) fn is_known(&self) -> bool {
        match self {
            Self::Hole(_) | Self::Spread(_) => false,
            Self::Text(text) => text.known().is_some(),
            Self::List(list) => list.exact && list.items.iter().all(Self::is_known),
            Self::Object(object) => object.entries.values().all(Self::is_known),
            Self::Null | Self::Bool(_) | Self::Number(_) => true,
        }
    }

    /// The first masked hole in it.
    pub(super) fn masked(&self) -> Option<&Rc<Hole>> {
        match self {
            Self::Hole(hole) | Self::Spread(hole) => hole.sensitive.then_some(hole),
            Self::Text(text) => text.pieces().iter().find_map(|piece| match piece {
                Piece::Hole(hole, _) if hole.sensitive => Some(hole),
                _ => None,
            }),
            Self::List(list) => list.items.iter().find_map(Self::masked),
            Self::Object(object) => object.entries.values().find_map(Self::masked),
            Self::Null | Self::Bool(_) | Self::Number(_) => None,
        }
    }

    /// What it is, in a word, for messages.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
            Self::Hole(_) | Self::Spread(_) => "an unknown value",
        }
    }
}
