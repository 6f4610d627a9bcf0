//! Where a fact comes from, symbolically; lines and columns are found once, after the rules.

use std::fmt;

use crate::address::{Address, Key};

/// One step of an attribute path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// An attribute or a map key.
    Name(String),
    /// An index of a list, from zero.
    Index(usize),
}

/// A path into a resource's attributes; empty = the resource itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttributePath(pub Vec<Step>);

/// An address and a path in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The resource instance.
    pub address: Address,
    /// The attribute.
    pub attribute: AttributePath,
}

impl fmt::Display for AttributePath {
    /// `statement[1].resources`, `tags["a.b"]`; empty for the resource itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Name(name) if is_plain(name) && position == 0 => f.write_str(name)?,
                Step::Name(name) if is_plain(name) => write!(f, ".{name}")?,
                Step::Name(name) => write!(f, "{}", Key::Text(name.clone()))?,
            }
        }
        Ok(())
    }
}

fn is_plain(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}

impl AttributePath {
    /// A path of one attribute.
    pub fn of(name: &str) -> Self {
        Self(vec![Step::Name(name.to_owned())])
    }

    /// The attribute at the root of the path.
    pub fn first(&self) -> Option<&str> {
        match self.0.first() {
            Some(Step::Name(name)) => Some(name),
            _ => None,
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.attribute.0.is_empty() {
            write!(f, "{}", self.address)
        } else {
            write!(f, "{} {}", self.address, self.attribute)
        }
    }
}
