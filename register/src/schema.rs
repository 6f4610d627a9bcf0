//! The tables of a register, and how an older file is brought up to date.

use rusqlite::{Connection, Transaction};

/// Marks a file as a register: `nhi1` in ASCII.
pub(crate) const APPLICATION: i64 = 0x6e68_6931;

/// One step for each version; a register's version is the number of steps it has taken. Steps are only ever added.
pub(crate) const MIGRATIONS: &[&str] = &["
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE declaration (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  workspace TEXT NOT NULL,
  body TEXT NOT NULL,
  -- The entry of the audit chain that created or adopted it.
  since INTEGER NOT NULL,
  -- The process that did so, where the system shows processes.
  run TEXT,
  -- 1 once a read has shown it to its workspace.
  confirmed INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX declaration_by_principal ON declaration (json_extract(body, '$.principal')) WHERE kind = 'identity';

CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  source TEXT NOT NULL,
  workspace TEXT NOT NULL,
  object TEXT NOT NULL,
  name TEXT NOT NULL,
  action TEXT NOT NULL,
  before TEXT,
  after TEXT,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;

CREATE TRIGGER audit_is_not_edited BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit chain is append-only'); END;

CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit chain is append-only'); END;
"];

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Nothing yet.
    Empty,
    /// A register of this version.
    Register(i64),
    /// The database of something else.
    Foreign,
}

/// Looks what a file is, in one snapshot: another process may be creating the register at this moment.
pub(crate) fn identify(connection: &mut Connection) -> rusqlite::Result<Content> {
    identify_in(&connection.transaction()?)
}

fn identify_in(transaction: &Transaction<'_>) -> rusqlite::Result<Content> {
    let number = |sql: &str| transaction.query_row(sql, [], |row| row.get::<_, i64>(0));
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    let application = number("PRAGMA application_id")?;
    let version = number("PRAGMA user_version")?;
    Ok(match (tables, application) {
        (0, 0) => Content::Empty,
        (_, APPLICATION) => Content::Register(version),
        _ => Content::Foreign,
    })
}

/// Takes the steps that a register has not taken yet. `steps` is [`MIGRATIONS`] but in tests.
pub(crate) fn migrate(transaction: &Transaction<'_>, steps: &[&str]) -> rusqlite::Result<Content> {
    let before = identify_in(transaction)?;
    let taken = match before {
        Content::Empty => 0,
        Content::Register(version) => usize::try_from(version).unwrap_or(usize::MAX),
        Content::Foreign => return Ok(before),
    };
    for step in steps.iter().skip(taken) {
        transaction.execute_batch(step)?;
    }
    if taken < steps.len() {
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", i64::try_from(steps.len()).unwrap_or(i64::MAX))?;
    }
    Ok(before)
}
