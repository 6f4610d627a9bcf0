//! The typed side of a resource: decode, act, encode. The server does the rest.

use crate::call::{Answer, Call, Failure, Private, Stored};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::fields::{Fields, FromValue, Object, ToValue};
use crate::identity::IdentitySchema;
use crate::plan::Plan;
use crate::schema::Schema;
use crate::value::Value;

/// What a check says: warnings in `Ok`; `Err` as soon as an error is among them.
///
/// Both sides may hold both, so that `?` can leave early and everything found is told.
pub type Checked = Result<Diagnostics, Diagnostics>;

/// State of an older version as it was written, attributes by name.
pub type OldState = serde_json::Map<String, serde_json::Value>;

/// One kind of managed resource.
///
/// All methods but [`schema`](Resource::schema), [`validate`](Resource::validate) and
/// [`upgrade`](Resource::upgrade) run after the provider was configured. All run on threads that may
/// block, several at once.
pub trait Resource: Send + Sync + 'static {
    /// What configuring the provider made.
    type Context: Send + Sync + 'static;
    /// The object as Rust knows it, with [`Field`](crate::Field)s where values can be unknown.
    type Model: FromValue + ToValue + Send;

    /// The full type name, `nhi_owner` for example.
    fn type_name(&self) -> &'static str;

    /// Shape and version; the same at every call.
    fn schema(&self) -> Schema;

    /// Checks a configuration, in which anything may still be unknown. Asks neither clock nor remote.
    fn validate(&self, config: &Fields<'_>) -> Checked {
        let _ = config;
        Ok(Diagnostics::none())
    }

    /// Completes the plan of a create or an update. Must give the same answer for the same input: it is
    /// asked again during apply.
    fn plan(&self, call: &Call<Self::Context>, plan: Plan) -> Result<Answer<Plan>, Diagnostics> {
        let _ = call;
        Ok(plan.into())
    }

    /// Says what there is to say about a planned destroy; an error refuses it.
    fn plan_destroy(&self, call: &Call<Self::Context>, prior: &Fields<'_>) -> Checked {
        let _ = (call, prior);
        Ok(Diagnostics::none())
    }

    /// Makes the object.
    fn create(
        &self,
        call: &Call<Self::Context>,
        request: Create<Self::Model>,
    ) -> Result<Answer<Stored<Self::Model>>, Failure<Self::Model>>;

    /// Looks the object up; `None` when it is gone.
    fn read(
        &self,
        call: &Call<Self::Context>,
        current: Stored<Self::Model>,
    ) -> Result<Answer<Option<Stored<Self::Model>>>, Diagnostics>;

    /// Changes the object in place.
    fn update(
        &self,
        call: &Call<Self::Context>,
        request: Update<Self::Model>,
    ) -> Result<Answer<Stored<Self::Model>>, Failure<Self::Model>>;

    /// Removes the object; that it is gone already is success.
    fn delete(
        &self,
        call: &Call<Self::Context>,
        current: Stored<Self::Model>,
    ) -> Result<Answer<()>, Failure<Self::Model>>;

    /// Finds the one object that the user calls `id`.
    fn import(
        &self,
        call: &Call<Self::Context>,
        id: &str,
    ) -> Result<Answer<Stored<Self::Model>>, Diagnostics> {
        let _ = (call, id);
        let detail = format!("`{}` has no import.", self.type_name());
        Err(Diagnostic::error("Import not supported", detail).into())
    }

    /// The shape of what tells its objects apart; `None` when they have no identity but their state.
    fn identity_schema(&self) -> Option<IdentitySchema> {
        None
    }

    /// The identity of an object. Of one that is still to be made parts may be unknown; it follows from the object and
    /// from how the provider is configured, and lasts as long as the object.
    fn identity(&self, call: &Call<Self::Context>, object: &Fields<'_>) -> Result<Object, Diagnostics> {
        let _ = (call, object);
        Err(Diagnostic::internal(format!("`{}` has no identity.", self.type_name())).into())
    }

    /// Finds the one object of this identity, in which what an import may leave out can be absent.
    fn import_by_identity(
        &self,
        call: &Call<Self::Context>,
        identity: &Fields<'_>,
    ) -> Result<Answer<Stored<Self::Model>>, Diagnostics> {
        let _ = (call, identity);
        let detail = format!("`{}` is imported by its id.", self.type_name());
        Err(Diagnostic::error("Import by identity not supported", detail).into())
    }

    /// One step of an upgrade: identity of version `from` in, identity of version `from + 1` out.
    fn upgrade_identity(&self, from: u32, identity: OldState) -> Result<OldState, Diagnostics> {
        let _ = identity;
        let detail =
            format!("There is no way from version {from} of the identity of `{}`.", self.type_name());
        Err(Diagnostic::internal(detail).into())
    }

    /// The configuration that means an object as it is: what only the provider gives is absent already, and attributes
    /// that exclude each other must not both stay.
    fn configuration(&self, config: &Fields<'_>) -> Result<Object, Diagnostics> {
        Ok(config.to_object())
    }

    /// One step of an upgrade: state of version `from` in, state of version `from + 1` out.
    fn upgrade(&self, from: u32, state: OldState) -> Result<OldState, Diagnostics> {
        let _ = state;
        let detail = format!("There is no way from version {from} of the state of `{}`.", self.type_name());
        Err(Diagnostic::internal(detail).into())
    }
}

/// What [`Resource::create`] works from.
#[derive(Debug)]
pub struct Create<M> {
    /// The object as planned: what it computes is still unknown.
    pub planned: M,
    /// The configuration; write-only values stand here and nowhere else.
    pub config: Value,
    /// What the plan left.
    pub private: Private,
}

/// What [`Resource::update`] works from.
#[derive(Debug)]
pub struct Update<M> {
    /// The object as it was last seen.
    pub prior: M,
    /// The object as planned.
    pub planned: M,
    /// The configuration; write-only values stand here and nowhere else.
    pub config: Value,
    /// What the plan left.
    pub private: Private,
}
