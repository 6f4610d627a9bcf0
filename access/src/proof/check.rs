//! Walks a proof again, step by step.

use std::collections::BTreeSet;

use super::leaf::refuted;
use super::{Constraint, Flaw, Proof, Root, Settling, State, Step, What, elements};
use crate::dialect::aws::{Effect, Policy, Statement};
use crate::evaluate::reading::Reader;
use crate::evaluate::texts::Question;
use crate::settings::Reading;

/// Does the proof show that `after` allows nothing that `before` did not?
pub fn check(proof: &Proof, before: &Policy, after: &Policy) -> Result<(), Flaw> {
    if before.kind != after.kind {
        return Err(Flaw::Missing("two documents of one kind".to_owned()));
    }
    let whole = |policy: &Policy| policy.statements.iter().all(|statement| !statement.has_unknown());
    if !whole(before) || !whole(after) {
        return Err(Flaw::Missing("documents that are known as a whole".to_owned()));
    }
    for reading in proof.semantics.readings() {
        let parts = proof.parts.iter().filter(|part| part.readings.contains(&reading));
        let roots: Vec<&Root> = parts.flat_map(|part| &part.roots).collect();
        under(reading, &roots, (before, after))?;
    }
    Ok(())
}

/// Do the roots settle every request that the new document grants, under one reading?
pub(super) fn under(reading: Reading, roots: &[&Root], documents: (&Policy, &Policy)) -> Result<(), Flaw> {
    let (before, after) = documents;
    for (grant, _) in of(after, Effect::Allow) {
        let lifted = of(before, Effect::Deny).map(|(index, _)| Some(index));
        for lifted in std::iter::once(None).chain(lifted) {
            let Some(root) = roots.iter().find(|root| (root.grant, root.lifted) == (grant, lifted)) else {
                let behind =
                    lifted.map_or(String::new(), |index| format!(" behind the old statement {}", index + 1));
                let what = format!("what becomes of statement {}{behind}, under {reading:?}", grant + 1);
                return Err(Flaw::Missing(what));
            };
            Walk { before, after, root, reader: Reader::new(reading) }.whole(reading)?;
        }
    }
    Ok(())
}

/// The statements of one effect, with their numbers.
pub(super) fn of(policy: &Policy, effect: Effect) -> impl Iterator<Item = (usize, &Statement)> {
    policy.statements.iter().enumerate().filter(move |(_, statement)| statement.effect == effect)
}

/// The constraints a root begins with.
pub(super) fn beginning<'p>(
    documents: (&'p Policy, &'p Policy),
    grant: usize,
    lifted: Option<usize>,
) -> Vec<Constraint<'p>> {
    let (before, after) = documents;
    let every = |what, holds| Constraint { policy: after, what, holds };
    let mut list = vec![every(What::AnyAction, true), every(What::Always, false)];
    let granting = after.statements.get(grant).map(|statement| (after, statement));
    let lifted = lifted.and_then(|index| before.statements.get(index)).map(|statement| (before, statement));
    for (policy, statement) in granting.into_iter().chain(lifted) {
        list.extend(elements(policy, statement).into_iter().map(|what| Constraint {
            policy,
            what,
            holds: true,
        }));
    }
    list
}

/// The statement that settles, if it may settle this root.
pub(super) fn settling<'p>(
    (before, after): (&'p Policy, &'p Policy),
    settling: Settling,
    lifted: Option<usize>,
) -> Option<(&'p Policy, &'p Statement)> {
    let (policy, index, effect) = match settling {
        // What a `Deny` held back is settled only by what denies it now.
        Settling::Allowed(_) if lifted.is_some() => return None,
        Settling::Allowed(index) => (before, index, Effect::Allow),
        Settling::Denied(index) => (after, index, Effect::Deny),
    };
    policy
        .statements
        .get(index)
        .filter(|statement| statement.effect == effect)
        .map(|statement| (policy, statement))
}

struct Walk<'p> {
    before: &'p Policy,
    after: &'p Policy,
    root: &'p Root,
    reader: Reader,
}

impl<'p> Walk<'p> {
    fn whole(mut self, reading: Reading) -> Result<(), Flaw> {
        let documents = (self.before, self.after);
        let mut list = beginning(documents, self.root.grant, self.root.lifted);
        // For every open branch the constraints still to come, the last first.
        let mut open: Vec<Vec<Constraint<'p>>> = Vec::new();
        let mut ended = false;
        for (number, step) in self.root.steps.iter().enumerate() {
            let flaw = |problem: &str| Flaw::Step {
                place: format!("{reading:?}, grant {}, step {}", self.root.grant + 1, number + 1),
                problem: problem.to_owned(),
            };
            if ended {
                return Err(flaw("nothing is left to be shown here"));
            }
            match step {
                Step::Branch(name) => {
                    let Some((policy, statement)) = settling(documents, *name, self.root.lifted) else {
                        return Err(flaw("this statement does not settle anything here"));
                    };
                    let fails = |what| Constraint { policy, what, holds: false };
                    let mut coming: Vec<Constraint<'p>> =
                        elements(policy, statement).into_iter().rev().map(fails).collect();
                    list.extend(coming.pop());
                    open.push(coming);
                }
                Step::Empty { core, states } => {
                    let named: Option<Vec<Constraint<'p>>> =
                        core.iter().map(|at| list.get(*at).copied()).collect();
                    let Some(named) = named else { return Err(flaw("a constraint it names is not there")) };
                    let dimension = named.first().map(Constraint::dimension);
                    if named.iter().any(|constraint| Some(constraint.dimension()) != dimension) {
                        return Err(flaw("its constraints are not of one dimension"));
                    }
                    let without = |at: usize| {
                        named.iter().enumerate().filter(move |(own, _)| *own != at).map(|(_, one)| *one)
                    };
                    match refuted(&named, &mut self.reader) {
                        Ok(true) if !states.is_empty() => return Err(flaw("it needs no states")),
                        Ok(true) => {}
                        Ok(false) => return Err(flaw("its constraints can hold together")),
                        Err(question) if closed(&question, states) => {}
                        Err(_) => return Err(flaw("its states do not show that there is no such text")),
                    }
                    let spare =
                        |at| matches!(refuted(&without(at).collect::<Vec<_>>(), &mut self.reader), Ok(true));
                    if named.len() > 1 && (0..named.len()).any(spare) {
                        return Err(flaw("it names a constraint that it does not need"));
                    }
                    ended = !advance(&mut list, &mut open);
                }
            }
        }
        if ended {
            Ok(())
        } else {
            Err(Flaw::Missing(format!("the end of the tree of statement {}", self.root.grant + 1)))
        }
    }
}

/// Goes on to the next tree; `false` when there is none.
fn advance<'p>(list: &mut Vec<Constraint<'p>>, open: &mut Vec<Vec<Constraint<'p>>>) -> bool {
    while let Some(coming) = open.last_mut() {
        list.pop();
        if let Some(next) = coming.pop() {
            list.push(next);
            return true;
        }
        open.pop();
    }
    false
}

/// Are the states the first one and everything that follows from each, and none of them an answer?
fn closed(question: &Question, states: &[State]) -> bool {
    let known: BTreeSet<&State> = states.iter().collect();
    let alphabet = question.alphabet();
    let follow =
        |state: &&State| alphabet.iter().filter_map(|&c| question.step(state, c)).collect::<Vec<_>>();
    let reached: BTreeSet<State> = known.iter().flat_map(follow).chain([question.start()]).collect();
    known.len() == states.len()
        && reached.iter().eq(known.iter().copied())
        && !states.iter().any(|state| question.accepts(state))
}
