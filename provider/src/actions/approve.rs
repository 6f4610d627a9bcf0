//! `nhi_approve`: approves what somebody else asked for.

use nhi_identity::approval::remark;
use nhi_proto::schema::{Block, Schema};
use nhi_proto::{Action, Call, Checked, Diagnostic, Diagnostics, Fields, Progress};
use nhi_register::APPROVED;

use super::Target;
use crate::attributes::text;
use crate::context::Context;
use crate::resources;
use crate::told;

pub(crate) struct Approve;

impl Action for Approve {
    type Context = Context;

    fn type_name(&self) -> &'static str {
        "nhi_approve"
    }

    fn schema(&self) -> Schema {
        let block = Block::new(
            "Approves an exception, a crossing or an elevation that somebody else asked for, as it is written at that moment: \
             when it changes it has to be approved again. Whoever wrote it last cannot approve it, so this action belongs into a \
             run of somebody else, for example `terraform apply -invoke=action.nhi_approve.NAME`. Who runs it is recorded. With \
             a register on PostgreSQL that is the role of the session, which the server has authenticated. With a register in a \
             file nobody is authenticated: there an approval is a record of what people say they did, and not a control.",
        )
        .attribute("kind", super::kind_attribute("What is approved.", &APPROVED))
        .attribute("name", super::name_attribute("Name of what is approved."))
        .attribute("note", resources::text("What the approver has to say to it; it is kept with the approval."));
        Schema::new(0, block)
    }

    fn validate(&self, config: &Fields<'_>) -> Checked {
        let wrong = told::errors(&remark("note", &text(config, "note")?));
        match Target::of(config, &APPROVED) {
            Ok(_) if !wrong.has_errors() => Ok(Diagnostics::none()),
            Ok(_) => Err(wrong),
            Err(errors) => Err(errors.and(wrong)),
        }
    }

    /// Warns when this run's word would not count: another run may invoke what this one plans.
    fn plan(&self, call: &Call<Context>, config: &Fields<'_>) -> Checked {
        let target = Target::of(config, &APPROVED)?;
        let (Some((kind, name)), Some(register)) = (target.known(), call.open_register()) else {
            return Ok(Diagnostics::none());
        };
        let admitted = register.admits(kind, name).map_err(|error| told::register_error(&error))?;
        Ok(match admitted {
            None | Some(Ok(())) => Diagnostics::none(),
            Some(Err(reason)) => {
                let detail = format!(
                    "{kind} `{name}`: {reason}. The plan goes on, because somebody else may invoke the action."
                );
                Diagnostic::warning("This run could not approve it", detail).at(config.path("name")).into()
            }
        })
    }

    fn invoke(&self, call: &Call<Context>, config: &Fields<'_>, progress: &Progress) -> Checked {
        let target = Target::of(config, &APPROVED)?;
        let (kind, name) = target.required()?;
        let note = text(config, "note")?;
        let register = call.register()?;
        let approved = register
            .approve(kind, name, note.known().map(String::as_str))
            .map_err(|error| told::register_error(&error))?;
        let approval = &approved.given.approval;
        progress.tell(format!(
            "{} ({}) approved {kind} `{name}`, which {} asked for; it {}",
            approval.by, approved.given.source, approved.requester, approved.standing
        ));
        Ok(Diagnostics::none())
    }
}
