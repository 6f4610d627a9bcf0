//! The rules that Terraform enforces on schemas, so that a mistake shows in our tests and not at a user's.

use std::collections::BTreeMap;

use thiserror::Error;

use super::{Attribute, Block, BlockNesting, NestedBlock, Nesting, Presence, Schema, Secrecy, Shape};
use crate::path::Path;
use crate::value::{Type, Value};

/// Names that Terraform keeps for itself at the top of a resource block.
const IN_RESOURCE: [&str; 7] =
    ["connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"];

/// Names that Terraform keeps for itself in a provider block.
const IN_PROVIDER: [&str; 2] = ["alias", "version"];

/// A schema that Terraform would refuse, with the place in it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("schema, `{path}`: {rule}")]
pub struct SchemaError {
    /// The attribute or block.
    pub path: Path,
    /// What is broken there.
    pub rule: &'static str,
}

impl Schema {
    /// Checks every rule for the schema of a resource; the first that is broken is the error.
    pub fn validate(&self) -> Result<(), SchemaError> {
        self.validate_beside(&IN_RESOURCE)
    }

    /// Checks every rule for the schema of a provider block; the first that is broken is the error.
    pub fn validate_provider(&self) -> Result<(), SchemaError> {
        self.validate_beside(&IN_PROVIDER)
    }

    /// Checks every rule for the schema of an action; the first that is broken is the error.
    pub fn validate_action(&self) -> Result<(), SchemaError> {
        let computed = self.block.attributes.iter().find(|(_, one)| one.presence.is_computed());
        if let Some((name, _)) = computed {
            return Err(broken(&Path::of(name), "an action computes nothing"));
        }
        self.validate_beside(&[])
    }

    /// Checks every rule for the configuration of a list; the first that is broken is the error.
    pub fn validate_list(&self) -> Result<(), SchemaError> {
        let computed = self.block.attributes.iter().find(|(_, one)| one.presence.is_computed());
        if let Some((name, _)) = computed {
            return Err(broken(&Path::of(name), "the configuration of a list computes nothing"));
        }
        self.validate_beside(&[])
    }

    fn validate_beside(&self, reserved: &[&str]) -> Result<(), SchemaError> {
        let names = self.block.attributes.keys().chain(self.block.blocks.keys());
        if let Some(name) = names.into_iter().find(|name| reserved.contains(&name.as_str())) {
            return Err(broken(&Path::of(name), "the name is reserved by Terraform"));
        }
        block(&self.block, &Path::root(), Inside::Ordered)
    }
}

/// Whether a place lies within a set, where elements have no identity of their own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Set,
    Ordered,
}

fn broken(path: &Path, rule: &'static str) -> SchemaError {
    SchemaError { path: path.clone(), rule }
}

fn name_is_plain(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    !name.is_empty() && name.bytes().all(plain)
}

fn block(block: &Block, path: &Path, inside: Inside) -> Result<(), SchemaError> {
    attributes(&block.attributes, path, inside)?;
    for (name, nested) in &block.blocks {
        let path = path.attribute(name);
        if block.attributes.contains_key(name) {
            return Err(broken(&path, "an attribute has the same name"));
        }
        if !name_is_plain(name) {
            return Err(broken(&path, "a name consists of lower-case letters, digits and underscores"));
        }
        nested_block(nested, &path, inside)?;
    }
    Ok(())
}

fn nested_block(nested: &NestedBlock, path: &Path, inside: Inside) -> Result<(), SchemaError> {
    let (min, max) = (nested.min_items, nested.max_items);
    match nested.nesting {
        BlockNesting::Single if min != max && max != 0 || min > 1 || max > 1 => {
            return Err(broken(path, "a single block stands at most once"));
        }
        BlockNesting::Group | BlockNesting::Map if min != 0 || max != 0 => {
            return Err(broken(path, "a group or map of blocks has no count"));
        }
        BlockNesting::List | BlockNesting::Set if max != 0 && min > max => {
            return Err(broken(path, "the fewest blocks are more than the most"));
        }
        // Each block could bring another type, and no list, set or map holds several.
        BlockNesting::List | BlockNesting::Set | BlockNesting::Map
            if nested.block.value_type().has_dynamic() =>
        {
            return Err(broken(path, "a collection of blocks cannot hold values of any type"));
        }
        _ => {}
    }
    let inside = if nested.nesting == BlockNesting::Set { Inside::Set } else { inside };
    block(&nested.block, path, inside)
}

fn attributes(all: &BTreeMap<String, Attribute>, path: &Path, inside: Inside) -> Result<(), SchemaError> {
    for (name, attribute) in all {
        let path = path.attribute(name);
        if !name_is_plain(name) {
            return Err(broken(&path, "a name consists of lower-case letters, digits and underscores"));
        }
        self::attribute(attribute, &path, inside)?;
    }
    Ok(())
}

fn attribute(attribute: &Attribute, path: &Path, inside: Inside) -> Result<(), SchemaError> {
    if attribute.secrecy == Secrecy::WriteOnly {
        if inside == Inside::Set {
            return Err(broken(path, "nothing in a set can be write-only"));
        }
        if attribute.presence.is_computed() {
            return Err(broken(path, "what is write-only comes from the configuration alone"));
        }
    }
    if let Some(default) = &attribute.default {
        if attribute.presence != Presence::OptionalComputed {
            return Err(broken(path, "only an optional and computed attribute has a default"));
        }
        if !default.is_wholly_known() || default.to_msgpack(&attribute.value_type()).is_err() {
            return Err(broken(path, "the default is not a known value of the attribute's type"));
        }
    }
    match &attribute.shape {
        Shape::Plain(ty) if set_of_anything(ty) => Err(broken(path, "a set cannot hold values of any type")),
        Shape::Plain(_) => Ok(()),
        Shape::Nested(Nesting::Set, nested) => {
            if attribute.value_type().has_dynamic() {
                return Err(broken(path, "a set cannot hold values of any type"));
            }
            attributes(nested, path, Inside::Set)
        }
        Shape::Nested(_, nested) => attributes(nested, path, inside),
    }
}

/// Whether a set in `ty` would hold elements of several types, which none can.
pub(crate) fn set_of_anything(ty: &Type) -> bool {
    match ty {
        Type::Set(element) => element.has_dynamic(),
        Type::List(element) | Type::Map(element) => set_of_anything(element),
        Type::Object(attributes) => attributes.values().any(set_of_anything),
        Type::Tuple(elements) => elements.iter().any(set_of_anything),
        Type::Bool | Type::Number | Type::String | Type::Dynamic => false,
    }
}

/// The value an object has when nothing is configured: every attribute null, every collection of blocks empty.
impl Block {
    /// An object of this block with every attribute null, blocks as Terraform writes absent ones.
    pub fn empty(&self) -> Value {
        let attributes = self.attributes.keys().map(|name| (name.clone(), Value::Null));
        let blocks = self.blocks.iter().map(|(name, nested)| {
            let none = match nested.nesting {
                BlockNesting::Single => Value::Null,
                BlockNesting::Group => nested.block.empty(),
                BlockNesting::List => Value::List(vec![]),
                BlockNesting::Set => Value::Set(vec![]),
                BlockNesting::Map => Value::Map(BTreeMap::new()),
            };
            (name.clone(), none)
        });
        Value::Object(attributes.chain(blocks).collect())
    }
}
