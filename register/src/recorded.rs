//! What records say: their JSON and the times in it, or that they are damaged.

use nhi_identity::Timestamp;
use serde::de::DeserializeOwned;

use crate::body;
use crate::error::RegisterError;
use crate::place::Place;
use crate::record::Record;

/// What a record says.
pub(crate) fn read<T: DeserializeOwned>(record: &Record, place: &Place) -> Result<T, RegisterError> {
    body::read(&record.body).map_err(|problem| damaged(record, place, &problem))
}

/// A time that stands in a record.
pub(crate) fn time(record: &Record, place: &Place, text: &str) -> Result<Timestamp, RegisterError> {
    text.parse().map_err(|_| damaged(record, place, &format!("`{}` is not a time", text.escape_debug())))
}

/// A record that does not say what its kind says.
pub(crate) fn damaged(record: &Record, place: &Place, problem: &str) -> RegisterError {
    let Record { collection, key, .. } = record;
    let reason = format!("{collection} `{}` cannot be read: {problem}", key.escape_debug());
    RegisterError::Damaged { place: place.clone(), reason }
}
