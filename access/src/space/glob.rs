//! Patterns over text, and unions of them.

use std::collections::BTreeSet;
use std::hash::Hasher;

use super::hash::Mixer;

/// What a wildcard may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Span {
    /// Every character.
    Any,
    /// Every character but `:`.
    Segment,
}

impl Span {
    pub(crate) fn takes(self, c: char) -> bool {
        self == Self::Any || c != ':'
    }
}

/// One piece of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Piece {
    /// This character.
    Lit(char),
    /// This character in either case; held in lower case.
    Fold(char),
    /// Any one character.
    One(Span),
    /// Any run of characters, also none.
    Star(Span),
}

/// The first of the characters that stand for values nobody knows while searching (policy variables and the like).
const FIRST_TOKEN: u32 = 0xF_0000;

/// The character for the value number `index`.
pub(crate) fn token(index: u32) -> char {
    char::from_u32(FIRST_TOKEN + index).unwrap_or(char::MAX)
}

/// Does a character stand for such a value?
pub(crate) fn is_token(c: char) -> bool {
    u32::from(c) >= FIRST_TOKEN
}

impl Piece {
    /// Does it take `c` as one character? A token may be of any length, so only a star takes it.
    pub(crate) fn takes(self, c: char) -> bool {
        match self {
            Self::Lit(own) => own == c,
            Self::Fold(own) => c.to_lowercase().eq(std::iter::once(own)),
            Self::One(span) => span.takes(c) && !is_token(c),
            Self::Star(span) => span.takes(c),
        }
    }
}

/// A pattern over text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Pattern {
    pub(crate) pieces: Vec<Piece>,
    /// As the policy says it, for displays.
    pub(crate) text: String,
}

impl Pattern {
    /// A pattern of plain text with `*` and `?`.
    pub(crate) fn glob(text: &str) -> Self {
        Self { pieces: text.chars().map(wild).collect(), text: text.to_owned() }
    }

    /// Exactly this text.
    pub(crate) fn exact(text: &str) -> Self {
        Self { pieces: text.chars().map(Piece::Lit).collect(), text: text.to_owned() }
    }

    /// The only text it matches, where there is one.
    pub(crate) fn literal(&self) -> Option<String> {
        self.pieces.iter().map(|piece| if let Piece::Lit(c) = piece { Some(*c) } else { None }).collect()
    }

    /// Does it match everything?
    pub(crate) fn is_all(&self) -> bool {
        !self.pieces.is_empty() && self.pieces.iter().all(|piece| *piece == Piece::Star(Span::Any))
    }

    pub(crate) fn has_token(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Lit(c) | Piece::Fold(c) if is_token(*c)))
    }

    /// Is it the other, piece by piece, or the other in any case?
    fn takes_in(&self, other: &Self) -> bool {
        let same = |(own, other): (&Piece, &Piece)| match (own, other) {
            (Piece::Fold(_), Piece::Lit(c)) => own.takes(*c),
            _ => own == other,
        };
        self.pieces.len() == other.pieces.len() && self.pieces.iter().zip(&other.pieces).all(same)
    }

    /// Does it hold a value nobody knows, in any case?
    pub(crate) fn has_folded_token(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Fold(c) if is_token(*c)))
    }

    /// The same with a star for every value nobody knows.
    pub(crate) fn opened(&self) -> Self {
        let open = |piece: &Piece| match piece {
            Piece::Lit(c) | Piece::Fold(c) if is_token(*c) => Piece::Star(Span::Any),
            other => *other,
        };
        Self { pieces: self.pieces.iter().map(open).collect(), text: self.text.clone() }
    }

    pub(crate) fn matches(&self, text: &str) -> bool {
        let mut rest = text.chars();
        let mut pieces = self.pieces.as_slice();
        // Most patterns differ in how they begin.
        while let [Piece::Lit(own), behind @ ..] = pieces {
            if rest.next() != Some(*own) {
                return false;
            }
            pieces = behind;
        }
        match pieces {
            [] => return rest.next().is_none(),
            [Piece::Star(Span::Any)] => return true,
            _ => {}
        }
        if pieces.len() < 64 {
            return short(pieces, rest);
        }
        let mut states = Positions::start(pieces);
        for c in rest {
            states = states.step(pieces, c);
            if states.is_empty() {
                return false;
            }
        }
        states.accepts(pieces)
    }

    /// Can the two share a text, as far as their literal beginnings say?
    pub(crate) fn may_meet(&self, other: &Self) -> bool {
        for (a, b) in self.pieces.iter().zip(&other.pieces) {
            match (a, b) {
                (Piece::Lit(a), Piece::Lit(b)) if a != b => return false,
                (Piece::Lit(_), Piece::Lit(_)) => {}
                _ => return self.ends_like(other),
            }
        }
        if self.pieces.len() == other.pieces.len() {
            return true;
        }
        let (long, at) = if self.pieces.len() > other.pieces.len() {
            (self, other.pieces.len())
        } else {
            (other, self.pieces.len())
        };
        long.pieces.get(at..).unwrap_or_default().iter().all(|piece| matches!(piece, Piece::Star(_)))
    }

    /// Can the two share an end, as far as their literal ends say?
    fn ends_like(&self, other: &Self) -> bool {
        for (a, b) in self.pieces.iter().rev().zip(other.pieces.iter().rev()) {
            match (a, b) {
                (Piece::Lit(a), Piece::Lit(b)) if a != b => return false,
                (Piece::Lit(_), Piece::Lit(_)) => {}
                _ => return true,
            }
        }
        true
    }

    /// Does its literal beginning followed by a free star already take everything `other` matches?
    pub(crate) fn plainly_covers(&self, other: &Self) -> bool {
        if self.pieces == other.pieces {
            return true;
        }
        let Some((Piece::Star(Span::Any), head)) = self.pieces.split_last() else { return false };
        head.iter().all(|piece| matches!(piece, Piece::Lit(_)))
            && other.pieces.get(..head.len()).is_some_and(|start| start == head)
    }
}

fn wild(c: char) -> Piece {
    match c {
        '*' => Piece::Star(Span::Any),
        '?' => Piece::One(Span::Any),
        c => Piece::Lit(c),
    }
}

/// Does a pattern of fewer than 64 pieces match? One word holds every place a reading may have come to.
fn short(pieces: &[Piece], text: std::str::Chars<'_>) -> bool {
    let enter = |states: u64, mut at: usize| {
        let mut states = states | 1 << at;
        while matches!(pieces.get(at), Some(Piece::Star(_))) {
            at += 1;
            states |= 1 << at;
        }
        states
    };
    let mut states = enter(0, 0);
    for c in text {
        let mut next = 0;
        let mut left = states;
        while left != 0 {
            let at = left.trailing_zeros() as usize;
            left &= left - 1;
            match pieces.get(at) {
                Some(piece @ Piece::Star(_)) if piece.takes(c) => next = enter(next, at),
                Some(piece) if piece.takes(c) => next = enter(next, at + 1),
                _ => {}
            }
        }
        if next == 0 {
            return false;
        }
        states = next;
    }
    states >> pieces.len() & 1 == 1
}

/// The places in a pattern a reading may have come to, as bits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Positions(Vec<u64>);

impl Positions {
    pub(crate) fn start(pieces: &[Piece]) -> Self {
        let mut positions = Self(vec![0; pieces.len() / 64 + 1]);
        positions.enter(pieces, 0);
        positions
    }

    /// Stands at `at`, and past the stars there, which may be empty.
    fn enter(&mut self, pieces: &[Piece], mut at: usize) {
        loop {
            if let Some(word) = self.0.get_mut(at / 64) {
                *word |= 1 << (at % 64);
            }
            if !matches!(pieces.get(at), Some(Piece::Star(_))) {
                return;
            }
            at += 1;
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().flat_map(|(index, &word)| {
            let mut left = word;
            std::iter::from_fn(move || {
                if left == 0 {
                    return None;
                }
                let bit = left.trailing_zeros() as usize;
                left &= left - 1;
                Some(index * 64 + bit)
            })
        })
    }

    pub(crate) fn step(&self, pieces: &[Piece], c: char) -> Self {
        let mut next = Self(vec![0; self.0.len()]);
        for at in self.iter() {
            match pieces.get(at) {
                Some(piece @ Piece::Star(_)) if piece.takes(c) => next.enter(pieces, at),
                Some(piece) if piece.takes(c) => next.enter(pieces, at + 1),
                _ => {}
            }
        }
        next
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    pub(crate) fn accepts(&self, pieces: &[Piece]) -> bool {
        self.0.get(pieces.len() / 64).is_some_and(|word| word & (1 << (pieces.len() % 64)) != 0)
    }
}

/// A union of patterns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Patterns {
    /// Those that match one text each.
    pub(crate) literals: BTreeSet<String>,
    /// The others.
    pub(crate) globs: Vec<Pattern>,
    /// As written, for displays.
    pub(crate) texts: Vec<String>,
    /// One of them matches everything.
    pub(crate) all: bool,
    /// One of them holds a value nobody knows.
    pub(crate) tokens: bool,
}

impl Patterns {
    pub(crate) fn new(patterns: impl IntoIterator<Item = Pattern>) -> Self {
        let mut union = Self::default();
        let mut patterns: Vec<Pattern> = patterns.into_iter().collect();
        patterns.sort();
        patterns.dedup();
        for pattern in patterns {
            union.all |= pattern.is_all();
            union.tokens |= pattern.has_token();
            if !union.texts.contains(&pattern.text) || union.texts.len() > 64 {
                union.texts.push(pattern.text.clone());
            }
            match pattern.literal() {
                Some(literal) => {
                    union.literals.insert(literal);
                }
                None => union.globs.push(pattern),
            }
        }
        union
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.literals.is_empty() && self.globs.is_empty()
    }

    pub(crate) fn matches(&self, text: &str) -> bool {
        self.all || self.literals.contains(text) || self.globs.iter().any(|glob| glob.matches(text))
    }

    /// The same with stars for the values nobody knows, beside what is there. What `without` names in the same words is
    /// left out of both, whatever the values are.
    pub(crate) fn opened(&self, without: &[&Self]) -> Self {
        let literals = self.literals.iter().map(|literal| Pattern::exact(literal));
        let named = |pattern: &Pattern| {
            let literal = pattern.literal();
            without.iter().any(|other| {
                literal.as_ref().is_some_and(|literal| other.literals.contains(literal))
                    || other.globs.iter().any(|own| own.takes_in(pattern))
            })
        };
        let all = literals.chain(self.globs.iter().cloned()).filter(|pattern| !named(pattern));
        let all: Vec<Pattern> = all.collect();
        let opened: Vec<Pattern> =
            all.iter().filter(|pattern| pattern.has_token()).map(Pattern::opened).collect();
        let mut union = Self::new(all.into_iter().chain(opened));
        union.texts.clone_from(&self.texts);
        union
    }

    /// Are the two unions of the same patterns?
    pub(crate) fn same(&self, other: &Self) -> bool {
        self.literals == other.literals
            && self.globs.len() == other.globs.len()
            && self.globs.iter().zip(&other.globs).all(|(a, b)| a.pieces == b.pieces)
    }

    /// Feeds a hash with what [`Patterns::same`] looks at.
    pub(crate) fn mix(&self, mixer: &mut Mixer) {
        mixer.write_usize(self.literals.len());
        for literal in &self.literals {
            mixer.write(literal.as_bytes());
        }
        for glob in &self.globs {
            mixer.write_usize(glob.pieces.len());
            for piece in &glob.pieces {
                mixer.write_u32(match *piece {
                    Piece::Lit(c) => u32::from(c) << 3,
                    Piece::Fold(c) => u32::from(c) << 3 | 1,
                    Piece::One(Span::Any) => 2,
                    Piece::One(Span::Segment) => 3,
                    Piece::Star(Span::Any) => 4,
                    Piece::Star(Span::Segment) => 5,
                });
            }
        }
    }
}
