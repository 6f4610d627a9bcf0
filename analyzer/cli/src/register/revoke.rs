//! `nhi register revoke`: the end of a declaration before its time.

use clap::Args;
use nhi_analyzer_output::plain;
use nhi_register::{ObjectKind, REVOCABLE, Revoked};
use serde_json::json;

use super::which::{Writable, failure};
use crate::arguments::Format;
use crate::exit::{Exit, Failure};
use crate::surroundings::Surroundings;

/// Mark a declaration as revoked, and close the grants that it carries.
///
/// It stays revoked until it is removed and declared anew. No account of any platform is touched by this alone: data
/// sources say `active = false` from then on, and what a configuration grants on that account goes with its next plan. What
/// names a revoked identity is revoked with it.
#[derive(Debug, Args)]
#[command(after_help = Exit::HELP)]
pub(crate) struct Revoke {
    /// What it is: `identity`, `exception`, `federation`, `credential`, `crossing`, `elevation` or `break_glass`
    #[arg(value_name = "KIND", value_parser = kind)]
    kind: ObjectKind,

    /// Its name
    #[arg(value_name = "NAME")]
    name: String,

    /// Why, in a sentence that a colleague understands
    #[arg(long, value_name = "TEXT")]
    reason: String,

    #[command(flatten)]
    writable: Writable,

    /// How to tell it
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
}

fn kind(text: &str) -> Result<ObjectKind, String> {
    let word = text.strip_prefix("nhi_").unwrap_or(text);
    let known = ObjectKind::parse(word).filter(|kind| REVOCABLE.contains(kind));
    let kinds: Vec<String> = REVOCABLE.iter().map(|kind| format!("`{}`", kind.word())).collect();
    known.ok_or_else(|| format!("what can be revoked is {}", kinds.join(", ")))
}

/// Revokes, and says what was closed with it.
pub(crate) fn run(asked: &Revoke, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let Revoke { kind, name, reason, .. } = asked;
    let register = asked.writable.open(surroundings)?;
    let revoked = register.revoke(*kind, name, reason).map_err(|error| failure(&error))?;
    let (revocation, closed, anew) = match &revoked {
        Revoked::Now { revocation, closed } => (revocation, closed.as_slice(), true),
        Revoked::Before(revocation) => (revocation, [].as_slice(), false),
    };
    let text = match asked.format {
        Format::Json => {
            let report = json!({
                "version": 1,
                "kind": kind.word(),
                "name": name,
                "by": revocation.by,
                "at": revocation.at.to_string(),
                "reason": revocation.reason,
                "changed": anew,
                "closed_grants": closed.iter().map(|grant| &grant.id).collect::<Vec<_>>(),
            });
            format!("{report:#}\n")
        }
        Format::Terminal if anew => {
            let closed = match closed.len() {
                0 => String::new(),
                1 => "; one grant was closed".to_owned(),
                many => format!("; {many} grants were closed"),
            };
            let line = format!("{} revoked {kind} `{name}` at {}{closed}", revocation.by, revocation.at);
            format!("{}\n", plain::line(&line))
        }
        Format::Terminal => {
            let line = format!(
                "{kind} `{name}` was revoked by {} at {} ({}); nothing was changed",
                revocation.by, revocation.at, revocation.reason
            );
            format!("{}\n", plain::line(&line))
        }
    };
    surroundings.print(text.as_bytes())?;
    Ok(Exit::Pass)
}
