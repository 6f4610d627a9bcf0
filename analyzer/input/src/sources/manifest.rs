//! The list of modules that `init` and binary plans keep.

use serde::Deserialize;

use super::path;

/// Lists of modules larger than this are refused; a thousand modules take about 100 kB.
pub(super) const LIMIT: usize = 16 << 20;

/// Where a module call leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleRecord {
    /// The names of the calls from the root down, joined with `.`; the root is `""`.
    pub key: String,
    /// The call's `source`, where one was recorded.
    pub source: Option<String>,
    /// The module's folder, relative to the root module.
    pub directory: String,
}

#[derive(Deserialize)]
struct Written {
    #[serde(rename = "Key")]
    key: String,
    #[serde(rename = "Source", default)]
    source: Option<String>,
    #[serde(rename = "Dir")]
    directory: String,
}

#[derive(Deserialize)]
struct Init {
    #[serde(rename = "Modules")]
    modules: Vec<Written>,
}

/// The form of `.terraform/modules/modules.json`.
pub(super) fn of_init(bytes: &[u8]) -> Result<Vec<ModuleRecord>, String> {
    let init: Init = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    Ok(records(init.modules))
}

/// The form of `tfconfig/modules.json` in a binary plan.
pub(super) fn of_plan(bytes: &[u8]) -> Result<Vec<ModuleRecord>, String> {
    let written: Vec<Written> = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    Ok(records(written))
}

fn records(written: Vec<Written>) -> Vec<ModuleRecord> {
    // Everything is told from the root module, and the tool may have been started elsewhere.
    let root = written.iter().find(|record| record.key.is_empty());
    let root = root.map(|record| path::join("", &record.directory)).unwrap_or_default();
    written
        .into_iter()
        .map(|record| ModuleRecord {
            key: record.key,
            source: record.source.filter(|source| !source.is_empty()),
            directory: path::relative(&root, &path::join("", &record.directory)),
        })
        .collect()
}
