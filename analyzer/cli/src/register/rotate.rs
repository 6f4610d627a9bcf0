//! `nhi register rotate`: that a credential was exchanged.

use clap::Args;
use nhi_analyzer_output::plain;
use serde_json::json;

use super::which::{Writable, failure};
use crate::arguments::Format;
use crate::exit::{Exit, Failure};
use crate::surroundings::Surroundings;

/// Record that a credential was exchanged, and let its rotation period begin anew.
///
/// This exchanges no secret and touches no account of any platform: it writes down that somebody did, when, and what the
/// new secret is called where it is kept.
#[derive(Debug, Args)]
#[command(after_help = Exit::HELP)]
pub(crate) struct Rotate {
    /// The name of the credential
    #[arg(value_name = "CREDENTIAL")]
    credential: String,

    /// What the new secret is called where it is kept, a version in a vault or a ticket; never what is secret
    #[arg(long, value_name = "TEXT")]
    reference: String,

    #[command(flatten)]
    writable: Writable,

    /// How to tell it
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
}

/// Writes it down, and says so.
pub(crate) fn run(asked: &Rotate, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let Rotate { credential, reference, .. } = asked;
    let register = asked.writable.open(surroundings)?;
    let rotated = register.record_rotation(credential, reference).map_err(|error| failure(&error))?;
    let text = match asked.format {
        Format::Json => {
            let report = json!({
                "version": 1,
                "credential": credential,
                "reference": reference,
                "by": rotated.by,
                "source": rotated.source,
                "at": rotated.at,
            });
            format!("{report:#}\n")
        }
        Format::Terminal => {
            let line = format!(
                "{} ({}) recorded that nhi_credential `{credential}` was exchanged: `{reference}`",
                rotated.by, rotated.source
            );
            format!("{}\n", plain::line(&line))
        }
    };
    surroundings.print(text.as_bytes())?;
    Ok(Exit::Pass)
}
