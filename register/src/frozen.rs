//! What freezes keep out: asked of everything new, with the freezes that the register has at that moment.

use nhi_identity::{AttributePath, Freeze, Identity, Newcomer, Timestamp, Violation};

use crate::chain;
use crate::declaration::Declaration;
use crate::error::RegisterError;
use crate::query::{self, Filter};
use crate::store::Transaction;
use crate::tables;

/// What the freezes of the organisation say at `now` against keeping `asked`, which was `before` until now. An identity
/// that nobody declared is in no scope.
pub(crate) fn kept_out<T: Declaration>(
    transaction: &mut Transaction<'_>,
    (organisation, now): (&str, Timestamp),
    (before, asked): (Option<&T>, &T),
) -> Result<Vec<Violation>, RegisterError> {
    let Some(arrival) = asked.newcomer(before) else { return Ok(Vec::new()) };
    let freezes = query::find::<Freeze>(transaction, organisation, &Filter::default(), (None, usize::MAX))?;
    if freezes.is_empty() {
        return Ok(Vec::new());
    }
    let found = tables::find::<Identity>(transaction, (organisation, arrival.identity.as_str()))?;
    let Some(identity) = found.map(|stored| stored.kept.declaration) else { return Ok(Vec::new()) };
    let newcomer = Newcomer { what: arrival.what, identity: &identity, used_for: arrival.used_for };
    let mut refusals = Vec::new();
    for freeze in freezes.iter().filter(|freeze| freeze.declaration.keeps_out(&newcomer, now)) {
        let entry = chain::entry(transaction, organisation, freeze.version)?;
        let declared_by = entry.map_or_else(|| freeze.workspace.clone(), |entry| entry.actor);
        let path = AttributePath::of("identity");
        refusals.push(freeze.declaration.refusal(&newcomer, (&path, &declared_by)));
    }
    Ok(refusals)
}
