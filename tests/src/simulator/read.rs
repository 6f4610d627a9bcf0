//! What happens to objects that are there: brought to their schema, read, imported.

use std::collections::BTreeMap;

use nhi_proto::{Path, Value};

use super::breach::{Breach, Rule, Trouble};
use super::core::{
    Core, Instance, capabilities, dynamic, heard, identity_received, identity_wire, known, received,
    whole_identity,
};
use super::rules::no_write_only;
use super::wire;

impl Core {
    /// What each run does first with each object of a state: brings it to its schema, and reads it. `None` when it is
    /// gone.
    pub fn refresh(&self, name: &str, instance: &Instance) -> Result<Option<Instance>, Trouble> {
        let value = self.upgrade(name, &instance.value)?;
        if value != instance.value {
            let what = format!("state of the current version became {value:?}");
            return Err(Breach::of(Rule::Upgrade, what).into());
        }
        self.read(name, instance)
    }

    /// State as it is stored becomes state of the schema. Attributes that are null are left out of what is sent, as in
    /// state from before there were such attributes.
    pub fn upgrade(&self, name: &str, value: &Value) -> Result<Value, Trouble> {
        let kind = self.kind(name)?;
        let wrong = |error: nhi_proto::value::ValueError| Breach::of(Rule::Known, error.to_string());
        let mut json = value.to_json(&kind.ty).map_err(wrong)?;
        if let Some(parts) = json.as_object_mut() {
            parts.retain(|_, part| !part.is_null());
        }
        let request = wire::upgrade_resource_state::Request {
            type_name: name.to_owned(),
            version: kind.schema.version.into(),
            raw_state: Some(wire::RawState {
                json: json.to_string().into_bytes(),
                flatmap: BTreeMap::default(),
            }),
        };
        let answer =
            self.plugin.call(|mut client| async move { client.upgrade_resource_state(request).await })?;
        heard(&answer.diagnostics, Some(&kind.ty))?;
        let value = received(answer.upgraded_state, &kind.ty)?;
        known(&value).map_err(|breach| Breach { rule: Rule::Upgrade, ..breach })?;
        no_write_only(&kind.schema.block, &value, &Path::root())?;
        Ok(value)
    }

    /// Looks an object up.
    pub fn read(&self, name: &str, instance: &Instance) -> Result<Option<Instance>, Trouble> {
        let kind = self.kind(name)?;
        let request = wire::read_resource::Request {
            type_name: name.to_owned(),
            current_state: Some(dynamic(&instance.value, &kind.ty)?),
            private: instance.private.clone(),
            client_capabilities: capabilities(),
            current_identity: Self::identity_sent(kind, Some(instance))?,
            ..Default::default()
        };
        let answer = self.plugin.call(|mut client| async move { client.read_resource(request).await })?;
        heard(&answer.diagnostics, Some(&kind.ty))?;
        if answer.deferred.is_some() {
            return Err(Breach::of(
                Rule::Deferred,
                "the provider deferred a read when it was not allowed to",
            )
            .into());
        }
        let value = received(answer.new_state, &kind.ty)?;
        known(&value)?;
        no_write_only(&kind.schema.block, &value, &Path::root())?;
        if value.is_null() {
            return Ok(None);
        }
        let identity = identity_received(kind, answer.new_identity)?;
        whole_identity(kind, identity.as_ref())?;
        if let (Some(before), Some(after)) = (&instance.identity, &identity)
            && before != after
        {
            let what = format!("the identity changed from {before:?} to {after:?} while it was read");
            return Err(Breach::of(Rule::Identity, what).into());
        }
        Ok(Some(Instance { value, private: answer.private, identity }))
    }

    /// Imports by id, and reads what was imported.
    pub fn import(&self, name: &str, id: &str) -> Result<Instance, Trouble> {
        self.import_as(name, id, None)
    }

    /// Imports by identity, and reads what was imported.
    pub fn import_by_identity(&self, name: &str, identity: &Value) -> Result<Instance, Trouble> {
        self.import_as(name, "", Some(identity))
    }

    fn import_as(&self, name: &str, id: &str, identity: Option<&Value>) -> Result<Instance, Trouble> {
        let kind = self.kind(name)?;
        let request = wire::import_resource_state::Request {
            type_name: name.to_owned(),
            id: id.to_owned(),
            client_capabilities: capabilities(),
            identity: identity_wire(kind, identity)?,
        };
        let answer =
            self.plugin.call(|mut client| async move { client.import_resource_state(request).await })?;
        // The core knows no place for what an import says: there is no configuration it could point into.
        heard(&answer.diagnostics, None)?;
        let mut found = answer.imported_resources.into_iter();
        let (Some(one), None) = (found.next(), found.next()) else {
            return Err(Breach::of(Rule::Import, "an import block imports exactly one object").into());
        };
        if one.type_name != name {
            return Err(Breach::of(Rule::Import, format!("a `{}` was imported", one.type_name)).into());
        }
        let value = received(one.state, &kind.ty)?;
        if value.is_null() {
            return Err(Breach::of(Rule::Import, "import returned null resource").into());
        }
        known(&value).map_err(|breach| Breach { rule: Rule::Import, ..breach })?;
        let given = identity_received(kind, one.identity)?;
        if identity.is_some() && given.is_none() {
            return Err(Breach::of(Rule::Identity, "an import by identity returns one").into());
        }
        let found = Instance { value, private: one.private, identity: given };
        let read = self.read(name, &found)?;
        Ok(read.ok_or_else(|| Breach::of(Rule::Import, "cannot import non-existent remote object"))?)
    }
}
