//! Why a value cannot be rebuilt.

/// Why a value cannot be rebuilt.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RebuildError {
    /// Only `references` are known of the expression.
    #[error("the plan keeps only the names that `{0}` refers to: hand in its sources with `--source DIR`")]
    NoSource(String),
    /// The sources do not declare it.
    #[error("`{0}` is not in the sources")]
    NotDeclared(String),
    /// The sources are not those of the plan.
    #[error("the sources are not those the plan was made from: {0}")]
    Stale(String),
    /// A masked value is part of it.
    #[error("`{0}` is sensitive and is part of it")]
    Sensitive(String),
    /// A name leads back to itself.
    #[error("`{0}` refers to itself")]
    Cycle(String),
    /// More work than any configuration needs.
    #[error("it takes too much: {0}")]
    TooMuch(&'static str),
    /// The expression has no value.
    #[error("{problem}{place}")]
    Fails {
        /// What is wrong with it.
        problem: String,
        /// ` at FILE:LINE:COLUMN`, empty where nobody knows.
        place: String,
    },
}

impl RebuildError {
    /// The expression has no value, somewhere.
    pub(super) fn fails(problem: impl Into<String>) -> Self {
        Self::Fails { problem: problem.into(), place: String::new() }
    }
}
