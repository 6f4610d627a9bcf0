//! The pieces of an address: names between dots, and instance keys in brackets with their escapes.

use super::{AddressError, Key};
use crate::origin::Step;

/// A piece of an address or of a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token<'t> {
    /// A name between dots.
    Name(&'t str),
    /// A key in brackets.
    Key(Key),
}

impl Token<'_> {
    /// The piece as a step of an attribute path; `None` for a negative index.
    pub fn to_step(&self) -> Option<Step> {
        match self {
            Self::Name(name) => Some(Step::Name((*name).to_owned())),
            Self::Key(Key::Text(name)) => Some(Step::Name(name.clone())),
            Self::Key(Key::Int(number)) => usize::try_from(*number).ok().map(Step::Index),
        }
    }
}

/// Cuts an address or a reference into its pieces.
pub fn tokens(text: &str) -> Result<Vec<Token<'_>>, AddressError> {
    if text.is_empty() {
        return Err(AddressError::Empty);
    }
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        let at = text.len() - rest.len();
        let end = rest.find(is_no_name).unwrap_or(rest.len());
        let (name, tail) = rest.split_at(end);
        if name.is_empty() {
            return Err(AddressError::NameMissing { text: text.to_owned(), at });
        }
        found.push(Token::Name(name));
        rest = tail;
        while rest.starts_with('[') {
            let at = text.len() - rest.len();
            let (key, tail) =
                bracketed(rest).ok_or_else(|| AddressError::Key { text: text.to_owned(), at })?;
            found.push(Token::Key(key));
            rest = tail;
        }
        match rest.strip_prefix('.') {
            Some(tail) => rest = tail,
            None if rest.is_empty() => return Ok(found),
            None => {
                let at = text.len() - rest.len();
                return Err(AddressError::NameMissing { text: text.to_owned(), at });
            }
        }
    }
}

fn is_no_name(c: char) -> bool {
    matches!(c, '.' | '[' | ']' | '"') || c.is_whitespace() || c.is_control()
}

/// Reads `[…]` at the front, and gives what follows it.
fn bracketed(text: &str) -> Option<(Key, &str)> {
    let inner = text.strip_prefix('[')?;
    let Some(quoted) = inner.strip_prefix('"') else {
        let (digits, tail) = inner.split_once(']')?;
        let canonical = digits.parse::<i64>().ok().filter(|number| number.to_string() == digits)?;
        return Some((Key::Int(canonical), tail));
    };
    let mut value = String::new();
    let mut chars = quoted.chars();
    loop {
        match chars.next()? {
            '"' => break,
            '\\' => value.push(escaped(&mut chars)?),
            c @ ('$' | '%') => introducer(c, &mut chars, &mut value),
            c => value.push(c),
        }
    }
    let tail = chars.as_str().strip_prefix(']')?;
    Some((Key::Text(value), tail))
}

/// The character that an escape stands for; `chars` is just behind the backslash.
fn escaped(chars: &mut std::str::Chars<'_>) -> Option<char> {
    Some(match chars.next()? {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'v' => '\u{b}',
        'x' => hex(chars, 2)?,
        'u' => hex(chars, 4)?,
        'U' => hex(chars, 8)?,
        c @ ('"' | '\\' | '/' | '\'') => c,
        _ => return None,
    })
}

fn hex(chars: &mut std::str::Chars<'_>, digits: usize) -> Option<char> {
    let mut value = 0_u32;
    for _ in 0..digits {
        value = value.checked_mul(16)?.checked_add(chars.next()?.to_digit(16)?)?;
    }
    char::from_u32(value)
}

/// A `${` that means itself is written with its sign doubled: of a run of signs before a brace, one is the escape.
fn introducer(sign: char, chars: &mut std::str::Chars<'_>, value: &mut String) {
    let behind = chars.as_str();
    let more = behind.chars().take_while(|c| *c == sign).count();
    let opens = behind.chars().nth(more) == Some('{');
    if !(opens && more > 0) {
        value.push(sign);
    }
    for _ in 0..more {
        chars.next();
        value.push(sign);
    }
}

/// A text in quotes, escaped as Terraform escapes instance keys.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '"' | '\\' => out.extend(['\\', c]),
            '$' | '%' => {
                out.push(c);
                if chars.as_str().starts_with('{') {
                    out.push(c);
                }
            }
            c if is_printable(c) => out.push(c),
            c => out.push_str(&hidden(c)),
        }
    }
    out.push('"');
    out
}

fn hidden(c: char) -> String {
    match u32::from(c) {
        code @ 0..=0xffff => format!("\\u{code:04x}"),
        code => format!("\\U{code:08x}"),
    }
}

/// Whether a character shows. The standard library knows, and tells only through the escapes of its debug form; the
/// letter in front keeps combining marks from counting as hidden.
fn is_printable(c: char) -> bool {
    c == ' ' || c == '\'' || (c.is_ascii() && !c.is_ascii_control()) || {
        let mut pair = String::from("a");
        pair.push(c);
        pair.escape_debug().nth(1).is_none_or(|first| first != '\\')
    }
}
