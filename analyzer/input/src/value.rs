//! Attribute values with the plan's masks laid over them.

use std::collections::BTreeMap;
use std::fmt;

/// Stands for a sensitive value: it can be compared within one run and never shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Masked(pub(crate) u64);

impl fmt::Debug for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(sensitive)")
    }
}

/// A value with its state; unknown and sensitive parts stay where they are in lists and objects.
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
