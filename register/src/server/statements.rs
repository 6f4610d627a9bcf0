//! How statements run on a server, and saying what it says in our words.

use std::collections::HashMap;
use std::error::Error as _;

use bytes::BytesMut;
use postgres::error::SqlState;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, Error, Statement};

use crate::chain::Head;
use crate::error::RegisterError;
use crate::fault;
use crate::place::Place;
use crate::server::Purpose;
use crate::store::{Cell, Row, Value};

/// What went wrong in a transaction, beyond what its work was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    None,
    /// The connection is gone.
    Lost,
    /// The server aborted it because of others.
    Aborted,
    /// A glance was to be more than one statement.
    More,
}

/// Where statements are sent.
pub(crate) enum Channel<'a> {
    Transaction(postgres::Transaction<'a>),
    /// One statement is a snapshot by itself: no trips to begin it and to end it.
    Glance(&'a mut Client),
    /// The one statement of a glance was sent.
    Spent,
}

/// A transaction on a server.
pub(crate) struct Statements<'a> {
    channel: Channel<'a>,
    prepared: &'a mut HashMap<String, Statement>,
    place: &'a Place,
    purpose: Purpose,
    trouble: Trouble,
    witness: Option<(String, Head)>,
}

impl ToSql for Value<'_> {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Integer(number) => number.to_sql(ty, out),
            Self::Text(text) => text.to_sql(ty, out),
        }
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::INT8 || <&str as ToSql>::accepts(ty)
    }

    to_sql_checked!();
}

impl<'a> Statements<'a> {
    pub(crate) fn new(
        channel: Channel<'a>,
        prepared: &'a mut HashMap<String, Statement>,
        (place, purpose): (&'a Place, Purpose),
    ) -> Self {
        Self { channel, prepared, place, purpose, trouble: Trouble::None, witness: None }
    }

    pub(crate) fn place(&self) -> &'a Place {
        self.place
    }

    /// What the commit will have written, to be looked for when its answer is lost.
    pub(crate) fn set_witness(&mut self, organisation: &str, head: &Head) {
        self.witness = Some((organisation.to_owned(), head.clone()));
    }

    pub(crate) fn into_parts(self) -> (Channel<'a>, Trouble, Option<(String, Head)>) {
        (self.channel, self.trouble, self.witness)
    }

    pub(crate) fn rows(&mut self, sql: &str, values: &[Value<'_>]) -> Result<Vec<Row>, RegisterError> {
        let rows = match &mut self.channel {
            Channel::Transaction(transaction) => {
                let statement = known(self.prepared, sql, |sql| transaction.prepare(sql));
                statement.and_then(|statement| transaction.query(&statement, &parameters(values)))
            }
            Channel::Glance(client) => {
                let statement = known(self.prepared, sql, |sql| client.prepare(sql));
                let rows = statement.and_then(|statement| client.query(&statement, &parameters(values)));
                self.channel = Channel::Spent;
                rows
            }
            Channel::Spent => return Err(self.more()),
        };
        let rows = rows.map_err(|error| self.told(&error))?;
        rows.iter().map(|row| Ok(Row::new(self.place, self.cells(row)?))).collect()
    }

    pub(crate) fn execute(&mut self, sql: &str, values: &[Value<'_>]) -> Result<usize, RegisterError> {
        let Channel::Transaction(transaction) = &mut self.channel else { return Err(self.more()) };
        let statement = known(self.prepared, sql, |sql| transaction.prepare(sql));
        let touched = statement.and_then(|statement| transaction.execute(&statement, &parameters(values)));
        let touched = touched.map_err(|error| self.told(&error))?;
        Ok(usize::try_from(touched).unwrap_or(usize::MAX))
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), RegisterError> {
        fault::point();
        let Channel::Transaction(transaction) = &mut self.channel else { return Err(self.more()) };
        transaction.batch_execute(sql).map_err(|error| self.told(&error))
    }

    /// Notes that a transaction is needed; what is answered here, nobody reads.
    fn more(&mut self) -> RegisterError {
        self.trouble = Trouble::More;
        RegisterError::Store { place: self.place.clone(), reason: "a glance is one statement".to_owned() }
    }

    fn cells(&self, row: &postgres::Row) -> Result<Vec<Cell>, RegisterError> {
        let cell = |(index, column): (usize, &postgres::Column)| match *column.type_() {
            Type::INT8 => {
                row.try_get(index).map(|number: Option<i64>| number.map_or(Cell::Null, Cell::Integer))
            }
            _ => row.try_get(index).map(|text: Option<String>| text.map_or(Cell::Null, Cell::Text)),
        };
        let all: Result<_, Error> = row.columns().iter().enumerate().map(cell).collect();
        all.map_err(|error| explain(self.place, self.purpose, &error))
    }

    fn told(&mut self, error: &Error) -> RegisterError {
        if is_lost(error) {
            self.trouble = Trouble::Lost;
        } else if is_aborted(error) {
            self.trouble = Trouble::Aborted;
        }
        explain(self.place, self.purpose, error)
    }
}

/// The statement as the server knows it; it is told it once.
fn known(
    prepared: &mut HashMap<String, Statement>,
    sql: &str,
    prepare: impl FnOnce(&str) -> Result<Statement, Error>,
) -> Result<Statement, Error> {
    if let Some(statement) = prepared.get(sql) {
        return Ok(statement.clone());
    }
    // Places for values are written as SQLite has them; no statement of ours holds another question mark.
    let statement = prepare(&sql.replace('?', "$"))?;
    prepared.insert(sql.to_owned(), statement.clone());
    Ok(statement)
}

fn parameters<'a>(values: &'a [Value<'_>]) -> Vec<&'a (dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

/// Is the connection gone?
pub(crate) fn is_lost(error: &Error) -> bool {
    match error.code() {
        // What an administrator, a crash or a start says, and the class of connections.
        Some(code) => code.code().starts_with("57P") || code.code().starts_with("08"),
        None => {
            error.is_closed() || error.source().is_some_and(<dyn std::error::Error>::is::<std::io::Error>)
        }
    }
}

/// Did the server abort the transaction because of others?
pub(crate) fn is_aborted(error: &Error) -> bool {
    matches!(error.code(), Some(code) if *code == SqlState::T_R_SERIALIZATION_FAILURE || *code == SqlState::T_R_DEADLOCK_DETECTED)
}

/// What the server or the connection says. It holds no value of ours: of the server only its message is taken, not its
/// details.
pub(crate) fn reason_of(error: &Error) -> String {
    if let Some(server) = error.as_db_error() {
        return server.message().to_owned();
    }
    let mut reason = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        let told = inner.to_string();
        if !reason.contains(&told) {
            reason = format!("{reason}: {told}");
        }
        source = inner.source();
    }
    reason
}

/// What the server says, in our words.
pub(crate) fn explain(place: &Place, purpose: Purpose, error: &Error) -> RegisterError {
    let (place, reason) = (place.clone(), reason_of(error));
    if is_lost(error) {
        return RegisterError::Lost(place);
    }
    match error.code() {
        Some(code) if *code == SqlState::LOCK_NOT_AVAILABLE => RegisterError::Busy(place),
        Some(code) if *code == SqlState::DISK_FULL => RegisterError::Full(place),
        Some(code) if *code == SqlState::READ_ONLY_SQL_TRANSACTION => RegisterError::ReadOnly(place),
        Some(code) if *code == SqlState::INSUFFICIENT_PRIVILEGE => match purpose {
            Purpose::Write => RegisterError::ReadOnly(place),
            Purpose::Glance | Purpose::Read => RegisterError::Unreadable { place, reason },
        },
        _ => RegisterError::Store { place, reason },
    }
}
