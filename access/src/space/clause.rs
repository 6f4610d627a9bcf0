//! Statements as conjunctions of constraints, one a dimension.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::atom::Atom;
use super::glob::{Patterns, token};
use crate::comparison::{StatementRef, Undecided};

/// A dimension of requests.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Dim {
    Action,
    Resource,
    Principal,
    /// A context key, in lower case.
    Key(Rc<str>),
}

/// What a dimension is asked.
#[derive(Clone, Debug)]
pub(crate) enum Ask {
    Text(Patterns),
    Key(Atom),
}

/// One constraint; equal ones carry the same number.
#[derive(Clone, Debug)]
pub(crate) struct Lit {
    pub(crate) dim: Dim,
    pub(crate) id: u32,
    pub(crate) ask: Rc<Ask>,
    /// `false` turns it round.
    pub(crate) holds: bool,
    /// A condition as a reader says it: `Operator value, value`.
    pub(crate) words: Rc<str>,
    /// The context key as written.
    pub(crate) written: Rc<str>,
}

impl Lit {
    pub(crate) fn turned(&self) -> Self {
        Self { holds: !self.holds, ..self.clone() }
    }

    pub(crate) fn has_tokens(&self) -> bool {
        match &*self.ask {
            Ask::Text(patterns) => patterns.tokens,
            Ask::Key(atom) => atom.has_tokens() || atom.is_opaque(),
        }
    }
}

/// One statement: all of its constraints hold.
#[derive(Clone, Debug)]
pub(crate) struct Clause {
    pub(crate) lits: Vec<Lit>,
    pub(crate) source: StatementRef,
    /// Why it is not certain, where it is not.
    pub(crate) doubt: Option<Undecided>,
}

impl Clause {
    /// What makes two clauses the same set of requests at a glance.
    pub(crate) fn signature(&self) -> Vec<(u32, bool)> {
        let mut ids: Vec<(u32, bool)> = self.lits.iter().map(|lit| (lit.id, lit.holds)).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

/// Gives equal constraints equal numbers, and unknown values their characters.
#[derive(Default)]
pub(crate) struct Numbers {
    asks: HashMap<(Dim, String), (u32, Rc<Ask>)>,
    tokens: BTreeMap<String, char>,
    /// Context keys as first written, by their lower case.
    pub(crate) spelling: BTreeMap<Rc<str>, String>,
}

impl Numbers {
    pub(crate) fn text(&mut self, dim: Dim, patterns: Patterns, holds: bool) -> Lit {
        let signature = patterns.signature();
        self.lit(dim, signature, Ask::Text(patterns), holds)
    }

    pub(crate) fn key(&mut self, key: &str, atom: Atom, words: &str) -> Lit {
        let lower: Rc<str> = key.to_lowercase().into();
        self.spelling.entry(Rc::clone(&lower)).or_insert_with(|| key.to_owned());
        let signature = atom.signature();
        Lit {
            words: words.into(),
            written: key.into(),
            ..self.lit(Dim::Key(lower), signature, Ask::Key(atom), true)
        }
    }

    fn lit(&mut self, dim: Dim, signature: String, ask: Ask, holds: bool) -> Lit {
        let next = u32::try_from(self.asks.len()).unwrap_or(u32::MAX);
        let (id, ask) =
            self.asks.entry((dim.clone(), signature)).or_insert_with(|| (next, Rc::new(ask))).clone();
        Lit { dim, id, ask, holds, words: "".into(), written: "".into() }
    }

    /// The character for a value by name: the same name, the same character.
    pub(crate) fn token(&mut self, name: &str) -> char {
        let next = u32::try_from(self.tokens.len()).unwrap_or(u32::MAX);
        *self.tokens.entry(name.to_lowercase()).or_insert_with(|| token(next))
    }

    /// The name a character stands for.
    pub(crate) fn named(&self, c: char) -> Option<&str> {
        self.tokens.iter().find(|(_, own)| **own == c).map(|(name, _)| name.as_str())
    }
}
