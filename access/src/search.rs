//! The search: a point of a box that no other box covers, found by escaping one cover after the other.

pub(crate) mod compile;
pub(crate) mod condition;
pub(crate) mod operator;
pub(crate) mod side;
pub(crate) mod values;
pub(crate) mod variable;
mod wishes;

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::glob::{GaveUp, Glob, find};
use compile::{Axis, Constraint, Pattern};
use condition::{Chosen, Condition, choose};

/// A constraint by its number in the arena, held or broken.
pub(crate) type Held = (usize, bool);

/// A request in the making; text may still hold marked variables.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Point {
    pub(crate) principal: Option<String>,
    pub(crate) action: String,
    pub(crate) resource: String,
    pub(crate) context: BTreeMap<String, (String, Vec<String>)>,
}

/// Constraints met so far, and the answers about them.
pub(crate) struct Search {
    arena: Vec<Constraint>,
    numbers: HashMap<String, usize>,
    axes: HashMap<(Axis, Vec<Held>), Result<bool, GaveUp>>,
    keys: HashMap<Vec<Held>, Result<bool, GaveUp>>,
    nodes: usize,
    states: usize,
}

impl Search {
    pub(crate) fn new(nodes: usize) -> Self {
        Self {
            arena: Vec::new(),
            numbers: HashMap::new(),
            axes: HashMap::new(),
            keys: HashMap::new(),
            nodes,
            states: nodes.clamp(1_000, 20_000),
        }
    }

    /// The number of a constraint.
    pub(crate) fn number(&mut self, constraint: &Constraint) -> usize {
        let name = constraint.name();
        if let Some(&number) = self.numbers.get(&name) {
            return number;
        }
        self.arena.push(constraint.clone());
        self.numbers.insert(name, self.arena.len() - 1);
        self.arena.len() - 1
    }

    /// The numbers of a conjunction, without repetition.
    pub(crate) fn numbers<'a>(
        &mut self,
        constraints: impl IntoIterator<Item = &'a Constraint>,
    ) -> Vec<usize> {
        let mut numbers: Vec<usize> =
            constraints.into_iter().map(|constraint| self.number(constraint)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    pub(crate) fn constraint(&self, number: usize) -> Option<&Constraint> {
        self.arena.get(number)
    }

    /// A part of `space` that none of `covers` touches: what it holds and breaks.
    pub(crate) fn outside(
        &mut self,
        space: &[Held],
        covers: &[Vec<usize>],
    ) -> Result<Option<Vec<Held>>, GaveUp> {
        self.nodes = self.nodes.checked_sub(1).ok_or(GaveUp)?;
        if !self.feasible(space)? {
            return Ok(None);
        }
        let mut left: Vec<Vec<usize>> = Vec::new();
        let mut best: Option<(usize, Vec<usize>)> = None;
        for cover in covers {
            let inside = extended(space, cover.iter().map(|&number| (number, true)));
            if !self.feasible(&inside)? {
                continue;
            }
            let mut escapes = Vec::new();
            for &number in cover {
                if self.feasible(&extended(space, [(number, false)]))? {
                    escapes.push(number);
                }
            }
            if escapes.is_empty() {
                return Ok(None);
            }
            if best.as_ref().is_none_or(|(_, known)| escapes.len() < known.len()) {
                best = Some((left.len(), escapes));
            }
            left.push(cover.clone());
        }
        let Some((chosen, mut escapes)) = best else { return Ok(Some(space.to_vec())) };
        left.remove(chosen);
        escapes.sort_by_key(|&number| match self.constraint(number) {
            Some(Constraint::Text { axis: Axis::Action, .. }) => 0,
            Some(Constraint::Text { axis: Axis::Resource, .. }) => 1,
            Some(Constraint::Text { axis: Axis::Principal, .. }) => 2,
            _ => 3,
        });
        for number in escapes {
            if let Some(found) = self.outside(&extended(space, [(number, false)]), &left)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Is there any request in it?
    pub(crate) fn feasible(&mut self, space: &[Held]) -> Result<bool, GaveUp> {
        for axis in [Axis::Action, Axis::Resource, Axis::Principal] {
            let held = self.on_axis(space, axis);
            if held.is_empty() {
                continue;
            }
            let key = (axis, held);
            let answer = if let Some(known) = self.axes.get(&key) {
                *known
            } else {
                let answer = self.text(axis, &key.1, &[]).map(|found| found.is_some());
                self.axes.insert(key, answer);
                answer
            };
            if !answer? {
                return Ok(false);
            }
        }
        for held in self.by_key(space).into_values() {
            let answer = if let Some(known) = self.keys.get(&held) {
                *known
            } else {
                let answer = self.value(&held, &[]).map(|found| found.is_some());
                self.keys.insert(held, answer);
                answer
            };
            if !answer? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// One request in it.
    pub(crate) fn point(
        &self,
        space: &[Held],
        account: &str,
        known: Option<&str>,
    ) -> Result<Option<Point>, GaveUp> {
        let pick = |axis, wishes: &[String]| self.text(axis, &self.on_axis(space, axis), wishes);
        let Some(action) = pick(Axis::Action, &wishes::actions())? else { return Ok(None) };
        let mut resources = known.map(str::to_owned).into_iter().collect::<Vec<_>>();
        resources.extend(self.examples(space, Axis::Resource));
        resources.extend(wishes::resources(&action, account));
        let Some(resource) = pick(Axis::Resource, &resources)? else { return Ok(None) };
        let held = self.on_axis(space, Axis::Principal);
        let principal = if held.is_empty() {
            None
        } else {
            let mut principals = wishes::principals();
            principals
                .extend(self.examples(space, Axis::Principal).flat_map(|text| wishes::in_account(&text)));
            principals.extend(self.examples(space, Axis::Principal));
            let Some(found) = pick(Axis::Principal, &principals)? else { return Ok(None) };
            Some(found)
        };
        let mut context = BTreeMap::new();
        for (key, held) in self.by_key(space) {
            let Some(chosen) = self.value(&held, &wishes::values(&key))? else { return Ok(None) };
            let shown = held
                .iter()
                .find_map(|&(number, _)| self.condition(number))
                .map_or(key.clone(), |c| c.shown.clone());
            if let Some(values) = chosen {
                context.insert(key, (shown, values));
            }
        }
        Ok(Some(Point { principal, action, resource, context }))
    }

    /// The compiled forms of entries that are shown so.
    pub(crate) fn globs(&self, space: &[Held], shown: &[String]) -> Vec<&Glob> {
        space
            .iter()
            .filter_map(|(number, _)| match self.constraint(*number) {
                Some(Constraint::Text { patterns, .. }) => Some(patterns),
                _ => None,
            })
            .flatten()
            .filter(|pattern| shown.contains(&pattern.shown))
            .flat_map(|pattern| &pattern.globs)
            .collect()
    }

    fn examples<'s>(&'s self, space: &'s [Held], axis: Axis) -> impl Iterator<Item = String> + 's {
        self.on_axis(space, axis)
            .into_iter()
            .filter_map(|(number, holds)| match self.constraint(number) {
                Some(Constraint::Text { patterns, negated, .. }) if *negated != holds => Some(patterns),
                _ => None,
            })
            .flat_map(|patterns| {
                patterns.iter().flat_map(|p| p.globs.iter().map(|glob| glob.example("example")))
            })
    }

    fn on_axis(&self, space: &[Held], wanted: Axis) -> Vec<Held> {
        let mut held: Vec<Held> = space
            .iter()
            .filter(|(number, _)| matches!(self.constraint(*number), Some(Constraint::Text { axis, .. }) if *axis == wanted))
            .copied()
            .collect();
        held.sort_unstable();
        held.dedup();
        held
    }

    fn condition(&self, number: usize) -> Option<&Condition> {
        match self.constraint(number) {
            Some(Constraint::Condition(condition)) => Some(condition),
            _ => None,
        }
    }

    fn by_key(&self, space: &[Held]) -> BTreeMap<String, Vec<Held>> {
        let mut keys: BTreeMap<String, Vec<Held>> = BTreeMap::new();
        for &held in space {
            if let Some(condition) = self.condition(held.0) {
                keys.entry(condition.key.clone()).or_default().push(held);
            }
        }
        for held in keys.values_mut() {
            held.sort_unstable();
            held.dedup();
        }
        keys
    }

    fn text(&self, axis: Axis, held: &[Held], wishes: &[String]) -> Result<Option<String>, GaveUp> {
        let mut inside: Vec<&[Pattern]> = Vec::new();
        let mut outside: Vec<&Pattern> = Vec::new();
        for &(number, holds) in held {
            if let Some(Constraint::Text { patterns, negated, .. }) = self.constraint(number) {
                if *negated == holds {
                    outside.extend(patterns);
                } else {
                    inside.push(patterns);
                }
            }
        }
        let left_out: HashSet<&str> = outside.iter().map(|pattern| pattern.text.as_str()).collect();
        let form = Glob::crossing(if axis == Axis::Resource { "?*" } else { "?*:?*" });
        let mut groups: Vec<Vec<&Glob>> = vec![vec![&form]];
        for patterns in inside {
            let group: Vec<&Glob> = patterns
                .iter()
                .filter(|p| !left_out.contains(p.text.as_str()))
                .flat_map(|p| &p.globs)
                .collect();
            if group.is_empty() {
                return Ok(None);
            }
            groups.push(group);
        }
        // A pattern that begins differently from all of a group cannot meet it.
        let without: Vec<&Glob> = outside
            .iter()
            .flat_map(|pattern| &pattern.globs)
            .filter(|glob| {
                let lead = glob.lead();
                groups.iter().all(|group| {
                    group.iter().any(|other| lead.starts_with(other.lead()) || other.lead().starts_with(lead))
                })
            })
            .collect();
        find(&groups, &without, wishes, self.states)
    }

    fn value(&self, held: &[Held], wishes: &[String]) -> Result<Option<Chosen>, GaveUp> {
        let pick = |wanted: bool| -> Vec<&Condition> {
            held.iter()
                .filter(|(_, holds)| *holds == wanted)
                .filter_map(|&(number, _)| self.condition(number))
                .collect()
        };
        choose(&pick(true), &pick(false), wishes, self.states)
    }
}

fn extended(space: &[Held], more: impl IntoIterator<Item = Held>) -> Vec<Held> {
    let mut all = space.to_vec();
    for held in more {
        if !all.contains(&held) {
            all.push(held);
        }
    }
    all
}

/// An action as its service spells it, where that is known.
pub(crate) fn spelled(action: &str) -> String {
    wishes::ACTIONS
        .iter()
        .find(|known| known.eq_ignore_ascii_case(action))
        .map_or(action.to_owned(), |known| (*known).to_owned())
}

/// Can one text match a pattern of both groups?
pub(crate) fn may_meet(one: &[&Glob], other: &[&Glob]) -> bool {
    !matches!(find(&[one.to_vec(), other.to_vec()], &[], &[], 2_000), Ok(None))
}
