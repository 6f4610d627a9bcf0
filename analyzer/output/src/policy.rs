//! What a command on policies found, ready to be told; one file a format.

pub mod decision;
pub mod json;
pub mod line;
pub mod remarks;
pub mod terminal;

use nhi_access::{Realizable, Request, Verdict};

/// The version of every JSON format of the policy commands.
pub const FORMAT_VERSION: &str = "1";

/// Which question was asked of two documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// What does the second allow that the first does not, and the reverse?
    Diff,
    /// Does the first allow all that the second does?
    Covers,
}

/// The answer about two documents.
#[derive(Debug)]
pub struct Difference {
    /// The question.
    pub question: Question,
    /// How the documents were read.
    pub read: ReadAs,
    /// What the first document is called: the one before, or the ceiling.
    pub before: String,
    /// What the second document is called.
    pub after: String,
    /// The verdict.
    pub verdict: Verdict,
    /// What the second allows and the first does not, heaviest first.
    pub new: Vec<Part>,
    /// The reverse; not asked for in [`Question::Covers`].
    pub reduced: Vec<Part>,
    /// What could not be settled, in words.
    pub undecided: Vec<String>,
    /// Requests that the search found and the evaluator did not confirm.
    pub mismatches: usize,
}

/// How documents were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReadAs {
    /// `identity`, `resource` or `trust`.
    pub kind: &'static str,
    /// What gave the kind away; `None` when the caller named it.
    pub because: Option<&'static str>,
    /// The value of `--semantics`.
    pub semantics: &'static str,
}

/// One region, told.
#[derive(Debug)]
pub struct Part {
    /// The sentence.
    pub text: String,
    /// One request of it.
    pub witness: Request,
    /// Whether a known action fits it; it orders regions and takes none away.
    pub realizable: Realizable,
    /// What made it possible beside a statement that grants it; may be empty.
    pub cause: &'static str,
    /// The reading that it takes to be so, where that is disputed.
    pub reading: Option<String>,
    /// The statement that grants it.
    pub granted_by: Option<Place>,
    /// The statement of the other document that nearly did, and what escaped it.
    pub nearly: Option<Nearly>,
}

/// A statement that nearly covered a region.
#[derive(Debug)]
pub struct Nearly {
    /// The statement.
    pub place: Place,
    /// The dimension that escaped: `principal`, `action`, `resource`, or a condition key.
    pub escaped: String,
}

/// Where a statement is.
#[derive(Clone, Debug)]
pub struct Place {
    /// The document's name.
    pub document: String,
    /// Its number in the document, from one.
    pub number: usize,
    /// Its `Sid`, where it has one.
    pub sid: Option<String>,
    /// Line and column in the document, from one, where known.
    pub position: Option<(usize, usize)>,
    /// The statement on one line, long lists cut and counted.
    pub excerpt: String,
}

impl Question {
    /// The verdict as one word of a format.
    pub(crate) fn word(self, verdict: Verdict) -> &'static str {
        match (self, verdict) {
            (_, Verdict::Undecided) => "undecided",
            (Self::Diff, Verdict::NewAccess) => "new-access",
            (Self::Diff, Verdict::NoNewAccess) => "no-new-access",
            (Self::Covers, Verdict::NewAccess) => "escapes",
            (Self::Covers, Verdict::NoNewAccess) => "covered",
        }
    }
}
