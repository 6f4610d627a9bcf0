//! A small provider that keeps its objects as files in a folder: what the tests of this crate drive, and
//! an example of how one is written.

#[path = "trial/note.rs"]
mod note;
#[path = "trial/shelf.rs"]
mod shelf;
#[path = "trial/ticket.rs"]
mod ticket;

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::process::ExitCode;

use nhi_proto::schema::{Attribute, Block, BlockNesting, NestedBlock, Nesting, Presence, Schema};
use nhi_proto::value::Strangers;
use nhi_proto::{
    Actions, Answer, Arguments, Call, Checked, Configure, Create, DataSources, Diagnostic, Diagnostics,
    EphemeralResources, Failure, Field, Fields, FromValue, Function, FunctionError, Functions,
    IdentityAttribute, IdentitySchema, ListResources, Mode, Object, OldState, Parameter, Path, Plan, Private,
    Provider, Resource, Resources, Signature, Stored, ToValue, Type, Update, Value, serve,
};

fn main() -> ExitCode {
    let debug = std::env::args().skip(1).any(|argument| argument == "--debug");
    serve(Trial, if debug { Mode::Debug } else { Mode::Plugin })
}

/// The provider: one setting, and one of each that a provider can offer.
struct Trial;

/// The folder that holds the objects.
struct Folder(PathBuf);

impl Provider for Trial {
    type Context = Folder;

    fn address(&self) -> &'static str {
        "trial/trial"
    }

    fn schema(&self) -> Schema {
        Schema::new(0, Block::new("A trial.").attribute("folder", Attribute::required(Type::String)))
    }

    fn configure(&self, config: &Fields<'_>, request: &Configure) -> Result<Answer<Folder>, Diagnostics> {
        request.cancellation.check()?;
        let folder: Field<String> = config.get("folder")?;
        let warning = Diagnostic::warning("Folder not known yet", "Nothing can be read before it is.")
            .at(config.path("folder"));
        Ok(match folder {
            Field::Known(folder) => Folder(PathBuf::from(folder)).into(),
            Field::Null | Field::Unknown => Answer::from(Folder(PathBuf::new())).warn([warning]),
        })
    }

    fn is_incomplete(&self, folder: &Folder) -> bool {
        folder.0.as_os_str().is_empty()
    }

    fn leave(&self, folder: &Folder) {
        // The setting may never have been known.
        if folder.0.is_dir() {
            drop(fs::write(folder.0.join("left"), ""));
        }
    }

    fn resources(&self) -> Resources<Folder> {
        Resources::new().with(ThingResource)
    }

    fn functions(&self) -> Functions {
        Functions::new().with(Joined)
    }

    fn ephemeral_resources(&self) -> EphemeralResources<Folder> {
        EphemeralResources::new().with(ticket::Ticket)
    }

    fn data_sources(&self) -> DataSources<Folder> {
        DataSources::new().with(shelf::Shelf)
    }

    fn list_resources(&self) -> ListResources<Folder> {
        ListResources::new().with(shelf::Things)
    }

    fn actions(&self) -> Actions<Folder> {
        Actions::new().with(note::Note)
    }
}

/// A thing, as its resource declares it.
#[derive(Debug, Clone)]
struct Thing {
    name: String,
    size: Field<i64>,
    label: Field<String>,
    revision: Field<i64>,
    tags: Option<BTreeMap<String, String>>,
    parts: Vec<Part>,
    mounts: Value,
    extras: Value,
}

#[derive(Debug, Clone)]
struct Part {
    kind: String,
    code: Field<String>,
}

impl FromValue for Part {
    fn from_value(value: &Value, path: &Path) -> Result<Self, Diagnostics> {
        let fields = Fields::of(value, path)?;
        Ok(Self { kind: fields.get("kind")?, code: fields.get("code")? })
    }
}

impl ToValue for Part {
    fn to_value(&self) -> Value {
        Object::new().with("kind", &self.kind).with("code", &self.code).into()
    }
}

impl FromValue for Thing {
    fn from_value(value: &Value, path: &Path) -> Result<Self, Diagnostics> {
        let fields = Fields::of(value, path)?;
        Ok(Self {
            name: fields.get("name")?,
            size: fields.get("size")?,
            label: fields.get("label")?,
            revision: fields.get("revision")?,
            tags: fields.get("tags")?,
            parts: fields.get::<Option<_>>("parts")?.unwrap_or_default(),
            mounts: fields.get("mount")?,
            extras: fields.get("extra")?,
        })
    }
}

impl ToValue for Thing {
    fn to_value(&self) -> Value {
        self.object().into()
    }
}

impl Thing {
    fn object(&self) -> Object {
        let parts = Some(&self.parts).filter(|parts| !parts.is_empty());
        Object::new()
            .with("id", &self.name)
            .with("name", &self.name)
            .with("size", &self.size)
            .with("label", &self.label)
            .with("revision", &self.revision)
            .with("secret", &Value::Null)
            .with("tags", &self.tags)
            .with("parts", &parts.cloned())
            .with("mount", &self.mounts)
            .with("extra", &self.extras)
    }

    /// What computing gives: a revision that counts, and a code for each part.
    fn computed(mut self, revision: i64) -> Self {
        self.revision = Field::Known(revision);
        for part in &mut self.parts {
            part.code = Field::Known(part.kind.to_uppercase());
        }
        self
    }
}

/// The identity of the thing of a name.
fn identity_of(name: &str) -> Object {
    Object::new().with("name", name).with("shelf", "the only one")
}

/// `trial_thing`. Some names make it misbehave, for the tests.
struct ThingResource;

fn failed(error: &io::Error) -> Diagnostics {
    Diagnostic::error("File not accessible", error.to_string()).into()
}

impl ThingResource {
    fn file(folder: &Folder, name: &str) -> PathBuf {
        folder.0.join(format!("{name}.json"))
    }

    fn keep(&self, folder: &Folder, thing: &Thing) -> Result<(), Diagnostics> {
        let ty = self.schema().value_type();
        let json = thing.to_value().to_json(&ty).map_err(|e| Diagnostic::internal(e.to_string()))?;
        fs::write(Self::file(folder, &thing.name), json.to_string()).map_err(|error| failed(&error))
    }

    fn find(&self, folder: &Folder, name: &str) -> Result<Option<Thing>, Diagnostics> {
        let json = match fs::read(Self::file(folder, name)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            read => read.map_err(|error| failed(&error))?,
        };
        let value = Value::from_json(&json, &self.schema().value_type(), Strangers::Refuse)
            .map_err(|e| Diagnostic::internal(e.to_string()))?;
        Thing::from_value(&value, &Path::root()).map(Some)
    }
}

impl Resource for ThingResource {
    type Context = Folder;
    type Model = Thing;

    fn type_name(&self) -> &'static str {
        "trial_thing"
    }

    fn schema(&self) -> Schema {
        let parts = [
            ("kind", Attribute::required(Type::String)),
            ("code", Attribute::computed(Type::String).lasting()),
        ];
        let mount = Block::new("A mount.")
            .attribute("path", Attribute::required(Type::String))
            .attribute("mode", Attribute::optional_computed(Type::String).or_default(Value::string("ro")));
        let extra = Block::new("An extra.").attribute("key", Attribute::required(Type::String));
        let block = Block::new("A thing.")
            .attribute("id", Attribute::computed(Type::String).lasting())
            .attribute("name", Attribute::required(Type::String).replaces().describe("Its name."))
            .attribute("size", Attribute::optional(Type::Number))
            .attribute("label", Attribute::optional_computed(Type::String).or_default(Value::string("none")))
            .attribute("revision", Attribute::computed(Type::Number))
            .attribute("secret", Attribute::optional(Type::String).write_only())
            .attribute("tags", Attribute::optional(Type::map(Type::String)))
            .attribute("parts", Attribute::nested(Nesting::List, Presence::Optional, parts))
            .nested("mount", NestedBlock::new(BlockNesting::List, mount))
            .nested("extra", NestedBlock::new(BlockNesting::Set, extra));
        Schema::new(2, block)
    }

    fn validate(&self, config: &Fields<'_>) -> Checked {
        let size: Field<i64> = config.get("size")?;
        match size.known() {
            Some(size) if *size < 0 => {
                Err(Diagnostic::error("Size below zero", "A thing cannot be that small.")
                    .at(config.path("size"))
                    .into())
            }
            Some(size) if *size > 1000 => {
                Ok(Diagnostic::warning("Large thing", "It will take a while.").at(config.path("size")).into())
            }
            _ => Ok(Diagnostics::none()),
        }
    }

    fn plan(&self, _: &Call<Folder>, mut plan: Plan) -> Result<Answer<Plan>, Diagnostics> {
        let name: Field<String> = plan.planned().get("name")?;
        if let Field::Known(name) = &name {
            assert!(name != "panic at plan", "asked to panic");
        }
        plan.set("id", &name)?;
        Ok(plan.into())
    }

    fn create(
        &self,
        call: &Call<Folder>,
        request: Create<Thing>,
    ) -> Result<Answer<Stored<Thing>>, Failure<Thing>> {
        let made = request.planned.computed(1);
        let private = Private::new(format!("made as {}", made.name));
        match made.name.as_str() {
            "panic" => unreachable!("asked to panic"),
            "slow" => loop {
                call.cancellation().check()?;
                std::thread::park_timeout(std::time::Duration::from_millis(5));
            },
            "half" => {
                let failure = Failure::from(Diagnostic::error("Half done", "The second half is missing."));
                return Err(failure.leaving(Stored::new(made)));
            }
            "wrong" => return Ok(Stored::new(Thing { size: Field::Known(-1), ..made }).into()),
            _ => self.keep(call, &made)?,
        }
        Ok(Stored::new(made).with_private(private).into())
    }

    fn read(
        &self,
        call: &Call<Folder>,
        current: Stored<Thing>,
    ) -> Result<Answer<Option<Stored<Thing>>>, Diagnostics> {
        let found = self.find(call, &current.object.name)?;
        Ok(found.map(|thing| Stored::new(thing).with_private(current.private)).into())
    }

    fn update(
        &self,
        call: &Call<Folder>,
        request: Update<Thing>,
    ) -> Result<Answer<Stored<Thing>>, Failure<Thing>> {
        let before = request.prior.revision.known().copied().unwrap_or(0);
        let made = request.planned.computed(before.saturating_add(1));
        self.keep(call, &made)?;
        let warning = Diagnostic::warning("Changed", "It was changed in place.");
        Ok(Answer::from(Stored::new(made).with_private(request.private)).warn([warning]))
    }

    fn delete(&self, call: &Call<Folder>, current: Stored<Thing>) -> Result<Answer<()>, Failure<Thing>> {
        match fs::remove_file(Self::file(call, &current.object.name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(failed(&error).into()),
            _ => Ok(().into()),
        }
    }

    fn import(&self, call: &Call<Folder>, id: &str) -> Result<Answer<Stored<Thing>>, Diagnostics> {
        let found = self.find(call, id)?;
        let missing = || Diagnostic::error("No such thing", format!("There is no thing `{id}`."));
        Ok(Stored::new(found.ok_or_else(missing)?).into())
    }

    fn identity_schema(&self) -> Option<IdentitySchema> {
        let name = IdentityAttribute::required(Type::String, "Its name.");
        let place = IdentityAttribute::optional(Type::String, "The shelf it lies on.");
        Some(IdentitySchema::new(1).with("name", name).with("shelf", place))
    }

    fn identity(&self, _: &Call<Folder>, object: &Fields<'_>) -> Result<Object, Diagnostics> {
        let name: Field<String> = object.get("name")?;
        Ok(Object::new().with("name", &name).with("shelf", "the only one"))
    }

    fn import_by_identity(
        &self,
        call: &Call<Folder>,
        identity: &Fields<'_>,
    ) -> Result<Answer<Stored<Thing>>, Diagnostics> {
        let place: Option<String> = identity.get("shelf")?;
        if place.is_some_and(|place| place != "the only one") {
            return Err(Diagnostic::error("No such shelf", "There is only one.")
                .at(identity.path("shelf"))
                .into());
        }
        self.import(call, &identity.get::<String>("name")?)
    }

    fn upgrade_identity(&self, _: u32, mut identity: OldState) -> Result<OldState, Diagnostics> {
        // Version 0 had no shelf.
        identity.insert("shelf".to_owned(), "the only one".into());
        Ok(identity)
    }

    fn upgrade(&self, from: u32, mut state: OldState) -> Result<OldState, Diagnostics> {
        // Version 0 called the label `title`; version 1 counted sizes in thousands.
        if from == 0 {
            let title = state.remove("title").unwrap_or_default();
            state.insert("label".to_owned(), title);
        } else if let Some(size) = state.get("size").and_then(serde_json::Value::as_i64) {
            state.insert("size".to_owned(), serde_json::Value::from(size.saturating_mul(1000)));
        }
        Ok(state)
    }
}

/// `joined`: texts with a separator between them. Some separators make it misbehave, for the tests.
struct Joined;

impl Function for Joined {
    type Answer = String;

    fn name(&self) -> &'static str {
        "joined"
    }

    fn signature(&self) -> Signature {
        Signature::new("Joins texts.", Type::String)
            .describe("Null is left out.")
            .parameter(Parameter::new("separator", Type::String).describe("What stands between."))
            .variadic(Parameter::new("texts", Type::String).describe("What is joined.").or_null())
    }

    fn call(&self, arguments: &Arguments<'_>) -> Result<String, FunctionError> {
        let separator: String = arguments.get("separator")?;
        let texts: Vec<Option<String>> = arguments.rest()?;
        assert!(separator != "panic", "asked to panic");
        if separator.is_empty() {
            return Err(arguments.wrong("separator", "it is empty"));
        }
        if let Some(index) = texts.iter().flatten().position(|text| text.contains(&separator)) {
            return Err(arguments.wrong_in_rest(index, "it contains the separator"));
        }
        let texts: Vec<String> = texts.into_iter().flatten().collect();
        if texts.is_empty() {
            return Err(FunctionError::new("there is nothing to join"));
        }
        Ok(texts.join(&separator))
    }
}
