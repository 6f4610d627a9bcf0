//! What a review asks for at one point in time: rounds of equal length, and what happened in between.

use jiff::{SignedDuration, Timestamp};

use super::Review;
use crate::identity::Identity;
use crate::name::Name;

/// How long after an event its review may take.
pub const AFTER_EVENT: SignedDuration = SignedDuration::from_hours(14 * 24);

/// An identity, and since when it is declared.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The identity.
    pub identity: &'a Identity,
    /// What was asked for before that is not asked of it.
    pub declared_at: Timestamp,
}

/// Somebody looked at an identity, and it may stay as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attestation {
    /// At which.
    pub identity: Name,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// What a review asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Due {
    /// Nothing before that time: the first round is still ahead.
    Ahead {
        /// When the first round begins.
        from: Timestamp,
    },
    /// Nothing for the time being.
    Attested {
        /// Who looked at it last.
        by: String,
        /// When.
        at: Timestamp,
        /// When the next round begins.
        until: Timestamp,
    },
    /// Somebody has to look at it by then.
    Open {
        /// The last instant but one.
        by: Timestamp,
    },
    /// Nobody did in time.
    Overdue {
        /// When somebody should have, at the latest.
        since: Timestamp,
    },
}

impl Due {
    /// Its word in reports.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Ahead { .. } => "ahead",
            Self::Attested { .. } => "attested",
            Self::Open { .. } => "open",
            Self::Overdue { .. } => "overdue",
        }
    }
}

impl Review {
    /// The last attestation that counts at `now`: of a reviewer, and not from the future.
    pub(super) fn latest<'a>(
        &self,
        attestations: impl Iterator<Item = &'a Attestation>,
        now: Timestamp,
    ) -> Option<&'a Attestation> {
        let reviewer = |by: &str| self.reviewers.iter().any(|one| one.to_lowercase() == by.to_lowercase());
        attestations.filter(|one| one.at <= now && reviewer(&one.by)).max_by_key(|one| one.at)
    }

    /// What is due at `now` of an identity that was declared then and attested last by `latest`. A round is answered by
    /// any attestation since it began, a late one included.
    pub(super) fn due_since(
        &self,
        declared_at: Timestamp,
        latest: Option<&Attestation>,
        now: Timestamp,
    ) -> Due {
        // A round that was over before the identity was declared is not asked of it.
        let first = self.round_of(declared_at).unwrap_or(0);
        let unanswered =
            latest.and_then(|latest| self.round_of(latest.at)).map_or(0, |answered| answered + 1);
        let round = first.max(unanswered);
        let (from, by) = (self.start_of(round), self.start_of(round + 1));
        let events = self
            .occurrences
            .iter()
            .map(|occurrence| occurrence.at.at())
            .filter(|at| *at <= now && declared_at <= *at && latest.is_none_or(|latest| latest.at < *at))
            .map(|at| later(at, AFTER_EVENT));
        let open = events.chain((from <= now).then_some(by)).min();
        match (open, latest) {
            (Some(since), _) if since <= now => Due::Overdue { since },
            (Some(by), _) => Due::Open { by },
            (None, Some(latest)) => Due::Attested { by: latest.by.clone(), at: latest.at, until: from },
            (None, None) => Due::Ahead { from },
        }
    }

    /// Which round holds this instant, from zero; `None` before the first.
    fn round_of(&self, at: Timestamp) -> Option<i64> {
        let passed = at.duration_since(self.starts_on.at());
        (!passed.is_negative()).then(|| passed.as_secs() / self.length().as_secs())
    }

    /// The first instant of a round; the end of the calendar for those beyond it.
    fn start_of(&self, round: i64) -> Timestamp {
        let passed = self.length().as_secs().checked_mul(round).map(SignedDuration::from_secs);
        passed.map_or(Timestamp::MAX, |passed| later(self.starts_on.at(), passed))
    }

    /// A period is at least one second and at most a hundred years.
    fn length(&self) -> SignedDuration {
        SignedDuration::from_secs(i64::try_from(self.period.seconds()).unwrap_or(i64::MAX).max(1))
    }
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}
