//! Writing values in MessagePack, as Terraform reads them.

use rmp::encode;
use unicode_normalization::UnicodeNormalization as _;

use super::{LONGEST_REFINEMENT, REFINED, broken};
use crate::path::Path;
use crate::value::order::distinct;
use crate::value::{Number, Problem, Refinements, Type, Value, ValueError};

impl Value {
    /// Writes the value as one of type `ty`; sets are written in one order whatever order they have.
    pub fn to_msgpack(&self, ty: &Type) -> Result<Vec<u8>, ValueError> {
        let mut bytes = Vec::new();
        write(&mut bytes, self, ty, &Path::root())?;
        Ok(bytes)
    }
}

fn write(out: &mut Vec<u8>, value: &Value, ty: &Type, path: &Path) -> Result<(), ValueError> {
    let failed = |problem: Problem| problem.at(path);
    match (value, ty) {
        (Value::Null, _) => encode::write_nil(out).map_err(|error| failed(broken(&error))),
        (Value::Unknown(refinements), _) => write_unknown(out, refinements.as_deref()).map_err(failed),
        (Value::Bool(truth), Type::Bool) => {
            encode::write_bool(out, *truth).map_err(|error| failed(broken(&error)))
        }
        (Value::Number(number), Type::Number) => write_number(out, number).map_err(failed),
        (Value::String(text), Type::String) => write_text(out, text).map_err(failed),
        (Value::List(parts), Type::List(element)) => {
            write_array_length(out, parts.len()).map_err(failed)?;
            let mut parts = parts.iter().enumerate();
            parts.try_for_each(|(index, part)| write(out, part, element, &path.index(index)))
        }
        (Value::Set(parts), Type::Set(element)) => {
            let parts = distinct(parts);
            write_array_length(out, parts.len()).map_err(failed)?;
            parts.into_iter().try_for_each(|part| write(out, part, element, path))
        }
        (Value::Map(parts), Type::Map(element)) => {
            write_map_length(out, parts.len()).map_err(failed)?;
            parts.iter().try_for_each(|(key, part)| {
                write_text(out, key).map_err(failed)?;
                write(out, part, element, &path.key(key))
            })
        }
        (Value::Object(parts), Type::Object(types)) => {
            if let Some(stranger) = parts.keys().find(|name| !types.contains_key(*name)) {
                return Err(failed(Problem::Stranger(stranger.clone())));
            }
            write_map_length(out, types.len()).map_err(failed)?;
            types.iter().try_for_each(|(name, ty)| {
                let part = parts.get(name).ok_or_else(|| failed(Problem::Missing(name.clone())))?;
                write_text(out, name).map_err(failed)?;
                write(out, part, ty, &path.attribute(name))
            })
        }
        (Value::Tuple(parts), Type::Tuple(types)) => {
            if parts.len() != types.len() {
                return Err(failed(Problem::Length { expected: types.len(), found: parts.len() }));
            }
            write_array_length(out, parts.len()).map_err(failed)?;
            let mut pairs = parts.iter().zip(types).enumerate();
            pairs.try_for_each(|(index, (part, ty))| write(out, part, ty, &path.index(index)))
        }
        (Value::Dynamic(ty, inner), Type::Dynamic) => {
            write_array_length(out, 2).map_err(failed)?;
            let spelling = ty.to_json().to_string();
            encode::write_bin(out, spelling.as_bytes()).map_err(|error| failed(broken(&error)))?;
            write(out, inner, ty, path)
        }
        (other, ty) => Err(failed(Problem::Mismatch { expected: ty.kind(), found: other.kind().to_owned() })),
    }
}

fn write_number(out: &mut Vec<u8>, number: &Number) -> Result<(), Problem> {
    if let Some(whole) = number.to_i64() {
        encode::write_sint(out, whole).map(drop).map_err(|error| broken(&error))
    } else if let Some(float) = number.to_exact_f64().filter(|float| float.fract() != 0.0) {
        encode::write_f64(out, float).map_err(|error| broken(&error))
    } else {
        write_text(out, &number.to_string())
    }
}

fn write_text(out: &mut Vec<u8>, text: &str) -> Result<(), Problem> {
    let written = if text.is_ascii() {
        encode::write_str(out, text)
    } else {
        encode::write_str(out, &text.nfc().collect::<String>())
    };
    written.map_err(|error| broken(&error))
}

fn write_array_length(out: &mut Vec<u8>, length: usize) -> Result<(), Problem> {
    let length = u32::try_from(length).map_err(|error| broken(&error))?;
    encode::write_array_len(out, length).map(drop).map_err(|error| broken(&error))
}

fn write_map_length(out: &mut Vec<u8>, length: usize) -> Result<(), Problem> {
    let length = u32::try_from(length).map_err(|error| broken(&error))?;
    encode::write_map_len(out, length).map(drop).map_err(|error| broken(&error))
}

fn write_unknown(out: &mut Vec<u8>, refinements: Option<&Refinements>) -> Result<(), Problem> {
    let payload = refinements.map(refinement_payload).transpose()?;
    // Terraform refuses longer ones, and unknown without refinements is always true.
    let (code, payload) = match payload.filter(|payload| payload.len() <= LONGEST_REFINEMENT) {
        Some(payload) => (REFINED, payload),
        None => (0, vec![0]),
    };
    let length = u32::try_from(payload.len()).map_err(|error| broken(&error))?;
    encode::write_ext_meta(out, length, code).map_err(|error| broken(&error))?;
    out.extend_from_slice(&payload);
    Ok(())
}

fn refinement_payload(refinements: &Refinements) -> Result<Vec<u8>, Problem> {
    let mut entries: Vec<u8> = Vec::new();
    let mut count = 0;
    let mut entry = |key: i64, write: &dyn Fn(&mut Vec<u8>) -> Result<(), Problem>| {
        count += 1;
        encode::write_sint(&mut entries, key).map_err(|error| broken(&error))?;
        write(&mut entries)
    };
    if let Some(null) = refinements.null {
        entry(1, &|out| encode::write_bool(out, null).map_err(|error| broken(&error)))?;
    }
    if let Some(prefix) = &refinements.prefix {
        entry(2, &|out| write_text(out, prefix))?;
    }
    for (key, bound) in [(3, &refinements.least), (4, &refinements.most)] {
        if let Some(bound) = bound {
            entry(key, &|out| {
                write_array_length(out, 2)?;
                write_number(out, &bound.number)?;
                encode::write_bool(out, bound.inclusive).map_err(|error| broken(&error))
            })?;
        }
    }
    for (key, length) in [(5, refinements.shortest), (6, refinements.longest)] {
        if let Some(length) = length {
            entry(key, &|out| write_number(out, &Number::from(length)))?;
        }
    }
    let mut payload = Vec::new();
    write_map_length(&mut payload, count)?;
    payload.extend(entries);
    Ok(payload)
}
