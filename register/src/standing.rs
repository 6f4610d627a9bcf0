//! Where declarations stand, many at a time: what others said to them, and to the identities that they name.

use std::collections::{BTreeMap, BTreeSet};

use nhi_identity::{Approval, ObjectKind, Request, Revocation, Standing, Timestamp};

use crate::approval;
use crate::error::RegisterError;
use crate::overdue;
use crate::register::Register;
use crate::request::{self, Found, Writing};
use crate::revocation;
use crate::store::Transaction;
use crate::tables::Key;

/// How many declarations one statement asks for.
pub(crate) const AT_ONCE: usize = 250;

/// What others said to a declaration.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) approvals: Vec<Approval>,
    /// Its own, or that of an identity that it names.
    pub(crate) revocation: Option<Revocation>,
}

/// What others said to a declaration that names these identities.
pub(crate) fn said(
    transaction: &mut Transaction<'_>,
    key: Key<'_>,
    identities: &[String],
) -> Result<Said, RegisterError> {
    let given = approval::given(transaction, key)?;
    let approvals = given.into_iter().map(|given| given.approval).collect();
    let own = revocation::standing(transaction, key)?;
    if own.is_some() {
        return Ok(Said { approvals, revocation: own });
    }
    let asked: Vec<&str> = identities.iter().map(String::as_str).collect();
    let revoked = revocation::of(transaction, (key.0, ObjectKind::Identity), &asked)?;
    Ok(Said { approvals, revocation: through(&revoked, identities) })
}

/// The revocation that ends what names these identities: that of the one that was revoked first.
fn through(revoked: &BTreeMap<String, Revocation>, identities: &[String]) -> Option<Revocation> {
    let all = identities.iter().filter_map(|name| Some((name, revoked.get(name)?)));
    let (name, first) = all.min_by_key(|(_, revocation)| revocation.at)?;
    Some(Revocation { identity: Some(name.clone()), ..first.clone() })
}

/// Where a declaration stands; `None` when there is none.
pub(crate) fn standing(
    transaction: &mut Transaction<'_>,
    (organisation, kind, name): Key<'_>,
    now: Timestamp,
) -> Result<Option<Standing>, RegisterError> {
    Ok(standings(transaction, (organisation, kind), (&[name], now))?.remove(name))
}

/// Where declarations of a kind stand, by their names; those that are not there are left out.
pub(crate) fn standings(
    transaction: &mut Transaction<'_>,
    of: (&str, ObjectKind),
    (names, now): (&[&str], Timestamp),
) -> Result<BTreeMap<String, Standing>, RegisterError> {
    let (organisation, kind) = of;
    let mut all = BTreeMap::new();
    for some in names.chunks(AT_ONCE) {
        all.append(&mut part(transaction, of, (some, now))?);
    }
    if kind == ObjectKind::Identity {
        let strict = overdue::strict_reviews(transaction, organisation)?;
        for (name, standing) in all.iter_mut().filter(|(_, standing)| standing.active()) {
            if let Some(overdue) = overdue::standing(transaction, (organisation, name), (&strict, now))? {
                *standing = overdue;
            }
        }
    }
    Ok(all)
}

/// As many as one statement asks for.
fn part(
    transaction: &mut Transaction<'_>,
    of: (&str, ObjectKind),
    (names, now): (&[&str], Timestamp),
) -> Result<BTreeMap<String, Standing>, RegisterError> {
    let (organisation, _) = of;
    let found = request::find_some(transaction, of, names)?;
    let mut approvals = approval::of(transaction, of, names)?;
    let own = revocation::of(transaction, of, names)?;
    let identities = found.values().flat_map(|found| found.identities.iter().map(String::as_str));
    let identities: Vec<&str> = identities.collect::<BTreeSet<_>>().into_iter().collect();
    let revoked = revocation::of(transaction, (organisation, ObjectKind::Identity), &identities)?;
    // Without an approval nobody need know who asked.
    let approved = found.iter().filter(|(name, _)| approvals.contains_key(*name));
    let versions: Vec<i64> = approved.map(|(_, found)| found.version).collect();
    let mut writings = request::writings(transaction, organisation, &versions)?;
    let mut all = BTreeMap::new();
    for (name, found) in found {
        let revocation = own.get(&name).cloned().or_else(|| through(&revoked, &found.identities));
        let said = Said { approvals: approvals.remove(&name).unwrap_or_default(), revocation };
        let Found { terms, version, .. } = found;
        let unknown = Writing { requester: String::new(), digest: String::new() };
        let Writing { requester, digest } = match writings.remove(&version) {
            Some(writing) => writing,
            None if said.approvals.is_empty() => unknown,
            None => {
                let reason =
                    format!("entry {version} of the audit chain, which wrote {} `{name}`, is missing", of.1);
                return Err(RegisterError::Damaged { place: transaction.place().clone(), reason });
            }
        };
        let request = Request { requester, version, digest, terms };
        let standing = request.standing(&said.approvals, said.revocation.as_ref(), now);
        all.insert(name, standing);
    }
    Ok(all)
}

impl Register {
    /// Where a declaration stands at `now`; `None` when there is none.
    pub fn standing(
        &self,
        kind: ObjectKind,
        name: &str,
        now: Timestamp,
    ) -> Result<Option<Standing>, RegisterError> {
        self.store.read(|transaction| standing(transaction, (self.organisation(), kind, name), now))
    }

    /// Where declarations of a kind stand at `now`, by their names, asked for in a few statements however many they are;
    /// those that are not there are left out.
    pub fn standings(
        &self,
        kind: ObjectKind,
        names: &[&str],
        now: Timestamp,
    ) -> Result<BTreeMap<String, Standing>, RegisterError> {
        self.store.read(|transaction| standings(transaction, (self.organisation(), kind), (names, now)))
    }
}
