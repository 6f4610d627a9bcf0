//! Attribute values with the plan's masks laid over them.

use std::collections::BTreeMap;
use std::fmt;

mod compare;
pub(crate) mod decode;
pub(crate) mod mask;

use nhi_analyzer_model::{AttributePath, Step};

/// Stands for a sensitive value: it can be compared within one run and never shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Masked(pub(crate) u64);

impl fmt::Debug for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(sensitive)")
    }
}

/// A value with its state; unknown and sensitive parts stay where they are in lists and objects.
///
/// A part that cannot be read (two keys of one name, nested beyond a hundred levels) is `Unknown`: it could be
/// anything. `==` compares shapes; whether two values are *the same* is [`Value::same`], where unknown is an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, or a key that is not there.
    Null,
    /// A boolean.
    Bool(bool),
    /// A number, as written.
    Number(String),
    /// Text.
    String(String),
    /// A list or set.
    List(Vec<Value>),
    /// An object or map.
    Object(BTreeMap<String, Value>),
    /// Only known after apply.
    Unknown,
    /// Masked: the text never leaves this crate.
    Sensitive(Masked),
}

static NULL: Value = Value::Null;
static UNKNOWN: Value = Value::Unknown;

impl Value {
    /// The value under `name`; `Null` where there is none. Of an unknown or masked value every part is unknown.
    pub fn get(&self, name: &str) -> &Self {
        match self {
            Self::Object(map) => map.get(name).unwrap_or(&NULL),
            Self::Unknown | Self::Sensitive(_) => &UNKNOWN,
            _ => &NULL,
        }
    }

    /// The element at `index`; `Null` past the end. Of an unknown or masked value every part is unknown.
    pub fn at(&self, index: usize) -> &Self {
        match self {
            Self::List(items) => items.get(index).unwrap_or(&NULL),
            Self::Unknown | Self::Sensitive(_) => &UNKNOWN,
            _ => &NULL,
        }
    }

    /// The value a path leads to.
    pub fn path(&self, path: &AttributePath) -> &Self {
        path.0.iter().fold(self, |value, step| match step {
            Step::Name(name) => value.get(name),
            Step::Index(index) => value.at(*index),
        })
    }

    /// The text of a known text.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// A known boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(answer) => Some(*answer),
            _ => None,
        }
    }

    /// A known whole number that fits.
    pub fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(digits) => digits.parse().ok(),
            _ => None,
        }
    }

    /// The elements of a list whose length is known; an element may be unknown. `Null` is `None`, not empty.
    pub fn as_list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    /// The elements, as `Null` and empty are equal: nothing for `Null`, `None` where the list is not known.
    pub fn items(&self) -> Option<&[Self]> {
        match self {
            Self::Null => Some(&[]),
            other => other.as_list(),
        }
    }

    /// The entries of an object whose keys are known; an entry may be unknown.
    pub fn as_object(&self) -> Option<&BTreeMap<String, Self>> {
        match self {
            Self::Object(map) => Some(map),
            _ => None,
        }
    }

    /// It is `null`, or not there.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// It is wholly unknown.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// It is wholly masked.
    pub fn is_sensitive(&self) -> bool {
        matches!(self, Self::Sensitive(_))
    }

    /// Neither it nor any part of it is unknown or masked.
    pub fn is_known(&self) -> bool {
        match self {
            Self::Unknown | Self::Sensitive(_) => false,
            Self::List(items) => items.iter().all(Self::is_known),
            Self::Object(map) => map.values().all(Self::is_known),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) => true,
        }
    }

    /// Nothing is in it: `null`, `""`, `[]`, `{}`, or an object or list of such.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::String(text) => text.is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Object(map) => map.values().all(Self::is_empty),
            Self::Bool(_) | Self::Number(_) | Self::Unknown | Self::Sensitive(_) => false,
        }
    }
}
