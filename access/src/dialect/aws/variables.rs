//! Policy variables: `${key}`, `${key, 'default'}` and the escapes `${*}`, `${?}`, `${$}`.

use crate::space::clause::Numbers;
use crate::space::glob::{Piece, Span};

/// The name under which a variable's value is known to the search.
pub(super) fn name(key: &str) -> String {
    format!("${{{}}}", key.to_lowercase())
}

/// A text with its wildcards and variables; a variable with a default reads two ways.
pub(super) fn pieces(text: &str, variables: bool, wild: bool, numbers: &mut Numbers) -> Vec<Vec<Piece>> {
    let mut ways: Vec<Vec<Piece>> = vec![Vec::new()];
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if variables
            && let Some(inside) = rest.strip_prefix("${")
            && let Some((inside, after)) = inside.split_once('}')
        {
            rest = after;
            let choices: Vec<Vec<Piece>> = match inside {
                "*" | "?" | "$" => vec![inside.chars().map(Piece::Lit).collect()],
                _ => {
                    let (key, default) = split(inside);
                    let mut choices = vec![vec![Piece::Lit(numbers.token(&name(key)))]];
                    choices.extend(default.map(|text| text.chars().map(Piece::Lit).collect()));
                    choices
                }
            };
            ways = ways
                .iter()
                .flat_map(|way| choices.iter().map(|choice| [way.as_slice(), choice].concat()))
                .collect();
            continue;
        }
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        let piece = match c {
            '*' if wild => Piece::Star(Span::Any),
            '?' if wild => Piece::One(Span::Any),
            c => Piece::Lit(c),
        };
        for way in &mut ways {
            way.push(piece);
        }
    }
    ways
}

/// The key and the default of what stands between the braces.
fn split(inside: &str) -> (&str, Option<&str>) {
    match inside.split_once(',') {
        Some((key, default)) => {
            let default = default.trim();
            let bare = default.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
            (key.trim(), Some(bare.unwrap_or(default)))
        }
        None => (inside.trim(), None),
    }
}
