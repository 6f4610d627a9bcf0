//! Values in JSON, as states hold them: read and written by the type of the schema.

use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use super::msgpack::DEEPEST_VALUE;
use super::order::distinct;
use super::{Problem, Type, Value, ValueError};
use crate::path::Path;

/// What to do with attributes that the schema does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strangers {
    /// They are an error.
    Refuse,
    /// They are left out: state may still hold what an older schema had.
    Leave,
}

impl Value {
    /// Reads one value of type `ty`; attributes that are missing are null.
    pub fn from_json(bytes: &[u8], ty: &Type, strangers: Strangers) -> Result<Self, ValueError> {
        let json = serde_json::from_slice(bytes)
            .map_err(|error| Problem::Broken(error.to_string()).at(&Path::root()))?;
        Self::from_json_value(&json, ty, strangers)
    }

    /// Reads one value of type `ty` from JSON that is already parsed.
    pub fn from_json_value(json: &Json, ty: &Type, strangers: Strangers) -> Result<Self, ValueError> {
        Reader { strangers }.value(json, ty, &Path::root(), DEEPEST_VALUE)
    }

    /// Writes the value as JSON; what is unknown cannot be written.
    pub fn to_json(&self, ty: &Type) -> Result<Json, ValueError> {
        write(self, ty, &Path::root())
    }
}

struct Reader {
    strangers: Strangers,
}

impl Reader {
    fn value(&self, json: &Json, ty: &Type, path: &Path, depth: usize) -> Result<Value, ValueError> {
        let depth = depth.checked_sub(1).ok_or_else(|| Problem::TooDeep.at(path))?;
        match (ty, json) {
            (_, Json::Null) => Ok(Value::Null),
            (Type::Bool, Json::Bool(truth)) => Ok(Value::Bool(*truth)),
            (Type::Number, Json::Number(number)) => self.number(&number.to_string(), path),
            // Numbers beyond a float are written as text by some cores.
            (Type::Number, Json::String(text)) => self.number(text, path),
            (Type::String, Json::String(text)) => Ok(Value::String(text.clone())),
            (Type::List(element), Json::Array(parts)) => {
                Ok(Value::List(self.elements(parts, element, path, depth)?))
            }
            (Type::Set(element), Json::Array(parts)) => {
                Ok(Value::Set(self.elements(parts, element, path, depth)?))
            }
            (Type::Map(element), Json::Object(parts)) => {
                let read = |(key, part): (&String, &Json)| {
                    Ok((key.clone(), self.value(part, element, &path.key(key), depth)?))
                };
                Ok(Value::Map(parts.iter().map(read).collect::<Result<_, ValueError>>()?))
            }
            (Type::Object(types), Json::Object(parts)) => self.object(parts, types, path, depth),
            (Type::Tuple(types), Json::Array(parts)) => {
                if parts.len() != types.len() {
                    return Err(Problem::Length { expected: types.len(), found: parts.len() }.at(path));
                }
                let pairs = parts.iter().zip(types).enumerate();
                let read = pairs.map(|(i, (part, ty))| self.value(part, ty, &path.index(i), depth));
                Ok(Value::Tuple(read.collect::<Result<_, _>>()?))
            }
            (Type::Dynamic, Json::Object(parts)) => {
                let part =
                    |name: &str| parts.get(name).ok_or_else(|| Problem::Missing(name.to_owned()).at(path));
                let ty =
                    Type::from_json_value(part("type")?).map_err(|error| Problem::from(error).at(path))?;
                let inner = self.value(part("value")?, &ty, path, depth)?;
                Ok(Value::Dynamic(Box::new(ty), Box::new(inner)))
            }
            (ty, other) => {
                let found = match other {
                    Json::Null => "null",
                    Json::Bool(_) => "a bool",
                    Json::Number(_) => "a number",
                    Json::String(_) => "a string",
                    Json::Array(_) => "a list",
                    Json::Object(_) => "an object",
                };
                Err(Problem::Mismatch { expected: ty.kind(), found: found.to_owned() }.at(path))
            }
        }
    }

    #[expect(clippy::unused_self, reason = "stands beside its siblings")]
    fn number(&self, text: &str, path: &Path) -> Result<Value, ValueError> {
        text.parse().map(Value::Number).map_err(|error| Problem::Number(error).at(path))
    }

    fn elements(
        &self,
        parts: &[Json],
        ty: &Type,
        path: &Path,
        depth: usize,
    ) -> Result<Vec<Value>, ValueError> {
        parts.iter().enumerate().map(|(i, part)| self.value(part, ty, &path.index(i), depth)).collect()
    }

    fn object(
        &self,
        parts: &Map<String, Json>,
        types: &BTreeMap<String, Type>,
        path: &Path,
        depth: usize,
    ) -> Result<Value, ValueError> {
        if self.strangers == Strangers::Refuse
            && let Some(stranger) = parts.keys().find(|name| !types.contains_key(*name))
        {
            return Err(Problem::Stranger(stranger.clone()).at(path));
        }
        let read = |(name, ty): (&String, &Type)| {
            let part = parts.get(name).unwrap_or(&Json::Null);
            Ok((name.clone(), self.value(part, ty, &path.attribute(name), depth)?))
        };
        Ok(Value::Object(types.iter().map(read).collect::<Result<_, ValueError>>()?))
    }
}

fn write(value: &Value, ty: &Type, path: &Path) -> Result<Json, ValueError> {
    match (value, ty) {
        (Value::Null, _) => Ok(Json::Null),
        (Value::Unknown(_), _) => Err(Problem::Unknown.at(path)),
        (Value::Bool(truth), Type::Bool) => Ok(Json::Bool(*truth)),
        (Value::Number(number), Type::Number) => number
            .to_string()
            .parse::<serde_json::Number>()
            .map(Json::Number)
            .map_err(|error| Problem::Broken(error.to_string()).at(path)),
        (Value::String(text), Type::String) => Ok(Json::from(text.as_str())),
        (Value::List(parts), Type::List(element)) => {
            let parts = parts.iter().enumerate().map(|(i, part)| write(part, element, &path.index(i)));
            Ok(Json::Array(parts.collect::<Result<_, _>>()?))
        }
        (Value::Set(parts), Type::Set(element)) => {
            let parts = distinct(parts).into_iter().map(|part| write(part, element, path));
            Ok(Json::Array(parts.collect::<Result<_, _>>()?))
        }
        (Value::Map(parts), Type::Map(element)) => {
            let parts =
                parts.iter().map(|(key, part)| Ok((key.clone(), write(part, element, &path.key(key))?)));
            Ok(Json::Object(parts.collect::<Result<_, ValueError>>()?))
        }
        (Value::Object(parts), Type::Object(types)) => {
            if let Some(stranger) = parts.keys().find(|name| !types.contains_key(*name)) {
                return Err(Problem::Stranger(stranger.clone()).at(path));
            }
            let attribute = |(name, ty): (&String, &Type)| {
                let part = parts.get(name).ok_or_else(|| Problem::Missing(name.clone()).at(path))?;
                Ok((name.clone(), write(part, ty, &path.attribute(name))?))
            };
            Ok(Json::Object(types.iter().map(attribute).collect::<Result<_, ValueError>>()?))
        }
        (Value::Tuple(parts), Type::Tuple(types)) if parts.len() == types.len() => {
            let pairs = parts.iter().zip(types).enumerate();
            let parts = pairs.map(|(i, (part, ty))| write(part, ty, &path.index(i)));
            Ok(Json::Array(parts.collect::<Result<_, _>>()?))
        }
        (Value::Dynamic(ty, inner), Type::Dynamic) => {
            let mut parts = Map::new();
            parts.insert("value".to_owned(), write(inner, ty, path)?);
            parts.insert("type".to_owned(), ty.to_json());
            Ok(Json::Object(parts))
        }
        (other, ty) => {
            Err(Problem::Mismatch { expected: ty.kind(), found: other.kind().to_owned() }.at(path))
        }
    }
}
