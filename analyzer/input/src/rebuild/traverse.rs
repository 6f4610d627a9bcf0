//! Attributes, indices and splats of values.

use std::rc::Rc;

use hcl_edit::Decorated;
use hcl_edit::expr::TraversalOperator;
use nhi_analyzer_model::{AttributePath, Step};

use super::Rebuilder;
use super::convert::to_number;
use super::error::RebuildError;
use super::evaluate::Outcome;
use super::operate::known_key;
use super::plan::hole;
use super::scope::Frame;
use super::value::{Hole, Kind, Value};

impl Rebuilder<'_, '_, '_> {
    /// Follows operators into a value.
    pub(super) fn follow(
        &self,
        mut value: Value,
        operators: &[Decorated<TraversalOperator>],
        frame: Frame<'_>,
    ) -> Outcome {
        let mut operators = operators.iter();
        while let Some(operator) = operators.next() {
            value = match operator.value() {
                TraversalOperator::GetAttr(name) => self.attribute(&value, name.as_str())?,
                TraversalOperator::Index(key) => {
                    let key = self.eval(key, frame)?;
                    self.element(value, &key)?
                }
                TraversalOperator::LegacyIndex(index) => {
                    let index = usize::try_from(*index.value()).unwrap_or(usize::MAX);
                    self.element(value, &Value::number(index))?
                }
                TraversalOperator::FullSplat(_) => {
                    return self.splat(&value, operators.as_slice(), frame);
                }
                TraversalOperator::AttrSplat(_) => {
                    let rest = operators.as_slice();
                    let names =
                        rest.iter().take_while(|next| matches!(next.value(), TraversalOperator::GetAttr(_)));
                    let (inside, behind) = rest.split_at(names.count());
                    let value = self.splat(&value, inside, frame)?;
                    return self.follow(value, behind, frame);
                }
            };
        }
        Ok(value)
    }

    fn splat(&self, value: &Value, rest: &[Decorated<TraversalOperator>], frame: Frame<'_>) -> Outcome {
        match value {
            Value::Null => Ok(Value::tuple(Vec::new())),
            Value::List(list) => {
                let mut items = Vec::new();
                for item in list.items.iter() {
                    self.spend(1)?;
                    items.push(match item {
                        Value::Spread(hole) => Value::Spread(self.derived_hole(
                            format!("{}[*]{}", hole.text, self.path_text(rest)),
                            std::slice::from_ref(item),
                        )),
                        item => self.follow(item.clone(), rest, frame)?,
                    });
                }
                Ok(Value::loose(Kind::Tuple, list.exact && list.kind != Kind::Set, items))
            }
            Value::Hole(hole) => {
                let text = format!("{}[*]{}", hole.text, self.path_text(rest));
                Ok(self.derived(text, std::slice::from_ref(value)))
            }
            other => Ok(Value::tuple(vec![self.follow(other.clone(), rest, frame)?])),
        }
    }

    /// What follows a splat, as text; like no other where an index in it is computed.
    fn path_text(&self, rest: &[Decorated<TraversalOperator>]) -> String {
        let mut text = String::new();
        for operator in rest {
            match operator.value() {
                TraversalOperator::GetAttr(name) => text.extend([".", name.as_str()]),
                TraversalOperator::LegacyIndex(index) => text.extend([".", &index.value().to_string()]),
                _ => text.extend(["[…] (#", &self.serial().to_string(), ")"]),
            }
        }
        text
    }

    /// The attribute of an object.
    pub(super) fn attribute(&self, value: &Value, name: &str) -> Outcome {
        match value {
            Value::Object(object) => match object.entries.get(name) {
                Some(value) => Ok(value.clone()),
                None => Err(RebuildError::fails(format!("there is no `{name}` in it"))),
            },
            Value::Hole(hole) => Ok(Value::Hole(self.part(hole, Step::Name(name.to_owned())))),
            // A block that may come once is a list in the plan, and HCL of old let it be read as an object.
            other => Err(RebuildError::fails(format!("{} has no `{name}`", other.word()))),
        }
    }

    /// The element of a collection.
    pub(super) fn element(&self, value: Value, key: &Value) -> Outcome {
        match (&value, key) {
            (_, Value::Null) => Err(RebuildError::fails("an index is null")),
            (Value::Object(_), _) => match known_key(key)? {
                Some(name) => self.attribute(&value, &name),
                None => Ok(self.lost(value, key)),
            },
            (Value::List(list), _) if list.kind == Kind::Set => {
                Err(RebuildError::fails("a set has no index"))
            }
            (Value::List(list), _) => match to_number(key.clone())? {
                Value::Number(index) if list.is_exact() => {
                    let item = index.index().and_then(|index| list.items.get(index));
                    item.cloned().ok_or_else(|| RebuildError::fails(format!("there is no element {index}")))
                }
                _ => Ok(self.lost(value, key)),
            },
            (Value::Hole(hole), Value::Number(index)) => match index.index() {
                Some(index) => Ok(Value::Hole(self.part(hole, Step::Index(index)))),
                None => Err(RebuildError::fails(format!("{index} is no index"))),
            },
            (Value::Hole(hole), Value::Text(text)) => match text.known() {
                Some(name) => Ok(Value::Hole(self.part(hole, Step::Name(name.to_owned())))),
                None => Ok(self.lost(value, key)),
            },
            (Value::Hole(_), _) => Ok(self.lost(value, key)),
            (other, _) => Err(RebuildError::fails(format!("{} has no elements", other.word()))),
        }
    }

    fn lost(&self, value: Value, key: &Value) -> Value {
        let operands = [value, key.clone()];
        self.derived(self.call_text("index", &operands), &operands)
    }

    /// A part of an unknown value.
    fn part(&self, whole: &Rc<Hole>, step: Step) -> Rc<Hole> {
        self.work.consumed.set(self.work.consumed.get() + 1);
        match &whole.of {
            Some((address, path)) => {
                let mut path = path.clone();
                path.0.push(step);
                hole(address, &path, whole.sensitive)
            }
            None if whole.sensitive => Rc::clone(whole),
            None => {
                let path = AttributePath(vec![step]).to_string();
                let dot = if path.starts_with('[') { "" } else { "." };
                let text = format!("{}{dot}{path}", whole.text);
                Rc::new(Hole { text, of: None, sensitive: false })
            }
        }
    }
}
