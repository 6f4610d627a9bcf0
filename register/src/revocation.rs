//! Revocations: the end of a declaration before its time, on somebody's word, until it is replaced.

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
use crate::store::Transaction;
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

/// The entry that created a declaration last; zero when none did.
pub(crate) fn created(
    transaction: &mut Transaction<'_>,
    (organisation, kind, name): Key<'_>,
) -> Result<i64, RegisterError> {
    let sql = "SELECT seq FROM audit WHERE organisation = ?1 AND object = ?2 AND name = ?3 AND action = 'create' \
               ORDER BY seq DESC LIMIT 1";
    let row = transaction.row(sql, &[organisation.into(), kind.word().into(), name.into()])?;
    row.map_or(Ok(0), |mut row| row.integer())
}

/// Who revoked a declaration that is there, if anybody did.
pub(crate) fn standing(
    transaction: &mut Transaction<'_>,
    key: Key<'_>,
) -> Result<Option<Revocation>, RegisterError> {
    let (organisation, kind, name) = key;
    let asked = Asked::Subject(kind, name);
    let Some(record) = record::records(transaction, (organisation, COLLECTION), asked)?.into_iter().next()
    else {
        return Ok(None);
    };
    let body: Body = recorded::read(&record, transaction.place())?;
    if body.created != created(transaction, key)? {
        return Ok(None);
    }
    let at = recorded::time(&record, transaction.place(), &body.at)?;
    Ok(Some(Revocation { by: body.by, at, reason: body.reason }))
}

impl Register {
    /// Revokes a declaration: from now on it is not active, until it is removed and declared anew. Whoever may write may
    /// revoke: taking away is not what needs four eyes.
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
            let revocation = Revocation { by: body.by, at, reason: body.reason };
            Ok(Revoked::Now { revocation, closed })
        })
    }

    /// Who revoked a declaration that is there, if anybody did.
    pub fn revocation(&self, kind: ObjectKind, name: &str) -> Result<Option<Revocation>, RegisterError> {
        self.store.read(|transaction| standing(transaction, (self.organisation(), kind, name)))
    }
}
