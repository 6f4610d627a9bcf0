//! How statements run in SQLite, and saying what it says in our words.

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, ErrorCode, ToSql, params_from_iter};

use crate::error::RegisterError;
use crate::fault;
use crate::place::Place;
use crate::store::{Cell, Row, Value};

/// A transaction of an open file.
#[derive(Clone, Copy)]
pub(crate) struct Statements<'a> {
    connection: &'a Connection,
    place: &'a Place,
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

impl<'a> Statements<'a> {
    pub(crate) fn new(connection: &'a Connection, place: &'a Place) -> Self {
        Self { connection, place }
    }

    pub(crate) fn place(&self) -> &'a Place {
        self.place
    }

    pub(crate) fn rows(&self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, RegisterError> {
        let read = || {
            let mut statement = self.connection.prepare_cached(sql)?;
            let columns = statement.column_count();
            let mut rows = statement.query(params_from_iter(values))?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                let mut cells = Vec::with_capacity(columns);
                for column in 0..columns {
                    cells.push(cell(row.get_ref(column)?)?);
                }
                all.push(Row::new(self.place, cells));
            }
            Ok(all)
        };
        read().map_err(|error| explain(self.place, &error))
    }

    pub(crate) fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<usize, RegisterError> {
        let run = |mut statement: CachedStatement<'_>| statement.execute(params_from_iter(values));
        self.connection.prepare_cached(sql).and_then(run).map_err(|error| explain(self.place, &error))
    }

    pub(crate) fn batch(&self, sql: &str) -> Result<(), RegisterError> {
        fault::point();
        self.connection.execute_batch(sql).map_err(|error| explain(self.place, &error))
    }
}

fn cell(value: ValueRef<'_>) -> rusqlite::Result<Cell> {
    Ok(match value {
        ValueRef::Integer(number) => Cell::Integer(number),
        ValueRef::Text(text) => Cell::Text(
            std::str::from_utf8(text).map_err(|error| rusqlite::Error::Utf8Error(0, error))?.to_owned(),
        ),
        ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_) => Cell::Null,
    })
}

pub(crate) fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// What the store says, in our words.
pub(crate) fn explain(place: &Place, error: &rusqlite::Error) -> RegisterError {
    let (place, reason) = (place.clone(), error.to_string());
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => RegisterError::Busy(place),
        Some(ErrorCode::DiskFull) => RegisterError::Full(place),
        Some(ErrorCode::ReadOnly) => RegisterError::ReadOnly(place),
        Some(ErrorCode::NotADatabase) => {
            RegisterError::NotARegister { place, found: "it is no SQLite database".to_owned() }
        }
        Some(ErrorCode::DatabaseCorrupt) => RegisterError::Damaged { place, reason },
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            RegisterError::Unreadable { place, reason }
        }
        Some(ErrorCode::SystemIoFailure) => RegisterError::Disk { place, reason },
        _ => RegisterError::Store { place, reason },
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::*;

    #[test]
    fn what_the_store_says_in_our_words() {
        let place = Place::from("r.db");
        let check = |code: i32, expected: &str| {
            let told =
                explain(&place, &rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)).to_string();
            assert!(told.contains("`r.db`") && told.contains(expected), "{told}");
        };
        check(ffi::SQLITE_BUSY, "in use by another process");
        check(ffi::SQLITE_BUSY_SNAPSHOT, "in use by another process");
        check(ffi::SQLITE_FULL, "no room left");
        check(ffi::SQLITE_READONLY, "may only be read");
        check(ffi::SQLITE_NOTADB, "no SQLite database");
        check(ffi::SQLITE_CORRUPT, "is damaged");
        check(ffi::SQLITE_CANTOPEN, "cannot be opened");
        check(ffi::SQLITE_IOERR_WRITE, "its disk has room");
        check(ffi::SQLITE_CONSTRAINT, "did not answer as it should");
    }
}
