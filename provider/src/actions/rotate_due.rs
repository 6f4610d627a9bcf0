//! `nhi_rotate_due`: says which credentials have to be exchanged, and writes down that one was.

use nhi_identity::approval::remark;
use nhi_identity::{Field, Period, Rotation, period};
use nhi_proto::schema::{Block, Schema};
use nhi_proto::{Action, Call, Checked, Diagnostic, Diagnostics, Fields, Progress};
use nhi_register::{DueFilter, DueRotation, News};

use crate::attributes::text;
use crate::context::Context;
use crate::resources;
use crate::told;

pub(crate) struct RotateDue;

/// Attributes that choose among credentials, and make no sense where a rotation is recorded.
const CHOOSING: [&str; 3] = ["owner", "identity", "within"];

fn within(config: &Fields<'_>) -> Result<Option<Period>, Diagnostics> {
    let Field::Is(text) = text(config, "within")? else { return Ok(None) };
    let read = Period::parse(&text).map_err(|error| {
        Diagnostic::error(told::headline(&error.to_string()), period::RULE).at(config.path("within"))
    });
    Ok(Some(read?))
}

fn sentence(due: &DueRotation) -> String {
    let DueRotation { credential, identity, owner, asked, .. } = due;
    let when = match due.rotation {
        Rotation::Due(since) => format!("is due since {since}"),
        Rotation::Ahead(by) => format!("is due by {by}"),
        Rotation::Unrecorded => "was never recorded to be exchanged".to_owned(),
    };
    let asked = match due.news {
        News::Now => "asked for its rotation".to_owned(),
        News::Before => format!("{} asked for its rotation at {}", asked.by, asked.at),
    };
    format!("nhi_credential `{credential}` of nhi_identity `{identity}` (owner `{owner}`) {when}; {asked}")
}

impl Action for RotateDue {
    type Context = Context;

    fn type_name(&self) -> &'static str {
        "nhi_rotate_due"
    }

    fn schema(&self) -> Schema {
        let within = format!("Also ask for those that will be due within this time. {}", period::RULE);
        let block = Block::new(
            "Asks for the rotation of every `nhi_credential` whose rotation is due, and says of each since when, whose it is and \
             who answers for it; that it was asked for is kept in the audit chain, once until the credential was rotated. With \
             `credential` and `reference` it writes down that this credential was exchanged, and the period begins anew. The \
             action by itself exchanges no secret and touches no account of any platform. A credential of which nobody says when \
             it was exchanged last counts as due; one that has ended or was revoked does not.",
        )
        .attribute("credential", resources::text("Name of the one `nhi_credential` it is about. Left out, it is about all."))
        .attribute("owner", resources::text("Only credentials that this `nhi_owner` answers for."))
        .attribute("identity", resources::text("Only credentials of this `nhi_identity`."))
        .attribute("within", resources::text(&within))
        .attribute(
            "reference",
            resources::text(
                "What the new secret is called where it is kept: its version in a vault or a ticket, never what is secret. With it \
                 the action records a rotation that was done; needs `credential`.",
            ),
        );
        Schema::new(0, block)
    }

    fn validate(&self, config: &Fields<'_>) -> Checked {
        let mut wrong = Diagnostics::none();
        for attribute in ["credential", "owner", "identity"] {
            if let Field::Is(name) = text(config, attribute)? {
                wrong.extend(told::bad_name(&name, config.path(attribute)));
            }
        }
        wrong.extend(within(config).err().into_iter().flatten());
        let reference = text(config, "reference")?;
        wrong.extend(told::errors(&remark("reference", &reference)));
        if let Field::Is(_) = reference {
            if text(config, "credential")? == Field::Absent {
                let detail = "A reference belongs to one secret: set `credential` to the name of the one that was exchanged.";
                wrong.push(
                    Diagnostic::error("It is not said what was exchanged", detail)
                        .at(config.path("reference")),
                );
            }
            for attribute in CHOOSING {
                if let Field::Is(_) = text(config, attribute)? {
                    let detail =
                        "With `reference` the action records the rotation of one credential. Leave this out.";
                    wrong.push(
                        Diagnostic::error("There is nothing to choose", detail).at(config.path(attribute)),
                    );
                }
            }
        }
        if wrong.has_errors() { Err(wrong) } else { Ok(wrong) }
    }

    fn invoke(&self, call: &Call<Context>, config: &Fields<'_>, progress: &Progress) -> Checked {
        let register = call.register()?;
        let credential: Option<String> = config.get("credential")?;
        if let (Some(name), Some(reference)) = (&credential, config.get::<Option<String>>("reference")?) {
            let rotated =
                register.record_rotation(name, &reference).map_err(|error| told::register_error(&error))?;
            progress.tell(format!(
                "{} ({}) recorded that nhi_credential `{name}` was exchanged: `{}`",
                rotated.by,
                rotated.source,
                reference.escape_debug()
            ));
            return Ok(Diagnostics::none());
        }
        let filter = DueFilter {
            credential,
            owner: config.get("owner")?,
            identity: config.get("identity")?,
            within: within(config)?,
        };
        let due = register.ask_rotations(&filter).map_err(|error| told::register_error(&error))?;
        for one in &due {
            progress.tell(sentence(one));
        }
        if due.is_empty() {
            progress.tell("no rotation is due");
        }
        Ok(Diagnostics::none())
    }
}
