//! What a reviewer may say of an identity.

/// What a reviewer found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It stays as it is; that alone settles a round of the review.
    Keep,
    /// It stays, and something about it has to change first.
    Change,
    /// It has to go.
    Remove,
}

impl Outcome {
    /// Each of them, as users write it.
    pub const ALL: [(&'static str, Self); 3] =
        [("keep", Self::Keep), ("change", Self::Change), ("remove", Self::Remove)];

    /// The user's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Change => "change",
            Self::Remove => "remove",
        }
    }

    /// The outcome of this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(known, _)| *known == word).map(|(_, outcome)| outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_read_back() {
        for (word, outcome) in Outcome::ALL {
            assert_eq!((Outcome::parse(word), outcome.as_str()), (Some(outcome), word));
        }
        assert_eq!(Outcome::parse("Keep"), None);
    }
}
