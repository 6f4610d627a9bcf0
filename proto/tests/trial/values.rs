//! Values written as JSON, with `"?"` for unknown, so that cases read as data.

use std::collections::BTreeMap;

use nhi_proto::value::Strangers;
use nhi_proto::{Type, Value};
use serde_json::{Value as Json, json};

use crate::wire::tfplugin6::DynamicValue;

/// The type of `trial_thing`.
pub(crate) fn thing() -> Type {
    let text = Type::String;
    let part = Type::object([("kind", text.clone()), ("code", text.clone())]);
    let mount = Type::object([("path", text.clone()), ("mode", text.clone())]);
    Type::object([
        ("id", text.clone()),
        ("name", text.clone()),
        ("size", Type::Number),
        ("label", text.clone()),
        ("revision", Type::Number),
        ("secret", text.clone()),
        ("tags", Type::map(text.clone())),
        ("parts", Type::list(part)),
        ("mount", Type::list(mount)),
        ("extra", Type::set(Type::object([("key", text)]))),
    ])
}

/// A whole `trial_thing` with these attributes; the others are null, blocks are empty.
pub(crate) fn whole(mut some: Json) -> Json {
    let Type::Object(types) = thing() else { unreachable!() };
    let object = some.as_object_mut().unwrap();
    for name in types.keys() {
        let empty = if matches!(name.as_str(), "mount" | "extra") { json!([]) } else { Json::Null };
        object.entry(name.clone()).or_insert(empty);
    }
    some
}

fn typed(json: &Json, ty: &Type) -> Value {
    match (json, ty) {
        (Json::String(text), _) if text == "?" => Value::unknown(),
        (Json::Array(parts), Type::List(element)) => {
            Value::List(parts.iter().map(|part| typed(part, element)).collect())
        }
        (Json::Array(parts), Type::Set(element)) => {
            Value::Set(parts.iter().map(|part| typed(part, element)).collect())
        }
        (Json::Object(parts), Type::Map(element)) => {
            Value::Map(parts.iter().map(|(key, part)| (key.clone(), typed(part, element))).collect())
        }
        (Json::Object(parts), Type::Object(types)) => {
            assert!(parts.keys().all(|name| types.contains_key(name)), "{json}");
            let part = |name: &String| parts.get(name).unwrap_or(&Json::Null);
            let parts: BTreeMap<_, _> =
                types.iter().map(|(name, ty)| (name.clone(), typed(part(name), ty))).collect();
            Value::Object(parts)
        }
        (json, ty) => Value::from_json_value(json, ty, Strangers::Refuse).unwrap(),
    }
}

fn told(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Unknown(_) => json!("?"),
        Value::Bool(truth) => json!(truth),
        Value::Number(number) => serde_json::from_str(&number.to_string()).unwrap(),
        Value::String(text) => json!(text),
        Value::List(parts) | Value::Set(parts) | Value::Tuple(parts) => parts.iter().map(told).collect(),
        Value::Map(parts) | Value::Object(parts) => {
            Json::Object(parts.iter().map(|(name, part)| (name.clone(), told(part))).collect())
        }
        Value::Dynamic(_, inner) => told(inner),
    }
}

/// A value on the wire.
pub(crate) fn send(json: &Json, ty: &Type) -> DynamicValue {
    let msgpack = typed(json, ty).to_msgpack(ty).unwrap();
    DynamicValue { msgpack, json: Vec::new() }
}

/// A value from the wire; nothing at all is null.
pub(crate) fn receive(sent: Option<&DynamicValue>, ty: &Type) -> Json {
    sent.map_or(Json::Null, |sent| told(&Value::from_msgpack(&sent.msgpack, ty).unwrap()))
}
