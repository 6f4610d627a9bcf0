//! Texts of the repository that are made from others: one module for each kind.

use std::path::{Path, PathBuf};

use anyhow::Result;

pub mod pages;
pub mod rules;
pub mod wire;

/// Every generated text with its path relative to the root of the repository.
pub fn everything(root: &Path) -> Result<Vec<(PathBuf, String)>> {
    let mut made = wire::wire(root)?;
    made.extend(pages::pages(root)?);
    made.extend(rules::rules());
    Ok(made)
}
