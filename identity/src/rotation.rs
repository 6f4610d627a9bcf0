//! When a credential has to be exchanged again, by what is declared of it and what was recorded since.

use jiff::Timestamp;

use crate::approval::later;
use crate::credential::Credential;

/// Where a credential stands with its rotation at one point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// It has to be exchanged since then.
    Due(Timestamp),
    /// It has to be exchanged by then.
    Ahead(Timestamp),
    /// Nobody says when it was exchanged last, so nobody can say that it is not due.
    Unrecorded,
}

impl Credential {
    /// Where it stands at `now`, if it was also exchanged at `recorded`.
    pub fn rotation(&self, recorded: Option<Timestamp>, now: Timestamp) -> Rotation {
        let declared = self.last_rotation.as_ref().map(|occasion| occasion.at.at());
        let Some(last) = declared.max(recorded) else { return Rotation::Unrecorded };
        let due = later(last, self.rotation_period.seconds()).unwrap_or(Timestamp::MAX);
        if due <= now { Rotation::Due(due) } else { Rotation::Ahead(due) }
    }
}
