//! Makes a proof: plainly, one statement after the other, for it is asked for once a decision is made.

use std::collections::{BTreeSet, HashMap};

use super::check::{beginning, of, settling, under};
use super::leaf::refuted;
use super::{Constraint, Part, Proof, Root, Settling, State, Step, What, elements};
use crate::dialect::aws::{Effect, Policy};
use crate::evaluate::condition::Parts;
use crate::evaluate::reading::Reader;
use crate::evaluate::texts::Question;
use crate::settings::Semantics;

/// Steps of one tree, and states of one leaf, before it is given up.
const MOST_STEPS: usize = 200_000;
const MOST_STATES: usize = 20_000;
/// Branches on one path.
const DEEPEST: usize = 2_000;

/// Why there is no proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoProof {
    /// Something escapes every statement, as far as a proof looks.
    #[error("statement {} of the new document is not settled by a proof of this form", .grant + 1)]
    Escapes {
        /// The statement of the new document, from zero.
        grant: usize,
    },
    /// It would be too large.
    #[error("a proof for statement {} of the new document grows beyond its budget", .grant + 1)]
    Budget {
        /// The statement of the new document, from zero.
        grant: usize,
    },
}

/// A proof that `after` allows nothing that `before` did not.
pub fn prove(before: &Policy, after: &Policy, semantics: Semantics) -> Result<Proof, NoProof> {
    let documents = (before, after);
    let mut proof = Proof { semantics, parts: Vec::new() };
    for reading in semantics.readings() {
        // Few documents tell most readings apart: the trees at hand often do for this one too.
        let serves =
            |part: &&mut Part| under(reading, &part.roots.iter().collect::<Vec<_>>(), documents).is_ok();
        if let Some(part) = proof.parts.iter_mut().find(serves) {
            part.readings.push(reading);
            continue;
        }
        let mut maker = Maker { documents, reader: Reader::new(reading), known: HashMap::new() };
        let mut roots = Vec::new();
        for (grant, _) in of(after, Effect::Allow) {
            let denies = of(before, Effect::Deny).map(|(index, _)| Some(index));
            for lifted in std::iter::once(None).chain(denies) {
                roots.push(Root { grant, lifted, steps: maker.tree(grant, lifted)? });
            }
        }
        proof.parts.push(Part { readings: vec![reading], roots });
    }
    Ok(proof)
}

/// A constraint by the place of its element in memory, and whether it holds.
type Name = (usize, bool);

struct Maker<'p> {
    documents: (&'p Policy, &'p Policy),
    reader: Reader,
    known: HashMap<Vec<Name>, bool>,
}

/// A tree in the making.
struct Tree<'p> {
    grant: usize,
    lifted: Option<usize>,
    list: Vec<Constraint<'p>>,
    steps: Vec<Step>,
}

impl<'p> Maker<'p> {
    fn tree(&mut self, grant: usize, lifted: Option<usize>) -> Result<Vec<Step>, NoProof> {
        let list = beginning(self.documents, grant, lifted);
        let mut tree = Tree { grant, lifted, list, steps: Vec::new() };
        for at in 0..tree.list.len() {
            if let Some(leaf) = self.leaf(&tree.list, at) {
                return Ok(vec![leaf]);
            }
        }
        let (before, after) = self.documents;
        let denies = of(after, Effect::Deny).map(|(index, _)| Settling::Denied(index));
        let allows = of(before, Effect::Allow).map(|(index, _)| Settling::Allowed(index));
        let statements: Vec<Settling> = match lifted {
            Some(_) => denies.collect(),
            None => allows.chain(denies).collect(),
        };
        self.settle(&mut tree, statements)?;
        Ok(tree.steps)
    }

    /// Adds what settles every request of the list.
    fn settle(&mut self, tree: &mut Tree<'p>, statements: Vec<Settling>) -> Result<(), NoProof> {
        if tree.steps.len() > MOST_STEPS || tree.list.len() > DEEPEST {
            return Err(NoProof::Budget { grant: tree.grant });
        }
        let mut near = Vec::new();
        let mut best: Option<(usize, Settling)> = None;
        for statement in statements {
            let elements = self.elements(statement, tree.lifted);
            if elements.iter().any(|one| self.empty_with(&tree.list, *one)) {
                continue;
            }
            near.push(statement);
            let failing = elements.iter().map(|one| Constraint { holds: false, ..*one });
            let escapes = failing.filter(|one| !self.empty_with(&tree.list, *one)).count();
            if best.is_none_or(|(least, _)| escapes < least) {
                best = Some((escapes, statement));
            }
            if escapes == 0 {
                break;
            }
        }
        let Some((_, chosen)) = best else { return Err(NoProof::Escapes { grant: tree.grant }) };
        near.retain(|statement| *statement != chosen);
        tree.steps.push(Step::Branch(chosen));
        for one in self.elements(chosen, tree.lifted) {
            tree.list.push(Constraint { holds: false, ..one });
            match self.leaf(&tree.list, tree.list.len() - 1) {
                Some(leaf) => tree.steps.push(leaf),
                None => self.settle(tree, near.clone())?,
            }
            tree.list.pop();
        }
        Ok(())
    }

    fn elements(&self, statement: Settling, lifted: Option<usize>) -> Vec<Constraint<'p>> {
        let Some((policy, statement)) = settling(self.documents, statement, lifted) else {
            return Vec::new();
        };
        elements(policy, statement).into_iter().map(|what| Constraint { policy, what, holds: true }).collect()
    }

    /// Is there no request of the list that obeys one more constraint, as far as that one's dimension tells?
    fn empty_with(&mut self, list: &[Constraint<'p>], one: Constraint<'p>) -> bool {
        let mut list = list.to_vec();
        list.push(one);
        self.core(&list, list.len() - 1).is_some()
    }

    /// A leaf in the dimension of the constraint at this place.
    fn leaf(&mut self, list: &[Constraint<'p>], at: usize) -> Option<Step> {
        let mut core = self.core(list, at)?;
        // What a leaf does not need makes its states many.
        for place in core.clone() {
            let less: Vec<usize> = core.iter().copied().filter(|own| *own != place).collect();
            if !less.is_empty() && self.refuted(list, &less) {
                core = less;
            }
        }
        let constraints: Vec<Constraint<'p>> = core.iter().filter_map(|at| list.get(*at).copied()).collect();
        let states = match refuted(&constraints, &mut self.reader) {
            Ok(_) => Vec::new(),
            Err(question) => closure(&question)?,
        };
        Some(Step::Empty { core, states })
    }

    /// Constraints of the dimension at this place that cannot hold together.
    fn core(&mut self, list: &[Constraint<'p>], at: usize) -> Option<Vec<usize>> {
        let dimension = list.get(at)?.dimension();
        let own = list.iter().enumerate().filter(|(_, one)| one.dimension() == dimension);
        let own: Vec<usize> = own.map(|(at, _)| at).collect();
        let mut choices = vec![own.clone()];
        if matches!(list.get(at)?.what, What::Condition(_)) {
            choices.extend(choices_of(list, &own));
        }
        choices.into_iter().find(|core| self.refuted(list, core))
    }

    fn refuted(&mut self, list: &[Constraint<'p>], core: &[usize]) -> bool {
        let constraints: Vec<Constraint<'p>> = core.iter().filter_map(|at| list.get(*at).copied()).collect();
        let name = |one: &Constraint<'_>| match one.what {
            What::AnyAction => (0, one.holds),
            What::Always => (1, one.holds),
            What::Principals(own) => (std::ptr::from_ref(own).addr(), one.holds),
            What::Actions(own) | What::Resources(own) => (std::ptr::from_ref(own).addr(), one.holds),
            What::Condition(own) => (std::ptr::from_ref(own).addr(), one.holds),
        };
        let mut names: Vec<Name> = constraints.iter().map(name).collect();
        names.sort_unstable();
        names.dedup();
        if let Some(known) = self.known.get(&names) {
            return *known;
        }
        let found =
            refuted(&constraints, &mut self.reader).unwrap_or_else(|question| closure(&question).is_some());
        self.known.insert(names, found);
        found
    }
}

/// Parts of a key's constraints that a leaf can speak of: operators of one family, at most one of them about some value.
fn choices_of(list: &[Constraint<'_>], own: &[usize]) -> Vec<Vec<usize>> {
    let asked = |at: &usize| match list.get(*at)?.what {
        What::Condition(condition) => Some(Parts::of(condition)),
        _ => None,
    };
    let is_presence = |at: &usize| asked(at).is_some_and(|parts| parts.base == "null");
    let of_some = |at: &usize| {
        let holds = list.get(*at).is_some_and(|one| one.holds);
        asked(at).is_some_and(|parts| !parts.set.is_empty() && (parts.set == "foranyvalue") == holds)
    };
    let families: BTreeSet<u8> = own.iter().filter_map(asked).map(|parts| parts.family() as u8).collect();
    let mut choices = Vec::new();
    for family in families {
        let of_it =
            |at: &usize| is_presence(at) || asked(at).is_some_and(|parts| parts.family() as u8 == family);
        let all: Vec<usize> = own.iter().copied().filter(of_it).collect();
        let each: Vec<usize> = all.iter().copied().filter(|at| !of_some(at)).collect();
        choices.extend(
            all.iter().filter(|at| of_some(at)).map(|at| each.iter().copied().chain([*at]).collect()),
        );
        choices.extend([all, each]);
    }
    choices
}

/// Walks every text that is not refused; `None` where one is an answer or there are too many.
fn closure(question: &Question) -> Option<Vec<State>> {
    let alphabet = question.alphabet();
    let mut states = vec![question.start()];
    let mut seen: BTreeSet<State> = states.iter().cloned().collect();
    let mut at = 0;
    while let Some(state) = states.get(at).cloned() {
        at += 1;
        if question.accepts(&state) || states.len() > MOST_STATES {
            return None;
        }
        for next in alphabet.iter().filter_map(|&c| question.step(&state, c)) {
            if seen.insert(next.clone()) {
                states.push(next);
            }
        }
    }
    Some(states)
}
