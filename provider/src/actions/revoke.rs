//! `nhi_revoke`: ends a declaration before its time.

use nhi_identity::approval::remark;
use nhi_proto::schema::{Block, Schema};
use nhi_proto::{Action, Call, Checked, Diagnostic, Diagnostics, Fields, Progress};
use nhi_register::{REVOCABLE, Revoked};

use super::Target;
use crate::attributes::text;
use crate::context::Context;
use crate::resources;
use crate::told;

pub(crate) struct Revoke;

impl Action for Revoke {
    type Context = Context;

    fn type_name(&self) -> &'static str {
        "nhi_revoke"
    }

    fn schema(&self) -> Schema {
        let block = Block::new(
            "Marks a declaration as revoked, and closes every grant that it carries. With an identity, what names it is revoked \
             as well: its exceptions, federations, credentials, crossings, elevations and break-glass access. From then on the data sources say \
             `active = false`, so that what a configuration grants on its account disappears at the next plan. It stays revoked, \
             whatever changes in it, until it is replaced: removed and declared anew. The action by itself touches no account of \
             any platform. Anybody who may write to the register may revoke: taking away needs no second person.",
        )
        .attribute("kind", super::kind_attribute("What is revoked.", &REVOCABLE))
        .attribute("name", super::name_attribute("Name of what is revoked."))
        .attribute(
            "reason",
            resources::required_text("Why, in a sentence that a colleague understands; it is kept in the audit chain."),
        );
        Schema::new(0, block)
    }

    fn validate(&self, config: &Fields<'_>) -> Checked {
        let wrong = told::errors(&remark("reason", &text(config, "reason")?));
        match Target::of(config, &REVOCABLE) {
            Ok(_) if !wrong.has_errors() => Ok(Diagnostics::none()),
            Ok(_) => Err(wrong),
            Err(errors) => Err(errors.and(wrong)),
        }
    }

    fn plan(&self, call: &Call<Context>, config: &Fields<'_>) -> Checked {
        let target = Target::of(config, &REVOCABLE)?;
        let (Some((kind, name)), Some(register)) = (target.known(), call.open_register()) else {
            return Ok(Diagnostics::none());
        };
        let before = register.revocation(kind, name).map_err(|error| told::register_error(&error))?;
        Ok(before.map_or_else(Diagnostics::none, |before| {
            let detail = format!(
                "{} revoked {kind} `{name}` at {}: {}. Invoking the action changes nothing. To use the name again, remove \
                 the declaration and declare it anew.",
                before.by, before.at, before.reason
            );
            Diagnostic::warning("It is revoked already", detail).at(config.path("name")).into()
        }))
    }

    fn invoke(&self, call: &Call<Context>, config: &Fields<'_>, progress: &Progress) -> Checked {
        let target = Target::of(config, &REVOCABLE)?;
        let (kind, name) = target.required()?;
        let reason: String = config.get("reason")?;
        match call.register()?.revoke(kind, name, &reason).map_err(|error| told::register_error(&error))? {
            Revoked::Now { revocation, closed } => {
                progress.tell(format!("{} revoked {kind} `{name}`", revocation.by));
                for grant in closed {
                    progress.tell(format!(
                        "closed the grant {} of nhi_elevation `{}`, which {} had opened",
                        grant.id, grant.elevation, grant.by
                    ));
                }
            }
            Revoked::Before(before) => {
                progress.tell(format!(
                    "{kind} `{name}` was revoked by {} at {}; nothing was changed",
                    before.by, before.at
                ));
            }
        }
        Ok(Diagnostics::none())
    }
}
