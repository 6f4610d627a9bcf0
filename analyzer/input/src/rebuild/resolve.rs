//! Names: `local`, `var`, `each`, `count`, `path`, `module`, and resources.

use std::collections::BTreeMap;
use std::rc::Rc;

use hcl_edit::Decorated;
use hcl_edit::expr::{Expression, TraversalOperator};
use hcl_edit::visit::{Visit, visit_for_expr, visit_traversal};
use nhi_analyzer_model::{Address, AttributePath, Key, Mode, ModuleStep};

use super::error::RebuildError;
use super::evaluate::Outcome;
use super::repetition::Repetition;
use super::scope::{Each, Frame, Scope};
use super::source::attribute;
use super::value::{Hole, Value};
use super::{Rebuilder, convert, plan};

type Operators<'o> = &'o [Decorated<TraversalOperator>];

impl Rebuilder<'_, '_, '_> {
    /// The value of a name with what is asked of it.
    pub(super) fn traverse(
        &self,
        whole: &Expression,
        first: &str,
        operators: Operators<'_>,
        frame: Frame<'_>,
    ) -> Outcome {
        if let Some(value) = frame.name(first) {
            return self.follow(value.clone(), operators, frame);
        }
        if frame.closed {
            return Err(RebuildError::fails(format!("`{first}` is not given to the template")));
        }
        let name = self.name_of(operators.first(), frame)?;
        let rest = operators.get(1..).unwrap_or_default();
        let value = match (first, name.as_deref()) {
            ("local", Some(name)) => self.local(name, frame.scope)?,
            ("var", Some(name)) => self.variable(name, frame.scope)?,
            ("each", Some(name)) => self.each_part(name, frame)?,
            ("count", Some("index")) => match frame.each.and_then(|each| each.key.as_ref()) {
                Some(Key::Int(index)) => Value::number(usize::try_from(*index).unwrap_or_default()),
                _ => return Err(RebuildError::fails("there is no `count` here")),
            },
            ("path", Some("module")) => folder(&frame.scope.module.directory),
            ("path", Some("root")) => folder(""),
            ("path" | "terraform" | "tofu", Some(name)) => nameless(format!("{first}.{name}")),
            ("module", Some(name)) => return self.module_call(name, rest, frame),
            ("data" | "ephemeral", Some(kind)) => {
                let mode = if first == "data" { Mode::Data } else { Mode::Ephemeral };
                return self.resource(whole, (mode, kind), rest, frame);
            }
            ("resource", Some(kind)) => return self.resource(whole, (Mode::Managed, kind), rest, frame),
            (kind, Some(_)) if !matches!(kind, "self" | "count") => {
                return self.resource(whole, (Mode::Managed, kind), operators, frame);
            }
            _ => return Err(RebuildError::fails(format!("`{first}` has no value here"))),
        };
        self.follow(value, rest, frame)
    }

    fn name_of(
        &self,
        operator: Option<&Decorated<TraversalOperator>>,
        frame: Frame<'_>,
    ) -> Result<Option<String>, RebuildError> {
        Ok(match operator.map(Decorated::value) {
            Some(TraversalOperator::GetAttr(name)) => Some(name.as_str().to_owned()),
            Some(TraversalOperator::Index(key)) => match self.eval(key, frame)? {
                Value::Text(text) => text.known().map(str::to_owned),
                _ => None,
            },
            _ => None,
        })
    }

    fn local(&self, name: &str, scope: &Scope) -> Outcome {
        self.named(format!("{}local.{name}", scope.label), || {
            scope.module.sound()?;
            let blocks = scope.module.blocks("locals", &[]);
            let at =
                attribute(&blocks, name).ok_or_else(|| scope.module.missing(&format!("local.{name}")))?;
            self.eval(at.it, Frame::of(scope).within(at.file))
        })
    }

    fn variable(&self, name: &str, scope: &Scope) -> Outcome {
        let full = format!("{}var.{name}", scope.label);
        self.named(full.clone(), || {
            scope.module.sound()?;
            let blocks = scope.module.blocks("variable", &[name]);
            if blocks.is_empty() {
                return Err(scope.module.missing(&format!("var.{name}")));
            }
            let frame = Frame::of(scope);
            let flag = |word: &str| -> Result<Option<bool>, RebuildError> {
                let Some(at) = attribute(&blocks, word) else { return Ok(None) };
                super::operate::truth(&self.eval(at.it, frame.within(at.file))?)
            };
            let masked = Value::Hole(Rc::new(Hole { text: full.clone(), of: None, sensitive: true }));
            if flag("sensitive")? == Some(true) {
                return Ok(masked);
            }
            let nullable = flag("nullable")? != Some(false);
            let given = match scope.steps.split_last() {
                Some((step, outer)) => self.argument(name, step, outer)?,
                None if self.plan.configuration.is_sensitive_variable(name) => return Ok(masked),
                None => self
                    .plan
                    .variable(name)
                    .map(|value| plan::plain(&value).unwrap_or_else(|| nameless(full.clone()))),
            };
            let default = attribute(&blocks, "default");
            let value = match (given, default) {
                (Some(Value::Null) | None, Some(at)) if !nullable => {
                    self.eval(at.it, frame.within(at.file))?
                }
                (Some(value), _) => value,
                (None, Some(at)) => self.eval(at.it, frame.within(at.file))?,
                (None, None) => nameless(full.clone()),
            };
            match attribute(&blocks, "type") {
                Some(at) => {
                    let kind = self.kind(at.it, frame.within(at.file))?;
                    convert::to_kind(value, &kind)
                }
                None => Ok(value),
            }
        })
    }

    /// What the call of a module hands to one of its variables.
    fn argument(
        &self,
        name: &str,
        step: &ModuleStep,
        outer: &[ModuleStep],
    ) -> Result<Option<Value>, RebuildError> {
        let scope = self.scope(outer)?;
        scope.module.sound()?;
        let blocks = scope.module.blocks("module", &[&step.name]);
        if blocks.is_empty() {
            return Err(scope.module.missing(&format!("module.{}", step.name)));
        }
        let Some(at) = attribute(&blocks, name) else { return Ok(None) };
        let owner = format!("{}module.{}", scope.label, step.name);
        let each = Each { key: step.key.clone(), blocks, owner };
        self.eval(at.it, Frame::of(&scope).repeated(&each).within(at.file)).map(Some)
    }

    fn module_call(&self, name: &str, rest: Operators<'_>, frame: Frame<'_>) -> Outcome {
        let scope = frame.scope;
        scope.module.sound()?;
        let blocks = scope.module.blocks("module", &[name]);
        if blocks.is_empty() {
            return Err(scope.module.missing(&format!("module.{name}")));
        }
        let owner = format!("{}module.{name}", scope.label);
        let step = |key| ModuleStep { name: name.to_owned(), key };
        let inside = |key| {
            let mut steps = scope.steps.clone();
            steps.push(step(key));
            steps
        };
        let (repetition, rest) = match self.repetition(&blocks, scope, &owner)? {
            Repetition::Single => return self.outputs(&inside(None), rest, frame),
            repetition => match rest.split_first().map(|(next, rest)| (next.value(), rest)) {
                Some((TraversalOperator::Index(key), rest)) => {
                    let key = self.eval(key, frame)?;
                    if let Some(key) = repetition.key(&key)? {
                        return self.outputs(&inside(Some(key)), rest, frame);
                    }
                    let text = self.call_text(&format!("{owner}[…]"), std::slice::from_ref(&key));
                    return self.follow(self.derived(text, &[key]), rest, frame);
                }
                _ => (repetition, rest),
            },
        };
        let all = match repetition {
            Repetition::Unknown => nameless(owner),
            Repetition::Count(count) => {
                let mut items = Vec::new();
                for index in 0..count {
                    let key = i64::try_from(index).map(Key::Int).ok();
                    items.push(self.outputs(&inside(key), &[], frame)?);
                }
                Value::tuple(items)
            }
            Repetition::Each(keys) => {
                let mut entries = BTreeMap::new();
                for key in keys {
                    let outputs = self.outputs(&inside(Some(Key::Text(key.clone()))), &[], frame)?;
                    entries.insert(key, outputs);
                }
                Value::object(entries)
            }
            Repetition::Single => Value::Null,
        };
        self.follow(all, rest, frame)
    }

    /// An output of a module instance, or all of them.
    fn outputs(&self, steps: &[ModuleStep], rest: Operators<'_>, frame: Frame<'_>) -> Outcome {
        let scope = self.scope(steps)?;
        scope.module.sound()?;
        if let Some(name) = self.name_of(rest.first(), frame)? {
            let value = self.output(&name, &scope)?;
            return self.follow(value, rest.get(1..).unwrap_or_default(), frame);
        }
        let mut entries = BTreeMap::new();
        for name in scope.module.names("output") {
            let value = match self.output(&name, &scope) {
                Ok(value) => value,
                Err(error @ RebuildError::TooMuch(_)) => return Err(error),
                // Nobody may ever ask for this one.
                Err(_) => self.derived(format!("{}{name}", scope.label), &[]),
            };
            entries.insert(name, value);
        }
        self.follow(Value::object(entries), rest, frame)
    }

    fn output(&self, name: &str, scope: &Scope) -> Outcome {
        let full = format!("{}{name}", scope.label);
        self.named(format!("{full} (output)"), || {
            let blocks = scope.module.blocks("output", &[name]);
            let missing = || scope.module.missing(&full);
            let at = attribute(&blocks, "value").ok_or_else(missing)?;
            let frame = Frame::of(scope);
            if let Some(flag) = attribute(&blocks, "sensitive")
                && super::operate::truth(&self.eval(flag.it, frame.within(flag.file))?)? != Some(false)
            {
                return Ok(Value::Hole(Rc::new(Hole { text: full.clone(), of: None, sensitive: true })));
            }
            self.eval(at.it, frame.within(at.file))
        })
    }

    fn resource(
        &self,
        whole: &Expression,
        (mode, kind): (Mode, &str),
        operators: Operators<'_>,
        frame: Frame<'_>,
    ) -> Outcome {
        let scope = frame.scope;
        let Some(name) = self.name_of(operators.first(), frame)? else {
            return Err(RebuildError::fails(format!("`{kind}` is no name of a resource")));
        };
        let rest = operators.get(1..).unwrap_or_default();
        let address = Address { modules: scope.steps.clone(), mode, kind: kind.to_owned(), name, key: None };
        let word = match mode {
            Mode::Managed => "resource",
            Mode::Data => "data",
            Mode::Ephemeral => "ephemeral",
        };
        scope.module.sound()?;
        let blocks = scope.module.blocks(word, &[kind, &address.name]);
        if blocks.is_empty() {
            return Err(scope.module.missing(&address.to_string()));
        }
        if mode == Mode::Ephemeral {
            return Ok(Value::Hole(plan::hole(&address, &AttributePath::default(), true)));
        }
        let repetition = self.repetition(&blocks, scope, &address.to_string())?;
        if matches!(repetition, Repetition::Single) {
            return self.instance(&address, rest, frame);
        }
        if let Some((TraversalOperator::Index(key), rest)) =
            rest.split_first().map(|(next, rest)| (next.value(), rest))
        {
            let key = self.eval(key, frame)?;
            return match repetition.key(&key)? {
                Some(key) => self.instance(&plan::keyed(&address, key), rest, frame),
                None => Ok(self.opaque(whole, frame, &[key])),
            };
        }
        // Of all instances only what is asked of each.
        let only = match rest.split_first().map(|(next, rest)| (next.value(), rest.first())) {
            Some((TraversalOperator::FullSplat(_) | TraversalOperator::AttrSplat(_), next)) => {
                self.name_of(next, frame)?
            }
            _ => None,
        };
        let instance = |key: Key| {
            let address = plan::keyed(&address, key);
            match &only {
                Some(name) => {
                    let value = self.index.value(&address, Some(name));
                    Value::object(BTreeMap::from([(name.clone(), value)]))
                }
                None => self.index.value(&address, None),
            }
        };
        let all = match repetition {
            Repetition::Count(count) => {
                self.spend(count)?;
                Value::tuple(
                    (0..count)
                        .filter_map(|at| i64::try_from(at).ok())
                        .map(|at| instance(Key::Int(at)))
                        .collect(),
                )
            }
            Repetition::Each(keys) => {
                self.spend(keys.len())?;
                Value::object(keys.into_iter().map(|key| (key.clone(), instance(Key::Text(key)))).collect())
            }
            Repetition::Single | Repetition::Unknown => {
                Value::Hole(plan::hole(&address, &AttributePath::default(), false))
            }
        };
        self.follow(all, rest, frame)
    }

    /// An attribute of one instance, or all of it.
    fn instance(&self, address: &Address, rest: Operators<'_>, frame: Frame<'_>) -> Outcome {
        match self.name_of(rest.first(), frame)? {
            Some(name) => {
                let value = self.index.value(address, Some(&name));
                self.follow(value, rest.get(1..).unwrap_or_default(), frame)
            }
            None => self.follow(self.index.value(address, None), rest, frame),
        }
    }
}

/// A value that only Terraform knows.
fn nameless(text: String) -> Value {
    Value::Hole(Rc::new(Hole { text, of: None, sensitive: false }))
}

fn folder(directory: &str) -> Value {
    Value::from(if directory.is_empty() { "." } else { directory })
}

/// The names that an expression refers to, as the plan would list them; those bound in it are left out.
pub(super) fn names(expression: &Expression) -> Vec<String> {
    let mut found = Names { names: Vec::new(), bound: Vec::new() };
    found.visit_expr(expression);
    let Names { mut names, bound } = found;
    names.retain(|name| !bound.iter().any(|bound| name.split('.').next() == Some(bound)));
    names
}

struct Names {
    names: Vec<String>,
    bound: Vec<String>,
}

impl Visit for Names {
    fn visit_for_expr(&mut self, node: &hcl_edit::expr::ForExpr) {
        let keys = node.intro.key_var.iter().map(|name| name.as_str().to_owned());
        self.bound.extend(keys.chain([node.intro.value_var.as_str().to_owned()]));
        visit_for_expr(self, node);
    }

    fn visit_for_directive(&mut self, node: &hcl_edit::template::ForDirective) {
        let keys = node.for_expr.key_var.iter().map(|name| name.as_str().to_owned());
        self.bound.extend(keys.chain([node.for_expr.value_var.as_str().to_owned()]));
        hcl_edit::visit::visit_for_directive(self, node);
    }

    fn visit_traversal(&mut self, node: &hcl_edit::expr::Traversal) {
        if let Expression::Variable(first) = &node.expr
            && let Some(TraversalOperator::GetAttr(second)) = node.operators.first().map(Decorated::value)
        {
            let mut name = format!("{}.{}", first.as_str(), second.as_str());
            let more = match (first.as_str(), node.operators.get(1).map(Decorated::value)) {
                ("data", Some(TraversalOperator::GetAttr(third))) => Some(third),
                _ => None,
            };
            if let Some(third) = more {
                name.extend([".", third.as_str()]);
            }
            self.names.push(name);
        }
        visit_traversal(self, node);
    }
}

/// Whether two names may be one: the plan writes more of a name, or less, than stands in the sources.
pub(super) fn agree(one: &str, other: &str) -> bool {
    let begins = |long: &str, short: &str| {
        long.strip_prefix(short).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    begins(one, other) || begins(other, one)
}
