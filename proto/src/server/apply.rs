//! Applying: create, update, delete, and never losing an object that exists.

use super::identity::Knowledge;
use super::{Kind, Served, unreadable, unwritable};
use crate::call::{Answer, Call, Failure, Private, Stored};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::erased::Change;
use crate::generated::tfplugin6 as wire;
use crate::path::Path;
use crate::plan::{complete, known_part, unfaithful};
use crate::provider::Provider;
use crate::value::Value;
use crate::wire::{read_value, write_diagnostics, write_value};

impl<P: Provider> Served<P> {
    pub(super) fn apply(
        &self,
        request: wire::apply_resource_change::Request,
    ) -> Result<wire::apply_resource_change::Response, Diagnostics> {
        let kind = self.kind(&request.type_name)?;
        let prior = read_value(request.prior_state, &kind.ty).map_err(|e| unreadable("prior state", &e))?;
        let planned = read_value(request.planned_state, &kind.ty).map_err(|e| unreadable("plan", &e))?;
        let config = read_value(request.config, &kind.ty).map_err(|e| unreadable("configuration", &e))?;
        let private = Private::new(request.planned_private);
        let call = self.call()?;
        call.cancellation().check()?;
        let outcome = match (prior.is_null(), planned.is_null()) {
            (true, true) => {
                return Err(Diagnostic::error("Malformed request", "There is nothing to apply.").into());
            }
            (false, true) => {
                let deleted = kind.resource.delete(&call, Stored { object: prior, private });
                return answer_delete(kind, &call, deleted);
            }
            (true, false) => {
                kind.resource.create(&call, Change { prior, planned: planned.clone(), config, private })
            }
            (false, false) => {
                kind.resource.update(&call, Change { prior, planned: planned.clone(), config, private })
            }
        };
        match outcome {
            Ok(Answer { value, warnings }) => {
                answer_success(kind, &call, &planned, Answer { value, warnings })
            }
            Err(failure) => answer_failure(kind, &call, failure),
        }
    }
}

/// What was made or changed, checked against the plan. Even where the check fails the object is told:
/// it exists.
fn answer_success<C: Send + Sync + 'static>(
    kind: &Kind<C>,
    call: &Call<C>,
    planned: &Value,
    answer: Answer<Stored<Value>>,
) -> Result<wire::apply_resource_change::Response, Diagnostics> {
    let Answer { value: made, warnings: mut told } = answer;
    let object = complete(&kind.schema.block, made.object);
    if let Some((path, how)) = unfaithful(planned, &object, &Path::root()) {
        let detail = format!(
            "The result of the apply breaks its contract: the value {how}. This is a bug of the provider."
        );
        told.push(Diagnostic::internal(detail).at(path));
    }
    let new_identity = identity_told(kind, call, &known_part(&object), &mut told);
    let new_state = write_value(&known_part(&object), &kind.ty).or_else(|error| {
        told.extend(unwritable("result of the apply", &error));
        write_value(&known_part(planned), &kind.ty)
    });
    Ok(wire::apply_resource_change::Response {
        new_state: Some(new_state.map_err(|e| unwritable("plan", &e))?),
        private: made.private.into_bytes(),
        diagnostics: write_diagnostics(&told),
        new_identity,
        ..Default::default()
    })
}

/// With an error and no object the core keeps what it had; with an object it keeps that.
fn answer_failure<C: Send + Sync + 'static>(
    kind: &Kind<C>,
    call: &Call<C>,
    failure: Failure<Value>,
) -> Result<wire::apply_resource_change::Response, Diagnostics> {
    let mut told = failure.diagnostics;
    if !told.has_errors() {
        told.push(Diagnostic::internal("The provider failed without saying why."));
    }
    let (state, private) = match failure.left_behind {
        Some(left) => (known_part(&complete(&kind.schema.block, left.object)), left.private),
        None => (Value::Null, Private::none()),
    };
    let new_identity = identity_told(kind, call, &state, &mut told);
    let new_state = write_value(&state, &kind.ty)
        .map_err(|error| told.clone().and(unwritable("object left behind", &error)))?;
    Ok(wire::apply_resource_change::Response {
        new_state: Some(new_state),
        private: private.into_bytes(),
        diagnostics: write_diagnostics(&told),
        new_identity,
        ..Default::default()
    })
}

/// The identity of an object that exists; what is wrong with it is told beside the object, which must not be lost.
fn identity_told<C: Send + Sync + 'static>(
    kind: &Kind<C>,
    call: &Call<C>,
    object: &Value,
    told: &mut Diagnostics,
) -> Option<wire::ResourceIdentityData> {
    kind.identity_of(call, object, Knowledge::Whole).unwrap_or_else(|errors| {
        told.extend(errors);
        None
    })
}

fn answer_delete<C: Send + Sync + 'static>(
    kind: &Kind<C>,
    call: &Call<C>,
    deleted: Result<Answer<()>, Failure<Value>>,
) -> Result<wire::apply_resource_change::Response, Diagnostics> {
    let answer = match deleted {
        Ok(answer) => answer,
        Err(failure) => return answer_failure(kind, call, failure),
    };
    Ok(wire::apply_resource_change::Response {
        new_state: Some(write_value(&Value::Null, &kind.ty).map_err(|e| unwritable("empty state", &e))?),
        diagnostics: write_diagnostics(&answer.warnings),
        ..Default::default()
    })
}
