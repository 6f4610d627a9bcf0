//! The backup that every store reads: JSON lines. A header, the entries of the audit chain, the declarations, the
//! records, and at the end how many of each there are and a hash over everything before it.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

use nhi_register::{Entry, Head, KeptBody, KeptRecord, RegisterError, Restoring, Snapshot};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The version of the form.
const VERSION: u32 = 1;

/// Rows read at once.
const PAGE: usize = 1_000;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Backup(Header),
    Entry(EntryLine),
    Declaration(BodyLine),
    Record(RecordLine),
    End(End),
}

/// What a backup is of.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Header {
    version: u32,
    pub(super) organisation: String,
    pub(super) id: String,
    seq: i64,
    hash: String,
    written_at: String,
}

impl Header {
    pub(super) fn head(&self) -> Head {
        Head { seq: self.seq, hash: self.hash.clone() }
    }
}

#[derive(Serialize, Deserialize)]
struct EntryLine {
    seq: i64,
    at: String,
    actor: String,
    source: String,
    workspace: String,
    object: String,
    name: String,
    action: String,
    before: Option<String>,
    after: Option<String>,
    previous: String,
    hash: String,
}

#[derive(Serialize, Deserialize)]
struct BodyLine {
    kind: String,
    name: String,
    workspace: String,
    body: String,
    since: i64,
    version: i64,
    confirmed: i64,
    manifest: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct RecordLine {
    collection: String,
    key: String,
    workspace: String,
    body: String,
    version: i64,
    subject_kind: Option<String>,
    subject_name: Option<String>,
    ends: Option<i64>,
}

/// How many rows there are, and the SHA-256 of every line before this one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct End {
    entries: u64,
    declarations: u64,
    records: u64,
    sha256: String,
}

fn entry_line(entry: Entry) -> Line {
    let Entry { seq, at, actor, source, workspace, object, name, action, before, after, previous, hash } =
        entry;
    Line::Entry(EntryLine {
        seq,
        at,
        actor,
        source,
        workspace,
        object,
        name,
        action,
        before,
        after,
        previous,
        hash,
    })
}

fn entry_of(line: EntryLine) -> Entry {
    let EntryLine { seq, at, actor, source, workspace, object, name, action, before, after, previous, hash } =
        line;
    Entry { seq, at, actor, source, workspace, object, name, action, before, after, previous, hash }
}

fn body_line(kept: KeptBody) -> Line {
    let KeptBody { kind, name, workspace, body, since, version, confirmed, manifest } = kept;
    Line::Declaration(BodyLine { kind, name, workspace, body, since, version, confirmed, manifest })
}

fn body_of(line: BodyLine) -> KeptBody {
    let BodyLine { kind, name, workspace, body, since, version, confirmed, manifest } = line;
    KeptBody { kind, name, workspace, body, since, version, confirmed, manifest }
}

fn record_line(kept: KeptRecord) -> Line {
    let KeptRecord { collection, key, workspace, body, version, subject_kind, subject_name, ends } = kept;
    Line::Record(RecordLine { collection, key, workspace, body, version, subject_kind, subject_name, ends })
}

fn record_of(line: RecordLine) -> KeptRecord {
    let RecordLine { collection, key, workspace, body, version, subject_kind, subject_name, ends } = line;
    KeptRecord { collection, key, workspace, body, version, subject_kind, subject_name, ends }
}

/// Writes lines, and hashes them.
struct Lines<'w> {
    to: &'w mut dyn Write,
    hash: Sha256,
}

impl Lines<'_> {
    fn write(&mut self, line: &Line) -> Result<(), String> {
        let mut text = serde_json::to_vec(line).map_err(|error| error.to_string())?;
        text.push(b'\n');
        self.hash.update(&text);
        self.to.write_all(&text).map_err(|error| error.to_string())
    }
}

/// Writes what the snapshot shows of an organisation. The inner error is one of the file.
pub(super) fn write(
    snapshot: &mut Snapshot<'_, '_>,
    (organisation, now): (&str, &str),
    to: &mut dyn Write,
) -> Result<Result<(), String>, RegisterError> {
    let Head { seq, hash } = snapshot.head().clone();
    let header = Header {
        version: VERSION,
        organisation: organisation.to_owned(),
        id: snapshot.id().to_owned(),
        seq,
        hash,
        written_at: now.to_owned(),
    };
    let mut lines = Lines { to, hash: Sha256::new() };
    let mut end = End::default();
    macro_rules! put {
        ($line:expr) => {
            if let Err(error) = lines.write(&$line) {
                return Ok(Err(error));
            }
        };
    }
    put!(Line::Backup(header));
    let mut seq = 0;
    loop {
        let entries = snapshot.entries_after(seq, PAGE)?;
        let Some(last) = entries.last() else { break };
        seq = last.seq;
        for entry in entries {
            end.entries += 1;
            put!(entry_line(entry));
        }
    }
    let mut last = (String::new(), String::new());
    loop {
        let bodies = snapshot.bodies_after((&last.0, &last.1), PAGE)?;
        let Some(one) = bodies.last() else { break };
        last = (one.kind.clone(), one.name.clone());
        for kept in bodies {
            end.declarations += 1;
            put!(body_line(kept));
        }
    }
    let mut last = (String::new(), String::new());
    loop {
        let records = snapshot.records_after((&last.0, &last.1), PAGE)?;
        let Some(one) = records.last() else { break };
        last = (one.collection.clone(), one.key.clone());
        for kept in records {
            end.records += 1;
            put!(record_line(kept));
        }
    }
    end.sha256 = hex(lines.hash.clone());
    put!(Line::End(end));
    Ok(Ok(()))
}

fn hex(hash: Sha256) -> String {
    hash.finalize().iter().fold(String::with_capacity(64), |hex, byte| hex + &format!("{byte:02x}"))
}

/// A row of a backup.
enum Row {
    Entry(Entry),
    Body(KeptBody),
    Record(KeptRecord),
}

/// Reads a backup from its first line to its last; the error says on which line something does not fit.
fn read<E: From<String>>(path: &Path, mut each: impl FnMut(Row) -> Result<(), E>) -> Result<Header, E> {
    let file = File::open(path).map_err(|error| E::from(format!("it cannot be read: {error}")))?;
    let mut reader = BufReader::new(file);
    let (mut hash, mut found, mut header) = (Sha256::new(), End::default(), None);
    let (mut number, mut text) = (0_u64, Vec::new());
    loop {
        number += 1;
        text.clear();
        let odd = |problem: &str| E::from(format!("line {number}: {problem}"));
        let read = reader.read_until(b'\n', &mut text).map_err(|error| odd(&error.to_string()))?;
        if read == 0 {
            return Err(odd("it ends before its last line; it was cut off"));
        }
        let line: Line = serde_json::from_slice(&text)
            .map_err(|error| odd(&format!("it is no line of a backup: {error}")))?;
        match (line, &header) {
            (Line::Backup(own), None) if own.version == VERSION => header = Some(own),
            (Line::Backup(own), None) => {
                return Err(odd(&format!(
                    "it is of version {}, and this program reads version {VERSION}",
                    own.version
                )));
            }
            (Line::Entry(line), Some(_)) => {
                found.entries += 1;
                each(Row::Entry(entry_of(line)))?;
            }
            (Line::Declaration(line), Some(_)) => {
                found.declarations += 1;
                each(Row::Body(body_of(line)))?;
            }
            (Line::Record(line), Some(_)) => {
                found.records += 1;
                each(Row::Record(record_of(line)))?;
            }
            (Line::End(end), Some(header)) => {
                found.sha256 = hex(hash);
                if found != end {
                    return Err(odd(
                        "what comes before it is not what was written: its hash or its counts differ",
                    ));
                }
                let more = reader.read_until(b'\n', &mut text).map_err(|error| odd(&error.to_string()))?;
                return if more == 0 {
                    Ok(header.clone())
                } else {
                    Err(odd("something follows the last line"))
                };
            }
            (_, None) => return Err(odd("a backup begins with what it is of")),
            (Line::Backup(_), Some(_)) => return Err(odd("a second backup begins")),
        }
        hash.update(&text);
    }
}

/// Walks the whole backup: its hash, its counts, and the chain in it.
pub(super) fn check(path: &Path) -> Result<Header, String> {
    let mut end = Head::default();
    let header = read::<String>(path, |row| {
        let Row::Entry(entry) = row else { return Ok(()) };
        if entry.seq != end.seq + 1 || entry.previous != end.hash || entry.hash != entry.expected_hash() {
            return Err(format!(
                "entry {} of the audit chain does not fit the one before it or its own hash",
                entry.seq
            ));
        }
        end = Head { seq: entry.seq, hash: entry.hash };
        Ok(())
    })?;
    if header.head() == end {
        Ok(header)
    } else {
        Err("its audit chain does not end where its first line says".to_owned())
    }
}

/// What goes wrong while rows are put back: the file, or the register.
enum Trouble {
    File(String),
    Register(RegisterError),
}

impl From<String> for Trouble {
    fn from(problem: String) -> Self {
        Self::File(problem)
    }
}

/// Puts back every row.
pub(super) fn put_back(path: &Path, into: &mut Restoring<'_, '_>) -> Result<(), RegisterError> {
    let put = |row: Row| {
        match row {
            Row::Entry(entry) => into.entry(&entry),
            Row::Body(kept) => into.body(&kept),
            Row::Record(kept) => into.record(&kept),
        }
        .map_err(Trouble::Register)
    };
    read::<Trouble>(path, put).map(drop).map_err(|trouble| match trouble {
        Trouble::File(problem) => RegisterError::Backup(problem),
        Trouble::Register(error) => error,
    })
}
