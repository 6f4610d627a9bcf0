//! What every plan has in common: defaults, computed values, replacement.

use std::collections::{BTreeMap, BTreeSet};

use super::{Attributes, Plan};
use crate::call::Private;
use crate::path::{Path, Step};
use crate::schema::{
    Attribute, Block, BlockNesting, Nesting, OnChange, Presence, Recompute, Schema, Secrecy, Shape,
};
use crate::value::Value;

/// A plan as it is sent back.
#[derive(Debug)]
pub(crate) struct Settled {
    pub(crate) planned: Value,
    pub(crate) replaced: Vec<Path>,
    pub(crate) private: Private,
}

/// Fills in what needs no provider: defaults, and unknown for what a new object computes.
pub(crate) fn propose(schema: &Schema, mut plan: Plan) -> Plan {
    let moment = if plan.is_create() { Moment::Create } else { Moment::Before };
    let config = Some(&plan.config);
    let prior = plan.prior.as_ref();
    fill_block(&schema.block, &mut plan.planned, Sides { config, prior }, moment);
    plan
}

/// Marks what the change makes unknown, and says what it replaces.
pub(crate) fn settle(schema: &Schema, plan: Plan) -> Settled {
    let Plan { prior, config, mut planned, private, decided, decided_within, mut replaced } = plan;
    let Some(prior) = prior else {
        return Settled { planned: Value::Object(planned), replaced: Vec::new(), private };
    };
    if planned == prior {
        return Settled { planned: Value::Object(prior), replaced: Vec::new(), private };
    }
    let kept: Attributes =
        decided.iter().filter_map(|name| Some((name.clone(), planned.get(name)?.clone()))).collect();
    let sides = Sides { config: Some(&config), prior: Some(&prior) };
    fill_block(&schema.block, &mut planned, sides, Moment::Update);
    planned.extend(kept);
    for (path, value) in decided_within {
        if let Some(place) = place(&mut planned, &path) {
            *place = value;
        }
    }
    let mut found = Replacements { decided: &decided, paths: Vec::new() };
    found.block(&schema.block, &Path::root(), &planned, sides);
    replaced.retain(|path| look_up(&prior, path) != look_up(&planned, path));
    replaced.extend(found.paths);
    Settled { planned: Value::Object(planned), replaced: replaced.into_iter().collect(), private }
}

/// When computed values are looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Moment {
    /// There is no object yet: what nobody gave is unknown.
    Create,
    /// There is an object, and whether it changes is not settled.
    Before,
    /// The object changes.
    Update,
}

/// The same place in configuration and prior state; `None` where nothing corresponds to it.
#[derive(Clone, Copy)]
struct Sides<'v> {
    config: Option<&'v Attributes>,
    prior: Option<&'v Attributes>,
}

impl<'v> Sides<'v> {
    const NEITHER: Self = Self { config: None, prior: None };

    fn values(self, name: &str) -> (Option<&'v Value>, Option<&'v Value>) {
        (self.config.and_then(|all| all.get(name)), self.prior.and_then(|all| all.get(name)))
    }
}

fn sides_of<'v>(config: Option<&'v Value>, prior: Option<&'v Value>) -> Sides<'v> {
    Sides { config: config.and_then(Value::attributes), prior: prior.and_then(Value::attributes) }
}

fn fill_block(block: &Block, planned: &mut Attributes, sides: Sides<'_>, moment: Moment) {
    fill_attributes(&block.attributes, planned, sides, moment);
    for (name, nested) in &block.blocks {
        let Some(value) = planned.get_mut(name) else { continue };
        let nesting = match nested.nesting {
            BlockNesting::Single | BlockNesting::Group => Nesting::Single,
            BlockNesting::List => Nesting::List,
            BlockNesting::Set => Nesting::Set,
            BlockNesting::Map => Nesting::Map,
        };
        let (config, prior) = sides.values(name);
        each_object(nesting, value, (config, prior), &mut |object, sides| {
            fill_block(&nested.block, object, sides, moment);
        });
    }
}

fn fill_attributes(
    all: &BTreeMap<String, Attribute>,
    planned: &mut Attributes,
    sides: Sides<'_>,
    moment: Moment,
) {
    for (name, attribute) in all {
        if let Some(value) = planned.get_mut(name) {
            fill(attribute, value, sides.values(name), moment);
        }
    }
}

fn fill(attribute: &Attribute, value: &mut Value, sides: (Option<&Value>, Option<&Value>), moment: Moment) {
    let (config, prior) = sides;
    if attribute.secrecy == Secrecy::WriteOnly {
        *value = Value::Null;
        return;
    }
    // Within a set no element of the configuration corresponds: there, null is what nobody gave.
    let given = config.map_or(!value.is_null(), |config| !config.is_null());
    if !given && attribute.presence.is_computed() {
        *value = match (&attribute.default, moment, attribute.recompute) {
            (Some(default), ..) if attribute.presence == Presence::OptionalComputed => default.clone(),
            (_, Moment::Create, _) | (_, Moment::Update, Recompute::OnUpdate) => Value::unknown(),
            // Lasting values exist once their object does; a new element has none yet.
            (_, Moment::Update, Recompute::Never) if prior.is_none() && value.is_null() => Value::unknown(),
            _ => return,
        };
        return;
    }
    if let Shape::Nested(nesting, attributes) = &attribute.shape {
        each_object(*nesting, value, (config, prior), &mut |object, sides| {
            fill_attributes(attributes, object, sides, moment);
        });
    }
}

/// Visits every object in `value` with what corresponds to it on the other sides.
fn each_object(
    nesting: Nesting,
    value: &mut Value,
    sides: (Option<&Value>, Option<&Value>),
    visit: &mut dyn FnMut(&mut Attributes, Sides<'_>),
) {
    let (config, prior) = sides;
    match (nesting, value) {
        (Nesting::Single, Value::Object(object)) => visit(object, sides_of(config, prior)),
        (Nesting::List, Value::List(elements)) => {
            for (index, element) in elements.iter_mut().enumerate() {
                if let Value::Object(object) = element {
                    visit(object, sides_of(element_at(config, index), element_at(prior, index)));
                }
            }
        }
        (Nesting::Set, Value::Set(elements)) => {
            for element in elements {
                if let Value::Object(object) = element {
                    visit(object, Sides::NEITHER);
                }
            }
        }
        (Nesting::Map, Value::Map(elements)) => {
            for (key, element) in elements {
                if let Value::Object(object) = element {
                    visit(object, sides_of(element_under(config, key), element_under(prior, key)));
                }
            }
        }
        _ => {}
    }
}

/// Collects the paths whose change replaces the object.
struct Replacements<'d> {
    decided: &'d BTreeSet<String>,
    paths: Vec<Path>,
}

impl Replacements<'_> {
    fn block(&mut self, block: &Block, path: &Path, planned: &Attributes, sides: Sides<'_>) {
        self.attributes(&block.attributes, path, planned, sides);
        for (name, nested) in &block.blocks {
            let (config, prior) = sides.values(name);
            let Some(value) = planned.get(name) else { continue };
            let path = path.attribute(name);
            if nested.nesting == BlockNesting::Set {
                if Some(value) != prior && block_replaces(&nested.block) {
                    self.paths.push(path);
                }
                continue;
            }
            for (path, object, sides) in objects(value, &path, (config, prior)) {
                self.block(&nested.block, &path, object, sides);
            }
        }
    }

    fn attributes(
        &mut self,
        all: &BTreeMap<String, Attribute>,
        path: &Path,
        planned: &Attributes,
        sides: Sides<'_>,
    ) {
        for (name, attribute) in all {
            let (config, prior) = sides.values(name);
            let Some(value) = planned.get(name) else { continue };
            if prior == Some(value) || (prior.is_none() && value.is_null()) {
                continue;
            }
            // That a computed value may come out anew is no wish for another object.
            let computed = attribute.presence.is_computed() && config.is_none_or(Value::is_null);
            let decided = path.is_root() && self.decided.contains(name);
            if computed && !decided {
                continue;
            }
            let path = path.attribute(name);
            if attribute.on_change == OnChange::Replace {
                self.paths.push(path);
                continue;
            }
            match &attribute.shape {
                Shape::Nested(Nesting::Set, nested) => {
                    if nested.values().any(replaces) {
                        self.paths.push(path);
                    }
                }
                Shape::Nested(_, nested) => {
                    for (path, object, sides) in objects(value, &path, (config, prior)) {
                        self.attributes(nested, &path, object, sides);
                    }
                }
                Shape::Plain(_) => {}
            }
        }
    }
}

fn replaces(attribute: &Attribute) -> bool {
    attribute.on_change == OnChange::Replace
        || matches!(&attribute.shape, Shape::Nested(_, nested) if nested.values().any(replaces))
}

fn block_replaces(block: &Block) -> bool {
    block.attributes.values().any(replaces)
        || block.blocks.values().any(|nested| block_replaces(&nested.block))
}

/// The objects in an ordered value, each with its path and what corresponds to it.
fn objects<'v>(
    value: &'v Value,
    path: &Path,
    sides: (Option<&'v Value>, Option<&'v Value>),
) -> Vec<(Path, &'v Attributes, Sides<'v>)> {
    let (config, prior) = sides;
    match value {
        Value::Object(object) => vec![(path.clone(), object, sides_of(config, prior))],
        Value::List(elements) => {
            let found = elements.iter().enumerate().filter_map(|(index, element)| {
                let sides = sides_of(element_at(config, index), element_at(prior, index));
                Some((path.index(index), element.attributes()?, sides))
            });
            found.collect()
        }
        Value::Map(elements) => {
            let found = elements.iter().filter_map(|(key, element)| {
                let sides = sides_of(element_under(config, key), element_under(prior, key));
                Some((path.key(key), element.attributes()?, sides))
            });
            found.collect()
        }
        _ => Vec::new(),
    }
}

fn element_at(list: Option<&Value>, index: usize) -> Option<&Value> {
    match list? {
        Value::List(elements) => elements.get(index),
        _ => None,
    }
}

fn element_under<'v>(map: Option<&'v Value>, key: &str) -> Option<&'v Value> {
    match map? {
        Value::Map(elements) => elements.get(key),
        _ => None,
    }
}

/// The value at `path`, when there is one.
pub(super) fn look_up<'v>(root: &'v Attributes, path: &Path) -> Option<&'v Value> {
    let (first, rest) = path.steps().split_first()?;
    let Step::Attribute(name) = first else { return None };
    rest.iter().try_fold(root.get(name)?, |value, step| match (value, step) {
        (Value::Object(parts), Step::Attribute(name)) => parts.get(name),
        (Value::Map(parts), Step::Key(key)) => parts.get(key),
        (Value::List(parts), Step::Index(index)) => parts.get(*index),
        _ => None,
    })
}

/// The place at `path`, when there is one.
pub(super) fn place<'v>(root: &'v mut Attributes, path: &Path) -> Option<&'v mut Value> {
    let (first, rest) = path.steps().split_first()?;
    let Step::Attribute(name) = first else { return None };
    rest.iter().try_fold(root.get_mut(name)?, |value, step| match (value, step) {
        (Value::Object(parts), Step::Attribute(name)) => parts.get_mut(name),
        (Value::Map(parts), Step::Key(key)) => parts.get_mut(key),
        (Value::List(parts), Step::Index(index)) => parts.get_mut(*index),
        _ => None,
    })
}
