//! Exceptions: what is permitted in spite of a rule, to whom, on whose word, and until when.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use nhi_access::Scope;

use crate::approval::Terms;
use crate::check::{Check, Fields};
use crate::field::Field;
use crate::moment::Moment;
use crate::name::Name;
use crate::period::Period;
use crate::surroundings::Surroundings;
use crate::violation::{AttributePath, Violation};

/// How long before its end an exception is worth a warning.
pub const NOTICE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// What an exception permits. An empty set leaves its dimension open; all three empty is refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permits {
    /// Ids of the rules it silences.
    pub rules: BTreeSet<String>,
    /// Patterns of actions.
    pub actions: BTreeSet<String>,
    /// Patterns of resources.
    pub resources: BTreeSet<String>,
}

impl Permits {
    /// The requests it permits to these principals (patterns; none means any), to ask whether one of them is still
    /// possible. `None` when it names rules alone: then there is no set of requests to ask for.
    pub fn scope(&self, principals: &[String]) -> Option<Scope> {
        let named = !self.actions.is_empty() || !self.resources.is_empty();
        named.then(|| Scope {
            principals: principals.to_vec(),
            actions: self.actions.iter().cloned().collect(),
            resources: self.resources.iter().cloned().collect(),
        })
    }
}

/// How an exception ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// At a point in time that its author named.
    At(Moment),
    /// A length of time after it was first declared.
    For {
        /// That length.
        period: Period,
        /// Where the end fell; `None` until it is fixed.
        ends: Option<Moment>,
    },
}

impl End {
    /// The point in time, where it is fixed.
    pub fn moment(&self) -> Option<&Moment> {
        match self {
            Self::At(moment) => Some(moment),
            Self::For { ends, .. } => ends.as_ref(),
        }
    }
}

/// Where an exception stands at one point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It holds, and will for more than fourteen days.
    Active,
    /// It holds, and ends within fourteen days.
    Expiring(Timestamp),
    /// It holds no longer.
    Expired(Timestamp),
    /// Its end is fixed only when it is applied.
    Unfixed,
}

/// What is permitted in spite of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Its name.
    pub name: Name,
    /// To whom: the name of an identity.
    pub identity: Name,
    /// What.
    pub permits: Permits,
    /// Why.
    pub reason: String,
    /// On whose word: the name of an owner.
    pub owner: Name,
    /// What keeps the risk down meanwhile; at least one.
    pub compensating_controls: BTreeSet<String>,
    /// Where it was agreed.
    pub ticket: Option<String>,
    /// Until when.
    pub end: End,
}

/// What an exception permits, on its way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PermitsDraft {
    /// See [`Permits::rules`].
    pub rules: Fields,
    /// See [`Permits::actions`].
    pub actions: Fields,
    /// See [`Permits::resources`].
    pub resources: Fields,
}

/// An exception on its way: values may be absent, unknown or wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExceptionDraft {
    /// See [`Exception::name`].
    pub name: Field<String>,
    /// See [`Exception::identity`].
    pub identity: Field<String>,
    /// See [`Exception::permits`].
    pub permits: Field<PermitsDraft>,
    /// See [`Exception::reason`].
    pub reason: Field<String>,
    /// See [`Exception::owner`].
    pub owner: Field<String>,
    /// See [`Exception::compensating_controls`].
    pub compensating_controls: Fields,
    /// See [`Exception::ticket`].
    pub ticket: Field<String>,
    /// The end, where its author named it.
    pub expires_at: Field<String>,
    /// The length, where its author named that instead.
    pub valid_for: Field<String>,
    /// Where the end of that length fell, once it is fixed; unknown is as good as absent here.
    pub ends: Field<String>,
}

impl ExceptionDraft {
    /// What is wrong with what is known.
    pub fn violations(&self) -> Vec<Violation> {
        let mut check = Check::default();
        self.read(&mut check);
        check.violations
    }

    /// The exception; or what is wrong with it, values that are not known yet included.
    pub fn declare(&self) -> Result<Exception, Vec<Violation>> {
        let mut check = Check::default();
        let exception = self.read(&mut check);
        check.finish(exception)
    }

    /// What the end is worth a warning for at `now`, as far as it is known.
    pub fn warnings(&self, now: Timestamp) -> Vec<Violation> {
        let end = |field: &Field<String>| field.known().and_then(|text| Moment::parse(text).ok());
        let name = self.name.known().map_or("", String::as_str);
        match (end(&self.expires_at), end(&self.ends)) {
            (Some(end), _) => notice(name, "expires_at", status(end.at(), now)),
            (None, Some(end)) => notice(name, "valid_for", status(end.at(), now)),
            (None, None) => Vec::new(),
        }
    }

    fn read(&self, check: &mut Check) -> Option<Exception> {
        let at = AttributePath::of;
        let name = check.name(&at("name"), &self.name);
        let identity = check.name(&at("identity"), &self.identity);
        let permits = self.permits(check);
        let reason = check.text(&at("reason"), &self.reason);
        let owner = check.name(&at("owner"), &self.owner);
        let controls = check.filled_set(&at("compensating_controls"), &self.compensating_controls);
        let ticket = check.optional_line(&at("ticket"), &self.ticket);
        let end = self.end(check);
        Some(Exception {
            name: name?,
            identity: identity?,
            permits: permits?,
            reason: reason?,
            owner: owner?,
            compensating_controls: controls?,
            ticket: ticket?,
            end: end?,
        })
    }

    fn permits(&self, check: &mut Check) -> Option<Permits> {
        let at = AttributePath::of("permits");
        let draft = check.required(&at, &self.permits)?;
        let permits = Permits {
            rules: check.set(&at.attribute("rules"), &draft.rules)?,
            actions: check.set(&at.attribute("actions"), &draft.actions)?,
            resources: check.set(&at.attribute("resources"), &draft.resources)?,
        };
        if permits == Permits::default() {
            check.refuse(
                &at,
                "it permits nothing in particular",
                "Name at least one of `rules`, `actions` and `resources`; what is left out stays open.",
            );
            return None;
        }
        Some(permits)
    }

    fn end(&self, check: &mut Check) -> Option<End> {
        let (at, length) = (AttributePath::of("expires_at"), AttributePath::of("valid_for"));
        let moment = check.moment(&at, &self.expires_at);
        let period = check.period(&length, &self.valid_for);
        match (&self.expires_at, &self.valid_for) {
            (Field::Absent, Field::Absent) => {
                check.refuse(&at, "the exception has no end", "Set either `expires_at` or `valid_for`.");
                None
            }
            (Field::Is(_), Field::Is(_)) => {
                check.refuse(
                    &length,
                    "the exception has two ends",
                    "Set either `expires_at` or `valid_for`, not both.",
                );
                None
            }
            _ => match (moment?, period?) {
                (Some(moment), _) => Some(End::At(moment)),
                (None, Some(period)) => {
                    let ends = match &self.ends {
                        Field::Is(_) => check.moment(&at, &self.ends)?,
                        Field::Absent | Field::Unknown => None,
                    };
                    Some(End::For { period, ends })
                }
                (None, None) => None,
            },
        }
    }
}

impl Exception {
    /// What approving it takes: one other person's word, until its end.
    pub fn terms(&self) -> Terms {
        Terms::approvals(1).until(self.end.moment().map(Moment::at))
    }

    /// What it breaks among the declarations around it: an owner or an identity that nobody declared.
    pub fn violations(&self, around: &Surroundings) -> Vec<Violation> {
        let mut check = Check::default();
        if !around.identities.contains(&self.identity) {
            check.refuse(
                &AttributePath::of("identity"),
                format!("no identity `{}` is declared", self.identity),
                "Declare an `nhi_identity` of this name and refer to it (`identity = nhi_identity.NAME.name`), so that \
                 Terraform creates it first.",
            );
        }
        around.require_owner(&mut check, &self.owner);
        check.violations
    }

    /// The exception with its end fixed, counted from `now` where it has a length and no end yet.
    pub fn fixed(mut self, now: Timestamp) -> Result<Self, Violation> {
        if let End::For { period, ends } = &mut self.end
            && ends.is_none()
        {
            let end = Moment::after(now, period).map_err(|error| Violation {
                path: AttributePath::of("valid_for"),
                problem: error.to_string(),
                remedy: "Choose a shorter length.".to_owned(),
            })?;
            *ends = Some(end);
        }
        Ok(self)
    }

    /// Where it stands at `now`. Its last instant is no longer part of it.
    pub fn status(&self, now: Timestamp) -> Status {
        self.end.moment().map_or(Status::Unfixed, |end| status(end.at(), now))
    }

    /// What its end is worth a warning for at `now`: it is near, or behind us.
    pub fn warnings(&self, now: Timestamp) -> Vec<Violation> {
        let attribute = if matches!(self.end, End::At(_)) { "expires_at" } else { "valid_for" };
        notice(self.name.as_str(), attribute, self.status(now))
    }
}

fn status(end: Timestamp, now: Timestamp) -> Status {
    if end <= now {
        Status::Expired(end)
    } else if end.duration_since(now) <= NOTICE {
        Status::Expiring(end)
    } else {
        Status::Active
    }
}

fn notice(name: &str, attribute: &str, status: Status) -> Vec<Violation> {
    let (problem, remedy) = match status {
        Status::Active | Status::Unfixed => return Vec::new(),
        Status::Expiring(end) => (
            format!("exception `{name}` ends on {end}"),
            "That is within fourteen days. Remove what it permits before then, or agree on a new end and set it here.",
        ),
        Status::Expired(end) => (
            format!("exception `{name}` ended on {end}"),
            "It permits nothing any more. Remove what it permitted and then the exception, or agree on a new end and set it \
             here.",
        ),
    };
    vec![Violation { path: AttributePath::of(attribute), problem, remedy: remedy.to_owned() }]
}
