//! The walk along an audit chain: what does not fit, and where.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::chain::{self, Fault, Head, REGISTER, Verification};
use crate::error::RegisterError;
use crate::store::Transaction;

/// How many entries or rows are held at once.
const PAGE: usize = 2000;

/// What the chain says was written last: object and name, and a digest of the workspace and the body.
type Declared = BTreeMap<(String, String), [u8; 32]>;

/// Walks the chain of an organisation and compares what it says with what is there. Runs on one snapshot.
pub(crate) fn verify(
    transaction: &mut Transaction<'_>,
    organisation: &str,
    written: &Head,
) -> Result<Verification, RegisterError> {
    let mut faults = Vec::new();
    let mut declared = Declared::new();
    let mut end = Head::default();
    let mut count = 0;
    loop {
        let entries = chain::entries_after(transaction, organisation, (end.seq, PAGE))?;
        for entry in &entries {
            if entry.seq != end.seq + 1 {
                faults.push(Fault::Missing(end.seq + 1, entry.seq - 1));
            } else if entry.previous != end.hash {
                faults.push(Fault::Unlinked(entry.seq));
            }
            if entry.hash != entry.expected_hash() {
                faults.push(Fault::Edited(entry.seq));
            }
            let key = (entry.object.clone(), entry.name.clone());
            match &entry.after {
                Some(after) => drop(declared.insert(key, digest(&entry.workspace, after))),
                None => drop(declared.remove(&key)),
            }
            end = Head { seq: entry.seq, hash: entry.hash.clone() };
        }
        count += entries.len();
        if entries.len() < PAGE {
            break;
        }
    }
    if end.seq < written.seq {
        faults.push(Fault::Shortened(end.seq, written.seq));
    } else if end.hash != written.hash {
        faults.push(Fault::Replaced(end.seq));
    }
    for forged in chain::forged(transaction, organisation, PAGE)? {
        // What was edited afterwards need not name whom it named when it was written.
        let edited = matches!(&forged, Fault::Forged { seq, .. } if faults.contains(&Fault::Edited(*seq)));
        if !edited {
            faults.push(forged);
        }
    }
    declared.retain(|(object, _), _| object != REGISTER);
    faults.extend(differences(transaction, organisation, declared)?);
    Ok(Verification { entries: count, number: end.seq, head: end.hash, faults })
}

fn digest(workspace: &str, body: &str) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update((workspace.len() as u64).to_be_bytes());
    hasher.update(workspace.as_bytes());
    hasher.update(body.as_bytes());
    hasher.finalize().into()
}

/// The tables that hold what the chain tells of, each with its first two key columns after the organisation.
const KEPT: [&str; 2] = [
    "SELECT kind, name, workspace, body FROM declaration WHERE organisation = ?1 AND (kind, name) > (?2, ?3) \
     ORDER BY kind, name LIMIT ?4",
    "SELECT collection, key, workspace, body FROM record WHERE organisation = ?1 AND (collection, key) > (?2, ?3) \
     ORDER BY collection, key LIMIT ?4",
];

fn differences(
    transaction: &mut Transaction<'_>,
    organisation: &str,
    mut declared: Declared,
) -> Result<Vec<Fault>, RegisterError> {
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX);
    let mut odd = Vec::new();
    for sql in KEPT {
        let mut last = (String::new(), String::new());
        loop {
            let values = [organisation.into(), (&last.0).into(), (&last.1).into(), limit.into()];
            let rows = transaction.rows(sql, &values)?;
            let full = rows.len() == PAGE;
            for mut row in rows {
                let key = (row.text()?, row.text()?);
                let (workspace, body) = (row.text()?, row.text()?);
                if declared.remove(&key) != Some(digest(&workspace, &body)) {
                    odd.push(key.clone());
                }
                last = key;
            }
            if !full {
                break;
            }
        }
    }
    odd.extend(declared.into_keys());
    Ok(odd.into_iter().map(|(object, name)| Fault::Declaration { object, name }).collect())
}
