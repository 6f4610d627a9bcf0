//! `count` and `for_each`: which instances a block has.

use hcl_edit::structure::Block;
use nhi_analyzer_model::Key;

use super::Rebuilder;
use super::convert::to_number;
use super::error::RebuildError;
use super::evaluate::Outcome;
use super::operate::known_key;
use super::scope::{Frame, Scope};
use super::source::{At, attribute};
use super::value::{Kind, Value};

/// The instances of a block.
pub(super) enum Repetition {
    /// It is not repeated.
    Single,
    /// So many.
    Count(usize),
    /// These.
    Each(Vec<String>),
    /// Repeated, over something unknown.
    Unknown,
}

impl Repetition {
    /// The instance that an index means; `None` where it is unknown.
    pub(super) fn key(&self, index: &Value) -> Result<Option<Key>, RebuildError> {
        let none = |key: &str| RebuildError::fails(format!("there is no instance `{key}`"));
        match (self, index) {
            (_, Value::Hole(_)) => Ok(None),
            (Self::Each(keys), _) => match known_key(index)? {
                Some(key) if keys.contains(&key) => Ok(Some(Key::Text(key))),
                Some(key) => Err(none(&key)),
                None => Ok(None),
            },
            (Self::Count(count), _) => match to_number(index.clone())? {
                Value::Number(number) => match number.index().filter(|index| index < count) {
                    Some(index) => Ok(i64::try_from(index).ok().map(Key::Int)),
                    None => Err(none(&number.to_string())),
                },
                _ => Ok(None),
            },
            (_, Value::Number(number)) => {
                Ok(number.index().and_then(|index| i64::try_from(index).ok()).map(Key::Int))
            }
            (_, index) => Ok(known_key(index)?.map(Key::Text)),
        }
    }
}

impl Rebuilder<'_, '_, '_> {
    /// What a block with these parts is repeated over.
    pub(super) fn repetition(
        &self,
        blocks: &[At<&Block>],
        scope: &Scope,
        owner: &str,
    ) -> Result<Repetition, RebuildError> {
        if let Some(at) = attribute(blocks, "count") {
            let count = self
                .named(format!("{owner} (count)"), || self.eval(at.it, Frame::of(scope).within(at.file)))?;
            return Ok(match to_number(count)? {
                Value::Number(number) => {
                    Repetition::Count(number.index().filter(|count| *count <= 100_000).ok_or(
                        RebuildError::TooMuch("a block is repeated more than a hundred thousand times"),
                    )?)
                }
                _ => Repetition::Unknown,
            });
        }
        if attribute(blocks, "for_each").is_none() {
            return Ok(Repetition::Single);
        }
        Ok(match self.collection(blocks, scope, owner)? {
            Value::Object(object) => Repetition::Each(object.entries.keys().cloned().collect()),
            Value::List(list) => {
                let keys: Option<Vec<String>> = list.items.iter().map(|item| known_key(item).ok()?).collect();
                keys.map_or(Repetition::Unknown, Repetition::Each)
            }
            _ => Repetition::Unknown,
        })
    }

    fn collection(&self, blocks: &[At<&Block>], scope: &Scope, owner: &str) -> Outcome {
        let missing = || RebuildError::fails("there is no `for_each` here");
        let at = attribute(blocks, "for_each").ok_or_else(missing)?;
        self.named(format!("{owner} (for_each)"), || self.eval(at.it, Frame::of(scope).within(at.file)))
    }

    /// `each.key` and `each.value`.
    pub(super) fn each_part(&self, part: &str, frame: Frame<'_>) -> Outcome {
        let missing = || RebuildError::fails("there is no `each` here");
        let each = frame.each.ok_or_else(missing)?;
        let Some(Key::Text(key)) = &each.key else { return Err(missing()) };
        match part {
            "key" => Ok(Value::from(key.as_str())),
            "value" => match self.collection(&each.blocks, frame.scope, &each.owner)? {
                Value::Object(object) => object
                    .entries
                    .get(key)
                    .cloned()
                    .ok_or_else(|| RebuildError::fails(format!("`for_each` has no `{key}`"))),
                Value::List(list) if list.kind == Kind::Set => Ok(Value::from(key.as_str())),
                value @ Value::Hole(_) => self.element(value, &Value::from(key.as_str())),
                other => Err(RebuildError::fails(format!("`for_each` runs over {}", other.word()))),
            },
            _ => Err(missing()),
        }
    }
}
