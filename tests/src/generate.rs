//! Texts of the repository that are made from others: one module for each kind.

pub mod pages;
pub mod rules;
pub mod wire;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Folders that hold generated texts and nothing else.
const FOLDERS: [&str; 4] = ["docs/functions", "docs/resources", "docs/rules", "proto/src/generated"];

/// Every generated text: paths relative to `root`, sorted.
pub fn all(root: &Path) -> Result<Vec<(PathBuf, String)>> {
    let mut made = wire::wire(root)?;
    made.extend(pages::pages(root)?);
    made.extend(rules::rules());
    made.sort();
    Ok(made)
}

/// What of the tree is not what it would be if it were generated anew: texts that differ, and files that nothing makes.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Stale {
    /// Texts that are missing or different.
    pub changed: Vec<PathBuf>,
    /// Files in folders of generated texts that no source makes any more.
    pub orphaned: Vec<PathBuf>,
}

/// Compares what is committed under `root` with `made`.
pub fn stale(root: &Path, made: &[(PathBuf, String)]) -> Result<Stale> {
    let mut found = Stale::default();
    for (path, text) in made {
        if fs::read_to_string(root.join(path)).ok().as_ref() != Some(text) {
            found.changed.push(path.clone());
        }
    }
    let known: BTreeSet<&PathBuf> = made.iter().map(|(path, _)| path).collect();
    for folder in FOLDERS {
        let Ok(entries) = fs::read_dir(root.join(folder)) else { continue };
        for entry in entries {
            let path = Path::new(folder).join(entry?.file_name());
            if !known.contains(&path) {
                found.orphaned.push(path);
            }
        }
    }
    Ok(found)
}

/// Writes what is stale and removes what nothing makes.
pub fn renew(root: &Path) -> Result<Stale> {
    let made = all(root)?;
    let found = stale(root, &made)?;
    for (path, text) in &made {
        let place = root.join(path);
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&place, text).with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    for path in &found.orphaned {
        fs::remove_file(root.join(path)).with_context(|| format!("cannot remove `{}`", path.display()))?;
    }
    Ok(found)
}
