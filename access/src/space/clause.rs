//! Statements as conjunctions of constraints, one a dimension.

use std::collections::BTreeMap;
use std::hash::Hasher;
use std::rc::Rc;

use super::atom::Atom;
use super::glob::{Patterns, token};
use super::hash::{Mixer, Quick};
use crate::comparison::{StatementRef, Undecided};
use crate::dialect::aws::caller::Caller;

/// A dimension of requests that is one text; context keys have their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Dim {
    Action,
    Resource,
    Principal,
}

/// A dimension's place: 0 actions, 1 resources, 2 principals, then context keys as they come.
pub(crate) type Slot = u32;

pub(crate) const ACTION: Slot = 0;
pub(crate) const RESOURCE: Slot = 1;
pub(crate) const PRINCIPAL: Slot = 2;

/// What a dimension is asked.
#[derive(Clone, Debug)]
pub(crate) enum Ask {
    Text(Patterns),
    Key(Atom),
}

impl Ask {
    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => a.same(b),
            (Self::Key(a), Self::Key(b)) => a.same(b),
            _ => false,
        }
    }

    pub(crate) fn has_tokens(&self) -> bool {
        match self {
            Self::Text(patterns) => patterns.tokens,
            Self::Key(atom) => atom.has_tokens() || atom.is_opaque(),
        }
    }
}

/// One constraint, by number: equal ones carry the same. [`Numbers`] knows what they ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Lit {
    pub(crate) slot: Slot,
    pub(crate) id: u32,
    /// `false` turns it round.
    pub(crate) holds: bool,
}

impl Lit {
    pub(crate) fn turned(self) -> Self {
        Self { holds: !self.holds, ..self }
    }

    /// It and its direction in one number.
    pub(crate) fn code(self) -> u32 {
        self.id << 1 | u32::from(self.holds)
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
    pub(crate) fn signature(&self) -> Vec<Lit> {
        let mut lits = self.lits.clone();
        lits.sort_unstable();
        lits.dedup();
        lits
    }
}

/// A constraint as it was first written.
#[derive(Debug)]
struct Asked {
    slot: Slot,
    ask: Ask,
    /// A condition as a reader says it: `Operator value, value`.
    words: String,
    /// The context key as written.
    written: String,
}

/// Gives equal constraints equal numbers, and unknown values their characters.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    asked: Vec<Asked>,
    by_hash: Quick<u64, Vec<u32>>,
    slots: BTreeMap<Rc<str>, Slot>,
    /// Context keys in lower case and as first written, by slot, from the first key on.
    keys: Vec<(Rc<str>, String)>,
    tokens: BTreeMap<String, char>,
    /// Who calls, and whether a condition on that was read as one on a free key.
    pub(crate) caller: Caller,
    pub(crate) loose: bool,
    /// Some of the characters stand for holes.
    pub(crate) holes: bool,
}

impl Numbers {
    pub(crate) fn text(&mut self, dim: Dim, patterns: Patterns, holds: bool) -> Lit {
        let slot = Self::slot(dim);
        self.lit(slot, Ask::Text(patterns), holds, ("", ""))
    }

    pub(crate) fn key(&mut self, key: &str, atom: Atom, words: &str) -> Lit {
        let slot = self.key_slot(key);
        self.lit(slot, Ask::Key(atom), true, (words, key))
    }

    fn slot(dim: Dim) -> Slot {
        match dim {
            Dim::Action => ACTION,
            Dim::Resource => RESOURCE,
            Dim::Principal => PRINCIPAL,
        }
    }

    fn key_slot(&mut self, key: &str) -> Slot {
        let lower = key.to_lowercase();
        if let Some(slot) = self.slots.get(lower.as_str()) {
            return *slot;
        }
        let slot = PRINCIPAL + 1 + u32::try_from(self.keys.len()).unwrap_or(u32::MAX / 4);
        let lower: Rc<str> = lower.into();
        self.slots.insert(Rc::clone(&lower), slot);
        self.keys.push((lower, key.to_owned()));
        slot
    }

    fn lit(&mut self, slot: Slot, ask: Ask, holds: bool, (words, written): (&str, &str)) -> Lit {
        let mut mixer = Mixer::default();
        mixer.write_u32(slot);
        match &ask {
            Ask::Text(patterns) => patterns.mix(&mut mixer),
            Ask::Key(atom) => atom.mix(&mut mixer),
        }
        let alike = self.by_hash.entry(mixer.finish()).or_default();
        let same = |id: &&u32| {
            let own = self.asked.get(**id as usize);
            own.is_some_and(|own| own.slot == slot && own.ask.same(&ask))
        };
        if let Some(id) = alike.iter().find(same) {
            return Lit { slot, id: *id, holds };
        }
        let id = u32::try_from(self.asked.len()).unwrap_or(u32::MAX / 4);
        alike.push(id);
        self.asked.push(Asked { slot, ask, words: words.to_owned(), written: written.to_owned() });
        Lit { slot, id, holds }
    }

    /// The constraint that asks this where `lit` asks what it does.
    pub(crate) fn alike(&mut self, lit: Lit, ask: Ask) -> Lit {
        let (words, written) = self.words(lit);
        let (words, written) = (words.to_owned(), written.to_owned());
        self.lit(lit.slot, ask, lit.holds, (&words, &written))
    }

    /// What a constraint asks; `None` never happens for constraints of this table.
    pub(crate) fn ask(&self, lit: Lit) -> Option<&Ask> {
        self.asked.get(lit.id as usize).map(|asked| &asked.ask)
    }

    /// The patterns of a constraint on text.
    pub(crate) fn patterns(&self, lit: Lit) -> Option<&Patterns> {
        match self.ask(lit) {
            Some(Ask::Text(patterns)) => Some(patterns),
            _ => None,
        }
    }

    /// The condition of a constraint on a key.
    pub(crate) fn atom(&self, lit: Lit) -> Option<&Atom> {
        match self.ask(lit) {
            Some(Ask::Key(atom)) => Some(atom),
            _ => None,
        }
    }

    /// Does it name texts of which a value must be one?
    pub(crate) fn wants(&self, lit: Lit) -> bool {
        match self.ask(lit) {
            Some(Ask::Text(_)) => lit.holds,
            Some(Ask::Key(atom)) => atom.names_texts() && lit.holds != atom.negated,
            None => false,
        }
    }

    pub(crate) fn has_tokens(&self, lit: Lit) -> bool {
        self.ask(lit).is_some_and(Ask::has_tokens)
    }

    /// A condition as a reader says it, and its key as written.
    pub(crate) fn words(&self, lit: Lit) -> (&str, &str) {
        self.asked.get(lit.id as usize).map_or(("", ""), |asked| (&asked.words, &asked.written))
    }

    /// A context key in lower case and as first written.
    pub(crate) fn key_of(&self, slot: Slot) -> Option<(&str, &str)> {
        let index = slot.checked_sub(PRINCIPAL + 1)?;
        self.keys.get(index as usize).map(|(lower, written)| (&**lower, written.as_str()))
    }

    /// The character for a value by name: the same name, the same character.
    pub(crate) fn token(&mut self, name: &str) -> char {
        let next = u32::try_from(self.tokens.len()).unwrap_or(u32::MAX);
        *self.tokens.entry(name.to_lowercase()).or_insert_with(|| token(next))
    }

    /// The character for a part of a hole, by a name in which case matters.
    pub(crate) fn hole(&mut self, name: &str) -> char {
        self.holes = true;
        let mut told = "hole ".to_owned();
        for c in name.chars() {
            if c.is_uppercase() || c == '^' {
                told.push('^');
            }
            told.push(c);
        }
        self.token(&told)
    }

    /// The name a character stands for.
    pub(crate) fn named(&self, c: char) -> Option<&str> {
        self.tokens.iter().find(|(_, own)| **own == c).map(|(name, _)| name.as_str())
    }
}
