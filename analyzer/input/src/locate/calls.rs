//! The module tree: which calls lead to a module, and in which folder it is.

use std::collections::BTreeMap;

use nhi_analyzer_model::{ModuleStep, Place, Precision};

use super::module::{Found, Module};
use super::tree::Kind;
use super::{Locator, SourceNote};
use crate::sources::{ModuleRecord, path};

/// The way from the root module to another one, as far as it is written.
pub(crate) struct Chain {
    /// The folders on the way, the root's first; `None` where nobody knows.
    directories: Vec<Option<String>>,
    /// The calls, outermost first.
    pub(super) calls: Vec<Place>,
    /// So many calls deep, modules are the user's own.
    pub(super) own_depth: usize,
    /// The module, or one around it, was fetched: its files are not the user's own.
    pub(super) fetched: bool,
}

impl Chain {
    /// The folder of the module so many calls deep.
    pub(crate) fn directory_at(&self, depth: usize) -> Option<&str> {
        self.directories.get(depth)?.as_deref()
    }

    /// The calls that lead to the module so many calls deep.
    pub(super) fn calls_to(&self, depth: usize) -> Vec<Place> {
        self.calls.iter().take(depth).cloned().collect()
    }

    /// The innermost call that stands in a file of the user's own, with the calls that lead to it.
    pub(super) fn nearest_own_call(&self) -> Option<Place> {
        // The call of a fetched module still stands in the user's own file.
        let last = self.own_depth.min(self.calls.len().checked_sub(1)?);
        Some(Place { calls: self.calls_to(last), ..self.calls.get(last)?.clone() })
    }
}

impl Locator<'_> {
    pub(crate) fn chain(&self, steps: &[ModuleStep]) -> Chain {
        let root = Some(String::new());
        let mut chain = Chain { directories: vec![root], calls: Vec::new(), own_depth: 0, fetched: false };
        let mut key = String::new();
        for (depth, step) in steps.iter().enumerate() {
            if !key.is_empty() {
                key.push('.');
            }
            key.push_str(&step.name);
            let folder = chain.directory_at(depth).map(str::to_owned);
            let parent = folder.as_ref().map(|folder| self.module(folder));
            let written = parent.as_ref().map(|module| call(module, &step.name)).unwrap_or_default();
            if written.place.is_none() && parent.is_some_and(|module| module.is_whole()) {
                // What `init` wrote down may be older than the deletion.
                break;
            }
            let record = self.records().get(&key);
            let directory = self.folder_of(folder.as_deref(), written.source.as_deref(), record);
            let source = written.source.or_else(|| record.and_then(|record| record.source.clone()));
            chain.fetched = chain.fetched
                || source.is_some_and(|source| !path::is_local_source(&source))
                || directory.as_deref().is_some_and(is_fetched);
            if !chain.fetched {
                chain.own_depth = depth + 1;
            }
            chain.calls.extend(written.place);
            chain.directories.push(directory);
        }
        chain
    }

    /// A local source leads where it says; anything else where the list of modules says.
    fn folder_of(
        &self,
        parent: Option<&str>,
        source: Option<&str>,
        record: Option<&ModuleRecord>,
    ) -> Option<String> {
        let local = parent.zip(source.filter(|source| path::is_local_source(source)));
        let local = local.map(|(parent, source)| path::join(parent, source));
        match (local, record) {
            (Some(local), Some(record))
                if local != record.directory && self.sources.list(&local).is_err() =>
            {
                Some(record.directory.clone())
            }
            (Some(local), _) => Some(local),
            (None, record) => record.map(|record| record.directory.clone()),
        }
    }

    fn records(&self) -> &BTreeMap<String, ModuleRecord> {
        self.records.get_or_init(|| match self.sources.modules() {
            Ok(records) => records.into_iter().map(|record| (record.key.clone(), record)).collect(),
            Err(error) => {
                let reason = format!("the list of modules cannot be read: {error}");
                self.notes
                    .borrow_mut()
                    .push(SourceNote { file: ".terraform/modules/modules.json".to_owned(), reason });
                BTreeMap::new()
            }
        })
    }
}

/// What a module's files say of a call.
#[derive(Default)]
struct Written {
    place: Option<Place>,
    /// Where it is a plain string.
    source: Option<String>,
}

/// A module call; an override of its source counts.
fn call(module: &Module, name: &str) -> Written {
    let blocks = module.call(name);
    let place = blocks.first().map(|block| {
        module.place(&Found { file: block.file, span: block.it.header.clone(), precision: Precision::Call })
    });
    let source = blocks.iter().rev().find_map(|block| match &block.it.attribute("source")?.value.kind {
        Kind::Text(source) => Some(source.clone()),
        _ => None,
    });
    Written { place, source }
}

/// `init` keeps what it fetched in a folder of this name.
fn is_fetched(directory: &str) -> bool {
    directory.split('/').any(|part| part == ".terraform")
}
