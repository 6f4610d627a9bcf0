//! SPIFFE IDs: names of workloads as URIs, by the rules of the SPIFFE ID specification.

/// The longest whole ID, in bytes.
const LONGEST: usize = 2048;

/// The longest trust domain, in bytes.
const LONGEST_DOMAIN: usize = 255;

/// A SPIFFE ID, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpiffeId {
    /// Who vouches for it.
    pub trust_domain: String,
    /// The parts of its path; none when the ID names the trust domain itself.
    pub segments: Vec<String>,
}

/// Why a text is not a SPIFFE ID.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SpiffeError {
    /// Another scheme, or none.
    #[error("`{}` is not a SPIFFE ID: it must begin with `spiffe://`, in lower case", .0.escape_debug())]
    Scheme(String),
    /// Longer than any implementation has to bear.
    #[error("a SPIFFE ID of {0} bytes is too long: 2048 is the most")]
    Long(usize),
    /// Nothing between the scheme and the path.
    #[error("`{}` names no trust domain", .0.escape_debug())]
    NoDomain(String),
    /// A trust domain that is too long.
    #[error("a trust domain of {0} bytes is too long: 255 is the most")]
    LongDomain(usize),
    /// A character that a trust domain cannot have.
    #[error(
        "`{}` is not a trust domain: `{}` is not allowed; it has lower-case letters, digits, dots, hyphens and \
         underscores, and neither user nor port",
        .domain.escape_debug(),
        .character.escape_debug()
    )]
    Domain {
        /// The trust domain.
        domain: String,
        /// The character.
        character: char,
    },
    /// A slash at the end, or two in a row.
    #[error("the path `{}` has an empty part: it must not end with `/` or hold `//`", .0.escape_debug())]
    Empty(String),
    /// `.` or `..`.
    #[error("the path `{}` has the part `{dots}`: paths are not relative", .path.escape_debug())]
    Relative {
        /// The path.
        path: String,
        /// The part.
        dots: String,
    },
    /// A character that a path cannot have.
    #[error(
        "the path `{}` is not one of a SPIFFE ID: `{}` is not allowed; it has ASCII letters, digits, dots, hyphens and \
         underscores between its slashes, and neither query, fragment nor escapes",
        .path.escape_debug(),
        .character.escape_debug()
    )]
    Path {
        /// The path.
        path: String,
        /// The character.
        character: char,
    },
}

impl SpiffeId {
    /// Reads a SPIFFE ID; nothing is normalised, because two spellings are two workloads.
    pub fn parse(text: &str) -> Result<Self, SpiffeError> {
        if text.len() > LONGEST {
            return Err(SpiffeError::Long(text.len()));
        }
        let rest = text.strip_prefix("spiffe://").ok_or_else(|| SpiffeError::Scheme(text.to_owned()))?;
        let (domain, path) = match rest.split_once('/') {
            Some((domain, path)) => (domain, Some(path)),
            None => (rest, None),
        };
        trust_domain(text, domain)?;
        let segments = path.map(segments).transpose()?.unwrap_or_default();
        Ok(Self { trust_domain: domain.to_owned(), segments })
    }

    /// The path, empty when the ID names the trust domain itself.
    pub fn path(&self) -> String {
        self.segments.iter().flat_map(|segment| ["/", segment]).collect()
    }
}

fn trust_domain(id: &str, domain: &str) -> Result<(), SpiffeError> {
    if domain.is_empty() {
        return Err(SpiffeError::NoDomain(id.to_owned()));
    }
    if domain.len() > LONGEST_DOMAIN {
        return Err(SpiffeError::LongDomain(domain.len()));
    }
    let allowed =
        |letter: &char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-._".contains(*letter);
    match domain.chars().find(|letter| !allowed(letter)) {
        Some(character) => Err(SpiffeError::Domain { domain: domain.to_owned(), character }),
        None => Ok(()),
    }
}

fn segments(path: &str) -> Result<Vec<String>, SpiffeError> {
    let whole = || format!("/{path}");
    let allowed = |letter: &char| letter.is_ascii_alphanumeric() || "-._".contains(*letter);
    if let Some(character) = path.chars().find(|letter| *letter != '/' && !allowed(letter)) {
        return Err(SpiffeError::Path { path: whole(), character });
    }
    path.split('/')
        .map(|segment| match segment {
            "" => Err(SpiffeError::Empty(whole())),
            "." | ".." => Err(SpiffeError::Relative { path: whole(), dots: segment.to_owned() }),
            _ => Ok(segment.to_owned()),
        })
        .collect()
}

impl std::fmt::Display for SpiffeId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "spiffe://{}{}", self.trust_domain, self.path())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ids_are_taken_apart() {
        for (text, domain, path, count) in [
            ("spiffe://example.com", "example.com", "", 0),
            ("spiffe://example.com/ns/prod/sa/checkout", "example.com", "/ns/prod/sa/checkout", 4),
            ("spiffe://prod_1.example-2.com/a", "prod_1.example-2.com", "/a", 1),
            ("spiffe://example.com/A.b-c_d/...", "example.com", "/A.b-c_d/...", 2),
        ] {
            let id = SpiffeId::parse(text).unwrap();
            assert_eq!(
                (id.trust_domain.as_str(), id.path().as_str(), id.segments.len()),
                (domain, path, count)
            );
            assert_eq!(id.to_string(), text);
        }
    }

    #[test]
    fn refusals() {
        let begins = |text: &str, expected: &str| {
            let told = SpiffeId::parse(text).unwrap_err().to_string();
            assert!(told.contains(expected), "{text:?}\nsays    {told}\nand not {expected}");
        };
        for text in
            ["", "example.com/a", "https://example.com/a", "SPIFFE://example.com/a", "spiffe:/example.com"]
        {
            begins(text, "must begin with `spiffe://`");
        }
        for (text, expected) in [
            ("spiffe://", "names no trust domain"),
            ("spiffe:///a", "names no trust domain"),
            ("spiffe://Example.com/a", "`E` is not allowed"),
            ("spiffe://example.com:8443/a", "`:` is not allowed"),
            ("spiffe://user@example.com/a", "`@` is not allowed"),
            ("spiffe://example.com?x=1", "`?` is not allowed"),
            ("spiffe://exämple.com/a", "`ä` is not allowed"),
            ("spiffe://example.com/", "an empty part"),
            ("spiffe://example.com/a/", "an empty part"),
            ("spiffe://example.com//a", "an empty part"),
            ("spiffe://example.com/a/../b", "the part `..`"),
            ("spiffe://example.com/.", "the part `.`"),
            ("spiffe://example.com/a%20b", "`%` is not allowed"),
            ("spiffe://example.com/a?b", "`?` is not allowed"),
            ("spiffe://example.com/a#b", "`#` is not allowed"),
            ("spiffe://example.com/a b", "` ` is not allowed"),
            ("spiffe://example.com/*", "`*` is not allowed"),
        ] {
            begins(text, expected);
        }
        begins(&format!("spiffe://{}/a", "a".repeat(256)), "of 256 bytes");
        begins(&format!("spiffe://a/{}", "a".repeat(2048)), "too long: 2048");
        assert!(SpiffeId::parse(&format!("spiffe://{}", "a".repeat(255))).is_ok());
    }

    proptest! {
        #[test]
        fn what_reads_is_told_as_it_was(text in "spiffe://[a-z.]{1,8}(/[A-Za-z.]{1,5}){0,4}") {
            if let Ok(id) = SpiffeId::parse(&text) {
                prop_assert_eq!(id.to_string(), text);
            }
        }

        #[test]
        fn any_text_is_an_answer(text in "(spiffe://)?\\PC{0,20}") {
            drop(SpiffeId::parse(&text));
        }
    }
}
