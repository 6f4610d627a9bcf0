//! Policy variables: `${key}`, `${key, 'default'}` and the escapes `${*}`, `${?}`, `${$}`.

use super::caller::{Caller, Value, about_caller};
use super::{Condition, Element, Item, Statement};
use crate::space::clause::Numbers;
use crate::space::glob::{Piece, Span};

/// The name under which a variable's value is known to the search. With a default it is another value than without,
/// and as names do not tell letter case, the default stands in it as numbers.
pub(super) fn name(key: &str, default: Option<&str>) -> String {
    let codes = |text: &str| text.chars().map(|c| u32::from(c).to_string()).collect::<Vec<_>>().join(",");
    match default {
        Some(default) => format!("${{{},{}}}", key.to_lowercase(), codes(default)),
        None => format!("${{{}}}", key.to_lowercase()),
    }
}

/// A text with its wildcards and variables; no way to read it where a variable is known to have no value.
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
                    let literal = |text: &str| text.chars().map(Piece::Lit).collect::<Vec<_>>();
                    match numbers.caller.value(key) {
                        Value::Is(value) => vec![literal(&value)],
                        Value::Absent => default.into_iter().map(literal).collect(),
                        Value::Free => {
                            numbers.loose |= numbers.caller == Caller::Any && about_caller(key);
                            vec![vec![Piece::Lit(numbers.token(&name(key, default)))]]
                        }
                    }
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

/// Does every resource of a statement hold the value of a key that its conditions want absent? Such a one matches none.
pub(super) fn wants_absent(statement: &Statement) -> bool {
    let Element::In(items) = &statement.resource else { return false };
    let absent = |condition: &&Condition| {
        let gone = |item: &Item| item.text().is_some_and(|text| text.trim().eq_ignore_ascii_case("true"));
        condition.operator.trim().eq_ignore_ascii_case("null")
            && !condition.values.is_empty()
            && condition.values.iter().all(gone)
    };
    let holds = |item: &Item, key: &str| {
        let mut parts = item.text().unwrap_or_default().split("${").skip(1);
        parts.any(|part| {
            part.split_once('}')
                .map(|(inside, _)| split(inside))
                .is_some_and(|(own, default)| default.is_none() && own.eq_ignore_ascii_case(key.trim()))
        })
    };
    let mut keys = statement.conditions.iter().filter(absent).map(|condition| condition.key.as_str());
    keys.any(|key| !items.is_empty() && items.iter().all(|item| holds(item, key)))
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
