//! The difference of two worlds with holes: an example for each value first, then a proof for all of them.
//!
//! What is found with values put in is found for certain, and the plain evaluator has confirmed it with the same values
//! on both sides. Nothing is called impossible on the strength of examples: for that, each hole is read as a character
//! that nothing else spells, or as anything where that would not be safe.

use std::collections::BTreeSet;

use super::assignment::{self, Assignment};
use super::candidates::{self, Candidates};
use super::{Hole, told};
use crate::comparison::{Newly, StatementRef, Undecided, Verdict};
use crate::difference::Question;
use crate::world::Content;

/// References that a reason names at most.
const NAMED: usize = 3;

pub(crate) fn answer(question: &Question<'_>) -> Newly {
    let holes = assignment::holes(question.before, question.after);
    if holes.is_empty() {
        return question.plain();
    }
    let candidates = Candidates::new(question.before, question.after, &holes);
    let mut work = Work { question, found: Newly::default(), told: BTreeSet::new() };
    let fresh = candidates.fresh();
    if let Some(values) = candidates.widest(&fresh) {
        work.put(&values, &fresh, Work::does_what_a_hole_says);
    }
    for values in &fresh {
        work.put(values, &fresh, |_, _| true);
    }
    let proof = question.plain();
    if work.open(&proof).next().is_some() {
        for values in candidates.aligned(&fresh) {
            work.put(&values, &fresh, |_, _| true);
            if work.open(&proof).next().is_none() {
                break;
            }
        }
    }
    let undecided: BTreeSet<Undecided> = work.open(&proof).map(|reason| work.named(reason)).collect();
    let mut found = work.found;
    found.new.sort_by_key(|region| std::cmp::Reverse(crate::weight::weigh(region)));
    found.new.truncate(question.settings.regions);
    found.undecided = undecided.into_iter().collect();
    found.verdict = if !found.new.is_empty() {
        Verdict::NewAccess
    } else if !found.undecided.is_empty() {
        Verdict::Undecided
    } else {
        Verdict::NoNewAccess
    };
    found
}

struct Work<'q, 'w> {
    question: &'q Question<'w>,
    found: Newly,
    /// The statements that something was found for.
    told: BTreeSet<StatementRef>,
}

impl Work<'_, '_> {
    /// Compares the worlds with these values, and keeps what no earlier values showed of the statements asked for.
    fn put(
        &mut self,
        values: &Assignment,
        fresh: &[Assignment],
        asked: impl Fn(&Self, &StatementRef) -> bool,
    ) {
        let question = self.question;
        let (before, after) =
            (assignment::filled(question.before, values), assignment::filled(question.after, values));
        let exact = Question { before: &before, after: &after, ..*question }.plain();
        self.found.mismatches += exact.mismatches;
        let words = told::Words::new([question.before, question.after], values);
        let mut told = BTreeSet::new();
        for region in exact.new {
            if !self.told.contains(&region.granted_by) && asked(self, &region.granted_by) {
                told.insert(region.granted_by.clone());
                let usual = |hole: &Hole| {
                    fresh.first().and_then(|usual| usual.get(&hole.reference)) == values.get(&hole.reference)
                };
                let (usual, chosen) = self.references(None).into_iter().partition(usual);
                self.found.new.push(words.restored(region, usual, chosen));
            }
        }
        self.told.extend(told);
    }

    fn does_what_a_hole_says(&self, by: &StatementRef) -> bool {
        let documents = self.question.after.layers.iter().flat_map(|layer| &layer.documents);
        documents.filter(|document| document.id == by.document).any(|document| match &document.content {
            Content::Aws(policy) => policy
                .statements
                .get(by.statement)
                .is_some_and(|statement| candidates::actions_of(statement).next().is_some()),
            Content::Unknown(_) => false,
        })
    }

    /// What the proof leaves open and no example has settled.
    fn open<'p>(&'p self, proof: &'p Newly) -> impl Iterator<Item = Undecided> + 'p {
        let new = proof.new.iter().map(|region| Undecided::Statement {
            statement: region.granted_by.clone(),
            reason: DEPENDS.to_owned(),
        });
        new.chain(proof.undecided.iter().cloned()).filter(|reason| match reason {
            Undecided::Statement { statement, .. } | Undecided::Budget { statement, .. } => {
                !self.told.contains(statement)
            }
            Undecided::Document { .. } => true,
        })
    }

    /// The holes of a statement of either world, or of all.
    fn references(&self, of: Option<&StatementRef>) -> Vec<Hole> {
        let worlds = [self.question.before, self.question.after];
        let documents = worlds.iter().flat_map(|world| &world.layers).flat_map(|layer| &layer.documents);
        let mut holes = Vec::new();
        for document in documents {
            let Content::Aws(policy) = &document.content else { continue };
            for (index, statement) in policy.statements.iter().enumerate() {
                if of.is_none_or(|of| of.document == document.id && of.statement == index) {
                    holes.extend(statement.items().flat_map(crate::dialect::aws::Item::holes).cloned());
                }
            }
        }
        holes.sort();
        holes.dedup();
        holes
    }

    /// The reason with the references that it hangs on.
    fn named(&self, reason: Undecided) -> Undecided {
        let Undecided::Statement { statement, reason } = reason else { return reason };
        let mut holes = self.references(Some(&statement));
        if holes.is_empty() && reason.starts_with(DEPENDS) {
            holes = self.references(None);
        }
        let mut names: Vec<String> = holes.iter().map(|hole| format!("`{}`", hole.reference)).collect();
        names.dedup();
        let reason = match names.split_at_checked(NAMED) {
            _ if names.is_empty() => reason,
            Some((first, rest)) if !rest.is_empty() => {
                format!("{DEPENDS} of {} and {} more, only known after apply", first.join(", "), rest.len())
            }
            _ => format!("{DEPENDS} of {}, only known after apply", names.join(" and ")),
        };
        Undecided::Statement { statement, reason }
    }
}

/// How reasons begin that name a value.
const DEPENDS: &str = "it depends on the value";
