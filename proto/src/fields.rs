//! Between values and Rust types: decode with good paths, encode without guessing.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::path::Path;
use crate::value::{Number, Value};

/// A value with its state: what a configuration or a plan can hold at one place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Field<T> {
    /// Absent.
    #[default]
    Null,
    /// Not known yet.
    Unknown,
    /// Known.
    Known(T),
}

impl<T> Field<T> {
    /// The value, when known and not null.
    pub fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// The value itself, when known and not null.
    pub fn into_known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// Whether it is known to be absent.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Whether it is not known yet.
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// The same state around another value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Field<U> {
        match self {
            Self::Null => Field::Null,
            Self::Unknown => Field::Unknown,
            Self::Known(value) => Field::Known(f(value)),
        }
    }
}

/// A Rust type that can be read from a value.
///
/// Plain types refuse null and unknown with a diagnostic; `Option` takes null, [`Field`] takes both.
pub trait FromValue: Sized {
    /// Reads `value`, which stands at `path`.
    fn from_value(value: &Value, path: &Path) -> Result<Self, Diagnostics>;
}

/// A Rust type that can be written as a value.
pub trait ToValue {
    /// The value; it must conform to the schema of the place it goes to.
    fn to_value(&self) -> Value;
}

/// The attributes of one object, read by name.
#[derive(Debug, Clone)]
pub struct Fields<'v> {
    values: &'v BTreeMap<String, Value>,
    path: Path,
}

impl<'v> Fields<'v> {
    /// The attributes of the object `value` at `path`; null and unknown objects are refused.
    pub fn of(value: &'v Value, path: &Path) -> Result<Self, Diagnostics> {
        match value {
            Value::Object(values) => Ok(Self { values, path: path.clone() }),
            other => Err(mismatch("an object", other, path)),
        }
    }

    pub(crate) fn at_root(values: &'v BTreeMap<String, Value>) -> Self {
        Self { values, path: Path::root() }
    }

    /// Reads one attribute; its Rust type says which states it may have.
    pub fn get<T: FromValue>(&self, name: &str) -> Result<T, Diagnostics> {
        T::from_value(self.value(name)?, &self.path(name))
    }

    /// One attribute as it is.
    pub fn value(&self, name: &str) -> Result<&'v Value, Diagnostics> {
        self.values.get(name).ok_or_else(|| {
            Diagnostic::internal(format!("The schema has no attribute `{name}` here."))
                .at(self.path.clone())
                .into()
        })
    }

    /// All of them, as an object to build on.
    pub fn to_object(&self) -> Object {
        Object { attributes: self.values.clone() }
    }

    /// The path of one attribute, for diagnostics.
    pub fn path(&self, name: &str) -> Path {
        self.path.attribute(name)
    }
}

/// Builds an object attribute by attribute.
#[derive(Debug, Clone, Default)]
pub struct Object {
    attributes: BTreeMap<String, Value>,
}

impl Object {
    /// No attribute yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// This object with one more attribute.
    #[must_use]
    pub fn with(mut self, name: &str, value: &(impl ToValue + ?Sized)) -> Self {
        self.attributes.insert(name.to_owned(), value.to_value());
        self
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(object.attributes)
    }
}

fn mismatch(expected: &str, found: &Value, path: &Path) -> Diagnostics {
    let diagnostic = match found {
        Value::Null => {
            Diagnostic::error("Missing value", format!("Here {expected} is needed, and there is none."))
        }
        Value::Unknown(_) => Diagnostic::error(
            "Value not known yet",
            format!("Here {expected} is needed, and its value is known only after apply."),
        ),
        other => Diagnostic::internal(format!("Expected {expected} here, found {}.", other.kind())),
    };
    diagnostic.at(path.clone()).into()
}

impl FromValue for Value {
    fn from_value(value: &Value, _: &Path) -> Result<Self, Diagnostics> {
        Ok(value.clone())
    }
}

impl FromValue for String {
    fn from_value(value: &Value, path: &Path) -> Result<Self, Diagnostics> {
        match value {
            Value::String(text) => Ok(text.clone()),
            other => Err(mismatch("text", other, path)),
        }
    }
}

impl FromValue for bool {
    fn from_value(value: &Value, path: &Path) -> Result<Self, Diagnostics> {
        match value {
            Value::Bool(truth) => Ok(*truth),
            other => Err(mismatch("`true` or `false`", other, path)),
        }
    }
}

impl FromValue for Number {
    fn from_value(value: &Value, path: &Path) -> Result<Self, Diagnostics> {
        match value {
            Value::Number(number) => Ok(number.clone()),
            other => Err(mismatch("a number", other, path)),
        }
    }
}

impl FromValue for i64 {
    fn from_value(value: &Value, path: &Path) -> Result<Self, Diagnostics> {
        let number = Number::from_value(value, path)?;
        number.to_i64().ok_or_else(|| {
            let detail = format!("Here a whole number within 64 bits is needed, not {number}.");
            Diagnostic::error("Not a whole number", detail).at(path.clone()).into()
        })
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value, path: &Path) -> Result<Self, Diagnostics> {
        if value.is_null() { Ok(None) } else { T::from_value(value, path).map(Some) }
    }
}

impl<T: FromValue> FromValue for Field<T> {
    fn from_value(value: &Value, path: &Path) -> Result<Self, Diagnostics> {
        match value {
            Value::Null => Ok(Self::Null),
            Value::Unknown(_) => Ok(Self::Unknown),
            other => T::from_value(other, path).map(Self::Known),
        }
    }
}

impl<T: FromValue> FromValue for Vec<T> {
    fn from_value(value: &Value, path: &Path) -> Result<Self, Diagnostics> {
        match value {
            Value::List(parts) | Value::Tuple(parts) => parts
                .iter()
                .enumerate()
                .map(|(index, part)| T::from_value(part, &path.index(index)))
                .collect(),
            // Elements of a set have no address: the set's stands for them.
            Value::Set(parts) => parts.iter().map(|part| T::from_value(part, path)).collect(),
            other => Err(mismatch("a list", other, path)),
        }
    }
}

impl<T: FromValue + Ord> FromValue for BTreeSet<T> {
    fn from_value(value: &Value, path: &Path) -> Result<Self, Diagnostics> {
        match value {
            Value::Set(parts) => parts.iter().map(|part| T::from_value(part, path)).collect(),
            other => Err(mismatch("a set", other, path)),
        }
    }
}

impl<T: FromValue> FromValue for BTreeMap<String, T> {
    fn from_value(value: &Value, path: &Path) -> Result<Self, Diagnostics> {
        match value {
            Value::Map(parts) => {
                let read =
                    |(key, part): (&String, &Value)| Ok((key.clone(), T::from_value(part, &path.key(key))?));
                parts.iter().map(read).collect()
            }
            other => Err(mismatch("a map", other, path)),
        }
    }
}

impl ToValue for Value {
    fn to_value(&self) -> Value {
        self.clone()
    }
}

impl ToValue for str {
    fn to_value(&self) -> Value {
        Value::string(self)
    }
}

impl ToValue for String {
    fn to_value(&self) -> Value {
        Value::string(self.as_str())
    }
}

impl ToValue for bool {
    fn to_value(&self) -> Value {
        Value::Bool(*self)
    }
}

impl ToValue for Number {
    fn to_value(&self) -> Value {
        Value::Number(self.clone())
    }
}

impl ToValue for i64 {
    fn to_value(&self) -> Value {
        Value::Number(Number::from(*self))
    }
}

impl ToValue for Object {
    fn to_value(&self) -> Value {
        self.clone().into()
    }
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, ToValue::to_value)
    }
}

impl<T: ToValue> ToValue for Field<T> {
    fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Unknown => Value::unknown(),
            Self::Known(value) => value.to_value(),
        }
    }
}

impl<T: ToValue> ToValue for Vec<T> {
    fn to_value(&self) -> Value {
        Value::List(self.iter().map(ToValue::to_value).collect())
    }
}

impl<T: ToValue> ToValue for BTreeSet<T> {
    fn to_value(&self) -> Value {
        Value::Set(self.iter().map(ToValue::to_value).collect())
    }
}

impl<T: ToValue> ToValue for BTreeMap<String, T> {
    fn to_value(&self) -> Value {
        Value::Map(self.iter().map(|(key, part)| (key.clone(), part.to_value())).collect())
    }
}
