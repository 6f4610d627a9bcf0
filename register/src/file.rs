//! The file of a register: opening it for one of several processes, and saying what the store says in our words.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::error::RegisterError;
use crate::fault;
use crate::location::Creation;
use crate::place::Place;
use crate::schema::{self, Content, MIGRATIONS};
use crate::sqlite::{Statements, explain, is_busy};

/// How long one process waits for the others.
const PATIENCE: Duration = Duration::from_secs(30);

/// How many statements stay prepared: more than one write needs.
const STATEMENTS: usize = 64;

/// An open file.
#[derive(Debug)]
pub(crate) struct File {
    connection: Mutex<Connection>,
    place: Place,
    writable: bool,
}

impl File {
    /// Opens the file for writing, creates it where that is allowed, and brings it up to date. A file that the system
    /// lets us only read is opened for reading.
    pub(crate) fn open(path: &Path, creation: Creation) -> Result<Self, RegisterError> {
        let may_create = creation == Creation::Allowed;
        let there = path.try_exists().map_err(|error| unreadable(path, error.to_string()))?;
        if !there && !may_create {
            return Err(RegisterError::Missing(Place::file(path)));
        }
        if !there && let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| unreadable(path, error.to_string()))?;
        }
        refuse_folder(path)?;
        let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        if may_create {
            flags |= OpenFlags::SQLITE_OPEN_CREATE;
        }
        let opened = Self::prepared(path, |path| Connection::open_with_flags(path, flags));
        let current = opened.and_then(|opened| opened.bring_up_to_date(may_create).map(|()| opened));
        match current {
            // In a folder that may not be written the store can do nothing with a file that it is to write.
            Err(RegisterError::ReadOnly(_)) if there => Self::open_read_only(path),
            current => current,
        }
    }

    /// Opens the file for reading and changes nothing in it.
    pub(crate) fn open_read_only(path: &Path) -> Result<Self, RegisterError> {
        if !path.try_exists().map_err(|error| unreadable(path, error.to_string()))? {
            return Err(RegisterError::Missing(Place::file(path)));
        }
        refuse_folder(path)?;
        let flags =
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
        let look = |opened: Self| opened.identify().map(|content| (opened, content));
        let mut found = Self::prepared(path, |path| Connection::open_with_flags(path, flags)).and_then(look);
        if matches!(
            found,
            Err(RegisterError::Unreadable { .. } | RegisterError::Disk { .. } | RegisterError::ReadOnly(_))
        ) && !has_log(path)
        {
            // In a folder that may not be written, the store cannot put its log beside the file; where there is no log
            // and nobody can start one, the file alone is the whole register.
            found = Self::prepared(path, |path| Connection::open_with_flags(immutable(path), flags))
                .and_then(look);
        }
        let (mut opened, content) = found?;
        opened.writable = false;
        opened.refuse_other_versions(content)?;
        Ok(opened)
    }

    fn prepared(
        path: &Path,
        open: impl FnOnce(&Path) -> rusqlite::Result<Connection>,
    ) -> Result<Self, RegisterError> {
        let prepare = || {
            let mut connection = open(path)?;
            wait_up_to(&mut connection, PATIENCE)?;
            connection.set_prepared_statement_cache_capacity(STATEMENTS);
            connection.pragma_update(None, "synchronous", "NORMAL")?;
            connection.pragma_update(None, "trusted_schema", "OFF")?;
            let writable = !connection.is_readonly("main")?;
            Ok(Self { connection: Mutex::new(connection), place: Place::file(path), writable })
        };
        prepare().map_err(|error| explain(&Place::file(path), &error))
    }

    fn identify(&self) -> Result<Content, RegisterError> {
        self.read(schema::identify)
    }

    fn bring_up_to_date(&self, may_create: bool) -> Result<(), RegisterError> {
        let content = self.identify()?;
        if content == Content::Empty && may_create && self.writable {
            self.start_log()?;
            return self.migrate();
        }
        if let Content::Register(version) = content
            && version < schema::newest()
            && self.writable
        {
            return self.migrate();
        }
        self.refuse_other_versions(content)
    }

    fn migrate(&self) -> Result<(), RegisterError> {
        let before = self.write(|statements| schema::migrate(statements, MIGRATIONS))?;
        // Another process may have been faster, and newer.
        match before {
            Content::Empty => Ok(()),
            Content::Register(version) if version <= schema::newest() => Ok(()),
            other => self.refuse_other_versions(other),
        }
    }

    fn refuse_other_versions(&self, content: Content) -> Result<(), RegisterError> {
        let place = self.place.clone();
        match content {
            Content::Empty => {
                Err(RegisterError::NotARegister { place, found: "the file holds nothing".to_owned() })
            }
            Content::Foreign => Err(RegisterError::NotARegister {
                place,
                found: "it is the database of another program".to_owned(),
            }),
            Content::Register(found) => schema::refuse_other_versions(place, found),
        }
    }

    /// Turns on the write-ahead log, which lets processes read while one writes. The store does not wait for others
    /// here by itself.
    fn start_log(&self) -> Result<(), RegisterError> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let mode = self.lock().query_row("PRAGMA journal_mode = WAL", [], |row| row.get::<_, String>(0));
            match mode {
                Ok(mode) if mode.eq_ignore_ascii_case("wal") => return Ok(()),
                Ok(mode) => {
                    let reason = format!("its file system allows no write-ahead log (it stays at `{mode}`)");
                    return Err(RegisterError::Unreadable { place: self.place.clone(), reason });
                }
                Err(error) if is_busy(&error) && Instant::now() < deadline => {
                    std::thread::sleep(Duration::from_millis(5));
                }
                Err(error) => return Err(explain(&self.place, &error)),
            }
        }
    }

    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    pub(crate) fn is_writable(&self) -> bool {
        self.writable
    }

    /// From now on waits no longer than this for other processes.
    pub(crate) fn hurry(&self, patience: Duration) -> Result<(), RegisterError> {
        wait_up_to(&mut self.lock(), patience).map_err(|error| explain(&self.place, &error))
    }

    /// Runs `work` on one snapshot.
    pub(crate) fn read<T>(
        &self,
        work: impl FnOnce(Statements<'_>) -> Result<T, RegisterError>,
    ) -> Result<T, RegisterError> {
        self.run(TransactionBehavior::Deferred, work)
    }

    /// Runs `work` and keeps all of what it wrote, or nothing.
    pub(crate) fn write<T>(
        &self,
        work: impl FnOnce(Statements<'_>) -> Result<T, RegisterError>,
    ) -> Result<T, RegisterError> {
        // Taking the write lock first is what keeps a read in the transaction from becoming stale before its write.
        self.run(TransactionBehavior::Immediate, work)
    }

    fn run<T>(
        &self,
        behavior: TransactionBehavior,
        work: impl FnOnce(Statements<'_>) -> Result<T, RegisterError>,
    ) -> Result<T, RegisterError> {
        let mut connection = self.lock();
        let told = |error| explain(&self.place, &error);
        let transaction = connection.transaction_with_behavior(behavior).map_err(told)?;
        let answer = work(Statements::new(&transaction, &self.place))?;
        if matches!(behavior, TransactionBehavior::Deferred) {
            transaction.commit().map_err(told)?;
            return Ok(answer);
        }
        fault::point();
        transaction.commit().map_err(told)?;
        fault::point();
        Ok(answer)
    }

    /// Copies the file as it is at one moment, log and all, into a new one.
    pub(crate) fn copy_to(&self, path: &Path) -> Result<(), RegisterError> {
        let Some(name) = path.to_str() else {
            return Err(unreadable(path, "its path is not UTF-8".to_owned()));
        };
        let copied = self.lock().execute("VACUUM INTO ?1", [name]);
        // The copy begins without a log; it is to be written as the file is.
        let logged = copied.and_then(|_| Connection::open(path)?.pragma_update(None, "journal_mode", "WAL"));
        logged.map_err(|error| explain(&Place::file(path), &error))
    }

    /// A panic elsewhere rolled its transaction back, so the connection is as good as before.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Has the connection wait for other processes, so long at most. It looks again every few hundred microseconds, which is
/// how long a write takes: the store's own waiting grows to a tenth of a second, and writers in a queue would sleep more
/// than they write. Each waits a little differently, so that they do not wake together.
fn wait_up_to(connection: &mut Connection, patience: Duration) -> rusqlite::Result<()> {
    let mut begun = Instant::now();
    let stagger = Duration::from_micros(u64::from(std::process::id() % 7) * 20);
    connection.busy_handler(Some(move |count: i32| {
        if count == 0 {
            begun = Instant::now();
        }
        let left = patience.saturating_sub(begun.elapsed());
        // A long wait is somebody's long work; there is no hurry then.
        let pause = if count < 200 { Duration::from_micros(200) } else { Duration::from_millis(5) };
        std::thread::sleep((pause + stagger).min(left));
        // Whoever has nothing left has looked once more after its last pause.
        !left.is_zero()
    }))
}

fn refuse_folder(path: &Path) -> Result<(), RegisterError> {
    if path.is_dir() {
        return Err(unreadable(path, "it is a folder".to_owned()));
    }
    Ok(())
}

fn unreadable(path: &Path, reason: String) -> RegisterError {
    RegisterError::Unreadable { place: Place::file(path), reason }
}

fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(log).is_ok_and(|log| log.len() > 0)
}

/// The URI that tells the store that nobody changes the file.
fn immutable(path: &Path) -> String {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let escaped = absolute.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("file:{escaped}?immutable=1")
}
