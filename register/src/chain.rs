//! The audit chain: every write with who, what, when, before and after, each entry bound to the one before by a hash.

use std::fmt;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::error::RegisterError;
use crate::session::Session;
use crate::store::{Dialect, Row, Transaction};

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
    /// The kind of object (`owner`, `zone`, …), the collection of a record (`approval`, …), or `register`.
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

    fn from_row(mut row: Row) -> Result<Self, RegisterError> {
        Ok(Self {
            seq: row.integer()?,
            at: row.text()?,
            actor: row.text()?,
            source: row.text()?,
            workspace: row.text()?,
            object: row.text()?,
            name: row.text()?,
            action: row.text()?,
            before: row.optional_text()?,
            after: row.optional_text()?,
            previous: row.text()?,
            hash: row.text()?,
        })
    }
}

/// What a write changes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change<'a> {
    pub(crate) object: &'a str,
    pub(crate) name: &'a str,
    pub(crate) action: &'a str,
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
    /// This entry names somebody else than the role that the server had it from.
    Forged {
        /// Its number.
        seq: i64,
        /// Whom it names.
        actor: String,
        /// The role of the session that wrote it.
        role: String,
    },
    /// A declaration, or a record beside one, is not as the chain says it was written last.
    Declaration {
        /// The word of its kind, or of the record's collection.
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
            Self::Forged { seq, actor, role } => {
                write!(f, "entry {seq} of the audit chain names `{actor}`, and the role `{role}` wrote it")
            }
            Self::Declaration { object, name } => {
                write!(f, "{object} `{name}` is not as the audit chain says it was written last")
            }
        }
    }
}

/// What a walk along the whole chain found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// How many entries there are.
    pub entries: usize,
    /// The number of the last one; as long as none is missing, as many as there are.
    pub number: i64,
    /// The hash of the last one. Kept elsewhere, it proves later that nothing before it was changed.
    pub head: String,
    /// What is wrong, in the order of the chain; empty when all is well.
    pub faults: Vec<Fault>,
}

/// The end of a chain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The number of its last entry; 0 before the first.
    pub seq: i64,
    /// The hash of that entry.
    pub hash: String,
}

/// The object of the register's own first entry.
pub(crate) const REGISTER: &str = "register";

const COLUMNS: &str =
    "seq, at, actor, source, workspace, object, name, action, before, after, previous, hash";

/// Adds an entry after `head`, which becomes the new end; the caller writes that down when it is done. Its transaction
/// holds the write lock of the organisation, so nobody comes between.
pub(crate) fn append(
    transaction: &mut Transaction<'_>,
    session: &Session,
    now: Timestamp,
    (head, change): (&Head, Change<'_>),
) -> Result<Head, RegisterError> {
    let mut entry = Entry {
        seq: head.seq + 1,
        at: now.to_string(),
        actor: session.actor.name.clone(),
        source: session.actor.source.clone(),
        workspace: session.workspace.clone(),
        object: change.object.to_owned(),
        name: change.name.to_owned(),
        action: change.action.to_owned(),
        before: change.before.map(str::to_owned),
        after: change.after.map(str::to_owned),
        previous: head.hash.clone(),
        hash: String::new(),
    };
    entry.hash = entry.expected_hash();
    insert(transaction, &session.organisation, (&entry, Hand::Session))?;
    Ok(Head { seq: entry.seq, hash: entry.hash })
}

/// Whose hand an entry is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hand {
    /// That of this session.
    Session,
    /// That of whoever wrote it before it was in a backup.
    Earlier,
}

/// Adds the row of an entry. A server notes beside it whose session this is, unless it is from an earlier hand.
pub(crate) fn insert(
    transaction: &mut Transaction<'_>,
    organisation: &str,
    (entry, hand): (&Entry, Hand),
) -> Result<(), RegisterError> {
    let (column, value) = match (transaction.dialect(), hand) {
        (Dialect::Postgres, Hand::Earlier) => (", role", ", NULL"),
        (Dialect::Postgres, Hand::Session) | (Dialect::Sqlite, _) => ("", ""),
    };
    transaction.execute(
        &format!(
            "INSERT INTO audit (organisation, {COLUMNS}{column}) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13{value})"
        ),
        &[
            organisation.into(),
            entry.seq.into(),
            (&entry.at).into(),
            (&entry.actor).into(),
            (&entry.source).into(),
            (&entry.workspace).into(),
            (&entry.object).into(),
            (&entry.name).into(),
            (&entry.action).into(),
            entry.before.as_deref().into(),
            entry.after.as_deref().into(),
            (&entry.previous).into(),
            (&entry.hash).into(),
        ],
    )?;
    Ok(())
}

/// Writes down where the chain ends.
pub(crate) fn set_head(
    transaction: &mut Transaction<'_>,
    organisation: &str,
    head: &Head,
) -> Result<(), RegisterError> {
    transaction.execute(
        "UPDATE organisation SET seq = ?2, hash = ?3 WHERE name = ?1",
        &[organisation.into(), head.seq.into(), (&head.hash).into()],
    )?;
    transaction.set_witness(organisation, head);
    Ok(())
}

/// Entries under other names than those of the sessions that wrote them, as far as a server noted that; at most so many.
pub(crate) fn forged(
    transaction: &mut Transaction<'_>,
    organisation: &str,
    limit: usize,
) -> Result<Vec<Fault>, RegisterError> {
    if transaction.dialect() == Dialect::Sqlite {
        return Ok(Vec::new());
    }
    let sql =
        "SELECT seq, actor, role FROM audit WHERE organisation = ?1 AND role <> actor ORDER BY seq LIMIT ?2";
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = transaction.rows(sql, &[organisation.into(), limit.into()])?;
    let fault =
        |mut row: Row| Ok(Fault::Forged { seq: row.integer()?, actor: row.text()?, role: row.text()? });
    rows.into_iter().map(fault).collect()
}

/// One entry.
pub(crate) fn entry(
    transaction: &mut Transaction<'_>,
    organisation: &str,
    seq: i64,
) -> Result<Option<Entry>, RegisterError> {
    let sql = format!("SELECT {COLUMNS} FROM audit WHERE organisation = ?1 AND seq = ?2");
    transaction.row(&sql, &[organisation.into(), seq.into()])?.map(Entry::from_row).transpose()
}

/// The entries after a number, oldest first, at most so many.
pub(crate) fn entries_after(
    transaction: &mut Transaction<'_>,
    organisation: &str,
    (seq, limit): (i64, usize),
) -> Result<Vec<Entry>, RegisterError> {
    let sql =
        format!("SELECT {COLUMNS} FROM audit WHERE organisation = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3");
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = transaction.rows(&sql, &[organisation.into(), seq.into(), limit.into()])?;
    rows.into_iter().map(Entry::from_row).collect()
}

/// The entries about one object, oldest first.
pub(crate) fn entries_about(
    transaction: &mut Transaction<'_>,
    organisation: &str,
    (object, name): (&str, &str),
) -> Result<Vec<Entry>, RegisterError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM audit WHERE organisation = ?1 AND object = ?2 AND name = ?3 ORDER BY seq"
    );
    let rows = transaction.rows(&sql, &[organisation.into(), object.into(), name.into()])?;
    rows.into_iter().map(Entry::from_row).collect()
}
