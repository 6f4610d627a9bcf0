//! The core's part: calls in its order, with every answer judged.

use std::process::Command;

use nhi_proto::schema::Schema;
use nhi_proto::{Path, Step, Type, Value};

use super::breach::{self, Breach, Rule, Told, Trouble};
use super::plugin::Plugin;
use super::rules::{compatible, no_write_only, plan_valid};
use super::schema::{Kind, Schemas};
use super::{proposed, wire};

/// How the provider says that it broke its own promise.
const BUG: &str = "Internal error of the provider";

/// A core and the provider it speaks to.
pub struct Core {
    pub(super) plugin: Plugin,
    pub(super) schemas: Schemas,
}

/// An object as a state keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// Its attributes.
    pub value: Value,
    /// What the provider keeps beside it.
    pub private: Vec<u8>,
    /// Its identity, where its kind has one.
    pub identity: Option<Value>,
}

/// What a plan comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Nothing is to be done.
    NoOp,
    /// The object is made.
    Create,
    /// The object is changed.
    Update,
    /// The object is destroyed and made anew.
    Replace,
    /// The object is destroyed.
    Delete,
}

/// A plan that the core accepted.
#[derive(Debug, Clone)]
pub struct Planned {
    /// The type of the resource.
    pub kind: String,
    /// What it comes to.
    pub action: Action,
    /// What there was.
    pub prior: Option<Instance>,
    /// What there will be.
    pub value: Value,
    /// The attributes that make the object anew.
    pub replaced: Vec<Path>,
    /// Warnings.
    pub told: Vec<Told>,
    private: Vec<u8>,
    identity: Option<Value>,
}

/// What an apply left.
#[derive(Debug, Clone)]
pub struct Applied {
    /// What a state holds now.
    pub instance: Option<Instance>,
    /// Whether the core would make it anew the next time.
    pub tainted: bool,
    /// What the provider said; errors among it when it failed.
    pub told: Vec<Told>,
}

impl Applied {
    /// The object of an apply that worked.
    pub fn whole(self) -> Result<Option<Instance>, Trouble> {
        if self.told.iter().any(|one| one.error) {
            Err(Trouble::Refused(self.told))
        } else {
            Ok(self.instance)
        }
    }
}

/// One answer to a request for a plan.
#[derive(PartialEq)]
struct Asked {
    value: Value,
    replaced: Vec<Path>,
    private: Vec<u8>,
    identity: Option<Value>,
    told: Vec<Told>,
}

impl Core {
    /// Starts a provider and reads its schemas.
    pub fn start(command: Command) -> Result<Self, Trouble> {
        let plugin = Plugin::start(command)?;
        let request = wire::get_provider_schema::Request {};
        let sent = plugin.call(|mut client| async move { client.get_provider_schema(request).await })?;
        heard(&sent.diagnostics, None)?;
        let request = wire::get_resource_identity_schemas::Request {};
        // A provider without identities need not know the call.
        let identities = plugin
            .call(|mut client| async move { client.get_resource_identity_schemas(request).await })
            .unwrap_or_default();
        heard(&identities.diagnostics, None)?;
        let schemas = Schemas::read(sent, &identities)?;
        Ok(Self { plugin, schemas })
    }

    /// What the provider offers.
    pub fn schemas(&self) -> &Schemas {
        &self.schemas
    }

    /// The process.
    pub fn plugin(&self) -> &Plugin {
        &self.plugin
    }

    /// Ends the conversation and hands the process over.
    pub fn into_plugin(self) -> Plugin {
        self.plugin
    }

    /// A managed resource.
    pub fn kind(&self, kind: &str) -> Result<&Kind, Trouble> {
        let none = || Breach::of(Rule::Schema, format!("there is no resource type `{kind}`"));
        Ok(self.schemas.kinds.get(kind).ok_or_else(none)?)
    }

    /// Checks and hands over the provider block.
    pub fn configure(&self, config: &Value) -> Result<Vec<Told>, Trouble> {
        let ty = self.schemas.provider.value_type();
        let request = wire::validate_provider_config::Request { config: Some(dynamic(config, &ty)?) };
        let answer =
            self.plugin.call(|mut client| async move { client.validate_provider_config(request).await })?;
        heard(&answer.diagnostics, Some(&ty))?;
        let request = wire::configure_provider::Request {
            terraform_version: "1.15.5".to_owned(),
            config: Some(dynamic(config, &ty)?),
            client_capabilities: capabilities(),
        };
        let answer =
            self.plugin.call(|mut client| async move { client.configure_provider(request).await })?;
        heard(&answer.diagnostics, Some(&ty))
    }

    /// Checks the configuration of a resource.
    pub fn validate(&self, kind: &str, config: &Value) -> Result<Vec<Told>, Trouble> {
        let ty = &self.kind(kind)?.ty;
        let request = wire::validate_resource_config::Request {
            type_name: kind.to_owned(),
            config: Some(dynamic(config, ty)?),
            client_capabilities: capabilities(),
        };
        let answer =
            self.plugin.call(|mut client| async move { client.validate_resource_config(request).await })?;
        heard(&answer.diagnostics, Some(ty))
    }

    /// Plans a create, an update or a replacement; with `Value::Null` as configuration, a destroy.
    pub fn plan(&self, kind: &str, prior: Option<&Instance>, config: &Value) -> Result<Planned, Trouble> {
        if !config.is_null() {
            self.validate(kind, config)?;
        }
        let asked = self.ask(kind, prior, config)?;
        if self.ask(kind, prior, config)? != asked {
            return Err(Breach::of(Rule::Deterministic, "a plan asked for twice has two answers").into());
        }
        let before = value_of(prior);
        let action = match prior {
            _ if config.is_null() => Action::Delete,
            None => Action::Create,
            Some(_) if !asked.replaced.is_empty() => Action::Replace,
            Some(_) if asked.value == before => Action::NoOp,
            Some(_) => Action::Update,
        };
        let asked = if action == Action::Replace {
            let private = asked.private.clone();
            let empty = Instance { value: Value::Null, private, identity: None };
            Asked { replaced: asked.replaced, ..self.ask(kind, Some(&empty), config)? }
        } else {
            asked
        };
        if matches!(action, Action::Update | Action::NoOp) {
            lasts(prior.and_then(|prior| prior.identity.as_ref()), asked.identity.as_ref())?;
        }
        let Asked { value, replaced, private, identity, told } = asked;
        Ok(Planned {
            kind: kind.to_owned(),
            action,
            prior: prior.cloned(),
            value,
            replaced,
            told,
            private,
            identity,
        })
    }

    /// Asks for one plan and judges it.
    fn ask(&self, name: &str, prior: Option<&Instance>, config: &Value) -> Result<Asked, Trouble> {
        let kind = self.kind(name)?;
        let before = value_of(prior);
        let proposal = proposed(&kind.schema.block, &before, config);
        let request = wire::plan_resource_change::Request {
            type_name: name.to_owned(),
            prior_state: Some(dynamic(&before, &kind.ty)?),
            proposed_new_state: Some(dynamic(&proposal, &kind.ty)?),
            config: Some(dynamic(config, &kind.ty)?),
            prior_private: prior.map(|prior| prior.private.clone()).unwrap_or_default(),
            client_capabilities: capabilities(),
            prior_identity: Self::identity_sent(kind, prior)?,
            ..Default::default()
        };
        let answer =
            self.plugin.call(|mut client| async move { client.plan_resource_change(request).await })?;
        let told = heard(&answer.diagnostics, Some(&kind.ty))?;
        if answer.deferred.is_some() {
            let what = "the provider deferred changes when it was not allowed to";
            return Err(Breach::of(Rule::Deferred, what).into());
        }
        if answer.legacy_type_system {
            return Err(Breach::of(Rule::Legacy, "the plan is marked as that of an old provider").into());
        }
        let value = received(answer.planned_state, &kind.ty)?;
        if config.is_null() {
            if !value.is_null() {
                return Err(Breach::of(Rule::PlanExistence, "planned a non-null destroy value").into());
            }
        } else {
            plan_valid(&kind.schema.block, &before, config, &value)?;
            no_write_only(&kind.schema.block, &value, &Path::root())?;
        }
        let replaced = replacing(&answer.requires_replace, &before, &value)?;
        let identity = identity_received(kind, answer.planned_identity)?;
        let exists = !before.is_null() && !value.is_null() && replaced.is_empty();
        if let Some(identity) = identity.as_ref().filter(|_| exists)
            && !identity.is_wholly_known()
        {
            let what = format!("the identity of what exists is not known: {identity:?}");
            return Err(Breach::of(Rule::Identity, what).into());
        }
        Ok(Asked { value, replaced, private: answer.planned_private, identity, told })
    }

    /// Applies a plan, with the configuration as it is known by now. The plan is asked for once more, as the core does.
    pub fn apply(&self, plan: &Planned, config: &Value) -> Result<Applied, Trouble> {
        let done = |instance: Option<Instance>| Applied { instance, tainted: false, told: Vec::new() };
        match plan.action {
            Action::NoOp => Ok(done(plan.prior.clone())),
            Action::Delete => self.carry_out(plan, &Value::Null),
            Action::Create | Action::Update => self.again(plan, plan.prior.as_ref(), config),
            Action::Replace => {
                let gone = self.carry_out(
                    &Planned { action: Action::Delete, value: Value::Null, identity: None, ..plan.clone() },
                    &Value::Null,
                )?;
                if gone.told.iter().any(|one| one.error) {
                    return Ok(gone);
                }
                self.again(plan, None, config)
            }
        }
    }

    /// Plans with the final configuration, compares, applies.
    fn again(&self, plan: &Planned, prior: Option<&Instance>, config: &Value) -> Result<Applied, Trouble> {
        self.validate(&plan.kind, config)?;
        let last = self.ask(&plan.kind, prior, config)?;
        compatible(Rule::FinalPlan, &plan.value, &last.value)?;
        if prior.is_some() && !last.replaced.is_empty() {
            return Err(Breach::of(Rule::FinalPlan, "the planned action changed to a replacement").into());
        }
        let settled = Planned {
            prior: prior.cloned(),
            action: if prior.is_some() { Action::Update } else { Action::Create },
            value: last.value,
            private: last.private,
            identity: last.identity,
            ..plan.clone()
        };
        self.carry_out(&settled, config)
    }

    /// Makes the call that changes something, and judges what it left.
    fn carry_out(&self, plan: &Planned, config: &Value) -> Result<Applied, Trouble> {
        let kind = self.kind(&plan.kind)?;
        let request = wire::apply_resource_change::Request {
            type_name: plan.kind.clone(),
            prior_state: Some(dynamic(&value_of(plan.prior.as_ref()), &kind.ty)?),
            planned_state: Some(dynamic(&plan.value, &kind.ty)?),
            config: Some(dynamic(config, &kind.ty)?),
            planned_private: plan.private.clone(),
            planned_identity: identity_wire(kind, plan.identity.as_ref())?,
            ..Default::default()
        };
        let answer =
            self.plugin.call(|mut client| async move { client.apply_resource_change(request).await })?;
        let told = match heard(&answer.diagnostics, Some(&kind.ty)) {
            Ok(told) | Err(Trouble::Refused(told)) => told,
            Err(broke) => return Err(broke),
        };
        let failed = told.iter().any(|one| one.error);
        if answer.legacy_type_system {
            return Err(Breach::of(Rule::Legacy, "the result is marked as that of an old provider").into());
        }
        let value = received(answer.new_state, &kind.ty)?;
        known(&value)?;
        no_write_only(&kind.schema.block, &value, &Path::root())?;
        if !failed {
            if value.is_null() != plan.value.is_null() {
                let what = match plan.action {
                    Action::Delete => "returned a non-null object for a destroy",
                    _ => "root object was present, but now absent",
                };
                return Err(Breach::of(Rule::ApplyExistence, what).into());
            }
            compatible(Rule::ApplyKeepsPlan, &plan.value, &value)?;
        }
        if value.is_null() {
            // An update that failed and says nothing leaves what was there.
            let kept = plan.prior.clone().filter(|_| failed);
            return Ok(Applied { instance: kept, tainted: false, told });
        }
        let identity = identity_received(kind, answer.new_identity)?;
        if !failed {
            whole_identity(kind, identity.as_ref())?;
            if let (Some(planned), Some(made)) = (&plan.identity, &identity) {
                compatible(Rule::Identity, planned, made)?;
            }
        }
        let tainted = failed && plan.action == Action::Create;
        Ok(Applied { instance: Some(Instance { value, private: answer.private, identity }), tainted, told })
    }

    pub(super) fn identity_sent(
        kind: &Kind,
        prior: Option<&Instance>,
    ) -> Result<Option<wire::ResourceIdentityData>, Trouble> {
        identity_wire(kind, prior.and_then(|prior| prior.identity.as_ref()))
    }
}

fn value_of(instance: Option<&Instance>) -> Value {
    instance.map_or(Value::Null, |instance| instance.value.clone())
}

fn lasts(before: Option<&Value>, after: Option<&Value>) -> Result<(), Breach> {
    match (before, after) {
        (Some(before), Some(after)) if before != after => {
            Err(Breach::of(Rule::Identity, format!("the identity changed from {before:?} to {after:?}")))
        }
        _ => Ok(()),
    }
}

/// The paths whose values differ; one that exists neither before nor after is a breach.
fn replacing(paths: &[wire::AttributePath], before: &Value, after: &Value) -> Result<Vec<Path>, Breach> {
    let mut replaced = Vec::new();
    if before.is_null() || after.is_null() {
        return Ok(replaced);
    }
    for path in paths.iter().map(breach::path) {
        match (at(before, &path), at(after, &path)) {
            (None, None) => {
                let what = "has indicated \"requires replacement\" for a non-existent attribute path";
                return Err(Breach::at(Rule::ReplacePath, &path, what));
            }
            (one, other) if one == other => {}
            _ => replaced.push(path),
        }
    }
    Ok(replaced)
}

fn at<'a>(value: &'a Value, path: &Path) -> Option<&'a Value> {
    path.steps().iter().try_fold(value, |value, step| match (step, value) {
        (Step::Attribute(name), Value::Object(parts)) | (Step::Key(name), Value::Map(parts)) => {
            parts.get(name)
        }
        (Step::Index(index), Value::List(parts)) => parts.get(*index),
        _ => None,
    })
}

pub(super) fn known(value: &Value) -> Result<(), Breach> {
    if value.is_wholly_known() {
        Ok(())
    } else {
        Err(Breach::of(Rule::Known, format!("still indicated an unknown value: {value:?}")))
    }
}

pub(super) fn whole_identity(kind: &Kind, identity: Option<&Value>) -> Result<(), Breach> {
    match (&kind.identity, identity) {
        (None, None) => Ok(()),
        (Some(_), Some(identity)) if identity.is_wholly_known() && !identity.is_null() => Ok(()),
        (Some(_), None) => Err(Breach::of(Rule::Identity, "the object has no identity")),
        _ => Err(Breach::of(Rule::Identity, format!("the identity is not whole: {identity:?}"))),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "requests take it so")]
pub(super) fn capabilities() -> Option<wire::ClientCapabilities> {
    Some(wire::ClientCapabilities { deferral_allowed: false, write_only_attributes_allowed: true })
}

pub(super) fn dynamic(value: &Value, ty: &Type) -> Result<wire::DynamicValue, Breach> {
    let wrong =
        |error: nhi_proto::value::ValueError| Breach::of(Rule::Type, format!("cannot be sent: {error}"));
    Ok(wire::DynamicValue { msgpack: value.to_msgpack(ty).map_err(wrong)?, json: Vec::new() })
}

/// Reads what a provider sent; nothing at all is null.
pub(super) fn received(sent: Option<wire::DynamicValue>, ty: &Type) -> Result<Value, Breach> {
    use nhi_proto::value::Strangers;
    let Some(sent) = sent else { return Ok(Value::Null) };
    let read = if !sent.msgpack.is_empty() {
        Value::from_msgpack(&sent.msgpack, ty)
    } else if sent.json.is_empty() {
        return Ok(Value::Null);
    } else {
        Value::from_json(&sent.json, ty, Strangers::Refuse)
    };
    read.map_err(|error| Breach::of(Rule::Type, format!("does not conform to the schema: {error}")))
}

pub(super) fn identity_wire(
    kind: &Kind,
    identity: Option<&Value>,
) -> Result<Option<wire::ResourceIdentityData>, Trouble> {
    match (&kind.identity, identity) {
        (Some((ty, _)), Some(identity)) => {
            Ok(Some(wire::ResourceIdentityData { identity_data: Some(dynamic(identity, ty)?) }))
        }
        _ => Ok(None),
    }
}

pub(super) fn identity_received(
    kind: &Kind,
    sent: Option<wire::ResourceIdentityData>,
) -> Result<Option<Value>, Breach> {
    let Some(sent) = sent.and_then(|sent| sent.identity_data) else { return Ok(None) };
    let Some((ty, _)) = &kind.identity else {
        return Err(Breach::of(Rule::Identity, "an identity of a kind that has none"));
    };
    let identity = received(Some(sent), ty).map_err(|breach| Breach { rule: Rule::Identity, ..breach })?;
    Ok(Some(identity).filter(|identity| !identity.is_null()))
}

/// What was said: warnings when nothing is wrong, everything when the provider refuses.
pub(super) fn heard(sent: &[wire::Diagnostic], ty: Option<&Type>) -> Result<Vec<Told>, Trouble> {
    use wire::diagnostic::Severity;
    let mut told = Vec::new();
    for one in sent {
        let path = one.attribute.as_ref().map(breach::path).unwrap_or_default();
        let place = path.to_string();
        if one.summary == BUG {
            return Err(Breach { rule: Rule::NoBug, place, what: one.detail.clone() }.into());
        }
        if ty.is_some_and(|ty| !leads_somewhere(ty, path.steps())) {
            let what = format!("`{}` points at nothing there is", one.summary);
            return Err(Breach { rule: Rule::Place, place, what }.into());
        }
        let error = match one.severity() {
            Severity::Error => true,
            Severity::Warning => false,
            Severity::Invalid => {
                let what = "the message is neither error nor warning".to_owned();
                return Err(Breach { rule: Rule::Place, place, what }.into());
            }
        };
        told.push(Told { error, place, summary: one.summary.clone(), detail: one.detail.clone() });
    }
    if told.iter().any(|one| one.error) { Err(Trouble::Refused(told)) } else { Ok(told) }
}

fn leads_somewhere(ty: &Type, steps: &[Step]) -> bool {
    let Some((step, rest)) = steps.split_first() else { return true };
    match (ty, step) {
        (Type::Object(parts), Step::Attribute(name)) => {
            parts.get(name).is_some_and(|ty| leads_somewhere(ty, rest))
        }
        (Type::Map(element), Step::Key(_)) | (Type::List(element), Step::Index(_)) => {
            leads_somewhere(element, rest)
        }
        (Type::Tuple(parts), Step::Index(index)) => {
            parts.get(*index).is_some_and(|ty| leads_somewhere(ty, rest))
        }
        (Type::Dynamic, _) => true,
        _ => false,
    }
}

/// The type of a schema of something that is no managed resource.
pub(super) fn type_of(schema: &Schema) -> Type {
    schema.value_type()
}
