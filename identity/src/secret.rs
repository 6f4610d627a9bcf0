//! Texts that look like secrets: a declaration is read by many and kept for long, so none may stand in one.

/// Nothing shorter than this is recognised.
const SHORTEST: usize = 20;

/// Beginnings that issuers give their tokens, and how many characters follow at least.
const PREFIXES: [(&str, usize); 17] = [
    ("ghp_", 30),
    ("gho_", 30),
    ("ghu_", 30),
    ("ghs_", 30),
    ("ghr_", 30),
    ("github_pat_", 20),
    ("glpat-", 16),
    ("xoxb-", 20),
    ("xoxp-", 20),
    ("xapp-", 20),
    ("sk_live_", 16),
    ("rk_live_", 16),
    ("hvs.", 20),
    ("npm_", 32),
    ("pypi-AgEI", 20),
    ("AIza", 31),
    ("AGE-SECRET-KEY-1", 30),
];

/// What the text holds that looks like a secret, in words; never the text itself.
pub fn seen_in(text: &str) -> Option<&'static str> {
    if text.len() < SHORTEST {
        return None;
    }
    if text.contains("-----BEGIN ") && text.contains("PRIVATE KEY") || text.contains("PuTTY-User-Key-File") {
        return Some("a private key");
    }
    if has_password_in_address(text) {
        return Some("an address with a password in it");
    }
    let mut words = text.split(|character: char| !is_word(character)).filter(|word| word.len() >= SHORTEST);
    let told = words.find_map(seen_in_word);
    told.or_else(|| has_access_key_and_secret(text).then_some("an access key with its secret"))
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || "_-./+".contains(character)
}

fn seen_in_word(word: &str) -> Option<&'static str> {
    if word.split('/').any(has_known_prefix) {
        return Some("an access token");
    }
    if is_signed_token(word) {
        return Some("a signed token");
    }
    is_keytab(word).then_some("a keytab")
}

fn has_known_prefix(word: &str) -> bool {
    let opaque = |rest: &str, least: usize| {
        rest.len() >= least
            && rest.chars().all(|character| character.is_ascii_alphanumeric() || "_-".contains(character))
    };
    let mixed = |rest: &str| {
        let any = |is: fn(&char) -> bool| rest.chars().any(|character| is(&character));
        any(char::is_ascii_digit) && any(char::is_ascii_uppercase) && any(char::is_ascii_lowercase)
    };
    PREFIXES.iter().any(|(prefix, least)| word.strip_prefix(prefix).is_some_and(|rest| opaque(rest, *least)))
        // A beginning this short is also one of plain words, which are not of all sorts of characters.
        || word.strip_prefix("sk-").is_some_and(|rest| opaque(rest, 32) && mixed(rest))
}

/// Three parts in the alphabet of URLs, the first two of them JSON objects.
fn is_signed_token(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    matches!(parts.as_slice(), [head, claims, signature, ..]
        if head.starts_with("eyJ") && claims.starts_with("eyJ") && signature.len() >= 10)
}

/// The version mark of the format, in base64, and enough for one key.
fn is_keytab(word: &str) -> bool {
    word.starts_with("BQIAAA") && word.len() >= 64
}

/// `scheme://user:password@host`.
fn has_password_in_address(text: &str) -> bool {
    text.split("://").skip(1).any(|rest| {
        let authority = rest.split(['/', ' ', '"', '\'']).next().unwrap_or_default();
        let user = authority.rsplit_once('@').map(|(user, _)| user);
        user.and_then(|user| user.split_once(':')).is_some_and(|(_, password)| !password.is_empty())
    })
}

/// An id alone is no secret; beside forty characters of base64 that are no digest it is.
fn has_access_key_and_secret(text: &str) -> bool {
    let is_id = |word: &str| {
        (word.starts_with("AKIA") || word.starts_with("ASIA"))
            && word.len() == 20
            && word.chars().all(|character| character.is_ascii_uppercase() || character.is_ascii_digit())
    };
    let is_secret = |word: &str| {
        word.len() == 40
            && word.chars().all(|character| character.is_ascii_alphanumeric() || "/+".contains(character))
            && word.chars().any(|character| !character.is_ascii_hexdigit())
    };
    let words =
        || text.split(|character: char| !(character.is_ascii_alphanumeric() || "/+".contains(character)));
    words().any(is_id) && words().any(is_secret)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_looks_like_a_secret() {
        let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJleGFtcGxlIn0.c2lnbmF0dXJlLWV4YW1wbGU";
        let id = "AKIAIOSFODNN7EXAMPLE";
        let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
        for (text, expected) in [
            ("-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl", "a private key"),
            ("-----BEGIN EC PRIVATE KEY-----", "a private key"),
            (jwt, "a signed token"),
            (&format!("token={jwt}"), "a signed token"),
            (&format!("{id}:{secret}"), "an access key with its secret"),
            (&format!("id {id}, secret \"{secret}\""), "an access key with its secret"),
            (&format!("ghp_{}", "a1B2".repeat(9)), "an access token"),
            (&format!("https://example.com/glpat-{}", "xY1-".repeat(5)), "an access token"),
            (&format!("sk-{}", "aB3d".repeat(10)), "an access token"),
            ("postgres://app:hunter2hunter2@db.example.com/app", "an address with a password in it"),
            (&format!("BQIAAABL{}", "AAEA".repeat(20)), "a keytab"),
        ] {
            assert_eq!(seen_in(text), Some(expected), "{text}");
            assert_eq!(seen_in(&format!("See {text} there.")), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_does_not() {
        for text in [
            "",
            "AKIAIOSFODNN7EXAMPLE",
            "AKIAIOSFODNN7EXAMPLE at commit 0123456789abcdef0123456789abcdef01234567",
            "arn:aws:secretsmanager:eu-central-1:111122223333:secret:ci/deploy-AbCdEf",
            "https://vault.example.com/v1/secret/data/ci/deploy?version=3",
            "https://alice@example.com:8443/path",
            "projects/acme/secrets/deploy/versions/12",
            "sk-learn-training-production-eu-central-1-blue",
            "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "repo:acme/shop:environment:production",
            "The private key of -----BEGIN CERTIFICATE----- is kept by security.",
            "eyJ.eyJ is how they begin, each of them",
        ] {
            assert_eq!(seen_in(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_an_answer(text in "\\PC{0,60}|(://|:|@|eyJ|\\.|AKIA|ghp_|é){0,20}") {
            prop_assert!(seen_in(&text).is_none_or(|what| what.starts_with('a')));
        }

        #[test]
        fn plain_names_are_none(text in "[a-z][a-z0-9-]{0,15}(/[a-z][a-z0-9-]{0,15}){0,4}") {
            prop_assert_eq!(seen_in(&text), None);
        }
    }
}
