//! `drift-widened`: somebody allowed more outside of Terraform, and no plan was ever reviewed for it.

use nhi_analyzer_model::{FindingKind, Severity};

use crate::context::Context;
use crate::draft::Draft;
use crate::rule::Rule;
use crate::widened::{self, Aspect};
use crate::{resource_access, static_credential, undecided};

/// The rule.
pub(crate) static RULE: Rule =
    Rule { id: "drift-widened", severity: Severity::Critical, page: include_str!("drift-widened.md"), check };

fn check<'a>(context: &'a Context<'a>) -> Vec<Draft<'a>> {
    let Some((delta, changes)) = &context.drift else { return Vec::new() };
    let mut drafts = Vec::new();
    for change in changes {
        if let Some(compared) = &change.permissions {
            drafts.extend(widened::drafts(delta, change, compared, Aspect::Permissions(FindingKind::Drift)));
        }
        if let Some(compared) = &change.trust {
            drafts.extend(widened::drafts(delta, change, compared, Aspect::Trust(FindingKind::Drift)));
        }
        drafts.extend(undecided::draft(delta, change, "After a change outside of Terraform"));
    }
    for change in &context.drifted_resources {
        drafts.extend(resource_access::drafts(delta, change, FindingKind::Drift));
        drafts.extend(undecided::of_resource(delta, change, "After a change outside of Terraform"));
    }
    drafts.extend(static_credential::enabled_again(delta));
    drafts
}
