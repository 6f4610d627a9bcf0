//! Work that waits until more is known: only for a client that says with the call that it can.

use super::{Kind, Served, unwritable};
use crate::diagnostics::Diagnostics;
use crate::generated::tfplugin6 as wire;
use crate::provider::Provider;
use crate::schema::Schema;
use crate::value::Value;
use crate::wire::write_value;

impl<P: Provider> Served<P> {
    /// That the provider's own configuration is not known yet, where it matters and the client can wait for it. For a
    /// client that cannot, each object does what it can do without.
    pub(super) fn waits(&self, client: Option<wire::ClientCapabilities>) -> Result<bool, Diagnostics> {
        let can_wait = client.is_some_and(|client| client.deferral_allowed);
        Ok(can_wait && self.provider.is_incomplete(&*self.call()?))
    }
}

impl<C> Kind<C> {
    /// The answer to an import that has to wait: one object about which nothing is known.
    pub(super) fn import_later(
        &self,
        type_name: String,
    ) -> Result<wire::import_resource_state::Response, Diagnostics> {
        use wire::import_resource_state::{ImportedResource, Response};
        let state = Some(unknown(&self.schema, "object that is not imported yet")?);
        let imported = ImportedResource { type_name, state, ..ImportedResource::default() };
        let deferred = Some(for_the_provider());
        Ok(Response { imported_resources: vec![imported], deferred, ..Response::default() })
    }
}

/// An object about which nothing is known.
pub(super) fn unknown(schema: &Schema, what: &str) -> Result<wire::DynamicValue, Diagnostics> {
    write_value(&Value::unknown(), &schema.value_type()).map_err(|error| unwritable(what, &error))
}

/// That it waits for what its own configuration is made of.
pub(super) fn for_the_object() -> wire::Deferred {
    wire::Deferred { reason: wire::deferred::Reason::ResourceConfigUnknown.into() }
}

/// That it waits for what the provider's configuration is made of.
pub(super) fn for_the_provider() -> wire::Deferred {
    wire::Deferred { reason: wire::deferred::Reason::ProviderConfigUnknown.into() }
}
