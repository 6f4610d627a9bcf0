//! Subtracting boxes from a box: a request that some statements match and others do not.
//!
//! A dimension of a box is a set of constraints; each set that is possible has a number, and what one more constraint
//! makes of a set is remembered. So a node of the search compares numbers, and texts are looked into once.

use super::Exhausted;
use super::clause::{Clause, Lit, Numbers};
use super::hash::Quick;
use super::sample::{self, Sample};
use crate::settings::{AnyIfExists, Settings};

/// How values nobody knows are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Tokens {
    /// As texts of their own: what is found is there.
    Fresh,
    /// As anything where statements meet: what is not found is not there.
    Open,
}

/// A set of constraints on one dimension that can hold together, by number; two numbers are kept.
type Held = u32;
/// No constraint at all.
const FREE: Held = 0;
/// Constraints that cannot hold together.
const EMPTY: Held = u32::MAX;
/// Constraints that can, but have no number yet.
const POSSIBLE: Held = u32::MAX - 1;

struct Set {
    lits: Box<[Lit]>,
    sample: Sample,
}

/// What is known of sets of constraints under one reading of keys and tokens.
#[derive(Default)]
struct Memory {
    sets: Vec<Set>,
    by_lits: Quick<Box<[Lit]>, Held>,
    moves: Quick<u64, Held>,
}

/// A box: by slot, the set of its constraints there.
type Space = Vec<Held>;

/// A search with its memory and what is left of its budgets.
pub(crate) struct Search {
    pub(crate) numbers: Numbers,
    pub(crate) any_if_exists: AnyIfExists,
    pub(crate) tokens: Tokens,
    /// Left to visit, for all of a question.
    pub(crate) nodes: usize,
    pub(crate) states: usize,
    memories: [Memory; 4],
}

/// A clause that may still touch the box.
#[derive(Clone, Copy)]
struct Live {
    clause: u32,
    /// In how many of its constraints a part of the box escapes it.
    ways: u32,
}

/// A node of the search.
struct Node {
    space: Space,
    live: Vec<Live>,
    /// Slots, by their last six bits, in which the box changed since `live` was looked at.
    changed: u64,
}

/// A branch on a clause, and the ways not yet gone.
struct Branch {
    node: Node,
    ways: std::vec::IntoIter<Lit>,
}

enum Settled {
    /// No clause touches the box.
    Free,
    /// The clauses cover it.
    Covered,
    /// By these constraints of one clause, turned round.
    Branch(Vec<Lit>),
}

impl Search {
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            numbers: Numbers::default(),
            any_if_exists: AnyIfExists::Holds,
            tokens: Tokens::Fresh,
            nodes: settings.nodes,
            states: settings.states,
            memories: Default::default(),
        }
    }

    fn memory(&mut self) -> &mut Memory {
        let [a, b, c, d] = &mut self.memories;
        match (self.any_if_exists, self.tokens) {
            (AnyIfExists::Holds, Tokens::Fresh) => a,
            (AnyIfExists::Holds, Tokens::Open) => b,
            (AnyIfExists::Fails, Tokens::Fresh) => c,
            (AnyIfExists::Fails, Tokens::Open) => d,
        }
    }

    /// What one more constraint makes of a set.
    fn meet(&mut self, held: Held, lit: Lit) -> Result<Held, Exhausted> {
        if held == EMPTY {
            return Ok(EMPTY);
        }
        let asked = u64::from(held) << 32 | u64::from(lit.code());
        let memory = self.memory();
        if let Some(next) = memory.moves.get(&asked).filter(|next| **next != POSSIBLE) {
            return Ok(*next);
        }
        let set = memory.set(held);
        let own = set.map_or(&[][..], |set| &set.lits);
        let next = match own.iter().find(|own| own.id == lit.id) {
            Some(own) if own.holds == lit.holds => held,
            Some(_) => EMPTY,
            None => {
                let mut lits = own.to_vec();
                lits.push(lit);
                lits.sort_unstable();
                match memory.by_lits.get(lits.as_slice()) {
                    Some(next) => *next,
                    None => self.new_set(lits, held, lit)?,
                }
            }
        };
        self.memory().moves.insert(asked, next);
        Ok(next)
    }

    /// Is a set with one more constraint possible? A set that is only asked about gets no number.
    fn can_meet(&mut self, held: Held, lit: Lit) -> Result<bool, Exhausted> {
        if held == EMPTY {
            return Ok(false);
        }
        let asked = u64::from(held) << 32 | u64::from(lit.code());
        let any_if_exists = self.any_if_exists;
        let memory = self.memory();
        if let Some(next) = memory.moves.get(&asked) {
            return Ok(*next != EMPTY);
        }
        let Some(set) = memory.set(held) else { return Ok(self.meet(held, lit)? != EMPTY) };
        if let Some(own) = set.lits.iter().find(|own| own.id == lit.id) {
            return Ok(own.holds == lit.holds);
        }
        let sample = set.sample.clone();
        if sample.obeys(lit, &self.numbers, any_if_exists) {
            return Ok(true);
        }
        let mut lits = self.memory().set(held).map(|set| set.lits.to_vec()).unwrap_or_default();
        lits.push(lit);
        let possible = self.sample(&lits)?.is_some();
        self.memory().moves.insert(asked, if possible { POSSIBLE } else { EMPTY });
        Ok(possible)
    }

    /// Gives a set its number; what was found for the set it grew out of may still do.
    fn new_set(&mut self, lits: Vec<Lit>, from: Held, added: Lit) -> Result<Held, Exhausted> {
        let any_if_exists = self.any_if_exists;
        let earlier = self.memory().set(from).map(|set| set.sample.clone());
        let holes = self.tokens == Tokens::Open && self.numbers.holes;
        let earlier = earlier.filter(|sample| !holes && sample.obeys(added, &self.numbers, any_if_exists));
        let sample = match earlier {
            Some(sample) => Some(sample),
            None => self.sample(&lits)?,
        };
        let memory = self.memory();
        let Some(sample) = sample else {
            memory.by_lits.insert(lits.into_boxed_slice(), EMPTY);
            return Ok(EMPTY);
        };
        let number = u32::try_from(memory.sets.len() + 1).map_err(|_| Exhausted)?;
        let lits = lits.into_boxed_slice();
        memory.by_lits.insert(lits.clone(), number);
        memory.sets.push(Set { lits, sample });
        Ok(number)
    }

    /// Something that obeys all constraints of one dimension.
    pub(crate) fn sample(&mut self, lits: &[Lit]) -> Result<Option<Sample>, Exhausted> {
        let mut asking = sample::Asking {
            numbers: &self.numbers,
            any_if_exists: self.any_if_exists,
            tokens: self.tokens,
            states: &mut self.states,
        };
        asking.sample(lits)
    }

    /// Can the constraints of one dimension hold together?
    pub(crate) fn possible(&mut self, lits: &[Lit]) -> Result<bool, Exhausted> {
        let mut held = FREE;
        for lit in lits {
            held = self.meet(held, *lit)?;
        }
        Ok(held != EMPTY)
    }

    fn put(&mut self, space: &mut Space, lit: Lit) -> Result<bool, Exhausted> {
        let slot = lit.slot as usize;
        if space.len() <= slot {
            space.resize(slot + 1, FREE);
        }
        let Some(place) = space.get_mut(slot) else { return Ok(true) };
        let next = self.meet(*place, lit)?;
        *place = next;
        Ok(next != EMPTY)
    }

    /// Is a box of constraints empty in one of its dimensions?
    pub(crate) fn is_empty(&mut self, lits: &[Lit]) -> Result<bool, Exhausted> {
        let mut space = Space::new();
        for lit in lits {
            if !self.put(&mut space, *lit)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A part of the box `lits` that none of `clauses` touches, as its constraints.
    pub(crate) fn outside(
        &mut self,
        lits: &[Lit],
        clauses: &[&Clause],
    ) -> Result<Option<Vec<Lit>>, Exhausted> {
        let mut space = Space::new();
        for lit in lits {
            if !self.put(&mut space, *lit)? {
                return Ok(None);
            }
        }
        let masks: Vec<u64> = clauses
            .iter()
            .map(|clause| clause.lits.iter().fold(0, |mask, lit| mask | 1 << (lit.slot % 64)))
            .collect();
        let all = 0..u32::try_from(clauses.len()).map_err(|_| Exhausted)?;
        let live = all.map(|clause| Live { clause, ways: 0 }).collect();
        let mut node = Node { space, live, changed: u64::MAX };
        let mut branches: Vec<Branch> = Vec::new();
        loop {
            match self.settle(&mut node, (clauses, &masks))? {
                Settled::Free => return Ok(Some(self.all_lits(&node.space))),
                Settled::Branch(ways) => branches.push(Branch { node, ways: ways.into_iter() }),
                Settled::Covered => {}
            }
            match self.next(&mut branches)? {
                Some(next) => node = next,
                None => return Ok(None),
            }
        }
    }

    fn all_lits(&mut self, space: &Space) -> Vec<Lit> {
        let memory = self.memory();
        space.iter().filter_map(|held| memory.set(*held)).flat_map(|set| set.lits.iter().copied()).collect()
    }

    /// The next child of the innermost branch that has one left.
    fn next(&mut self, branches: &mut Vec<Branch>) -> Result<Option<Node>, Exhausted> {
        while let Some(branch) = branches.last_mut() {
            let Some(way) = branch.ways.next() else {
                branches.pop();
                continue;
            };
            let mut space = branch.node.space.clone();
            if !self.put(&mut space, way)? {
                continue;
            }
            let changed = 1 << (way.slot % 64);
            // What comes after lies within the constraint that this way escapes.
            if !self.put(&mut branch.node.space, way.turned())? {
                branch.ways = Vec::new().into_iter();
            }
            branch.node.changed |= changed;
            let changed = branch.node.changed;
            if branch.ways.len() == 0 {
                let live = branches.pop().map(|branch| branch.node.live).unwrap_or_default();
                return Ok(Some(Node { space, live, changed }));
            }
            return Ok(Some(Node { space, live: branch.node.live.clone(), changed }));
        }
        Ok(None)
    }

    /// Follows clauses that leave one way until there is none, nothing to do, or a choice.
    fn settle(
        &mut self,
        node: &mut Node,
        (clauses, masks): (&[&Clause], &[u64]),
    ) -> Result<Settled, Exhausted> {
        loop {
            // A node over many statements takes as many as it costs.
            self.nodes = self.nodes.saturating_sub(1 + node.live.len() / 64);
            if self.nodes == 0 {
                return Err(Exhausted);
            }
            let mut best: Option<Live> = None;
            let mut left = 0;
            for at in 0..node.live.len() {
                let Some(mut live) = node.live.get(at).copied() else { break };
                let index = live.clause as usize;
                let (Some(clause), Some(mask)) = (clauses.get(index), masks.get(index)) else { continue };
                if mask & node.changed != 0 || node.changed == u64::MAX {
                    let Some(ways) = self.ways_out(&node.space, clause)? else { continue };
                    live.ways = ways;
                }
                if let Some(place) = node.live.get_mut(left) {
                    *place = live;
                }
                left += 1;
                if best.is_none_or(|best| live.ways < best.ways) {
                    best = Some(live);
                    if live.ways == 0 {
                        break;
                    }
                }
            }
            node.live.truncate(left);
            node.changed = 0;
            let Some(best) = best else { return Ok(Settled::Free) };
            let chosen = if best.ways < 2 { best.clause } else { Self::choose(node, clauses, best.ways) };
            let Some(clause) = clauses.get(chosen as usize) else { return Ok(Settled::Free) };
            let ways = self.split(&node.space, clause)?;
            match ways.as_slice() {
                [] => return Ok(Settled::Covered),
                [way] => {
                    let way = *way;
                    self.put(&mut node.space, way)?;
                    node.changed = 1 << (way.slot % 64);
                }
                _ => {
                    let ways = Self::order(node, clauses, ways);
                    return Ok(Settled::Branch(ways));
                }
            }
        }
    }

    /// In how many constraints a part of the box escapes a clause; `None` when the clause does not touch the box.
    fn ways_out(&mut self, space: &Space, clause: &Clause) -> Result<Option<u32>, Exhausted> {
        let of = |lit: &Lit| space.get(lit.slot as usize).copied().unwrap_or(FREE);
        for lit in &clause.lits {
            if !self.can_meet(of(lit), *lit)? {
                return Ok(None);
            }
        }
        let mut ways = 0;
        for lit in &clause.lits {
            ways += u32::from(self.can_meet(of(lit), lit.turned())?);
        }
        Ok(Some(ways))
    }

    /// The constraints of a clause turned round that a part of the box obeys.
    fn split(&mut self, space: &Space, clause: &Clause) -> Result<Vec<Lit>, Exhausted> {
        let mut ways = Vec::new();
        for lit in &clause.lits {
            let held = space.get(lit.slot as usize).copied().unwrap_or(FREE);
            let way = lit.turned();
            if self.can_meet(held, way)? {
                ways.push(way);
            }
        }
        Ok(ways)
    }

    /// Of the clauses with the fewest ways out, the one whose constraints occur most in what is left.
    fn choose(node: &Node, clauses: &[&Clause], fewest: u32) -> u32 {
        let counts = occurrences(node, clauses);
        let weight = |live: &&Live| {
            let lits = clauses.get(live.clause as usize).map_or(&[][..], |clause| &clause.lits);
            lits.iter().map(|lit| counts.get(&lit.id).copied().unwrap_or(0)).sum::<u32>()
        };
        let candidates = node.live.iter().filter(|live| live.ways == fewest);
        // The first of equals, so that the order written decides.
        candidates.rev().max_by_key(weight).map_or(0, |live| live.clause)
    }

    /// The way that escapes most clauses first.
    fn order(node: &Node, clauses: &[&Clause], mut ways: Vec<Lit>) -> Vec<Lit> {
        let counts = occurrences(node, clauses);
        ways.sort_by_key(|way| std::cmp::Reverse(counts.get(&way.id).copied().unwrap_or(0)));
        ways
    }
}

/// How many clauses that are left have a constraint.
fn occurrences(node: &Node, clauses: &[&Clause]) -> Quick<u32, u32> {
    let mut counts: Quick<u32, u32> = Quick::default();
    for clause in node.live.iter().filter_map(|live| clauses.get(live.clause as usize)) {
        for lit in &clause.lits {
            *counts.entry(lit.id).or_default() += 1;
        }
    }
    counts
}

impl Memory {
    fn set(&self, held: Held) -> Option<&Set> {
        self.sets.get(held.checked_sub(1)? as usize)
    }
}
