//! Planning: the engine's share before and after the provider's.

use super::identity::Knowledge;
use super::wait::for_the_provider;
use super::{Kind, Served, attributes, unreadable, unwritable};
use crate::call::Private;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::fields::Fields;
use crate::generated::tfplugin6 as wire;
use crate::plan::{Plan, contradiction, propose, settle};
use crate::provider::Provider;
use crate::value::Value;
use crate::wire::{read_value, write_diagnostics, write_path, write_value};

impl<P: Provider> Served<P> {
    pub(super) fn plan(
        &self,
        request: wire::plan_resource_change::Request,
    ) -> Result<wire::plan_resource_change::Response, Diagnostics> {
        let kind = self.kind(&request.type_name)?;
        let prior = read_value(request.prior_state, &kind.ty).map_err(|e| unreadable("prior state", &e))?;
        let proposed =
            read_value(request.proposed_new_state, &kind.ty).map_err(|e| unreadable("proposed state", &e))?;
        let private = Private::new(request.prior_private);
        let deferred = self.waits(request.client_capabilities)?.then(for_the_provider);
        if proposed.is_null() {
            let answer = self.plan_destroy(kind, prior, private, request.prior_identity)?;
            return Ok(wire::plan_resource_change::Response { deferred, ..answer });
        }
        let config = read_value(request.config, &kind.ty).map_err(|e| unreadable("configuration", &e))?;
        let before = if prior.is_null() { None } else { Some(attributes("prior state", prior.clone())?) };
        let config_attributes = attributes("configuration", config.clone())?;
        let mut plan = Plan::new(before, config_attributes, attributes("proposed state", proposed)?);
        plan.set_private(private);
        let answer = kind.resource.plan(&self.call()?, propose(&kind.schema, plan))?;
        let settled = settle(&kind.schema, answer.value);
        if let Some((path, how)) = contradiction(&kind.schema, &settled.planned, &config, &prior) {
            return Err(Diagnostic::internal(format!("The plan breaks its contract: {how}."))
                .at(path)
                .into());
        }
        let made = prior.is_null() || !settled.replaced.is_empty();
        // An object that exists keeps its identity; what is made, anew or for the first time, may have one that is not
        // known yet.
        let planned_identity = match request.prior_identity {
            Some(identity) if !made => Some(identity),
            _ => {
                let knowledge = if made { Knowledge::Partial } else { Knowledge::Whole };
                kind.identity_of(&self.call()?, &settled.planned, knowledge)?
            }
        };
        let planned = write_value(&settled.planned, &kind.ty).map_err(|e| unwritable("planned state", &e))?;
        Ok(wire::plan_resource_change::Response {
            planned_state: Some(planned),
            requires_replace: settled.replaced.iter().map(write_path).collect(),
            planned_private: settled.private.into_bytes(),
            diagnostics: write_diagnostics(&answer.warnings),
            planned_identity,
            deferred,
            ..Default::default()
        })
    }

    fn plan_destroy(
        &self,
        kind: &Kind<P::Context>,
        prior: Value,
        private: Private,
        planned_identity: Option<wire::ResourceIdentityData>,
    ) -> Result<wire::plan_resource_change::Response, Diagnostics> {
        let prior = attributes("prior state", prior)?;
        let warnings = kind.resource.plan_destroy(&self.call()?, &Fields::at_root(&prior))?;
        let nothing = write_value(&Value::Null, &kind.ty).map_err(|e| unwritable("planned state", &e))?;
        Ok(wire::plan_resource_change::Response {
            planned_state: Some(nothing),
            planned_private: private.into_bytes(),
            diagnostics: write_diagnostics(&warnings),
            planned_identity,
            ..Default::default()
        })
    }
}
