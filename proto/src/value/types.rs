//! The types of the protocol and their JSON spelling.

use std::collections::BTreeMap;

use serde_json::Value as Json;
use thiserror::Error;

/// Types nest no deeper than this; what claims more is refused before it can exhaust the stack.
const DEEPEST: usize = 64;

/// The type of a value. Codecs follow it; nothing is guessed from bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// `true` or `false`.
    Bool,
    /// A decimal number of any size.
    Number,
    /// Unicode text.
    String,
    /// Any type, told by each value itself.
    Dynamic,
    /// Ordered elements of one type.
    List(Box<Type>),
    /// Distinct elements of one type, without order.
    Set(Box<Type>),
    /// Elements of one type under text keys.
    Map(Box<Type>),
    /// Named attributes, each of its own type.
    Object(BTreeMap<String, Type>),
    /// A fixed number of elements, each of its own type.
    Tuple(Vec<Type>),
}

/// Why a text is not a type.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TypeError {
    /// The bytes are no JSON.
    #[error("a type must be JSON: {0}")]
    NotJson(String),
    /// JSON, but none of the type forms.
    #[error("`{0}` is not a type")]
    Unknown(String),
    /// Nested beyond what any schema uses.
    #[error("a type nests deeper than {DEEPEST} levels")]
    TooDeep,
}

impl Type {
    /// A list of `element`.
    pub fn list(element: Self) -> Self {
        Self::List(Box::new(element))
    }

    /// A set of `element`.
    pub fn set(element: Self) -> Self {
        Self::Set(Box::new(element))
    }

    /// A map to `element`.
    pub fn map(element: Self) -> Self {
        Self::Map(Box::new(element))
    }

    /// An object with these attributes.
    pub fn object<N: Into<String>>(attributes: impl IntoIterator<Item = (N, Self)>) -> Self {
        Self::Object(attributes.into_iter().map(|(name, ty)| (name.into(), ty)).collect())
    }

    /// Whether a part of it takes any type.
    pub fn has_dynamic(&self) -> bool {
        match self {
            Self::Dynamic => true,
            Self::Bool | Self::Number | Self::String => false,
            Self::List(element) | Self::Set(element) | Self::Map(element) => element.has_dynamic(),
            Self::Object(attributes) => attributes.values().any(Self::has_dynamic),
            Self::Tuple(elements) => elements.iter().any(Self::has_dynamic),
        }
    }

    /// What a value of it is, in one or two words for a message.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Bool => "a bool",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Dynamic => "a value with its type",
            Self::List(_) => "a list",
            Self::Set(_) => "a set",
            Self::Map(_) => "a map",
            Self::Object(_) => "an object",
            Self::Tuple(_) => "a tuple",
        }
    }

    /// The spelling that schemas and dynamic values carry.
    pub fn to_json(&self) -> Json {
        let collection = |kind: &str, element: &Self| Json::from(vec![Json::from(kind), element.to_json()]);
        match self {
            Self::Bool => Json::from("bool"),
            Self::Number => Json::from("number"),
            Self::String => Json::from("string"),
            Self::Dynamic => Json::from("dynamic"),
            Self::List(element) => collection("list", element),
            Self::Set(element) => collection("set", element),
            Self::Map(element) => collection("map", element),
            Self::Object(attributes) => {
                let attributes = attributes.iter().map(|(name, ty)| (name.clone(), ty.to_json()));
                Json::from(vec![Json::from("object"), Json::Object(attributes.collect())])
            }
            Self::Tuple(elements) => {
                let elements: Vec<Json> = elements.iter().map(Self::to_json).collect();
                Json::from(vec![Json::from("tuple"), Json::from(elements)])
            }
        }
    }

    /// Reads the JSON spelling.
    pub fn from_json(bytes: &[u8]) -> Result<Self, TypeError> {
        let json = serde_json::from_slice(bytes).map_err(|error| TypeError::NotJson(error.to_string()))?;
        read(&json, DEEPEST)
    }

    /// Reads the JSON spelling, already parsed.
    pub fn from_json_value(json: &Json) -> Result<Self, TypeError> {
        read(json, DEEPEST)
    }
}

fn read(json: &Json, depth: usize) -> Result<Type, TypeError> {
    let depth = depth.checked_sub(1).ok_or(TypeError::TooDeep)?;
    let unknown = || TypeError::Unknown(json.to_string().chars().take(80).collect());
    match json {
        Json::String(name) => match name.as_str() {
            "bool" => Ok(Type::Bool),
            "number" => Ok(Type::Number),
            "string" => Ok(Type::String),
            "dynamic" => Ok(Type::Dynamic),
            _ => Err(unknown()),
        },
        Json::Array(parts) => match parts.as_slice() {
            [Json::String(kind), element] if kind == "list" => Ok(Type::list(read(element, depth)?)),
            [Json::String(kind), element] if kind == "set" => Ok(Type::set(read(element, depth)?)),
            [Json::String(kind), element] if kind == "map" => Ok(Type::map(read(element, depth)?)),
            // The optional third part names attributes that may be left out; a value always has them.
            [Json::String(kind), Json::Object(attributes)]
            | [Json::String(kind), Json::Object(attributes), Json::Array(_)]
                if kind == "object" =>
            {
                let attributes = attributes.iter().map(|(name, ty)| Ok((name.clone(), read(ty, depth)?)));
                Ok(Type::Object(attributes.collect::<Result<_, TypeError>>()?))
            }
            [Json::String(kind), Json::Array(elements)] if kind == "tuple" => {
                let elements = elements.iter().map(|ty| read(ty, depth));
                Ok(Type::Tuple(elements.collect::<Result<_, TypeError>>()?))
            }
            _ => Err(unknown()),
        },
        _ => Err(unknown()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_round_trips() {
        for text in [
            r#""bool""#,
            r#"["list","string"]"#,
            r#"["object",{"a":"number","b":["set","dynamic"]}]"#,
            r#"["tuple",["string",["map","bool"]]]"#,
        ] {
            assert_eq!(Type::from_json(text.as_bytes()).unwrap().to_json().to_string(), text);
        }
    }

    #[test]
    fn refuses_what_is_no_type() {
        for text in ["", "null", "\"text\"", "[]", "[\"list\"]", "[\"tuple\",{}]", "{}", "[\"object\",[]]"] {
            assert!(Type::from_json(text.as_bytes()).is_err(), "{text}");
        }
        let deep = format!("{}\"bool\"{}", "[\"list\",".repeat(100), "]".repeat(100));
        assert_eq!(Type::from_json(deep.as_bytes()), Err(TypeError::TooDeep));
    }
}
