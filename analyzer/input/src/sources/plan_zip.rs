//! A binary plan as a source of configuration: the zip holds every file the plan was made from.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::{ModuleRecord, SourceError, Sources, manifest, path};

/// More entries than this no plan has: a thousand modules of ten files stay below.
const MOST_ENTRIES: usize = 50_000;
/// All files taken out of one plan together.
const MOST_BYTES: u64 = 256 << 20;

/// Why a binary plan cannot serve as a source.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanZipError {
    /// No zip, or a damaged one.
    #[error("not a readable plan file: {0}")]
    NotAZip(String),
    /// A zip made to exhaust its reader.
    #[error("the plan file has {0} entries, more than any plan needs")]
    TooManyEntries(usize),
    /// A name that leads out of the zip, or that no plan has.
    #[error("the plan file holds an entry with the name `{0}`, which no plan has")]
    UnsafeName(String),
    /// A zip, and no plan in it.
    #[error("the zip holds no configuration (`tfconfig/modules.json` is missing), so it is not a plan file")]
    NoConfiguration,
    /// Its list of modules cannot be read.
    #[error("the list of modules in the plan file (`tfconfig/modules.json`) cannot be read: {0}")]
    Modules(String),
    /// A module's files are there and the list does not name it.
    #[error("the plan file holds files of a module `{0}` that its list of modules does not name")]
    UnlistedModule(String),
}

/// The configuration inside a binary plan.
pub struct PlanZip {
    archive: RefCell<ZipArchive<Cursor<Vec<u8>>>>,
    records: Vec<ModuleRecord>,
    files: BTreeMap<String, BTreeMap<String, usize>>,
    left: Cell<u64>,
}

impl fmt::Debug for PlanZip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlanZip").field("records", &self.records).finish_non_exhaustive()
    }
}

impl PlanZip {
    /// Whether `bytes` begin as a zip does: a binary plan, where plan JSON was meant.
    pub fn is_zip(bytes: &[u8]) -> bool {
        bytes.starts_with(b"PK\x03\x04")
    }

    /// Reads the list of modules; the files themselves are read when somebody asks.
    pub fn open(bytes: Vec<u8>) -> Result<Self, PlanZipError> {
        let broken = |error: zip::result::ZipError| PlanZipError::NotAZip(error.to_string());
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
        if archive.len() > MOST_ENTRIES {
            return Err(PlanZipError::TooManyEntries(archive.len()));
        }
        let left = Cell::new(MOST_BYTES);
        let mut list = None;
        let mut by_module: Vec<(String, String, usize)> = Vec::new();
        for index in 0..archive.len() {
            let name = match archive.name_for_index(index) {
                Some(name) => name.map_err(broken)?.into_owned(),
                None => continue,
            };
            match entry(&name)? {
                Entry::Modules => list = Some(index),
                Entry::File { module, file } => by_module.push((module.to_owned(), file.to_owned(), index)),
                Entry::Other => {}
            }
        }
        let list = list.ok_or(PlanZipError::NoConfiguration)?;
        let list = take(&mut archive, list, manifest::LIMIT, &left)
            .map_err(|error| PlanZipError::Modules(error.to_string()))?;
        let records = manifest::of_plan(&list).map_err(PlanZipError::Modules)?;

        let mut files: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
        for (module, file, index) in by_module {
            let Some(record) = records.iter().find(|record| record.key == module) else {
                return Err(PlanZipError::UnlistedModule(module));
            };
            // Two calls of one local module share its folder and its files.
            files.entry(record.directory.clone()).or_default().insert(file, index);
        }
        Ok(Self { archive: RefCell::new(archive), records, files, left })
    }
}

impl Sources for PlanZip {
    fn list(&self, directory: &str) -> Result<Vec<String>, SourceError> {
        match self.files.get(directory) {
            Some(files) => Ok(files.keys().cloned().collect()),
            None if self.records.iter().any(|record| record.directory == directory) => Ok(Vec::new()),
            None => Err(SourceError::Missing),
        }
    }

    fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, SourceError> {
        let (directory, name) = path::split(path);
        let index =
            self.files.get(directory).and_then(|files| files.get(name)).ok_or(SourceError::Missing)?;
        take(&mut self.archive.borrow_mut(), *index, limit, &self.left)
    }

    fn modules(&self) -> Result<Vec<ModuleRecord>, SourceError> {
        Ok(self.records.clone())
    }
}

enum Entry<'n> {
    Modules,
    File { module: &'n str, file: &'n str },
    Other,
}

fn entry(name: &str) -> Result<Entry<'_>, PlanZipError> {
    let unsafe_name = || PlanZipError::UnsafeName(name.chars().take(200).collect());
    if name.starts_with('/') || name.contains(['\\', '\0']) || name.split('/').any(|part| part == "..") {
        return Err(unsafe_name());
    }
    if name == "tfconfig/modules.json" {
        return Ok(Entry::Modules);
    }
    let Some(rest) = name.strip_prefix("tfconfig/m-") else { return Ok(Entry::Other) };
    match rest.split_once('/') {
        Some((_, "")) => Ok(Entry::Other),
        Some((module, file)) if !file.contains('/') => Ok(Entry::File { module, file }),
        _ => Err(unsafe_name()),
    }
}

/// The bytes of an entry; what it claims about its size is not believed.
fn take(
    archive: &mut ZipArchive<Cursor<Vec<u8>>>,
    index: usize,
    limit: usize,
    left: &Cell<u64>,
) -> Result<Vec<u8>, SourceError> {
    let entry = archive.by_index(index).map_err(|error| SourceError::Unreadable(error.to_string()))?;
    let allowed = u64::try_from(limit).unwrap_or(u64::MAX).min(left.get());
    let mut content = Vec::new();
    let read = entry.take(allowed.saturating_add(1)).read_to_end(&mut content);
    let length = u64::try_from(content.len()).unwrap_or(u64::MAX);
    left.set(left.get().saturating_sub(length));
    read.map_err(|error| SourceError::Unreadable(error.to_string()))?;
    if length <= allowed {
        return Ok(content);
    }
    if usize::try_from(allowed) == Ok(limit) {
        return Err(SourceError::TooLarge(limit));
    }
    Err(SourceError::Unreadable("the files in the plan together are too large".to_owned()))
}
