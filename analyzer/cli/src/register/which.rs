//! Which register a command is about, and opening it to read.

use std::path::PathBuf;

use clap::Args;
use nhi_register::location::DEFAULT;
use nhi_register::{Clock, DEFAULT_ORGANISATION, Location, Register, RegisterError, Session};

use crate::exit::{Exit, Failure};
use crate::surroundings::Surroundings;

#[derive(Debug, Args)]
pub(crate) struct Which {
    /// The register, as in `sqlite:nhi.db`
    #[arg(long, value_name = "URL", default_value = DEFAULT)]
    register: String,

    /// The organisation in it
    #[arg(long, value_name = "NAME", default_value = DEFAULT_ORGANISATION)]
    pub(crate) organisation: String,
}

impl Which {
    pub(crate) fn location(&self) -> Result<Location, Failure> {
        Location::parse(&self.register).map_err(|error| failure(&error))
    }

    /// Opens it and changes nothing in it.
    pub(crate) fn read(&self) -> Result<Register, Failure> {
        self.opened().map_err(|error| failure(&error))
    }

    pub(crate) fn opened(&self) -> Result<Register, RegisterError> {
        Register::open_read_only(&Location::parse(&self.register)?, &self.organisation)
    }

    /// The file, where it is one.
    pub(crate) fn path(&self) -> Option<PathBuf> {
        let rest = self.register.strip_prefix("sqlite:")?;
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        Some(PathBuf::from(rest.split_once('?').map_or(rest, |(path, _)| path)))
    }

    /// Is it a file, where nobody is authenticated?
    pub(crate) fn is_file(&self) -> bool {
        self.register.starts_with("sqlite:")
    }
}

/// A register that a command writes to.
#[derive(Debug, Args)]
pub(crate) struct Writable {
    #[command(flatten)]
    which: Which,

    /// The workspace that is written down with it
    #[arg(long, value_name = "NAME", default_value = "command-line")]
    workspace: String,
}

impl Writable {
    /// Opens it, to write on behalf of whoever calls. It has to be there: a command makes no register.
    pub(crate) fn open(&self, surroundings: &Surroundings<'_>) -> Result<Register, Failure> {
        drop(self.which.read()?);
        let now = surroundings.now;
        let session = Session {
            organisation: self.which.organisation.clone(),
            workspace: self.workspace.clone(),
            actor: surroundings.actor.clone(),
            clock: Clock::new(move || now),
        };
        Register::open(&self.which.location()?, session).map_err(|error| failure(&error))
    }

    /// See [`Which::is_file`].
    pub(crate) fn is_file(&self) -> bool {
        self.which.is_file()
    }
}

/// What a register says, as the end of a command: what was asked for wrongly, what is not there or no register, or that
/// something else went wrong.
pub(crate) fn failure(error: &RegisterError) -> Failure {
    let exit = match error {
        RegisterError::Url { .. }
        | RegisterError::Organisation(_)
        | RegisterError::Workspace(_)
        | RegisterError::Rules(_) => Exit::Usage,
        RegisterError::Missing(_)
        | RegisterError::NotARegister { .. }
        | RegisterError::NoOrganisation { .. }
        | RegisterError::NotDeclared { .. }
        | RegisterError::Backup(_)
        | RegisterError::Damaged { .. } => Exit::Input,
        _ => Exit::Error,
    };
    Failure { exit, message: error.to_string() }
}
