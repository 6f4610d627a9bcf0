//! Declarations as approvals see them: who asked for what, whatever kind it is.

use std::collections::BTreeMap;

use nhi_identity::{
    BreakGlass, Credential, Crossing, Elevation, End, Exception, Federation, Freeze, Moment, Name,
    ObjectKind, Request, Terms,
};
use sha2::{Digest as _, Sha256};

use crate::chain;
use crate::declaration::Declaration;
use crate::error::RegisterError;
use crate::record;
use crate::store::{Transaction, Value};
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
    /// The identities that it names: revoked with one of them.
    pub(crate) identities: Vec<String>,
}

/// What a body says about approvals and its own time, and which identities it names.
fn terms(kind: ObjectKind, body: &str) -> Result<(Terms, Vec<String>), String> {
    let none = Vec::new;
    let one = |identity: &Name| vec![identity.to_string()];
    Ok(match kind {
        ObjectKind::Freeze => {
            let freeze = Freeze::from_body(body)?;
            let begins = Some(freeze.starts_at.at());
            (Terms { begins, ends: Some(freeze.ends_at.at()), ..Terms::default() }, none())
        }
        ObjectKind::Exception => {
            let exception = Exception::from_body(body)?;
            (exception.terms(), one(&exception.identity))
        }
        ObjectKind::Credential => {
            let credential = Credential::from_body(body)?;
            let end = credential.end.as_ref().and_then(End::moment).map(Moment::at);
            (Terms::default().until(end), one(&credential.identity))
        }
        ObjectKind::Crossing => {
            let crossing = Crossing::from_body(body)?;
            (crossing.terms(), crossing.identities.iter().map(ToString::to_string).collect())
        }
        ObjectKind::Elevation => {
            let elevation = Elevation::from_body(body)?;
            (elevation.terms(), elevation.identities().map(ToString::to_string).collect())
        }
        ObjectKind::Federation => {
            let federation = Federation::from_body(body)?;
            (Terms::default(), federation.identity.iter().map(ToString::to_string).collect())
        }
        ObjectKind::BreakGlass => (Terms::default(), one(&BreakGlass::from_body(body)?.identity)),
        _ => (Terms::default(), none()),
    })
}

/// One declaration; `None` when there is none.
pub(crate) fn find(
    transaction: &mut Transaction<'_>,
    (organisation, kind, name): Key<'_>,
) -> Result<Option<Found>, RegisterError> {
    Ok(find_some(transaction, (organisation, kind), &[name])?.remove(name))
}

/// Those of some declarations that are there, by their names.
pub(crate) fn find_some(
    transaction: &mut Transaction<'_>,
    (organisation, kind): (&str, ObjectKind),
    names: &[&str],
) -> Result<BTreeMap<String, Found>, RegisterError> {
    let mut values: Vec<Value<'_>> = vec![organisation.into(), kind.word().into()];
    let list = record::places(&mut values, names);
    let sql = format!(
        "SELECT name, body, version, workspace FROM declaration WHERE organisation = ?1 AND kind = ?2 AND name IN ({list})"
    );
    let mut found = BTreeMap::new();
    for mut row in transaction.rows(&sql, &values)? {
        let (name, body, version, workspace) = (row.text()?, row.text()?, row.integer()?, row.text()?);
        let (terms, identities) = terms(kind, &body).map_err(|problem| RegisterError::Damaged {
            place: transaction.place().clone(),
            reason: format!("{kind} `{name}` cannot be read: {problem}"),
        })?;
        found.insert(name, Found { terms, version, workspace, identities });
    }
    Ok(found)
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
    let Writing { requester, digest } = writing(entry.actor, &entry.source, entry.after.as_deref());
    Ok(Request { requester, version, digest, terms: found.terms })
}

/// Who wrote a declaration, and a digest of what.
#[derive(Debug)]
pub(crate) struct Writing {
    pub(crate) requester: String,
    pub(crate) digest: String,
}

fn writing(actor: String, source: &str, after: Option<&str>) -> Writing {
    let requester = if source == "none" { String::new() } else { actor };
    Writing { requester, digest: digest(after.unwrap_or_default()) }
}

/// Who wrote declarations, by the entries that did; an entry that is missing is left out.
pub(crate) fn writings(
    transaction: &mut Transaction<'_>,
    organisation: &str,
    versions: &[i64],
) -> Result<BTreeMap<i64, Writing>, RegisterError> {
    let mut all = BTreeMap::new();
    if versions.is_empty() {
        return Ok(all);
    }
    let mut values: Vec<Value<'_>> = vec![organisation.into()];
    let list = record::places(&mut values, versions);
    let sql =
        format!("SELECT seq, actor, source, after FROM audit WHERE organisation = ?1 AND seq IN ({list})");
    for mut row in transaction.rows(&sql, &values)? {
        let (seq, actor, source, after) = (row.integer()?, row.text()?, row.text()?, row.optional_text()?);
        all.insert(seq, writing(actor, &source, after.as_deref()));
    }
    Ok(all)
}

/// SHA-256 of a body, in hexadecimal.
fn digest(body: &str) -> String {
    Sha256::digest(body.as_bytes())
        .iter()
        .fold(String::with_capacity(64), |hex, byte| hex + &format!("{byte:02x}"))
}
