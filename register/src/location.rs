//! Where a register is: `sqlite:PATH`, and whether it may be created there.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::error::RegisterError;

/// The location that is used, and created, when none is named: a file below the working directory.
pub const DEFAULT: &str = "sqlite:.nhi/register.db";

/// The rule in words, for messages and documentation.
pub const RULE: &str = "Write `sqlite:PATH`, for example `sqlite:.nhi/register.db`; a relative path starts at the working \
directory. A register at another path than the default one must exist; to create it, write `sqlite:PATH?mode=create` once.";

/// A place for a register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    path: PathBuf,
    creation: Creation,
}

/// May a missing register be created?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Creation {
    /// It must be there.
    Refused,
    /// It is the default place, or the user said so.
    Allowed,
}

impl Default for Location {
    fn default() -> Self {
        Self { path: PathBuf::from(".nhi/register.db"), creation: Creation::Allowed }
    }
}

impl Location {
    /// Reads `sqlite:PATH` or `sqlite:PATH?mode=create`; `sqlite://PATH` means the same.
    pub fn parse(url: &str) -> Result<Self, RegisterError> {
        let refuse = |problem: &str| RegisterError::Url { url: url.to_owned(), problem: problem.to_owned() };
        let Some(rest) = url.strip_prefix("sqlite:") else {
            return Err(refuse("it does not begin with `sqlite:`"));
        };
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        let (path, mode) = match rest.split_once('?') {
            None => (rest, Creation::Refused),
            Some((path, "mode=create")) => (path, Creation::Allowed),
            Some((_, other)) => {
                return Err(refuse(&format!("`?{other}` is not known; only `?mode=create` is")));
            }
        };
        if path.is_empty() {
            return Err(refuse("it names no file"));
        }
        if path == ":memory:" {
            return Err(refuse("a register in memory would be gone with the process"));
        }
        if path.contains('\0') {
            return Err(refuse("a path cannot hold a zero byte"));
        }
        let default = Self::default();
        let path = PathBuf::from(path);
        // `./.nhi/register.db` and the default are the same place; `components` leaves the dot out.
        let same = path.components().filter(|part| part.as_os_str() != ".").eq(default.path.components());
        Ok(if same { default } else { Self { path, creation: mode } })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn creation(&self) -> Creation {
        self.creation
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sqlite:{}", self.path.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        let check = |url: &str, path: &str, creation: Creation| {
            let location = Location::parse(url).unwrap();
            assert_eq!((location.path(), location.creation()), (Path::new(path), creation), "{url}");
        };
        check(DEFAULT, ".nhi/register.db", Creation::Allowed);
        check("sqlite:./.nhi/register.db", ".nhi/register.db", Creation::Allowed);
        check("sqlite:shared.db", "shared.db", Creation::Refused);
        check("sqlite:/srv/nhi.db", "/srv/nhi.db", Creation::Refused);
        check("sqlite:///srv/nhi.db", "/srv/nhi.db", Creation::Refused);
        check("sqlite:/srv/nhi.db?mode=create", "/srv/nhi.db", Creation::Allowed);
        for bad in [
            "",
            "register.db",
            "postgres://x",
            "sqlite:",
            "sqlite::memory:",
            "sqlite:x?mode=ro",
            "sqlite:a\0b",
        ] {
            assert!(matches!(Location::parse(bad), Err(RegisterError::Url { .. })), "{bad:?}");
        }
    }
}
