//! `exception-without-end`: an exception that nobody will ever have to renew.

use nhi_analyzer_model::{DeclaredException, FindingKind, Known, Severity};

use crate::context::Context;
use crate::declared::is;
use crate::draft::{Draft, Subject};
use crate::rule::Rule;

/// The rule.
pub(crate) static RULE: Rule = Rule {
    id: "exception-without-end",
    severity: Severity::Medium,
    page: include_str!("exception-without-end.md"),
    check,
};

fn check<'a>(context: &'a Context<'a>) -> Vec<Draft<'a>> {
    let before = &context.planned.before.declarations.exceptions;
    let endless = context.planned.after.declarations.exceptions.iter().filter(|one| never_ends(one));
    endless
        .filter(|exception| !before.iter().any(|one| never_ends(one) && same(one, exception)))
        .filter_map(|exception| {
            let origin = exception.origin.clone()?;
            let name = is(&exception.name).map_or_else(|| origin.address.to_string(), Clone::clone);
            let identity = is(&exception.identity).and_then(|one| one.as_deref());
            let subject = identity
                .and_then(|name| context.declared.identity(name))
                .map_or(Subject::Resource, Subject::Identity);
            let mut draft = Draft::new(FindingKind::Exception, Severity::Medium, origin, subject);
            draft.message = format!(
                "The exception `{name}` has neither `expires_at` nor `valid_for`: it never ends, and so it permits nothing here."
            );
            draft.cause = name;
            Some(draft)
        })
        .collect()
}

/// Only what is known to have no end; an end that is known after apply is an end.
fn never_ends(exception: &DeclaredException) -> bool {
    exception.expires_at == Known::Is(None) && exception.valid_for == Known::Is(None)
}

fn same(one: &DeclaredException, other: &DeclaredException) -> bool {
    one.origin == other.origin || (is(&one.name).is_some() && one.name == other.name)
}
