//! Actions, resources and principals as patterns.

use super::caller::segmented;
use super::{PolicyKind, variables};
use crate::settings::Stars;
use crate::space::clause::Numbers;
use crate::space::glob::{Pattern, Piece, Span, is_token};

/// An action, in lower case; `None` for text that no action matches.
pub(super) fn action(text: &str) -> Option<Pattern> {
    if text.contains(|c: char| c.is_whitespace() || c == ',') {
        return None;
    }
    let mut pattern = Pattern::glob(&text.to_lowercase());
    text.clone_into(&mut pattern.text);
    Some(pattern)
}

/// A resource; no pattern for text that no resource matches.
pub(super) fn resource(
    text: &str,
    document: (PolicyKind, bool),
    stars: Stars,
    numbers: &mut Numbers,
) -> Vec<Pattern> {
    let (kind, with_variables) = document;
    let mut patterns = Vec::new();
    for mut pieces in variables::pieces(text, with_variables, true, numbers) {
        let colons = pieces.iter().filter(|piece| **piece == Piece::Lit(':')).count();
        let wild = pieces.iter().any(|piece| matches!(piece, Piece::Star(_) | Piece::One(_)));
        let all = pieces.iter().all(|piece| matches!(piece, Piece::Star(_))) && !pieces.is_empty();
        if colons < 5 && !all {
            let arn = text.starts_with("arn:");
            match kind {
                PolicyKind::Identity if arn => {
                    for _ in colons..5 {
                        pieces.extend([Piece::Lit(':'), Piece::Star(Span::Any)]);
                    }
                }
                PolicyKind::Resource | PolicyKind::Trust if !wild => continue,
                _ => {}
            }
        }
        if stars != Stars::Crossing {
            confine(&mut pieces, stars);
        }
        patterns.push(Pattern { pieces, text: text.to_owned() });
    }
    patterns
}

/// Keeps the wildcards of the first five segments in them.
fn confine(pieces: &mut [Piece], stars: Stars) {
    let ends: Vec<bool> = pieces
        .iter()
        .skip(1)
        .map(|next| *next == Piece::Lit(':') && stars == Stars::Segment)
        .chain([true])
        .collect();
    let mut segment = 0;
    for (piece, ends) in pieces.iter_mut().zip(ends) {
        match piece {
            Piece::Lit(':') => segment += 1,
            Piece::Star(span) if segment < 5 && !ends => *span = Span::Segment,
            Piece::One(span) if segment < 5 => *span = Span::Segment,
            _ => {}
        }
    }
}

/// An ARN under an ARN operator: its six parts are matched one by one.
pub(super) fn arn(pieces: Vec<Piece>, text: &str) -> Option<Pattern> {
    let mut pieces = pieces;
    let colons = pieces.iter().filter(|piece| **piece == Piece::Lit(':')).count();
    if colons < 5 {
        if !matches!(pieces.last(), Some(Piece::Star(_))) {
            return None;
        }
        for _ in colons..5 {
            pieces.extend([Piece::Lit(':'), Piece::Star(Span::Any)]);
        }
    }
    let mut segment = 0;
    for piece in &mut pieces {
        match piece {
            Piece::Lit(':') => segment += 1,
            Piece::Star(span) | Piece::One(span) if segment < 5 => *span = Span::Segment,
            _ => {}
        }
    }
    Some(Pattern { pieces, text: text.to_owned() })
}

/// Is it an account's number?
pub(crate) fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Everyone an account's number or root stands for.
pub(super) fn account(number: &str, text: &str) -> Vec<Pattern> {
    let named = |glob: String| Pattern { text: text.to_owned(), ..segmented(&glob) };
    vec![
        named(format!("AWS|{number}")),
        named(format!("AWS|arn:*:iam::{number}:*")),
        named(format!("AWS|arn:*:sts::{number}:*")),
    ]
}

/// The patterns of one principal entry; principals are written `TYPE|NAME` inside the search.
pub(super) fn principal(kind: &str, text: &str) -> Vec<Pattern> {
    if kind != "AWS" {
        return vec![Pattern { text: format!("{kind}:{text}"), ..Pattern::glob(&format!("{kind}|{text}")) }];
    }
    if text == "*" {
        return vec![Pattern::glob("*")];
    }
    // The one text of a hole that is an account's number.
    if is_account(text) || (text.chars().count() == 1 && text.chars().all(is_token)) {
        return account(text, text);
    }
    let mut parts = text.splitn(6, ':');
    let (partition, service, number, rest) =
        (parts.nth(1).unwrap_or("*"), parts.next(), parts.nth(1).unwrap_or("*"), parts.next().unwrap_or(""));
    if service == Some("iam") && rest == "root" {
        return account(number, text);
    }
    let mut patterns = vec![Pattern { text: text.to_owned(), ..Pattern::glob(&format!("AWS|{text}")) }];
    if service == Some("iam")
        && let Some(role) = rest.strip_prefix("role/")
    {
        let name = role.rsplit('/').next().unwrap_or(role);
        let sessions = format!("AWS|arn:{partition}:sts::{number}:assumed-role/{name}/*");
        patterns.push(Pattern { text: text.to_owned(), ..Pattern::glob(&sessions) });
    }
    patterns
}
