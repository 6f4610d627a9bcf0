//! The JSON texts in which declarations are kept: to a text, and from it back into a draft.

use std::collections::{BTreeMap, BTreeSet};

use nhi_identity::Field;
use serde::{Deserialize, Serialize};

/// Strings, sets and maps always have a JSON text.
pub(crate) fn text(body: &impl Serialize) -> String {
    serde_json::to_string(body).unwrap_or_default()
}

pub(crate) fn read<'a, T: Deserialize<'a>>(body: &'a str) -> Result<T, String> {
    serde_json::from_str(body).map_err(|error| error.to_string())
}

pub(crate) fn set(elements: BTreeSet<String>) -> Field<Vec<Field<String>>> {
    Field::Is(elements.into_iter().map(Field::Is).collect())
}

pub(crate) fn map(pairs: BTreeMap<String, String>) -> Field<Vec<(String, Field<String>)>> {
    Field::Is(pairs.into_iter().map(|(key, value)| (key, Field::Is(value))).collect())
}
