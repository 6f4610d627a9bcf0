//! `nhi_elevation_grant`: somebody is raised while a run lasts.

use nhi_identity::approval::remark;
use nhi_identity::{Field, GrantError, Period, Timestamp, grant, period};
use nhi_proto::schema::{Attribute, Block, Schema};
use nhi_proto::{
    Answer, Call, Checked, Diagnostic, Diagnostics, Ephemeral, Fields, Lease, Object, Opened, Path, Private,
    Type,
};
use nhi_register::{Grant, GrantDraft, RegisterError};
use serde::{Deserialize, Serialize};

use crate::attributes::text;
use crate::context::Context;
use crate::resources;
use crate::told;

pub(crate) struct ElevationGrant;

/// What closing and renewing it needs to know.
#[derive(Serialize, Deserialize)]
struct Memory {
    grant: String,
    register: String,
}

impl Memory {
    fn of(private: &Private) -> Result<Self, Diagnostics> {
        serde_json::from_slice(private.as_bytes()).map_err(|error| {
            let detail = format!("What was remembered of the grant cannot be read: {error}.");
            Diagnostic::internal(detail).into()
        })
    }

    /// The id of the grant, in the register that it was opened in.
    fn in_register(&self, register: &str) -> Result<&str, Diagnostics> {
        if self.register == register {
            return Ok(&self.grant);
        }
        let detail = format!(
            "The grant {} was opened in the register {}, and the provider is configured with the register {register}. It \
             stays open until its time ends.",
            self.grant, self.register
        );
        Err(Diagnostic::error("This is another register", detail).into())
    }

    fn lease(&self, renew_at: Option<Timestamp>) -> Lease {
        // Two texts always have a JSON text.
        let private = Private::new(serde_json::to_vec(self).unwrap_or_default());
        Lease { private, renew_at }
    }
}

fn lease(config: &Fields<'_>) -> Result<Field<Period>, Diagnostics> {
    let refuse = |problem: String, remedy: &str| {
        Diagnostics::from(Diagnostic::error(told::headline(&problem), remedy).at(config.path("lease")))
    };
    match text(config, "lease")? {
        Field::Absent => Ok(Field::Absent),
        Field::Unknown => Ok(Field::Unknown),
        Field::Is(text) => {
            let lease = Period::parse(&text).map_err(|error| refuse(error.to_string(), period::RULE))?;
            Ok(Field::Is(lease))
        }
    }
}

/// An error of the register while a grant is opened, at the attribute it is about.
fn refused(error: &RegisterError) -> Diagnostics {
    let (summary, attribute) = match error {
        RegisterError::Rules(violations) => return told::errors(violations),
        RegisterError::NotDeclared { .. } => ("There is no such elevation", "elevation"),
        RegisterError::Inactive { .. } => ("The elevation is not active", "elevation"),
        RegisterError::NotGranted { reason: GrantError::Over(_), .. } => {
            ("The elevation has ended", "elevation")
        }
        RegisterError::NotGranted { .. } => ("Not a lease for this elevation", "lease"),
        other => return told::register_error(other),
    };
    Diagnostic::error(summary, told::sentence(error)).at(Path::of(attribute)).into()
}

fn result(grant: &Grant, config: &Fields<'_>) -> Result<Object, Diagnostics> {
    let subject = match text(config, "subject")? {
        // The user's spelling stays.
        Field::Is(subject) => Some(subject),
        Field::Absent | Field::Unknown => grant.subject.clone(),
    };
    Ok(Object::new()
        .with("elevation", &config.get::<String>("elevation")?)
        .with("subject", &subject)
        .with("lease", &config.get::<Option<String>>("lease")?)
        .with("reason", &config.get::<Option<String>>("reason")?)
        .with("grant_id", &grant.id)
        .with("identity", &grant.identity)
        .with("target", &grant.target)
        .with("opened_at", &grant.window.opened.to_string())
        .with("expires_at", &grant.window.until.to_string())
        .with("ends_at", &grant.window.latest.to_string()))
}

impl Ephemeral for ElevationGrant {
    type Context = Context;

    fn type_name(&self) -> &'static str {
        "nhi_elevation_grant"
    }

    fn schema(&self) -> Schema {
        let computed = |description: &str| Attribute::computed(Type::String).describe(description);
        let lease = format!(
            "For how long the grant stays open without a renewal, at least {} seconds and at most the `duration` of the \
             elevation. {} Left out it is `{}`, or the whole `duration` where that is shorter. Terraform renews the grant while \
             the run lasts; a run that dies leaves it open no longer than this.",
            grant::SHORTEST,
            period::RULE,
            grant::LEASE
        );
        let block = Block::new(
            "Raises somebody while a run lasts, by an `nhi_elevation` with live approvals. A run opens a grant when it plans and \
             another one when it applies, and closes each at its end; opening, renewing and closing are entries of the audit \
             chain. An approval of whoever opens the grant does not count for it. The elevation and its approvals have to be \
             there before the run that uses them: nothing opens on an elevation that the same run declares.",
        )
        .attribute(
            "elevation",
            resources::required_text("Name of the `nhi_elevation` by which somebody is raised."),
        )
        .attribute(
            "subject",
            Attribute::optional_computed(Type::String).describe(
                "Who is raised, as the elevation names them in `subjects`. Needed where it names several and whoever runs \
                 Terraform is not one of them.",
            ),
        )
        .attribute("lease", resources::text(&lease))
        .attribute("reason", resources::text("What the rights are needed for this time; it is kept in the audit chain."))
        .attribute("grant_id", computed("The id of the grant, as the audit chain has it."))
        .attribute("identity", computed("Name of the `nhi_identity` that is raised; null where people are."))
        .attribute("target", computed("Whose rights are lent: the name of an `nhi_identity`, or a role of the platform."))
        .attribute("opened_at", computed("Since when the grant is open, in RFC 3339."))
        .attribute("expires_at", computed("When the grant closes unless it is renewed, in RFC 3339."))
        .attribute("ends_at", computed("When the grant closes in any case, in RFC 3339."));
        Schema::new(0, block)
    }

    fn validate(&self, config: &Fields<'_>) -> Checked {
        let mut wrong = Diagnostics::none();
        if let Field::Is(name) = text(config, "elevation")? {
            wrong.extend(told::bad_name(&name, config.path("elevation")));
        }
        wrong.extend(lease(config).err().into_iter().flatten());
        wrong.extend(told::errors(&remark("reason", &text(config, "reason")?)));
        if wrong.has_errors() { Err(wrong) } else { Ok(wrong) }
    }

    fn open(&self, call: &Call<Context>, config: &Fields<'_>) -> Result<Answer<Opened>, Diagnostics> {
        let draft = GrantDraft {
            elevation: config.get("elevation")?,
            subject: config.get("subject")?,
            lease: lease(config)?.known().cloned(),
            reason: config.get("reason")?,
        };
        let register = call.register()?;
        let grant = register.open_grant(&draft).map_err(|error| refused(&error))?;
        let memory = Memory { grant: grant.id.clone(), register: register.id().to_owned() };
        let lease = memory.lease(grant.window.renew_at(grant.window.opened));
        Ok(Opened { result: result(&grant, config)?, lease }.into())
    }

    fn renew(&self, call: &Call<Context>, private: &Private) -> Result<Answer<Lease>, Diagnostics> {
        let memory = Memory::of(private)?;
        let register = call.register()?;
        let grant = register.renew_grant(memory.in_register(register.id())?).map_err(|error| {
            let detail = format!("{} Whatever the run still does with it may fail.", told::sentence(&error));
            Diagnostics::from(Diagnostic::error("The grant does not stay open", detail))
        })?;
        Ok(memory.lease(grant.window.renew_at(register.now())).into())
    }

    fn close(&self, call: &Call<Context>, private: &Private) -> Checked {
        let memory = Memory::of(private)?;
        let register = call.register()?;
        register
            .close_grant(memory.in_register(register.id())?)
            .map_err(|error| told::register_error(&error))?;
        Ok(Diagnostics::none())
    }
}
