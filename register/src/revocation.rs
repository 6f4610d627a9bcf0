//! Revocations: the end of a declaration before its time, on somebody's word, until it is replaced.

use std::collections::BTreeMap;

use nhi_identity::approval::required_remark;
use nhi_identity::{ObjectKind, Revocation};
use serde::{Deserialize, Serialize};

use crate::body;
use crate::error::RegisterError;
use crate::grant::{self, Grant};
use crate::record::{self, Asked, RecordDraft};
use crate::recorded;
use crate::register::Register;
use crate::request;
use crate::standing::AT_ONCE;
use crate::store::{Transaction, Value};
use crate::tables::Key;

/// The collection of their records, and the word for them in the audit chain.
pub(crate) const COLLECTION: &str = "revocation";

/// Kinds that say what somebody may do, and so can be revoked.
pub const REVOCABLE: [ObjectKind; 7] = [
    ObjectKind::Identity,
    ObjectKind::Exception,
    ObjectKind::Federation,
    ObjectKind::Credential,
    ObjectKind::Crossing,
    ObjectKind::Elevation,
    ObjectKind::BreakGlass,
];

/// What came of a revocation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revoked {
    /// It is revoked from now on.
    Now {
        /// The revocation.
        revocation: Revocation,
        /// The grants that it closed.
        closed: Vec<Grant>,
    },
    /// It was revoked before; nothing was changed.
    Before(Revocation),
}

/// How a revocation is kept.
#[derive(Serialize, Deserialize)]
struct Body {
    kind: String,
    name: String,
    by: String,
    source: String,
    at: String,
    reason: String,
    /// The entry that created the declaration: one that was created anew is not revoked.
    created: i64,
}

/// The entries that created declarations last, by their names; those that nothing created are left out.
pub(crate) fn creations(
    transaction: &mut Transaction<'_>,
    (organisation, kind): (&str, ObjectKind),
    names: &[&str],
) -> Result<BTreeMap<String, i64>, RegisterError> {
    let mut created = BTreeMap::new();
    for some in names.chunks(AT_ONCE) {
        let mut values: Vec<Value<'_>> = vec![organisation.into(), kind.word().into()];
        let list = record::places(&mut values, some);
        let sql = format!(
            "SELECT name, max(seq) FROM audit WHERE organisation = ?1 AND object = ?2 AND action = 'create' \
             AND name IN ({list}) GROUP BY name"
        );
        for mut row in transaction.rows(&sql, &values)? {
            created.insert(row.text()?, row.integer()?);
        }
    }
    Ok(created)
}

/// The entry that created a declaration last; zero when none did.
pub(crate) fn created(
    transaction: &mut Transaction<'_>,
    (organisation, kind, name): Key<'_>,
) -> Result<i64, RegisterError> {
    Ok(creations(transaction, (organisation, kind), &[name])?.remove(name).unwrap_or(0))
}

/// Who revoked declarations that are there, by their names, as far as anybody did.
pub(crate) fn of(
    transaction: &mut Transaction<'_>,
    (organisation, kind): (&str, ObjectKind),
    names: &[&str],
) -> Result<BTreeMap<String, Revocation>, RegisterError> {
    let mut records = Vec::new();
    for some in names.chunks(AT_ONCE) {
        let asked = Asked::Subjects(kind, some);
        records.extend(record::records(transaction, (organisation, COLLECTION), asked)?);
    }
    let revoked: Vec<&str> =
        records.iter().filter_map(|record| Some(record.subject.as_ref()?.1.as_str())).collect();
    let created = creations(transaction, (organisation, kind), &revoked)?;
    let mut all = BTreeMap::new();
    for record in &records {
        let Some((_, name)) = &record.subject else { continue };
        let body: Body = recorded::read(record, transaction.place())?;
        if body.created == created.get(name).copied().unwrap_or(0) {
            let at = recorded::time(record, transaction.place(), &body.at)?;
            let revocation = Revocation { by: body.by, at, reason: body.reason, identity: None };
            all.insert(name.clone(), revocation);
        }
    }
    Ok(all)
}

/// Who revoked a declaration that is there, if anybody did.
pub(crate) fn standing(
    transaction: &mut Transaction<'_>,
    (organisation, kind, name): Key<'_>,
) -> Result<Option<Revocation>, RegisterError> {
    Ok(of(transaction, (organisation, kind), &[name])?.remove(name))
}

impl Register {
    /// Revokes a declaration: from now on it is not active, until it is removed and declared anew, and neither is what names
    /// a revoked identity. Whoever may write may revoke: taking away is not what needs four eyes.
    pub fn revoke(&self, kind: ObjectKind, name: &str, reason: &str) -> Result<Revoked, RegisterError> {
        let violations = required_remark("reason", reason);
        if !violations.is_empty() {
            return Err(RegisterError::Rules(violations));
        }
        if !REVOCABLE.contains(&kind) {
            return Err(RegisterError::NotRevocable { kind, name: name.to_owned() });
        }
        self.together(|writing| {
            let session = writing.session().clone();
            let key = (session.organisation.as_str(), kind, name);
            request::require(writing.transaction, key)?;
            if let Some(before) = standing(writing.transaction, key)? {
                return Ok(Revoked::Before(before));
            }
            let at = writing.now();
            let body = Body {
                kind: kind.word().to_owned(),
                name: name.to_owned(),
                by: session.actor.name.clone(),
                source: session.actor.source.clone(),
                at: at.to_string(),
                reason: reason.to_owned(),
                created: created(writing.transaction, key)?,
            };
            writing.put_record(&RecordDraft {
                collection: COLLECTION,
                key: &format!("{}/{name}", kind.word()),
                action: "revoke",
                body: &body::text(&body),
                subject: Some((kind, name)),
                ends: None,
            })?;
            let closed = grant::close_all(writing, (kind, name))?;
            let revocation = Revocation { by: body.by, at, reason: body.reason, identity: None };
            Ok(Revoked::Now { revocation, closed })
        })
    }

    /// Who revoked a declaration that is there, if anybody did.
    pub fn revocation(&self, kind: ObjectKind, name: &str) -> Result<Option<Revocation>, RegisterError> {
        self.store.read(|transaction| standing(transaction, (self.organisation(), kind, name)))
    }
}
