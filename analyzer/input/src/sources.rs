//! Where configuration files come from: a directory (the command line reads that one), a binary plan, or memory.

use std::collections::BTreeMap;

mod manifest;
pub mod path;
mod plan_zip;

pub use manifest::ModuleRecord;
pub use plan_zip::{PlanZip, PlanZipError};

/// Why a directory or file of the configuration cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// Nothing is there.
    #[error("no such file or directory")]
    Missing,
    /// Larger than the reader is willing to take, in bytes.
    #[error("larger than {0} bytes")]
    TooLarge(usize),
    /// It is there and cannot be read, for the reason given.
    #[error("{0}")]
    Unreadable(String),
}

/// Files of a configuration, by path relative to its root module, with `/` between parts on every system.
///
/// The root module is `""`, a module beside it `"../modules/service"`. Paths arrive normalised ([`path::join`]);
/// an implementation decides for itself how far `..` may lead.
pub trait Sources {
    /// The names of the files directly in `directory`, in any order, folders left out.
    fn list(&self, directory: &str) -> Result<Vec<String>, SourceError>;

    /// The bytes of a file, or [`SourceError::TooLarge`] without having taken more than `limit` of them.
    fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, SourceError>;

    /// Where each module call leads, as far as it was written down: by `init` in
    /// `.terraform/modules/modules.json`, unless an implementation knows it from elsewhere. Empty when nobody did.
    fn modules(&self) -> Result<Vec<ModuleRecord>, SourceError> {
        match self.read(".terraform/modules/modules.json", manifest::LIMIT) {
            Ok(bytes) => manifest::of_init(&bytes).map_err(SourceError::Unreadable),
            Err(SourceError::Missing) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }
}

/// Files held in memory, by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemorySources {
    files: BTreeMap<String, Vec<u8>>,
}

impl MemorySources {
    /// The same files and one more; an earlier one of that path is replaced.
    #[must_use]
    pub fn with(mut self, path: &str, content: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path::join("", path), content.into());
        self
    }
}

impl Sources for MemorySources {
    fn list(&self, directory: &str) -> Result<Vec<String>, SourceError> {
        let names: Vec<String> = self
            .files
            .keys()
            .filter_map(|file| {
                let (folder, name) = path::split(file);
                (folder == directory).then(|| name.to_owned())
            })
            .collect();
        if names.is_empty() && !directory.is_empty() { Err(SourceError::Missing) } else { Ok(names) }
    }

    fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, SourceError> {
        let content = self.files.get(path).ok_or(SourceError::Missing)?;
        if content.len() > limit { Err(SourceError::TooLarge(limit)) } else { Ok(content.clone()) }
    }
}
