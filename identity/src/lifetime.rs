//! How long tokens may live, by the class of the workload that uses them.

use std::fmt;

/// The longest that any token may live, in seconds: a day. What lives longer is a stored secret.
pub const LONGEST: u64 = 86_400;

/// A class of workloads, by how their work runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WorkClass {
    /// Short requests; a new token at any time.
    Interactive,
    /// A job of a pipeline.
    CiJob,
    /// Long runs that fetch new tokens on their way.
    Batch,
    /// A service that answers requests around the clock.
    Serving,
    /// One call of a tool by an agent.
    Agent,
    /// One use in an emergency.
    BreakGlass,
}

impl WorkClass {
    /// Every class, as users write them.
    pub const ALL: [(&'static str, Self); 6] = [
        ("interactive", Self::Interactive),
        ("ci_job", Self::CiJob),
        ("batch", Self::Batch),
        ("serving", Self::Serving),
        ("agent", Self::Agent),
        ("break_glass", Self::BreakGlass),
    ];

    /// The user's word.
    pub fn as_str(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, class)| *class == self).map_or("", |(word, _)| word)
    }

    /// How long a token of this class may live without a warning, in seconds.
    pub fn limit(self) -> u64 {
        match self {
            Self::Interactive | Self::CiJob | Self::Batch | Self::Serving | Self::BreakGlass => 3_600,
            Self::Agent => 300,
        }
    }
}

impl fmt::Display for WorkClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
