//! Identities of objects: derived from the object wherever one is sent, so that both can never disagree.

use serde_json::Value as Json;

use super::{Kind, Served, unreadable, unwritable};
use crate::call::Call;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::fields::Fields;
use crate::generated::tfplugin6 as wire;
use crate::identity::Import;
use crate::path::Path;
use crate::provider::Provider;
use crate::value::{Strangers, Value};
use crate::wire::{read_value, write_value};

/// What an object's identity may hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Knowledge {
    /// Parts of it may be unknown: the object is still to be made. Then none is told: a core takes one with unknown parts,
    /// and cannot show the plan that it is in.
    Partial,
    /// All of it is known: the object exists.
    Whole,
}

impl<P: Provider> Served<P> {
    pub(super) fn identity_schemas(
        &self,
        _: wire::get_resource_identity_schemas::Request,
    ) -> Result<wire::get_resource_identity_schemas::Response, Diagnostics> {
        let mut wrong = Diagnostics::none();
        let mut identity_schemas = std::collections::BTreeMap::new();
        for (name, kind) in &self.kinds {
            let Some(schema) = &kind.identity else { continue };
            if let Err(error) = schema.validate() {
                wrong.push(Diagnostic::internal(format!("`{name}`: {error}.")));
                continue;
            }
            let attributes = schema.attributes.iter().map(|(name, attribute)| {
                wire::resource_identity_schema::IdentityAttribute {
                    name: name.clone(),
                    r#type: attribute.ty.to_json().to_string().into_bytes(),
                    required_for_import: attribute.import == Import::Required,
                    optional_for_import: attribute.import == Import::Optional,
                    description: attribute.description.clone(),
                }
            });
            let schema = wire::ResourceIdentitySchema {
                version: schema.version.into(),
                identity_attributes: attributes.collect(),
            };
            identity_schemas.insert((*name).to_owned(), schema);
        }
        if wrong.has_errors() {
            return Err(wrong);
        }
        Ok(wire::get_resource_identity_schemas::Response { identity_schemas, diagnostics: Vec::new() })
    }

    pub(super) fn upgrade_identity(
        &self,
        request: wire::upgrade_resource_identity::Request,
    ) -> Result<wire::upgrade_resource_identity::Response, Diagnostics> {
        let name = request.type_name;
        let kind = self.kind(&name)?;
        let Some(schema) = &kind.identity else {
            return Err(super::refuse::not_offered("resource identity", &name));
        };
        let malformed = |how: String| {
            let detail = format!("The stored identity of `{name}` {how}.");
            Diagnostics::from(Diagnostic::error("Malformed identity", detail))
        };
        let raw = request.raw_identity.unwrap_or_default();
        let mut identity: Json =
            serde_json::from_slice(&raw.json).map_err(|error| malformed(format!("is not JSON: {error}")))?;
        let newest = schema.version;
        let version = u32::try_from(request.version).ok().filter(|version| *version <= newest);
        let version = version.ok_or_else(|| {
            let detail = format!(
                "The stored identity of `{name}` has version {}, this provider knows versions up to {newest}. A newer \
                 version of the provider wrote it; use that one.",
                request.version
            );
            Diagnostic::error("Identity from another version of the provider", detail)
        })?;
        for from in version..newest {
            identity = match identity {
                Json::Object(old) => Json::Object(kind.resource.upgrade_identity(from, old)?),
                other => other,
            };
        }
        let ty = schema.value_type();
        let identity = Value::from_json_value(&identity, &ty, Strangers::Leave)
            .map_err(|error| malformed(format!("does not fit its schema: {error}")))?;
        let written = write_value(&identity, &ty).map_err(|error| unwritable("identity", &error))?;
        let upgraded_identity = Some(wire::ResourceIdentityData { identity_data: Some(written) });
        Ok(wire::upgrade_resource_identity::Response { upgraded_identity, diagnostics: Vec::new() })
    }
}

impl<C: Send + Sync + 'static> Kind<C> {
    /// The identity of an object on the wire; `None` for a kind without one.
    pub(super) fn identity_of(
        &self,
        call: &Call<C>,
        object: &Value,
        knowledge: Knowledge,
    ) -> Result<Option<wire::ResourceIdentityData>, Diagnostics> {
        if self.identity.is_none() || object.is_null() {
            return Ok(None);
        }
        let identity = self.resource.identity(call, &Fields::of(object, &Path::root())?)?.into();
        if knowledge == Knowledge::Partial && !Value::is_wholly_known(&identity) {
            return Ok(None);
        }
        self.written_identity(&identity).map(Some)
    }

    /// An identity on the wire, when Terraform can take it.
    pub(super) fn written_identity(
        &self,
        identity: &Value,
    ) -> Result<wire::ResourceIdentityData, Diagnostics> {
        let Some(schema) = &self.identity else {
            return Err(Diagnostic::internal("The resource has no identity.").into());
        };
        if !identity.is_wholly_known() {
            let detail =
                "The identity of an object that exists is not wholly known. This is a bug of the provider.";
            return Err(Diagnostic::internal(detail).into());
        }
        let written =
            write_value(identity, &schema.value_type()).map_err(|error| unwritable("identity", &error))?;
        Ok(wire::ResourceIdentityData { identity_data: Some(written) })
    }

    /// The identity that Terraform sent, if it sent one.
    pub(super) fn read_identity(
        &self,
        sent: Option<wire::ResourceIdentityData>,
    ) -> Result<Option<Value>, Diagnostics> {
        let (Some(schema), Some(sent)) = (&self.identity, sent.and_then(|sent| sent.identity_data)) else {
            return Ok(None);
        };
        let value =
            read_value(Some(sent), &schema.value_type()).map_err(|error| unreadable("identity", &error))?;
        Ok(Some(value).filter(|value| !value.is_null()))
    }
}
