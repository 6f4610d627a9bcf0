//! Resources and functions without their Rust types: how the server holds many of a kind in one list.

use crate::call::{Answer, Call, Failure, Private, Stored};
use crate::diagnostics::Diagnostics;
use crate::fields::{Fields, FromValue, Object, ToValue};
use crate::function::{Arguments, Function, FunctionError, Signature};
use crate::identity::IdentitySchema;
use crate::path::Path;
use crate::plan::Plan;
use crate::resource::{Checked, Create, OldState, Resource, Update};
use crate::schema::Schema;
use crate::value::Value;

/// What an apply works from, still as values.
pub(crate) struct Change {
    pub(crate) prior: Value,
    pub(crate) planned: Value,
    pub(crate) config: Value,
    pub(crate) private: Private,
}

/// A resource whose objects are values.
pub(crate) trait AnyResource<C>: Send + Sync {
    fn type_name(&self) -> &'static str;
    fn schema(&self) -> Schema;
    fn validate(&self, config: &Fields<'_>) -> Checked;
    fn plan(&self, call: &Call<C>, plan: Plan) -> Result<Answer<Plan>, Diagnostics>;
    fn plan_destroy(&self, call: &Call<C>, prior: &Fields<'_>) -> Checked;
    fn create(&self, call: &Call<C>, change: Change) -> Result<Answer<Stored<Value>>, Failure<Value>>;
    fn read(
        &self,
        call: &Call<C>,
        current: Stored<Value>,
    ) -> Result<Answer<Option<Stored<Value>>>, Diagnostics>;
    fn update(&self, call: &Call<C>, change: Change) -> Result<Answer<Stored<Value>>, Failure<Value>>;
    fn delete(&self, call: &Call<C>, current: Stored<Value>) -> Result<Answer<()>, Failure<Value>>;
    fn import(&self, call: &Call<C>, id: &str) -> Result<Answer<Stored<Value>>, Diagnostics>;
    fn identity_schema(&self) -> Option<IdentitySchema>;
    fn identity(&self, call: &Call<C>, object: &Fields<'_>) -> Result<Object, Diagnostics>;
    fn import_by_identity(
        &self,
        call: &Call<C>,
        identity: &Fields<'_>,
    ) -> Result<Answer<Stored<Value>>, Diagnostics>;
    fn upgrade_identity(&self, from: u32, identity: OldState) -> Result<OldState, Diagnostics>;
    fn configuration(&self, config: &Fields<'_>) -> Result<Object, Diagnostics>;
    fn upgrade(&self, from: u32, state: OldState) -> Result<OldState, Diagnostics>;
}

/// A function whose answers are values.
pub(crate) trait AnyFunction: Send + Sync {
    fn name(&self) -> &'static str;
    fn signature(&self) -> Signature;
    fn call(&self, arguments: &Arguments<'_>) -> Result<Value, FunctionError>;
}

/// A typed resource or function, seen through values.
pub(crate) struct Typed<R>(pub(crate) R);

fn decode<M: FromValue>(value: &Value) -> Result<M, Diagnostics> {
    M::from_value(value, &Path::root())
}

fn decode_stored<M: FromValue>(stored: Stored<Value>) -> Result<Stored<M>, Diagnostics> {
    Ok(Stored { object: decode(&stored.object)?, private: stored.private })
}

fn encode<M: ToValue>(stored: Stored<M>) -> Stored<Value> {
    Stored { object: stored.object.to_value(), private: stored.private }
}

fn encode_failure<M: ToValue>(failure: Failure<M>) -> Failure<Value> {
    let left_behind = failure.left_behind.map(|stored| Box::new(encode(*stored)));
    Failure { diagnostics: failure.diagnostics, left_behind }
}

impl<R: Resource> AnyResource<R::Context> for Typed<R> {
    fn type_name(&self) -> &'static str {
        self.0.type_name()
    }

    fn schema(&self) -> Schema {
        self.0.schema()
    }

    fn validate(&self, config: &Fields<'_>) -> Checked {
        self.0.validate(config)
    }

    fn plan(&self, call: &Call<R::Context>, plan: Plan) -> Result<Answer<Plan>, Diagnostics> {
        self.0.plan(call, plan)
    }

    fn plan_destroy(&self, call: &Call<R::Context>, prior: &Fields<'_>) -> Checked {
        self.0.plan_destroy(call, prior)
    }

    fn create(
        &self,
        call: &Call<R::Context>,
        change: Change,
    ) -> Result<Answer<Stored<Value>>, Failure<Value>> {
        let Change { planned, config, private, .. } = change;
        let request = Create { planned: decode(&planned)?, config, private };
        self.0.create(call, request).map(|answer| answer.map(encode)).map_err(encode_failure)
    }

    fn read(
        &self,
        call: &Call<R::Context>,
        current: Stored<Value>,
    ) -> Result<Answer<Option<Stored<Value>>>, Diagnostics> {
        let answer = self.0.read(call, decode_stored(current)?)?;
        Ok(answer.map(|found| found.map(encode)))
    }

    fn update(
        &self,
        call: &Call<R::Context>,
        change: Change,
    ) -> Result<Answer<Stored<Value>>, Failure<Value>> {
        let Change { prior, planned, config, private } = change;
        let request = Update { prior: decode(&prior)?, planned: decode(&planned)?, config, private };
        self.0.update(call, request).map(|answer| answer.map(encode)).map_err(encode_failure)
    }

    fn delete(&self, call: &Call<R::Context>, current: Stored<Value>) -> Result<Answer<()>, Failure<Value>> {
        self.0.delete(call, decode_stored(current)?).map_err(encode_failure)
    }

    fn import(&self, call: &Call<R::Context>, id: &str) -> Result<Answer<Stored<Value>>, Diagnostics> {
        Ok(self.0.import(call, id)?.map(encode))
    }

    fn identity_schema(&self) -> Option<IdentitySchema> {
        self.0.identity_schema()
    }

    fn identity(&self, call: &Call<R::Context>, object: &Fields<'_>) -> Result<Object, Diagnostics> {
        self.0.identity(call, object)
    }

    fn import_by_identity(
        &self,
        call: &Call<R::Context>,
        identity: &Fields<'_>,
    ) -> Result<Answer<Stored<Value>>, Diagnostics> {
        Ok(self.0.import_by_identity(call, identity)?.map(encode))
    }

    fn upgrade_identity(&self, from: u32, identity: OldState) -> Result<OldState, Diagnostics> {
        self.0.upgrade_identity(from, identity)
    }

    fn configuration(&self, config: &Fields<'_>) -> Result<Object, Diagnostics> {
        self.0.configuration(config)
    }

    fn upgrade(&self, from: u32, state: OldState) -> Result<OldState, Diagnostics> {
        self.0.upgrade(from, state)
    }
}

impl<F: Function> AnyFunction for Typed<F> {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn signature(&self) -> Signature {
        self.0.signature()
    }

    fn call(&self, arguments: &Arguments<'_>) -> Result<Value, FunctionError> {
        Ok(self.0.call(arguments)?.to_value())
    }
}
