//! Masks of a plan (`after_unknown`, `before_sensitive`, `after_sensitive`): `true`, `false`, or nested in parallel.

use std::collections::BTreeMap;
use std::fmt;

use nhi_analyzer_model::{AttributePath, Step};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// A mask, with every part that holds no `true` folded into `Off`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Mask {
    /// Nothing here or below.
    #[default]
    Off,
    /// All of it.
    On,
    /// By index.
    List(Vec<Mask>),
    /// By key.
    Map(BTreeMap<String, Mask>),
}

static OFF: Mask = Mask::Off;
static ON: Mask = Mask::On;

impl Mask {
    /// Reads a mask. One that cannot be read covers everything.
    pub(crate) fn read(raw: Option<&RawValue>) -> Self {
        match raw.map(RawValue::get) {
            None | Some("{}" | "false" | "null" | "[]") => Self::Off,
            Some(text) => serde_json::from_str(text).unwrap_or(Self::On),
        }
    }

    pub(crate) fn is_off(&self) -> bool {
        matches!(self, Self::Off)
    }

    /// The mask at the end of a path.
    pub(crate) fn path(&self, path: &AttributePath) -> &Self {
        path.0.iter().fold(self, |mask, step| match step {
            Step::Name(name) => mask.get(name),
            Step::Index(index) => mask.at(*index),
        })
    }

    /// The mask of an element. A mask of another shape covers every element.
    pub(crate) fn at(&self, index: usize) -> &Self {
        match self {
            Self::Off => &OFF,
            Self::On | Self::Map(_) => &ON,
            Self::List(items) => items.get(index).unwrap_or(&OFF),
        }
    }

    /// The mask of an entry. A mask of another shape covers every entry.
    pub(crate) fn get(&self, key: &str) -> &Self {
        match self {
            Self::Off => &OFF,
            Self::On | Self::List(_) => &ON,
            Self::Map(map) => map.get(key).unwrap_or(&OFF),
        }
    }
}

impl<'de> Deserialize<'de> for Mask {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MaskVisitor)
    }
}

struct MaskVisitor;

impl<'de> Visitor<'de> for MaskVisitor {
    type Value = Mask;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mask")
    }

    fn visit_bool<E>(self, on: bool) -> Result<Mask, E> {
        Ok(if on { Mask::On } else { Mask::Off })
    }

    fn visit_unit<E>(self) -> Result<Mask, E> {
        Ok(Mask::Off)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Mask, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element::<Mask>()? {
            items.push(item);
        }
        Ok(if items.iter().all(Mask::is_off) { Mask::Off } else { Mask::List(items) })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Mask, A::Error> {
        let mut map = BTreeMap::new();
        while let Some((key, mask)) = entries.next_entry::<String, Mask>()? {
            // Of two masks for one key either may be meant, so the key is covered.
            if map.insert(key.clone(), mask).is_some() {
                map.insert(key, Mask::On);
            }
        }
        map.retain(|_, mask| !mask.is_off());
        Ok(if map.is_empty() { Mask::Off } else { Mask::Map(map) })
    }
}

/// Skips a value without looking at it; `IgnoredAny` never recurses.
pub(crate) fn skip<'de, A: MapAccess<'de>>(entries: &mut A) -> Result<(), A::Error> {
    entries.next_value::<IgnoredAny>().map(drop)
}
