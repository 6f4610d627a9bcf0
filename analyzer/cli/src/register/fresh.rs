//! A file that is written whole or not at all: beside its place first, then moved there.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::exit::Failure;

/// What may stand at the place already.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    /// Nothing.
    Nothing,
    /// A file of an earlier run, which is replaced.
    Anything,
}

/// A file that is being written.
pub(super) struct Fresh {
    path: PathBuf,
    part: PathBuf,
}

impl Fresh {
    pub(super) fn at(path: &Path, before: Before) -> Result<Self, Failure> {
        if before == Before::Nothing && path.symlink_metadata().is_ok() {
            let told =
                format!("`{}` is there already, and is not written over: name another file", path.display());
            return Err(Failure::usage(told));
        }
        if path.parent().is_some_and(|folder| folder != Path::new("") && !folder.is_dir()) {
            return Err(told(path, &"its folder is not there"));
        }
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        match fs::remove_file(&part) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(told(path, &error)),
            _ => Ok(Self { path: path.to_owned(), part }),
        }
    }

    /// Where it is written until it is whole.
    pub(super) fn part(&self) -> &Path {
        &self.part
    }

    /// Begins it, anew where an attempt came before.
    pub(super) fn create(&self) -> io::Result<File> {
        File::create(&self.part)
    }

    pub(super) fn told(&self, error: impl std::fmt::Display) -> Failure {
        told(&self.path, &error)
    }

    /// Moves it to its place, once the disk has it.
    pub(super) fn keep(self) -> Result<(), Failure> {
        let kept = File::open(&self.part).and_then(|file| file.sync_all());
        kept.and_then(|()| fs::rename(&self.part, &self.path)).map_err(|error| told(&self.path, &error))
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        // Gone already once it was kept. The others are what a look into a register leaves beside it.
        for end in ["", "-wal", "-shm"] {
            let mut part = self.part.clone().into_os_string();
            part.push(end);
            let _ = fs::remove_file(part);
        }
    }
}

fn told(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::error(format!("`{}` cannot be written: {error}", path.display()))
}
