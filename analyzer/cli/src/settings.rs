//! Finds and reads `nhi.hcl`, from the source directory upward.

use std::fs;
use std::io;
use std::path::Path;

use nhi_analyzer_input::Settings;

use crate::exit::Failure;

/// The settings that hold for a directory; the defaults where no file is found.
pub(crate) fn find(directory: &Path) -> Result<Settings, Failure> {
    let directory = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
    // A directory that cannot be made absolute has no settings above it.
    let Ok(absolute) = std::path::absolute(directory) else { return Ok(Settings::default()) };
    let upward = absolute.ancestors().filter_map(Path::to_str).map(String::from);
    match Settings::search(upward, read)? {
        Some((file, text)) => {
            Settings::parse(&text, &file).map_err(|error| Failure::input(error.to_string()))
        }
        None => Ok(Settings::default()),
    }
}

fn read(file: &str) -> Result<Option<String>, Failure> {
    let unreadable = |reason: &dyn std::fmt::Display| {
        Failure::input(format!("the settings `{file}` cannot be read: {reason}"))
    };
    match fs::read(file) {
        Ok(bytes) => String::from_utf8(bytes).map(Some).map_err(|_| unreadable(&"the file is not UTF-8")),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Ok(None)
        }
        Err(error) => Err(unreadable(&error)),
    }
}
