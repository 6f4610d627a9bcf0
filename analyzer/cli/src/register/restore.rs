//! `nhi register restore`: a backup becomes a register again.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Args;
use nhi_analyzer_output::plain;
use nhi_register::{Among, Head, Register, RegisterError, Restoration, Restoring, restore};

use super::backup::open_file;
use super::lines;
use super::which::{Which, failure};
use crate::exit::{Exit, Failure};
use crate::surroundings::Surroundings;

/// Put a backup back into a new register, of either store, and verify it before anything is kept.
///
/// A new file needs `?mode=create` in `--register`, and is not there unless all of the backup is in it. The chain, its
/// hashes and its head are the same as in the backup.
#[derive(Debug, Args)]
#[command(after_help = Exit::HELP)]
pub(crate) struct Restore {
    #[command(flatten)]
    which: Which,

    /// The backup: a file that `nhi register backup` wrote, in either form
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Put it beside other organisations of the register; without this, the register must be empty
    #[arg(long)]
    beside: bool,

    /// Put it in the place of what the register keeps of this organisation, its audit chain too; other organisations stay
    /// as they are. Take a backup of what is there first
    #[arg(long, conflicts_with = "beside")]
    replace: bool,
}

/// Rows read at once from a backup that is a register.
const PAGE: usize = 1_000;

/// Verifies the backup, puts it back, and verifies what is there then.
pub(crate) fn run(asked: &Restore, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let organisation = asked.which.organisation.clone();
    let among = match (asked.beside, asked.replace) {
        (_, true) => Among::Predecessor,
        (true, false) => Among::Others,
        (false, false) => Among::Nobody,
    };
    let predecessor = predecessor(asked);
    let target = asked.which.location()?;
    let kept = |id: String, head: Head| Restoration { organisation: organisation.clone(), id, head, among };
    let head = if is_file_of_sqlite(&asked.file)? {
        let source = open_file(&asked.file, &organisation)?;
        let found = source.verify().map_err(|error| failure(&error))?;
        if let Some(fault) = found.faults.first() {
            return Err(refused(&asked.file, fault));
        }
        let head = source.head().map_err(|error| failure(&error))?;
        let restoration = kept(source.id().to_owned(), head.clone());
        restore(&target, &restoration, |into| put_back(&source, into)).map_err(|error| failure(&error))?;
        head
    } else {
        let header = lines::check(&asked.file).map_err(|problem| refused(&asked.file, &problem))?;
        if header.organisation != organisation {
            return Err(Failure::usage(format!(
                "`{}` is a backup of organisation `{}`: say `--organisation {}`",
                asked.file.display(),
                header.organisation,
                header.organisation
            )));
        }
        let restoration = kept(header.id.clone(), header.head());
        restore(&target, &restoration, |into| lines::put_back(&asked.file, into))
            .map_err(|error| failure(&error))?;
        header.head()
    };
    let restored = asked.which.read()?;
    let found = restored.verify().map_err(|error| failure(&error))?;
    if let (Some(fault), _) | (None, Some(fault)) = (
        found.faults.first().map(ToString::to_string),
        (found.head != head.hash).then(|| "its head is not that of the backup".to_owned()),
    ) {
        return Err(Failure::error(format!(
            "what was put back at `{}` does not verify: {fault}",
            restored.place()
        )));
    }
    let line = format!("the register at `{}` holds what `{}` does", restored.place(), asked.file.display());
    let mut text = format!("{}: {} entries\nhead {}\n", plain::line(&line), found.entries, found.head);
    if let Some(Head { seq, hash }) = predecessor {
        text = format!("{text}it took the place of {seq} entries, head {hash}\n");
    }
    surroundings.print(text.as_bytes())?;
    Ok(Exit::Pass)
}

/// The end of the chain that is about to give way, as far as it can be read.
fn predecessor(asked: &Restore) -> Option<Head> {
    let register = asked.replace.then(|| asked.which.opened().ok()).flatten()?;
    register.head().ok()
}

fn refused(file: &Path, problem: &dyn std::fmt::Display) -> Failure {
    let file = file.display();
    Failure::input(format!(
        "the backup `{file}` cannot be put back: {problem}. Nothing was changed; take another backup"
    ))
}

/// By its first bytes.
fn is_file_of_sqlite(path: &Path) -> Result<bool, Failure> {
    let told = |error: std::io::Error| {
        Failure::input(format!("the backup `{}` cannot be read: {error}", path.display()))
    };
    let mut first = Vec::new();
    File::open(path).map_err(told)?.take(16).read_to_end(&mut first).map_err(told)?;
    Ok(first == b"SQLite format 3\0")
}

/// Puts back every row of a register, as it is at one moment.
fn put_back(source: &Register, into: &mut Restoring<'_, '_>) -> Result<(), RegisterError> {
    source.snapshot(|snapshot| {
        let mut seq = 0;
        loop {
            let entries = snapshot.entries_after(seq, PAGE)?;
            let Some(last) = entries.last() else { break };
            seq = last.seq;
            entries.iter().try_for_each(|entry| into.entry(entry))?;
        }
        let mut last = (String::new(), String::new());
        loop {
            let bodies = snapshot.bodies_after((&last.0, &last.1), PAGE)?;
            let Some(one) = bodies.last() else { break };
            last = (one.kind.clone(), one.name.clone());
            bodies.iter().try_for_each(|kept| into.body(kept))?;
        }
        let mut last = (String::new(), String::new());
        loop {
            let records = snapshot.records_after((&last.0, &last.1), PAGE)?;
            let Some(one) = records.last() else { break };
            last = (one.collection.clone(), one.key.clone());
            records.iter().try_for_each(|kept| into.record(kept))?;
        }
        Ok(())
    })
}
