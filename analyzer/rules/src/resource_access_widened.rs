//! `resource-access-widened`: somebody may do more on a resource, by the resource's own policy.

use nhi_analyzer_model::{FindingKind, Severity};

use crate::context::Context;
use crate::draft::Draft;
use crate::resource_access;
use crate::rule::Rule;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    id: "resource-access-widened",
    severity: Severity::Critical,
    page: include_str!("resource-access-widened.md"),
    check,
};

fn check<'a>(context: &'a Context<'a>) -> Vec<Draft<'a>> {
    let drafts = |change| resource_access::drafts(context.planned, change, FindingKind::Expansion);
    context.resources.iter().flat_map(drafts).collect()
}
