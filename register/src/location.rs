//! Where a register is: `sqlite:PATH` or `postgres://…`, and whether it may be created there.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::address::Address;
use crate::error::RegisterError;

/// The location that is used, and created, when none is named: a file below the working directory.
pub const DEFAULT: &str = "sqlite:.nhi/register.db";

/// The rule in words, for messages and documentation.
pub const RULE: &str = "Write `sqlite:PATH`, for example `sqlite:.nhi/register.db`, or \
`postgres://USER@HOST:PORT/DATABASE` with the password in the environment or in a password file, never here. A relative path \
starts at the working directory. A register at another place than the default one must exist; to create it, add `?mode=create` \
once.";

/// A place for a register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location(pub(crate) Target);

/// A file or a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    File(PathBuf, Creation),
    Server(Address),
}

/// May a missing register be created?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Creation {
    /// It must be there.
    #[default]
    Refused,
    /// It is the default place, or the user said so.
    Allowed,
}

impl Default for Location {
    fn default() -> Self {
        Self(Target::File(PathBuf::from(".nhi/register.db"), Creation::Allowed))
    }
}

impl Location {
    /// Reads `sqlite:PATH` (`sqlite://PATH` means the same) or `postgres://[user@][host][:port][/database]`
    /// (`postgresql://` means the same), each with `?mode=create` where it may be created.
    pub fn parse(url: &str) -> Result<Self, RegisterError> {
        let refuse = |problem: String| RegisterError::Url { url: shown(url), problem };
        if let Some(rest) = url.strip_prefix("postgres://").or_else(|| url.strip_prefix("postgresql://")) {
            return Address::parse(rest).map(|address| Self(Target::Server(address))).map_err(refuse);
        }
        let Some(rest) = url.strip_prefix("sqlite:") else {
            return Err(refuse("it begins neither with `sqlite:` nor with `postgres://`".to_owned()));
        };
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        let (path, creation) = match rest.split_once('?') {
            None => (rest, Creation::Refused),
            Some((path, "mode=create")) => (path, Creation::Allowed),
            Some((_, other)) => {
                return Err(refuse(format!("`?{other}` is not known; only `?mode=create` is")));
            }
        };
        if path.is_empty() {
            return Err(refuse("it names no file".to_owned()));
        }
        if path == ":memory:" {
            return Err(refuse("a register in memory would be gone with the process".to_owned()));
        }
        if path.contains('\0') {
            return Err(refuse("a path cannot hold a zero byte".to_owned()));
        }
        let default = Self::default();
        let path = PathBuf::from(path);
        // `./.nhi/register.db` and the default are the same place; `components` leaves the dot out.
        let plain = path.components().filter(|part| part.as_os_str() != ".");
        let same = default.path().is_some_and(|default| plain.eq(default.components()));
        Ok(if same { default } else { Self(Target::File(path, creation)) })
    }

    /// The file, where it is one.
    pub fn path(&self) -> Option<&Path> {
        match &self.0 {
            Target::File(path, _) => Some(path),
            Target::Server(_) => None,
        }
    }

    pub(crate) fn creation(&self) -> Creation {
        match &self.0 {
            Target::File(_, creation) => *creation,
            Target::Server(address) => address.creation,
        }
    }
}

/// A location as messages may repeat it: of one that is no file only the beginning, since somebody may have written a
/// password into it.
pub fn shown(url: &str) -> String {
    match url.split_once(':') {
        Some(("sqlite", _)) | None => url.to_owned(),
        Some((scheme @ ("postgres" | "postgresql"), _)) => format!("{scheme}://…"),
        Some((_, rest)) if !rest.contains('@') && !rest.to_lowercase().contains("password") => url.to_owned(),
        Some(_) => "…".to_owned(),
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Target::File(path, _) => write!(f, "sqlite:{}", path.display()),
            Target::Server(address) => address.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls() {
        let check = |url: &str, path: &str, creation: Creation| {
            let location = Location::parse(url).unwrap();
            assert_eq!((location.path(), location.creation()), (Some(Path::new(path)), creation), "{url}");
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
            "postgres://alice:s3cret@h/d",
            "mysql://alice:s3cret@h/d",
            "sqlite:",
            "sqlite::memory:",
            "sqlite:x?mode=ro",
            "sqlite:a\0b",
        ] {
            let error = Location::parse(bad).unwrap_err();
            assert!(matches!(error, RegisterError::Url { .. }), "{bad:?}");
            assert!(
                !error.to_string().contains("s3cret") && !format!("{error:?}").contains("s3cret"),
                "{error}"
            );
        }
        let server = Location::parse("postgresql://alice@db.example.com/nhi").unwrap();
        assert_eq!(
            (server.to_string().as_str(), server.path()),
            ("postgres://alice@db.example.com/nhi", None)
        );
    }
}
