//! Exception debt: how much risk exceptions hold open, weighed by how much harm their identities can do, by how much they
//! leave open, and by their age.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::approval::Standing;
use crate::exception::{Exception, Permits};
use crate::identity::Tier;
use crate::name::Name;

/// The formula in words, for documentation.
pub const RULE: &str = "Each exception that is open counts its age in whole days, times 4, 2 or 1 for an identity of tier 0, 1 or 2, \
times 1 if it names both actions and resources, 2 if it leaves one of them open (says nothing of it, or `*`) and 3 if it \
leaves both open, times 2 if it has ended and is still declared.";

/// How often what has ended and is still declared counts.
const OVERDUE: u64 = 2;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// An exception, with what has to be known of it to count it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim<'a> {
    /// The exception.
    pub exception: &'a Exception,
    /// The tier of its identity; `None` when nobody declares that identity any more.
    pub tier: Option<Tier>,
    /// Since when it is declared; `None` when nobody knows.
    pub since: Option<Timestamp>,
    /// Where it stands.
    pub standing: Standing,
}

/// Whether an exception holds anything open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It permits something.
    Open,
    /// It has ended and is still declared: what depended on it may well be there.
    Overdue,
    /// It permits nothing yet: it waits for approvals, or begins later.
    Waiting,
    /// It was revoked.
    Revoked,
}

/// What one exception owes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owed<'a> {
    /// The exception.
    pub exception: &'a Exception,
    /// Whether it counts.
    pub state: State,
    /// The tier of its identity, where it is known.
    pub tier: Option<Tier>,
    /// How much it leaves open: 1, 2 or 3.
    pub sensitivity: u64,
    /// Its age in whole days, where it is known.
    pub age_days: Option<u64>,
    /// What it adds to the debt: nothing when it is not open, `None` when it is open and its tier or age is unknown.
    pub debt: Option<u64>,
}

/// What several exceptions owe together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// The sum of what is known: the debt is at least this much.
    pub debt: u64,
    /// How many are open, those that have ended included.
    pub open: u32,
    /// How many of the open ones have ended and are still declared.
    pub overdue: u32,
    /// How many of the open ones are not in the sum, because their tier or age is unknown.
    pub unknown: u32,
    /// How many wait, and hold nothing open yet.
    pub waiting: u32,
    /// How many were revoked.
    pub revoked: u32,
}

/// The debt of all exceptions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Debt<'a> {
    /// All of it.
    pub total: Share,
    /// By the owner on whose word they are.
    pub owners: BTreeMap<&'a Name, Share>,
    /// By the identity they are for.
    pub identities: BTreeMap<&'a Name, Share>,
    /// Each exception, by name.
    pub exceptions: BTreeMap<&'a Name, Owed<'a>>,
}

/// What leaving an identity of this tier alone weighs.
pub fn weight(tier: Tier) -> u64 {
    match tier {
        Tier::Control => 4,
        Tier::Data => 2,
        Tier::NonProduction => 1,
    }
}

/// How much it leaves open: one more for actions and for resources of which it says nothing, or `*`.
pub fn sensitivity(permits: &Permits) -> u64 {
    let sides = [&permits.actions, &permits.resources];
    1 + sides.into_iter().map(|side| u64::from(side.is_empty() || side.contains("*"))).sum::<u64>()
}

impl Debt<'_> {
    /// The debt at `now` of exceptions that are declared then.
    pub fn of<'a>(claims: impl IntoIterator<Item = Claim<'a>>, now: Timestamp) -> Debt<'a> {
        let mut debt = Debt::default();
        for claim in claims {
            let exception = claim.exception;
            let owed = claim.owed(now);
            debt.total.add(&owed);
            debt.owners.entry(&exception.owner).or_default().add(&owed);
            debt.identities.entry(&exception.identity).or_default().add(&owed);
            debt.exceptions.insert(&exception.name, owed);
        }
        debt
    }
}

impl<'a> Claim<'a> {
    fn owed(self, now: Timestamp) -> Owed<'a> {
        let early = self.since.is_some_and(|since| now < since);
        let state = match self.standing {
            Standing::Revoked { .. } => State::Revoked,
            _ if early => State::Waiting,
            Standing::Active => State::Open,
            Standing::Expired(_) => State::Overdue,
            Standing::Unapproved { .. } | Standing::NotYet(_) | Standing::Overdue { .. } => State::Waiting,
        };
        let age = self.since.map(|since| (now.as_second() - since.as_second()).max(0) / DAY);
        let age_days = age.and_then(|days| u64::try_from(days).ok());
        let sensitivity = sensitivity(&self.exception.permits);
        let factor = match state {
            State::Open => 1,
            State::Overdue => OVERDUE,
            State::Waiting | State::Revoked => 0,
        };
        let debt = match (factor, self.tier, age_days) {
            (0, ..) => Some(0),
            (_, Some(tier), Some(days)) => Some(weight(tier) * sensitivity * days * factor),
            _ => None,
        };
        Owed { exception: self.exception, state, tier: self.tier, sensitivity, age_days, debt }
    }
}

impl Share {
    fn add(&mut self, owed: &Owed<'_>) {
        self.debt += owed.debt.unwrap_or(0);
        self.unknown += u32::from(owed.debt.is_none());
        match owed.state {
            State::Open => self.open += 1,
            State::Overdue => {
                self.open += 1;
                self.overdue += 1;
            }
            State::Waiting => self.waiting += 1,
            State::Revoked => self.revoked += 1,
        }
    }
}

impl State {
    /// Every word that [`word`](Self::word) says.
    pub const WORDS: [&'static str; 4] = ["open", "overdue", "waiting", "revoked"];

    /// In one word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Overdue => "overdue",
            Self::Waiting => "waiting",
            Self::Revoked => "revoked",
        }
    }
}
