//! Records: rows beside declarations (approvals, grants, attestations and their like), each written with an entry of
//! its own in the audit chain.

use nhi_identity::Timestamp;

use crate::declaration::ObjectKind;
use crate::error::RegisterError;
use crate::store::{Row, Transaction, Value};
use crate::writing::Writing;

/// A row beside declarations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its collection: `approval`, `grant` and so on. No kind of declaration has the same word.
    pub collection: String,
    /// Its name in the collection.
    pub key: String,
    /// The workspace that wrote it.
    pub workspace: String,
    /// What it says, as JSON.
    pub body: String,
    /// The number of the audit entry that wrote it last.
    pub version: i64,
    /// The declaration it is about.
    pub subject: Option<(ObjectKind, String)>,
    /// When it ends.
    pub ends: Option<Timestamp>,
}

/// A record that is to be written.
#[derive(Clone, Copy, Debug)]
pub struct RecordDraft<'a> {
    /// See [`Record::collection`].
    pub collection: &'a str,
    /// See [`Record::key`].
    pub key: &'a str,
    /// The word of the audit entry: `approve`, `revoke` and so on.
    pub action: &'a str,
    /// See [`Record::body`].
    pub body: &'a str,
    /// See [`Record::subject`].
    pub subject: Option<(ObjectKind, &'a str)>,
    /// See [`Record::ends`].
    pub ends: Option<Timestamp>,
}

const COLUMNS: &str = "collection, key, workspace, body, version, subject_kind, subject_name, ends";

/// What records are asked for by.
#[derive(Clone, Copy, Debug)]
pub enum Asked<'a> {
    /// One, by its key.
    Key(&'a str),
    /// All about one declaration.
    Subject(ObjectKind, &'a str),
    /// All about some declarations of a kind.
    Subjects(ObjectKind, &'a [&'a str]),
    /// All, after a key, at most so many.
    All(&'a str, usize),
    /// All that end before a time.
    EndsBefore(Timestamp),
}

/// The records of a collection that fit, in order of their keys.
pub(crate) fn records(
    transaction: &mut Transaction<'_>,
    (organisation, collection): (&str, &str),
    asked: Asked<'_>,
) -> Result<Vec<Record>, RegisterError> {
    let mut values: Vec<Value<'_>> = vec![organisation.into(), collection.into()];
    let (condition, limit) = match asked {
        Asked::Key(key) => {
            values.push(key.into());
            ("key = ?3".to_owned(), "")
        }
        Asked::Subject(kind, name) => {
            values.extend([Value::from(kind.word()), Value::from(name)]);
            ("subject_kind = ?3 AND subject_name = ?4".to_owned(), "")
        }
        Asked::Subjects(_, []) => return Ok(Vec::new()),
        Asked::Subjects(kind, names) => {
            values.push(kind.word().into());
            (format!("subject_kind = ?3 AND subject_name IN ({})", places(&mut values, names)), "")
        }
        Asked::All(after, limit) => {
            let limit = i64::try_from(limit).unwrap_or(i64::MAX);
            values.extend([Value::from(after), Value::from(limit)]);
            ("key > ?3".to_owned(), "LIMIT ?4")
        }
        Asked::EndsBefore(end) => {
            values.push(end.as_microsecond().into());
            ("ends < ?3".to_owned(), "")
        }
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM record WHERE organisation = ?1 AND collection = ?2 AND {condition} ORDER BY key {limit}"
    );
    transaction.rows(&sql, &values)?.into_iter().map(record).collect()
}

/// Adds values to those of a statement, and answers their places there, for a list.
pub(crate) fn places<'a, V: Into<Value<'a>> + Copy>(values: &mut Vec<Value<'a>>, more: &[V]) -> String {
    let first = values.len() + 1;
    values.extend(more.iter().map(|value| (*value).into()));
    (first..=values.len()).map(|place| format!("?{place}")).collect::<Vec<_>>().join(", ")
}

fn record(mut row: Row) -> Result<Record, RegisterError> {
    let (collection, key, workspace, body) = (row.text()?, row.text()?, row.text()?, row.text()?);
    let version = row.integer()?;
    let subject = match (row.optional_text()?, row.optional_text()?) {
        (Some(word), Some(name)) => ObjectKind::parse(&word).map(|kind| (kind, name)),
        _ => None,
    };
    let ends = row.optional_integer()?.and_then(|at| Timestamp::from_microsecond(at).ok());
    Ok(Record { collection, key, workspace, body, version, subject, ends })
}

impl Writing<'_, '_> {
    /// The records of a collection that fit, in order of their keys.
    pub fn records(&mut self, collection: &str, asked: Asked<'_>) -> Result<Vec<Record>, RegisterError> {
        records(self.transaction, (&self.session.organisation, collection), asked)
    }

    /// Writes a record, over the one of the same key where there is one, and answers the number of its audit entry.
    pub fn put_record(&mut self, draft: &RecordDraft<'_>) -> Result<i64, RegisterError> {
        let before = self.records(draft.collection, Asked::Key(draft.key))?.into_iter().next();
        let bodies = (before.as_ref().map(|record| record.body.as_str()), Some(draft.body));
        let entry = self.append((draft.collection, draft.key), draft.action, bodies)?;
        let (kind, name) = draft.subject.unzip();
        self.transaction.execute(
            "INSERT INTO record (organisation, collection, key, workspace, body, version, subject_kind, subject_name, ends) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (organisation, collection, key) DO UPDATE SET \
             workspace = excluded.workspace, body = excluded.body, version = excluded.version, \
             subject_kind = excluded.subject_kind, subject_name = excluded.subject_name, ends = excluded.ends",
            &[
                (&self.session.organisation).into(),
                draft.collection.into(),
                draft.key.into(),
                (&self.session.workspace).into(),
                draft.body.into(),
                entry.into(),
                kind.map(ObjectKind::word).into(),
                name.into(),
                draft.ends.map(Timestamp::as_microsecond).into(),
            ],
        )?;
        Ok(entry)
    }

    /// Removes a record; one that is gone already is no error. `action` is the word of the audit entry.
    pub fn remove_record(
        &mut self,
        (collection, key): (&str, &str),
        action: &str,
    ) -> Result<(), RegisterError> {
        let Some(before) = self.records(collection, Asked::Key(key))?.into_iter().next() else {
            return Ok(());
        };
        self.append((collection, key), action, (Some(&before.body), None))?;
        self.transaction.execute(
            "DELETE FROM record WHERE organisation = ?1 AND collection = ?2 AND key = ?3",
            &[(&self.session.organisation).into(), collection.into(), key.into()],
        )?;
        Ok(())
    }
}
