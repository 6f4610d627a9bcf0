//! Crossings: that identities of one zone may act in another, until when, and where it is logged. Asked for here,
//! approved elsewhere.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::Labels;
use crate::approval::Terms;
use crate::check::{Check, FieldMap, Fields};
use crate::end::{End, EndDraft, Status};
use crate::field::Field;
use crate::moment::Moment;
use crate::name::Name;
use crate::object::ObjectKind;
use crate::surroundings::Surroundings;
use crate::violation::{AttributePath, Violation};

/// A way from one zone into another, for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crossing {
    /// Its name.
    pub name: Name,
    /// The zone that identities come from.
    pub from_zone: Name,
    /// The zone that they cross into.
    pub to_zone: Name,
    /// Which of them; empty for every identity of the zone.
    pub identities: BTreeSet<Name>,
    /// Who is expected to approve it: the name of an owner.
    pub approver: Name,
    /// Why it is needed.
    pub reason: String,
    /// Where it was agreed.
    pub ticket: Option<String>,
    /// Where every use of it is logged.
    pub log_sink: String,
    /// Until when.
    pub end: End,
    /// Free labels.
    pub labels: Labels,
}

/// A crossing on its way: values may be absent, unknown or wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CrossingDraft {
    /// See [`Crossing::name`].
    pub name: Field<String>,
    /// See [`Crossing::from_zone`].
    pub from_zone: Field<String>,
    /// See [`Crossing::to_zone`].
    pub to_zone: Field<String>,
    /// See [`Crossing::identities`].
    pub identities: Fields,
    /// See [`Crossing::approver`].
    pub approver: Field<String>,
    /// See [`Crossing::reason`].
    pub reason: Field<String>,
    /// See [`Crossing::ticket`].
    pub ticket: Field<String>,
    /// See [`Crossing::log_sink`].
    pub log_sink: Field<String>,
    /// See [`Crossing::end`].
    pub end: EndDraft,
    /// See [`Crossing::labels`].
    pub labels: FieldMap,
}

impl CrossingDraft {
    /// What is wrong with what is known.
    pub fn violations(&self) -> Vec<Violation> {
        let mut check = Check::default();
        self.read(&mut check);
        check.violations
    }

    /// The crossing; or what is wrong with it, values that are not known yet included.
    pub fn declare(&self) -> Result<Crossing, Vec<Violation>> {
        let mut check = Check::default();
        let crossing = self.read(&mut check);
        check.finish(crossing)
    }

    /// What the end is worth a warning for at `now`, as far as it is known.
    pub fn warnings(&self, now: Timestamp) -> Vec<Violation> {
        self.end.warnings((ObjectKind::Crossing, &self.name), now)
    }

    fn read(&self, check: &mut Check) -> Option<Crossing> {
        let at = AttributePath::of;
        let name = check.name(&at("name"), &self.name);
        let from_zone = check.name(&at("from_zone"), &self.from_zone);
        let to_zone = check.name(&at("to_zone"), &self.to_zone);
        if let (Some(from), Some(to)) = (&from_zone, &to_zone)
            && from == to
        {
            check.refuse(
                &at("to_zone"),
                format!("`{to}` is the zone it comes from"),
                "Within its own zone an identity crosses nothing: name another zone, or remove the crossing.",
            );
        }
        let identities = self.identities(check);
        let approver = check.name(&at("approver"), &self.approver);
        let reason = check.text(&at("reason"), &self.reason);
        let ticket = check.optional_line(&at("ticket"), &self.ticket);
        let log_sink = check.line(&at("log_sink"), &self.log_sink);
        let end = self.end.read(check, ObjectKind::Crossing);
        let labels = check.labels(&at("labels"), &self.labels);
        Some(Crossing {
            name: name?,
            from_zone: from_zone?,
            to_zone: to_zone?,
            identities: identities?,
            approver: approver?,
            reason: reason?,
            ticket: ticket?,
            log_sink: log_sink?,
            end: end?,
            labels: labels?,
        })
    }

    /// An empty set would say nobody, and is what is left of a list of names that came out empty: it must not open the
    /// crossing to everybody.
    fn identities(&self, check: &mut Check) -> Option<BTreeSet<Name>> {
        let at = AttributePath::of("identities");
        if self.identities.known().is_some_and(Vec::is_empty) {
            check.refuse(
                &at,
                "it lets nobody across",
                "Name at least one identity, or leave the attribute out to let every identity of the zone across.",
            );
            return None;
        }
        check.names(&at, &self.identities)
    }
}

impl Crossing {
    /// What approving it takes: one other person's word, until its end.
    pub fn terms(&self) -> Terms {
        Terms::approvals(1).until(self.end.moment().map(Moment::at))
    }

    /// Does it let this identity of its zone across?
    pub fn covers(&self, identity: &Name) -> bool {
        self.identities.is_empty() || self.identities.contains(identity)
    }

    /// What it breaks among the declarations around it: zones, identities or an approver that nobody declared.
    pub fn violations(&self, around: &Surroundings) -> Vec<Violation> {
        let mut check = Check::default();
        let at = AttributePath::of;
        around.require(&mut check, &at("from_zone"), (ObjectKind::Zone, &self.from_zone));
        around.require(&mut check, &at("to_zone"), (ObjectKind::Zone, &self.to_zone));
        for identity in &self.identities {
            around.require(&mut check, &at("identities"), (ObjectKind::Identity, identity));
        }
        around.require(&mut check, &at("approver"), (ObjectKind::Owner, &self.approver));
        check.violations
    }

    /// The crossing with its end fixed, counted from `now` where it has a length and no end yet.
    pub fn fixed(self, now: Timestamp) -> Result<Self, Violation> {
        Ok(Self { end: self.end.fixed(now)?, ..self })
    }

    /// Where it stands at `now`, approved or not. Its last instant is no longer part of it.
    pub fn status(&self, now: Timestamp) -> Status {
        self.end.status(now)
    }
}
