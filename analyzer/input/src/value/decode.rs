//! Decodes the text of a value with its masks laid on, so that no masked text ever becomes a [`Value`].

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::sync::OnceLock;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::mask::{Mask, skip};
use super::{Masked, Value};
use crate::borrowed::Text;

/// Levels of nesting that are read; what lies deeper is `Unknown`.
pub(crate) const DEEPEST: usize = 100;

/// The key under which the JSON reader hands over a number with all its digits.
const NUMBER: &str = "$serde_json::private::Number";

/// The two masks over a value.
#[derive(Clone, Copy)]
pub(crate) struct Masks<'m> {
    pub(crate) unknown: &'m Mask,
    pub(crate) sensitive: &'m Mask,
}

/// Which attributes of an object somebody asked for.
#[derive(Clone, Copy)]
pub(crate) enum Wanted<'w> {
    /// All.
    All,
    /// These.
    Only(&'w [&'w str]),
}

/// Decodes the object of a resource. What cannot be read is unknown.
pub(crate) fn decode(raw: Option<&RawValue>, masks: Masks<'_>, wanted: Wanted<'_>) -> Value {
    read(raw, masks, wanted, &Cell::new(None))
}

/// Why a part of the text cannot be read, if one cannot.
pub(crate) fn unreadable(raw: Option<&RawValue>) -> Option<&'static str> {
    let lost = Cell::new(None);
    read(raw, Masks { unknown: &Mask::Off, sensitive: &Mask::Off }, Wanted::All, &lost);
    lost.get()
}

fn read(
    raw: Option<&RawValue>,
    masks: Masks<'_>,
    wanted: Wanted<'_>,
    lost: &Cell<Option<&'static str>>,
) -> Value {
    let Some(raw) = raw else { return absent(masks.unknown) };
    let seed = Seed { masks, wanted, depth: 0, lost };
    let mut reader = serde_json::Deserializer::from_str(raw.get());
    seed.deserialize(&mut reader).unwrap_or_else(|_| {
        lost.set(Some("a text in it is not Unicode"));
        Value::Unknown
    })
}

/// Decodes a text without masks.
pub(crate) fn decode_plain(raw: &RawValue) -> Value {
    decode(Some(raw), Masks { unknown: &Mask::Off, sensitive: &Mask::Off }, Wanted::All)
}

/// What stands where the text has nothing: the parts that the mask calls unknown.
fn absent(unknown: &Mask) -> Value {
    match unknown {
        Mask::Off => Value::Null,
        Mask::On | Mask::List(_) => Value::Unknown,
        Mask::Map(map) => Value::Object(map.iter().map(|(key, mask)| (key.clone(), absent(mask))).collect()),
    }
}

/// Stands a hash in for a value: keyed anew in each run, so that it tells nothing and still compares.
fn masked(value: &Value) -> Masked {
    static KEY: OnceLock<RandomState> = OnceLock::new();
    let mut hasher = KEY.get_or_init(RandomState::new).build_hasher();
    feed(value, &mut hasher);
    Masked(hasher.finish())
}

/// Lays a mask over a value that came without one.
pub(crate) fn cover(value: Value, sensitive: &Mask) -> Value {
    match (value, sensitive) {
        (value @ Value::Null, _) | (value, Mask::Off) => value,
        (Value::List(items), Mask::List(_)) => {
            let items = items.into_iter().enumerate();
            Value::List(items.map(|(index, item)| cover(item, sensitive.at(index))).collect())
        }
        (Value::Object(map), Mask::Map(_)) => {
            let entries = map.into_iter().map(|(key, item)| {
                let item = cover(item, sensitive.get(&key));
                (key, item)
            });
            Value::Object(entries.collect())
        }
        (value, _) => Value::Sensitive(masked(&value)),
    }
}

fn feed(value: &Value, hasher: &mut impl Hasher) {
    match value {
        Value::Null | Value::Unknown => 0_u8.hash(hasher),
        Value::Bool(answer) => (1_u8, answer).hash(hasher),
        Value::Number(digits) => (2_u8, digits).hash(hasher),
        Value::String(text) => (3_u8, text).hash(hasher),
        Value::List(items) => {
            (4_u8, items.len()).hash(hasher);
            for item in items {
                feed(item, hasher);
            }
        }
        Value::Object(map) => {
            (5_u8, map.len()).hash(hasher);
            for (key, item) in map {
                key.hash(hasher);
                feed(item, hasher);
            }
        }
        Value::Sensitive(Masked(hash)) => (6_u8, hash).hash(hasher),
    }
}

fn holds_unknown(value: &Value) -> bool {
    match value {
        Value::Unknown => true,
        Value::List(items) => items.iter().any(holds_unknown),
        Value::Object(map) => map.values().any(holds_unknown),
        _ => false,
    }
}

#[derive(Clone, Copy)]
struct Seed<'m> {
    masks: Masks<'m>,
    wanted: Wanted<'m>,
    depth: usize,
    /// Where to say that a part cannot be read.
    lost: &'m Cell<Option<&'static str>>,
}

impl<'m> Seed<'m> {
    fn below(self, unknown: &'m Mask, sensitive: &'m Mask) -> Self {
        Seed {
            masks: Masks { unknown, sensitive },
            wanted: Wanted::All,
            depth: self.depth + 1,
            lost: self.lost,
        }
    }

    fn under(self, key: &str) -> Self {
        self.below(self.masks.unknown.get(key), self.masks.sensitive.get(key))
    }

    fn wants(self, key: &str) -> bool {
        match self.wanted {
            Wanted::All => true,
            Wanted::Only(names) => names.contains(&key),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        if self.depth > DEEPEST {
            self.lost.set(Some("it is nested too deep"));
            return IgnoredAny::deserialize(deserializer).map(|_| Value::Unknown);
        }
        if *self.masks.unknown == Mask::On {
            return IgnoredAny::deserialize(deserializer).map(|_| Value::Unknown);
        }
        if *self.masks.sensitive == Mask::On {
            let bare = Seed { masks: Masks { sensitive: &Mask::Off, ..self.masks }, ..self };
            let value = deserializer.deserialize_any(bare)?;
            return Ok(match value {
                Value::Null => Value::Null,
                value if holds_unknown(&value) => Value::Unknown,
                value => Value::Sensitive(masked(&value)),
            });
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, answer: bool) -> Result<Value, E> {
        Ok(Value::Bool(answer))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number.to_string()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(absent(self.masks.unknown))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        loop {
            let index = items.len();
            let below = self.below(self.masks.unknown.at(index), self.masks.sensitive.at(index));
            match seq.next_element_seed(below)? {
                Some(item) => items.push(item),
                None => break,
            }
        }
        if let Mask::List(masks) = self.masks.unknown {
            items.extend(masks.iter().skip(items.len()).map(absent));
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = BTreeMap::new();
        let mut twice = false;
        while let Some(key) = entries.next_key::<Text<'de>>()? {
            if &*key == NUMBER && map.is_empty() {
                return entries.next_value().map(Value::Number);
            }
            if !self.wants(&key) {
                skip(&mut entries)?;
                continue;
            }
            let value = entries.next_value_seed(self.under(&key))?;
            twice |= map.insert(key.0.into_owned(), value).is_some();
        }
        if twice {
            // Readers disagree which of two equal keys counts, so none of the object is known.
            self.lost.set(Some("it holds a key twice"));
            return Ok(Value::Unknown);
        }
        if let Mask::Map(masks) = self.masks.unknown {
            for (key, mask) in masks {
                if !map.contains_key(key) && self.wants(key) {
                    map.insert(key.clone(), absent(mask));
                }
            }
        }
        Ok(Value::Object(map))
    }
}
