//! The tables of a register, and how an older one is brought up to date.

use std::cmp::Ordering;

use crate::error::RegisterError;
use crate::migration;
use crate::place::Place;
use crate::sqlite::Statements;
use crate::store::{Dialect, Transaction};

/// Marks a file as a register: `nhi1` in ASCII.
pub(crate) const APPLICATION: i64 = 0x6e68_6931;

/// What a step does beyond statements.
type Then = fn(&mut Transaction<'_>) -> Result<(), RegisterError>;

/// One step from a version to the next.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    /// What SQLite does first.
    pub(crate) sqlite_before: &'static str,
    /// What both stores do, written for SQLite; [`Step::statements`] says it for the other.
    pub(crate) both: &'static str,
    /// What SQLite does last.
    pub(crate) sqlite_after: &'static [&'static str],
    /// What a server does last.
    pub(crate) server_after: &'static str,
    /// What no statement can do.
    pub(crate) then: Option<Then>,
}

impl Step {
    /// A step that does nothing, to build others on.
    pub(crate) const NOTHING: Self =
        Self { sqlite_before: "", both: "", sqlite_after: &[], server_after: "", then: None };

    /// What a store runs for it.
    pub(crate) fn statements(self, dialect: Dialect) -> String {
        match dialect {
            Dialect::Sqlite => [&[self.sqlite_before, self.both], self.sqlite_after].concat().join("\n"),
            // Numbers of 64 bits, texts in the order of their bytes, and no table twice.
            Dialect::Postgres => [self.both, self.server_after]
                .join("\n")
                .replace(") STRICT", ")")
                .replace(" INTEGER", " BIGINT")
                .replace(" TEXT", " TEXT COLLATE \"C\"")
                .replace("CREATE TABLE ", "CREATE TABLE IF NOT EXISTS ")
                .replace("CREATE INDEX ", "CREATE INDEX IF NOT EXISTS "),
        }
    }
}

/// One step for each version; a register's version is the number of steps it has taken. Steps are only ever added.
pub(crate) const MIGRATIONS: &[Step] = &[
    Step { sqlite_before: FIRST, ..Step::NOTHING },
    Step {
        sqlite_before: ASIDE,
        both: ORGANISATIONS,
        sqlite_after: &[OVER, GUARDS],
        server_after: SERVER_INDEXES,
        then: Some(migration::fill_facets),
    },
    Step { server_after: WITNESS, ..Step::NOTHING },
];

/// The tables of version 1, which only ever stood in files.
const FIRST: &str = "
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE declaration (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  workspace TEXT NOT NULL,
  body TEXT NOT NULL,
  since INTEGER NOT NULL,
  run TEXT,
  confirmed INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (kind, name)
) STRICT, WITHOUT ROWID;

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
";

/// Makes room for the tables of version 2; the indexes and triggers of the old ones go with them.
const ASIDE: &str = "
DROP TRIGGER IF EXISTS audit_is_not_edited;
DROP TRIGGER IF EXISTS audit_is_not_shortened;
DROP INDEX IF EXISTS declaration_by_principal;
ALTER TABLE declaration RENAME TO declaration_1;
ALTER TABLE audit RENAME TO audit_1;
";

/// The tables of version 2: everything belongs to an organisation, and what can be filtered by stands in columns.
const ORGANISATIONS: &str = "
CREATE TABLE organisation (
  name TEXT NOT NULL PRIMARY KEY,
  id TEXT NOT NULL,
  -- The last entry of its audit chain. Writers on a server lock this row first.
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT;

CREATE TABLE declaration (
  organisation TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  workspace TEXT NOT NULL,
  body TEXT NOT NULL,
  -- The entry of the audit chain that created or adopted it.
  since INTEGER NOT NULL,
  -- The entry that wrote the body.
  version INTEGER NOT NULL,
  -- The process that created or adopted it.
  run TEXT,
  -- 1 once a read has shown it to its workspace.
  confirmed INTEGER NOT NULL DEFAULT 0,
  manifest TEXT,
  owner TEXT,
  tier INTEGER,
  zone TEXT,
  environment TEXT,
  sort TEXT,
  identity TEXT,
  platform TEXT,
  principal TEXT,
  -- Microseconds since 1970.
  ends INTEGER,
  PRIMARY KEY (organisation, kind, name)
) STRICT;

CREATE TABLE label (
  organisation TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (organisation, kind, name, key)
) STRICT;

CREATE TABLE record (
  organisation TEXT NOT NULL,
  collection TEXT NOT NULL,
  key TEXT NOT NULL,
  workspace TEXT NOT NULL,
  body TEXT NOT NULL,
  -- The entry of the audit chain that wrote it.
  version INTEGER NOT NULL,
  subject_kind TEXT,
  subject_name TEXT,
  -- Microseconds since 1970.
  ends INTEGER,
  PRIMARY KEY (organisation, collection, key)
) STRICT;

CREATE TABLE run (
  id TEXT NOT NULL PRIMARY KEY,
  -- When it last showed that it is at work, in seconds since 1970.
  seen INTEGER NOT NULL,
  -- 1 once all its answers were given.
  answered INTEGER NOT NULL
) STRICT;

CREATE TABLE audit (
  organisation TEXT NOT NULL,
  seq INTEGER NOT NULL,
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
  hash TEXT NOT NULL,
  PRIMARY KEY (organisation, seq)
) STRICT;

";

/// What guards the chain of a file against a slip of the hand.
pub(crate) const GUARDS: &str = "
CREATE TRIGGER audit_is_not_edited BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit chain is append-only'); END;

CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit chain is append-only'); END;
";

/// Takes the guards away.
pub(crate) const NO_GUARDS: &str =
    "DROP TRIGGER IF EXISTS audit_is_not_edited; DROP TRIGGER IF EXISTS audit_is_not_shortened;";

/// What is found by what, and what version 1 kept.
const OVER: &str = "
-- What most rows do not have is not worth an entry for each of them.
CREATE INDEX declaration_by_workspace ON declaration (organisation, kind, workspace, name);
CREATE INDEX declaration_by_manifest ON declaration (organisation, kind, manifest, name) WHERE manifest IS NOT NULL;
CREATE INDEX declaration_by_owner ON declaration (organisation, kind, owner, name);
CREATE INDEX declaration_by_tier ON declaration (organisation, kind, tier, name);
CREATE INDEX declaration_by_zone ON declaration (organisation, kind, zone, name);
CREATE INDEX declaration_by_environment ON declaration (organisation, kind, environment, name);
CREATE INDEX declaration_by_sort ON declaration (organisation, kind, sort, name);
CREATE INDEX declaration_by_identity ON declaration (organisation, kind, identity, name) WHERE identity IS NOT NULL;
CREATE INDEX declaration_by_platform ON declaration (organisation, kind, platform, name);
CREATE INDEX declaration_by_principal ON declaration (organisation, kind, principal, name) WHERE principal IS NOT NULL;
CREATE INDEX declaration_by_end ON declaration (organisation, kind, ends, name) WHERE ends IS NOT NULL;
CREATE INDEX label_by_value ON label (organisation, kind, key, value, name);
CREATE INDEX record_by_subject ON record (organisation, collection, subject_kind, subject_name, key);
CREATE INDEX record_by_end ON record (organisation, collection, ends, key) WHERE ends IS NOT NULL;
CREATE INDEX audit_by_object ON audit (organisation, object, name, seq);

INSERT INTO organisation (name, id, seq, hash)
  SELECT 'default', value,
    coalesce((SELECT CAST(substr(value, 1, instr(value, ' ') - 1) AS INTEGER) FROM meta WHERE key = 'head'), 0),
    coalesce((SELECT substr(value, instr(value, ' ') + 1) FROM meta WHERE key = 'head'), '')
  FROM meta WHERE key = 'id';

INSERT INTO audit
  SELECT 'default', seq, at, actor, source, workspace, object, name, action, before, after, previous, hash FROM audit_1;

INSERT INTO declaration (organisation, kind, name, workspace, body, since, version, run, confirmed)
  SELECT 'default', kind, name, workspace, body, since,
    coalesce((SELECT max(seq) FROM audit WHERE organisation = 'default' AND object = kind AND audit.name = old.name
      AND action IN ('create', 'update')), since),
    run, confirmed
  FROM declaration_1 AS old;

DROP TABLE declaration_1;
DROP TABLE audit_1;
DELETE FROM meta WHERE key IN ('id', 'head');
";

/// The same indexes for a server, each led by what it is for. A planner that knows nothing yet of a table that was filled
/// just now would take any index that begins with the organisation and the kind, and walk through all of them.
const SERVER_INDEXES: &str = "
CREATE INDEX declaration_by_workspace ON declaration (workspace, organisation, kind, name);
CREATE INDEX declaration_by_manifest ON declaration (manifest, organisation, kind, name) WHERE manifest IS NOT NULL;
CREATE INDEX declaration_by_owner ON declaration (owner, organisation, kind, name);
CREATE INDEX declaration_by_tier ON declaration (tier, organisation, kind, name);
CREATE INDEX declaration_by_zone ON declaration (zone, organisation, kind, name);
CREATE INDEX declaration_by_environment ON declaration (environment, organisation, kind, name);
CREATE INDEX declaration_by_sort ON declaration (sort, organisation, kind, name);
CREATE INDEX declaration_by_identity ON declaration (identity, organisation, kind, name) WHERE identity IS NOT NULL;
CREATE INDEX declaration_by_platform ON declaration (platform, organisation, kind, name);
CREATE INDEX declaration_by_principal ON declaration (principal, organisation, kind, name) WHERE principal IS NOT NULL;
CREATE INDEX declaration_by_end ON declaration (ends, organisation, kind, name) WHERE ends IS NOT NULL;
CREATE INDEX label_by_value ON label (value, key, organisation, kind, name);
CREATE INDEX record_by_subject ON record (subject_name, subject_kind, organisation, collection, key);
CREATE INDEX record_by_end ON record (ends, organisation, collection, key) WHERE ends IS NOT NULL;
CREATE INDEX audit_by_object ON audit (name, object, organisation, seq);
";

/// Beside each entry a server notes by itself whose session wrote it; what was written before, or put back from a backup,
/// has no such note.
const WITNESS: &str = "
ALTER TABLE audit ADD COLUMN IF NOT EXISTS role TEXT;
ALTER TABLE audit ALTER COLUMN role SET DEFAULT session_user;
";

/// What a file or a database is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Nothing yet.
    Empty,
    /// A register of this version.
    Register(i64),
    /// The database of something else.
    Foreign,
}

/// The version this program writes.
pub(crate) fn newest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Says that a register of another version is no use here.
pub(crate) fn refuse_other_versions(place: Place, found: i64) -> Result<(), RegisterError> {
    match found.cmp(&newest()) {
        Ordering::Greater => Err(RegisterError::Newer { place, found, supported: newest() }),
        Ordering::Less => Err(RegisterError::Older { place, found, needed: newest() }),
        Ordering::Equal => Ok(()),
    }
}

/// Looks what a file is, in one snapshot: another process may be creating the register at this moment.
pub(crate) fn identify(statements: Statements<'_>) -> Result<Content, RegisterError> {
    let number = |sql: &str| match statements.rows(sql, &[])?.first_mut() {
        Some(row) => row.integer(),
        None => Ok(0),
    };
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    let application = number("PRAGMA application_id")?;
    let version = number("PRAGMA user_version")?;
    Ok(match (tables, application) {
        (0, 0) => Content::Empty,
        (_, APPLICATION) => Content::Register(version),
        _ => Content::Foreign,
    })
}

/// Takes the steps that a file has not taken yet, and says what it was before. `steps` is [`MIGRATIONS`] but in tests.
pub(crate) fn migrate(statements: Statements<'_>, steps: &[Step]) -> Result<Content, RegisterError> {
    let before = identify(statements)?;
    let taken = match before {
        Content::Empty => 0,
        Content::Register(version) => usize::try_from(version).unwrap_or(usize::MAX),
        Content::Foreign => return Ok(before),
    };
    for step in steps.iter().skip(taken) {
        statements.batch(&step.statements(Dialect::Sqlite))?;
        if let Some(then) = step.then {
            then(&mut Transaction::Sqlite(statements))?;
        }
    }
    if taken < steps.len() {
        statements.batch(&format!("PRAGMA application_id = {APPLICATION}"))?;
        statements.batch(&format!("PRAGMA user_version = {}", steps.len()))?;
    }
    Ok(before)
}
