//! Rebuilds values that a plan does not know from the expressions they come from: what remains unknown is named.
//!
//! The evaluator is our own rather than that of a library: those work on known values alone, and an unknown one that is
//! smuggled through them as a marker text would be looked into by `replace`, `==` or `length` without anyone noticing.
//! Here every operation says for itself what it does with an unknown operand. One that looks into it makes a new unknown
//! value, named after the whole call; so no text is ever wrong, only less known than it could be.
//!
//! An unknown text between the quotation marks of a hand-written JSON template is taken to hold none itself: a value
//! with quotation marks makes a document that no platform accepts.

mod block;
mod convert;
mod error;
mod evaluate;
mod function;
mod number;
mod operate;
mod outward;
mod plan;
mod reference;
mod render;
mod repeat;
mod repetition;
mod resolve;
mod scope;
mod source;
mod template;
mod traverse;
mod value;

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use nhi_analyzer_model::{Address, AttributePath, Mode, Step};

pub use error::RebuildError;
pub use reference::{Extent, Holed, Rebuilt, Reference, Segment};

use crate::configuration::Expression;
use crate::locate::Locator;
use crate::plan::Plan;
use crate::sources::Sources;
use crate::value::Value as Planned;
use crate::value::mask::Mask;
use scope::{Frame, Scope};
use source::Module;
use value::Value;

/// Steps of one evaluation: a node, an element, a byte of text.
const MOST_STEPS: usize = 6_000_000;
/// Steps of all evaluations together.
const MOST_STEPS_EVER: usize = 300_000_000;
/// Configuration files together, in bytes.
const MOST_BYTES: usize = 256 << 20;

/// Rebuilds values, reading a module's files when the first value in it is asked for.
pub struct Rebuilder<'p, 'a, 's> {
    plan: &'p Plan<'a>,
    sources: Option<&'s dyn Sources>,
    locator: Option<Locator<'s>>,
    index: plan::Index<'p, 'a>,
    modules: RefCell<BTreeMap<String, Rc<Module>>>,
    scopes: RefCell<BTreeMap<String, Rc<Scope>>>,
    memo: RefCell<HashMap<String, evaluate::Memo>>,
    work: Work,
}

impl std::fmt::Debug for Rebuilder<'_, '_, '_> {
    /// Values may hold secrets and are not shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rebuilder")
    }
}

/// What evaluation has used up, and what it has met.
struct Work {
    left: Cell<usize>,
    left_ever: Cell<usize>,
    bytes: Cell<usize>,
    depth: Cell<usize>,
    /// How often an unknown value was looked into.
    consumed: Cell<usize>,
    serial: Cell<usize>,
}

impl<'p, 'a, 's> Rebuilder<'p, 'a, 's> {
    /// A rebuilder that has read nothing yet. Without sources it knows constants alone.
    pub fn new(plan: &'p Plan<'a>, sources: Option<&'s dyn Sources>) -> Self {
        Self {
            plan,
            sources,
            locator: sources.map(Locator::new),
            index: plan::Index::new(plan),
            modules: RefCell::default(),
            scopes: RefCell::default(),
            memo: RefCell::default(),
            work: Work {
                left: Cell::new(MOST_STEPS),
                left_ever: Cell::new(MOST_STEPS_EVER),
                bytes: Cell::new(MOST_BYTES),
                depth: Cell::new(0),
                consumed: Cell::new(0),
                serial: Cell::new(0),
            },
        }
    }

    /// The text of an attribute.
    pub fn rebuild(&self, address: &Address, path: &AttributePath) -> Result<Rebuilt, RebuildError> {
        outward::text(&self.value(address, path)?)
    }

    /// The value of an attribute, or of a block: a block that may come several times is a list, `dynamic` ones
    /// included; attributes that are not written are left out.
    pub fn evaluate(&self, address: &Address, path: &AttributePath) -> Result<Holed, RebuildError> {
        outward::holed(&self.value(address, path)?)
    }

    fn value(&self, address: &Address, path: &AttributePath) -> Result<Value, RebuildError> {
        self.work.left.set(MOST_STEPS);
        self.work.depth.set(0);
        let masked = self.index.change(address).map(|change| Mask::read(change.after_sensitive));
        if masked.is_some_and(|mask| !mask.path(path).is_off()) {
            return Err(RebuildError::Sensitive(format!("{address}.{path}")));
        }
        let value = match self.sources {
            Some(_) => self.written(address, path)?,
            None => self.constant(address, path)?,
        };
        match value.masked() {
            Some(hole) => Err(RebuildError::Sensitive(hole.text.clone())),
            None => Ok(value),
        }
    }

    /// Names alone never tell what is done with them, so without sources only a constant is known.
    fn constant(&self, address: &Address, path: &AttributePath) -> Result<Value, RebuildError> {
        let no_source = || RebuildError::NoSource(format!("{address}.{path}"));
        match self.plan.configuration.expression(address, path) {
            Expression::Absent if self.plan.configuration.declares(address) => Ok(Value::Null),
            Expression::Constant(Planned::Sensitive(_)) => {
                Err(RebuildError::Sensitive(format!("{address}.{path}")))
            }
            Expression::Constant(value) => plan::plain(&value).ok_or_else(no_source),
            Expression::Absent | Expression::References(_) => Err(no_source()),
        }
    }

    fn written(&self, address: &Address, path: &AttributePath) -> Result<Value, RebuildError> {
        let scope = self.scope(&address.modules)?;
        scope.module.sound()?;
        let kind = match address.mode {
            Mode::Managed => "resource",
            Mode::Data => "data",
            Mode::Ephemeral => "ephemeral",
        };
        let blocks = scope.module.blocks(kind, &[&address.kind, &address.name]);
        if blocks.is_empty() {
            return Err(scope.module.missing(&address.to_string()));
        }
        let each = scope::Each {
            key: address.key.clone(),
            blocks: blocks.clone(),
            owner: plan::whole(address).to_string(),
        };
        let frame = Frame::of(&scope).repeated(&each);
        let Some((Step::Name(name), rest)) = path.0.split_first() else {
            return self.contents(&blocks, frame);
        };
        self.fresh(address, name, &blocks, frame)?;
        let value = match self.member(&blocks, name, frame)? {
            // What nobody wrote, the provider makes.
            Value::Null if source::attribute(&blocks, name).is_none() => self.made(address, name),
            value => value,
        };
        rest.iter().try_fold(value, |value, step| match step {
            Step::Name(name) => self.attribute(&value, name),
            Step::Index(index) => self.element(value, &Value::number(*index)),
        })
    }

    /// An attribute that is not written: unknown where the plan says so.
    fn made(&self, address: &Address, name: &str) -> Value {
        match self.index.change(address) {
            Some(_) => match self.index.value(address, Some(name)) {
                hole @ Value::Hole(_) => hole,
                _ => Value::Null,
            },
            None => Value::Null,
        }
    }

    /// The sources must be those of the plan: the names in an expression are the same in both.
    fn fresh(
        &self,
        address: &Address,
        name: &str,
        blocks: &[source::At<&hcl_edit::structure::Block>],
        frame: Frame<'_>,
    ) -> Result<(), RebuildError> {
        let Some(at) = source::attribute(blocks, name) else { return Ok(()) };
        let Some(told) = self.plan.configuration.names(address, name) else { return Ok(()) };
        let written = resolve::names(at.it);
        let differs = |names: &[String], others: &[String]| {
            names.iter().find(|name| !others.iter().any(|other| resolve::agree(name, other))).cloned()
        };
        match differs(&told, &written).or_else(|| differs(&written, &told)) {
            Some(name) => {
                let place = frame.scope.module.place(at.file, hcl_edit::Span::span(at.it));
                Err(RebuildError::Stale(format!("they disagree about `{name}`{place}")))
            }
            None => Ok(()),
        }
    }
}
