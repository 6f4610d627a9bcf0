//! Evaluates an expression.

use std::collections::BTreeMap;
use std::rc::Rc;

use hcl_edit::Span as _;
use hcl_edit::expr::{Conditional, Expression, FuncCall, ObjectKey};

use super::error::RebuildError;
use super::number::Number;
use super::render::render;
use super::scope::Frame;
use super::value::{Hole, Value};
use super::{Rebuilder, operate};

pub(super) type Outcome = Result<Value, RebuildError>;

/// How deep expressions and the names in them may lead, each step of both counted.
const DEEPEST: usize = 220;

/// A name that was evaluated before, or is being evaluated.
#[derive(Clone)]
pub(super) enum Memo {
    Running,
    Done(Outcome, usize),
}

impl Rebuilder<'_, '_, '_> {
    /// Pays for work.
    pub(super) fn spend(&self, steps: usize) -> Result<(), RebuildError> {
        let pay = |purse: &std::cell::Cell<usize>| {
            let left = purse.get().checked_sub(steps)?;
            purse.set(left);
            Some(())
        };
        pay(&self.work.left)
            .and_then(|()| pay(&self.work.left_ever))
            .ok_or(RebuildError::TooMuch("the expression grows without bounds"))
    }

    /// Goes one level down.
    pub(super) fn deeper<T>(
        &self,
        inside: impl FnOnce() -> Result<T, RebuildError>,
    ) -> Result<T, RebuildError> {
        let depth = self.work.depth.get();
        if depth >= DEEPEST {
            return Err(RebuildError::TooMuch("the expression and the names in it are nested too deep"));
        }
        self.work.depth.set(depth + 1);
        let outcome = inside();
        self.work.depth.set(depth);
        outcome
    }

    /// Evaluates what a name stands for, once.
    pub(super) fn named(&self, name: String, inside: impl FnOnce() -> Outcome) -> Outcome {
        let known = self.memo.borrow().get(&name).cloned();
        match known {
            Some(Memo::Running) => return Err(RebuildError::Cycle(name)),
            Some(Memo::Done(outcome, consumed)) => {
                self.work.consumed.set(self.work.consumed.get() + consumed);
                return outcome;
            }
            None => {}
        }
        self.memo.borrow_mut().insert(name.clone(), Memo::Running);
        let before = self.work.consumed.get();
        let outcome = self.deeper(inside);
        // How much work is left depends on who asks first, so that answer is not kept.
        if matches!(outcome, Err(RebuildError::TooMuch(_) | RebuildError::Cycle(_))) {
            self.memo.borrow_mut().remove(&name);
        } else {
            let consumed = self.work.consumed.get() - before;
            self.memo.borrow_mut().insert(name, Memo::Done(outcome.clone(), consumed));
        }
        outcome
    }

    /// The unknown value that a call makes of unknown values.
    pub(super) fn derived(&self, text: String, from: &[Value]) -> Value {
        Value::Hole(self.derived_hole(text, from))
    }

    pub(super) fn derived_hole(&self, text: String, from: &[Value]) -> Rc<Hole> {
        self.work.consumed.set(self.work.consumed.get() + 1);
        if let Some(hole) = from.iter().find_map(Value::masked) {
            return Rc::new(Hole { of: None, ..Hole::clone(hole) });
        }
        Rc::new(Hole { text, of: None, sensitive: false })
    }

    /// An unknown value like no other: what it is made of cannot be told from its text.
    pub(super) fn opaque(&self, expression: &Expression, frame: Frame<'_>, from: &[Value]) -> Value {
        Value::Hole(self.opaque_hole(expression, frame, from))
    }

    pub(super) fn opaque_hole(&self, expression: &Expression, frame: Frame<'_>, from: &[Value]) -> Rc<Hole> {
        let serial = self.serial();
        let module = &frame.scope.module;
        let excerpt = module.excerpt(frame.at(expression));
        let place = module.place(frame.file, expression.span());
        self.derived_hole(format!("{}{excerpt}{place} (#{serial})", frame.scope.label), from)
    }

    pub(super) fn serial(&self) -> usize {
        self.work.serial.set(self.work.serial.get() + 1);
        self.work.serial.get()
    }

    /// A rendering that stands for the values exactly, or, where they are too long for that, like no other.
    pub(super) fn call_text(&self, name: &str, arguments: &[Value]) -> String {
        let rendered: Option<Vec<String>> = arguments.iter().map(render).collect();
        match rendered.map(|all| all.join(", ")) {
            Some(all) if all.len() <= 600 => format!("{name}({all})"),
            _ => format!("{name}(…) (#{})", self.serial()),
        }
    }

    /// The value of an expression.
    pub(super) fn eval(&self, expression: &Expression, frame: Frame<'_>) -> Outcome {
        self.spend(1)?;
        let outcome = self.deeper(|| self.eval_kind(expression, frame));
        outcome.map_err(|error| match error {
            RebuildError::Fails { problem, place } if place.is_empty() => RebuildError::Fails {
                problem,
                place: frame.scope.module.place(frame.file, expression.span()),
            },
            error => error,
        })
    }

    fn eval_kind(&self, expression: &Expression, frame: Frame<'_>) -> Outcome {
        match expression {
            Expression::Null(_) => Ok(Value::Null),
            Expression::Bool(answer) => Ok(Value::Bool(*answer.value())),
            Expression::Number(number) => {
                let text = number.value().to_string();
                // The parser keeps some numbers as floats, which hold fewer digits than were written.
                match Number::parse(&text).filter(|_| text.len() <= 15 || !number.value().is_f64()) {
                    Some(number) => Ok(Value::Number(number)),
                    None => Err(RebuildError::fails(format!("the number `{text}` is not read exactly"))),
                }
            }
            Expression::String(text) => {
                self.spend(text.len())?;
                Ok(Value::from(text.as_str()))
            }
            Expression::Array(array) => {
                let items: Result<Vec<Value>, _> = array.iter().map(|item| self.eval(item, frame)).collect();
                Ok(Value::tuple(items?))
            }
            Expression::Object(object) => self.object(expression, object, frame),
            Expression::StringTemplate(template) => self.quoted(template, frame),
            Expression::HeredocTemplate(heredoc) => self.heredoc(&heredoc.template, frame),
            Expression::Parenthesis(inner) => self.eval(inner.inner(), frame),
            Expression::Variable(name) => self.traverse(expression, name.as_str(), &[], frame),
            Expression::Traversal(traversal) => match &traversal.expr {
                Expression::Variable(name) => {
                    self.traverse(expression, name.as_str(), &traversal.operators, frame)
                }
                other => {
                    let value = self.eval(other, frame)?;
                    self.follow(value, &traversal.operators, frame)
                }
            },
            Expression::Conditional(conditional) => self.conditional(conditional, frame),
            Expression::FuncCall(call) => self.call(expression, call, frame),
            Expression::UnaryOp(operation) => {
                let operand = self.eval(&operation.expr, frame)?;
                operate::unary(self, *operation.operator.value(), operand)
            }
            Expression::BinaryOp(operation) => {
                let left = self.eval(&operation.lhs_expr, frame)?;
                let right = self.eval(&operation.rhs_expr, frame)?;
                operate::binary(self, *operation.operator.value(), left, right)
            }
            Expression::ForExpr(repeat) => self.repeat(expression, repeat, frame),
        }
    }

    fn object(&self, whole: &Expression, object: &hcl_edit::expr::Object, frame: Frame<'_>) -> Outcome {
        let mut entries = BTreeMap::new();
        let mut lost = Vec::new();
        for (key, value) in object {
            let value = self.eval(value.expr(), frame)?;
            let key = match key {
                ObjectKey::Ident(name) => Value::from(name.as_str()),
                ObjectKey::Expression(key) => match key {
                    // A bare name is the name itself, as everywhere in HCL.
                    Expression::Variable(name) => Value::from(name.as_str()),
                    key => self.eval(key, frame)?,
                },
            };
            if let Some(name) = operate::known_key(&key)? {
                entries.insert(name, value);
            } else {
                lost.extend([key, value]);
            }
        }
        if lost.is_empty() {
            return Ok(Value::object(entries));
        }
        lost.extend(entries.into_values());
        Ok(self.opaque(whole, frame, &lost))
    }

    fn conditional(&self, conditional: &Conditional, frame: Frame<'_>) -> Outcome {
        let condition = self.eval(&conditional.cond_expr, frame)?;
        let Some(answer) = operate::truth(&condition)? else {
            let one = self.eval(&conditional.true_expr, frame)?;
            let two = self.eval(&conditional.false_expr, frame)?;
            let all = [condition, one, two];
            let text = self.call_text("if", &all);
            return Ok(self.derived(text, &all));
        };
        let (chosen, other) = if answer {
            (&conditional.true_expr, &conditional.false_expr)
        } else {
            (&conditional.false_expr, &conditional.true_expr)
        };
        let value = self.eval(chosen, frame)?;
        // The other branch only has a say in the type, and may well have no value at all.
        let consumed = self.work.consumed.get();
        let other = self.eval(other, frame);
        self.work.consumed.set(consumed);
        match other {
            Ok(other) => Ok(super::convert::alike(value, &other)),
            Err(error @ RebuildError::TooMuch(_)) => Err(error),
            Err(_) => Ok(value),
        }
    }

    fn call(&self, expression: &Expression, call: &FuncCall, frame: Frame<'_>) -> Outcome {
        let name = call.name.name.as_str();
        if !call.name.is_namespaced() && matches!(name, "try" | "can") {
            return self.attempt(expression, name, call, frame);
        }
        let mut arguments = Vec::new();
        for argument in &call.args {
            arguments.push(self.eval(argument, frame)?);
        }
        if call.args.expand_final()
            && let Some(last) = arguments.pop()
        {
            match &last {
                Value::List(list) if list.is_exact() => arguments.extend(list.items.iter().cloned()),
                Value::List(_) | Value::Hole(_) => {
                    arguments.push(last);
                    return Ok(self.opaque(expression, frame, &arguments));
                }
                other => {
                    return Err(RebuildError::fails(format!("`...` needs a list, not {}", other.word())));
                }
            }
        }
        if call.name.is_namespaced() {
            return Ok(self.opaque(expression, frame, &arguments));
        }
        self.function(name, arguments, frame)
    }

    /// `try` and `can`. Where an unknown value was looked into, whether it fails is unknown too.
    fn attempt(&self, whole: &Expression, name: &str, call: &FuncCall, frame: Frame<'_>) -> Outcome {
        let mut last = None;
        for argument in &call.args {
            let before = self.work.consumed.get();
            let outcome = self.eval(argument, frame);
            if let Err(
                error @ (RebuildError::TooMuch(_) | RebuildError::Cycle(_) | RebuildError::Sensitive(_)),
            ) = outcome
            {
                return Err(error);
            }
            if self.work.consumed.get() != before {
                return Ok(self.opaque(whole, frame, &outcome.into_iter().collect::<Vec<_>>()));
            }
            match (outcome, name) {
                (Ok(_), "can") => return Ok(Value::Bool(true)),
                (Ok(value), _) => return Ok(value),
                (Err(_), "can") => return Ok(Value::Bool(false)),
                (Err(error), _) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(|| RebuildError::fails("`try` has nothing to try")))
    }
}
