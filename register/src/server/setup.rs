//! What a database is when we come to it, who we are there, and bringing it up to date.

use crate::error::RegisterError;
use crate::location::Creation;
use crate::schema::{self, Content, MIGRATIONS};
use crate::server::{Inner, Purpose};
use crate::store::{Dialect, Transaction};

/// Who we are, and what we may.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    /// The role that the session was authenticated as.
    pub(crate) role: String,
    pub(crate) writable: bool,
}

/// Marks a database as a register.
const APPLICATION: &str = "nhi register";

/// How often making the tables is tried while another process makes them.
const ATTEMPTS: usize = 20;

pub(crate) fn for_writing(inner: &Inner, creation: Creation) -> Result<Setup, RegisterError> {
    let mut content = inner.run(Purpose::Read, identify)?;
    let behind =
        |content: Content| matches!(content, Content::Register(version) if version < schema::newest());
    if (content == Content::Empty && creation == Creation::Allowed)
        || (behind(content) && setup_of(inner)?.writable)
    {
        for _ in 0..ATTEMPTS {
            match inner.run(Purpose::Write, migrate) {
                // The other process was faster; what it made is there now, or soon will be.
                Err(RegisterError::Store { .. }) if inner.run(Purpose::Read, identify)? != content => break,
                Err(RegisterError::Store { .. }) => {}
                other => {
                    other?;
                    break;
                }
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        // The last word of the server, when it did not come to that.
        if inner.run(Purpose::Read, identify)? == content {
            inner.run(Purpose::Write, migrate)?;
        }
        content = inner.run(Purpose::Read, identify)?;
    }
    refuse_other_versions(inner, content)?;
    setup_of(inner)
}

pub(crate) fn for_reading(inner: &Inner) -> Result<Setup, RegisterError> {
    let content = inner.run(Purpose::Read, identify)?;
    refuse_other_versions(inner, content)?;
    Ok(Setup { writable: false, ..setup_of(inner)? })
}

fn refuse_other_versions(inner: &Inner, content: Content) -> Result<(), RegisterError> {
    let place = inner.target.place.clone();
    match content {
        Content::Empty => Err(RegisterError::NoTables(place)),
        Content::Foreign => Err(RegisterError::NotARegister {
            place,
            found: "its schema `nhi` belongs to another program".to_owned(),
        }),
        Content::Register(found) => schema::refuse_other_versions(place, found),
    }
}

/// Who the server knows us as, and whether that role may write here. A server that only follows another one may not be
/// written, either.
fn setup_of(inner: &Inner) -> Result<Setup, RegisterError> {
    let role = "SELECT CAST(session_user AS TEXT), \
                CAST(CASE WHEN has_any_column_privilege('nhi.audit', 'INSERT') THEN 1 ELSE 0 END AS BIGINT)";
    let (role, may) = inner.run(Purpose::Read, |transaction| {
        let Some(mut row) = transaction.row(role, &[])? else { return Ok((String::new(), 0)) };
        Ok((row.text()?, row.integer()?))
    })?;
    let read_only = inner.run(Purpose::Write, |transaction| {
        let row = transaction.row("SELECT current_setting('transaction_read_only')", &[])?;
        Ok(row.map(|mut row| row.text()).transpose()?.is_some_and(|word| word == "on"))
    })?;
    Ok(Setup { role, writable: may == 1 && !read_only })
}

/// Looks what the database is.
fn identify(transaction: &mut Transaction<'_>) -> Result<Content, RegisterError> {
    let tables = "SELECT count(*) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
                  WHERE n.nspname = 'nhi' AND c.relname = ?1";
    let mut there = |table: &str| -> Result<bool, RegisterError> {
        let row = transaction.row(tables, &[table.into()])?;
        Ok(row.map(|mut row| row.integer()).transpose()? > Some(0))
    };
    if !there("meta")? {
        return Ok(if there("declaration")? { Content::Foreign } else { Content::Empty });
    }
    let mut value = |key: &str| -> Result<Option<String>, RegisterError> {
        let row = transaction.row("SELECT value FROM nhi.meta WHERE key = ?1", &[key.into()])?;
        row.map(|mut row| row.text()).transpose()
    };
    if value("application")?.as_deref() != Some(APPLICATION) {
        return Ok(Content::Foreign);
    }
    let version = value("version")?.and_then(|version| version.parse().ok());
    Ok(version.map_or(Content::Foreign, Content::Register))
}

/// Takes the steps that the database has not taken yet. Each can be taken again: not every server undoes the making of
/// tables with the transaction that made them.
fn migrate(transaction: &mut Transaction<'_>) -> Result<(), RegisterError> {
    let before = identify(transaction)?;
    let taken = match before {
        Content::Empty => 0,
        Content::Register(version) => usize::try_from(version).unwrap_or(usize::MAX),
        Content::Foreign => return Ok(()),
    };
    let Transaction::Postgres(statements) = transaction else { return Ok(()) };
    statements.batch(
        "CREATE SCHEMA IF NOT EXISTS nhi; \
         CREATE TABLE IF NOT EXISTS nhi.meta (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL)",
    )?;
    for step in MIGRATIONS.iter().skip(taken) {
        let Transaction::Postgres(statements) = transaction else { return Ok(()) };
        statements.batch(&step.statements(Dialect::Postgres))?;
        if let Some(then) = step.then {
            then(transaction)?;
        }
    }
    let write = "INSERT INTO nhi.meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    transaction.execute(write, &["application".into(), APPLICATION.into()])?;
    transaction.execute(write, &["version".into(), (&schema::newest().to_string()).into()])?;
    Ok(())
}
