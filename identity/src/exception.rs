//! Exceptions: what is permitted in spite of a rule, to whom, on whose word, and until when.

use std::collections::BTreeSet;

use jiff::Timestamp;
use nhi_access::Scope;

use crate::approval::Terms;
use crate::check::{Check, Fields};
use crate::end::{End, EndDraft, Status};
use crate::field::Field;
use crate::moment::Moment;
use crate::name::Name;
use crate::object::ObjectKind;
use crate::surroundings::Surroundings;
use crate::violation::{AttributePath, Violation};

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
    /// See [`Exception::end`].
    pub end: EndDraft,
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
        self.end.warnings((ObjectKind::Exception, &self.name), now)
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
        let end = self.end.read(check, ObjectKind::Exception);
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
}

impl Exception {
    /// What approving it takes: one other person's word, until its end.
    pub fn terms(&self) -> Terms {
        Terms::approvals(1).until(self.end.moment().map(Moment::at))
    }

    /// What it breaks among the declarations around it: an owner or an identity that nobody declared.
    pub fn violations(&self, around: &Surroundings) -> Vec<Violation> {
        let mut check = Check::default();
        around.require(&mut check, &AttributePath::of("identity"), (ObjectKind::Identity, &self.identity));
        around.require(&mut check, &AttributePath::of("owner"), (ObjectKind::Owner, &self.owner));
        check.violations
    }

    /// The exception with its end fixed, counted from `now` where it has a length and no end yet.
    pub fn fixed(self, now: Timestamp) -> Result<Self, Violation> {
        Ok(Self { end: self.end.fixed(now)?, ..self })
    }

    /// Where it stands at `now`. Its last instant is no longer part of it.
    pub fn status(&self, now: Timestamp) -> Status {
        self.end.status(now)
    }

    /// What its end is worth a warning for at `now`: it is near, or behind us.
    pub fn warnings(&self, now: Timestamp) -> Vec<Violation> {
        self.end.warnings((ObjectKind::Exception, self.name.as_str()), now)
    }
}
