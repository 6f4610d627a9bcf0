//! Constraints on requests, and whether some of one dimension cannot hold together.

use super::{Constraint, What};
use crate::dialect::aws::{Element, Principals};
use crate::evaluate::condition::{self, Asked};
use crate::evaluate::matching;
use crate::evaluate::reading::{Reader, every_action};
use crate::evaluate::texts::Question;

/// Can these constraints of one dimension not hold together? A question says that states have to show it.
pub(super) fn refuted(core: &[Constraint<'_>], reader: &mut Reader) -> Result<bool, Question> {
    let alike = |a: &Constraint<'_>, b: &Constraint<'_>| {
        a.what == b.what && (a.policy.kind, a.policy.variables) == (b.policy.kind, b.policy.variables)
    };
    if core.iter().any(|one| core.iter().any(|other| one.holds && !other.holds && alike(one, other))) {
        return Ok(true);
    }
    let (mut question, mut exact) = (Question::default(), false);
    let (mut wanted, mut unwanted, mut asked) = (Vec::new(), Vec::new(), Vec::new());
    for Constraint { policy, what, holds } in core {
        let (patterns, inside) = match what {
            What::AnyAction => (every_action(policy.kind), true),
            What::Always => (reader.always(policy.kind), true),
            What::Actions(element) => (Reader::actions(element), matches!(element, Element::In(_))),
            What::Resources(element) => {
                (reader.resources(policy, element), matches!(element, Element::In(_)))
            }
            What::Principals(principals) => {
                let inside = !matches!(principals, Principals::NotIn(_));
                if inside == *holds { &mut wanted } else { &mut unwanted }.push(principals.items());
                continue;
            }
            What::Condition(condition) => {
                asked.push((*condition, policy.variables, *holds));
                continue;
            }
        };
        question.put(patterns, inside == *holds);
    }
    match core.first().map(|one| one.what) {
        Some(What::Principals(_)) => return Ok(matching::nobody(&wanted, &unwanted)),
        Some(What::Condition(_)) => match condition::ask(&asked, reader.reading) {
            Asked::Refuted => return Ok(true),
            Asked::Open => return Ok(false),
            Asked::Texts => {
                for (condition, variables, holds) in
                    asked.into_iter().filter(|(one, ..)| condition::is_text(one))
                {
                    let parts = condition::Parts::of(condition);
                    let (folded, inside) = (parts.base.ends_with("ignorecase"), holds != parts.negated);
                    question.folded |= folded;
                    exact |= !folded && !inside;
                    question.put(reader.values(condition, variables), inside);
                }
                // Read without regard to case, a pattern to be escaped would take more than it does.
                if question.folded && exact {
                    return Ok(false);
                }
            }
        },
        Some(_) => {}
        None => return Ok(false),
    }
    question.counted_out()
}
