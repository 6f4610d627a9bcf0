//! The kinds of declarations there are, by the words that the register and Terraform have for them.

use std::fmt;

/// A kind of declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    /// `nhi_owner`
    Owner,
    /// `nhi_zone`
    Zone,
    /// `nhi_identity`
    Identity,
    /// `nhi_exception`
    Exception,
    /// `nhi_federation`
    Federation,
    /// `nhi_credential`
    Credential,
    /// `nhi_crossing`
    Crossing,
    /// `nhi_elevation`
    Elevation,
    /// `nhi_break_glass`
    BreakGlass,
    /// `nhi_review`
    Review,
    /// `nhi_freeze`
    Freeze,
    /// `nhi_manifest`
    Manifest,
}

impl ObjectKind {
    /// Every kind with its word in a register.
    pub const ALL: [(&'static str, Self); 12] = [
        ("owner", Self::Owner),
        ("zone", Self::Zone),
        ("identity", Self::Identity),
        ("exception", Self::Exception),
        ("federation", Self::Federation),
        ("credential", Self::Credential),
        ("crossing", Self::Crossing),
        ("elevation", Self::Elevation),
        ("break_glass", Self::BreakGlass),
        ("review", Self::Review),
        ("freeze", Self::Freeze),
        ("manifest", Self::Manifest),
    ];

    /// Its word in a register.
    pub fn word(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word)
    }

    /// The kind of this word in a register.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == word).map(|(_, kind)| kind)
    }

    /// What people call one of it, in a sentence.
    pub fn noun(self) -> &'static str {
        match self {
            Self::BreakGlass => "break-glass access",
            other => other.word(),
        }
    }
}

/// The resource type, as users know it.
impl fmt::Display for ObjectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nhi_{}", self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_back() {
        for (word, kind) in ObjectKind::ALL {
            assert_eq!((ObjectKind::parse(word), kind.word()), (Some(kind), word));
            assert_eq!(kind.to_string(), format!("nhi_{word}"));
        }
        assert_eq!(ObjectKind::parse("nhi_owner"), None);
    }
}
