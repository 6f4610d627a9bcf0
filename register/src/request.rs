//! Declarations as approvals see them: who asked for what, whatever kind it is, and what others said to it.

use nhi_identity::{
    Approval, Credential, Crossing, Elevation, End, Exception, Freeze, Moment, ObjectKind, Request,
    Revocation, Standing, Terms, Timestamp,
};
use sha2::{Digest as _, Sha256};

use crate::approval;
use crate::chain;
use crate::declaration::Declaration;
use crate::error::RegisterError;
use crate::overdue;
use crate::revocation;
use crate::store::Transaction;
use crate::tables::Key;

/// Kinds that others have to approve.
pub const APPROVED: [ObjectKind; 3] = [ObjectKind::Exception, ObjectKind::Crossing, ObjectKind::Elevation];

/// A declaration, of whatever kind.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) terms: Terms,
    /// The entry that wrote its body.
    pub(crate) version: i64,
    pub(crate) workspace: String,
}

fn terms(kind: ObjectKind, body: &str) -> Result<Terms, String> {
    Ok(match kind {
        ObjectKind::Freeze => {
            let freeze = Freeze::from_body(body)?;
            let begins = Some(freeze.starts_at.at());
            Terms { begins, ends: Some(freeze.ends_at.at()), ..Terms::default() }
        }
        ObjectKind::Exception => Exception::from_body(body)?.terms(),
        ObjectKind::Credential => {
            let credential = Credential::from_body(body)?;
            Terms::default().until(credential.end.as_ref().and_then(End::moment).map(Moment::at))
        }
        ObjectKind::Crossing => Crossing::from_body(body)?.terms(),
        ObjectKind::Elevation => Elevation::from_body(body)?.terms(),
        _ => Terms::default(),
    })
}

/// One declaration; `None` when there is none.
pub(crate) fn find(
    transaction: &mut Transaction<'_>,
    (organisation, kind, name): Key<'_>,
) -> Result<Option<Found>, RegisterError> {
    let sql = "SELECT body, version, workspace FROM declaration WHERE organisation = ?1 AND kind = ?2 AND name = ?3";
    let row = transaction.row(sql, &[organisation.into(), kind.word().into(), name.into()])?;
    let Some(mut row) = row else { return Ok(None) };
    let (body, version, workspace) = (row.text()?, row.integer()?, row.text()?);
    let terms = terms(kind, &body).map_err(|problem| RegisterError::Damaged {
        place: transaction.place().clone(),
        reason: format!("{kind} `{name}` cannot be read: {problem}"),
    })?;
    Ok(Some(Found { terms, version, workspace }))
}

/// One declaration; that there is none is an error.
pub(crate) fn require(transaction: &mut Transaction<'_>, key: Key<'_>) -> Result<Found, RegisterError> {
    let (_, kind, name) = key;
    find(transaction, key)?.ok_or_else(|| RegisterError::NotDeclared { kind, name: name.to_owned() })
}

/// What was asked for, and by whom: the entry that wrote the declaration says it.
pub(crate) fn request(
    transaction: &mut Transaction<'_>,
    (organisation, kind, name): Key<'_>,
    found: Found,
) -> Result<Request, RegisterError> {
    let version = found.version;
    let Some(entry) = chain::entry(transaction, organisation, version)? else {
        let reason = format!("entry {version} of the audit chain, which wrote {kind} `{name}`, is missing");
        return Err(RegisterError::Damaged { place: transaction.place().clone(), reason });
    };
    let requester = if entry.source == "none" { String::new() } else { entry.actor };
    let digest = digest(entry.after.as_deref().unwrap_or_default());
    Ok(Request { requester, version, digest, terms: found.terms })
}

/// SHA-256 of a body, in hexadecimal.
fn digest(body: &str) -> String {
    Sha256::digest(body.as_bytes())
        .iter()
        .fold(String::with_capacity(64), |hex, byte| hex + &format!("{byte:02x}"))
}

/// What others said to a declaration.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) approvals: Vec<Approval>,
    pub(crate) revocation: Option<Revocation>,
}

/// What others said to a declaration.
pub(crate) fn said(transaction: &mut Transaction<'_>, key: Key<'_>) -> Result<Said, RegisterError> {
    let given = approval::given(transaction, key)?;
    let approvals = given.into_iter().map(|given| given.approval).collect();
    Ok(Said { approvals, revocation: revocation::standing(transaction, key)? })
}

/// Where a declaration stands; `None` when there is none.
pub(crate) fn standing(
    transaction: &mut Transaction<'_>,
    key: Key<'_>,
    now: Timestamp,
) -> Result<Option<Standing>, RegisterError> {
    let Some(found) = find(transaction, key)? else { return Ok(None) };
    let said = said(transaction, key)?;
    // Without an approval nobody need know who asked.
    let request = if said.approvals.is_empty() {
        let (requester, digest) = (String::new(), String::new());
        Request { requester, version: found.version, digest, terms: found.terms }
    } else {
        request(transaction, key, found)?
    };
    let standing = request.standing(&said.approvals, said.revocation.as_ref(), now);
    let (organisation, kind, name) = key;
    if kind == ObjectKind::Identity && standing.active() {
        return Ok(overdue::standing(transaction, (organisation, name), now)?.or(Some(standing)));
    }
    Ok(Some(standing))
}
