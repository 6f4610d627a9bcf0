//! `nhi policy lint`: what is there to say of a policy's statements?

use std::path::PathBuf;

use clap::Args;
use nhi_access::dialect::aws::catalogue;
use nhi_access::lint::lint;
use nhi_access::words;
use nhi_analyzer_output::policy::ReadAs;
use nhi_analyzer_output::policy::remarks::{Remarks, Told, json, terminal};

use super::document::Document;
use super::jsonl;
use super::kind::{self, Kind};
use crate::arguments::Format;
use crate::exit::{Exit, Failure};
use crate::surroundings::Surroundings;

/// Tell which statements of a policy never match, are covered by others, depend on a disputed reading, or name actions
/// that nobody knows.
///
/// Exits with 0 when there is nothing to remark, 10 when there is.
#[derive(Debug, Args)]
#[command(after_help = Exit::HELP)]
pub(crate) struct Lint {
    /// The policy, as JSON; `-` for standard input
    #[arg(value_name = "DOC")]
    document: PathBuf,

    /// What kind of policy it is [default: by its looks]
    #[arg(long, value_enum)]
    kind: Option<Kind>,

    /// How to tell it
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
}

/// Looks at the statements, and prints the remarks.
pub(crate) fn run(asked: &Lint, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let document = Document::read(&asked.document, surroundings)?;
    let (kind, because) = kind::settle(asked.kind, &[&document.text])?;
    let policy = document.parse(kind)?;
    let found = jsonl::with_room(|| lint(&policy))?;
    let told = |remark: &nhi_access::lint::Remark| Told {
        id: words::remark_id(remark),
        text: words::remark(remark),
        place: document.place(&policy, remark.statement),
    };
    let remarks = Remarks {
        document: document.name.clone(),
        read: ReadAs { kind: kind::word(kind), because, semantics: "every" },
        catalogue: catalogue::date(),
        remarks: found.iter().map(told).collect(),
    };
    let mut text = Vec::new();
    match asked.format {
        Format::Terminal => terminal(&remarks, surroundings.colour, &mut text),
        Format::Json => json(&remarks, &mut text),
    }
    .map_err(|error| Failure::error(format!("the answer could not be made: {error}")))?;
    surroundings.print(&text)?;
    Ok(if remarks.remarks.is_empty() { Exit::Pass } else { Exit::Findings })
}
