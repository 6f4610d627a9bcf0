//! Before work starts: what there is, whether the configuration is right, and the provider's own set-up.

use std::sync::{Arc, PoisonError};

use super::{Served, unreadable};
use crate::call::Cancellation;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::fields::Fields;
use crate::generated::tfplugin6 as wire;
use crate::path::Path;
use crate::plan::write_only_values;
use crate::provider::{Configure, Provider};
use crate::resource::Checked;
use crate::schema::Schema;
use crate::value::Value;
use crate::wire::{read_value, write_diagnostics, write_schema};

fn capabilities() -> wire::ServerCapabilities {
    wire::ServerCapabilities {
        plan_destroy: true,
        get_provider_schema_optional: true,
        move_resource_state: false,
        generate_resource_config: true,
    }
}

pub(super) fn told(checked: Checked) -> Vec<wire::Diagnostic> {
    write_diagnostics(&checked.unwrap_or_else(|errors| errors))
}

impl<P: Provider> Served<P> {
    pub(super) fn metadata(&self, _: wire::get_metadata::Request) -> wire::get_metadata::Response {
        use wire::get_metadata::{
            ActionMetadata, DataSourceMetadata, EphemeralMetadata, FunctionMetadata, ListResourceMetadata,
            ResourceMetadata, Response,
        };
        let resources = self.kinds.keys().map(|name| ResourceMetadata { type_name: (*name).to_owned() });
        let functions = self.functions.keys().map(|name| FunctionMetadata { name: (*name).to_owned() });
        let ephemerals = self.ephemerals.keys();
        let ephemerals = ephemerals.map(|name| EphemeralMetadata { type_name: (*name).to_owned() });
        let actions = self.actions.keys().map(|name| ActionMetadata { type_name: (*name).to_owned() });
        let sources = self.sources.keys().map(|name| DataSourceMetadata { type_name: (*name).to_owned() });
        let lists = self.lists.keys().map(|name| ListResourceMetadata { type_name: (*name).to_owned() });
        Response {
            server_capabilities: Some(capabilities()),
            resources: resources.collect(),
            functions: functions.collect(),
            ephemeral_resources: ephemerals.collect(),
            actions: actions.collect(),
            data_sources: sources.collect(),
            list_resources: lists.collect(),
            ..Response::default()
        }
    }

    pub(super) fn schemas(
        &self,
        _: wire::get_provider_schema::Request,
    ) -> Result<wire::get_provider_schema::Response, Diagnostics> {
        use wire::get_provider_schema::Response;
        let checked = self.kinds.iter().map(|(name, kind)| (*name, kind.schema.validate()));
        let passing = self.ephemerals.iter().map(|(name, one)| (*name, one.schema.validate()));
        let doable = self.actions.iter().map(|(name, one)| (*name, one.schema.validate_action()));
        let sources = self.sources.iter().map(|(name, one)| (*name, one.schema.validate()));
        let lists = self.lists.iter().map(|(name, one)| (*name, one.schema.validate_list()));
        let wrong: Diagnostics = checked
            .chain(passing)
            .chain(doable)
            .chain(sources)
            .chain(lists)
            .chain([("provider", self.schema.validate_provider())])
            .filter_map(|(name, checked)| {
                Some(Diagnostic::internal(format!("`{name}`: {}.", checked.err()?)))
            })
            .chain(self.wrong_signatures())
            .chain(self.lists_of_nothing())
            .collect();
        if wrong.has_errors() {
            return Err(wrong);
        }
        let resources =
            self.kinds.iter().map(|(name, kind)| ((*name).to_owned(), write_schema(&kind.schema)));
        let ephemerals = self.ephemerals.iter();
        let ephemerals = ephemerals.map(|(name, one)| ((*name).to_owned(), write_schema(&one.schema)));
        let actions = self.actions.iter().map(|(name, one)| {
            ((*name).to_owned(), wire::ActionSchema { schema: Some(write_schema(&one.schema)) })
        });
        let sources = self.sources.iter().map(|(name, one)| ((*name).to_owned(), write_schema(&one.schema)));
        let lists = self.lists.iter().map(|(name, one)| ((*name).to_owned(), write_schema(&one.schema)));
        Ok(Response {
            provider: Some(write_schema(&self.schema)),
            resource_schemas: resources.collect(),
            functions: self.signatures().collect(),
            ephemeral_resource_schemas: ephemerals.collect(),
            action_schemas: actions.collect(),
            data_source_schemas: sources.collect(),
            list_resource_schemas: lists.collect(),
            server_capabilities: Some(capabilities()),
            ..Response::default()
        })
    }

    /// Lists whose objects nobody manages, or nothing tells apart.
    fn lists_of_nothing(&self) -> Diagnostics {
        let nameless =
            self.lists.keys().filter(|name| self.kinds.get(*name).is_none_or(|kind| kind.identity.is_none()));
        let told = nameless.map(|name| {
            Diagnostic::internal(format!(
                "`{name}` is listed, and there is no managed resource of this name with an identity."
            ))
        });
        told.collect()
    }

    pub(super) fn validate_provider(
        &self,
        request: wire::validate_provider_config::Request,
    ) -> Result<wire::validate_provider_config::Response, Diagnostics> {
        let config = configuration(request.config, &self.schema)?;
        let checked = self.provider.validate(&Fields::of(&config, &Path::root())?);
        Ok(wire::validate_provider_config::Response { diagnostics: told(checked) })
    }

    pub(super) fn configure(
        &self,
        request: wire::configure_provider::Request,
    ) -> Result<wire::configure_provider::Response, Diagnostics> {
        let config = configuration(request.config, &self.schema)?;
        let cancellation = self.fresh_cancellation();
        let surroundings = Configure { terraform_version: request.terraform_version, cancellation };
        let answer = self.provider.configure(&Fields::of(&config, &Path::root())?, &surroundings)?;
        *self.context.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(answer.value));
        Ok(wire::configure_provider::Response { diagnostics: write_diagnostics(&answer.warnings) })
    }

    /// A process that is attached to outlives a stop; the next walk starts with a configure.
    fn fresh_cancellation(&self) -> Cancellation {
        let mut current = self.cancellation.write().unwrap_or_else(PoisonError::into_inner);
        if current.is_requested() {
            *current = Cancellation::default();
        }
        current.clone()
    }

    pub(super) fn validate_resource(
        &self,
        request: wire::validate_resource_config::Request,
    ) -> Result<wire::validate_resource_config::Response, Diagnostics> {
        let kind = self.kind(&request.type_name)?;
        let config = configuration(request.config, &kind.schema)?;
        let knows_write_only =
            request.client_capabilities.is_some_and(|client| client.write_only_attributes_allowed);
        if !knows_write_only {
            let found = write_only_values(&kind.schema, &config).into_iter().map(|path| {
                let detail = "This value is never stored, and the version of Terraform in use would store it. \
                              Terraform 1.11 and OpenTofu 1.11 are the first that do not.";
                Diagnostic::error("Write-only attribute not supported", detail).at(path)
            });
            let found: Diagnostics = found.collect();
            if found.has_errors() {
                return Err(found);
            }
        }
        let checked = kind.resource.validate(&Fields::of(&config, &Path::root())?);
        Ok(wire::validate_resource_config::Response { diagnostics: told(checked) })
    }
}

/// A configuration block; a core that has none to send means the empty one.
pub(super) fn configuration(sent: Option<wire::DynamicValue>, schema: &Schema) -> Result<Value, Diagnostics> {
    let config =
        read_value(sent, &schema.value_type()).map_err(|error| unreadable("configuration", &error))?;
    Ok(if config.is_null() { schema.block.empty() } else { config })
}
