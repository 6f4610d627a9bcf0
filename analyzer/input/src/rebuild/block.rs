//! Blocks as values: attributes, nested blocks, and those that `dynamic` makes.

use std::collections::{BTreeMap, BTreeSet};

use hcl_edit::structure::{Block, Structure};

use super::Rebuilder;
use super::error::RebuildError;
use super::evaluate::Outcome;
use super::repeat::pairs;
use super::scope::{Bound, Frame};
use super::source::{At, attribute};
use super::value::{Kind, Value};

/// What Terraform reads itself and no provider sees.
const META: &[&str] =
    &["count", "for_each", "provider", "providers", "depends_on", "lifecycle", "provisioner", "connection"];

impl Rebuilder<'_, '_, '_> {
    /// An attribute of a block, or the blocks of that name in it as a list. `Null` for what is not written.
    pub(super) fn member(&self, blocks: &[At<&Block>], name: &str, frame: Frame<'_>) -> Outcome {
        if let Some(at) = attribute(blocks, name) {
            return self.eval(at.it, frame.within(at.file));
        }
        let mine = blocks.iter().rev().find(|block| holds(block.it, name));
        match mine {
            Some(block) => self.nested(block.it, name, frame.within(block.file)),
            None => Ok(Value::Null),
        }
    }

    /// All of a block.
    pub(super) fn contents(&self, blocks: &[At<&Block>], frame: Frame<'_>) -> Outcome {
        let mut names = BTreeSet::new();
        for structure in blocks.iter().flat_map(|block| block.it.body.iter()) {
            match structure {
                Structure::Attribute(attribute) => names.insert(attribute.key.as_str()),
                Structure::Block(block) => names.insert(made(block)),
            };
        }
        let mut entries = BTreeMap::new();
        for name in names.into_iter().filter(|name| !META.contains(name)) {
            entries.insert(name.to_owned(), self.member(blocks, name, frame)?);
        }
        Ok(Value::object(entries))
    }

    fn nested(&self, outer: &Block, name: &str, frame: Frame<'_>) -> Outcome {
        let mut items = Vec::new();
        for block in outer.body.blocks().filter(|block| made(block) == name) {
            self.spend(1)?;
            if block.ident.as_str() == "dynamic" {
                self.dynamic(block, name, frame, &mut items)?;
            } else {
                let at = [At { file: frame.file, it: block }];
                items.push(self.deeper(|| self.contents(&at, frame))?);
            }
        }
        Ok(Value::list(Kind::List, items))
    }

    fn dynamic(
        &self,
        block: &Block,
        name: &str,
        frame: Frame<'_>,
        items: &mut Vec<Value>,
    ) -> Result<(), RebuildError> {
        let missing = |part: &str| RebuildError::fails(format!("a `dynamic` block has no `{part}`"));
        let body = &block.body;
        let over = body.get_attribute("for_each").ok_or_else(|| missing("for_each"))?;
        let content = body.get_blocks("content").next().ok_or_else(|| missing("content"))?;
        let iterator = match body.get_attribute("iterator").map(|attribute| &attribute.value) {
            Some(hcl_edit::expr::Expression::Variable(name)) => name.as_str(),
            Some(_) => return Err(RebuildError::fails("an `iterator` is no name")),
            None => name,
        };
        let collection = self.eval(&over.value, frame)?;
        let exact = match &collection {
            Value::List(list) => list.is_exact(),
            Value::Object(_) => true,
            Value::Hole(_) => {
                items.push(Value::Spread(self.opaque_hole(&over.value, frame, &[collection])));
                return Ok(());
            }
            other => return Err(RebuildError::fails(format!("`dynamic` runs over {}", other.word()))),
        };
        for (key, value) in pairs(&collection) {
            self.spend(1)?;
            if let Value::Spread(_) = value {
                items.push(Value::Spread(self.opaque_hole(&over.value, frame, &[value])));
                continue;
            }
            let key = if exact { key } else { self.opaque(&over.value, frame, &[]) };
            let parts = BTreeMap::from([("key".to_owned(), key), ("value".to_owned(), value)]);
            let bound = Bound { name: iterator, value: Value::object(parts), outer: frame.names };
            let at = [At { file: frame.file, it: content }];
            items.push(self.deeper(|| self.contents(&at, frame.binding(&bound)))?);
        }
        Ok(())
    }
}

/// The kind of block that a block is, or makes.
fn made(block: &Block) -> &str {
    match (block.ident.as_str(), block.labels.first()) {
        ("dynamic", Some(label)) => label.as_str(),
        (kind, _) => kind,
    }
}

fn holds(block: &Block, name: &str) -> bool {
    block.body.blocks().any(|inner| made(inner) == name)
}
