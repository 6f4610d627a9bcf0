//! Values that policy variables may take: those that make a text with a variable meet some other text.

use crate::ask::Pair;
use crate::space::atom::{Atom, Quantity, Test};
use crate::space::clause::{Ask, Lit, Numbers};
use crate::space::glob::{Pattern, Patterns, Piece, is_token};

/// Values tried for one part, at most.
const TRIED: usize = 32;

/// A variable and the value it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Assignment {
    token: char,
    key: String,
    value: String,
    /// The value is the default: the key is absent.
    absent: bool,
}

/// Values worth trying, the likeliest first.
pub(crate) fn candidates(pair: &Pair, tokens: &[Lit], numbers: &Numbers) -> Vec<Assignment> {
    let mut all: Vec<Lit> =
        pair.space.iter().chain(pair.others().flat_map(|clause| &clause.lits)).copied().collect();
    all.sort_unstable();
    all.dedup();
    let mut found: Vec<Assignment> = Vec::new();
    for lit in tokens {
        for pattern in texts(*lit, numbers) {
            let mut own: Vec<char> = pattern.pieces.iter().copied().filter_map(token).collect();
            own.dedup();
            for token in own {
                let Some(key) =
                    numbers.named(token).and_then(|name| name.strip_prefix("${")?.strip_suffix('}'))
                else {
                    continue;
                };
                let (key, default) = key.split_once(',').unwrap_or((key, ""));
                if let Some(value) = spelled_out(default) {
                    let assignment = Assignment { token, key: key.to_owned(), value, absent: true };
                    if !found.contains(&assignment) {
                        found.push(assignment);
                    }
                }
                let same = |other: &&Lit| other.slot == lit.slot;
                for other in all.iter().filter(same).flat_map(|other| texts(*other, numbers)) {
                    for value in aligned(&pattern, token, &other) {
                        let assignment = Assignment { token, key: key.to_owned(), value, absent: false };
                        if !found.contains(&assignment) {
                            found.push(assignment);
                        }
                    }
                    if found.len() >= TRIED {
                        return found;
                    }
                }
            }
        }
    }
    found
}

/// A default out of the name of its value, where it stands as numbers; `None` where there is none.
fn spelled_out(default: &str) -> Option<String> {
    default.split(',').map(|code| code.parse().ok().and_then(char::from_u32)).collect()
}

fn token(piece: Piece) -> Option<char> {
    match piece {
        Piece::Lit(c) | Piece::Fold(c) if is_token(c) => Some(c),
        _ => None,
    }
}

/// The patterns of a constraint on text.
fn texts(lit: Lit, numbers: &Numbers) -> Vec<Pattern> {
    let Some(Ask::Text(patterns) | Ask::Key(Atom { test: Test::Text(patterns), .. })) = numbers.ask(lit)
    else {
        return Vec::new();
    };
    let literals = patterns.literals.iter().map(|text| Pattern::exact(text));
    literals.chain(patterns.globs.iter().cloned()).collect()
}

/// What `token` would have to be for `pattern` to meet `other`.
fn aligned(pattern: &Pattern, token: char, other: &Pattern) -> Vec<String> {
    let Some(at) = pattern.pieces.iter().position(|piece| self::token(*piece) == Some(token)) else {
        return Vec::new();
    };
    let (before, rest) = pattern.pieces.split_at(at);
    let after = rest.get(1..).unwrap_or_default();
    // The other's wildcards at their plainest; its own variables are values of their own.
    let text: Vec<char> = other
        .pieces
        .iter()
        .map(|piece| match piece {
            Piece::Lit(c) | Piece::Fold(c) => *c,
            Piece::One(_) | Piece::Star(_) => 'x',
        })
        .collect();
    let spelled = |piece: &Piece| if let Piece::Lit(c) | Piece::Fold(c) = piece { Some(*c) } else { None };
    let head: Option<Vec<char>> = before.iter().map(spelled).collect();
    // Behind a wildcard the value may begin anywhere; its last literal run says where.
    let starts: Vec<usize> = match head {
        Some(head) if text.starts_with(&head) => vec![head.len()],
        Some(_) => return Vec::new(),
        None => {
            let run: Vec<char> = before.iter().rev().map_while(spelled).collect();
            let run: Vec<char> = run.into_iter().rev().collect();
            let ends = |end: &usize| text.get(..*end).is_some_and(|text| text.ends_with(&run));
            (0..text.len()).filter(ends).take(4).collect()
        }
    };
    let mut values = Vec::new();
    for start in starts {
        let Some(rest) = text.get(start..) else { continue };
        let ends: Vec<usize> = match after.first() {
            Some(Piece::Lit(next) | Piece::Fold(next)) => {
                rest.iter().enumerate().filter(|(_, c)| *c == next).map(|(end, _)| end).take(4).collect()
            }
            None | Some(Piece::One(_) | Piece::Star(_)) => vec![rest.len()],
        };
        for end in ends {
            let value: String = rest.get(..end).unwrap_or_default().iter().collect();
            if !value.is_empty() && !value.chars().any(is_token) && !value.contains(['*', '?', '$']) {
                values.push(value);
            }
        }
    }
    values
}

impl Assignment {
    /// The constraint with the value in the variable's place.
    pub(crate) fn filled(&self, lit: Lit, numbers: &mut Numbers) -> Lit {
        let ask = match numbers.ask(lit) {
            Some(Ask::Text(patterns)) if patterns.tokens => Ask::Text(self.patterns(patterns)),
            Some(Ask::Key(atom)) => match &atom.test {
                Test::Text(patterns) if patterns.tokens => {
                    Ask::Key(Atom { test: Test::Text(self.patterns(patterns)), ..atom.clone() })
                }
                _ => return lit,
            },
            _ => return lit,
        };
        numbers.alike(lit, ask)
    }

    fn patterns(&self, patterns: &Patterns) -> Patterns {
        let literals = patterns.literals.iter().map(|text| Pattern::exact(text));
        let filled = literals.chain(patterns.globs.iter().cloned()).map(|pattern| self.pattern(&pattern));
        let mut union = Patterns::new(filled);
        union.texts.clone_from(&patterns.texts);
        union
    }

    fn pattern(&self, pattern: &Pattern) -> Pattern {
        let folds = pattern.pieces.iter().any(|piece| matches!(piece, Piece::Fold(_)));
        let spell = |c: char| {
            let mut lower = c.to_lowercase();
            match (folds, lower.next(), lower.next()) {
                (true, Some(one), None) if one.is_alphabetic() => Piece::Fold(one),
                _ => Piece::Lit(c),
            }
        };
        let mut pieces = Vec::with_capacity(pattern.pieces.len() + self.value.len());
        for piece in &pattern.pieces {
            if token(*piece) == Some(self.token) {
                pieces.extend(self.value.chars().map(spell));
            } else {
                pieces.push(*piece);
            }
        }
        Pattern { pieces, text: pattern.text.clone() }
    }

    /// That the variable's key holds the value, or is absent.
    pub(crate) fn held(&self, numbers: &mut Numbers) -> Lit {
        let test = if self.absent {
            Test::Presence { present: false, absent: true }
        } else {
            Test::Text(Patterns::new([Pattern::exact(&self.value)]))
        };
        let atom = Atom { quantity: Quantity::Plain, if_exists: false, negated: false, test };
        numbers.key(&self.key, atom, "")
    }
}
