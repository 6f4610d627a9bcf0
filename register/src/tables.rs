//! The rows of declarations: finding, writing and removing them.

use nhi_identity::Timestamp;

use crate::declaration::{Declaration, Kept, ObjectKind};
use crate::error::RegisterError;
use crate::facets::Facets;
use crate::members;
use crate::store::{Row, Transaction, Value};

/// How many labels one statement writes.
const LABELS_AT_ONCE: usize = 8;

/// A declaration as its row has it.
#[derive(Debug)]
pub(crate) struct Stored<T> {
    pub(crate) kept: Kept<T>,
    pub(crate) body: String,
    /// The entry that created or adopted it.
    pub(crate) since: i64,
    pub(crate) confirmed: bool,
    pub(crate) run: Option<String>,
}

/// Which declaration: the organisation, the kind and the name.
pub(crate) type Key<'a> = (&'a str, ObjectKind, &'a str);

/// The columns that [`stored`] reads.
pub(crate) const COLUMNS: &str =
    "d.name, d.workspace, d.body, d.since, d.version, d.confirmed, d.run, d.manifest";

/// One declaration.
pub(crate) fn find<T: Declaration>(
    transaction: &mut Transaction<'_>,
    (organisation, name): (&str, &str),
) -> Result<Option<Stored<T>>, RegisterError> {
    let sql = "SELECT name, workspace, body, since, version, confirmed, run, manifest FROM declaration \
               WHERE organisation = ?1 AND kind = ?2 AND name = ?3";
    let row = transaction.row(sql, &[organisation.into(), T::KIND.word().into(), name.into()])?;
    let Some(row) = row else { return Ok(None) };
    let stored = stored::<T>(transaction, row)?;
    Ok(Some(Stored { kept: members::gathered(transaction, organisation, stored.kept)?, ..stored }))
}

/// Reads a row of [`COLUMNS`].
pub(crate) fn stored<T: Declaration>(
    transaction: &Transaction<'_>,
    mut row: Row,
) -> Result<Stored<T>, RegisterError> {
    let (name, workspace, body) = (row.text()?, row.text()?, row.text()?);
    let (since, version, confirmed) = (row.integer()?, row.integer()?, row.integer()? != 0);
    let (run, manifest) = (row.optional_text()?, row.optional_text()?);
    let declaration = T::from_body(&body).map_err(|problem| RegisterError::Damaged {
        place: transaction.place().clone(),
        reason: format!("{} `{name}` cannot be read: {problem}", T::KIND),
    })?;
    Ok(Stored { kept: Kept { declaration, workspace, version, manifest }, body, since, confirmed, run })
}

/// A new row.
pub(crate) struct New<'a> {
    pub(crate) workspace: &'a str,
    pub(crate) body: &'a str,
    /// The entry of the audit chain that creates it.
    pub(crate) entry: i64,
    pub(crate) run: Option<&'a str>,
    pub(crate) manifest: Option<&'a str>,
}

/// Adds a row; its facets come after.
pub(crate) fn insert(
    transaction: &mut Transaction<'_>,
    (organisation, kind, name): Key<'_>,
    new: &New<'_>,
    facets: &Facets,
) -> Result<(), RegisterError> {
    let tier = facets.tier.map(i64::from);
    transaction.execute(
        "INSERT INTO declaration (organisation, kind, name, workspace, body, since, version, run, confirmed, manifest, \
         owner, tier, zone, environment, sort, identity, platform, principal, ends) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7, 0, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
        &[
            organisation.into(),
            kind.word().into(),
            name.into(),
            new.workspace.into(),
            new.body.into(),
            new.entry.into(),
            new.run.into(),
            new.manifest.into(),
            facets.owner.as_deref().into(),
            tier.into(),
            facets.zone.as_deref().into(),
            facets.environment.as_deref().into(),
            facets.kind.as_deref().into(),
            facets.identity.as_deref().into(),
            facets.platform.as_deref().into(),
            facets.principal.as_deref().into(),
            facets.ends.map(Timestamp::as_microsecond).into(),
        ],
    )?;
    insert_labels(transaction, (organisation, kind, name), facets)
}

/// Replaces the body of a row, and with it what can be filtered by.
pub(crate) fn replace(
    transaction: &mut Transaction<'_>,
    (organisation, kind, name): Key<'_>,
    (body, entry): (&str, i64),
    facets: &Facets,
) -> Result<(), RegisterError> {
    transaction.execute(
        "UPDATE declaration SET body = ?4, version = ?5, confirmed = 1 WHERE organisation = ?1 AND kind = ?2 AND name = ?3",
        &[organisation.into(), kind.word().into(), name.into(), body.into(), entry.into()],
    )?;
    write_facets(transaction, (organisation, kind, name), facets)
}

/// Writes what a row can be filtered by over what stands there.
pub(crate) fn write_facets(
    transaction: &mut Transaction<'_>,
    (organisation, kind, name): Key<'_>,
    facets: &Facets,
) -> Result<(), RegisterError> {
    let tier = facets.tier.map(i64::from);
    transaction.execute(
        "UPDATE declaration SET owner = ?4, tier = ?5, zone = ?6, environment = ?7, sort = ?8, identity = ?9, \
         platform = ?10, principal = ?11, ends = ?12 WHERE organisation = ?1 AND kind = ?2 AND name = ?3",
        &[
            organisation.into(),
            kind.word().into(),
            name.into(),
            facets.owner.as_deref().into(),
            tier.into(),
            facets.zone.as_deref().into(),
            facets.environment.as_deref().into(),
            facets.kind.as_deref().into(),
            facets.identity.as_deref().into(),
            facets.platform.as_deref().into(),
            facets.principal.as_deref().into(),
            facets.ends.map(Timestamp::as_microsecond).into(),
        ],
    )?;
    remove_labels(transaction, (organisation, kind, name))?;
    insert_labels(transaction, (organisation, kind, name), facets)
}

/// Removes a row and everything that hangs on it.
pub(crate) fn remove(
    transaction: &mut Transaction<'_>,
    (organisation, kind, name): Key<'_>,
) -> Result<(), RegisterError> {
    remove_labels(transaction, (organisation, kind, name))?;
    transaction.execute(
        "DELETE FROM declaration WHERE organisation = ?1 AND kind = ?2 AND name = ?3",
        &[organisation.into(), kind.word().into(), name.into()],
    )?;
    Ok(())
}

/// Notes that a run took a row up, so that a second resource of the same name finds it taken.
pub(crate) fn take_up(
    transaction: &mut Transaction<'_>,
    (organisation, kind, name): Key<'_>,
    (entry, run): (i64, Option<&str>),
) -> Result<(), RegisterError> {
    transaction.execute(
        "UPDATE declaration SET since = ?4, run = ?5 WHERE organisation = ?1 AND kind = ?2 AND name = ?3",
        &[organisation.into(), kind.word().into(), name.into(), entry.into(), run.into()],
    )?;
    Ok(())
}

/// Notes which manifest keeps a row from now on, if any. Nobody has seen it there yet.
pub(crate) fn hand_over(
    transaction: &mut Transaction<'_>,
    (organisation, kind, name): Key<'_>,
    manifest: Option<&str>,
) -> Result<(), RegisterError> {
    transaction.execute(
        "UPDATE declaration SET manifest = ?4, confirmed = 0 WHERE organisation = ?1 AND kind = ?2 AND name = ?3",
        &[organisation.into(), kind.word().into(), name.into(), manifest.into()],
    )?;
    Ok(())
}

/// Notes that a read has shown a row to its workspace.
pub(crate) fn confirm(
    transaction: &mut Transaction<'_>,
    (organisation, kind, name): Key<'_>,
) -> Result<(), RegisterError> {
    transaction.execute(
        "UPDATE declaration SET confirmed = 1 WHERE organisation = ?1 AND kind = ?2 AND name = ?3",
        &[organisation.into(), kind.word().into(), name.into()],
    )?;
    Ok(())
}

fn insert_labels(
    transaction: &mut Transaction<'_>,
    (organisation, kind, name): Key<'_>,
    facets: &Facets,
) -> Result<(), RegisterError> {
    let labels: Vec<(&String, &String)> = facets.labels.iter().collect();
    for some in labels.chunks(LABELS_AT_ONCE) {
        let mut values: Vec<Value<'_>> = vec![organisation.into(), kind.word().into(), name.into()];
        let mut rows = Vec::new();
        for (key, value) in some {
            values.extend([Value::from(*key), Value::from(*value)]);
            rows.push(format!("(?1, ?2, ?3, ?{}, ?{})", values.len() - 1, values.len()));
        }
        let rows = rows.join(", ");
        transaction.execute(
            &format!("INSERT INTO label (organisation, kind, name, key, value) VALUES {rows}"),
            &values,
        )?;
    }
    Ok(())
}

fn remove_labels(
    transaction: &mut Transaction<'_>,
    (organisation, kind, name): Key<'_>,
) -> Result<(), RegisterError> {
    transaction.execute(
        "DELETE FROM label WHERE organisation = ?1 AND kind = ?2 AND name = ?3",
        &[organisation.into(), kind.word().into(), name.into()],
    )?;
    Ok(())
}
