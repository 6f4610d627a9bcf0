//! Approvals: what is asked for by one and approved by others, and where it stands at one point in time.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use jiff::{SignedDuration, Timestamp};

use crate::check::Check;
use crate::field::Field;
use crate::period::Period;
use crate::violation::{AttributePath, Violation};

/// Whom a name means: names that differ in case or surrounding blanks alone mean one person.
///
/// `None` for a name that says nothing, because then nobody can tell two people apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Person(String);

impl Person {
    /// The person of this name.
    pub fn named(name: &str) -> Option<Self> {
        let name = name.trim().to_lowercase();
        (!name.is_empty()).then_some(Self(name))
    }
}

/// As the register writes them down: without case and surrounding blanks.
impl fmt::Display for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is wrong with what somebody says to their word, at an attribute where it may be left out.
pub fn remark(attribute: &str, text: &Field<String>) -> Vec<Violation> {
    let mut check = Check::default();
    check.optional_text(&AttributePath::of(attribute), text);
    check.violations
}

/// What is wrong with what somebody says to their word, at an attribute where they have to.
pub fn required_remark(attribute: &str, text: &str) -> Vec<Violation> {
    remark(attribute, &Field::Is(text.to_owned()))
}

/// What a declaration says about approvals and about its own time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// How many other people have to approve it; none where it holds by itself.
    pub needed: u8,
    /// Who may approve it; empty when anybody else may.
    pub approvers: BTreeSet<String>,
    /// Who may not, besides whoever asked for it.
    pub barred: BTreeSet<String>,
    /// How long an approval stays live; `None` for as long as what it approves.
    pub valid_for: Option<Period>,
    /// When it begins, where it waits for something.
    pub begins: Option<Timestamp>,
    /// When it ends, where it does.
    pub ends: Option<Timestamp>,
}

impl Terms {
    /// Terms that ask for this many approvals.
    pub fn approvals(needed: u8) -> Self {
        Self { needed, ..Self::default() }
    }

    /// These terms up to an end.
    #[must_use]
    pub fn until(mut self, end: Option<Timestamp>) -> Self {
        self.ends = end;
        self
    }
}

/// What is asked for, as it was written last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Who wrote it as it is now.
    pub requester: String,
    /// Which writing of it this is: a number that never comes again.
    pub version: i64,
    /// The digest of what was written.
    pub digest: String,
    /// What it says about approvals.
    pub terms: Terms,
}

/// The word of one person for one writing of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Which writing of the request.
    pub version: i64,
    /// The digest of that writing.
    pub digest: String,
}

/// The end before its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// On whose word.
    pub by: String,
    /// Since when.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
    /// The identity that was revoked, where what names it ended with it; `None` where it was revoked itself.
    pub identity: Option<String>,
}

impl Revocation {
    /// Where what was revoked stands.
    pub fn standing(&self) -> Standing {
        Standing::Revoked { by: self.by.clone(), at: self.at, identity: self.identity.clone() }
    }
}

/// Where a declaration stands at one point in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It holds.
    Active,
    /// It waits for approvals.
    Unapproved {
        /// How many it needs.
        needed: u8,
        /// How many it has.
        given: u8,
    },
    /// It begins later.
    NotYet(Timestamp),
    /// It ended.
    Expired(Timestamp),
    /// It was revoked.
    Revoked {
        /// By whom.
        by: String,
        /// When.
        at: Timestamp,
        /// The identity that was revoked, where it is one that this names.
        identity: Option<String>,
    },
    /// Nobody looked at it in time, and a review says that it therefore does not count as active.
    Overdue {
        /// The name of the review.
        review: String,
        /// Since when.
        since: Timestamp,
    },
}

impl Standing {
    /// Every word that [`word`](Self::word) says.
    pub const WORDS: [&'static str; 6] = ["active", "unapproved", "not_yet", "expired", "revoked", "overdue"];

    /// Does it hold?
    pub fn active(&self) -> bool {
        matches!(self, Self::Active)
    }

    /// Where it stands, in one word.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Unapproved { .. } => "unapproved",
            Self::NotYet(_) => "not_yet",
            Self::Expired(_) => "expired",
            Self::Revoked { .. } => "revoked",
            Self::Overdue { .. } => "overdue",
        }
    }
}

/// Completes a sentence that begins with what it is about: "exception `x` …".
impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Active => f.write_str("is active"),
            Self::Unapproved { needed, given } => {
                write!(f, "waits for approval: it has {given} of {needed}")
            }
            Self::NotYet(at) => write!(f, "begins at {at}"),
            Self::Expired(at) => write!(f, "ended at {at}"),
            Self::Revoked { by, at, identity: None } => write!(f, "was revoked by {by} at {at}"),
            Self::Revoked { by, at, identity: Some(identity) } => {
                write!(f, "ended with identity `{identity}`, which was revoked by {by} at {at}")
            }
            Self::Overdue { review, since } => {
                write!(f, "is overdue for review `{review}` since {since}")
            }
        }
    }
}

/// Why somebody's word does not count as an approval.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApprovalError {
    /// Nothing of that kind is approved.
    #[error("it holds without approval")]
    NotNeeded,
    /// Nobody knows who approves.
    #[error("nobody knows who approves")]
    Nameless,
    /// Nobody knows who asked, so nobody can say that it was someone else.
    #[error("nobody knows who asked for it, so it cannot be shown that somebody else approves")]
    RequestedByNobody,
    /// The one who asked.
    #[error("`{}` asked for it and cannot approve it too", .0.escape_debug())]
    Requester(String),
    /// One who would gain by it.
    #[error("`{}` would gain by it and cannot approve it too", .0.escape_debug())]
    Barred(String),
    /// Not one of those who may.
    #[error("`{}` is not among those who may approve it: {}", .who.escape_debug(), listed(.approvers))]
    Stranger {
        /// Who.
        who: String,
        /// Who may.
        approvers: BTreeSet<String>,
    },
}

fn listed(names: &BTreeSet<String>) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{}`", name.escape_debug())).collect();
    names.join(", ")
}

fn among(names: &BTreeSet<String>, person: &Person) -> bool {
    names.iter().any(|name| Person::named(name).as_ref() == Some(person))
}

impl Request {
    /// Whether the word of `approver` counts for this request. `None` is somebody whom nobody knows.
    pub fn admits(&self, approver: Option<&str>) -> Result<Person, ApprovalError> {
        if self.terms.needed == 0 {
            return Err(ApprovalError::NotNeeded);
        }
        let name = approver.ok_or(ApprovalError::Nameless)?;
        let who = Person::named(name).ok_or(ApprovalError::Nameless)?;
        let requester = Person::named(&self.requester).ok_or(ApprovalError::RequestedByNobody)?;
        if who == requester {
            return Err(ApprovalError::Requester(name.to_owned()));
        }
        if among(&self.terms.barred, &who) {
            return Err(ApprovalError::Barred(name.to_owned()));
        }
        if !self.terms.approvers.is_empty() && !among(&self.terms.approvers, &who) {
            let approvers = self.terms.approvers.clone();
            return Err(ApprovalError::Stranger { who: name.to_owned(), approvers });
        }
        Ok(who)
    }

    /// The people whose word counts at `now`, each with the latest of their approvals.
    pub fn live<'a>(&self, approvals: &'a [Approval], now: Timestamp) -> BTreeMap<Person, &'a Approval> {
        let mut live: BTreeMap<Person, &Approval> = BTreeMap::new();
        for approval in approvals.iter().filter(|approval| self.is_live(approval, now)) {
            let Ok(person) = self.admits(Some(&approval.by)) else { continue };
            let latest = live.entry(person).or_insert(approval);
            if approval.at > latest.at {
                *latest = approval;
            }
        }
        live
    }

    /// Is it about this writing of the request, and recent enough? One from a later time than `now` is: clocks differ.
    fn is_live(&self, approval: &Approval, now: Timestamp) -> bool {
        let same = approval.version == self.version && approval.digest == self.digest;
        let end = self.terms.valid_for.as_ref().and_then(|length| later(approval.at, length.seconds()));
        same && end.is_none_or(|end| now < end)
    }

    /// Where it stands at `now`.
    pub fn standing(
        &self,
        approvals: &[Approval],
        revocation: Option<&Revocation>,
        now: Timestamp,
    ) -> Standing {
        if let Some(revocation) = revocation {
            return revocation.standing();
        }
        if let Some(end) = self.terms.ends.filter(|end| *end <= now) {
            return Standing::Expired(end);
        }
        let given = u8::try_from(self.live(approvals, now).len()).unwrap_or(u8::MAX);
        let needed = self.terms.needed;
        if given < needed {
            return Standing::Unapproved { needed, given };
        }
        match self.terms.begins.filter(|begin| now < *begin) {
            Some(begin) => Standing::NotYet(begin),
            None => Standing::Active,
        }
    }
}

/// A number of seconds after a time; `None` beyond the calendar.
pub(crate) fn later(at: Timestamp, seconds: u64) -> Option<Timestamp> {
    at.checked_add(SignedDuration::from_secs(i64::try_from(seconds).ok()?)).ok()
}
