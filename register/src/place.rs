//! How messages name a register: never with anything secret in it.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// A register, as messages name it: the path of a file, or the address of a server and its database.
#[derive(Clone, PartialEq, Eq)]
pub struct Place(Arc<str>);

impl Place {
    /// The place of a file.
    pub fn file(path: &Path) -> Self {
        Self(path.display().to_string().into())
    }
}

impl From<&str> for Place {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Place {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}
