//! What a configured provider shares between calls.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use nhi_identity::{Name, ObjectKind, Surroundings};
use nhi_proto::{Diagnostic, Diagnostics, Field, Path};
use nhi_register::{Clock, Register};

/// The open register, the defaults and the clock.
#[derive(Debug)]
pub struct Context {
    pub(crate) connection: Connection,
    pub(crate) defaults: Defaults,
    pub(crate) clock: Clock,
    /// What this process has planned to keep.
    pub(crate) planned: Planned,
}

/// Names that are kept once the plans of this process are applied. Terraform plans what is referred to before what refers
/// to it.
#[derive(Debug, Default)]
pub(crate) struct Planned(Mutex<BTreeSet<(ObjectKind, Name)>>);

impl Planned {
    /// Notes what is planned.
    pub(crate) fn note(&self, names: impl IntoIterator<Item = (ObjectKind, Name)>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(names);
    }

    /// Tells `around` of everything that is planned.
    pub(crate) fn tell(&self, around: &mut Surroundings) {
        for (kind, name) in self.0.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            around.note(*kind, name.clone());
        }
    }
}

/// The register, or why there is none yet.
#[derive(Debug)]
pub(crate) enum Connection {
    /// It is open.
    Open(Box<Register>),
    /// This attribute of the provider block is known only after apply.
    Unknown(&'static str),
}

/// Values for declarations that give none themselves.
#[derive(Clone, Debug)]
pub(crate) struct Defaults {
    pub(crate) owner: Field<String>,
    pub(crate) environment: Field<String>,
}

impl Context {
    /// The register, where it is open already.
    pub(crate) fn open_register(&self) -> Option<&Register> {
        match &self.connection {
            Connection::Open(register) => Some(register),
            Connection::Unknown(_) => None,
        }
    }

    /// The organisation whose declarations these are; unknown as long as there is no register.
    pub(crate) fn organisation(&self) -> Field<String> {
        match &self.connection {
            Connection::Open(register) => Field::Known(register.organisation().to_owned()),
            Connection::Unknown(_) => Field::Unknown,
        }
    }

    /// The register. Planning new objects works without one; everything else needs it.
    pub(crate) fn register(&self) -> Result<&Register, Diagnostics> {
        match &self.connection {
            Connection::Open(register) => Ok(register),
            Connection::Unknown(attribute) => {
                let detail = format!(
                    "`{attribute}` of the provider block is known only after apply, and this operation needs the register \
                     now. Give it a value that is known at plan, or apply what the value comes from first (`-target=ADDRESS`). \
                     A data source can also wait for the apply: let it depend on what the value comes from (`depends_on`)."
                );
                Err(Diagnostic::error("The register is not known yet", detail).at(Path::root()).into())
            }
        }
    }
}
