//! `undecided-policy`: a change whose effect could not be settled.

use nhi_analyzer_model::finding::attribute_text;
use nhi_analyzer_model::{FindingKind, NotUnderstood, Severity};

use crate::context::Context;
use crate::draft::{Draft, Subject};
use crate::rule::Rule;
use crate::undecided;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    id: "undecided-policy",
    severity: Severity::High,
    page: include_str!("undecided-policy.md"),
    check,
};

fn check<'a>(context: &'a Context<'a>) -> Vec<Draft<'a>> {
    let principals = context.changes.iter();
    let open = principals.filter_map(|change| undecided::draft(context.planned, change, "With this change"));
    open.chain(context.not_understood.iter().filter_map(unread)).collect()
}

/// A part that nobody reads, of a type that can carry a grant.
fn unread<'a>(part: &NotUnderstood) -> Option<Draft<'a>> {
    let origin = part.origin.clone().filter(|_| part.may_grant)?;
    let path = attribute_text(&part.attribute).join(".");
    let mut draft = Draft::new(FindingKind::Undecided, Severity::High, origin, Subject::Resource);
    draft.message = format!(
        "`{}` may carry a grant, and what changes in it was not understood: {}.",
        part.address, part.reason
    );
    draft.cause = path;
    Some(draft)
}
