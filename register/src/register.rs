//! The register: what may be asked of it and done to it.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use nhi_identity::{Holder, Name, Surroundings};
use rusqlite::{OptionalExtension, Transaction, params};

use crate::chain::{self, Action, Change, Entry, Verification};
use crate::declaration::{Declaration, Kept, Mentions, Referrer};
use crate::error::RegisterError;
use crate::file::{Failure, File};
use crate::location::Location;
use crate::run;
use crate::session::Session;

/// An open register. It may be used from several threads; several processes may have one open at once.
#[derive(Debug)]
pub struct Register {
    pub(crate) file: File,
    id: String,
    session: Option<Session>,
    /// The last entry of the chain when this register was opened: what is older was left by an earlier run.
    opened_at: i64,
    /// This process, to be told apart from others that write.
    run: Option<String>,
    /// Whether this process created or adopted anything here.
    created: AtomicBool,
}

/// A declaration as its row has it.
struct Stored<T> {
    kept: Kept<T>,
    body: String,
    since: i64,
    confirmed: bool,
    run: Option<String>,
}

impl Register {
    /// Opens a register to read and write for a workspace; creates it at the default place, or where the location
    /// says so, and brings an older one up to date.
    pub fn open(location: &Location, session: Session) -> Result<Self, RegisterError> {
        if Name::new(&session.workspace).is_err() {
            return Err(RegisterError::Workspace(session.workspace));
        }
        let file = File::open(location)?;
        if file.is_writable() {
            found(&file, &session)?;
        }
        Self::opened(file, Some(session))
    }

    /// Opens a register to read; nothing in it is changed, not even to bring it up to date.
    pub fn open_read_only(location: &Location) -> Result<Self, RegisterError> {
        Self::opened(File::open_read_only(location)?, None)
    }

    fn opened(file: File, session: Option<Session>) -> Result<Self, RegisterError> {
        let (id, opened_at) =
            file.read(|transaction| Ok((register_id(transaction)?, chain::head(transaction)?.0)))?;
        let Some(id) = id else {
            let reason = "it has no id".to_owned();
            return Err(RegisterError::Damaged { path: file.path().to_owned(), reason });
        };
        Ok(Self { file, id, session, opened_at, run: run::of_process(), created: AtomicBool::new(false) })
    }

    /// The register's id, a UUID: it tells two registers apart that stand at the same path one after the other.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The workspace it was opened for; `None` when it was opened to read.
    pub fn workspace(&self) -> Option<&str> {
        self.session.as_ref().map(|session| session.workspace.as_str())
    }

    /// The time of its clock; the machine's when it was opened to read.
    pub fn now(&self) -> Timestamp {
        self.session.as_ref().map_or_else(Timestamp::now, |session| session.clock.now())
    }

    /// One declaration.
    pub fn get<T: Declaration>(&self, name: &str) -> Result<Option<Kept<T>>, RegisterError> {
        let stored = self.file.read(|transaction| self.find::<T>(transaction, name))?;
        Ok(stored.map(|stored| stored.kept))
    }

    /// Every declaration of a kind, by name.
    pub fn list<T: Declaration>(&self) -> Result<Vec<Kept<T>>, RegisterError> {
        self.file.read(|transaction| {
            let mut statement = transaction.prepare_cached(
                "SELECT workspace, body, since, confirmed, run, name FROM declaration WHERE kind = ?1 ORDER BY name",
            )?;
            let mut rows = statement.query([T::KIND.word()])?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                let columns = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
                all.push(stored::<T>(self.file.path(), &row.get::<_, String>(5)?, columns)?.kept);
            }
            Ok(all)
        })
    }

    /// One declaration, on behalf of a workspace that knows it: from now on no create adopts it any more.
    pub fn read<T: Declaration>(&self, name: &str) -> Result<Option<Kept<T>>, RegisterError> {
        let Some(stored) = self.file.read(|transaction| self.find::<T>(transaction, name))? else {
            return Ok(None);
        };
        let own = self.workspace() == Some(stored.kept.workspace.as_str());
        if stored.confirmed || !own || !self.file.is_writable() {
            return Ok(Some(stored.kept));
        }
        self.write(|transaction, session| {
            let Some(stored) = self.find::<T>(transaction, name)? else { return Ok(None) };
            if !stored.confirmed && stored.kept.workspace == session.workspace {
                let body = Some(stored.body.as_str());
                append::<T>(transaction, session, (name, Action::Confirm), (body, body))?;
                transaction
                    .prepare_cached("UPDATE declaration SET confirmed = 1 WHERE kind = ?1 AND name = ?2")?
                    .execute([T::KIND.word(), name])?;
            }
            Ok(Some(stored.kept))
        })
    }

    /// Keeps a new declaration. One of the same name is an error, unless this workspace left an equal one behind in an
    /// earlier run and no read ever confirmed it: then it is taken up as it stands. Left by an earlier run is what was
    /// there when this register was opened and whose process has ended, unless it gave its answers to a Terraform that
    /// is still running; anything else was claimed by somebody who is still at work, in this process or beside it.
    pub fn create<T: Declaration>(&self, declaration: &T) -> Result<Kept<T>, RegisterError> {
        let name = declaration.name().as_str();
        self.write(|transaction, session| {
            if let Some(stored) = self.find::<T>(transaction, name)? {
                return self.adopt(transaction, session, stored, declaration);
            }
            let declaration = permitted(transaction, session, declaration)?;
            let body = declaration.to_body();
            let since = append::<T>(transaction, session, (name, Action::Create), (None, Some(&body)))?;
            transaction
                .prepare_cached(
                    "INSERT INTO declaration (kind, name, workspace, body, since, run) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                )?
                .execute(params![T::KIND.word(), name, session.workspace, body, since, self.run])?;
            self.created.store(true, Ordering::Relaxed);
            Ok(Kept { declaration, workspace: session.workspace.clone() })
        })
    }

    fn adopt<T: Declaration>(
        &self,
        transaction: &Transaction<'_>,
        session: &Session,
        stored: Stored<T>,
        asked: &T,
    ) -> Result<Kept<T>, Failure> {
        let (kind, name) = (T::KIND, asked.name().to_string());
        let workspace = stored.kept.workspace.clone();
        let left_behind = workspace == session.workspace
            && !stored.confirmed
            && stored.since <= self.opened_at
            && !stored.run.as_deref().is_some_and(run::is_claimed);
        if !left_behind {
            return Err(RegisterError::Taken { kind, name, workspace }.into());
        }
        if !stored.kept.declaration.answers(asked) {
            return Err(RegisterError::LeftBehind { kind, name, workspace }.into());
        }
        let body = Some(stored.body.as_str());
        let since = append::<T>(transaction, session, (&name, Action::Adopt), (body, body))?;
        // From here on it belongs to this run, so that a second resource of the same name finds it taken.
        transaction
            .prepare_cached("UPDATE declaration SET since = ?3, run = ?4 WHERE kind = ?1 AND name = ?2")?
            .execute(params![kind.word(), name, since, self.run])?;
        self.created.store(true, Ordering::Relaxed);
        Ok(stored.kept)
    }

    /// Notes that everything this process created was answered, before the process ends: while its Terraform run lasts
    /// nobody takes it for left behind. It waits a moment at most; where another process writes for longer, nothing
    /// is noted.
    pub fn leave(&self) -> Result<(), RegisterError> {
        let Some(own) = self.run.as_deref().filter(|_| self.created.load(Ordering::Relaxed)) else {
            return Ok(());
        };
        self.file.hurry(run::PARTING)?;
        self.write(|transaction, _| {
            transaction.execute(
                "UPDATE declaration SET run = run || ?2 WHERE run = ?1 AND confirmed = 0",
                [own, run::ANSWERED],
            )?;
            Ok(())
        })
    }

    /// Changes a declaration of this workspace.
    pub fn update<T: Declaration>(&self, declaration: &T) -> Result<Kept<T>, RegisterError> {
        let name = declaration.name().as_str();
        self.write(|transaction, session| {
            let Some(stored) = self.find::<T>(transaction, name)? else {
                return Err(RegisterError::Gone { kind: T::KIND, name: name.to_owned() }.into());
            };
            require_own(&stored, name, session)?;
            let declaration = permitted(transaction, session, declaration)?;
            let body = declaration.to_body();
            append::<T>(transaction, session, (name, Action::Update), (Some(&stored.body), Some(&body)))?;
            transaction
                .prepare_cached(
                    "UPDATE declaration SET body = ?3, confirmed = 1 WHERE kind = ?1 AND name = ?2",
                )?
                .execute([T::KIND.word(), name, body.as_str()])?;
            Ok(Kept { declaration, workspace: session.workspace.clone() })
        })
    }

    /// Removes a declaration of this workspace; one that is gone already is no error. Declarations of *other*
    /// workspaces that still name it are an error. Those of its own workspace are answered: their configuration is about
    /// to change in the same run (a renamed owner is removed before the identities that follow it), or was left behind.
    pub fn delete<T: Declaration>(&self, name: &str) -> Result<Vec<Referrer>, RegisterError> {
        self.write(|transaction, session| {
            let Some(stored) = self.find::<T>(transaction, name)? else { return Ok(Vec::new()) };
            require_own(&stored, name, session)?;
            let (own, others): (Vec<Referrer>, Vec<Referrer>) = referrers::<T>(transaction, name)?
                .into_iter()
                .partition(|referrer| referrer.workspace == session.workspace);
            if !others.is_empty() {
                let name = name.to_owned();
                return Err(RegisterError::StillNamed { kind: T::KIND, name, referrers: others }.into());
            }
            append::<T>(transaction, session, (name, Action::Delete), (Some(&stored.body), None))?;
            transaction
                .prepare_cached("DELETE FROM declaration WHERE kind = ?1 AND name = ?2")?
                .execute([T::KIND.word(), name])?;
            Ok(own)
        })
    }

    /// The whole audit chain, oldest entry first.
    pub fn audit_log(&self) -> Result<Vec<Entry>, RegisterError> {
        self.file.read(|transaction| Ok(chain::entries(transaction)?))
    }

    /// Walks the audit chain and says what does not fit: entries edited, missing or out of order, and declarations that
    /// are not as the chain says.
    pub fn verify(&self) -> Result<Verification, RegisterError> {
        self.file.read(|transaction| Ok(chain::verify(transaction)?))
    }

    fn write<T>(
        &self,
        work: impl FnOnce(&Transaction<'_>, &Session) -> Result<T, Failure>,
    ) -> Result<T, RegisterError> {
        let Some(session) = &self.session else {
            return Err(RegisterError::ReadOnly(self.file.path().to_owned()));
        };
        self.file.write(|transaction| work(transaction, session))
    }

    fn find<T: Declaration>(
        &self,
        transaction: &Transaction<'_>,
        name: &str,
    ) -> Result<Option<Stored<T>>, Failure> {
        let columns = transaction
            .prepare_cached(
                "SELECT workspace, body, since, confirmed, run FROM declaration WHERE kind = ?1 AND name = ?2",
            )?
            .query_row([T::KIND.word(), name], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)))
            .optional()?;
        columns.map(|columns| stored(self.file.path(), name, columns)).transpose()
    }
}

/// Gives a new register its id and the first entry of its chain.
fn found(file: &File, session: &Session) -> Result<(), RegisterError> {
    if file.read(|transaction| Ok(register_id(transaction)?))?.is_some() {
        return Ok(());
    }
    file.write(|transaction| {
        // Two processes may both have found it new; the second sees the first one's id here.
        if register_id(transaction)?.is_none() {
            let id = uuid::Uuid::new_v4().to_string();
            transaction.execute("INSERT INTO meta (key, value) VALUES ('id', ?1)", [&id])?;
            let change = Change {
                object: chain::REGISTER,
                name: &id,
                action: Action::Found,
                before: None,
                after: None,
            };
            chain::append(transaction, session, session.clock.now(), change)?;
        }
        Ok(())
    })
}

fn register_id(transaction: &Transaction<'_>) -> rusqlite::Result<Option<String>> {
    transaction.query_row("SELECT value FROM meta WHERE key = 'id'", [], |row| row.get(0)).optional()
}

fn append<T: Declaration>(
    transaction: &Transaction<'_>,
    session: &Session,
    (name, action): (&str, Action),
    (before, after): (Option<&str>, Option<&str>),
) -> Result<i64, Failure> {
    let change = Change { object: T::KIND.word(), name, action, before, after };
    Ok(chain::append(transaction, session, session.clock.now(), change)?)
}

fn require_own<T>(stored: &Stored<T>, name: &str, session: &Session) -> Result<(), Failure>
where
    T: Declaration,
{
    let owner = stored.kept.workspace.clone();
    if owner == session.workspace {
        return Ok(());
    }
    let workspace = session.workspace.clone();
    Err(RegisterError::Foreign { kind: T::KIND, name: name.to_owned(), owner, workspace }.into())
}

fn referrers<T: Declaration>(transaction: &Transaction<'_>, name: &str) -> Result<Vec<Referrer>, Failure> {
    let mut all = Vec::new();
    for (kind, attribute) in T::NAMED_BY {
        let mut statement = transaction.prepare_cached(
            // A text counts as a set of one.
            "SELECT name, workspace FROM declaration WHERE kind = ?1 \
             AND EXISTS (SELECT 1 FROM json_each(body, '$.' || ?2) WHERE value = ?3) ORDER BY name",
        )?;
        let rows = statement.query_map([kind.word(), attribute, name], |row| {
            Ok(Referrer { kind: *kind, name: row.get(0)?, workspace: row.get(1)? })
        })?;
        for row in rows {
            all.push(row?);
        }
    }
    Ok(all)
}

fn surroundings(
    transaction: &Transaction<'_>,
    workspace: &str,
    mentions: &Mentions<'_>,
) -> Result<Surroundings, Failure> {
    let mut around = Surroundings::default();
    for (kind, name) in &mentions.names {
        let found = transaction
            .prepare_cached("SELECT 1 FROM declaration WHERE kind = ?1 AND name = ?2")?
            .exists([kind.word(), name.as_str()])?;
        if found {
            around.note(*kind, (*name).clone());
        }
    }
    if let Some((platform, principal)) = mentions.principal {
        let mut statement = transaction.prepare_cached(
            "SELECT name, workspace FROM declaration WHERE kind = 'identity' AND json_extract(body, '$.principal') = ?1 \
             AND json_extract(body, '$.platform') IS ?2 AND workspace <> ?3 ORDER BY name",
        )?;
        let mut rows = statement.query(params![principal, platform, workspace])?;
        while let Some(row) = rows.next()? {
            let name: String = row.get(0)?;
            if let Ok(identity) = Name::new(&name) {
                around.holders.push(Holder { identity, workspace: row.get(1)? });
            }
        }
    }
    Ok(around)
}

fn stored<T: Declaration>(
    path: &Path,
    name: &str,
    (workspace, body, since, confirmed, run): (String, String, i64, bool, Option<String>),
) -> Result<Stored<T>, Failure> {
    let declaration = T::from_body(&body).map_err(|problem| RegisterError::Damaged {
        path: path.to_owned(),
        reason: format!("{} `{name}` cannot be read: {problem}", T::KIND),
    })?;
    Ok(Stored { kept: Kept { declaration, workspace }, body, since, confirmed, run })
}

/// The declaration as it is to be kept, unless it breaks a rule among the others.
fn permitted<T: Declaration>(
    transaction: &Transaction<'_>,
    session: &Session,
    declaration: &T,
) -> Result<T, Failure> {
    let around = surroundings(transaction, &session.workspace, &declaration.mentions())?;
    let violations = declaration.violations(&around);
    if !violations.is_empty() {
        return Err(RegisterError::Rules(violations).into());
    }
    let fixed = declaration.clone().fixed(session.clock.now());
    fixed.map_err(|violation| RegisterError::Rules(vec![violation]).into())
}
