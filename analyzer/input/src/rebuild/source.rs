//! The files of a module as expressions, overrides last.

use std::cell::Cell;
use std::ops::Range;

use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body};

use super::error::RebuildError;
use crate::locate::hcl;
use crate::locate::module::{LARGEST, in_order};
use crate::locate::text::Text;
use crate::sources::Sources;

/// A module's files.
pub(super) struct Module {
    pub(super) directory: String,
    files: Vec<File>,
    /// A file that cannot be read: what is not found may stand there.
    unread: Option<String>,
    /// One that overrides others cannot be read: nothing that is found counts.
    broken: Option<String>,
}

struct File {
    path: String,
    text: Text,
    body: Body,
}

/// Something with the file it stands in.
#[derive(Clone, Copy)]
pub(super) struct At<T> {
    pub(super) file: usize,
    pub(super) it: T,
}

impl Module {
    pub(super) fn load(sources: &dyn Sources, directory: &str, left: &Cell<usize>) -> Self {
        let mut module =
            Self { directory: directory.to_owned(), files: Vec::new(), unread: None, broken: None };
        let names = match sources.list(directory) {
            Ok(names) => names,
            Err(error) => {
                module.unread = Some(format!("`{directory}`: {error}"));
                return module;
            }
        };
        for name in in_order(&names) {
            let path = if directory.is_empty() { name.to_owned() } else { format!("{directory}/{name}") };
            if let Err(reason) = module.read(sources, &path, left) {
                let problem = format!("`{path}` cannot be read: {reason}");
                if name.contains("override.") {
                    module.broken = Some(problem);
                } else {
                    module.unread = Some(problem);
                }
            }
        }
        module
    }

    fn read(&mut self, sources: &dyn Sources, path: &str, left: &Cell<usize>) -> Result<(), String> {
        let limit = LARGEST.min(left.get());
        let bytes = sources.read(path, limit).map_err(|error| error.to_string())?;
        left.set(left.get().saturating_sub(bytes.len()));
        let text = String::from_utf8(bytes).map_err(|_| String::from("it is not UTF-8"))?;
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        if path.strip_suffix(".json").is_some() {
            // An empty object adds nothing; anything else is written in a form that is not evaluated.
            return if text.trim() == "{}" {
                Ok(())
            } else {
                Err(String::from("expressions in JSON files are not evaluated"))
            };
        }
        let body = hcl::body(&text)?;
        self.files.push(File { path: path.to_owned(), text: Text::new(text), body });
        Ok(())
    }

    /// What is found counts only where no override could say otherwise.
    pub(super) fn sound(&self) -> Result<(), RebuildError> {
        match &self.broken {
            Some(problem) => Err(RebuildError::fails(problem.clone())),
            None => Ok(()),
        }
    }

    /// What to say of something that is not there.
    pub(super) fn missing(&self, name: &str) -> RebuildError {
        match &self.unread {
            Some(problem) => RebuildError::fails(format!("`{name}` is not found, and {problem}")),
            None => RebuildError::NotDeclared(name.to_owned()),
        }
    }

    /// The blocks of a kind with these labels, overrides last.
    pub(super) fn blocks(&self, kind: &str, labels: &[&str]) -> Vec<At<&Block>> {
        let mut found = Vec::new();
        for (file, content) in self.files.iter().enumerate() {
            found.extend(
                content.body.blocks().filter(|block| is(block, kind, labels)).map(|it| At { file, it }),
            );
            if kind == "data" {
                let checks = content.body.blocks().filter(|block| block.ident.as_str() == "check");
                let inside = checks.flat_map(|check| check.body.blocks());
                found.extend(inside.filter(|block| is(block, kind, labels)).map(|it| At { file, it }));
            }
        }
        found
    }

    /// The labels of every block of a kind with one label.
    pub(super) fn names(&self, kind: &str) -> Vec<String> {
        let blocks = self.files.iter().flat_map(|file| file.body.blocks());
        let labels =
            blocks.filter(|block| block.ident.as_str() == kind).filter_map(|block| block.labels.first());
        let mut names: Vec<String> = labels.map(|label| label.as_str().to_owned()).collect();
        names.sort();
        names.dedup();
        names
    }

    /// ` at FILE:LINE:COLUMN`.
    pub(super) fn place(&self, file: usize, span: Option<Range<usize>>) -> String {
        match (self.files.get(file), span) {
            (Some(file), Some(span)) => {
                let (line, column) = file.text.line_and_column(span.start);
                format!(" at {}:{line}:{column}", file.path)
            }
            (Some(file), None) => format!(" in {}", file.path),
            (None, _) => String::new(),
        }
    }

    /// The text of an expression, shortened.
    pub(super) fn excerpt(&self, at: At<&Expression>) -> String {
        let text = self.files.get(at.file).zip(at.it.span());
        let text = text.and_then(|(file, span)| file.text.text.get(span)).unwrap_or("expression");
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().count() <= 80 { line } else { line.chars().take(79).chain(['…']).collect() }
    }
}

fn is(block: &Block, kind: &str, labels: &[&str]) -> bool {
    block.ident.as_str() == kind
        && block.labels.len() == labels.len()
        && block.labels.iter().zip(labels).all(|(label, name)| label.as_str() == *name)
}

/// The expression of an attribute; an override replaces it.
pub(super) fn attribute<'m>(blocks: &[At<&'m Block>], name: &str) -> Option<At<&'m Expression>> {
    blocks.iter().rev().find_map(|block| {
        block.it.body.get_attribute(name).map(|attribute| At { file: block.file, it: &attribute.value })
    })
}
