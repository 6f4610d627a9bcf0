//! State that exists already: upgraded at every run, read, imported, and not taken over from others.

use serde_json::Value as Json;

use super::identity::Knowledge;
use super::wait::for_the_provider;
use super::{Kind, Served, unreadable, unwritable};
use crate::call::{Private, Stored};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::fields::Fields;
use crate::generated::tfplugin6 as wire;
use crate::path::Path;
use crate::plan::{complete, configurable};
use crate::provider::Provider;
use crate::value::{Strangers, Value};
use crate::wire::{read_value, write_diagnostics, write_value};

impl<P: Provider> Served<P> {
    pub(super) fn upgrade_state(
        &self,
        request: wire::upgrade_resource_state::Request,
    ) -> Result<wire::upgrade_resource_state::Response, Diagnostics> {
        let name = request.type_name;
        let kind = self.kind(&name)?;
        let raw = request.raw_state.unwrap_or_default();
        if raw.json.is_empty() {
            let detail = format!(
                "The state of `{name}` is in the form of Terraform 0.11, which this provider never wrote."
            );
            return Err(Diagnostic::error("State too old", detail).into());
        }
        let mut state: Json = serde_json::from_slice(&raw.json).map_err(|error| {
            Diagnostic::error(
                "Malformed state",
                format!("The stored state of `{name}` is not JSON: {error}."),
            )
        })?;
        let newest = kind.schema.version;
        let version = u32::try_from(request.version).ok().filter(|version| *version <= newest).ok_or_else(|| {
            let detail = format!(
                "The stored state of `{name}` has version {}, this provider knows versions up to {newest}. \
                 A newer version of the provider wrote it; use that one.",
                request.version
            );
            Diagnostic::error("State from another version of the provider", detail)
        })?;
        for from in version..newest {
            state = match state {
                Json::Object(old) => Json::Object(kind.resource.upgrade(from, old)?),
                other => other,
            };
        }
        let state = Value::from_json_value(&state, &kind.ty, Strangers::Leave).map_err(|error| {
            let detail = format!("The stored state of `{name}` does not fit its schema: {error}.");
            Diagnostic::error("Malformed state", detail).at(error.path)
        })?;
        let state = complete(&kind.schema.block, state);
        let upgraded = write_value(&state, &kind.ty).map_err(|e| unwritable("upgraded state", &e))?;
        Ok(wire::upgrade_resource_state::Response { upgraded_state: Some(upgraded), ..Default::default() })
    }

    pub(super) fn read(
        &self,
        request: wire::read_resource::Request,
    ) -> Result<wire::read_resource::Response, Diagnostics> {
        let kind = self.kind(&request.type_name)?;
        if self.waits(request.client_capabilities)? {
            return Ok(wire::read_resource::Response {
                new_state: request.current_state,
                private: request.private,
                new_identity: request.current_identity,
                deferred: Some(for_the_provider()),
                ..Default::default()
            });
        }
        let object = read_value(request.current_state, &kind.ty).map_err(|e| unreadable("state", &e))?;
        let call = self.call()?;
        call.cancellation().check()?;
        let answer = kind.resource.read(&call, Stored { object, private: Private::new(request.private) })?;
        let (state, private) = match answer.value {
            Some(found) => (found.object, found.private),
            None => (Value::Null, Private::none()),
        };
        let new_identity = kind.identity_of(&call, &state, Knowledge::Whole)?;
        Ok(wire::read_resource::Response {
            new_state: Some(known_state(kind, state)?),
            private: private.into_bytes(),
            diagnostics: write_diagnostics(&answer.warnings),
            new_identity,
            ..Default::default()
        })
    }

    pub(super) fn import(
        &self,
        request: wire::import_resource_state::Request,
    ) -> Result<wire::import_resource_state::Response, Diagnostics> {
        use wire::import_resource_state::{ImportedResource, Response};
        let kind = self.kind(&request.type_name)?;
        let named = kind.read_identity(request.identity)?;
        if request.id.is_empty() && named.is_none() {
            let detail = format!("`{}` is imported by its id, and none was given.", request.type_name);
            return Err(Diagnostic::error("Import needs an id", detail).into());
        }
        if self.waits(request.client_capabilities)? {
            return kind.import_later(request.type_name);
        }
        let call = self.call()?;
        call.cancellation().check()?;
        let answer = match named.filter(|_| request.id.is_empty()) {
            Some(identity) => {
                kind.resource.import_by_identity(&call, &Fields::of(&identity, &Path::root())?)?
            }
            None => kind.resource.import(&call, &request.id)?,
        };
        if !matches!(answer.value.object, Value::Object(_)) {
            return Err(Diagnostic::internal("The import found something that is no object.").into());
        }
        let identity = kind.identity_of(&call, &answer.value.object, Knowledge::Whole)?;
        let imported = ImportedResource {
            type_name: request.type_name,
            state: Some(known_state(kind, answer.value.object)?),
            private: answer.value.private.into_bytes(),
            identity,
        };
        Ok(Response {
            imported_resources: vec![imported],
            diagnostics: write_diagnostics(&answer.warnings),
            ..Response::default()
        })
    }

    pub(super) fn generate_config(
        &self,
        request: wire::generate_resource_config::Request,
    ) -> Result<wire::generate_resource_config::Response, Diagnostics> {
        let kind = self.kind(&request.type_name)?;
        let state = read_value(request.state, &kind.ty).map_err(|e| unreadable("state", &e))?;
        let config = configurable(&kind.schema.block, &state);
        let config = kind.resource.configuration(&Fields::of(&config, &Path::root())?)?;
        let config = write_value(&config.into(), &kind.ty).map_err(|e| unwritable("configuration", &e))?;
        Ok(wire::generate_resource_config::Response { config: Some(config), diagnostics: Vec::new() })
    }

    pub(super) fn refuse_move(
        &self,
        request: wire::move_resource_state::Request,
    ) -> Result<wire::move_resource_state::Response, Diagnostics> {
        let wire::move_resource_state::Request {
            target_type_name: target,
            source_type_name: source,
            source_provider_address: provider,
            ..
        } = request;
        self.kind(&target)?;
        let detail = format!(
            "`{target}` cannot take over an object of `{source}` from provider `{provider}`. Remove the one from \
             the state with a `removed` block and import the other."
        );
        Err(Diagnostic::error("Move not supported", detail).into())
    }
}

/// A state in which nothing may be unknown.
fn known_state<C>(kind: &Kind<C>, state: Value) -> Result<wire::DynamicValue, Diagnostics> {
    let state = complete(&kind.schema.block, state);
    if !state.is_wholly_known() {
        return Err(Diagnostic::internal("The provider returned a state with unknown values.").into());
    }
    write_value(&state, &kind.ty).map_err(|error| unwritable("state", &error))
}
