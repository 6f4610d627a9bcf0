//! The audit chain: every write with who, what, when, before and after, each entry bound to the one before by a hash.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use rusqlite::{Connection, Row, Transaction, params};
use sha2::{Digest, Sha256};

use crate::session::Session;

/// What a write did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// The register itself was made.
    Found,
    /// A declaration was created.
    Create,
    /// A declaration that an interrupted run left behind was taken up.
    Adopt,
    /// A declaration was read for the first time by the workspace that created it.
    Confirm,
    /// A declaration was changed.
    Update,
    /// A declaration was removed.
    Delete,
}

impl Action {
    /// Its word in the file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Create => "create",
            Self::Adopt => "adopt",
            Self::Confirm => "confirm",
            Self::Update => "update",
            Self::Delete => "delete",
        }
    }
}

/// One write, as the chain holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number, from one.
    pub seq: i64,
    /// When, in RFC 3339.
    pub at: String,
    /// Who.
    pub actor: String,
    /// How we know who.
    pub source: String,
    /// For which workspace.
    pub workspace: String,
    /// The kind of object (`owner`, `zone`, `identity`, `exception`), or `register`.
    pub object: String,
    /// Its name; the register's own is its id.
    pub name: String,
    /// What was done, as [`Action::word`] says.
    pub action: String,
    /// The declaration before, as JSON.
    pub before: Option<String>,
    /// The declaration after, as JSON.
    pub after: Option<String>,
    /// The hash of the entry before; empty for the first.
    pub previous: String,
    /// The hash over everything above.
    pub hash: String,
}

impl Entry {
    /// The hash that belongs to this content: SHA-256 over every field with its length before it, in hexadecimal.
    pub fn expected_hash(&self) -> String {
        let mut hasher = Sha256::new();
        hasher.update(b"nhi audit 1");
        hasher.update(self.seq.to_be_bytes());
        let fields = [
            &self.at,
            &self.actor,
            &self.source,
            &self.workspace,
            &self.object,
            &self.name,
            &self.action,
            &self.previous,
        ];
        for field in fields.into_iter().map(Some).chain([self.before.as_ref(), self.after.as_ref()]) {
            match field {
                Some(text) => {
                    hasher.update([1]);
                    hasher.update((text.len() as u64).to_be_bytes());
                    hasher.update(text.as_bytes());
                }
                None => hasher.update([0]),
            }
        }
        hasher.finalize().iter().fold(String::with_capacity(64), |hex, byte| hex + &format!("{byte:02x}"))
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            seq: row.get(0)?,
            at: row.get(1)?,
            actor: row.get(2)?,
            source: row.get(3)?,
            workspace: row.get(4)?,
            object: row.get(5)?,
            name: row.get(6)?,
            action: row.get(7)?,
            before: row.get(8)?,
            after: row.get(9)?,
            previous: row.get(10)?,
            hash: row.get(11)?,
        })
    }
}

/// What a write changes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change<'a> {
    pub(crate) object: &'a str,
    pub(crate) name: &'a str,
    pub(crate) action: Action,
    pub(crate) before: Option<&'a str>,
    pub(crate) after: Option<&'a str>,
}

/// Something in the chain that nobody who kept to the rules could have written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Entries are missing, from the first number to the second.
    Missing(i64, i64),
    /// This entry's content does not fit its hash.
    Edited(i64),
    /// This entry does not follow the one before it.
    Unlinked(i64),
    /// The chain ends at the first number; it was written up to the second.
    Shortened(i64, i64),
    /// The last entry is another one than was written.
    Replaced(i64),
    /// A declaration is not as the chain says it was written last.
    Declaration {
        /// `owner`, `zone`, `identity` or `exception`.
        object: String,
        /// Its name.
        name: String,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(from, to) if from == to => write!(f, "entry {from} of the audit chain is missing"),
            Self::Missing(from, to) => write!(f, "entries {from} to {to} of the audit chain are missing"),
            Self::Edited(seq) => write!(f, "entry {seq} of the audit chain was edited"),
            Self::Unlinked(seq) => {
                write!(f, "entry {seq} of the audit chain does not follow the one before it")
            }
            Self::Shortened(end, head) => {
                write!(f, "the audit chain ends at entry {end}; entries up to {head} were written")
            }
            Self::Replaced(seq) => {
                write!(f, "entry {seq}, the last of the audit chain, is not the one that was written")
            }
            Self::Declaration { object, name } => {
                write!(f, "nhi_{object} `{name}` is not as the audit chain says it was written last")
            }
        }
    }
}

/// What a walk along the whole chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// How many entries there are.
    pub entries: usize,
    /// The hash of the last one. Kept elsewhere, it proves later that nothing before it was changed.
    pub head: String,
    /// What is wrong, in the order of the chain; empty when all is well.
    pub faults: Vec<Fault>,
}

const COLUMNS: &str =
    "seq, at, actor, source, workspace, object, name, action, before, after, previous, hash";

/// The number and hash of the last entry, as last written; `(0, "")` before the first.
pub(crate) fn head(connection: &Connection) -> rusqlite::Result<(i64, String)> {
    let mut statement = connection.prepare_cached("SELECT value FROM meta WHERE key = 'head'")?;
    let mut rows = statement.query([])?;
    let Some(row) = rows.next()? else { return Ok((0, String::new())) };
    let text: String = row.get(0)?;
    let (seq, hash) = text.split_once(' ').unwrap_or(("0", ""));
    Ok((seq.parse().unwrap_or(0), hash.to_owned()))
}

/// Adds an entry and answers its number. The caller's transaction holds the write lock, so nobody comes between.
pub(crate) fn append(
    transaction: &Transaction<'_>,
    session: &Session,
    now: Timestamp,
    change: Change<'_>,
) -> rusqlite::Result<i64> {
    let (last, previous) = head(transaction)?;
    let mut entry = Entry {
        seq: last + 1,
        at: now.to_string(),
        actor: session.actor.name.clone(),
        source: session.actor.source.clone(),
        workspace: session.workspace.clone(),
        object: change.object.to_owned(),
        name: change.name.to_owned(),
        action: change.action.word().to_owned(),
        before: change.before.map(str::to_owned),
        after: change.after.map(str::to_owned),
        previous,
        hash: String::new(),
    };
    entry.hash = entry.expected_hash();
    transaction
        .prepare_cached(&format!(
            "INSERT INTO audit ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
        ))?
        .execute(params![
            entry.seq,
            entry.at,
            entry.actor,
            entry.source,
            entry.workspace,
            entry.object,
            entry.name,
            entry.action,
            entry.before,
            entry.after,
            entry.previous,
            entry.hash
        ])?;
    transaction
        .prepare_cached(
            "INSERT INTO meta (key, value) VALUES ('head', ?1) ON CONFLICT (key) DO UPDATE SET value = ?1",
        )?
        .execute([format!("{} {}", entry.seq, entry.hash)])?;
    Ok(entry.seq)
}

/// Every entry, oldest first.
pub(crate) fn entries(connection: &Connection) -> rusqlite::Result<Vec<Entry>> {
    let mut statement = connection.prepare(&format!("SELECT {COLUMNS} FROM audit ORDER BY seq"))?;
    let rows = statement.query_map([], Entry::from_row)?;
    rows.collect()
}

/// Walks the chain and compares what it says with what is there. Runs inside one read transaction.
pub(crate) fn verify(transaction: &Transaction<'_>) -> rusqlite::Result<Verification> {
    let (written, head_hash) = head(transaction)?;
    let entries = entries(transaction)?;
    let mut faults = Vec::new();
    let (mut seq, mut hash) = (0, String::new());
    let mut declared: BTreeMap<(String, String), (String, String)> = BTreeMap::new();
    for entry in &entries {
        if entry.seq != seq + 1 {
            faults.push(Fault::Missing(seq + 1, entry.seq - 1));
        } else if entry.previous != hash {
            faults.push(Fault::Unlinked(entry.seq));
        }
        if entry.hash != entry.expected_hash() {
            faults.push(Fault::Edited(entry.seq));
        }
        let key = (entry.object.clone(), entry.name.clone());
        match &entry.after {
            Some(after) => {
                declared.insert(key, (entry.workspace.clone(), after.clone()));
            }
            None => {
                declared.remove(&key);
            }
        }
        seq = entry.seq;
        hash.clone_from(&entry.hash);
    }
    if seq < written {
        faults.push(Fault::Shortened(seq, written));
    } else if hash != head_hash {
        faults.push(Fault::Replaced(seq));
    }
    declared.retain(|(object, _), _| object != REGISTER);
    faults.extend(differences(transaction, declared)?);
    Ok(Verification { entries: entries.len(), head: hash, faults })
}

/// The object of the register's own first entry.
pub(crate) const REGISTER: &str = "register";

fn differences(
    transaction: &Transaction<'_>,
    mut declared: BTreeMap<(String, String), (String, String)>,
) -> rusqlite::Result<Vec<Fault>> {
    let mut statement =
        transaction.prepare("SELECT kind, name, workspace, body FROM declaration ORDER BY kind, name")?;
    let rows = statement.query_map([], |row| {
        let key: (String, String) = (row.get(0)?, row.get(1)?);
        let value: (String, String) = (row.get(2)?, row.get(3)?);
        Ok((key, value))
    })?;
    let mut odd = Vec::new();
    for row in rows {
        let (key, value) = row?;
        if declared.remove(&key).as_ref() != Some(&value) {
            odd.push(key);
        }
    }
    odd.extend(declared.into_keys());
    Ok(odd.into_iter().map(|(object, name)| Fault::Declaration { object, name }).collect())
}
