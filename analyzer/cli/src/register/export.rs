//! `nhi register export`: the audit chain or the declarations, for warehouses.

mod audit;
mod columns;
mod declarations;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use nhi_register::{RegisterError, Snapshot};

use super::fresh::{Before, Fresh};
use super::which::{Which, failure};
use crate::exit::{Exit, Failure};
use crate::surroundings::Surroundings;
use columns::{Column, Parquet};

/// Write the audit chain or the declarations, as of one moment, for other programs.
#[derive(Debug, Args)]
#[command(after_help = Exit::HELP)]
pub(crate) struct Export {
    #[command(flatten)]
    which: Which,

    /// What to write
    #[arg(long, value_enum, default_value_t = What::Audit)]
    what: What,

    /// How to write it
    #[arg(long, value_enum, default_value_t = Form::Jsonl)]
    format: Form,

    /// The file to write, in place of one that is there [default: JSON lines go to standard output]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// Every entry of the audit chain
    Audit,
    /// Every declaration as it is now
    Declarations,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// One object a line
    Jsonl,
    /// Apache Parquet with typed columns
    Parquet,
}

/// Rows held at once, which is a row group of Parquet.
const PAGE: usize = 10_000;

/// What is exported: rows in pages, each page as lines or as columns.
trait Source {
    type Row;

    /// The Parquet schema.
    const SCHEMA: &'static str;

    /// The name of the schema in a file's metadata, with its version.
    const NAME: &'static str;

    /// The next rows after the last one.
    fn page(
        snapshot: &mut Snapshot<'_, '_>,
        after: Option<&Self::Row>,
        limit: usize,
    ) -> Result<Vec<Self::Row>, RegisterError>;

    /// A row as a line of JSON.
    fn line(row: &Self::Row) -> String;

    /// Rows as the columns of the schema, in its order.
    fn columns(rows: &[Self::Row], organisation: &str) -> Vec<Column>;
}

/// Writes what was asked for.
pub(crate) fn run(asked: &Export, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    match asked.what {
        What::Audit => export::<audit::Audit>(asked, surroundings),
        What::Declarations => export::<declarations::Declarations>(asked, surroundings),
    }
}

fn export<S: Source>(asked: &Export, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let register = asked.which.read()?;
    let Some(path) = &asked.output else {
        if asked.format == Form::Parquet {
            return Err(Failure::usage("a file of Parquet is not for a terminal: name one with `-o FILE`"));
        }
        let printed = register.snapshot(|snapshot| {
            pages::<S>(snapshot, |rows| {
                let text: String = rows.iter().map(S::line).collect();
                surroundings.print(text.as_bytes())
            })
        });
        printed.map_err(|error| failure(&error))??;
        return Ok(Exit::Pass);
    };
    let fresh = Fresh::at(path, Before::Anything)?;
    let organisation = asked.which.organisation.as_str();
    let written = register.snapshot(|snapshot| {
        let file = match fresh.create() {
            Ok(file) => BufWriter::new(file),
            Err(error) => return Ok(Err(fresh.told(error))),
        };
        match asked.format {
            Form::Jsonl => jsonl::<S>(snapshot, file, &fresh),
            Form::Parquet => parquet::<S>(snapshot, (file, organisation), &fresh),
        }
    });
    let rows = written.map_err(|error| failure(&error))??;
    fresh.keep()?;
    let word = if rows == 1 { "row" } else { "rows" };
    surroundings.say(&format!("`{}` holds {rows} {word}", path.display()));
    Ok(Exit::Pass)
}

fn jsonl<S: Source>(
    snapshot: &mut Snapshot<'_, '_>,
    mut file: BufWriter<File>,
    fresh: &Fresh,
) -> Result<Result<usize, Failure>, RegisterError> {
    let written = pages::<S>(snapshot, |rows| {
        rows.iter()
            .try_for_each(|row| file.write_all(S::line(row).as_bytes()))
            .map_err(|error| fresh.told(error))
    })?;
    Ok(written.and_then(|rows| file.flush().map(|()| rows).map_err(|error| fresh.told(error))))
}

fn parquet<S: Source>(
    snapshot: &mut Snapshot<'_, '_>,
    (file, organisation): (BufWriter<File>, &str),
    fresh: &Fresh,
) -> Result<Result<usize, Failure>, RegisterError> {
    let head = snapshot.head().clone();
    let about = [
        ("nhi.schema", S::NAME.to_owned()),
        ("nhi.organisation", organisation.to_owned()),
        ("nhi.head.seq", head.seq.to_string()),
        ("nhi.head.hash", head.hash),
    ];
    let mut table = match Parquet::new(file, S::SCHEMA, &about) {
        Ok(table) => table,
        Err(error) => return Ok(Err(fresh.told(error))),
    };
    let written = pages::<S>(snapshot, |rows| {
        table.write(S::columns(rows, organisation)).map_err(|error| fresh.told(error))
    })?;
    Ok(written.and_then(|rows| table.close().map(|()| rows).map_err(|error| fresh.told(error))))
}

/// Hands over every row, page by page, and answers how many there were.
fn pages<S: Source>(
    snapshot: &mut Snapshot<'_, '_>,
    mut each: impl FnMut(&[S::Row]) -> Result<(), Failure>,
) -> Result<Result<usize, Failure>, RegisterError> {
    let (mut last, mut count): (Option<S::Row>, usize) = (None, 0);
    loop {
        let mut rows = S::page(snapshot, last.as_ref(), PAGE)?;
        if rows.is_empty() {
            return Ok(Ok(count));
        }
        if let Err(failure) = each(&rows) {
            return Ok(Err(failure));
        }
        count += rows.len();
        last = rows.pop();
    }
}
