//! Questions to attribute values, so that no adapter tells null from absent or unknown from empty by itself.

use std::collections::BTreeMap;

use nhi_analyzer_input::Value;
use nhi_analyzer_model::{AttributePath, Known, Step};

static NULL: Value = Value::Null;

/// The attribute of an object; `Null` where there is none. Everything inside an unknown object is unknown.
pub(crate) fn get<'v>(value: &'v Value, name: &str) -> &'v Value {
    match value {
        Value::Object(map) => map.get(name).unwrap_or(&NULL),
        Value::Unknown | Value::Sensitive(_) => value,
        _ => &NULL,
    }
}

/// The first block of a nested block list, or the nested object itself.
pub(crate) fn block(value: &Value) -> &Value {
    match value {
        Value::List(items) => items.first().unwrap_or(&NULL),
        other => other,
    }
}

/// A text that is there and not empty.
pub(crate) fn text(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text),
        _ => None,
    }
}

/// Null, an empty text, an empty list and an empty object all say nothing.
pub(crate) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::List(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

/// Equal where null and empty are the same thing.
pub(crate) fn same(one: &Value, other: &Value) -> bool {
    one == other || (is_empty(one) && is_empty(other))
}

/// A text with its state: an empty one is none, a masked one is not known here.
pub(crate) fn known_text(value: &Value) -> Known<Option<String>> {
    match value {
        Value::String(text) if !text.is_empty() => Known::Is(Some(text.clone())),
        Value::Number(digits) => Known::Is(Some(digits.clone())),
        Value::Unknown | Value::Sensitive(_) => Known::Unknown,
        _ => Known::Is(None),
    }
}

/// A name: unknown as long as there is none.
pub(crate) fn known_name(value: &Value) -> Known<String> {
    match value {
        Value::String(text) if !text.is_empty() => Known::Is(text.clone()),
        _ => Known::Unknown,
    }
}

/// A list of texts; one unknown element makes it unknown.
pub(crate) fn known_texts(value: &Value) -> Known<Vec<String>> {
    match value {
        Value::Unknown | Value::Sensitive(_) => Known::Unknown,
        Value::List(items) => {
            let mut texts = Vec::with_capacity(items.len());
            for item in items {
                match item {
                    Value::String(text) | Value::Number(text) => texts.push(text.clone()),
                    Value::Unknown | Value::Sensitive(_) => return Known::Unknown,
                    _ => {}
                }
            }
            Known::Is(texts)
        }
        Value::String(text) => Known::Is(vec![text.clone()]),
        _ => Known::Is(Vec::new()),
    }
}

/// A map of texts; one unknown element makes it unknown.
pub(crate) fn known_map(value: &Value) -> Known<BTreeMap<String, String>> {
    match value {
        Value::Unknown | Value::Sensitive(_) => Known::Unknown,
        Value::Object(entries) => {
            let mut map = BTreeMap::new();
            for (key, entry) in entries {
                match entry {
                    Value::String(text) | Value::Number(text) => {
                        map.insert(key.clone(), text.clone());
                    }
                    Value::Unknown | Value::Sensitive(_) => return Known::Unknown,
                    _ => {}
                }
            }
            Known::Is(map)
        }
        _ => Known::Is(BTreeMap::new()),
    }
}

/// The elements of a list; a lone value is a list of one.
pub(crate) fn items(value: &Value) -> &[Value] {
    match value {
        Value::List(items) => items,
        Value::Null => &[],
        other => std::slice::from_ref(other),
    }
}

/// A path of one attribute.
pub(crate) fn path(name: &str) -> AttributePath {
    AttributePath(vec![Step::Name(name.to_owned())])
}

/// A path of an attribute, an index in it, and perhaps an attribute of that element.
pub(crate) fn element(name: &str, index: usize, inner: Option<&str>) -> AttributePath {
    let mut steps = vec![Step::Name(name.to_owned()), Step::Index(index)];
    steps.extend(inner.map(|inner| Step::Name(inner.to_owned())));
    AttributePath(steps)
}
