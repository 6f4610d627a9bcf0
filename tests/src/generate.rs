//! Texts of the repository that are made from others: one module for each kind.

pub mod registry;
pub mod rules;
pub mod wire;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Folders that hold generated texts and nothing else, those of the registry's pages beside them.
const FOLDERS: [&str; 2] = ["docs/rules", "proto/src/generated"];

/// Generated texts, and the folders that hold nothing else: paths relative to the root, sorted.
#[derive(Debug, Default)]
pub struct Made {
    texts: Vec<(PathBuf, String)>,
    folders: Vec<&'static str>,
}

/// The texts that this crate makes by itself.
pub fn own(root: &Path) -> Result<Made> {
    let mut texts = wire::wire(root)?;
    texts.extend(rules::rules());
    texts.sort();
    Ok(Made { texts, folders: FOLDERS.to_vec() })
}

/// The pages of the registry, made by `tool`.
pub fn pages(root: &Path, tool: &Path) -> Result<Made> {
    let mut texts = registry::pages(root, tool)?;
    texts.sort();
    Ok(Made { texts, folders: registry::FOLDERS.to_vec() })
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
pub fn stale(root: &Path, made: &Made) -> Result<Stale> {
    let mut found = Stale::default();
    for (path, text) in &made.texts {
        if fs::read_to_string(root.join(path)).ok().as_ref() != Some(text) {
            found.changed.push(path.clone());
        }
    }
    let known: BTreeSet<&PathBuf> = made.texts.iter().map(|(path, _)| path).collect();
    for folder in &made.folders {
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
pub fn renew(root: &Path, made: &Made) -> Result<Stale> {
    let found = stale(root, made)?;
    for (path, text) in &made.texts {
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
