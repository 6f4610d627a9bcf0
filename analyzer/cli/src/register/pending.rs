//! `nhi register pending`: what waits for somebody's word.

use clap::Args;
use nhi_analyzer_output::plain;
use nhi_register::Pending as Waiting;
use serde_json::{Value, json};

use super::which::{Which, failure};
use crate::arguments::Format;
use crate::exit::{Exit, Failure};
use crate::surroundings::Surroundings;

/// Tell what waits for approvals, who asked for it, and whether you may approve it.
#[derive(Debug, Args)]
#[command(after_help = Exit::HELP)]
pub(crate) struct Pending {
    #[command(flatten)]
    which: Which,

    /// How to tell it
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
}

/// Prints what waits.
pub(crate) fn run(asked: &Pending, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let register = asked.which.read()?;
    // A server knows its sessions by other names than this machine does.
    let known = asked.which.is_file() && surroundings.actor.source != "none";
    let viewer = known.then(|| surroundings.actor.name.clone());
    let waiting = register.pending(surroundings.now, viewer.as_deref()).map_err(|error| failure(&error))?;
    let text = match asked.format {
        Format::Json => {
            let report = json!({
                "version": 1,
                "register": register.place().to_string(),
                "organisation": register.organisation(),
                "pending": waiting.iter().map(entry).collect::<Vec<_>>(),
            });
            format!("{report:#}\n")
        }
        Format::Terminal => {
            waiting.iter().fold(String::new(), |text, one| text + &plain::line(&line(one)) + "\n")
        }
    };
    surroundings.print(text.as_bytes())?;
    if waiting.is_empty() {
        surroundings.say("nothing waits for approval");
    }
    Ok(Exit::Pass)
}

fn line(waiting: &Waiting) -> String {
    let Waiting { kind, name, workspace, at, needed, given, .. } = waiting;
    let requester = waiting.requester.as_deref().unwrap_or("nobody knows who");
    let people: Vec<&str> = given.iter().map(|approval| approval.by.as_str()).collect();
    let by = if people.is_empty() { String::new() } else { format!(", by {}", people.join(", ")) };
    let end = waiting.ends.map_or_else(String::new, |end| format!("; ends at {end}"));
    let next = match &waiting.admits {
        Some(Ok(())) => format!("; approve it by `nhi register approve {} {name}`", kind.word()),
        Some(Err(reason)) => format!("; {reason}"),
        None => String::new(),
    };
    format!(
        "{kind} `{name}`, workspace `{workspace}`: {requester} asked at {at}; it has {} of {needed} approvals{by}{end}{next}",
        given.len()
    )
}

fn entry(waiting: &Waiting) -> Value {
    let given =
        waiting.given.iter().map(|approval| json!({ "by": approval.by, "at": approval.at.to_string() }));
    json!({
        "kind": waiting.kind.word(),
        "name": waiting.name,
        "workspace": waiting.workspace,
        "requested_by": waiting.requester,
        "requested_at": waiting.at,
        "needed": waiting.needed,
        "given": given.collect::<Vec<_>>(),
        "ends_at": waiting.ends.map(|end| end.to_string()),
        "may_approve": waiting.admits.as_ref().map(Result::is_ok),
        "why_not": waiting.admits.as_ref().and_then(|admits| admits.as_ref().err()).map(ToString::to_string),
    })
}
