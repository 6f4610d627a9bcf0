//! The register: what may be asked of it and done to it.

use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;
use nhi_identity::{Name, Surroundings, Violation};

use crate::chain::{self, Action, Change, Entry, Head, Verification};
use crate::declaration::{Declaration, Kept, Referrer};
use crate::error::RegisterError;
use crate::frozen;
use crate::location::{Creation, Location};
use crate::place::Place;
use crate::query::{self, Filter, Page};
use crate::record::{self, Asked, Record};
use crate::run::{self, Run};
use crate::session::Session;
use crate::store::{Store, Transaction};
use crate::surroundings;
use crate::tables;
use crate::verify;
use crate::writing::Writing;

/// An open register. It may be used from several threads; several processes may have one open at once.
#[derive(Debug)]
pub struct Register {
    pub(crate) store: Store,
    id: String,
    organisation: String,
    session: Option<Session>,
    run: Run,
    /// Whether this process created or adopted anything here.
    created: AtomicBool,
}

impl Register {
    /// Opens a register to read and write for a workspace of an organisation; creates it at the default place, or where
    /// the location says so, and brings an older one up to date.
    pub fn open(location: &Location, session: Session) -> Result<Self, RegisterError> {
        if Name::new(&session.workspace).is_err() {
            return Err(RegisterError::Workspace(session.workspace));
        }
        if Name::new(&session.organisation).is_err() {
            return Err(RegisterError::Organisation(session.organisation));
        }
        let store = Store::open(location)?;
        let session = Session { actor: store.actor(session.actor.clone()), ..session };
        if store.is_writable() {
            found(&store, &session, location.creation())?;
        }
        Self::opened(store, session.organisation.clone(), Some(session))
    }

    /// Opens a register to read what one organisation keeps; nothing in it is changed, not even to bring it up to date.
    pub fn open_read_only(location: &Location, organisation: &str) -> Result<Self, RegisterError> {
        if Name::new(organisation).is_err() {
            return Err(RegisterError::Organisation(organisation.to_owned()));
        }
        Self::opened(Store::open_read_only(location)?, organisation.to_owned(), None)
    }

    fn opened(store: Store, organisation: String, session: Option<Session>) -> Result<Self, RegisterError> {
        let known = store.read(|transaction| organisation_of(transaction, &organisation))?;
        let Some((id, head)) = known else {
            return Err(RegisterError::NoOrganisation { place: store.place().clone(), organisation });
        };
        let run = Run::of_process(head.seq, store.dialect());
        Ok(Self { store, id, organisation, session, run, created: AtomicBool::new(false) })
    }

    /// The id of the organisation in this register, a UUID: it tells two registers apart that stand at the same place one
    /// after the other, and two organisations in one register.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The organisation it was opened for.
    pub fn organisation(&self) -> &str {
        &self.organisation
    }

    /// The workspace it was opened for; `None` when it was opened to read.
    pub fn workspace(&self) -> Option<&str> {
        self.session.as_ref().map(|session| session.workspace.as_str())
    }

    /// On whose behalf it was opened to write.
    pub(crate) fn session(&self) -> Option<&Session> {
        self.session.as_ref()
    }

    /// Where it is, as messages say it.
    pub fn place(&self) -> &Place {
        self.store.place()
    }

    /// The time of its clock; the machine's when it was opened to read.
    pub fn now(&self) -> Timestamp {
        self.session.as_ref().map_or_else(Timestamp::now, |session| session.clock.now())
    }

    /// The file, for tests that spoil it.
    #[cfg(test)]
    pub(crate) fn file(&self) -> &crate::file::File {
        match &self.store {
            Store::Sqlite(file) => file,
            Store::Postgres(_) => panic!("it is no file"),
        }
    }

    /// One declaration.
    pub fn get<T: Declaration>(&self, name: &str) -> Result<Option<Kept<T>>, RegisterError> {
        let stored =
            self.store.glance(|transaction| tables::find::<T>(transaction, (&self.organisation, name)))?;
        Ok(stored.map(|stored| stored.kept))
    }

    /// Every declaration of a kind, by name.
    pub fn list<T: Declaration>(&self) -> Result<Vec<Kept<T>>, RegisterError> {
        self.find(&Filter::default(), Page::first(usize::MAX))
    }

    /// A page of the declarations of a kind that fit a filter, in order of name.
    pub fn find<T: Declaration>(&self, filter: &Filter, page: Page) -> Result<Vec<Kept<T>>, RegisterError> {
        let Page { after, limit } = page;
        self.store.glance(|transaction| {
            query::find(transaction, &self.organisation, filter, (after.as_deref(), limit))
        })
    }

    /// How many declarations of a kind fit a filter.
    pub fn count<T: Declaration>(&self, filter: &Filter) -> Result<u64, RegisterError> {
        self.store.glance(|transaction| query::count::<T>(transaction, &self.organisation, filter))
    }

    /// What freezes say now against keeping a declaration that was `before` until now. The word of the time of asking:
    /// when it is kept they are asked again.
    pub fn kept_out<T: Declaration>(
        &self,
        before: Option<&T>,
        asked: &T,
    ) -> Result<Vec<Violation>, RegisterError> {
        if asked.newcomer(before).is_none() {
            return Ok(Vec::new());
        }
        let at = (self.organisation.as_str(), self.now());
        self.store.read(|transaction| frozen::kept_out(transaction, at, (before, asked)))
    }

    /// What stands around a declaration now, as far as its rules ask for it. When it is kept they are asked again.
    pub fn around<T: Declaration>(&self, asked: &T) -> Result<Surroundings, RegisterError> {
        let here = (self.organisation.as_str(), self.workspace().unwrap_or_default());
        self.store.read(|transaction| surroundings::around(transaction, here, &asked.mentions()))
    }

    /// One declaration, on behalf of a workspace that knows it: from now on no create adopts it any more.
    pub fn read<T: Declaration>(&self, name: &str) -> Result<Option<Kept<T>>, RegisterError> {
        let found =
            self.store.glance(|transaction| tables::find::<T>(transaction, (&self.organisation, name)))?;
        let Some(stored) = found else { return Ok(None) };
        let own = self.workspace() == Some(stored.kept.workspace.as_str());
        if stored.confirmed || !own || !self.store.is_writable() {
            return Ok(Some(stored.kept));
        }
        self.together(|writing| writing.confirm(name))
    }

    /// Keeps a new declaration. One of the same name is an error, unless this workspace left an equal one behind in an
    /// earlier run and no read ever confirmed it: then it is taken up as it stands. Left by an earlier run is what was
    /// there when this register was opened and whose process has ended, unless it gave its answers to a Terraform that
    /// is still running; anything else was claimed by somebody who is still at work, in this process or beside it.
    pub fn create<T: Declaration>(&self, declaration: &T) -> Result<Kept<T>, RegisterError> {
        self.together(|writing| writing.create(declaration))
    }

    /// Changes a declaration of this workspace. With a version `expected` ([`Kept::version`] as this run knows it), it is
    /// an error that somebody wrote it since.
    pub fn update<T: Declaration>(
        &self,
        declaration: &T,
        expected: Option<i64>,
    ) -> Result<Kept<T>, RegisterError> {
        self.together(|writing| writing.update(declaration, expected))
    }

    /// Removes a declaration of this workspace; one that is gone already is no error, one that somebody wrote since the
    /// version `expected` is. Declarations of *other* workspaces that still name it are an error. Those of its own
    /// workspace are answered: their configuration is about to change in the same run (a renamed owner is removed before
    /// the identities that follow it), or was left behind.
    pub fn delete<T: Declaration>(
        &self,
        name: &str,
        expected: Option<i64>,
    ) -> Result<Vec<Referrer>, RegisterError> {
        self.together(|writing| writing.delete::<T>(name, expected))
    }

    /// Does several things in one transaction, each with its own entry in the audit chain; an error undoes them all.
    /// `work` may run more than once: a server may ask for that when others write at the same time.
    pub fn together<T>(
        &self,
        mut work: impl FnMut(&mut Writing<'_, '_>) -> Result<T, RegisterError>,
    ) -> Result<T, RegisterError> {
        let Some(session) = &self.session else {
            return Err(RegisterError::ReadOnly(self.store.place().clone()));
        };
        let (answer, created) = self.store.write(|transaction| {
            let Some((_, head)) = locked_organisation_of(transaction, &session.organisation)? else {
                let organisation = session.organisation.clone();
                return Err(RegisterError::NoOrganisation {
                    place: transaction.place().clone(),
                    organisation,
                });
            };
            let mut writing = Writing::new(transaction, (session, &self.run), head);
            let answer = work(&mut writing)?;
            writing.finish()?;
            Ok((answer, writing.created))
        })?;
        if created && !self.created.swap(true, Ordering::Relaxed) {
            self.run.was_announced();
            if let Some(mark) = self.run.mark() {
                self.store.keep_beating(mark);
            }
        }
        Ok(answer)
    }

    /// Notes that everything this process created was answered, before the process ends: while its Terraform run lasts
    /// nobody takes it for left behind. It waits a moment at most; where another process writes for longer, nothing
    /// is noted.
    pub fn leave(&self) -> Result<(), RegisterError> {
        if !self.created.load(Ordering::Relaxed) {
            return Ok(());
        }
        self.store.hurry(run::PARTING)?;
        self.store.write(|transaction| self.run.answered(transaction))
    }

    /// The end of the audit chain.
    pub fn head(&self) -> Result<Head, RegisterError> {
        let known = self.store.glance(|transaction| organisation_of(transaction, &self.organisation))?;
        Ok(known.map(|(_, head)| head).unwrap_or_default())
    }

    /// The whole audit chain, oldest entry first. A long one is better read in pages, by [`Register::entries_after`].
    pub fn audit_log(&self) -> Result<Vec<Entry>, RegisterError> {
        self.entries_after(0, usize::MAX)
    }

    /// The entries of the audit chain after a number, oldest first, at most so many.
    pub fn entries_after(&self, seq: i64, limit: usize) -> Result<Vec<Entry>, RegisterError> {
        self.store.glance(|transaction| chain::entries_after(transaction, &self.organisation, (seq, limit)))
    }

    /// The entries of the audit chain about one object, oldest first: a declaration by the word of its kind, a record by
    /// its collection.
    pub fn entries_about(&self, object: &str, name: &str) -> Result<Vec<Entry>, RegisterError> {
        self.store.glance(|transaction| chain::entries_about(transaction, &self.organisation, (object, name)))
    }

    /// One entry of the audit chain, for example the one that wrote a declaration ([`Kept::version`]).
    pub fn entry(&self, seq: i64) -> Result<Option<Entry>, RegisterError> {
        self.store.glance(|transaction| chain::entry(transaction, &self.organisation, seq))
    }

    /// Walks the audit chain and says what does not fit: entries edited, missing or out of order, and declarations and
    /// records that are not as the chain says.
    pub fn verify(&self) -> Result<Verification, RegisterError> {
        self.store.read(|transaction| {
            let head = organisation_of(transaction, &self.organisation)?.map(|(_, head)| head);
            verify::verify(transaction, &self.organisation, &head.unwrap_or_default())
        })
    }

    /// The records of a collection that fit, in order of their keys.
    pub fn records(&self, collection: &str, asked: Asked<'_>) -> Result<Vec<Record>, RegisterError> {
        self.store.glance(|transaction| record::records(transaction, (&self.organisation, collection), asked))
    }
}

/// The id of an organisation and the end of its chain.
pub(crate) fn organisation_of(
    transaction: &mut Transaction<'_>,
    name: &str,
) -> Result<Option<(String, Head)>, RegisterError> {
    organisation_row(transaction, name, "SELECT id, seq, hash FROM organisation WHERE name = ?1")
}

/// The same, and until the transaction ends nobody else writes for this organisation.
pub(crate) fn locked_organisation_of(
    transaction: &mut Transaction<'_>,
    name: &str,
) -> Result<Option<(String, Head)>, RegisterError> {
    let sql = transaction.dialect().locking("SELECT id, seq, hash FROM organisation WHERE name = ?1");
    organisation_row(transaction, name, &sql)
}

fn organisation_row(
    transaction: &mut Transaction<'_>,
    name: &str,
    sql: &str,
) -> Result<Option<(String, Head)>, RegisterError> {
    let Some(mut row) = transaction.row(sql, &[name.into()])? else { return Ok(None) };
    Ok(Some((row.text()?, Head { seq: row.integer()?, hash: row.text()? })))
}

/// Gives a new organisation its id and the first entry of its chain. The first one of a register is never refused: its
/// tables were made on somebody's word.
fn found(store: &Store, session: &Session, creation: Creation) -> Result<(), RegisterError> {
    let organisation = session.organisation.as_str();
    let (known, others) = store.read(|transaction| {
        let known = organisation_of(transaction, organisation)?.is_some();
        Ok((known, transaction.row("SELECT name FROM organisation LIMIT 1", &[])?.is_some()))
    })?;
    if known || (others && creation == Creation::Refused) {
        return Ok(());
    }
    store.write(|transaction| {
        let id = uuid::Uuid::new_v4().to_string();
        // Two processes may both have found it new; the second one adds nothing here.
        let added = transaction.execute(
            "INSERT INTO organisation (name, id, seq, hash) VALUES (?1, ?2, 0, '') ON CONFLICT (name) DO NOTHING",
            &[organisation.into(), (&id).into()],
        )?;
        if added == 0 {
            return Ok(());
        }
        let action = Action::Found.word();
        let change = Change { object: chain::REGISTER, name: &id, action, before: None, after: None };
        let now = session.clock.now();
        let head = chain::append(transaction, session, now, (&Head::default(), change))?;
        chain::set_head(transaction, organisation, &head)
    })
}
