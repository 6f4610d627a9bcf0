//! Grants of elevations: a window that opens on live approvals, is renewed while it is used, and never outlasts what
//! was approved.

use jiff::Timestamp;

use crate::approval::later;
use crate::period::Period;

/// How long a window lasts before it must be renewed, where nobody says: a run that dies leaves it open no longer.
pub const LEASE: &str = "15m";

/// The shortest a window may last before it must be renewed, in seconds: a renewal needs time to arrive.
pub const SHORTEST: u64 = 60;

/// A window in which somebody is raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// Since when it is open.
    pub opened: Timestamp,
    /// When it closes unless it is renewed.
    pub until: Timestamp,
    /// When it closes in any case.
    pub latest: Timestamp,
    /// For how long each renewal keeps it open.
    pub lease: Period,
}

/// Why a window does not open, or does not stay open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// The lease is longer than the elevation allows at a time.
    #[error("`{}` is longer than the elevation allows at a time, which is `{longest}`", .lease.escape_debug())]
    Long {
        /// As it was written.
        lease: String,
        /// What the elevation allows.
        longest: String,
    },
    /// The lease is too short for a renewal to arrive.
    #[error("`{}` is shorter than {SHORTEST} seconds", .0.escape_debug())]
    Short(String),
    /// No time is left in it.
    #[error("it ended at {0}")]
    Over(Timestamp),
}

impl Window {
    /// A window from `now` on: at most `longest`, and never beyond `end`, when what allows it ends. The lease is
    /// [`LEASE`], or `longest` where that is shorter, unless it is said.
    pub fn open(
        now: Timestamp,
        lease: Option<&Period>,
        longest: &Period,
        end: Option<Timestamp>,
    ) -> Result<Self, GrantError> {
        if let Some(lease) = lease {
            if lease.seconds() > longest.seconds() {
                let (lease, longest) = (lease.spelling().to_owned(), longest.to_string());
                return Err(GrantError::Long { lease, longest });
            }
            // An elevation may itself be shorter than the shortest lease; then all of it is one.
            if lease.seconds() < SHORTEST.min(longest.seconds()) {
                return Err(GrantError::Short(lease.spelling().to_owned()));
            }
        }
        let usual = || Period::parse(LEASE).ok().filter(|usual| usual.seconds() < longest.seconds());
        let lease = lease.cloned().or_else(usual).unwrap_or_else(|| longest.clone());
        if let Some(end) = end.filter(|end| *end <= now) {
            return Err(GrantError::Over(end));
        }
        let allowed = later(now, longest.seconds()).unwrap_or(Timestamp::MAX);
        let latest = end.map_or(allowed, |end| end.min(allowed));
        let until = later(now, lease.seconds()).map_or(latest, |until| until.min(latest));
        Ok(Self { opened: now, until, latest, lease })
    }

    /// The window, renewed at `now`. What is over is not renewed, and no renewal shortens it.
    pub fn renewed(&self, now: Timestamp) -> Result<Self, GrantError> {
        if !self.is_open(now) {
            return Err(GrantError::Over(self.until));
        }
        let until = later(now, self.lease.seconds()).map_or(self.latest, |until| until.min(self.latest));
        Ok(Self { until: until.max(self.until), ..self.clone() })
    }

    /// Is it open at `now`, unless somebody closed it?
    pub fn is_open(&self, now: Timestamp) -> bool {
        now < self.until
    }

    /// When to ask for more time, seen from `now`: when two thirds of what is left are over. `None` when no more is to
    /// be had.
    pub fn renew_at(&self, now: Timestamp) -> Option<Timestamp> {
        if self.until >= self.latest || !self.is_open(now) {
            return None;
        }
        let left = u64::try_from(self.until.duration_since(now).as_secs()).ok()?;
        later(now, left.saturating_mul(2) / 3)
    }
}
