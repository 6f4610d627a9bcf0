//! Values as Terraform holds them: each known, null or unknown, each of a type the schema tells.

mod json;
mod msgpack;
mod number;
mod order;
mod types;

use std::collections::BTreeMap;

use thiserror::Error;

pub use json::Strangers;
pub use number::{Number, NumberError};
pub use types::{Type, TypeError};

use crate::path::Path;

/// A value or a part of one.
///
/// Equality is structural and by meaning: sets compare without order, text after Unicode
/// normalisation, numbers by value. Two unknowns compare equal, which says only that both are unknown.
#[derive(Debug, Clone)]
pub enum Value {
    /// Absent.
    Null,
    /// Present or absent, nobody knows yet; what is already certain about it may stand beside.
    Unknown(Option<Box<Refinements>>),
    /// `true` or `false`.
    Bool(bool),
    /// An exact decimal.
    Number(Number),
    /// Unicode text.
    String(String),
    /// Elements in order.
    List(Vec<Value>),
    /// Elements without order; duplicates count once.
    Set(Vec<Value>),
    /// Elements under keys.
    Map(BTreeMap<String, Value>),
    /// Attributes by name.
    Object(BTreeMap<String, Value>),
    /// Elements in order, each of its own type.
    Tuple(Vec<Value>),
    /// A value where the schema leaves the type open, with the type it brought along.
    Dynamic(Box<Type>, Box<Value>),
}

/// What is certain about an unknown value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Refinements {
    /// `Some(true)`: it will be null; `Some(false)`: it will not.
    pub null: Option<bool>,
    /// Text it will start with.
    pub prefix: Option<String>,
    /// The smallest number it can be.
    pub least: Option<Bound>,
    /// The largest number it can be.
    pub most: Option<Bound>,
    /// The fewest elements it can have.
    pub shortest: Option<u64>,
    /// The most elements it can have.
    pub longest: Option<u64>,
}

/// One end of a range of numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// The end itself.
    pub number: Number,
    /// Whether the end belongs to the range.
    pub inclusive: bool,
}

/// Why bytes are not a value of a type, or a value cannot be written as one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}{problem}", place(.path))]
pub struct ValueError {
    /// Where in the value.
    pub path: Path,
    /// What is wrong there.
    pub problem: Problem,
}

fn place(path: &Path) -> String {
    if path.is_root() { String::new() } else { format!("`{path}`: ") }
}

/// What is wrong with a value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Problem {
    /// The bytes end early or are no message at all.
    #[error("the encoding is broken: {0}")]
    Broken(String),
    /// Something else than the schema says.
    #[error("expected {expected}, found {found}")]
    Mismatch {
        /// What the schema says.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// An attribute of the schema is not there.
    #[error("attribute `{0}` is missing")]
    Missing(String),
    /// An attribute that the schema does not have.
    #[error("there is no attribute `{0}`")]
    Stranger(String),
    /// A tuple of another length.
    #[error("expected {expected} elements, found {found}")]
    Length {
        /// Elements of the type.
        expected: usize,
        /// Elements that are there.
        found: usize,
    },
    /// A number that cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// A dynamic value whose type cannot be read.
    #[error(transparent)]
    Type(#[from] TypeError),
    /// Unknown where only known values can be written.
    #[error("the value is not known")]
    Unknown,
    /// Nested beyond what any schema uses.
    #[error("values nest too deeply")]
    TooDeep,
}

impl Problem {
    pub(crate) fn at(self, path: &Path) -> ValueError {
        ValueError { path: path.clone(), problem: self }
    }
}

impl Value {
    /// Unknown, with nothing certain about it.
    pub fn unknown() -> Self {
        Self::Unknown(None)
    }

    /// Text.
    pub fn string(text: impl Into<String>) -> Self {
        Self::String(text.into())
    }

    /// Whether it is absent.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether it is unknown itself; parts of it may be even if it is not.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    /// Whether nothing in it is unknown.
    pub fn is_wholly_known(&self) -> bool {
        match self {
            Self::Unknown(_) => false,
            Self::Dynamic(_, inner) => inner.is_wholly_known(),
            Self::List(parts) | Self::Set(parts) | Self::Tuple(parts) => {
                parts.iter().all(Self::is_wholly_known)
            }
            Self::Map(parts) | Self::Object(parts) => parts.values().all(Self::is_wholly_known),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) => true,
        }
    }

    /// The attributes, when it is an object.
    pub fn attributes(&self) -> Option<&BTreeMap<String, Self>> {
        match self {
            Self::Object(attributes) => Some(attributes),
            _ => None,
        }
    }

    /// One attribute, when it is an object that has it.
    pub fn attribute(&self, name: &str) -> Option<&Self> {
        self.attributes()?.get(name)
    }

    /// What it is, in one or two words for a message.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Unknown(_) => "an unknown value",
            Self::Bool(_) => "a bool",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::List(_) => "a list",
            Self::Set(_) => "a set",
            Self::Map(_) => "a map",
            Self::Object(_) => "an object",
            Self::Tuple(_) => "a tuple",
            Self::Dynamic(_, inner) => inner.kind(),
        }
    }
}
