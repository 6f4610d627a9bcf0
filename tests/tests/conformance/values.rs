//! Values from JSON by type: what is left out is null, `?` is unknown.

use std::collections::BTreeMap;

use nhi_proto::value::Number;
use nhi_proto::{Type, Value};
use serde_json::Value as Json;

/// The value of type `ty` that `json` says.
pub(crate) fn value(json: &Json, ty: &Type) -> Value {
    let each = |all: &[Json], ty: &Type| all.iter().map(|one| value(one, ty)).collect();
    match (ty, json) {
        (_, Json::Null) => Value::Null,
        (_, Json::String(text)) if text == "?" => Value::unknown(),
        (Type::String, Json::String(text)) => Value::string(text.as_str()),
        (Type::Bool, Json::Bool(truth)) => Value::Bool(*truth),
        (Type::Number, Json::Number(number)) => Value::Number(number.to_string().parse::<Number>().unwrap()),
        (Type::List(element), Json::Array(all)) => Value::List(each(all, element)),
        (Type::Set(element), Json::Array(all)) => Value::Set(each(all, element)),
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
        _ => panic!("{json} is no {ty:?}"),
    }
}
