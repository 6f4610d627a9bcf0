//! The file of a proof: version 1, JSON, bound to both documents by the SHA-256 of their texts.

use std::fs;
use std::path::Path;

use nhi_access::proof::{Part, Proof, Root, Settling, State, Step};
use nhi_access::{AnyIfExists, CallerKeys, Reading, Stars};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::document::Document;
use super::kind::Kind;
use super::semantics::Chosen;
use crate::exit::Failure;

const VERSION: &str = "1";

/// Larger files are not read.
const LIMIT: u64 = 256 << 20;

/// A proof as it is kept.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    format_version: String,
    /// `identity`, `resource` or `trust`: how both documents are read.
    kind: String,
    semantics: String,
    before_sha256: String,
    after_sha256: String,
    parts: Vec<FilePart>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct FilePart {
    readings: Vec<FileReading>,
    roots: Vec<FileRoot>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct FileReading {
    stars: String,
    any_if_exists: String,
    caller: String,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct FileRoot {
    grant: usize,
    lifted: Option<usize>,
    steps: Vec<FileStep>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
enum FileStep {
    /// A branch on a statement of the old document that allows, from zero.
    Allowed(usize),
    /// A branch on a statement of the new document that denies, from zero.
    Denied(usize),
    Empty {
        core: Vec<usize>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        states: Vec<State>,
    },
}

/// A proof that has been read, and how its documents are to be.
pub(crate) struct Claim {
    pub(crate) proof: Proof,
    pub(crate) kind: Kind,
    before: String,
    after: String,
}

fn hash(document: &Document) -> String {
    let digits =
        |byte: u8| [byte >> 4, byte & 15].map(|digit| char::from_digit(u32::from(digit), 16).unwrap_or('0'));
    Sha256::digest(document.text.as_bytes()).iter().flat_map(|byte| digits(*byte)).collect()
}

/// Writes a proof of these documents.
pub(crate) fn write(
    path: &Path,
    proof: &Proof,
    (kind, semantics): (&str, Chosen),
    (before, after): (&Document, &Document),
) -> Result<(), Failure> {
    let file = File {
        format_version: VERSION.to_owned(),
        kind: kind.to_owned(),
        semantics: semantics.word().to_owned(),
        before_sha256: hash(before),
        after_sha256: hash(after),
        parts: proof.parts.iter().map(written).collect(),
    };
    let failed = |reason: &dyn std::fmt::Display| {
        Failure::error(format!("the proof cannot be written to `{}`: {reason}", path.display()))
    };
    let mut text = serde_json::to_vec(&file).map_err(|error| failed(&error))?;
    text.push(b'\n');
    fs::write(path, text).map_err(|error| failed(&error))
}

/// Reads a proof.
pub(crate) fn read(path: &Path) -> Result<Claim, Failure> {
    let unreadable = |reason: &dyn std::fmt::Display| {
        Failure::input(format!("the proof `{}` cannot be read: {reason}", path.display()))
    };
    let size = fs::metadata(path).map_err(|error| unreadable(&error))?.len();
    if size > LIMIT {
        return Err(unreadable(&format!("it is larger than {} MiB", LIMIT >> 20)));
    }
    let text = fs::read(path).map_err(|error| unreadable(&error))?;
    let file: File = serde_json::from_slice(&text).map_err(|error| unreadable(&error))?;
    if file.format_version != VERSION {
        let version = file.format_version;
        return Err(unreadable(&format!("its version is `{version}`, this program knows version {VERSION}")));
    }
    let kind = Kind::named(&file.kind)
        .ok_or_else(|| unreadable(&format!("`{}` is no kind of policy", file.kind)))?;
    let semantics = Chosen::named(&file.semantics)
        .ok_or_else(|| unreadable(&format!("`{}` is not known as semantics", file.semantics)))?;
    let parts: Option<Vec<Part>> = file.parts.into_iter().map(part).collect();
    let parts = parts.ok_or_else(|| unreadable(&"it speaks of a reading that is not known"))?;
    let proof = Proof { semantics: semantics.settings().semantics, parts };
    Ok(Claim { proof, kind, before: file.before_sha256, after: file.after_sha256 })
}

impl Claim {
    /// Is it about these very texts?
    pub(crate) fn is_about(&self, before: &Document, after: &Document) -> Result<(), Failure> {
        for (document, own, which) in [(before, &self.before, "before"), (after, &self.after, "after")] {
            if hash(document) != *own {
                let name = &document.name;
                let told =
                    format!("the proof is about another text than `{name}`: its SHA-256 `{which}` differs");
                return Err(Failure::error(told));
            }
        }
        Ok(())
    }
}

fn written(part: &Part) -> FilePart {
    let step = |step: &Step| match step {
        Step::Branch(Settling::Allowed(index)) => FileStep::Allowed(*index),
        Step::Branch(Settling::Denied(index)) => FileStep::Denied(*index),
        Step::Empty { core, states } => FileStep::Empty { core: core.clone(), states: states.clone() },
    };
    let root = |root: &Root| FileRoot {
        grant: root.grant,
        lifted: root.lifted,
        steps: root.steps.iter().map(step).collect(),
    };
    FilePart {
        readings: part.readings.iter().map(|reading| FileReading::of(*reading)).collect(),
        roots: part.roots.iter().map(root).collect(),
    }
}

fn part(part: FilePart) -> Option<Part> {
    let step = |step: FileStep| match step {
        FileStep::Allowed(index) => Step::Branch(Settling::Allowed(index)),
        FileStep::Denied(index) => Step::Branch(Settling::Denied(index)),
        FileStep::Empty { core, states } => Step::Empty { core, states },
    };
    let root = |root: FileRoot| Root {
        grant: root.grant,
        lifted: root.lifted,
        steps: root.steps.into_iter().map(step).collect(),
    };
    let readings: Option<Vec<Reading>> = part.readings.iter().map(FileReading::reading).collect();
    Some(Part { readings: readings?, roots: part.roots.into_iter().map(root).collect() })
}

impl FileReading {
    fn of(reading: Reading) -> Self {
        let stars = match reading.stars {
            Stars::Crossing => "crossing",
            Stars::Segment => "segment",
            Stars::Strict => "strict",
        };
        let any_if_exists = match reading.any_if_exists {
            AnyIfExists::Holds => "holds",
            AnyIfExists::Fails => "fails",
        };
        let caller = match reading.caller {
            CallerKeys::Derived => "derived",
            CallerKeys::Symbolic => "symbolic",
        };
        Self { stars: stars.to_owned(), any_if_exists: any_if_exists.to_owned(), caller: caller.to_owned() }
    }

    fn reading(&self) -> Option<Reading> {
        let stars = match self.stars.as_str() {
            "crossing" => Stars::Crossing,
            "segment" => Stars::Segment,
            "strict" => Stars::Strict,
            _ => return None,
        };
        let any_if_exists = match self.any_if_exists.as_str() {
            "holds" => AnyIfExists::Holds,
            "fails" => AnyIfExists::Fails,
            _ => return None,
        };
        let caller = match self.caller.as_str() {
            "derived" => CallerKeys::Derived,
            "symbolic" => CallerKeys::Symbolic,
            _ => return None,
        };
        Some(Reading { stars, any_if_exists, caller })
    }
}
