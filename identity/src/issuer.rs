//! Issuers: whose tokens count, by the address at which their keys are found or by their SPIFFE trust domain.

use std::fmt;

/// The rule in words, for messages and documentation.
pub const RULE: &str = "Write the issuer as its tokens name it: an address such as `https://token.example.com/tenant`, \
without user, query and fragment, or a SPIFFE trust domain such as `spiffe://prod.example.com`, without a path.";

const LONGEST: usize = 2048;

/// An issuer that obeys [`RULE`]. Two are equal when they are written alike: tokens are compared so.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Issuer(String);

/// Why a text is not an issuer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IssuerError {
    /// No scheme, or another one.
    #[error("`{}` is not the address of an issuer", .0.escape_debug())]
    Scheme(String),
    /// Keys that anybody on the way can replace.
    #[error("`{}` is not encrypted: whoever sits on the way can replace its keys", .0.escape_debug())]
    Plain(String),
    /// The host is missing or cannot be one.
    #[error("`{}` has no host that could be one", .0.escape_debug())]
    Host(String),
    /// A user, a query, a fragment, or a path where there is none.
    #[error("`{}` holds more than an issuer has: `{part}`", .text.escape_debug())]
    Part {
        /// The whole text.
        text: String,
        /// What does not belong there.
        part: char,
    },
    /// A pattern.
    #[error("`{}` is a pattern: it would take the word of issuers that nobody has named", .0.escape_debug())]
    Pattern(String),
    /// More than 2048 characters.
    #[error("an issuer of {0} characters is too long")]
    Long(usize),
}

impl Issuer {
    /// Reads an issuer.
    pub fn parse(text: &str) -> Result<Self, IssuerError> {
        let length = text.chars().count();
        if length > LONGEST {
            return Err(IssuerError::Long(length));
        }
        let own = || text.to_owned();
        let part = |rest: &str, parts: &str| {
            rest.chars()
                .find(|&character| parts.contains(character))
                .map_or(Ok(()), |part| Err(IssuerError::Part { text: own(), part }))
        };
        if text.starts_with("http://") {
            return Err(IssuerError::Plain(own()));
        }
        let (rest, is_host): (_, fn(&str) -> bool) = if let Some(rest) = text.strip_prefix("https://") {
            part(rest, "?#@")?;
            (rest, is_host)
        } else if let Some(rest) = text.strip_prefix("spiffe://") {
            part(rest, "/?#@:")?;
            (rest, is_trust_domain)
        } else {
            return Err(IssuerError::Scheme(own()));
        };
        if rest.contains('*') {
            return Err(IssuerError::Pattern(own()));
        }
        let host = rest.split('/').next().unwrap_or_default();
        let clean = !text.chars().any(|character| character.is_whitespace() || character.is_control());
        if is_host(host) && clean { Ok(Self(own())) } else { Err(IssuerError::Host(own())) }
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The trust domain, of an issuer that is one.
    pub fn trust_domain(&self) -> Option<&str> {
        self.0.strip_prefix("spiffe://")
    }

    /// The host of its address.
    pub fn host(&self) -> Option<&str> {
        self.0.strip_prefix("https://").and_then(|rest| rest.split(['/', ':']).next())
    }
}

/// A host, and a port where there is one.
fn is_host(text: &str) -> bool {
    let (host, port) = text.rsplit_once(':').unwrap_or((text, "443"));
    let is_port = port.parse::<u16>().is_ok_and(|port| port > 0);
    let is_label = |label: &str| {
        !label.is_empty()
            && label.chars().all(|character| character.is_alphanumeric() || "-_".contains(character))
    };
    is_port && host.split('.').all(is_label)
}

/// At most 255 of the characters that the standard allows.
fn is_trust_domain(text: &str) -> bool {
    let fits = |character: char| {
        character.is_ascii_lowercase() || character.is_ascii_digit() || "._-".contains(character)
    };
    (1..=255).contains(&text.len()) && text.chars().all(fits)
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn issuers_are_addresses_or_trust_domains() {
        for (text, host, domain) in [
            (
                "https://token.actions.githubusercontent.com",
                Some("token.actions.githubusercontent.com"),
                None,
            ),
            ("https://login.example.com/0a1b/v2.0", Some("login.example.com"), None),
            ("https://kubernetes.default.svc:6443/", Some("kubernetes.default.svc"), None),
            ("spiffe://prod.example.com", None, Some("prod.example.com")),
        ] {
            let issuer = Issuer::parse(text).unwrap();
            assert_eq!((issuer.as_str(), issuer.host(), issuer.trust_domain()), (text, host, domain));
        }
        let check = |text: &str, expected: fn(String) -> IssuerError| {
            assert_eq!(Issuer::parse(text), Err(expected(text.to_owned())), "{text}");
        };
        check("", IssuerError::Scheme);
        check("token.example.com", IssuerError::Scheme);
        check("ftp://token.example.com", IssuerError::Scheme);
        check("http://token.example.com", IssuerError::Plain);
        for text in ["https://", "https:///path", "https://a b", "https://a..b", "https://a:0", "https://a:x"]
        {
            check(text, IssuerError::Host);
        }
        for text in ["spiffe://", "spiffe://Prod.example.com"] {
            check(text, IssuerError::Host);
        }
        for text in ["https://*.example.com", "https://token.example.com/*", "spiffe://*"] {
            check(text, IssuerError::Pattern);
        }
        for (text, part) in [
            ("https://user@token.example.com", '@'),
            ("https://token.example.com/?x=1", '?'),
            ("https://token.example.com#x", '#'),
            ("spiffe://example.com/ns/shop", '/'),
            ("spiffe://example.com:443", ':'),
        ] {
            assert_eq!(Issuer::parse(text), Err(IssuerError::Part { text: text.into(), part }), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_an_answer(text in "(https://|spiffe://|http://)?\\PC{0,20}") {
            if let Ok(issuer) = Issuer::parse(&text) {
                prop_assert!(issuer.host().is_some() != issuer.trust_domain().is_some());
                prop_assert_eq!(issuer.as_str(), text);
            }
        }
    }
}
