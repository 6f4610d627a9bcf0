//! One line of a file for a report, with nothing in it that a report must not show.

/// A report shows no more of a line than this, in characters.
const LONGEST: usize = 200;

/// Words in the name of an attribute whose text may be a secret.
const SECRET_WORDS: [&str; 14] = [
    "password",
    "passwd",
    "passphrase",
    "pass",
    "pwd",
    "secret",
    "token",
    "private_key",
    "privatekey",
    "api_key",
    "apikey",
    "access_key",
    "credential",
    "connection_string",
];

/// Whole names of attributes that hold what somebody else may know to be a secret.
const SECRET_NAMES: [&str; 9] = [
    "value",
    "value_wo",
    "data",
    "data_wo",
    "binary_data",
    "string_data",
    "content",
    "content_base64",
    "user_data",
];

/// Beginnings that well-known secrets have, wherever they stand.
const SECRET_STARTS: [&str; 10] =
    ["-----BEGIN", "ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "sk_live_", "eyJ"];

/// `line` as a report may show it: the text of strings is left out where an attribute's name or the text itself
/// looks like a secret, and a long line is cut.
pub(super) fn excerpt(line: &str) -> String {
    let masked = mask(line);
    if masked.chars().count() <= LONGEST {
        return masked;
    }
    masked.chars().take(LONGEST - 1).chain(std::iter::once('…')).collect()
}

fn mask(line: &str) -> String {
    let mut shown = String::with_capacity(line.len());
    let mut hiding = false;
    let mut word = String::new();
    let mut rest = line.chars();
    while let Some(next) = rest.next() {
        match next {
            '"' => {
                let (literal, closed) = literal(&mut rest);
                let is_key = rest.as_str().trim_start().starts_with([':', '=']);
                if is_key {
                    hiding = hiding || is_secret_name(&literal);
                    shown.push('"');
                    shown.push_str(&literal);
                    shown.push('"');
                } else if hiding || is_secret_text(&literal) {
                    shown.push_str("\"…\"");
                } else {
                    shown.push('"');
                    shown.push_str(&literal);
                    if closed {
                        shown.push('"');
                    }
                }
                word.clear();
            }
            '=' | ':' => {
                hiding = hiding || is_secret_name(&word);
                word.clear();
                shown.push(next);
            }
            _ if next.is_alphanumeric() || next == '_' || next == '-' => {
                word.push(next);
                shown.push(next);
            }
            _ if next.is_whitespace() => shown.push(next),
            _ => {
                word.clear();
                shown.push(next);
            }
        }
    }
    shown
}

/// The text up to the closing quote, escapes left as they are, and whether there was one.
fn literal(rest: &mut std::str::Chars<'_>) -> (String, bool) {
    let mut text = String::new();
    while let Some(next) = rest.next() {
        match next {
            '"' => return (text, true),
            '\\' => {
                text.push(next);
                text.extend(rest.next());
            }
            _ => text.push(next),
        }
    }
    (text, false)
}

/// Claim and condition keys (`token.example.com:sub`) hold dots and colons, names of attributes do not.
fn is_secret_name(name: &str) -> bool {
    let lower = name.trim().to_lowercase();
    let plain = lower.chars().all(|letter| letter.is_alphanumeric() || letter == '_' || letter == '-');
    plain && (SECRET_NAMES.contains(&lower.as_str()) || SECRET_WORDS.iter().any(|word| lower.contains(word)))
}

fn is_secret_text(text: &str) -> bool {
    SECRET_STARTS.iter().any(|start| text.starts_with(start)) || is_random(text)
}

/// Forty characters of base 64 in one piece, as secret keys of AWS are; hexadecimal hashes are no secrets.
fn is_random(text: &str) -> bool {
    let has = |kind: fn(char) -> bool| text.chars().any(kind);
    text.len() == 40
        && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '/' || letter == '+')
        && has(|letter| letter.is_ascii_uppercase())
        && has(|letter| letter.is_ascii_lowercase())
        && has(|letter| letter.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn leaves_secrets_out() {
        let check = |line, expected: &str| assert_eq!(excerpt(line), expected);
        check(r#"  secret = "hunter2""#, r#"  secret = "…""#);
        check(r#"  db_password="a\"b" # x"#, r#"  db_password="…" # x"#);
        check(r#"  env = { DB_PASS = "x", HOST = "h" }"#, r#"  env = { DB_PASS = "…", HOST = "…" }"#);
        check(r#"  "token": "abc","#, r#"  "token": "…","#);
        check(r#"  key = "-----BEGIN PRIVATE KEY-----\nMII""#, r#"  key = "…""#);
        check(r#"  k = "wJa1rXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY""#, r#"  k = "…""#);
        check(r#"  data = { a = "x" }"#, r#"  data = { a = "…" }"#);
        check(r#"  secret = "never closed"#, r#"  secret = "…""#);
    }

    #[test]
    fn shows_what_a_reader_needs() {
        let check = |line| assert_eq!(excerpt(line), line);
        check(r#"resource "aws_iam_access_key" "ci" {"#);
        check(r#"    actions = ["secretsmanager:GetSecretValue"]"#);
        check(r#"      "token.actions.githubusercontent.com:sub" = "repo:acme/app:*""#);
        check(r#"  thumbprint_list = ["6938fd4d98bab03faadb97b34396831e3780aea1"]"#);
        check("\tpolicy = jsonencode({");
        check(r#"      values   = ["repo:acme/app:*"]"#);
        check(r#"  policy = "unclosed"#);
    }

    #[test]
    fn cuts_long_lines() {
        let line = "é".repeat(300);
        assert_eq!(excerpt(&line).chars().count(), 200);
    }
}
