//! `nhi register attest`: what a reviewer found.

use clap::Args;
use nhi_analyzer_output::plain;
use nhi_identity::Outcome;
use nhi_register::AttestationDraft;
use serde_json::json;

use super::which::{Writable, failure};
use crate::arguments::Format;
use crate::exit::{Exit, Failure};
use crate::surroundings::Surroundings;

/// Attest an identity, or everything that a review is about: you looked at it, and say what you found.
///
/// Only reviewers of the review may. Only `keep` settles a round of it.
#[derive(Debug, Args)]
#[command(after_help = Exit::HELP)]
pub(crate) struct Attest {
    /// The name of the review
    #[arg(value_name = "REVIEW")]
    review: String,

    /// What you found: `keep`, `change` or `remove`
    #[arg(value_name = "OUTCOME", value_parser = outcome)]
    outcome: Outcome,

    /// The identity you looked at [default: every one in the scope of the review]
    #[arg(long, value_name = "NAME")]
    identity: Option<String>,

    /// What you have to say to it
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,

    #[command(flatten)]
    writable: Writable,

    /// How to tell it
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
}

fn outcome(text: &str) -> Result<Outcome, String> {
    Outcome::parse(text).ok_or_else(|| "write `keep`, `change` or `remove`".to_owned())
}

/// Attests, and says of whom.
pub(crate) fn run(asked: &Attest, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let register = asked.writable.open(surroundings)?;
    let draft = AttestationDraft {
        review: asked.review.clone(),
        identity: asked.identity.clone(),
        outcome: asked.outcome,
        note: asked.note.clone(),
    };
    let attested = register.attest(&draft).map_err(|error| failure(&error))?;
    let text = match asked.format {
        Format::Json => {
            let each = attested.iter().map(|one| {
                json!({ "identity": one.identity, "by": one.by, "source": one.source, "at": one.at.to_string() })
            });
            let report = json!({
                "version": 1,
                "review": asked.review,
                "outcome": asked.outcome.as_str(),
                "attested": each.collect::<Vec<_>>(),
            });
            format!("{report:#}\n")
        }
        Format::Terminal => attested.iter().fold(String::new(), |text, one| {
            let (by, source, outcome) = (&one.by, &one.source, one.outcome.as_str());
            let line = format!(
                "{by} ({source}) attested nhi_identity `{}` in nhi_review `{}`: {outcome}",
                one.identity, one.review
            );
            text + &plain::line(&line) + "\n"
        }),
    };
    surroundings.print(text.as_bytes())?;
    if attested.is_empty() {
        surroundings.say("no identity is in the scope of the review");
    }
    Ok(Exit::Pass)
}
