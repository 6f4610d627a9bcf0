//! Something that obeys the constraints of one dimension: a text, or what a key holds.

use super::atom::{Atom, Quantity, Test};
use super::clause::{Ask, Lit, Numbers, PRINCIPAL};
use super::glob::{Pattern, Patterns};
use super::key::{self, Held};
use super::search::Tokens;
use super::{Exhausted, oracle};
use crate::settings::AnyIfExists;

/// A value of one dimension.
#[derive(Clone, Debug)]
pub(crate) enum Sample {
    /// Of actions, resources and principals.
    Text(String),
    /// Of a context key.
    Key(Held),
}

impl Sample {
    /// Does it obey one more constraint, for sure?
    pub(super) fn obeys(&self, lit: Lit, numbers: &Numbers, any_if_exists: AnyIfExists) -> bool {
        match (self, numbers.ask(lit)) {
            (Self::Text(text), Some(Ask::Text(patterns))) => patterns.matches(text) == lit.holds,
            (Self::Key(held), Some(Ask::Key(atom))) => match held {
                Held::Absent => atom.is_opaque() || atom.holds_absent(any_if_exists) == lit.holds,
                Held::Values(values) => holds(atom, values) == Some(lit.holds),
                Held::Unsure => false,
            },
            _ => false,
        }
    }
}

/// Does a condition hold for these values? `None` where that is another procedure's question.
fn holds(atom: &Atom, values: &[String]) -> Option<bool> {
    match (&atom.test, atom.quantity, values) {
        (Test::Opaque(_), ..) => None,
        (Test::Presence { present, .. }, ..) => Some(*present),
        (_, Quantity::All, _) => Some(values.iter().all(|value| atom.holds(value))),
        (_, Quantity::Any, _) => Some(values.iter().any(|value| atom.holds(value))),
        (_, Quantity::Plain, [value]) => Some(atom.holds(value)),
        (_, Quantity::Plain, _) => None,
    }
}

/// One question about a dimension.
pub(super) struct Asking<'a> {
    pub(super) numbers: &'a Numbers,
    pub(super) any_if_exists: AnyIfExists,
    pub(super) tokens: Tokens,
    pub(super) states: &'a mut usize,
}

impl Asking<'_> {
    /// A value that obeys all of `lits`, which are of one dimension.
    pub(super) fn sample(&mut self, lits: &[Lit]) -> Result<Option<Sample>, Exhausted> {
        let found = self.any(lits)?;
        if found.is_none() || self.tokens == Tokens::Fresh || !self.numbers.holes {
            return Ok(found);
        }
        // What one constraint with a hole leaves beside what is excluded bounds what all of them leave. Whatever is
        // excluded of it is so whatever the value is, as the value is the same in both.
        let wants = |lit: &Lit| self.numbers.wants(*lit);
        let wanting: Vec<Lit> = lits.iter().copied().filter(wants).collect();
        let others: Vec<Lit> = lits.iter().copied().filter(|lit| !wants(lit)).collect();
        for lit in wanting.iter().filter(|lit| wanting.len() > 1 && self.numbers.has_tokens(**lit)) {
            let alone: Vec<Lit> = others.iter().copied().chain([*lit]).collect();
            if self.any(&alone)?.is_none() {
                return Ok(None);
            }
        }
        Ok(found)
    }

    fn any(&mut self, lits: &[Lit]) -> Result<Option<Sample>, Exhausted> {
        if lits.first().is_some_and(|lit| lit.slot > PRINCIPAL) {
            return Ok(self.held(lits)?.map(Sample::Key));
        }
        Ok(self.text(lits)?.map(Sample::Text))
    }

    fn text(&mut self, lits: &[Lit]) -> Result<Option<String>, Exhausted> {
        let wanted = lits.iter().filter(|lit| lit.holds).count();
        let mut opened: Vec<Patterns> = Vec::new();
        let (mut within, mut without) = (Vec::new(), Vec::new());
        let excluded = lits.iter().filter(|lit| !lit.holds);
        without.extend(excluded.filter_map(|lit| self.numbers.patterns(*lit)));
        for lit in lits.iter().filter(|lit| lit.holds) {
            let Some(patterns) = self.numbers.patterns(*lit) else { continue };
            if self.tokens == Tokens::Open && patterns.tokens && wanted > 1 {
                opened.push(patterns.opened(&without));
            } else {
                within.push(patterns);
            }
        }
        within.extend(&opened);
        if let Some(found) = oracle::plainly(&within, &without) {
            return Ok(Some(found));
        }
        oracle::text_in(&within, &without, self.states)
    }

    fn held(&mut self, lits: &[Lit]) -> Result<Option<Held>, Exhausted> {
        let wanted = lits.iter().filter(|lit| self.numbers.wants(**lit)).count();
        // A value in any case is not the value as written: one may match where the other does not.
        let in_any_case = |lit: &Lit| match self.numbers.atom(*lit).map(|atom| &atom.test) {
            Some(Test::Text(patterns)) => patterns.globs.iter().any(Pattern::has_folded_token),
            _ => false,
        };
        let open = self.tokens == Tokens::Open && (wanted > 1 || lits.iter().any(in_any_case));
        let asked: Vec<(&Atom, bool)> =
            lits.iter().filter_map(|lit| Some((self.numbers.atom(*lit)?, lit.holds))).collect();
        // Of one value alone: of several, one may be what another is not.
        let without: Vec<&Patterns> = asked
            .iter()
            .filter(|(atom, holds)| atom.quantity == Quantity::Plain && *holds == atom.negated)
            .filter_map(|(atom, _)| if let Test::Text(patterns) = &atom.test { Some(patterns) } else { None })
            .collect();
        let opened = |atom: &Atom, holds: bool| match &atom.test {
            Test::Text(patterns) if open && patterns.tokens && holds != atom.negated => {
                let without = if atom.quantity == Quantity::Plain { without.as_slice() } else { &[] };
                Some(Atom { test: Test::Text(patterns.opened(without)), ..atom.clone() })
            }
            _ => None,
        };
        let changed: Vec<Option<Atom>> = asked.iter().map(|(atom, holds)| opened(atom, *holds)).collect();
        let own = lits.first().and_then(|lit| key::form(self.numbers.key_of(lit.slot)?.0));
        let wanted: Vec<(&Atom, bool)> = asked
            .iter()
            .zip(&changed)
            .map(|((atom, holds), changed)| (changed.as_ref().unwrap_or(atom), *holds))
            .chain(own.iter().map(|atom| (atom, true)))
            .collect();
        key::held(&wanted, self.any_if_exists, self.states)
    }
}
