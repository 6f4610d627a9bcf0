//! The shapes of `configuration` in the JSON. Maps keep every name once; a second entry of one name is an error.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::borrowed::Text;

/// `configuration`.
#[derive(Default, Deserialize)]
pub(crate) struct Configuration<'a> {
    #[serde(borrow, default)]
    pub(crate) provider_config: Option<Names<'a, Provider<'a>>>,
    #[serde(borrow, default)]
    pub(crate) root_module: Option<Module<'a>>,
}

/// A provider's configuration.
#[derive(Deserialize)]
pub(crate) struct Provider<'a> {
    #[serde(borrow, default)]
    pub(crate) expressions: Option<Attributes<'a>>,
}

/// Expressions by attribute, each read when somebody asks for it.
pub(crate) type Attributes<'a> = Names<'a, &'a RawValue>;

/// An expression that is a single one and never a block, as modules' inputs and outputs and repetitions are.
#[derive(Deserialize)]
pub(crate) struct Single<'a> {
    #[serde(borrow, default)]
    pub(crate) references: Option<Vec<Text<'a>>>,
}

/// A module.
#[derive(Default, Deserialize)]
pub(crate) struct Module<'a> {
    #[serde(borrow, default)]
    resources: Resources<'a>,
    #[serde(borrow, default, rename = "module_calls")]
    calls: Option<Names<'a, Call<'a>>>,
    #[serde(borrow, default)]
    outputs: Option<Names<'a, Output<'a>>>,
    #[serde(borrow, default)]
    pub(crate) variables: Option<Names<'a, Variable>>,
}

/// A declaration of a variable.
#[derive(Deserialize)]
pub(crate) struct Variable {
    #[serde(default)]
    pub(crate) sensitive: Option<bool>,
}

/// A call of a module.
#[derive(Deserialize)]
pub(crate) struct Call<'a> {
    #[serde(borrow, default)]
    pub(crate) expressions: Option<Names<'a, Single<'a>>>,
    #[serde(borrow, default)]
    pub(crate) for_each_expression: Option<Single<'a>>,
    #[serde(borrow, default)]
    pub(crate) module: Option<Module<'a>>,
}

/// An output of a module.
#[derive(Deserialize)]
pub(crate) struct Output<'a> {
    #[serde(borrow, default)]
    pub(crate) expression: Option<Single<'a>>,
}

/// A resource or data source.
#[derive(Deserialize)]
pub(crate) struct Resource<'a> {
    #[serde(borrow)]
    address: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(crate) provider_config_key: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(crate) expressions: Option<Attributes<'a>>,
    #[serde(borrow, default)]
    pub(crate) for_each_expression: Option<Single<'a>>,
}

impl<'a> Module<'a> {
    /// The resource with this address within the module.
    pub(crate) fn resource(&self, local: &str) -> Option<&Resource<'a>> {
        self.resources.0.get(local)
    }

    /// The call of this name.
    pub(crate) fn call(&self, name: &str) -> Option<&Call<'a>> {
        self.calls.as_ref()?.get(name)
    }

    /// The output of this name.
    pub(crate) fn output(&self, name: &str) -> Option<&Output<'a>> {
        self.outputs.as_ref()?.get(name)
    }

    /// Every output.
    pub(crate) fn outputs(&self) -> impl Iterator<Item = &Output<'a>> {
        self.outputs.iter().flat_map(|names| names.0.values())
    }
}

/// The resources of a module, by address.
#[derive(Default)]
struct Resources<'a>(BTreeMap<Cow<'a, str>, Resource<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for Resources<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let list = Option::<Vec<Resource<'a>>>::deserialize(deserializer)?.unwrap_or_default();
        let mut resources = BTreeMap::new();
        for resource in list {
            let address = resource.address.clone();
            if resources.insert(address, resource).is_some() {
                return Err(D::Error::custom("duplicate field `address`"));
            }
        }
        Ok(Self(resources))
    }
}

/// A map whose names are unlike each other.
pub(crate) struct Names<'a, T>(BTreeMap<String, T>, PhantomData<&'a ()>);

impl<T> Names<'_, T> {
    /// The entry of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&T> {
        self.0.get(name)
    }

    /// The entry of this name, with the name as it stands here.
    pub(crate) fn entry(&self, name: &str) -> Option<(&str, &T)> {
        self.0.get_key_value(name).map(|(name, entry)| (name.as_str(), entry))
    }

    /// Every entry.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &T)> {
        self.0.iter()
    }
}

impl<'de: 'a, 'a, T: Deserialize<'de>> Deserialize<'de> for Names<'a, T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(NamesVisitor(PhantomData))
    }
}

struct NamesVisitor<'a, T>(PhantomData<(&'a (), T)>);

impl<'de: 'a, 'a, T: Deserialize<'de>> Visitor<'de> for NamesVisitor<'a, T> {
    type Value = Names<'a, T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut names = BTreeMap::new();
        while let Some((name, entry)) = entries.next_entry::<String, T>()? {
            if names.contains_key(&name) {
                return Err(A::Error::custom(format_args!("duplicate field `{name}`")));
            }
            names.insert(name, entry);
        }
        Ok(Names(names, PhantomData))
    }
}
