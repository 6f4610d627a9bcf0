//! The checkout as data: where it is, and which files of ours are in it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Folders that builds and clients leave behind; `.gitignore` keeps them out of commits too.
const LEFT_BEHIND: [&str; 5] = [".git", "target", ".terraform", ".nhi", ".run"];

/// The top folder of the checkout this crate was built from.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Every file below `folder` (relative to [`root`]), as paths relative to the root with `/` between their parts, sorted.
/// What a build or a client leaves behind is not ours and left out.
pub fn files(folder: &str) -> Result<Vec<String>> {
    let root = root();
    let mut found = Vec::new();
    let mut waiting = vec![root.join(folder)];
    while let Some(current) = waiting.pop() {
        let entries =
            fs::read_dir(&current).with_context(|| format!("cannot list `{}`", current.display()))?;
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let kind = entry.file_type()?;
            if LEFT_BEHIND.contains(&name.as_str()) || name.starts_with("terraform.tfstate") {
                continue;
            }
            if kind.is_dir() {
                waiting.push(entry.path());
            } else if kind.is_file() {
                let path = entry.path();
                let relative = path.strip_prefix(&root)?;
                let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
                found.push(parts.join("/"));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The text of a file named as [`files`] names it; `None` when it is not UTF-8.
pub fn text(path: &str) -> Result<Option<String>> {
    let bytes = fs::read(root().join(path)).with_context(|| format!("cannot read `{path}`"))?;
    Ok(String::from_utf8(bytes).ok())
}
