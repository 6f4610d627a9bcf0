//! On whose behalf a register is open, and what time it is there.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::actor::Actor;

/// The time, asked anew for each write.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// A clock that shows what `read` says.
    pub fn new(read: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }

    /// The clock of the machine.
    pub fn system() -> Self {
        Self::new(Timestamp::now)
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}

/// The organisation of a register that has only one.
pub const DEFAULT_ORGANISATION: &str = "default";

/// Everything a write is written down with.
#[derive(Clone, Debug)]
pub struct Session {
    /// The organisation: names, principals and the audit chain are its own. [`DEFAULT_ORGANISATION`] where none is named.
    pub organisation: String,
    /// The workspace that owns what is created.
    pub workspace: String,
    /// Who writes.
    pub actor: Actor,
    /// When.
    pub clock: Clock,
}
