//! A look over everything one organisation keeps: what cannot be read, and what names something that is not there.

use std::collections::{BTreeMap, BTreeSet};

use crate::declaration::ObjectKind;
use crate::error::RegisterError;
use crate::reader;
use crate::register::Register;
use crate::snapshot::Snapshot;
use crate::store::Store;

/// What the look found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inspection {
    /// How many declarations there are, by the word of their kind, and records, by their collection.
    pub counts: BTreeMap<String, usize>,
    /// Declarations that cannot be read: word of the kind, name, and why.
    pub unreadable: Vec<(String, String, String)>,
    /// What names something that is not there: word and name, and word and name of what is missing.
    pub dangling: Vec<((String, String), (String, String))>,
}

/// The condition of a register's file, as its store sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileHealth {
    /// What the store's own check of every page and index says; empty where all is well.
    pub broken: Vec<String>,
    /// How the file is written: `wal`, or something else.
    pub journal: String,
}

/// The condition of the server that keeps a register, as far as it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerHealth {
    /// Its program and version.
    pub version: String,
    /// The role that this session has.
    pub role: String,
    /// Is it a role that no privilege holds back? `None` where the server does not say.
    pub superuser: Option<bool>,
    /// The version of TLS that the session is protected by, empty for none; `None` where the server does not say.
    pub tls: Option<String>,
    /// What the role may do to the audit chain besides reading it: words of privileges.
    pub privileges: Vec<String>,
}

/// Declarations read at once, and names remembered to be there.
const PAGE: usize = 1_000;
const REMEMBERED: usize = 100_000;

impl Register {
    /// Reads every declaration and record of its organisation.
    pub fn inspect(&self) -> Result<Inspection, RegisterError> {
        self.snapshot(inspect)
    }

    /// The condition of the file; `None` where the register is on a server.
    pub fn file_health(&self) -> Result<Option<FileHealth>, RegisterError> {
        if !matches!(self.store, Store::Sqlite(_)) {
            return Ok(None);
        }
        self.store.read(|transaction| {
            let mut broken = Vec::new();
            for mut row in transaction.rows("PRAGMA integrity_check(20)", &[])? {
                broken.push(row.text()?);
            }
            broken.retain(|line| line != "ok");
            let journal =
                transaction.row("PRAGMA journal_mode", &[])?.map(|mut row| row.text()).transpose()?;
            Ok(Some(FileHealth { broken, journal: journal.unwrap_or_default() }))
        })
    }

    /// The condition of the server; `None` where the register is in a file.
    pub fn server_health(&self) -> Result<Option<ServerHealth>, RegisterError> {
        if !matches!(self.store, Store::Postgres(_)) {
            return Ok(None);
        }
        let (version, role) = self.store.read(|transaction| {
            let row = transaction.row("SELECT version(), CAST(current_user AS TEXT)", &[])?;
            row.map_or(Ok((String::new(), String::new())), |mut row| Ok((row.text()?, row.text()?)))
        })?;
        // Each in a transaction of its own: servers of the same protocol lack some of these, and say so by an error.
        let superuser = self.asked(
            "SELECT CAST(CASE WHEN rolsuper THEN 'yes' ELSE 'no' END AS TEXT) FROM pg_roles WHERE rolname = current_user",
        );
        let tls = self.asked(
            "SELECT CAST(CASE WHEN ssl THEN version ELSE '' END AS TEXT) FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
        );
        let mut privileges = Vec::new();
        for (word, may) in [
            ("INSERT", "has_any_column_privilege('nhi.audit', 'INSERT')"),
            // Whoever may write this column says itself whose session it is.
            ("INSERT (role)", "has_column_privilege('nhi.audit', 'role', 'INSERT')"),
            ("UPDATE", "has_any_column_privilege('nhi.audit', 'UPDATE')"),
            ("DELETE", "has_table_privilege('nhi.audit', 'DELETE')"),
            ("TRUNCATE", "has_table_privilege('nhi.audit', 'TRUNCATE')"),
        ] {
            let may = self.asked(&format!("SELECT CAST(CASE WHEN {may} THEN 'yes' ELSE 'no' END AS TEXT)"));
            if may.as_deref() == Some("yes") {
                privileges.push(word.to_owned());
            }
        }
        let superuser = superuser.map(|word| word == "yes");
        Ok(Some(ServerHealth { version, role, superuser, tls, privileges }))
    }

    /// The one text that a statement answers, where the server understands it.
    fn asked(&self, sql: &str) -> Option<String> {
        let answer =
            self.store.read(|transaction| transaction.row(sql, &[])?.map(|mut row| row.text()).transpose());
        answer.ok().flatten()
    }

    /// Copies the whole register, every organisation in it, into a new file, as it is at one moment; others may write
    /// meanwhile. `false` where the register is on a server, and nothing is copied.
    pub fn copy_to(&self, path: &std::path::Path) -> Result<bool, RegisterError> {
        match &self.store {
            Store::Sqlite(file) => file.copy_to(path).map(|()| true),
            Store::Postgres(_) => Ok(false),
        }
    }
}

fn inspect(snapshot: &mut Snapshot<'_, '_>) -> Result<Inspection, RegisterError> {
    let mut found = Inspection::default();
    let mut known = Known::default();
    let mut last = (String::new(), String::new());
    loop {
        let bodies = snapshot.bodies_after((&last.0, &last.1), PAGE)?;
        let Some(end) = bodies.last() else { break };
        last = (end.kind.clone(), end.name.clone());
        for kept in bodies {
            *found.counts.entry(kept.kind.clone()).or_default() += 1;
            let reading = match ObjectKind::parse(&kept.kind) {
                Some(kind) => reader::read(kind, &kept.body),
                None => Err("this program knows no such kind".to_owned()),
            };
            match reading {
                Err(problem) => found.unreadable.push((kept.kind, kept.name, problem)),
                Ok(reading) if reading.name != kept.name => {
                    let problem = format!("it says of itself that its name is `{}`", reading.name);
                    found.unreadable.push((kept.kind, kept.name, problem));
                }
                Ok(reading) => {
                    for (kind, name) in reading.mentioned {
                        if !known.has(snapshot, kind.word(), &name)? {
                            let own = (kept.kind.clone(), kept.name.clone());
                            found.dangling.push((own, (kind.word().to_owned(), name)));
                        }
                    }
                }
            }
        }
    }
    let mut last = (String::new(), String::new());
    loop {
        let records = snapshot.records_after((&last.0, &last.1), PAGE)?;
        let Some(end) = records.last() else { break };
        last = (end.collection.clone(), end.key.clone());
        for kept in records {
            *found.counts.entry(kept.collection.clone()).or_default() += 1;
            if let (Some(kind), Some(name)) = (kept.subject_kind, kept.subject_name)
                && !known.has(snapshot, &kind, &name)?
            {
                found.dangling.push(((kept.collection, kept.key), (kind, name)));
            }
        }
    }
    Ok(found)
}

/// Names that were found to be there: most declarations name the same few.
#[derive(Default)]
struct Known(BTreeSet<(String, String)>);

impl Known {
    fn has(
        &mut self,
        snapshot: &mut Snapshot<'_, '_>,
        kind: &str,
        name: &str,
    ) -> Result<bool, RegisterError> {
        let key = (kind.to_owned(), name.to_owned());
        if self.0.contains(&key) {
            return Ok(true);
        }
        let there = snapshot.has(kind, name)?;
        if there {
            if self.0.len() >= REMEMBERED {
                self.0.clear();
            }
            self.0.insert(key);
        }
        Ok(there)
    }
}
