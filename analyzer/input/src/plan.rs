//! A plan as its JSON tells it: borrowed, decoded only where somebody asks.

use std::borrow::Cow;

use nhi_analyzer_model::Address;
use serde_json::value::RawValue;

use crate::configuration::Configuration;
use crate::value::Value;

/// Why a plan cannot be read at all.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {}

/// A plan.
pub struct Plan<'a> {
    /// The version of the tool that made it.
    pub terraform_version: Option<String>,
    /// `false`: parts were deferred or left out by `-target`.
    pub complete: bool,
    /// Planning stopped at an error.
    pub errored: bool,
    /// `resource_changes` and the changes inside `deferred_changes`, in order; no-ops included.
    pub changes: Vec<Change<'a>>,
    /// `resource_drift`.
    pub drift: Vec<Change<'a>>,
    /// Data sources read already (`prior_state`), by address.
    pub prior_data: Vec<StateResource<'a>>,
    /// What the configuration says, without positions.
    pub configuration: Configuration<'a>,
}

/// What a change does. Unknown action words count as an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actions {
    /// Nothing.
    NoOp,
    /// Create.
    Create,
    /// Deferred read of a data source.
    Read,
    /// Update in place.
    Update,
    /// Delete.
    Delete,
    /// Delete and create, in either order.
    Replace,
    /// Leaves the state, lives on.
    Forget,
    /// Leaves the state and lives on, while a new one is made.
    ForgetCreate,
}

/// A change of one resource instance.
pub struct Change<'a> {
    /// Where.
    pub address: Address,
    /// Where it was before a move.
    pub previous_address: Option<Address>,
    /// An object left over from a replacement.
    pub deposed: bool,
    /// The provider's source address.
    pub provider: Cow<'a, str>,
    /// What happens.
    pub actions: Actions,
    pub(crate) before: Option<&'a RawValue>,
    pub(crate) after: Option<&'a RawValue>,
    pub(crate) after_unknown: Option<&'a RawValue>,
    pub(crate) before_sensitive: Option<&'a RawValue>,
    pub(crate) after_sensitive: Option<&'a RawValue>,
}

/// A data source that was read already.
pub struct StateResource<'a> {
    /// Where.
    pub address: Address,
    pub(crate) values: Option<&'a RawValue>,
    pub(crate) sensitive: Option<&'a RawValue>,
}

impl Change<'_> {
    /// The object before, masks laid on; `Null` when there was none.
    pub fn before(&self) -> Value {
        Value::Null
    }

    /// The object after, masks and unknowns laid on; `Null` when there will be none.
    pub fn after(&self) -> Value {
        Value::Null
    }
}
