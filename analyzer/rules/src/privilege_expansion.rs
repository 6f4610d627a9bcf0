//! `privilege-expansion`: a principal may do more than before.

use nhi_analyzer_model::{FindingKind, Severity};

use crate::context::Context;
use crate::draft::Draft;
use crate::rule::Rule;
use crate::widened::{self, Aspect};

/// The rule.
pub(crate) static RULE: Rule = Rule {
    id: "privilege-expansion",
    severity: Severity::Critical,
    page: include_str!("privilege-expansion.md"),
    check,
};

fn check<'a>(context: &'a Context<'a>) -> Vec<Draft<'a>> {
    let mut drafts = Vec::new();
    for change in &context.changes {
        let Some(compared) = &change.permissions else { continue };
        drafts.extend(widened::drafts(
            context.planned,
            change,
            compared,
            Aspect::Permissions(FindingKind::Expansion),
        ));
    }
    drafts
}
