//! `nhi register backup`: a copy of a register as it is at one moment, verified.

use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use nhi_analyzer_output::plain;
use nhi_register::{Location, Register, Verification};

use super::fresh::{Before, Fresh};
use super::lines;
use super::which::{Which, failure};
use crate::exit::{Exit, Failure};
use crate::surroundings::Surroundings;

/// Write a backup of a register as it is at one moment, while others go on writing, and verify it.
///
/// Exits with 0 when the audit chain in it is as it was written, 10 when it is not: such a backup is evidence, and
/// cannot be restored.
#[derive(Debug, Args)]
#[command(after_help = Exit::HELP)]
pub(crate) struct Backup {
    #[command(flatten)]
    which: Which,

    /// The file to write; nothing is written over
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// What to write [default: `sqlite` for a register in a file, else `jsonl`]
    #[arg(long, value_enum)]
    format: Option<Form>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A register in a file, with every organisation in it
    Sqlite,
    /// One organisation as JSON lines, which can be restored into any store
    Jsonl,
}

/// Writes the backup, and verifies what was written.
pub(crate) fn run(asked: &Backup, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let register = asked.which.read()?;
    let fresh = Fresh::at(&asked.file, Before::Nothing)?;
    let found = match asked.format {
        Some(Form::Jsonl) => by_lines(asked, (&register, &fresh), surroundings)?,
        form => match (copy(asked, (&register, &fresh))?, form) {
            (Some(found), _) => found,
            (None, None) => by_lines(asked, (&register, &fresh), surroundings)?,
            (None, Some(_)) => {
                let told = "a register on a server has no file to copy: leave out `--format`, or write `--format jsonl`";
                return Err(Failure::usage(told));
            }
        },
    };
    fresh.keep()?;
    let (file, place) = (asked.file.display(), register.place());
    let mut lines: Vec<String> = found.faults.iter().map(|fault| format!("wrong: {fault}")).collect();
    lines.push(format!("`{file}` holds the register at `{place}`: {} entries", found.entries));
    lines.push(format!("head {}", found.head));
    let text = lines.iter().fold(String::new(), |text, line| text + &plain::line(line) + "\n");
    surroundings.print(text.as_bytes())?;
    Ok(if found.faults.is_empty() { Exit::Pass } else { Exit::Findings })
}

/// Copies the file, and verifies the copy; `None` where there is no file.
fn copy(asked: &Backup, (register, fresh): (&Register, &Fresh)) -> Result<Option<Verification>, Failure> {
    if !register.copy_to(fresh.part()).map_err(|error| failure(&error))? {
        return Ok(None);
    }
    let copied = open_file(fresh.part(), &asked.which.organisation)?;
    copied.verify().map(Some).map_err(|error| failure(&error))
}

/// A register in a file that somebody named.
pub(super) fn open_file(path: &Path, organisation: &str) -> Result<Register, Failure> {
    let location = Location::parse(&format!("sqlite:{}", path.display()));
    location
        .and_then(|location| Register::open_read_only(&location, organisation))
        .map_err(|error| failure(&error))
}

/// Writes JSON lines, and reads them again. The chain is verified in the register: the lines hold the very same.
fn by_lines(
    asked: &Backup,
    (register, fresh): (&Register, &Fresh),
    surroundings: &Surroundings<'_>,
) -> Result<Verification, Failure> {
    let now = surroundings.now.to_string();
    let written = register.snapshot(|snapshot| {
        let found = snapshot.verify()?;
        let file = match fresh.create() {
            Ok(file) => file,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let mut file = BufWriter::new(file);
        let written = lines::write(snapshot, (&asked.which.organisation, &now), &mut file)?;
        let flushed = written.and_then(|()| file.flush().map_err(|error| error.to_string()));
        Ok(flushed.map(|()| found))
    });
    let found = written.map_err(|error| failure(&error))?.map_err(|error| fresh.told(error))?;
    if found.faults.is_empty() {
        let header = lines::check(fresh.part()).map_err(|problem| fresh.told(problem))?;
        if header.head().hash != found.head {
            return Err(fresh.told("what was written is not what the register holds"));
        }
    }
    Ok(found)
}
