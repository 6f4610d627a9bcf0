//! Configuration files from a directory on disk.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use nhi_analyzer_input::sources::{SourceError, Sources};

/// The files under a root module's directory, and beside it where module calls lead there.
pub(crate) struct Directory {
    root: PathBuf,
}

impl Directory {
    pub(crate) fn new(root: &Path) -> Self {
        // A plan named without its folder lies in the current one, which has no empty name.
        let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
        Self { root: root.to_owned() }
    }

    fn path(&self, relative: &str) -> PathBuf {
        relative
            .split('/')
            .filter(|part| !part.is_empty())
            .fold(self.root.clone(), |path, part| path.join(part))
    }
}

impl Sources for Directory {
    fn list(&self, directory: &str) -> Result<Vec<String>, SourceError> {
        let mut names = Vec::new();
        for entry in fs::read_dir(self.path(directory)).map_err(|error| told(&error))? {
            let entry = entry.map_err(|error| told(&error))?;
            // A file behind a symbolic link is a file; only what is known to be a folder is left out.
            let folder = fs::metadata(entry.path()).is_ok_and(|metadata| metadata.is_dir());
            if let (false, Ok(name)) = (folder, entry.file_name().into_string()) {
                names.push(name);
            }
        }
        Ok(names)
    }

    fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, SourceError> {
        let path = self.path(path);
        // A pipe or a device of that name would keep the reader waiting.
        if !fs::metadata(&path).map_err(|error| told(&error))?.is_file() {
            return Err(SourceError::Unreadable("not a file".to_owned()));
        }
        let file = File::open(path).map_err(|error| told(&error))?;
        let mut content = Vec::new();
        let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        file.take(most).read_to_end(&mut content).map_err(|error| told(&error))?;
        if content.len() > limit { Err(SourceError::TooLarge(limit)) } else { Ok(content) }
    }
}

fn told(error: &io::Error) -> SourceError {
    match error.kind() {
        io::ErrorKind::NotFound => SourceError::Missing,
        _ => SourceError::Unreadable(error.to_string()),
    }
}
