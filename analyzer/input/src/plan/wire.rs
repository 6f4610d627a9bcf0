//! The shapes of the JSON itself, as far as we read it; unknown keys are skipped, known ones may not come twice.

use std::borrow::Cow;

use nhi_analyzer_model::{Address, AddressError};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::change::StateResource;
use crate::borrowed::Text;
use crate::configuration::wire::{Configuration, Names};

/// The top of a plan, everything typed: the quick way through a plan that is as it should be.
#[derive(Deserialize)]
pub(super) struct Document<'a> {
    #[serde(borrow, default)]
    pub(super) format_version: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) terraform_version: Option<Text<'a>>,
    #[serde(default)]
    pub(super) complete: Option<bool>,
    #[serde(default)]
    pub(super) errored: Option<bool>,
    #[serde(borrow, default)]
    pub(super) resource_changes: Option<Vec<Entry<'a>>>,
    #[serde(borrow, default)]
    pub(super) deferred_changes: Option<Vec<Deferred<'a>>>,
    #[serde(borrow, default)]
    pub(super) resource_drift: Option<Vec<Entry<'a>>>,
    #[serde(borrow, default)]
    pub(super) prior_state: Option<State<'a>>,
    #[serde(borrow, default)]
    pub(super) configuration: Option<Configuration<'a>>,
    #[serde(borrow, default)]
    pub(super) planned_values: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) variables: Option<Names<'a, Variable<'a>>>,
}

/// An element of `variables`.
#[derive(Deserialize)]
pub(crate) struct Variable<'a> {
    #[serde(borrow, default)]
    pub(crate) value: Option<Hidden<'a>>,
}

/// The top of a plan, nothing typed: the way in when some part is not as it should be.
#[derive(Deserialize)]
pub(super) struct Parts<'a> {
    #[serde(borrow, default)]
    pub(super) format_version: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) terraform_version: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) complete: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) errored: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) resource_changes: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) deferred_changes: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) resource_drift: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) prior_state: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) configuration: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) planned_values: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) variables: Option<&'a RawValue>,
}

/// An element of `resource_changes` or `resource_drift`.
#[derive(Deserialize)]
pub(super) struct Entry<'a> {
    #[serde(borrow)]
    pub(super) address: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(super) previous_address: Option<Text<'a>>,
    #[serde(borrow, default, rename = "type")]
    pub(super) kind: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) deposed: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) provider_name: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) action_reason: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) change: Body<'a>,
}

/// The `change` of an entry.
#[derive(Deserialize)]
pub(super) struct Body<'a> {
    #[serde(borrow)]
    pub(super) actions: Vec<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) before: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) after: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) after_unknown: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) before_sensitive: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) after_sensitive: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) replace_paths: Option<&'a RawValue>,
    #[serde(borrow, default)]
    pub(super) importing: Option<&'a RawValue>,
}

/// An element of `deferred_changes`.
#[derive(Deserialize)]
pub(super) struct Deferred<'a> {
    #[serde(borrow, default)]
    pub(super) reason: Option<Text<'a>>,
    #[serde(borrow)]
    pub(super) resource_change: Entry<'a>,
}

/// `prior_state`.
#[derive(Deserialize)]
pub(super) struct State<'a> {
    #[serde(borrow, default)]
    pub(super) values: Option<StateValues<'a>>,
}

/// Its `values`.
#[derive(Deserialize)]
pub(super) struct StateValues<'a> {
    #[serde(borrow, default)]
    pub(super) root_module: Option<StateModule<'a>>,
}

/// A module of a state; its children carry whole addresses.
#[derive(Deserialize)]
pub(super) struct StateModule<'a> {
    #[serde(borrow, default)]
    pub(super) resources: Option<Vec<StateEntry<'a>>>,
    #[serde(borrow, default)]
    pub(super) child_modules: Option<Vec<StateModule<'a>>>,
}

/// A resource of a state.
#[derive(Debug, Deserialize)]
pub(super) struct StateEntry<'a> {
    #[serde(borrow)]
    pub(super) address: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(super) mode: Option<Text<'a>>,
    #[serde(borrow, default, rename = "type")]
    pub(super) kind: Option<Text<'a>>,
    #[serde(borrow, default)]
    pub(super) values: Option<Hidden<'a>>,
    #[serde(borrow, default)]
    pub(super) sensitive_values: Option<Hidden<'a>>,
}

/// A text that never shows itself, since it may hold secrets.
#[derive(Clone, Copy, Deserialize)]
#[serde(transparent)]
pub(crate) struct Hidden<'a>(#[serde(borrow)] pub(crate) &'a RawValue);

impl std::fmt::Debug for Hidden<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

impl<'a> StateEntry<'a> {
    /// The resource with its address read.
    pub(super) fn resource(&self) -> Result<StateResource<'a>, AddressError> {
        Ok(StateResource {
            address: self.address.parse::<Address>()?,
            values: self.values.map(|text| text.0),
            sensitive: self.sensitive_values.map(|text| text.0),
        })
    }

    pub(super) fn is_data(&self) -> bool {
        match &self.mode {
            Some(mode) => &**mode == "data",
            None => self.address.contains("data."),
        }
    }
}
