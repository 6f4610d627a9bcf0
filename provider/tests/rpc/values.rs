//! Values of the tests: JSON by type, with one word for unknown.

use std::collections::BTreeMap;

use nhi_proto::value::Number;
use nhi_proto::{Type, Value};
use serde_json::{Map, Value as Json, json};

/// Stands for a value that is known only after apply.
pub(crate) const UNKNOWN: &str = "(known after apply)";

/// The value that `json` says; attributes that it leaves out are null.
pub(crate) fn value(json: &Json, ty: &Type) -> Value {
    match (ty, json) {
        (_, Json::Null) => Value::Null,
        (_, Json::String(text)) if text == UNKNOWN => Value::unknown(),
        (Type::String, Json::String(text)) => Value::string(text.as_str()),
        (Type::Bool, Json::Bool(truth)) => Value::Bool(*truth),
        (Type::Number, Json::Number(number)) => Value::Number(number.to_string().parse::<Number>().unwrap()),
        (Type::List(element), Json::Array(all)) => {
            Value::List(all.iter().map(|one| value(one, element)).collect())
        }
        (Type::Set(element), Json::Array(all)) => {
            Value::Set(all.iter().map(|one| value(one, element)).collect())
        }
        (Type::Map(element), Json::Object(all)) => {
            Value::Map(all.iter().map(|(key, one)| (key.clone(), value(one, element))).collect())
        }
        (Type::Object(attributes), Json::Object(all)) => {
            assert!(all.keys().all(|key| attributes.contains_key(key)), "{json} has attributes of its own");
            let one = |(name, ty): (&String, &Type)| {
                (name.clone(), value(all.get(name).unwrap_or(&Json::Null), ty))
            };
            Value::Object(attributes.iter().map(one).collect::<BTreeMap<_, _>>())
        }
        (Type::Dynamic, json) => {
            let ty = written(json);
            Value::Dynamic(Box::new(ty.clone()), Box::new(value(json, &ty)))
        }
        (Type::Tuple(types), Json::Array(all)) => {
            Value::Tuple(all.iter().zip(types).map(|(one, ty)| value(one, ty)).collect())
        }
        _ => panic!("{json} is no {ty:?}"),
    }
}

/// The type that a configuration gives to what is written in it.
fn written(json: &Json) -> Type {
    match json {
        Json::Null => Type::Dynamic,
        Json::Bool(_) => Type::Bool,
        Json::Number(_) => Type::Number,
        Json::String(_) => Type::String,
        Json::Array(all) => Type::Tuple(all.iter().map(written).collect()),
        Json::Object(all) => Type::object(all.iter().map(|(name, one)| (name.clone(), written(one)))),
    }
}

/// The value as JSON, without the attributes that are null.
pub(crate) fn shown(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Unknown(_) => json!(UNKNOWN),
        Value::Bool(truth) => json!(truth),
        Value::Number(number) => match number.to_i64() {
            Some(whole) => json!(whole),
            None => json!(number.to_exact_f64().unwrap()),
        },
        Value::String(text) => json!(text),
        Value::List(all) | Value::Set(all) | Value::Tuple(all) => all.iter().map(shown).collect(),
        Value::Map(all) => {
            all.iter().map(|(key, one)| (key.clone(), shown(one))).collect::<Map<_, _>>().into()
        }
        Value::Object(all) => {
            let known = all.iter().filter(|(_, one)| !one.is_null());
            known.map(|(name, one)| (name.clone(), shown(one))).collect::<Map<_, _>>().into()
        }
        Value::Dynamic(_, inner) => shown(inner),
    }
}
