//! Data sources: read once everything is known, and answered whole.

use super::configure::{configuration, told};
use super::ephemeral::{not_known_yet, unknown_attribute};
use super::refuse::not_offered;
use super::wait::{for_the_object, for_the_provider, unknown};
use super::{Served, unwritable};
use crate::data::DataSource;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::fields::Fields;
use crate::generated::tfplugin6 as wire;
use crate::path::Path;
use crate::plan::contradiction;
use crate::provider::Provider;
use crate::schema::Schema;
use crate::value::Value;
use crate::wire::{write_diagnostics, write_value};

/// A data source with its schema.
pub(super) struct Source<C> {
    pub(super) data: Box<dyn DataSource<Context = C>>,
    pub(super) schema: Schema,
}

impl<P: Provider> Served<P> {
    fn source(&self, name: &str) -> Result<&Source<P::Context>, Diagnostics> {
        self.sources.get(name).ok_or_else(|| not_offered("data source", name))
    }

    pub(super) fn validate_data(
        &self,
        request: wire::validate_data_resource_config::Request,
    ) -> Result<wire::validate_data_resource_config::Response, Diagnostics> {
        let source = self.source(&request.type_name)?;
        let config = configuration(request.config, &source.schema)?;
        let checked = source.data.validate(&Fields::of(&config, &Path::root())?);
        Ok(wire::validate_data_resource_config::Response { diagnostics: told(checked) })
    }

    pub(super) fn read_data(
        &self,
        request: wire::read_data_source::Request,
    ) -> Result<wire::read_data_source::Response, Diagnostics> {
        let source = self.source(&request.type_name)?;
        let config = configuration(request.config, &source.schema)?;
        if !config.is_wholly_known() {
            let may_wait = request.client_capabilities.is_some_and(|client| client.deferral_allowed);
            return if may_wait { source.later(for_the_object()) } else { Err(not_known_yet(&config)) };
        }
        if self.waits(request.client_capabilities)? {
            return source.later(for_the_provider());
        }
        let call = self.call()?;
        call.cancellation().check()?;
        let answer = source.data.read(&call, &Fields::of(&config, &Path::root())?)?;
        Ok(wire::read_data_source::Response {
            state: Some(source.written(&answer.value.into(), &config)?),
            diagnostics: write_diagnostics(&answer.warnings),
            deferred: None,
        })
    }
}

impl<C> Source<C> {
    /// The answer on the wire, when Terraform can take it: wholly known, and what is configured as it is configured.
    fn written(&self, answer: &Value, config: &Value) -> Result<wire::DynamicValue, Diagnostics> {
        let broken = |path: Path, how: &str| {
            let detail = format!("What was read breaks its contract: {how}. This is a bug of the provider.");
            Diagnostics::from(Diagnostic::internal(detail).at(path))
        };
        if let Some((path, how)) = contradiction(&self.schema, answer, config, &Value::Null) {
            return Err(broken(path, how));
        }
        if !answer.is_wholly_known() {
            return Err(broken(unknown_attribute(answer), "a value is unknown"));
        }
        write_value(answer, &self.schema.value_type()).map_err(|error| unwritable("data", &error))
    }

    /// The answer to a client that can wait until everything is known.
    fn later(&self, deferred: wire::Deferred) -> Result<wire::read_data_source::Response, Diagnostics> {
        Ok(wire::read_data_source::Response {
            state: Some(unknown(&self.schema, "data that is not read yet")?),
            diagnostics: Vec::new(),
            deferred: Some(deferred),
        })
    }
}
