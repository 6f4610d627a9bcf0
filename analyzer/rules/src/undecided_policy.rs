//! `undecided-policy`: a change whose effect could not be settled.

use nhi_analyzer_model::finding::attribute_text;
use nhi_analyzer_model::{Address, FindingKind, Mode, NotUnderstood, Origin, Severity};

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
    let resources = context.resources.iter();
    let open = open.chain(
        resources.filter_map(|change| undecided::of_resource(context.planned, change, "With this change")),
    );
    open.chain(context.not_understood.iter().filter_map(unread)).collect()
}

/// A part that nobody reads, of a type that can carry a grant.
fn unread<'a>(part: &NotUnderstood) -> Option<Draft<'a>> {
    if !part.may_grant {
        return None;
    }
    let origin = part.origin.clone().unwrap_or_else(|| as_written(part));
    let path = attribute_text(&part.attribute).join(".");
    let mut draft = Draft::new(FindingKind::Undecided, Severity::High, origin, Subject::Resource);
    let what = match part.address.as_str() {
        "" => "A part of the plan".to_owned(),
        address => format!("`{address}`"),
    };
    draft.message =
        format!("{what} may carry a grant, and what changes in it was not understood: {}.", part.reason);
    draft.cause = path;
    Some(draft)
}

/// An origin for what has no readable address: it is told under the text the plan has for it.
fn as_written(part: &NotUnderstood) -> Origin {
    let (kind, name) = part.address.split_once('.').unwrap_or(("plan", part.address.as_str()));
    let name = if name.is_empty() { "unreadable" } else { name };
    let address = Address {
        modules: Vec::new(),
        mode: Mode::Managed,
        kind: kind.to_owned(),
        name: name.to_owned(),
        key: None,
    };
    Origin { address, attribute: part.attribute.clone() }
}
