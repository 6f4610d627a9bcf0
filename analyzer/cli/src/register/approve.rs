//! `nhi register approve`: the word of somebody else for what was asked for.

use clap::Args;
use nhi_analyzer_output::plain;
use nhi_register::{APPROVED, Approved, ObjectKind};
use serde_json::{Value, json};

use super::which::{Writable, failure};
use crate::arguments::Format;
use crate::exit::{Exit, Failure};
use crate::surroundings::Surroundings;

/// What is said wherever a file keeps approvals.
const RECORD: &str = "note: this register is a file, and nobody is authenticated there: the approval is a record of what people \
                      say they did, and not a control. A register on PostgreSQL knows who approves";

/// Approve an exception, a crossing or an elevation that somebody else asked for.
///
/// What is approved is what is written at this moment: when it changes it has to be approved again. Whoever wrote it last
/// cannot approve it. In a register on PostgreSQL the role of the session is who approves, and the server has
/// authenticated it; in a register in a file it is whom `NHI_ACTOR`, the pipeline or the system names, and nobody checks that.
#[derive(Debug, Args)]
#[command(after_help = Exit::HELP)]
pub(crate) struct Approve {
    #[command(flatten)]
    target: Target,

    /// What you have to say to it; it is kept with the approval
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

/// Take back what you approved.
#[derive(Debug, Args)]
#[command(after_help = Exit::HELP)]
pub(crate) struct Withdraw {
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
struct Target {
    /// What it is: `exception`, `crossing` or `elevation`
    #[arg(value_name = "KIND", value_parser = kind)]
    kind: ObjectKind,

    /// Its name
    #[arg(value_name = "NAME")]
    name: String,

    #[command(flatten)]
    writable: Writable,

    /// How to tell it
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
}

fn kind(text: &str) -> Result<ObjectKind, String> {
    let word = text.strip_prefix("nhi_").unwrap_or(text);
    let known = ObjectKind::parse(word).filter(|kind| APPROVED.contains(kind));
    known.ok_or_else(|| {
        "nothing of that kind is approved; write `exception`, `crossing` or `elevation`".to_owned()
    })
}

/// Approves, and says where it stands now.
pub(crate) fn approve(asked: &Approve, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let Approve { target, note } = asked;
    let register = target.writable.open(surroundings)?;
    let approved = register.approve(target.kind, &target.name, note.as_deref());
    let approved = approved.map_err(|error| failure(&error))?;
    target.tell("approved", &approved, surroundings)
}

/// Withdraws, and says where it stands now.
pub(crate) fn withdraw(asked: &Withdraw, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let target = &asked.target;
    let register = target.writable.open(surroundings)?;
    let withdrawn = register.withdraw(target.kind, &target.name).map_err(|error| failure(&error))?;
    let Some(withdrawn) = withdrawn else {
        let Target { kind, name, .. } = target;
        return Err(Failure::error(format!(
            "you have approved nothing of {kind} `{name}`; nothing was changed"
        )));
    };
    target.tell("withdrew the approval of", &withdrawn, surroundings)
}

impl Target {
    fn tell(
        &self,
        did: &str,
        approved: &Approved,
        surroundings: &mut Surroundings<'_>,
    ) -> Result<Exit, Failure> {
        let Self { kind, name, .. } = self;
        let Approved { given, requester, standing } = approved;
        let text = match self.format {
            Format::Json => format!("{:#}\n", self.json(approved)),
            Format::Terminal => {
                let (by, source) = (&given.approval.by, &given.source);
                let line = format!(
                    "{by} ({source}) {did} {kind} `{name}`, which {requester} asked for; it {standing}"
                );
                format!("{}\n", plain::line(&line))
            }
        };
        surroundings.print(text.as_bytes())?;
        if self.writable.is_file() {
            surroundings.say(RECORD);
        }
        Ok(Exit::Pass)
    }

    fn json(&self, approved: &Approved) -> Value {
        let Approved { given, requester, standing } = approved;
        json!({
            "version": 1,
            "kind": self.kind.word(),
            "name": self.name,
            "requested_by": requester,
            "by": given.approval.by,
            "source": given.source,
            "authenticated": !self.writable.is_file(),
            "at": given.approval.at.to_string(),
            "note": given.note,
            "digest": given.approval.digest,
            "entry": given.approval.version,
            "active": standing.active(),
            "standing": standing.word(),
        })
    }
}
