//! A register on a PostgreSQL server: one connection, transactions that are tried again where the server asks for it, and
//! a commit whose answer was lost is looked for before anything is said about it.
//!
//! Writers of one organisation take turns: each locks the organisation's row first, so what a write reads stays true until
//! its commit. That needs no more than `SELECT … FOR UPDATE`, which `CockroachDB`, `YugabyteDB` and Aurora have too; what they
//! abort instead of waiting (SQLSTATE 40001, 40P01) is run again.

pub(crate) mod setup;
pub(crate) mod statements;
pub(crate) mod target;
mod tls;

use std::collections::HashMap;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use postgres::{Client, IsolationLevel, NoTls, Statement};

use crate::address::{Address, Trust};
use crate::chain::Head;
use crate::error::RegisterError;
use crate::fault;
use crate::place::Place;
use crate::server::setup::Setup;
use crate::server::statements::{Channel, Statements, explain, is_lost, reason_of};
use crate::server::target::{Environment, Target};
use crate::store::Transaction;

/// How long a server that went away may take to come back.
const RETURN: Duration = Duration::from_secs(10);

/// How often a transaction is run again that the server aborted because of others.
const ATTEMPTS: u32 = 50;

/// How often a run shows that it is at work.
const BEAT: Duration = Duration::from_secs(10);

/// An open server.
pub(crate) struct Server {
    inner: Arc<Inner>,
    setup: Setup,
    /// Dropping it ends the thread that shows that this run is at work.
    beat: Mutex<Option<Sender<()>>>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server")
            .field("target", &self.inner.target)
            .field("setup", &self.setup)
            .finish_non_exhaustive()
    }
}

pub(crate) struct Inner {
    link: Mutex<Link>,
    target: Target,
}

/// The connection, and the statements that it knows.
struct Link {
    client: Option<Client>,
    prepared: HashMap<String, Statement>,
    /// How long to wait for others.
    patience: Duration,
}

/// What a transaction is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To read with one statement; if it turns out that there are more, they are run in a transaction instead.
    Glance,
    Read,
    Write,
}

impl Server {
    /// Connects to write, creates the tables where the address allows that, and brings them up to date.
    pub(crate) fn open(address: &Address) -> Result<Self, RegisterError> {
        let inner = Inner::connected(address)?;
        let setup = setup::for_writing(&inner, address.creation)?;
        Ok(Self { inner: Arc::new(inner), setup, beat: Mutex::new(None) })
    }

    /// Connects to read and changes nothing.
    pub(crate) fn open_read_only(address: &Address) -> Result<Self, RegisterError> {
        let inner = Inner::connected(address)?;
        let setup = setup::for_reading(&inner)?;
        Ok(Self { inner: Arc::new(inner), setup, beat: Mutex::new(None) })
    }

    pub(crate) fn place(&self) -> &Place {
        &self.inner.target.place
    }

    pub(crate) fn is_writable(&self) -> bool {
        self.setup.writable
    }

    /// The role that the server knows us as.
    pub(crate) fn role(&self) -> &str {
        &self.setup.role
    }

    /// From now on waits no longer than this for others.
    pub(crate) fn hurry(&self, patience: Duration) {
        let mut link = self.inner.lock();
        link.patience = patience;
        if let Some(client) = &mut link.client {
            // Where it does not get through, the next statement says so.
            drop(client.batch_execute(&waiting(patience)));
        }
    }

    pub(crate) fn run<T>(
        &self,
        purpose: Purpose,
        work: impl FnMut(&mut Transaction<'_>) -> Result<T, RegisterError>,
    ) -> Result<T, RegisterError> {
        self.inner.run(purpose, work)
    }

    /// Shows from now on that the run of this mark is at work, until this is dropped.
    pub(crate) fn keep_beating(&self, mark: &str) {
        let mut beat = self.beat.lock().unwrap_or_else(PoisonError::into_inner);
        if beat.is_some() {
            return;
        }
        let (sender, stopped) = channel::<()>();
        let (inner, mark) = (Arc::downgrade(&self.inner), mark.to_owned());
        let beating = move || {
            while stopped.recv_timeout(BEAT) == Err(RecvTimeoutError::Timeout) {
                let Some(inner) = inner.upgrade() else { return };
                // One beat that is lost is no harm, and there is nobody here to be told.
                drop(inner.run(Purpose::Write, |transaction| crate::run::show(transaction, &mark)));
            }
        };
        if std::thread::Builder::new().name("nhi-beat".to_owned()).spawn(beating).is_ok() {
            *beat = Some(sender);
        }
    }
}

impl Inner {
    fn connected(address: &Address) -> Result<Self, RegisterError> {
        let environment = Environment {
            variable: &|name| std::env::var(name).ok(),
            user: crate::actor::os_user(),
            home: std::env::home_dir(),
        };
        let target = Target::find(address, &environment)
            .map_err(|(place, problem)| RegisterError::Address { place, problem })?;
        let mut link = Link { client: None, prepared: HashMap::new(), patience: Duration::from_secs(30) };
        link.connect(&target)?;
        Ok(Self { link: Mutex::new(link), target })
    }

    /// A panic elsewhere rolled its transaction back, so the connection is as good as before.
    fn lock(&self) -> MutexGuard<'_, Link> {
        self.link.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `work` in a transaction. It runs again when the server asks for that, and once after a lost connection, as
    /// long as it is certain that nothing was kept.
    pub(crate) fn run<T>(
        &self,
        mut purpose: Purpose,
        mut work: impl FnMut(&mut Transaction<'_>) -> Result<T, RegisterError>,
    ) -> Result<T, RegisterError> {
        let mut link = self.lock();
        let mut returned = false;
        let mut attempts = 0;
        loop {
            let Some(attempt) = link.attempt(&self.target, purpose, &mut work)? else {
                if returned {
                    return Err(RegisterError::Lost(self.target.place.clone()));
                }
                returned = true;
                link.return_to(&self.target)?;
                continue;
            };
            match attempt {
                Attempt::Done(answer) => return answer,
                Attempt::More => purpose = Purpose::Read,
                Attempt::Again(error) => {
                    attempts += 1;
                    if attempts == ATTEMPTS {
                        return Err(error);
                    }
                    std::thread::sleep(Duration::from_millis(u64::from(attempts.min(20))));
                }
                Attempt::Unknown { answer, witness } => {
                    let unknown = || RegisterError::Unknown(self.target.place.clone());
                    let Some(witness) = witness.filter(|_| !returned) else { return Err(unknown()) };
                    returned = true;
                    link.return_to(&self.target).map_err(|_| unknown())?;
                    if link.was_kept(&self.target, &witness).map_err(|_| unknown())? {
                        return Ok(answer);
                    }
                }
            }
        }
    }
}

/// How an attempt at a transaction ended.
enum Attempt<T> {
    Done(Result<T, RegisterError>),
    /// A glance does not do.
    More,
    /// The server aborted it because of others.
    Again(RegisterError),
    /// The connection was lost in the commit; the witness is what the commit would have written.
    Unknown {
        answer: T,
        witness: Option<(String, Head)>,
    },
}

impl Link {
    fn connect(&mut self, target: &Target) -> Result<(), RegisterError> {
        self.forget();
        let unreachable = |reason: String| RegisterError::Unreachable { place: target.place.clone(), reason };
        let connected = match target.trust {
            Trust::Disable => target.config.connect(NoTls),
            _ => target.config.connect(tls::connector(target).map_err(unreachable)?),
        };
        let mut client = connected.map_err(|error| {
            let note = target.note.as_ref().map_or_else(String::new, |note| format!("; {note}"));
            unreachable(format!("{}{note}", reason_of(&error)))
        })?;
        let waiting = waiting(self.patience);
        client
            .batch_execute(&format!("SET search_path = nhi; {waiting}"))
            .map_err(|error| explain(&target.place, Purpose::Read, &error))?;
        self.client = Some(client);
        Ok(())
    }

    /// Connects anew to a server that may be starting at this moment.
    fn return_to(&mut self, target: &Target) -> Result<(), RegisterError> {
        let deadline = Instant::now() + RETURN;
        loop {
            match self.connect(target) {
                Err(RegisterError::Unreachable { .. }) if Instant::now() < deadline => {
                    std::thread::sleep(Duration::from_millis(100));
                }
                other => return other,
            }
        }
    }

    /// One attempt; `None` when the connection was lost and it is certain that nothing was kept.
    fn attempt<T>(
        &mut self,
        target: &Target,
        purpose: Purpose,
        work: &mut impl FnMut(&mut Transaction<'_>) -> Result<T, RegisterError>,
    ) -> Result<Option<Attempt<T>>, RegisterError> {
        let Self { client: Some(client), prepared, .. } = self else { return Ok(None) };
        let channel = match begun(client, purpose) {
            Ok(channel) => channel,
            Err(error) if is_lost(&error) => return Ok(None),
            Err(error) => return Err(explain(&target.place, purpose, &error)),
        };
        let statements = Statements::new(channel, prepared, (&target.place, purpose));
        let mut transaction = Transaction::Postgres(statements);
        let answer = work(&mut transaction);
        let Transaction::Postgres(statements) = transaction else { return Ok(None) };
        let (channel, trouble, witness) = statements.into_parts();
        let answer = match (answer, trouble) {
            (_, statements::Trouble::More) => return Ok(Some(Attempt::More)),
            (Ok(answer), _) => answer,
            (Err(_), statements::Trouble::Lost) => return Ok(None),
            (Err(error), statements::Trouble::Aborted) => return Ok(Some(Attempt::Again(error))),
            (Err(error), statements::Trouble::None) => return Ok(Some(Attempt::Done(Err(error)))),
        };
        let Channel::Transaction(transaction) = channel else { return Ok(Some(Attempt::Done(Ok(answer)))) };
        if purpose == Purpose::Write {
            fault::point();
        }
        Ok(Some(match transaction.commit() {
            Ok(()) => {
                if purpose == Purpose::Write {
                    fault::point();
                }
                Attempt::Done(Ok(answer))
            }
            Err(error) if statements::is_aborted(&error) => {
                Attempt::Again(explain(&target.place, purpose, &error))
            }
            Err(error) if is_lost(&error) && purpose == Purpose::Write => {
                Attempt::Unknown { answer, witness }
            }
            Err(error) if is_lost(&error) => return Ok(None),
            Err(error) => Attempt::Done(Err(explain(&target.place, purpose, &error))),
        }))
    }

    /// Was the commit kept whose answer was lost? Its own connection may still be at it, so we wait for its lock first.
    fn was_kept(
        &mut self,
        target: &Target,
        (organisation, head): &(String, Head),
    ) -> Result<bool, RegisterError> {
        let mut look = |transaction: &mut Transaction<'_>| {
            transaction
                .row("SELECT seq FROM organisation WHERE name = ?1 FOR UPDATE", &[organisation.into()])?;
            let sql = "SELECT hash FROM audit WHERE organisation = ?1 AND seq = ?2";
            let hash = transaction.row(sql, &[organisation.into(), head.seq.into()])?;
            Ok(hash.map(|mut row| row.text()).transpose()?.is_some_and(|hash| hash == head.hash))
        };
        match self.attempt(target, Purpose::Write, &mut look)? {
            Some(Attempt::Done(answer)) => answer,
            Some(Attempt::Unknown { answer, .. }) => Ok(answer),
            Some(Attempt::Again(error)) => Err(error),
            Some(Attempt::More) | None => Err(RegisterError::Lost(target.place.clone())),
        }
    }

    /// Ends the connection. Its runtime must not end on a thread that belongs to another one, so it gets a thread of its
    /// own.
    fn forget(&mut self) {
        self.prepared.clear();
        if let Some(client) = self.client.take() {
            let parting = std::thread::Builder::new().spawn(move || drop(client));
            if let Ok(parting) = parting {
                // A panic there has nothing to say here.
                drop(parting.join());
            }
        }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.forget();
    }
}

/// Begins what a purpose needs.
fn begun(client: &mut Client, purpose: Purpose) -> Result<Channel<'_>, postgres::Error> {
    let begun = match purpose {
        Purpose::Glance => return Ok(Channel::Glance(client)),
        Purpose::Read => {
            client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true)
        }
        Purpose::Write => client.build_transaction().isolation_level(IsolationLevel::ReadCommitted),
    };
    begun.start().map(Channel::Transaction)
}

/// The statement that says how long to wait for the locks of others.
fn waiting(patience: Duration) -> String {
    format!("SET lock_timeout = {}", patience.as_millis())
}
