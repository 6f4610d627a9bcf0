//! `nhi policy verify`: does a proof of "nothing new" hold?

use std::path::PathBuf;

use clap::Args;
use nhi_access::proof::check;

use super::document::Document;
use super::{jsonl, proof};
use crate::exit::{Exit, Failure};
use crate::surroundings::Surroundings;

/// Walk a proof that nothing is new, written by `nhi policy diff --proof`, without the search that found it.
///
/// Exit code 0: the proof holds. 1: it does not, or it is about other texts.
#[derive(Debug, Args)]
#[command(after_help = Exit::HELP)]
pub(crate) struct Verify {
    /// The proof
    #[arg(value_name = "PROOF")]
    proof: PathBuf,

    /// The policy as it was, as JSON; `-` for standard input
    #[arg(value_name = "BEFORE")]
    before: PathBuf,

    /// The policy as it will be, as JSON; `-` for standard input
    #[arg(value_name = "AFTER")]
    after: PathBuf,
}

/// Reads all three, walks the proof and says whether it holds.
pub(crate) fn run(verify: &Verify, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    if verify.before == verify.after && verify.before.as_os_str() == "-" {
        return Err(Failure::usage("only one of the two policies can come from standard input"));
    }
    let claim = proof::read(&verify.proof)?;
    let before = Document::read(&verify.before, surroundings)?;
    let after = Document::read(&verify.after, surroundings)?;
    claim.is_about(&before, &after)?;
    let kind = claim.kind.policy();
    let (was, is) = (before.parse(kind)?, after.parse(kind)?);
    jsonl::with_room(|| check(&claim.proof, &was, &is))?
        .map_err(|flaw| Failure::error(format!("the proof does not hold: {flaw}")))?;
    let steps = claim.proof.parts.iter().flat_map(|part| &part.roots).map(|root| root.steps.len());
    let told = format!(
        "the proof holds: `{}` allows nothing that `{}` does not ({} steps)\n",
        after.name,
        before.name,
        steps.sum::<usize>()
    );
    surroundings.print(told.as_bytes())?;
    Ok(Exit::Pass)
}
