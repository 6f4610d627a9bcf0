//! `trust-widened`: more callers may become a principal than before.

use nhi_analyzer_model::{FindingKind, IdentityProvider, Severity};

use crate::context::Context;
use crate::declared::is;
use crate::draft::{Draft, Subject};
use crate::rule::Rule;
use crate::widened::{self, Aspect};

/// The rule.
pub(crate) static RULE: Rule =
    Rule { id: "trust-widened", severity: Severity::Critical, page: include_str!("trust-widened.md"), check };

fn check<'a>(context: &'a Context<'a>) -> Vec<Draft<'a>> {
    let mut drafts = Vec::new();
    for change in &context.changes {
        let Some(compared) = &change.trust else { continue };
        drafts.extend(widened::drafts(context.planned, change, compared, Aspect::Trust(FindingKind::Trust)));
    }
    let before = &context.planned.before.identity_providers;
    drafts.extend(
        context.planned.after.identity_providers.iter().filter_map(|provider| audiences(before, provider)),
    );
    drafts
}

/// A provider that takes more audiences: every trust that names it and asks for none is wider.
fn audiences<'a>(before: &[IdentityProvider], provider: &'a IdentityProvider) -> Option<Draft<'a>> {
    let same = |one: &&IdentityProvider| {
        one.origin == provider.origin || (one.arn.is_some() && one.arn == provider.arn)
    };
    let before = is(&before.iter().find(same)?.audiences)?;
    let new: Vec<&str> =
        is(&provider.audiences)?.iter().filter(|one| !before.contains(one)).map(String::as_str).collect();
    if new.is_empty() {
        return None;
    }
    let mut draft =
        Draft::new(FindingKind::Trust, Severity::Medium, provider.origin.clone(), Subject::Resource);
    let url = is(&provider.url).map_or("the provider", String::as_str);
    draft.message = format!("Tokens of `{url}` are now taken for `{}` as well.", new.join("`, `"));
    draft.cause = format!("{url}\n{}", new.join("\n"));
    Some(draft)
}
