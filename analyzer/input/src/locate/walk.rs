//! From an attribute path to the smallest expression that surely holds it.

use nhi_analyzer_model::{Origin, Precision, Step};

use super::module::{Found, Located, Module};
use super::tree::{Attribute, Block, Entry, Item, Kind, Node};

/// Attributes whose order is that of the configuration; all others may be sets, whose order is the provider's.
const ORDERED: [&str; 4] = ["statement", "Statement", "federation", "container"];

/// Definitions that lead to definitions are followed no longer than this.
const LONGEST_TRAIL: usize = 16;

/// How far a path could be followed.
pub(super) struct Reached<'m> {
    pub(super) found: Found,
    /// The expression at the end of the path, if all of it could be followed.
    pub(super) value: Option<Located<&'m Node>>,
    /// Where to go on.
    pub(super) lead: Option<Lead>,
}

/// The trail goes on in the module's caller, at the argument for one of its variables.
pub(super) struct Lead {
    variable: String,
    /// The rest of the path, to follow from the argument.
    rest: Vec<Step>,
    ordered: bool,
}

/// Follows a lead into the call it came through.
pub(super) fn argument<'m>(module: &'m Module, call: &str, lead: &Lead) -> Option<Reached<'m>> {
    let blocks = module.call(call);
    match member(&blocks, &lead.variable)? {
        Member::Attribute(Located { file, it }) => {
            let found = Found { file, span: it.span.clone(), precision: Precision::Attribute };
            Some(in_value(module, Located { file, it: &it.value }, (lead.ordered, &lead.rest), found))
        }
        Member::Blocks { .. } => None,
    }
}

/// Follows an origin's path as far as it is written out.
pub(super) fn reach<'m>(module: &'m Module, origin: &Origin) -> Option<Reached<'m>> {
    let address = &origin.address;
    let blocks = module.resource(address.mode, &address.kind, &address.name);
    let first = blocks.first()?;
    let header = Found { file: first.file, span: first.it.header.clone(), precision: Precision::Block };
    Some(in_blocks(module, &blocks, &origin.attribute.0, header))
}

/// `fallback` is the answer when the blocks do not hold the first step.
fn in_blocks<'m>(
    module: &'m Module,
    blocks: &[Located<&'m Block>],
    path: &[Step],
    fallback: Found,
) -> Reached<'m> {
    let Some((Step::Name(name), rest)) = path.split_first() else {
        return Reached { found: fallback, value: None, lead: None };
    };
    match member(blocks, name).or_else(|| untagged(name).and_then(|name| member(blocks, name))) {
        Some(Member::Attribute(attribute)) => {
            let (file, it) = (attribute.file, attribute.it);
            let found = Found { file, span: it.span.clone(), precision: Precision::Attribute };
            let ordered = ORDERED.contains(&name.as_str());
            in_value(module, Located { file, it: &it.value }, (ordered, rest), found)
        }
        Some(Member::Blocks { written, sure, dynamic }) => {
            let (index, deeper) = match rest.split_first() {
                Some((Step::Index(index), deeper)) => (*index, deeper),
                _ => (0, rest),
            };
            let ordered = ORDERED.contains(&name.as_str()) || (written.len() == 1 && dynamic.is_none());
            if let Some(block) = written.get(index).filter(|_| ordered && index < sure) {
                let whole = deeper.is_empty();
                let precision = if whole { Precision::Exact } else { Precision::Attribute };
                let span = if whole { &block.it.span } else { &block.it.header };
                let found = Found { file: block.file, span: span.clone(), precision };
                return in_blocks(module, &[Located { file: block.file, it: block.it }], deeper, found);
            }
            let only = dynamic.filter(|_| written.is_empty());
            let found = only.map_or(fallback, |block| Found {
                file: block.file,
                span: block.it.header.clone(),
                precision: Precision::Attribute,
            });
            Reached { found, value: None, lead: None }
        }
        None => Reached { found: fallback, value: None, lead: None },
    }
}

/// `tags_all` is `tags` with the provider's own; only `tags` is ever written in a resource.
fn untagged(name: &str) -> Option<&'static str> {
    (name == "tags_all").then_some("tags")
}

enum Member<'m> {
    Attribute(Located<&'m Attribute>),
    Blocks {
        written: Vec<Located<&'m Block>>,
        /// So many of them stand before any `dynamic` block, and so have the index they seem to have.
        sure: usize,
        dynamic: Option<Located<&'m Block>>,
    },
}

/// What the last block that writes `name` says of it: an override replaces, it does not add.
fn member<'m>(blocks: &[Located<&'m Block>], name: &str) -> Option<Member<'m>> {
    blocks.iter().rev().find_map(|block| {
        let file = block.file;
        if let Some(attribute) = block.it.attribute(name) {
            if generates(block.it, name) {
                return Some(Member::Blocks { written: Vec::new(), sure: 0, dynamic: None });
            }
            return Some(Member::Attribute(Located { file, it: attribute }));
        }
        let mut written = Vec::new();
        let mut sure = None;
        let mut dynamic = None;
        for item in &block.it.items {
            match item {
                Item::Block(inner) if inner.kind == name => written.push(Located { file, it: inner }),
                Item::Block(inner) if inner.kind == "dynamic" && inner.labels.iter().eq([name]) => {
                    sure = sure.or(Some(written.len()));
                    dynamic = dynamic.or(Some(Located { file, it: inner }));
                }
                _ => {}
            }
        }
        let sure = sure.unwrap_or(written.len());
        (!written.is_empty() || dynamic.is_some()).then_some(Member::Blocks { written, sure, dynamic })
    })
}

/// Whether the JSON form of a block holds a `dynamic` block of that name.
fn generates(block: &Block, name: &str) -> bool {
    let Some(dynamic) = block.attribute("dynamic") else { return false };
    let objects = match &dynamic.value.kind {
        Kind::List(list) => list.iter().collect(),
        _ => vec![&dynamic.value],
    };
    objects.into_iter().any(|object| match &object.kind {
        Kind::Object(entries) => entries.iter().any(|entry| entry.key.as_deref() == Some(name)),
        _ => false,
    })
}

/// Follows a path into an expression, whose lists may be `ordered` as they are written.
fn in_value<'m>(
    module: &'m Module,
    mut value: Located<&'m Node>,
    (mut ordered, path): (bool, &[Step]),
    mut found: Found,
) -> Reached<'m> {
    let mut path = path.iter();
    while let Some(step) = path.next() {
        let here = open(module, value);
        let next = match (step, &here.it.kind) {
            (Step::Name(key), _) => {
                ordered = ORDERED.contains(&key.as_str());
                entry(module, &here, key).map(|entry| {
                    let (file, entry) = (entry.file, entry.it);
                    found = Found { file, span: entry.span.clone(), precision: Precision::Exact };
                    Located { file, it: &entry.value }
                })
            }
            // The JSON form writes a single block as an object and several as a list.
            (Step::Index(0), Kind::Object(_)) => {
                found = Found { file: here.file, span: here.it.span.clone(), precision: Precision::Exact };
                Some(Located { file: here.file, it: here.it })
            }
            (Step::Index(index), Kind::List(list)) if ordered || list.len() == 1 => {
                list.get(*index).map(|item| {
                    found = Found { file: here.file, span: item.span.clone(), precision: Precision::Exact };
                    Located { file: here.file, it: item }
                })
            }
            _ => None,
        };
        let Some(next) = next else {
            let rest = std::iter::once(step).chain(path).cloned().collect();
            let lead = variable(here.it).map(|variable| Lead { variable, rest, ordered });
            return Reached { found, value: None, lead };
        };
        value = next;
    }
    let lead = variable(open(module, Located { file: value.file, it: value.it }).it);
    let lead = lead.map(|variable| Lead { variable, rest: Vec::new(), ordered });
    Reached { found, value: Some(value), lead }
}

/// The name of the variable that an expression is.
fn variable(node: &Node) -> Option<String> {
    match &node.kind {
        Kind::Reference(names) => match names.as_slice() {
            [first, name] if first == "var" => Some(name.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// The expression itself, behind names of locals and behind `jsonencode`.
pub(super) fn open<'m>(module: &'m Module, value: Located<&'m Node>) -> Located<&'m Node> {
    let mut value = value;
    for _ in 0..LONGEST_TRAIL {
        let next = match &value.it.kind {
            Kind::Reference(names) => match names.as_slice() {
                [first, name] if first == "local" => module.local(name),
                _ => None,
            },
            Kind::Call { name, arguments } if name == "jsonencode" => {
                arguments.first().map(|it| Located { file: value.file, it })
            }
            _ => None,
        };
        match next {
            Some(next) => value = next,
            None => break,
        }
    }
    value
}

/// An object's entry, the last of that name; in `merge`, that of the last object that has it.
pub(super) fn entry<'m>(
    module: &'m Module,
    value: &Located<&'m Node>,
    key: &str,
) -> Option<Located<&'m Entry>> {
    let mut waiting = vec![Located { file: value.file, it: value.it }];
    // `merge` may lead through locals back to itself in a configuration that never worked.
    for _ in 0..LONGEST_TRAIL * LONGEST_TRAIL {
        let here = waiting.pop()?;
        match &here.it.kind {
            Kind::Object(entries) => {
                let same = |entry: &&Entry| entry.key.as_deref() == Some(key);
                if let Some(it) = entries.iter().rev().find(same) {
                    return Some(Located { file: here.file, it });
                }
            }
            Kind::Call { name, arguments } if name == "merge" => {
                waiting.extend(
                    arguments
                        .iter()
                        .take(LONGEST_TRAIL * LONGEST_TRAIL)
                        .map(|it| open(module, Located { file: here.file, it })),
                );
            }
            _ => {}
        }
    }
    None
}
