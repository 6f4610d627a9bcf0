//! One declaration as a managed resource: planned without the register, kept in it, and never mistaken for gone.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use nhi_identity::{Name, ObjectKind, Step, Violation};
use nhi_proto::schema::{Attribute, Schema};
use nhi_proto::{
    Answer, Call, Checked, Create, Diagnostic, Diagnostics, Failure, Field, Fields, IdentityAttribute,
    IdentitySchema, Object, Path, Plan, Private, Resource, Stored, ToValue, Type, Update, Value,
};
use nhi_register::{Kept, Register};
use serde::{Deserialize, Serialize};

use crate::context::{Connection, Context};
use crate::resources::{Reading, Subject};
use crate::spelling;
use crate::told;

/// The resource for the declarations `T`.
#[derive(Debug)]
pub(crate) struct Managed<T>(PhantomData<T>);

/// What is remembered beside each object: the register it lives in, and its version there as last seen.
#[derive(Serialize, Deserialize)]
struct Memory {
    register: String,
    #[serde(default)]
    version: Option<i64>,
}

impl<T> Managed<T> {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<T: Subject> Managed<T> {
    /// The object as read, spelled as `known` spells it wherever that means the same.
    fn respelled(kept: &T, known: &Value) -> Value {
        let fresh = Value::from(object_of(kept));
        let (Value::Object(fresh), Some(known)) = (&fresh, known.attributes()) else { return fresh };
        let means_the_same = |spelled: &BTreeMap<String, Value>| {
            let spelled = Value::Object(spelled.clone());
            let declared = Fields::of(&spelled, &Path::root()).and_then(|fields| T::declared(&fields));
            declared.is_ok_and(|declared| declared == *kept)
        };
        let mut fresh = fresh.clone();
        for (name, value) in known {
            if let Some(parts) = kept.respelled(name, value) {
                fresh.insert(name.clone(), parts);
            }
        }
        Value::Object(spelling::respelled(&fresh, known, means_the_same))
    }

    /// Other words for the same are no change: attributes that only say anew what the state says keep its words, so that
    /// nobody has to approve again what was approved.
    fn keep_spelling(plan: &mut Plan) {
        let Some(prior) = plan.prior().map(|prior| prior.to_object()) else { return };
        let (prior, planned) = (Value::from(prior), Value::from(plan.planned().to_object()));
        let (Some(before), Some(after)) = (prior.attributes(), planned.attributes()) else { return };
        let declared = |attributes: &BTreeMap<String, Value>| {
            let object = Value::Object(attributes.clone());
            Fields::of(&object, &Path::root()).and_then(|fields| T::declared(&fields)).ok()
        };
        let differs = |name: &String| {
            before.get(name).is_some_and(|value| !value.is_null() && after.get(name) != Some(value))
        };
        let names: Vec<&String> = after.keys().filter(|name| differs(name)).collect();
        // A manifest is compared identity by identity when it is read; to read all of them twice more is not worth it.
        if names.is_empty() || T::KIND == ObjectKind::Manifest {
            return;
        }
        let Some(asked) = declared(after) else { return };
        for name in names {
            let mut respelled = after.clone();
            respelled.extend(before.get(name).map(|value| (name.clone(), value.clone())));
            if declared(&respelled).as_ref() == Some(&asked) {
                plan.keep(name);
            }
        }
    }

    fn answer(register: &Register, planned: &Value, kept: &Kept<T>) -> Answer<Stored<Value>> {
        let fixed = told_now(planned, || {
            let object = Value::from(object_of(&kept.declaration));
            Fields::of(&object, &Path::root()).and_then(|fields| T::warnings_in(&fields, register.now()))
        });
        let answer: Answer<_> = Stored::new(completed(planned, &object_of(&kept.declaration).into()))
            .with_private(memory(register, kept))
            .into();
        answer.warn(fixed)
    }

    /// What freezes would say if it were applied now. Until it is, that may change: it is worth a warning, and nothing
    /// is said where anything is not known yet.
    fn kept_out(call: &Call<Context>, plan: &Plan) -> Vec<Violation> {
        let Connection::Open(register) = &call.connection else { return Vec::new() };
        if !T::ARRIVES {
            return Vec::new();
        }
        let prior = plan.prior().and_then(|prior| T::declared(&prior).ok());
        let Ok(asked) = T::declared(&plan.planned()) else { return Vec::new() };
        register.kept_out(prior.as_ref(), &asked).unwrap_or_default()
    }

    /// What it would break among the others if it were applied now: names that nobody declares, and nobody has planned
    /// before it; a principal that another workspace has. Whoever declares it without being referred to may still come,
    /// and another workspace may let go of what it has: it is worth a warning.
    fn unmet(call: &Call<Context>, plan: &Plan) -> Vec<Violation> {
        let planned = plan.planned();
        let unknown = |name: &str| planned.value(name).is_ok_and(Value::is_unknown);
        // Where not everything is known, what is known may name others.
        let known = Value::from(planned.to_object());
        let mut attributes = known.attributes().cloned().unwrap_or_default();
        for value in attributes.values_mut().filter(|value| value.is_unknown()) {
            *value = Value::Null;
        }
        let known = Value::Object(attributes);
        let Ok(asked) = Fields::of(&known, &Path::root()).and_then(|fields| T::declared(&fields)) else {
            return Vec::new();
        };
        let identities = asked.identities().into_iter().flat_map(BTreeMap::keys).cloned();
        let within = identities.map(|name| (ObjectKind::Identity, name));
        call.planned.note(within.chain([(T::KIND, asked.name().clone())]));
        let prior = plan.prior().and_then(|prior| T::declared(&prior).ok());
        let Connection::Open(register) = &call.connection else { return Vec::new() };
        if prior.as_ref() == Some(&asked) {
            return Vec::new();
        }
        let Ok(mut around) = register.around(&asked) else { return Vec::new() };
        call.planned.tell(&mut around);
        let mut unmet = asked.violations(&around);
        unmet.retain(|one| match one.path.0.first() {
            // Whether another one has the principal is decided by its platform as well.
            Some(Step::Attribute(name)) if name == "principal" => !unknown(name) && !unknown("platform"),
            Some(Step::Attribute(name)) => !unknown(name),
            _ => true,
        });
        for one in &mut unmet {
            one.remedy = format!(
                "The register says so as it is now, without what this plan has come to so far; an apply that finds it so is \
                 refused. {}",
                one.remedy
            );
        }
        unmet
    }

    fn kept_here(
        call: &Call<Context>,
        private: &Private,
        object: &Value,
    ) -> Result<(String, Memory), Diagnostics> {
        let fields = Fields::of(object, &Path::root())?;
        let name: String = fields.get("name")?;
        let register = call.register()?;
        let memory = match serde_json::from_slice::<Memory>(private.as_bytes()) {
            Ok(memory) => memory,
            // Without a memory nobody can say that the object is gone; that it is there can still be seen.
            Err(_) => Memory { register: String::new(), version: None },
        };
        if !memory.register.is_empty() && memory.register != register.id() {
            let detail = format!(
                "{} `{name}` was created in the register {}, and the provider is configured with the register {}. It is \
                 not taken for removed. Point `register` to the one it was created in; if that one is lost for good, remove \
                 the resource from the state (`terraform state rm`) and create or import it anew.",
                T::TYPE,
                memory.register,
                register.id()
            );
            return Err(Diagnostic::error("This is another register", detail).into());
        }
        Ok((name, memory))
    }

    fn require_own(register: &Register, kept: &Kept<T>, verb: &str) -> Result<(), Diagnostics> {
        let workspace = register.workspace().unwrap_or_default();
        if let Some(manifest) = &kept.manifest {
            let detail = format!(
                "{} `{}` is kept by the nhi_manifest `{manifest}`; it cannot be {verb} by itself. Change it in the manifest, or \
                 take it out there first; `terraform state rm` forgets it here.",
                T::TYPE,
                kept.declaration.name()
            );
            return Err(Diagnostic::error("A manifest keeps it", detail).at(Path::of("name")).into());
        }
        if kept.workspace == workspace {
            return Ok(());
        }
        let detail = format!(
            "{} `{}` belongs to workspace `{}`, and the provider is configured for `{workspace}`; it cannot be {verb} here. \
             Manage it there, or \
             check `workspace` in the provider block; `terraform state rm` forgets it here.",
            T::TYPE,
            kept.declaration.name(),
            kept.workspace
        );
        Err(Diagnostic::error("It belongs to another workspace", detail).at(Path::of("name")).into())
    }
}

impl<T: Subject> Resource for Managed<T> {
    type Context = Context;
    type Model = Value;

    fn type_name(&self) -> &'static str {
        T::TYPE
    }

    fn schema(&self) -> Schema {
        let id = Attribute::computed(Type::String)
            .describe("The name again, for tools that ask for an id.")
            .lasting();
        Schema::new(0, T::block().attribute("id", id))
    }

    fn validate(&self, config: &Fields<'_>) -> Checked {
        let found = told::errors(&T::violations_in(config, Reading::Config)?);
        if found.has_errors() { Err(found) } else { Ok(found) }
    }

    fn plan(&self, call: &Call<Context>, mut plan: Plan) -> Result<Answer<Plan>, Diagnostics> {
        T::fill(&mut plan, &call.defaults)?;
        T::complete(&mut plan)?;
        let name: Field<String> = plan.planned().get("name")?;
        plan.set("id", &name)?;
        Self::keep_spelling(&mut plan);
        let planned = plan.planned();
        let found = told::errors(&T::violations_in(&planned, Reading::Object)?);
        if found.has_errors() {
            return Err(found);
        }
        let mut warnings = T::warnings_in(&planned, call.clock.now())?;
        warnings.extend(Self::kept_out(call, &plan));
        warnings.extend(Self::unmet(call, &plan));
        let answer: Answer<Plan> = plan.into();
        Ok(answer.warn(warnings.iter().map(told::warning)))
    }

    fn create(
        &self,
        call: &Call<Context>,
        request: Create<Value>,
    ) -> Result<Answer<Stored<Value>>, Failure<Value>> {
        let register = call.register()?;
        let declaration = T::declared(&Fields::of(&request.planned, &Path::root())?)?;
        let kept = register.create(&declaration).map_err(|error| told::register_error(&error))?;
        Ok(Self::answer(register, &request.planned, &kept))
    }

    fn read(
        &self,
        call: &Call<Context>,
        current: Stored<Value>,
    ) -> Result<Answer<Option<Stored<Value>>>, Diagnostics> {
        let (name, memory_before) = Self::kept_here(call, &current.private, &current.object)?;
        let register = call.register()?;
        let Some(kept) = register.read::<T>(&name).map_err(|error| told::register_error(&error))? else {
            if memory_before.register.is_empty() {
                let detail = format!(
                    "The state does not say in which register {} `{name}` was created, and this one does not have it. Check \
                     `register` in the provider block; if it is gone for good, remove it from the state (`terraform state \
                     rm`).",
                    T::TYPE
                );
                return Err(Diagnostic::error("The register does not have it", detail)
                    .at(Path::of("name"))
                    .into());
            }
            return Ok(None.into());
        };
        Self::require_own(register, &kept, "read")?;
        let object = Self::respelled(&kept.declaration, &current.object);
        Ok(Some(Stored::new(object).with_private(memory(register, &kept))).into())
    }

    fn update(
        &self,
        call: &Call<Context>,
        request: Update<Value>,
    ) -> Result<Answer<Stored<Value>>, Failure<Value>> {
        let (_, memory) = Self::kept_here(call, &request.private, &request.prior)?;
        let register = call.register()?;
        let declaration = T::declared(&Fields::of(&request.planned, &Path::root())?)?;
        let kept =
            register.update(&declaration, memory.version).map_err(|error| told::register_error(&error))?;
        Ok(Self::answer(register, &request.planned, &kept))
    }

    fn delete(&self, call: &Call<Context>, current: Stored<Value>) -> Result<Answer<()>, Failure<Value>> {
        let (name, memory) = Self::kept_here(call, &current.private, &current.object)?;
        let referrers = call
            .register()?
            .delete::<T>(&name, memory.version)
            .map_err(|error| told::register_error(&error))?;
        let answer: Answer<()> = ().into();
        Ok(answer.warn(told::still_named(T::TYPE, &name, &referrers)))
    }

    fn import(&self, call: &Call<Context>, id: &str) -> Result<Answer<Stored<Value>>, Diagnostics> {
        if let Err(error) = Name::new(id) {
            let detail = format!("The id of an import is the name of the declaration: {error}.");
            return Err(Diagnostic::error("Not a name", detail).into());
        }
        let register = call.register()?;
        let Some(kept) = register.get::<T>(id).map_err(|error| told::register_error(&error))? else {
            let detail = format!(
                "The register has no {} of the name `{id}`. Check the name, and `register`.",
                T::TYPE
            );
            return Err(Diagnostic::error("Nothing to import", detail).into());
        };
        Self::require_own(register, &kept, "imported")?;
        Ok(Stored::new(object_of(&kept.declaration).into()).with_private(memory(register, &kept)).into())
    }

    fn configuration(&self, config: &Fields<'_>) -> Result<Object, Diagnostics> {
        let given = |name: &str| config.value(name).is_ok_and(|value| !value.is_null());
        // The end that fell out of a length is not said a second time.
        let object = config.to_object();
        Ok(if given("valid_for") { object.with("expires_at", &Value::Null) } else { object })
    }

    fn identity_schema(&self) -> Option<IdentitySchema> {
        let name = IdentityAttribute::required(Type::String, "The name of the declaration.");
        let organisation = IdentityAttribute::optional(
            Type::String,
            "The organisation it belongs to; an import that names none means that of the provider block.",
        );
        Some(IdentitySchema::new(0).with("name", name).with("organisation", organisation))
    }

    fn identity(&self, call: &Call<Context>, object: &Fields<'_>) -> Result<Object, Diagnostics> {
        let name: Field<String> = object.get("name")?;
        Ok(identity(&call.organisation(), &name))
    }

    fn import_by_identity(
        &self,
        call: &Call<Context>,
        identity: &Fields<'_>,
    ) -> Result<Answer<Stored<Value>>, Diagnostics> {
        let organisation: Option<String> = identity.get("organisation")?;
        let own = call.register()?.organisation();
        if let Some(other) = organisation.filter(|named| named != own) {
            let detail = format!(
                "The identity names the organisation `{other}`, and the provider is configured for `{own}`. Import it with a \
                 provider block of that organisation, or leave `organisation` out."
            );
            return Err(Diagnostic::error("It belongs to another organisation", detail).into());
        }
        self.import(call, &identity.get::<String>("name")?)
    }
}

/// The object with all its attributes, `id` included.
pub(crate) fn object_of<T: Subject>(kept: &T) -> Object {
    kept.attributes().with("id", kept.name().as_str())
}

/// What tells a declaration from all others of its kind in a register.
pub(crate) fn identity(organisation: &(impl ToValue + ?Sized), name: &(impl ToValue + ?Sized)) -> Object {
    Object::new().with("name", name).with("organisation", organisation)
}

/// The planned object with what was unknown in it filled in from what was kept. Everything else stays as the user
/// spelled it.
fn completed(planned: &Value, kept: &Value) -> Value {
    let (Some(planned), Some(kept)) = (planned.attributes(), kept.attributes()) else { return kept.clone() };
    let fill = |(name, value): (&String, &Value)| {
        let value = if value.is_unknown() { kept.get(name).unwrap_or(&Value::Null) } else { value };
        (name.clone(), value.clone())
    };
    Value::Object(planned.iter().map(fill).collect::<BTreeMap<_, _>>())
}

/// Warnings that the plan could not give because it did not know enough yet.
fn told_now(
    planned: &Value,
    warnings: impl FnOnce() -> Result<Vec<Violation>, Diagnostics>,
) -> Vec<Diagnostic> {
    if planned.is_wholly_known() {
        return Vec::new();
    }
    warnings().unwrap_or_default().iter().map(told::warning).collect()
}

fn memory<T>(register: &Register, kept: &Kept<T>) -> Private {
    let memory = Memory { register: register.id().to_owned(), version: Some(kept.version) };
    Private::new(serde_json::to_vec(&memory).unwrap_or_default())
}
