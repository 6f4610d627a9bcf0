//! Values in MessagePack, as Terraform sends them: read and written by the type of the schema.

mod write;

use std::collections::BTreeMap;

use rmp::Marker;
use rmp::decode::{self, NumValueReadError};

use super::{Bound, Number, Problem, Refinements, Type, Value, ValueError};
use crate::path::Path;

/// Values nest no deeper than this: a dynamic value inside a dynamic value can nest beyond any one type.
pub(super) const DEEPEST_VALUE: usize = 128;
/// The code of an unknown value with refinements.
const REFINED: i8 = 12;
/// Refinements longer than this are not read; the value stays unknown.
const LONGEST_REFINEMENT: usize = 1024;

impl Value {
    /// Reads one value of type `ty` that fills `bytes`.
    pub fn from_msgpack(bytes: &[u8], ty: &Type) -> Result<Self, ValueError> {
        let mut reader = Reader { rest: bytes };
        let value = reader.value(ty, &Path::root(), DEEPEST_VALUE)?;
        if reader.rest.is_empty() {
            Ok(value)
        } else {
            Err(Problem::Broken("bytes follow the value".to_owned()).at(&Path::root()))
        }
    }
}

struct Reader<'b> {
    rest: &'b [u8],
}

fn broken(error: &impl ToString) -> Problem {
    Problem::Broken(error.to_string())
}

impl<'b> Reader<'b> {
    fn value(&mut self, ty: &Type, path: &Path, depth: usize) -> Result<Value, ValueError> {
        let depth = depth.checked_sub(1).ok_or_else(|| Problem::TooDeep.at(path))?;
        let marker = self.peek().map_err(|problem| problem.at(path))?;
        if marker == Marker::Null {
            self.take(1).map_err(|problem| problem.at(path))?;
            return Ok(Value::Null);
        }
        if is_extension(marker) {
            return self.unknown().map_err(|problem| problem.at(path));
        }
        match ty {
            Type::Bool => self.bool().map_err(|problem| problem.at(path)),
            Type::Number => self.number().map(Value::Number).map_err(|problem| problem.at(path)),
            Type::String => self.text().map(Value::String).map_err(|problem| problem.at(path)),
            Type::List(element) => Ok(Value::List(self.elements(element, path, depth)?)),
            Type::Set(element) => Ok(Value::Set(self.elements(element, path, depth)?)),
            Type::Map(element) => {
                let count = self.map_length().map_err(|problem| problem.at(path))?;
                let mut parts = BTreeMap::new();
                for _ in 0..count {
                    let key = self.text().map_err(|problem| problem.at(path))?;
                    let part = self.value(element, &path.key(&key), depth)?;
                    parts.insert(key, part);
                }
                Ok(Value::Map(parts))
            }
            Type::Object(attributes) => self.object(attributes, path, depth),
            Type::Tuple(types) => {
                let count = self.array_length().map_err(|problem| problem.at(path))?;
                if count != types.len() {
                    return Err(Problem::Length { expected: types.len(), found: count }.at(path));
                }
                let parts = types.iter().enumerate().map(|(i, ty)| self.value(ty, &path.index(i), depth));
                Ok(Value::Tuple(parts.collect::<Result<_, _>>()?))
            }
            Type::Dynamic => {
                let count = self.array_length().map_err(|problem| problem.at(path))?;
                if count != 2 {
                    return Err(Problem::Length { expected: 2, found: count }.at(path));
                }
                let spelling = self.bytes().map_err(|problem| problem.at(path))?;
                let ty = Type::from_json(spelling).map_err(|error| Problem::from(error).at(path))?;
                let inner = self.value(&ty, path, depth)?;
                Ok(Value::Dynamic(Box::new(ty), Box::new(inner)))
            }
        }
    }

    fn elements(&mut self, ty: &Type, path: &Path, depth: usize) -> Result<Vec<Value>, ValueError> {
        let count = self.array_length().map_err(|problem| problem.at(path))?;
        (0..count).map(|index| self.value(ty, &path.index(index), depth)).collect()
    }

    fn object(
        &mut self,
        types: &BTreeMap<String, Type>,
        path: &Path,
        depth: usize,
    ) -> Result<Value, ValueError> {
        let count = self.map_length().map_err(|problem| problem.at(path))?;
        let mut parts = BTreeMap::new();
        for _ in 0..count {
            let name = self.text().map_err(|problem| problem.at(path))?;
            let ty = types.get(&name).ok_or_else(|| Problem::Stranger(name.clone()).at(path))?;
            let part = self.value(ty, &path.attribute(&name), depth)?;
            parts.insert(name, part);
        }
        match types.keys().find(|name| !parts.contains_key(*name)) {
            Some(missing) => Err(Problem::Missing(missing.clone()).at(path)),
            None => Ok(Value::Object(parts)),
        }
    }

    fn bool(&mut self) -> Result<Value, Problem> {
        match self.peek()? {
            Marker::True | Marker::False => {
                decode::read_bool(&mut self.rest).map(Value::Bool).map_err(|error| broken(&error))
            }
            other => Err(mismatch("a bool", other)),
        }
    }

    fn number(&mut self) -> Result<Number, Problem> {
        match self.peek()? {
            Marker::F64 => {
                let float = decode::read_f64(&mut self.rest).map_err(|error| broken(&error))?;
                Ok(Number::from_f64(float)?)
            }
            Marker::F32 => {
                let float = decode::read_f32(&mut self.rest).map_err(|error| broken(&error))?;
                Ok(Number::from_f64(f64::from(float))?)
            }
            Marker::FixStr(_) | Marker::Str8 | Marker::Str16 | Marker::Str32 => Ok(self.text()?.parse()?),
            other => match decode::read_int::<i128, _>(&mut self.rest) {
                Ok(whole) => Ok(Number::from(whole)),
                Err(NumValueReadError::TypeMismatch(_)) => Err(mismatch("a number", other)),
                Err(error) => Err(broken(&error)),
            },
        }
    }

    fn text(&mut self) -> Result<String, Problem> {
        let bytes = self.bytes()?;
        std::str::from_utf8(bytes).map(str::to_owned).map_err(|error| broken(&error))
    }

    fn bytes(&mut self) -> Result<&'b [u8], Problem> {
        let length = match self.peek()? {
            Marker::FixStr(_) | Marker::Str8 | Marker::Str16 | Marker::Str32 => {
                decode::read_str_len(&mut self.rest).map_err(|error| broken(&error))?
            }
            Marker::Bin8 | Marker::Bin16 | Marker::Bin32 => {
                decode::read_bin_len(&mut self.rest).map_err(|error| broken(&error))?
            }
            other => return Err(mismatch("a string", other)),
        };
        self.take(usize::try_from(length).map_err(|error| broken(&error))?)
    }

    fn array_length(&mut self) -> Result<usize, Problem> {
        match self.peek()? {
            Marker::FixArray(_) | Marker::Array16 | Marker::Array32 => {
                let length = decode::read_array_len(&mut self.rest).map_err(|error| broken(&error))?;
                self.plausible(length)
            }
            other => Err(mismatch("a list", other)),
        }
    }

    fn map_length(&mut self) -> Result<usize, Problem> {
        match self.peek()? {
            Marker::FixMap(_) | Marker::Map16 | Marker::Map32 => {
                let length = decode::read_map_len(&mut self.rest).map_err(|error| broken(&error))?;
                self.plausible(length)
            }
            other => Err(mismatch("an object", other)),
        }
    }

    /// Each element takes a byte at least: a longer claim is a lie and need not be tried.
    fn plausible(&self, length: u32) -> Result<usize, Problem> {
        let length = usize::try_from(length).map_err(|error| broken(&error))?;
        if length > self.rest.len() {
            return Err(Problem::Broken("the value ends early".to_owned()));
        }
        Ok(length)
    }

    fn unknown(&mut self) -> Result<Value, Problem> {
        let meta = decode::read_ext_meta(&mut self.rest).map_err(|error| broken(&error))?;
        let payload = self.take(usize::try_from(meta.size).map_err(|error| broken(&error))?)?;
        if meta.typeid != REFINED || payload.len() > LONGEST_REFINEMENT {
            return Ok(Value::unknown());
        }
        // What cannot be read is not certain, and the value is unknown either way.
        let refinements = Reader { rest: payload }.refinements().unwrap_or_default();
        let certain = refinements != Refinements::default();
        Ok(Value::Unknown(certain.then(|| Box::new(refinements))))
    }

    fn refinements(&mut self) -> Result<Refinements, Problem> {
        let mut refinements = Refinements::default();
        for _ in 0..self.map_length()? {
            let key = decode::read_int::<i64, _>(&mut self.rest).map_err(|error| broken(&error))?;
            match key {
                1 => {
                    refinements.null = match self.bool()? {
                        Value::Bool(null) => Some(null),
                        _ => None,
                    }
                }
                2 => refinements.prefix = Some(self.text()?),
                3 => refinements.least = Some(self.bound()?),
                4 => refinements.most = Some(self.bound()?),
                5 => refinements.shortest = self.number()?.to_i64().and_then(|n| u64::try_from(n).ok()),
                6 => refinements.longest = self.number()?.to_i64().and_then(|n| u64::try_from(n).ok()),
                _ => return Err(Problem::Broken("a refinement of another kind".to_owned())),
            }
        }
        Ok(refinements)
    }

    fn bound(&mut self) -> Result<Bound, Problem> {
        if self.array_length()? != 2 {
            return Err(Problem::Broken("a bound is a number and a bool".to_owned()));
        }
        let number = self.number()?;
        let inclusive = self.bool()? == Value::Bool(true);
        Ok(Bound { number, inclusive })
    }

    fn peek(&self) -> Result<Marker, Problem> {
        let first = self.rest.first();
        first
            .map(|byte| Marker::from_u8(*byte))
            .ok_or_else(|| Problem::Broken("the value ends early".to_owned()))
    }

    fn take(&mut self, length: usize) -> Result<&'b [u8], Problem> {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or_else(|| Problem::Broken("the value ends early".to_owned()))?;
        self.rest = rest;
        Ok(taken)
    }
}

fn is_extension(marker: Marker) -> bool {
    use Marker::{Ext8, Ext16, Ext32, FixExt1, FixExt2, FixExt4, FixExt8, FixExt16};
    matches!(marker, FixExt1 | FixExt2 | FixExt4 | FixExt8 | FixExt16 | Ext8 | Ext16 | Ext32)
}

fn mismatch(expected: &'static str, marker: Marker) -> Problem {
    let found = match marker {
        Marker::True | Marker::False => "a bool",
        Marker::FixStr(_) | Marker::Str8 | Marker::Str16 | Marker::Str32 => "a string",
        Marker::Bin8 | Marker::Bin16 | Marker::Bin32 => "bytes",
        Marker::FixArray(_) | Marker::Array16 | Marker::Array32 => "a list",
        Marker::FixMap(_) | Marker::Map16 | Marker::Map32 => "a map",
        Marker::Reserved => "nothing that has a meaning",
        _ => "a number",
    };
    Problem::Mismatch { expected, found: found.to_owned() }
}
