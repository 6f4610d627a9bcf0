//! Names of declarations: what other declarations, tags and imports refer to, so they stay plain.

use std::fmt;

/// The longest name.
pub const MAX_LENGTH: usize = 128;

/// The rule in words, for messages and documentation.
pub const RULE: &str = "A name has 1 to 128 characters: ASCII letters, digits and any of `. _ - / : @ + =`, and it starts \
with a letter or a digit.";

/// A name that obeys [`RULE`]. Names are compared as written, upper and lower case apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

/// Why a text is not a name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing in it.
    #[error("a name must not be empty")]
    Empty,
    /// More than [`MAX_LENGTH`] characters.
    #[error("a name of {0} characters is too long")]
    Long(usize),
    /// A character that is not allowed where it stands.
    #[error(
        "`{}` is not a name: `{}` is not allowed at position {position}",
        .text.escape_debug(),
        .character.escape_debug()
    )]
    Character {
        /// The whole text.
        text: String,
        /// The character.
        character: char,
        /// Its position, from one.
        position: usize,
    },
}

impl Name {
    /// Reads a name.
    pub fn new(text: &str) -> Result<Self, NameError> {
        if text.is_empty() {
            return Err(NameError::Empty);
        }
        let length = text.chars().count();
        if length > MAX_LENGTH {
            return Err(NameError::Long(length));
        }
        let refused = text.chars().enumerate().find(|&(place, character)| {
            !(character.is_ascii_alphanumeric() || (place > 0 && "._-/:@+=".contains(character)))
        });
        match refused {
            Some((place, character)) => {
                Err(NameError::Character { text: text.to_owned(), character, position: place + 1 })
            }
            None => Ok(Self(text.to_owned())),
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain() {
        for good in
            ["a", "platform", "team/payments", "alice@example.com", "svc:deploy-1.2+x=y", "9lives", "A_b"]
        {
            assert_eq!(Name::new(good).map(|name| name.to_string()), Ok(good.to_owned()));
        }
        assert_eq!(Name::new(""), Err(NameError::Empty));
        assert_eq!(Name::new(&"x".repeat(129)), Err(NameError::Long(129)));
        for (bad, character, position) in
            [("-a", '-', 1), ("a b", ' ', 2), ("ä", 'ä', 1), ("a\n", '\n', 2), ("a*", '*', 2)]
        {
            assert_eq!(
                Name::new(bad),
                Err(NameError::Character { text: bad.to_owned(), character, position }),
                "{bad:?}"
            );
        }
    }
}
