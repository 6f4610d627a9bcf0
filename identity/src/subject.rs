//! Subjects: how the platforms that run workloads name them in their tokens. Each is built from its parts, so that a
//! policy compares with exactly what the token will say.

mod github;
mod gitlab;
mod kubernetes;
mod reference;
mod terraform;

pub use github::{Github, GithubIds, GithubJob, github};
pub use gitlab::{Gitlab, GitlabRef, gitlab};
pub use kubernetes::kubernetes;
pub use terraform::{DEFAULT_PROJECT, RunPhase, Terraform, terraform};

/// Why parts do not make a subject.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubjectError {
    /// A part that the platform would not accept as a name.
    #[error("`{attribute}`: `{}` is not {what}: {rule}", .text.escape_debug())]
    Part {
        /// The part.
        attribute: &'static str,
        /// What was given.
        text: String,
        /// What it should have been.
        what: &'static str,
        /// What such a thing looks like.
        rule: &'static str,
    },
    /// A wildcard where one thing has to be named.
    #[error(
        "`{attribute}`: `{}` holds a wildcard, and a subject names one workload; write patterns out, where they are \
         matched as patterns",
        .text.escape_debug()
    )]
    Wildcard {
        /// The part.
        attribute: &'static str,
        /// What was given.
        text: String,
    },
}

/// What a part has to be, in words.
#[derive(Clone, Copy)]
struct Wanted {
    what: &'static str,
    rule: &'static str,
}

impl Wanted {
    fn refuse(self, attribute: &'static str, text: &str) -> SubjectError {
        if text.contains(['*', '?']) {
            return SubjectError::Wildcard { attribute, text: text.to_owned() };
        }
        SubjectError::Part { attribute, text: text.to_owned(), what: self.what, rule: self.rule }
    }

    /// Refuses what does not `fit`.
    fn check(
        self,
        attribute: &'static str,
        text: &str,
        fits: impl FnOnce(&str) -> bool,
    ) -> Result<(), SubjectError> {
        if fits(text) { Ok(()) } else { Err(self.refuse(attribute, text)) }
    }
}
