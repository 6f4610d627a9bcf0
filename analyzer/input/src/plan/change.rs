//! One change: what happens, and the two objects with their masks, decoded when asked for.

use std::borrow::Cow;
use std::fmt;

use nhi_analyzer_model::{Address, AddressError, AttributePath, Step};
use serde_json::value::RawValue;

use super::wire::Entry;
use crate::value::Value;
use crate::value::decode::{Masks, Wanted, decode, decode_plain, unreadable};
use crate::value::mask::Mask;

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

impl Actions {
    /// Reads action words as a set: order and repetition say nothing.
    pub(super) fn of<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let mut set: Vec<&str> = words.into_iter().collect();
        set.sort_unstable();
        set.dedup();
        match set.as_slice() {
            ["no-op"] => Self::NoOp,
            ["create"] => Self::Create,
            ["read"] => Self::Read,
            ["delete"] => Self::Delete,
            ["create", "delete"] => Self::Replace,
            ["forget"] => Self::Forget,
            ["create", "forget"] => Self::ForgetCreate,
            _ => Self::Update,
        }
    }
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
    /// Why Terraform does it, as a word for display (`replace_because_cannot_update`).
    pub action_reason: Option<Cow<'a, str>>,
    /// Why it is deferred to a later plan; `None`: it is not.
    pub deferred: Option<Cow<'a, str>>,
    /// It exists already and enters the state with this plan.
    pub importing: bool,
    /// The addresses as written: where it is, and where it was.
    pub(super) texts: [Option<Cow<'a, str>>; 2],
    pub(crate) replace_paths: Option<&'a RawValue>,
    pub(crate) before: Option<&'a RawValue>,
    pub(crate) after: Option<&'a RawValue>,
    pub(crate) after_unknown: Option<&'a RawValue>,
    pub(crate) before_sensitive: Option<&'a RawValue>,
    pub(crate) after_sensitive: Option<&'a RawValue>,
}

impl fmt::Debug for Change<'_> {
    /// The texts of the two sides may hold secrets and are not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Change({} {:?})", self.address, self.actions)
    }
}

/// A data source that was read already, or a managed resource as the state before holds it.
pub struct StateResource<'a> {
    /// Where.
    pub address: Address,
    pub(crate) values: Option<&'a RawValue>,
    pub(crate) sensitive: Option<&'a RawValue>,
}

impl fmt::Debug for StateResource<'_> {
    /// The values may hold secrets and are not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StateResource({})", self.address)
    }
}

impl StateResource<'_> {
    /// Its attributes, masks laid on.
    pub fn values(&self) -> Value {
        self.values_with(Wanted::All)
    }

    /// Like [`StateResource::values`], with these attributes alone; every other one reads as `Null`.
    pub fn values_of(&self, attributes: &[&str]) -> Value {
        self.values_with(Wanted::Only(attributes))
    }

    fn values_with(&self, wanted: Wanted<'_>) -> Value {
        let sensitive = Mask::read(self.sensitive);
        decode(self.values, Masks { unknown: &Mask::Off, sensitive: &sensitive }, wanted)
    }
}

impl<'a> Change<'a> {
    pub(super) fn of(entry: Entry<'a>) -> Result<Self, AddressError> {
        let body = entry.change;
        let previous = entry.previous_address.map(|text| text.0);
        Ok(Self {
            address: entry.address.parse()?,
            previous_address: previous.as_deref().map(str::parse).transpose()?,
            texts: [Some(entry.address), previous],
            deposed: entry.deposed.is_some_and(|key| !key.is_empty()),
            provider: entry.provider_name.map(|name| name.0).unwrap_or_default(),
            actions: Actions::of(body.actions.iter().map(|word| &**word)),
            action_reason: entry.action_reason.map(|reason| reason.0),
            deferred: None,
            importing: body.importing.is_some(),
            replace_paths: body.replace_paths,
            before: body.before,
            after: body.after,
            after_unknown: body.after_unknown,
            before_sensitive: body.before_sensitive,
            after_sensitive: body.after_sensitive,
        })
    }

    /// The object before, masks laid on; `Null` when there was none.
    pub fn before(&self) -> Value {
        self.before_with(Wanted::All)
    }

    /// The object after, masks and unknowns laid on; `Null` when there will be none.
    pub fn after(&self) -> Value {
        self.after_with(Wanted::All)
    }

    /// Like [`Change::before`], with these attributes alone; every other one reads as `Null`.
    pub fn before_of(&self, attributes: &[&str]) -> Value {
        self.before_with(Wanted::Only(attributes))
    }

    /// Like [`Change::after`], with these attributes alone; every other one reads as `Null`.
    pub fn after_of(&self, attributes: &[&str]) -> Value {
        self.after_with(Wanted::Only(attributes))
    }

    fn before_with(&self, wanted: Wanted<'_>) -> Value {
        let sensitive = Mask::read(self.before_sensitive);
        decode(self.before, Masks { unknown: &Mask::Off, sensitive: &sensitive }, wanted)
    }

    fn after_with(&self, wanted: Wanted<'_>) -> Value {
        let unknown = Mask::read(self.after_unknown);
        let sensitive = Mask::read(self.after_sensitive);
        decode(self.after, Masks { unknown: &unknown, sensitive: &sensitive }, wanted)
    }

    /// Whether the two sides may differ. Cheap: it compares their texts, so `true` may still be a difference of
    /// spelling; `false` is sure.
    pub fn changed(&self) -> bool {
        let text = |raw: Option<&'a RawValue>| raw.map_or("null", RawValue::get);
        text(self.before) != text(self.after) || !Mask::read(self.after_unknown).is_off()
    }

    /// Why a part of it cannot be read (and is therefore unknown), if one cannot: two keys of one name, nesting
    /// beyond reason, text that is not Unicode.
    pub fn unreadable(&self) -> Option<&'static str> {
        let sides = [self.before, self.after];
        sides.into_iter().find_map(unreadable)
    }

    /// The attributes for which it has to be replaced.
    pub fn replace_paths(&self) -> Vec<AttributePath> {
        let paths = self.replace_paths.map_or(Value::Null, decode_plain);
        let step = |value: &Value| match value {
            Value::String(name) => Some(Step::Name(name.clone())),
            number => number.as_i64().and_then(|index| usize::try_from(index).ok()).map(Step::Index),
        };
        let path =
            |value: &Value| AttributePath(value.items().unwrap_or_default().iter().map_while(step).collect());
        paths.items().unwrap_or_default().iter().map(path).collect()
    }
}
