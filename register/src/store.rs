//! The boundary of the stores: transactions that run statements, whichever store is behind them. Everything above it
//! is written once.

use std::time::Duration;

use crate::actor::Actor;
use crate::chain::Head;
use crate::error::RegisterError;
use crate::fault;
use crate::file::File;
use crate::location::{Location, Target};
use crate::place::Place;
use crate::schema;
use crate::server::{self, Purpose, Server};
use crate::sqlite;

/// An open store.
#[derive(Debug)]
pub(crate) enum Store {
    /// A file of this machine.
    Sqlite(File),
    /// A server.
    Postgres(Server),
}

/// A value of a statement.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value<'a> {
    Null,
    Integer(i64),
    Text(&'a str),
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<Option<&'a str>> for Value<'a> {
    fn from(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<Option<i64>> for Value<'_> {
    fn from(number: Option<i64>) -> Self {
        number.map_or(Self::Null, Self::Integer)
    }
}

/// A value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cell {
    Null,
    Integer(i64),
    Text(String),
}

/// A row, read from its first column to its last.
#[derive(Debug)]
pub(crate) struct Row {
    place: Place,
    cells: std::vec::IntoIter<Cell>,
}

impl Row {
    pub(crate) fn new(place: &Place, cells: Vec<Cell>) -> Self {
        Self { place: place.clone(), cells: cells.into_iter() }
    }

    /// The next column, a text.
    pub(crate) fn text(&mut self) -> Result<String, RegisterError> {
        match self.cells.next() {
            Some(Cell::Text(text)) => Ok(text),
            other => Err(self.odd("a text", other.as_ref())),
        }
    }

    /// The next column, a number.
    pub(crate) fn integer(&mut self) -> Result<i64, RegisterError> {
        match self.cells.next() {
            Some(Cell::Integer(number)) => Ok(number),
            other => Err(self.odd("a number", other.as_ref())),
        }
    }

    /// The next column, a text or nothing.
    pub(crate) fn optional_text(&mut self) -> Result<Option<String>, RegisterError> {
        match self.cells.next() {
            Some(Cell::Text(text)) => Ok(Some(text)),
            Some(Cell::Null) => Ok(None),
            other => Err(self.odd("a text", other.as_ref())),
        }
    }

    /// The next column, a number or nothing.
    pub(crate) fn optional_integer(&mut self) -> Result<Option<i64>, RegisterError> {
        match self.cells.next() {
            Some(Cell::Integer(number)) => Ok(Some(number)),
            Some(Cell::Null) => Ok(None),
            other => Err(self.odd("a number", other.as_ref())),
        }
    }

    fn odd(&self, expected: &str, found: Option<&Cell>) -> RegisterError {
        let found = match found {
            None => "nothing",
            Some(Cell::Null) => "no value",
            Some(Cell::Integer(_)) => "a number",
            Some(Cell::Text(_)) => "a text",
        };
        RegisterError::Damaged {
            place: self.place.clone(),
            reason: format!("a row holds {found} where {expected} belongs"),
        }
    }
}

impl Store {
    /// Opens a store for writing, creates it where the location allows that, and brings it up to date.
    pub(crate) fn open(location: &Location) -> Result<Self, RegisterError> {
        match &location.0 {
            Target::File(path, creation) => File::open(path, *creation).map(Self::Sqlite),
            Target::Server(address) => Server::open(address).map(Self::Postgres),
        }
    }

    /// Opens a store for reading and changes nothing in it.
    pub(crate) fn open_read_only(location: &Location) -> Result<Self, RegisterError> {
        match &location.0 {
            Target::File(path, _) => File::open_read_only(path).map(Self::Sqlite),
            Target::Server(address) => Server::open_read_only(address).map(Self::Postgres),
        }
    }

    pub(crate) fn place(&self) -> &Place {
        match self {
            Self::Sqlite(file) => file.place(),
            Self::Postgres(server) => server.place(),
        }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    pub(crate) fn is_writable(&self) -> bool {
        match self {
            Self::Sqlite(file) => file.is_writable(),
            Self::Postgres(server) => server.is_writable(),
        }
    }

    /// Who writes. A server has authenticated a role, and that is the one; what was said besides is kept in the source.
    pub(crate) fn actor(&self, said: Actor) -> Actor {
        match self {
            Self::Sqlite(_) => said,
            Self::Postgres(server) => Actor {
                name: server.role().to_owned(),
                source: format!("postgres session role; {} said `{}`", said.source, said.name),
            },
        }
    }

    /// Shows from now on that a run is at work, where other machines cannot see it.
    pub(crate) fn keep_beating(&self, mark: &str) {
        match self {
            Self::Sqlite(_) => {}
            Self::Postgres(server) => server.keep_beating(mark),
        }
    }

    /// From now on waits no longer than this for others.
    pub(crate) fn hurry(&self, patience: Duration) -> Result<(), RegisterError> {
        match self {
            Self::Sqlite(file) => file.hurry(patience),
            Self::Postgres(server) => {
                server.hurry(patience);
                Ok(())
            }
        }
    }

    /// Runs `work` on one snapshot. It may run more than once.
    pub(crate) fn read<T>(
        &self,
        mut work: impl FnMut(&mut Transaction<'_>) -> Result<T, RegisterError>,
    ) -> Result<T, RegisterError> {
        match self {
            Self::Sqlite(file) => file.read(|transaction| work(&mut Transaction::Sqlite(transaction))),
            Self::Postgres(server) => server.run(Purpose::Read, work),
        }
    }

    /// Runs `work`, which is one statement as a rule, on one snapshot. It may run more than once. A server is asked in one
    /// trip instead of three.
    pub(crate) fn glance<T>(
        &self,
        work: impl FnMut(&mut Transaction<'_>) -> Result<T, RegisterError>,
    ) -> Result<T, RegisterError> {
        match self {
            Self::Sqlite(_) => self.read(work),
            Self::Postgres(server) => server.run(Purpose::Glance, work),
        }
    }

    /// Runs `work` and keeps all of what it wrote, or nothing. It may run more than once.
    pub(crate) fn write<T>(
        &self,
        mut work: impl FnMut(&mut Transaction<'_>) -> Result<T, RegisterError>,
    ) -> Result<T, RegisterError> {
        if !self.is_writable() {
            return Err(RegisterError::ReadOnly(self.place().clone()));
        }
        match self {
            Self::Sqlite(file) => file.write(|transaction| work(&mut Transaction::Sqlite(transaction))),
            Self::Postgres(server) => server.run(Purpose::Write, work),
        }
    }
}

/// What the stores differ in, beyond how they are reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// The statement so that what it reads stays as it is until the transaction ends. In a file the transaction has the
    /// write lock already.
    pub(crate) fn locking(self, sql: &str) -> String {
        match self {
            Self::Sqlite => sql.to_owned(),
            Self::Postgres => format!("{sql} FOR UPDATE"),
        }
    }
}

#[cfg(test)]
thread_local! {
    /// How many statements this thread has read with.
    pub(crate) static ASKED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// An open transaction.
pub(crate) enum Transaction<'a> {
    Sqlite(sqlite::Statements<'a>),
    Postgres(server::statements::Statements<'a>),
}

impl Transaction<'_> {
    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// The rows that a statement answers. Its places for values are `?1`, `?2` and so on.
    pub(crate) fn rows(&mut self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, RegisterError> {
        #[cfg(test)]
        ASKED.with(|asked| asked.set(asked.get() + 1));
        match self {
            Self::Sqlite(statements) => statements.rows(sql, values),
            Self::Postgres(statements) => statements.rows(sql, values),
        }
    }

    /// The first row that a statement answers.
    pub(crate) fn row(&mut self, sql: &str, values: &[Value<'_>]) -> Result<Option<Row>, RegisterError> {
        Ok(self.rows(sql, values)?.into_iter().next())
    }

    /// Runs a statement and answers how many rows it touched.
    pub(crate) fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<usize, RegisterError> {
        fault::point();
        match self {
            Self::Sqlite(statements) => statements.execute(sql, values),
            Self::Postgres(statements) => statements.execute(sql, values),
        }
    }

    /// Runs `work` with leave to remove entries of a chain. Nobody else sees it without its guards: they are back before the
    /// transaction ends. A server guards the chain by what a role may do.
    pub(crate) fn without_guards(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<(), RegisterError>,
    ) -> Result<(), RegisterError> {
        let Self::Sqlite(statements) = self else { return work(self) };
        let statements = *statements;
        statements.batch(schema::NO_GUARDS)?;
        work(self)?;
        statements.batch(schema::GUARDS)
    }

    /// What the commit will have written, for a store that can lose the answer to it.
    pub(crate) fn set_witness(&mut self, organisation: &str, head: &Head) {
        match self {
            Self::Sqlite(_) => {}
            Self::Postgres(statements) => statements.set_witness(organisation, head),
        }
    }

    pub(crate) fn place(&self) -> &Place {
        match self {
            Self::Sqlite(statements) => statements.place(),
            Self::Postgres(statements) => statements.place(),
        }
    }
}
