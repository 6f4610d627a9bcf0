//! Subtracting boxes from a box: a request that some statements match and others do not.

use std::collections::{BTreeMap, HashMap};

use super::atom::Atom;
use super::clause::{Ask, Clause, Dim, Lit};
use super::glob::Patterns;
use super::key::{self, Held};
use super::{Exhausted, oracle};
use crate::settings::AnyIfExists;

/// A box of requests: constraints by dimension.
#[derive(Clone, Debug, Default)]
pub(crate) struct Space {
    pub(crate) lits: BTreeMap<Dim, Vec<Lit>>,
}

impl Space {
    pub(crate) fn with(mut self, lit: Lit) -> Self {
        let own = self.lits.entry(lit.dim.clone()).or_default();
        if !own.iter().any(|other| other.id == lit.id && other.holds == lit.holds) {
            own.push(lit);
        }
        self
    }

    pub(crate) fn with_all(self, lits: &[Lit]) -> Self {
        lits.iter().fold(self, |space, lit| space.with(lit.clone()))
    }

    fn of(&self, dim: &Dim) -> &[Lit] {
        self.lits.get(dim).map_or(&[], Vec::as_slice)
    }
}

/// How values nobody knows are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Tokens {
    /// As texts of their own: what is found is there.
    Fresh,
    /// As anything where statements meet: what is not found is not there.
    Open,
}

/// A search with its memory and what is left of its budget.
pub(crate) struct Search {
    pub(crate) any_if_exists: AnyIfExists,
    pub(crate) tokens: Tokens,
    pub(crate) nodes: usize,
    memory: HashMap<(Tokens, Vec<(u32, bool)>), bool>,
}

impl Search {
    pub(crate) fn new(any_if_exists: AnyIfExists, nodes: usize) -> Self {
        Self { any_if_exists, tokens: Tokens::Fresh, nodes, memory: HashMap::new() }
    }

    /// Can the constraints of one dimension hold together?
    pub(crate) fn possible(&mut self, lits: &[Lit]) -> Result<bool, Exhausted> {
        let mut ids: Vec<(u32, bool)> = lits.iter().map(|lit| (lit.id, lit.holds)).collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.iter().zip(ids.iter().skip(1)).any(|(a, b)| a.0 == b.0) {
            return Ok(false);
        }
        let question = (self.tokens, ids);
        if let Some(answer) = self.memory.get(&question) {
            return Ok(*answer);
        }
        let answer = match lits.first().map(|lit| &lit.dim) {
            Some(Dim::Key(_)) => self.held(lits)?.is_some(),
            _ => Self::plainly(lits) || self.text(lits)?.is_some(),
        };
        self.memory.insert(question, answer);
        Ok(answer)
    }

    /// Is there a text at first sight? Values nobody knows are left to the search.
    fn plainly(lits: &[Lit]) -> bool {
        let (mut within, mut without) = (Vec::new(), Vec::new());
        for lit in lits {
            match &*lit.ask {
                Ask::Text(patterns) if patterns.tokens => return false,
                Ask::Text(patterns) if lit.holds => within.push(patterns),
                Ask::Text(patterns) => without.push(patterns),
                Ask::Key(_) => return false,
            }
        }
        oracle::plainly(&within, &without)
    }

    /// A text under all constraints.
    pub(crate) fn text(&self, lits: &[Lit]) -> Result<Option<String>, Exhausted> {
        let wanted = lits.iter().filter(|lit| lit.holds).count();
        let mut opened: Vec<Patterns> = Vec::new();
        let (mut within, mut without) = (Vec::new(), Vec::new());
        for lit in lits {
            let Ask::Text(patterns) = &*lit.ask else { continue };
            if !lit.holds {
                without.push(patterns);
            } else if self.tokens == Tokens::Open && patterns.tokens && wanted > 1 {
                opened.push(patterns.opened());
            } else {
                within.push(patterns);
            }
        }
        within.extend(&opened);
        oracle::text(&within, &without)
    }

    /// What a key holds under all constraints.
    pub(crate) fn held(&self, lits: &[Lit]) -> Result<Option<Held>, Exhausted> {
        let open = self.tokens == Tokens::Open && lits.len() > 1;
        let atoms: Vec<(Atom, bool)> = lits
            .iter()
            .filter_map(|lit| match &*lit.ask {
                Ask::Key(atom) => Some((atom, lit.holds)),
                Ask::Text(_) => None,
            })
            .map(|(atom, holds)| match &atom.test {
                super::atom::Test::Text(patterns) if open && patterns.tokens && holds != atom.negated => {
                    let test = super::atom::Test::Text(patterns.opened());
                    (Atom { test, ..atom.clone() }, holds)
                }
                _ => (atom.clone(), holds),
            })
            .collect();
        let wanted: Vec<(&Atom, bool)> = atoms.iter().map(|(atom, holds)| (atom, *holds)).collect();
        key::held(&wanted, self.any_if_exists)
    }

    /// Can a box and one more constraint hold together?
    fn meets(&mut self, space: &Space, lit: Lit) -> Result<bool, Exhausted> {
        let own = space.of(&lit.dim);
        if own.iter().any(|other| other.id == lit.id) {
            return Ok(own.iter().all(|other| other.id != lit.id || other.holds == lit.holds));
        }
        let mut lits = own.to_vec();
        lits.push(lit);
        self.possible(&lits)
    }

    /// Is the box empty in one of its dimensions?
    pub(crate) fn is_empty(&mut self, space: &Space) -> Result<bool, Exhausted> {
        for lits in space.lits.values() {
            if !self.possible(lits)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A part of `space` that none of `clauses` touches.
    pub(crate) fn outside(
        &mut self,
        mut space: Space,
        clauses: &[&Clause],
    ) -> Result<Option<Space>, Exhausted> {
        if self.is_empty(&space)? {
            return Ok(None);
        }
        let mut left: Vec<&Clause> = clauses.to_vec();
        loop {
            self.nodes = self.nodes.checked_sub(1).ok_or(Exhausted)?;
            let mut best: Option<Vec<Lit>> = None;
            let mut near = Vec::new();
            for clause in left {
                let Some(ways) = self.ways_out(&space, clause)? else { continue };
                match ways.len() {
                    0 => return Ok(None),
                    count if best.as_ref().is_none_or(|best| count < best.len()) => best = Some(ways),
                    _ => {}
                }
                near.push(clause);
            }
            left = near;
            let Some(mut ways) = best else { return Ok(Some(space)) };
            let Some(last) = ways.pop() else { return Ok(None) };
            for way in ways {
                if let Some(found) = self.outside(space.clone().with(way), &left)? {
                    return Ok(Some(found));
                }
            }
            space = space.with(last);
        }
    }

    /// The constraints of a clause that a part of the box escapes; `None` when the clause does not touch the box.
    fn ways_out(&mut self, space: &Space, clause: &Clause) -> Result<Option<Vec<Lit>>, Exhausted> {
        for lit in &clause.lits {
            if !self.meets(space, lit.clone())? {
                return Ok(None);
            }
        }
        let mut ways = Vec::new();
        for lit in &clause.lits {
            if self.meets(space, lit.turned())? {
                ways.push(lit.turned());
            }
        }
        Ok(Some(ways))
    }
}
