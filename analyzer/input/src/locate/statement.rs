//! The statement of a policy document, where the document is written out.

use nhi_analyzer_model::{Address, AttributePath, Mode, Origin, Precision, Step};

use super::json;
use super::module::{Found, Located, Module};
use super::tree::{Kind, Node, Span};
use super::walk::{entry, open, reach};
use crate::sources::path;

/// Attributes that put other documents' statements before or over a data source's own.
const MERGED: [&str; 6] = [
    "source_policy_documents",
    "override_policy_documents",
    "source_json",
    "override_json",
    "source_policy_document",
    "override_policy_document",
];

/// Whether an origin is a data source as a whole, or one of its results, rather than a part written in it.
pub(super) fn is_data_source(origin: &Origin) -> bool {
    is_document(&origin.address) && !starts_with_statement(&origin.attribute)
}

/// The path of the file that holds a document's text, where `file` or `templatefile` reads it.
pub(super) fn document_file(module: &Module, document: &Located<&Node>) -> Option<String> {
    let Kind::Call { name, arguments } = &document.it.kind else { return None };
    if name != "file" && name != "templatefile" {
        return None;
    }
    match &arguments.first()?.kind {
        Kind::InModule(file) => Some(path::join(module.directory(), file)),
        Kind::Text(file) => Some(path::join("", file)),
        _ => None,
    }
}

/// The span of a statement in a policy that is written as JSON, in `range` of `text`.
pub(super) fn in_json(text: &str, range: Span, index: usize) -> Option<Span> {
    let document = json::value(text, range).ok()?;
    let Kind::Object(members) = &document.kind else { return None };
    let member = members.iter().rev().find(|member| member.key.as_deref() == Some("Statement"))?;
    match &member.value.kind {
        Kind::List(list) => Some(list.get(index)?.span.clone()),
        _ if index == 0 => Some(member.value.span.clone()),
        _ => None,
    }
}

fn is_document(address: &Address) -> bool {
    address.mode == Mode::Data && address.kind == "aws_iam_policy_document"
}

fn starts_with_statement(path: &AttributePath) -> bool {
    matches!(path.0.first(), Some(Step::Name(name)) if name == "statement")
}

/// A statement of a data source, else its block.
pub(super) fn of_data_source(module: &Module, address: &Address, index: usize) -> Option<Found> {
    let at = |path: Vec<Step>| Origin { address: address.clone(), attribute: AttributePath(path) };
    let blocks = module.resource(address.mode, &address.kind, &address.name);
    let merged = blocks.iter().any(|block| MERGED.iter().any(|name| block.it.attribute(name).is_some()));
    let path = if merged { Vec::new() } else { vec![Step::Name("statement".to_owned()), Step::Index(index)] };
    reach(module, &at(path)).map(|reached| reached.found)
}

/// A statement of a document that is written out where `document` stands.
pub(super) fn in_document(module: &Module, document: &Located<&Node>, index: usize) -> Option<Found> {
    match &document.it.kind {
        Kind::Object(_) => {
            let statements = entry(module, document, "Statement")?;
            let statements = open(module, Located { file: statements.file, it: &statements.it.value });
            let found = element(module, statements, index)?;
            Some(Found { file: found.file, span: found.it.span.clone(), precision: Precision::Exact })
        }
        Kind::Heredoc(lines) => {
            let span = in_json(module.text(document.file)?, lines.clone(), index)?;
            Some(Found { file: document.file, span, precision: Precision::Exact })
        }
        Kind::Reference(names) => match names.as_slice() {
            [data, kind, name, result] if data == "data" && result.contains("json") => {
                let address = Address {
                    modules: Vec::new(),
                    mode: Mode::Data,
                    kind: kind.clone(),
                    name: name.clone(),
                    key: None,
                };
                let found = is_document(&address).then(|| of_data_source(module, &address, index))??;
                (found.precision == Precision::Exact).then_some(found)
            }
            _ => None,
        },
        _ => None,
    }
}

/// An element of a list, or of lists put together by `concat` as far as their lengths are known.
fn element<'m>(module: &'m Module, list: Located<&'m Node>, index: usize) -> Option<Located<&'m Node>> {
    match &list.it.kind {
        Kind::List(items) => items.get(index).map(|it| Located { file: list.file, it }),
        Kind::Object(_) if index == 0 => Some(list),
        Kind::Call { name, arguments } if name == "concat" => {
            let mut before = 0;
            for argument in arguments {
                let part = open(module, Located { file: list.file, it: argument });
                let Kind::List(items) = &part.it.kind else { return None };
                if let Some(it) = items.get(index - before) {
                    return Some(Located { file: part.file, it });
                }
                before += items.len();
            }
            None
        }
        _ => None,
    }
}
