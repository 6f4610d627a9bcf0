//! Which register a command is about, and opening it to read.

use clap::Args;
use nhi_register::location::DEFAULT;
use nhi_register::{DEFAULT_ORGANISATION, Location, Register, RegisterError};

use crate::exit::{Exit, Failure};

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
        Register::open_read_only(&self.location()?, &self.organisation).map_err(|error| failure(&error))
    }
}

/// What a register says, as the end of a command: what was asked for wrongly, what is not there or no register, or that
/// something else went wrong.
pub(crate) fn failure(error: &RegisterError) -> Failure {
    let exit = match error {
        RegisterError::Url { .. } | RegisterError::Organisation(_) | RegisterError::Workspace(_) => {
            Exit::Usage
        }
        RegisterError::Missing(_)
        | RegisterError::NotARegister { .. }
        | RegisterError::NoOrganisation { .. }
        | RegisterError::Damaged { .. } => Exit::Input,
        _ => Exit::Error,
    };
    Failure { exit, message: error.to_string() }
}
