//! The files of one module: read, parsed, put in the order in which Terraform lays overrides over them.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use nhi_analyzer_model::{Mode, Place, Precision};

use super::text::Text;
use super::tree::{Block, Item, Kind, Node, Span};
use super::{SourceNote, hcl, json, salvage};
use crate::sources::{SourceError, Sources};

/// A configuration file larger than this is skipped, with a note.
pub(crate) const LARGEST: usize = 4 << 20;

/// One module's files.
pub(super) struct Module {
    directory: String,
    files: Vec<File>,
    /// Top-level blocks by kind and labels, overrides last.
    blocks: BTreeMap<(String, Vec<String>), Vec<Located<Block>>>,
    /// Parts of it could not be read.
    broken: bool,
}

struct File {
    path: String,
    text: Text,
}

/// Something of a file, by the file's index.
pub(super) struct Located<T> {
    pub(super) file: usize,
    pub(super) it: T,
}

/// A span, and how near it is.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) file: usize,
    pub(super) span: Span,
    pub(super) precision: Precision,
}

impl Module {
    /// Reads every configuration file of a directory; what cannot be read, or is more than the bytes left, is told
    /// and left out.
    pub(super) fn load(
        sources: &dyn Sources,
        directory: &str,
        left: &Cell<usize>,
    ) -> (Self, Vec<SourceNote>) {
        let mut module = Self {
            directory: directory.to_owned(),
            files: Vec::new(),
            blocks: BTreeMap::new(),
            broken: false,
        };
        let mut notes = Vec::new();
        let names = match sources.list(directory) {
            Ok(names) => names,
            Err(SourceError::Missing) => Vec::new(),
            Err(error) => {
                let file = if directory.is_empty() { ".".to_owned() } else { directory.to_owned() };
                notes.push(SourceNote { file, reason: error.to_string() });
                Vec::new()
            }
        };
        for name in in_order(&names) {
            let path = if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") };
            if let Err(reason) = module.read(sources, &path, left) {
                notes.push(SourceNote { file: path, reason });
            }
        }
        module.broken = !notes.is_empty();
        (module, notes)
    }

    /// Where it is.
    pub(super) fn directory(&self) -> &str {
        &self.directory
    }

    /// Whether every file could be read, so that what is not found is not written.
    pub(super) fn is_whole(&self) -> bool {
        !self.broken && !self.files.is_empty()
    }

    fn read(&mut self, sources: &dyn Sources, path: &str, left: &Cell<usize>) -> Result<(), String> {
        if left.get() == 0 {
            return Err("skipped: the configuration's files together are too large".to_owned());
        }
        let bytes = sources.read(path, LARGEST.min(left.get())).map_err(|error| match error {
            SourceError::TooLarge(limit) if limit < LARGEST => {
                left.set(0);
                "skipped: the configuration's files together are too large".to_owned()
            }
            SourceError::TooLarge(limit) => format!("skipped: larger than {} MiB", limit >> 20),
            other => other.to_string(),
        })?;
        left.set(left.get().saturating_sub(bytes.len()));
        let text = String::from_utf8(bytes)
            .map_err(|error| format!("not UTF-8 at byte {}", error.utf8_error().valid_up_to()))?;
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        let is_json = path.strip_suffix(".json").is_some();
        let parsed = if is_json { json::parse(&text) } else { hcl::parse(&text) };
        let (blocks, result) = match parsed {
            Ok(blocks) => (blocks, Ok(())),
            Err(reason) if is_json => (Vec::new(), Err(reason)),
            Err(reason) => (salvage::headers(&text), Err(reason)),
        };
        let file = self.files.len();
        self.files.push(File { path: path.to_owned(), text: Text::new(text) });
        for block in blocks {
            self.keep(file, block);
        }
        result
    }

    fn keep(&mut self, file: usize, mut block: Block) {
        // A data source scoped to a `check` has an address as if it stood outside.
        if block.kind == "check" {
            for item in std::mem::take(&mut block.items) {
                match item {
                    Item::Block(inner) if inner.kind == "data" => self.keep(file, inner),
                    _ => {}
                }
            }
        }
        let key = (block.kind.clone(), block.labels.clone());
        self.blocks.entry(key).or_default().push(Located { file, it: block });
    }

    /// A resource's blocks, overrides last.
    pub(super) fn resource(&self, mode: Mode, kind: &str, name: &str) -> Vec<Located<&Block>> {
        let mode = match mode {
            Mode::Managed => "resource",
            Mode::Data => "data",
            Mode::Ephemeral => "ephemeral",
        };
        self.blocks_of(mode, vec![kind.to_owned(), name.to_owned()])
    }

    /// A module call's blocks, overrides last.
    pub(super) fn call(&self, name: &str) -> Vec<Located<&Block>> {
        self.blocks_of("module", vec![name.to_owned()])
    }

    /// What a local value is defined as.
    pub(super) fn local(&self, name: &str) -> Option<Located<&Node>> {
        self.blocks_of("locals", Vec::new()).into_iter().rev().find_map(|block| {
            let attribute = block.it.attribute(name)?;
            Some(Located { file: block.file, it: &attribute.value })
        })
    }

    /// The block of that kind that speaks of the resource with these names, or of a module it is in.
    pub(super) fn mention(&self, kind: &str, names: &[&str]) -> Option<Found> {
        let attribute = if kind == "import" { "to" } else { "from" };
        self.blocks_of(kind, Vec::new()).into_iter().find_map(|block| {
            let spoken = match &block.it.attribute(attribute)?.value.kind {
                Kind::Reference(spoken) => spoken.clone(),
                Kind::Text(text) => hcl::reference(text)?,
                _ => return None,
            };
            let spoken: Vec<&str> = spoken.iter().map(String::as_str).collect();
            let is_module =
                spoken.len().is_multiple_of(2) && spoken.iter().step_by(2).all(|name| *name == "module");
            (spoken == names || (is_module && names.starts_with(&spoken) && !spoken.is_empty()))
                .then(|| Found { file: block.file, span: block.it.span.clone(), precision: Precision::Block })
        })
    }

    fn blocks_of(&self, kind: &str, labels: Vec<String>) -> Vec<Located<&Block>> {
        let blocks = self.blocks.get(&(kind.to_owned(), labels)).map(Vec::as_slice).unwrap_or_default();
        blocks.iter().map(|block| Located { file: block.file, it: &block.it }).collect()
    }

    /// The text of a file, for what is written in another language inside it.
    pub(super) fn text(&self, file: usize) -> Option<&str> {
        self.files.get(file).map(|file| file.text.text.as_str())
    }

    /// The place of something found in this module, without the calls that lead here.
    pub(super) fn place(&self, found: &Found) -> Place {
        let nowhere = File { path: String::new(), text: Text::new(String::new()) };
        let file = self.files.get(found.file).unwrap_or(&nowhere);
        file.text.place(&file.path, &found.span, found.precision)
    }
}

/// The configuration files among `names`: ordinary ones by name, then overrides by name. A `.tofu` file hides the
/// `.tf` file of the same name, as it does for `OpenTofu`.
pub(crate) fn in_order(names: &[String]) -> Vec<&str> {
    let all: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let (overrides, ordinary): (Vec<&str>, Vec<&str>) = all
        .iter()
        .copied()
        .filter_map(|name| Some((name, stem(name)?)))
        .filter(|(name, _)| !name.starts_with('.') && !name.ends_with('~') && !is_shadowed(name, &all))
        .map(|(name, stem)| (name, stem == "override" || stem.ends_with("_override")))
        .fold((Vec::new(), Vec::new()), |(mut overrides, mut ordinary), (name, is_override)| {
            if is_override {
                overrides.push(name);
            } else {
                ordinary.push(name);
            }
            (overrides, ordinary)
        });
    ordinary.into_iter().chain(overrides).collect()
}

fn stem(name: &str) -> Option<&str> {
    [".tf", ".tofu", ".tf.json", ".tofu.json"].iter().find_map(|extension| name.strip_suffix(extension))
}

fn is_shadowed(name: &str, all: &BTreeSet<&str>) -> bool {
    let twin = |extension: &str, other: &str| {
        name.strip_suffix(extension).is_some_and(|stem| all.contains(format!("{stem}{other}").as_str()))
    };
    twin(".tf", ".tofu") || twin(".tf.json", ".tofu.json")
}
