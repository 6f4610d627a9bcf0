//! The exit codes of every command, in one place.

/// What the process says by its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Nothing to object to.
    Pass,
    /// Something went wrong that is neither the caller's words nor the input: a register, a client, the disk.
    Error,
    /// The command was called wrongly.
    Usage,
    /// There is no input, or it is not what it should be.
    Input,
    /// Findings at or above the threshold, new access, or a request that is denied.
    Findings,
    /// It could not be settled; commands of `policy` only.
    Undecided,
    /// Two parts of this program disagree about the same question.
    Internal,
}

impl Exit {
    /// The table for `nhi --help`.
    pub(crate) const HELP: &str = "\
Exit codes:
   0  pass
   1  error
   2  usage
   3  no or invalid input
  10  findings at or above --fail-on, new access, a request denied, or a register that is not as it should be
  11  undecided (policy commands only)
  70  internal mismatch";
}

impl From<Exit> for u8 {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Pass => 0,
            Exit::Error => 1,
            Exit::Usage => 2,
            Exit::Input => 3,
            Exit::Findings => 10,
            Exit::Undecided => 11,
            Exit::Internal => 70,
        }
    }
}

/// Why a command ends early: what to tell, and the exit code.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// What is wrong, where, and what to do about it.
    pub message: String,
}

impl Failure {
    /// No input, or not what it should be.
    pub(crate) fn input(message: impl Into<String>) -> Self {
        Self { exit: Exit::Input, message: message.into() }
    }

    /// Something else went wrong.
    pub(crate) fn error(message: impl Into<String>) -> Self {
        Self { exit: Exit::Error, message: message.into() }
    }

    /// Called wrongly.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, message: message.into() }
    }
}
