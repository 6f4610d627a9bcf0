//! The audit chain as rows, schema `audit 1`.

use nhi_register::{Entry, RegisterError, Snapshot};

use super::Source;
use super::columns::{Column, micros};

pub(super) struct Audit;

impl Source for Audit {
    type Row = Entry;

    const NAME: &'static str = "audit 1";

    /// `at` is the time of `at_text`, which the hash takes in; it is missing where that text is no time.
    const SCHEMA: &'static str = "message audit {
        REQUIRED BYTE_ARRAY organisation (STRING);
        REQUIRED INT64 seq;
        OPTIONAL INT64 at (TIMESTAMP(MICROS,true));
        REQUIRED BYTE_ARRAY at_text (STRING);
        REQUIRED BYTE_ARRAY actor (STRING);
        REQUIRED BYTE_ARRAY source (STRING);
        REQUIRED BYTE_ARRAY workspace (STRING);
        REQUIRED BYTE_ARRAY object (STRING);
        REQUIRED BYTE_ARRAY name (STRING);
        REQUIRED BYTE_ARRAY action (STRING);
        OPTIONAL BYTE_ARRAY before (JSON);
        OPTIONAL BYTE_ARRAY after (JSON);
        REQUIRED BYTE_ARRAY previous (STRING);
        REQUIRED BYTE_ARRAY hash (STRING);
    }";

    fn page(
        snapshot: &mut Snapshot<'_, '_>,
        after: Option<&Entry>,
        limit: usize,
    ) -> Result<Vec<Entry>, RegisterError> {
        snapshot.entries_after(after.map_or(0, |entry| entry.seq), limit)
    }

    fn line(entry: &Entry) -> String {
        crate::register::log::json(entry)
    }

    fn columns(rows: &[Entry], organisation: &str) -> Vec<Column> {
        let texts = |of: fn(&Entry) -> &String| Column::texts(rows.iter().map(|row| of(row).clone()));
        let some = |of: fn(&Entry) -> &Option<String>| {
            Column::MaybeText(rows.iter().map(|row| of(row).clone()).collect())
        };
        vec![
            Column::texts(rows.iter().map(|_| organisation.to_owned())),
            Column::Number(rows.iter().map(|row| row.seq).collect()),
            Column::MaybeNumber(rows.iter().map(|row| micros(&row.at)).collect()),
            texts(|row| &row.at),
            texts(|row| &row.actor),
            texts(|row| &row.source),
            texts(|row| &row.workspace),
            texts(|row| &row.object),
            texts(|row| &row.name),
            texts(|row| &row.action),
            some(|row| &row.before),
            some(|row| &row.after),
            texts(|row| &row.previous),
            texts(|row| &row.hash),
        ]
    }
}
