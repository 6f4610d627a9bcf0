//! `nhi policy diff`: what does a policy allow that another does not?

use std::path::{Path, PathBuf};

use clap::Args;
use nhi_access::proof::prove;
use nhi_access::{Comparison, Verdict, compare, pair, words};
use nhi_analyzer_output::policy::{Difference, Question, ReadAs, json, terminal};

use super::document::Document;
use super::kind::{self, Kind};
use super::semantics::Chosen;
use super::told::{self, Side};
use super::{jsonl, line, proof};
use crate::arguments::Format;
use crate::exit::{Exit, Failure};
use crate::surroundings::Surroundings;

/// Tell what a policy allows that another does not, with one request as witness for each part.
///
/// Two documents, or with `--jsonl` one pair on each line of a file.
#[derive(Debug, Args)]
#[command(after_help = Exit::HELP)]
pub(crate) struct Diff {
    /// The policy as it was, as JSON; `-` for standard input
    #[arg(value_name = "BEFORE", required_unless_present = "jsonl", requires = "after")]
    before: Option<PathBuf>,

    /// The policy as it will be, as JSON; `-` for standard input
    #[arg(value_name = "AFTER")]
    after: Option<PathBuf>,

    /// Many pairs: one `{"id", "kind", "before", "after"}` a line in, one answer a line out, in the same order
    #[arg(long, value_name = "FILE|-", conflicts_with_all = ["before", "after", "format"])]
    jsonl: Option<PathBuf>,

    /// What kind of policies they are [default: by their looks]
    #[arg(long, value_enum)]
    kind: Option<Kind>,

    /// Which readings of disputed points to hold
    #[arg(long, value_enum, default_value_t)]
    semantics: Chosen,

    /// How to tell it
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,

    /// Where nothing is new, write the proof of it there; `nhi policy verify` walks it
    #[arg(long, value_name = "FILE", conflicts_with = "jsonl")]
    proof: Option<PathBuf>,
}

/// Compares, and prints the answer.
pub(crate) fn run(diff: &Diff, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    if let Some(file) = &diff.jsonl {
        let judge = line::Judge { kind: diff.kind, settings: diff.semantics.settings() };
        return jsonl::run(file, judge, surroundings);
    }
    let (Some(before), Some(after)) = (&diff.before, &diff.after) else {
        return Err(Failure::usage("two policies are needed: `nhi policy diff BEFORE AFTER`"));
    };
    let (kind, semantics, proof) = (diff.kind, diff.semantics, diff.proof.as_deref());
    let asked = Asked { question: Question::Diff, kind, semantics, proof };
    asked.answer(before, after, diff.format, surroundings)
}

/// A question about two documents.
pub(crate) struct Asked<'a> {
    pub(crate) question: Question,
    pub(crate) kind: Option<Kind>,
    pub(crate) semantics: Chosen,
    /// Where to write the proof that nothing is new.
    pub(crate) proof: Option<&'a Path>,
}

impl Asked<'_> {
    /// Reads both, compares and prints.
    pub(crate) fn answer(
        &self,
        first: &Path,
        second: &Path,
        format: Format,
        surroundings: &mut Surroundings<'_>,
    ) -> Result<Exit, Failure> {
        if first == second && first.as_os_str() == "-" {
            return Err(Failure::usage("only one of the two policies can come from standard input"));
        }
        let before = Document::read(first, surroundings)?;
        let after = Document::read(second, surroundings)?;
        let (kind, because) = kind::settle(self.kind, &[&before.text, &after.text])?;
        let read = ReadAs { kind: kind::word(kind), because, semantics: self.semantics.word() };
        let before = Side { policy: before.parse(kind)?, document: before };
        let after = Side { policy: after.parse(kind)?, document: after };
        let found = jsonl::with_room(|| {
            let (was, is) = pair(before.policy.clone(), after.policy.clone());
            compare(&was, &is, &self.semantics.settings())
        })?;
        if let Some(path) = self.proof {
            match found.verdict {
                Verdict::NoNewAccess => self.prove(path, &before, &after)?,
                _ => surroundings.say("no proof is written: it is not settled that nothing is new"),
            }
        }
        let told = self.told(read, (before, after), &found);
        let mut text = Vec::new();
        match format {
            Format::Terminal => terminal::write(&told, surroundings.colour, &mut text),
            Format::Json => json::write(&told, &mut text),
        }
        .map_err(|error| Failure::error(format!("the answer could not be made: {error}")))?;
        surroundings.print(&text)?;
        Ok(exit(&told, surroundings))
    }

    fn prove(&self, path: &Path, before: &Side, after: &Side) -> Result<(), Failure> {
        let semantics = self.semantics.settings().semantics;
        let (was, is) = (&before.policy, &after.policy);
        let proof = jsonl::with_room(|| prove(was, is, semantics))?.map_err(|problem| {
            Failure::error(format!("nothing is new, but there is no proof to write: {problem}"))
        })?;
        let read = (kind::word(after.policy.kind), self.semantics);
        proof::write(path, &proof, read, (&before.document, &after.document))
    }

    fn told(&self, read: ReadAs, (before, after): (Side, Side), found: &Comparison) -> Difference {
        let sentence = words::of(after.policy.kind);
        let (new, reduced) = match self.question {
            Question::Diff => (
                told::parts(&found.new, (&before, &after), sentence),
                told::lost(&found.reduced, (&after, &before), |region| words::no_longer(&sentence(region))),
            ),
            Question::Covers => (
                told::parts(&found.new, (&before, &after), |region| words::at_all(&sentence(region))),
                Vec::new(),
            ),
        };
        Difference {
            question: self.question,
            read,
            before: before.document.name,
            after: after.document.name,
            verdict: found.verdict,
            new,
            reduced,
            undecided: told::undecided(found),
            mismatches: found.mismatches,
        }
    }
}

fn exit(told: &Difference, surroundings: &mut Surroundings<'_>) -> Exit {
    if told.mismatches > 0 {
        surroundings.say(&format!(
            "internal mismatch: {} requests that the comparison found were not confirmed by the evaluator; they are \
             reported as undecided. Please report these policies",
            told.mismatches
        ));
        return Exit::Internal;
    }
    match told.verdict {
        Verdict::NoNewAccess => Exit::Pass,
        Verdict::NewAccess => Exit::Findings,
        Verdict::Undecided => Exit::Undecided,
    }
}
