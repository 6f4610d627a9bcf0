//! The provider block, and what configuring it opens.

use nhi_identity::{AttributePath, Name, ZoneDraft};
use nhi_proto::schema::{Attribute, Block, Nesting, Presence, Schema};
use nhi_proto::{
    Actions, Answer, Checked, Configure, DataSources, Diagnostic, Diagnostics, EphemeralResources, Field,
    Fields, Functions, ListResources, Provider, Resources, Type, Value,
};
use nhi_register::{Actor, Clock, DEFAULT_ORGANISATION, Location, Register, Session, location};

use crate::actions;
use crate::context::{Connection, Context, Defaults, Planned};
use crate::data;
use crate::ephemerals;
use crate::functions;
use crate::list;
use crate::resources;
use crate::told;

/// The short source address; each core completes it with its own default host.
pub const ADDRESS: &str = "nhi/nhi";

/// The provider. Its fields are what a test replaces.
#[derive(Debug)]
pub struct Nhi {
    actor: Actor,
    clock: Clock,
}

impl Nhi {
    /// The provider as this process runs it: with its user and its clock.
    pub fn of_process() -> Self {
        Self { actor: Actor::of_process(), clock: Clock::system() }
    }

    /// The provider with another actor and clock.
    pub fn new(actor: Actor, clock: Clock) -> Self {
        Self { actor, clock }
    }

    fn open(
        &self,
        register: Option<&str>,
        [organisation, workspace]: [String; 2],
    ) -> Result<Register, Diagnostics> {
        let place = match register {
            Some(url) => Location::parse(url).map_err(|error| told::provider_error(&error))?,
            None => Location::default(),
        };
        let session =
            Session { organisation, workspace, actor: self.actor.clone(), clock: self.clock.clone() };
        Register::open(&place, session).map_err(|error| told::provider_error(&error))
    }
}

impl Provider for Nhi {
    type Context = Context;

    fn address(&self) -> &'static str {
        ADDRESS
    }

    fn schema(&self) -> Schema {
        let text = || Attribute::optional(Type::String);
        let defaults = [
            (
                "owner",
                text().describe(
                    "Name of the `nhi_owner` that declarations with an owner get when they name none themselves.",
                ),
            ),
            (
                "environment",
                text().describe("Environment that zones and identities get when they name none themselves."),
            ),
        ];
        let register = format!(
            "Where the declarations are kept. {} Without this attribute the register is `{}`, which is created when it is \
             not there. Best known at plan: as long as it is not, new declarations can be planned, and nothing can be read.",
            location::RULE,
            location::DEFAULT
        );
        let organisation = format!(
            "Name of the organisation whose declarations these are. One register may keep several, each with names, principals \
             and an audit chain of its own. Without this attribute it is `{DEFAULT_ORGANISATION}`."
        );
        let block = Block::new(
            "Declares the non-human identities of an organisation: who answers for them, which zone they stay in, how they \
             prove themselves, and which exceptions hold until when. Declarations are kept in a register with an audit \
             chain that `nhi check` can read. Its functions tell what a policy newly allows; they need no register.",
        )
        .attribute("register", text().describe(&register))
        .attribute("organisation", text().describe(&organisation))
        .attribute(
            "workspace",
            Attribute::required(Type::String).describe(
                "Name of this configuration in the register. Every declaration belongs to the workspace that created it, \
                 and only that workspace may change it; give each configuration (each state) a name of its own.",
            ),
        )
        .attribute(
            "defaults",
            Attribute::nested(Nesting::Single, Presence::Optional, defaults)
                .describe("Values for declarations that give none themselves."),
        );
        Schema::new(0, block)
    }

    fn validate(&self, config: &Fields<'_>) -> Checked {
        let mut found = Diagnostics::none();
        for attribute in ["organisation", "workspace"] {
            if let Field::Known(name) = config.get::<Field<String>>(attribute)? {
                found.extend(told::bad_name(&name, config.path(attribute)));
            }
        }
        if let Field::Known(url) = config.get::<Field<String>>("register")?
            && let Err(error) = Location::parse(&url)
        {
            found.extend(told::provider_error(&error));
        }
        let defaults = Defaults::read(config)?;
        if let Field::Known(owner) = &defaults.owner {
            found.extend(told::bad_name(owner, config.path("defaults").attribute("owner")));
        }
        if let Field::Known(environment) = &defaults.environment {
            let at = AttributePath::of("defaults");
            let zone = ZoneDraft {
                name: "any".into(),
                environment: environment.as_str().into(),
                ..ZoneDraft::default()
            };
            let wrong: Vec<_> = zone.violations().into_iter().map(|one| one.within(&at)).collect();
            found.extend(told::errors(&wrong));
        }
        if found.has_errors() { Err(found) } else { Ok(found) }
    }

    fn configure(&self, config: &Fields<'_>, _request: &Configure) -> Result<Answer<Context>, Diagnostics> {
        let register = config.get::<Field<String>>("register")?;
        let organisation = config.get::<Field<String>>("organisation")?;
        let workspace = config.get::<Field<String>>("workspace")?;
        let connection = match (register, organisation, workspace) {
            (Field::Unknown, ..) => Connection::Unknown("register"),
            (_, Field::Unknown, _) => Connection::Unknown("organisation"),
            (_, _, Field::Unknown) => Connection::Unknown("workspace"),
            (_, _, Field::Null) => {
                let missing = Diagnostic::error(
                    "No workspace",
                    "Set `workspace` to a name of this configuration in the register.",
                );
                return Err(missing.at(config.path("workspace")).into());
            }
            (register, organisation, Field::Known(workspace)) => {
                let organisation =
                    organisation.known().map_or(DEFAULT_ORGANISATION, String::as_str).to_owned();
                for (attribute, name) in [("organisation", &organisation), ("workspace", &workspace)] {
                    if Name::new(name).is_err() {
                        return Err(told::bad_name(name, config.path(attribute)));
                    }
                }
                let register = register.known().map(String::as_str);
                Connection::Open(Box::new(self.open(register, [organisation, workspace])?))
            }
        };
        let defaults = Defaults::read(config)?;
        Ok(Context { connection, defaults, clock: self.clock.clone(), planned: Planned::default() }.into())
    }

    fn is_incomplete(&self, context: &Context) -> bool {
        context.open_register().is_none()
    }

    fn leave(&self, context: &Context) {
        if let Connection::Open(register) = &context.connection {
            // It only spares another process a doubt, and nobody waits for an answer any more.
            drop(register.leave());
        }
    }

    fn data_sources(&self) -> DataSources<Context> {
        data::all()
    }

    fn list_resources(&self) -> ListResources<Context> {
        list::all()
    }

    fn resources(&self) -> Resources<Context> {
        resources::all()
    }

    fn functions(&self) -> Functions {
        functions::all()
    }

    fn ephemeral_resources(&self) -> EphemeralResources<Context> {
        ephemerals::all()
    }

    fn actions(&self) -> Actions<Context> {
        actions::all()
    }
}

impl Defaults {
    fn read(config: &Fields<'_>) -> Result<Self, Diagnostics> {
        match config.value("defaults")? {
            Value::Null => Ok(Self { owner: Field::Null, environment: Field::Null }),
            Value::Unknown(_) => Ok(Self { owner: Field::Unknown, environment: Field::Unknown }),
            object => {
                let inner = Fields::of(object, &config.path("defaults"))?;
                Ok(Self { owner: inner.get("owner")?, environment: inner.get("environment")? })
            }
        }
    }
}
