//! `nhi policy covers`: does a ceiling allow everything that a policy does?

use std::path::PathBuf;

use clap::Args;
use nhi_analyzer_output::policy::Question;

use super::diff::Asked;
use super::kind::Kind;
use super::semantics::Chosen;
use crate::arguments::Format;
use crate::exit::{Exit, Failure};
use crate::surroundings::Surroundings;

/// Tell whether a ceiling allows everything that a policy allows, and if not, what escapes it.
#[derive(Debug, Args)]
#[command(after_help = Exit::HELP)]
pub(crate) struct Covers {
    /// The policy that is to allow at least as much, as JSON; `-` for standard input
    #[arg(value_name = "CEILING")]
    ceiling: PathBuf,

    /// The policy that is to allow no more, as JSON; `-` for standard input
    #[arg(value_name = "DOC")]
    document: PathBuf,

    /// What kind of policies they are [default: by their looks]
    #[arg(long, value_enum)]
    kind: Option<Kind>,

    /// Which readings of disputed points to hold
    #[arg(long, value_enum, default_value_t)]
    semantics: Chosen,

    /// How to tell it
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
}

/// Compares, and prints what escapes.
pub(crate) fn run(covers: &Covers, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let asked =
        Asked { question: Question::Covers, kind: covers.kind, semantics: covers.semantics, proof: None };
    asked.answer(&covers.ceiling, &covers.document, covers.format, surroundings)
}
