//! A place for one register, in either store.

use std::path::PathBuf;
use std::sync::Arc;

use nhi_identity::Timestamp;
use nhi_register::{Actor, Clock, DEFAULT_ORGANISATION, Location, Register, RegisterError, Session};
use tempfile::TempDir;

use crate::postgres::Postgres;

/// When everything happens.
pub(crate) const NOW: &str = "2026-11-23T01:00:00Z";

/// A place where a register is, or will be.
pub(crate) struct Stand {
    pub(crate) store: Store,
}

pub(crate) enum Store {
    File(TempDir),
    Server(Arc<Postgres>, String),
}

impl Stand {
    pub(crate) fn file() -> Self {
        Self { store: Store::File(TempDir::new().unwrap()) }
    }

    /// `None` after telling the reader that there is no server, and so `test` was skipped.
    pub(crate) fn server(test: &str) -> Option<Self> {
        let server = Postgres::shared(test)?;
        let database = server.database();
        Some(Self { store: Store::Server(server, database) })
    }

    /// The file, where it is one.
    pub(crate) fn path(&self) -> Option<PathBuf> {
        match &self.store {
            Store::File(folder) => Some(folder.path().join("register.db")),
            Store::Server(..) => None,
        }
    }

    /// The location; whether it may be created is not said.
    pub(crate) fn url(&self) -> String {
        match &self.store {
            Store::File(folder) => format!("sqlite:{}", folder.path().join("register.db").display()),
            Store::Server(server, database) => server.location("nhi", database),
        }
    }

    /// The location, with leave to create.
    pub(crate) fn creating(&self) -> String {
        match &self.store {
            Store::File(_) => format!("{}?mode=create", self.url()),
            Store::Server(..) => format!("{}&mode=create", self.url()),
        }
    }

    pub(crate) fn open(&self, workspace: &str) -> Register {
        self.open_at(workspace, NOW)
    }

    pub(crate) fn open_at(&self, workspace: &str, now: &str) -> Register {
        self.open_session(session(DEFAULT_ORGANISATION, workspace, now)).unwrap()
    }

    pub(crate) fn open_in(&self, organisation: &str, workspace: &str) -> Register {
        self.open_session(session(organisation, workspace, NOW)).unwrap()
    }

    pub(crate) fn open_session(&self, session: Session) -> Result<Register, RegisterError> {
        Register::open(&Location::parse(&self.creating()).unwrap(), session)
    }

    pub(crate) fn reader(&self, organisation: &str) -> Result<Register, RegisterError> {
        Register::open_read_only(&Location::parse(&self.url()).unwrap(), organisation)
    }

    /// Runs statements past the register, as somebody with the file or the administrator of the server could.
    pub(crate) fn tamper(&self, sql: &str) {
        match &self.store {
            Store::File(_) => {
                let connection = rusqlite::Connection::open(self.path().unwrap()).unwrap();
                let drop = "DROP TRIGGER IF EXISTS audit_is_not_edited; DROP TRIGGER IF EXISTS audit_is_not_shortened;";
                connection.execute_batch(&format!("{drop}{sql}")).unwrap();
            }
            Store::Server(server, database) => server.sql(database, &format!("SET search_path = nhi; {sql}")),
        }
    }

    /// Whom the register writes down as the one who writes.
    pub(crate) fn actor(&self) -> &'static str {
        match &self.store {
            Store::File(_) => "alice",
            Store::Server(..) => "nhi",
        }
    }

    /// How it knows.
    pub(crate) fn source(&self) -> &'static str {
        match &self.store {
            Store::File(_) => "NHI_ACTOR",
            Store::Server(..) => "postgres session role; NHI_ACTOR said `alice`",
        }
    }
}

pub(crate) fn session(organisation: &str, workspace: &str, now: &str) -> Session {
    let at: Timestamp = now.parse().unwrap();
    Session {
        organisation: organisation.into(),
        workspace: workspace.into(),
        actor: Actor { name: "alice".into(), source: "NHI_ACTOR".into() },
        clock: Clock::new(move || at),
    }
}
