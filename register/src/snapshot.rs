//! Everything one organisation keeps, as it was at one moment and as it is written, read in pages.

use crate::chain::{self, Entry, Head, Verification};
use crate::declaration::ObjectKind;
use crate::error::RegisterError;
use crate::facets::Facets;
use crate::reader;
use crate::register::{Register, organisation_of};
use crate::store::Transaction;
use crate::verify;

/// A declaration as its row has it, not interpreted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptBody {
    /// The word of its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The workspace it belongs to.
    pub workspace: String,
    /// What it says, as JSON.
    pub body: String,
    /// The number of the audit entry that created or adopted it.
    pub since: i64,
    /// The number of the audit entry that wrote the body.
    pub version: i64,
    /// 1 once a read has shown it to its workspace.
    pub confirmed: i64,
    /// The manifest that keeps it.
    pub manifest: Option<String>,
}

impl KeptBody {
    /// What of it can be filtered by; `None` where this program cannot read it.
    pub fn facets(&self) -> Option<Facets> {
        let kind = ObjectKind::parse(&self.kind)?;
        reader::read(kind, &self.body).ok().map(|reading| reading.facets)
    }
}

/// A record as its row has it, not interpreted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptRecord {
    /// Its collection.
    pub collection: String,
    /// Its name in the collection.
    pub key: String,
    /// The workspace that wrote it.
    pub workspace: String,
    /// What it says, as JSON.
    pub body: String,
    /// The number of the audit entry that wrote it.
    pub version: i64,
    /// The word of the kind of the declaration it is about.
    pub subject_kind: Option<String>,
    /// The name of that declaration.
    pub subject_name: Option<String>,
    /// When it ends, in microseconds since 1970.
    pub ends: Option<i64>,
}

/// One moment of a register.
pub struct Snapshot<'a, 't> {
    transaction: &'a mut Transaction<'t>,
    organisation: &'a str,
    id: String,
    head: Head,
}

impl std::fmt::Debug for Snapshot<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Snapshot")
            .field("organisation", &self.organisation)
            .field("head", &self.head)
            .finish()
    }
}

impl Register {
    /// Shows everything its organisation keeps as of one moment; others may write meanwhile. `work` may run more than
    /// once: a server may ask for that.
    pub fn snapshot<T>(
        &self,
        mut work: impl FnMut(&mut Snapshot<'_, '_>) -> Result<T, RegisterError>,
    ) -> Result<T, RegisterError> {
        self.store.read(|transaction| {
            let organisation = self.organisation();
            let Some((id, head)) = organisation_of(transaction, organisation)? else {
                let organisation = organisation.to_owned();
                return Err(RegisterError::NoOrganisation {
                    place: transaction.place().clone(),
                    organisation,
                });
            };
            work(&mut Snapshot { transaction, organisation, id, head })
        })
    }
}

impl Snapshot<'_, '_> {
    /// The id of the organisation.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The end of the audit chain.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The next entries of the audit chain after a number, at most so many.
    pub fn entries_after(&mut self, seq: i64, limit: usize) -> Result<Vec<Entry>, RegisterError> {
        chain::entries_after(self.transaction, self.organisation, (seq, limit))
    }

    /// The next declarations after a kind's word and a name, at most so many, in the order of both.
    pub fn bodies_after(
        &mut self,
        (kind, name): (&str, &str),
        limit: usize,
    ) -> Result<Vec<KeptBody>, RegisterError> {
        let sql = "SELECT kind, name, workspace, body, since, version, confirmed, manifest FROM declaration \
                   WHERE organisation = ?1 AND (kind, name) > (?2, ?3) ORDER BY kind, name LIMIT ?4";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self
            .transaction
            .rows(sql, &[self.organisation.into(), kind.into(), name.into(), limit.into()])?;
        let body = |mut row: crate::store::Row| {
            Ok(KeptBody {
                kind: row.text()?,
                name: row.text()?,
                workspace: row.text()?,
                body: row.text()?,
                since: row.integer()?,
                version: row.integer()?,
                confirmed: row.integer()?,
                manifest: row.optional_text()?,
            })
        };
        rows.into_iter().map(body).collect()
    }

    /// The next records after a collection and a key, at most so many, in the order of both.
    pub fn records_after(
        &mut self,
        (collection, key): (&str, &str),
        limit: usize,
    ) -> Result<Vec<KeptRecord>, RegisterError> {
        let sql = "SELECT collection, key, workspace, body, version, subject_kind, subject_name, ends FROM record \
                   WHERE organisation = ?1 AND (collection, key) > (?2, ?3) ORDER BY collection, key LIMIT ?4";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = self
            .transaction
            .rows(sql, &[self.organisation.into(), collection.into(), key.into(), limit.into()])?;
        let record = |mut row: crate::store::Row| {
            Ok(KeptRecord {
                collection: row.text()?,
                key: row.text()?,
                workspace: row.text()?,
                body: row.text()?,
                version: row.integer()?,
                subject_kind: row.optional_text()?,
                subject_name: row.optional_text()?,
                ends: row.optional_integer()?,
            })
        };
        rows.into_iter().map(record).collect()
    }

    /// Does a declaration of this kind and name stand there?
    pub(crate) fn has(&mut self, kind: &str, name: &str) -> Result<bool, RegisterError> {
        let sql = "SELECT name FROM declaration WHERE organisation = ?1 AND kind = ?2 AND name = ?3";
        Ok(self.transaction.row(sql, &[self.organisation.into(), kind.into(), name.into()])?.is_some())
    }

    /// See [`Register::verify`].
    pub fn verify(&mut self) -> Result<Verification, RegisterError> {
        verify::verify(self.transaction, self.organisation, &self.head)
    }
}
