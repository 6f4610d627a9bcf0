//! A policy document as the user hands it in: from a file or standard input, with the places of its statements.

use std::cell::OnceCell;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use nhi_access::dialect::aws::{Policy, PolicyError, PolicyKind, parse};
use nhi_access::words;
use nhi_analyzer_output::policy::Place;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::exit::Failure;
use crate::surroundings::Surroundings;

/// Larger documents are refused: the largest that any platform keeps is a hundredth of it.
const LIMIT: u64 = 32 << 20;

/// The text of a document, and what it is called.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) name: String,
    pub(crate) text: String,
    /// Line and column of every statement, once somebody asked.
    positions: OnceCell<Vec<(usize, usize)>>,
}

impl Document {
    /// Reads a file, or standard input for `-`.
    pub(crate) fn read(path: &Path, surroundings: &mut Surroundings<'_>) -> Result<Self, Failure> {
        let stdin = path == Path::new("-");
        let name = if stdin { "standard input".to_owned() } else { path.display().to_string() };
        let unreadable = |reason: &dyn std::fmt::Display| {
            Failure::input(format!("the policy `{name}` cannot be read: {reason}"))
        };
        let mut bytes = Vec::new();
        let read = if stdin {
            surroundings.stdin.take(LIMIT + 1).read_to_end(&mut bytes)
        } else {
            if path.is_dir() {
                return Err(unreadable(&"it is a directory; name the file of one policy"));
            }
            File::open(path).and_then(|file| file.take(LIMIT + 1).read_to_end(&mut bytes))
        };
        read.map_err(|error| unreadable(&error))?;
        if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > LIMIT {
            return Err(unreadable(&format!("it is larger than {} MiB", LIMIT >> 20)));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
            let line = String::from_utf8_lossy(valid).matches('\n').count() + 1;
            unreadable(&format!("line {line} is not UTF-8"))
        })?;
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        if text.trim().is_empty() {
            return Err(unreadable(&"it is empty"));
        }
        Ok(Self { name, text, positions: OnceCell::new() })
    }

    /// The policy in it.
    pub(crate) fn parse(&self, kind: PolicyKind) -> Result<Policy, Failure> {
        parse(&self.text, kind).map_err(|error| Failure::input(self.told(&error)))
    }

    /// What is wrong with it, and where.
    fn told(&self, error: &PolicyError) -> String {
        match error {
            PolicyError::Syntax { message, line, column } => {
                format!("`{}`, line {line}, column {column}: {message}", self.name)
            }
            PolicyError::Shape { place, message } => {
                let position = error
                    .statement()
                    .and_then(|index| self.position(index))
                    .map(|(line, column)| format!(", line {line}, column {column}"))
                    .unwrap_or_default();
                format!("`{}`{position}: {place}: {message}", self.name)
            }
        }
    }

    /// A statement of it, by its index from zero.
    pub(crate) fn place(&self, policy: &Policy, index: usize) -> Option<Place> {
        Some(Place {
            document: self.name.clone(),
            number: index + 1,
            sid: policy.statements.get(index)?.sid.clone(),
            position: self.position(index),
            excerpt: words::statement(policy, index)?,
        })
    }

    fn position(&self, index: usize) -> Option<(usize, usize)> {
        self.positions.get_or_init(|| self.positions()).get(index).copied()
    }

    /// Line and column of every statement, from one; empty where the text is no policy.
    fn positions(&self) -> Vec<(usize, usize)> {
        let skeleton: Option<Skeleton<'_>> = serde_json::from_str(&self.text).ok();
        let Some(whole) = skeleton.and_then(|skeleton| skeleton.statements) else { return Vec::new() };
        let statements: Vec<&RawValue> = serde_json::from_str(whole.get()).unwrap_or_else(|_| vec![whole]);
        let (mut line, mut column, mut done) = (1, 1, 0);
        let mut positions = Vec::with_capacity(statements.len());
        for statement in statements {
            let start = (statement.get().as_ptr() as usize).checked_sub(self.text.as_ptr() as usize);
            let Some(between) = start.and_then(|start| self.text.get(done..start)) else { break };
            done += between.len();
            match between.rsplit_once('\n') {
                Some((lines, last)) => {
                    line += lines.matches('\n').count() + 1;
                    column = last.chars().count() + 1;
                }
                None => column += between.chars().count(),
            }
            positions.push((line, column));
        }
        positions
    }
}

/// A policy of which only the places of its statements are of interest.
#[derive(Deserialize)]
struct Skeleton<'a> {
    #[serde(borrow, rename = "Statement")]
    statements: Option<&'a RawValue>,
}
