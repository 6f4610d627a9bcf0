//! Reviews: somebody looks at identities again, in rounds and after what changes everything, and says so.

mod due;

use std::collections::BTreeSet;

use jiff::Timestamp;

pub use due::{AFTER_EVENT, Attestation, Due, Known};

use crate::Labels;
use crate::check::{Check, FieldMap, Fields};
use crate::field::Field;
use crate::moment::Moment;
use crate::name::Name;
use crate::object::ObjectKind;
use crate::period::Period;
use crate::selection::{Selection, SelectionDraft};
use crate::surroundings::Surroundings;
use crate::violation::{AttributePath, Violation};

/// The longest round for tiers 0 and 1: a quarter, in seconds.
pub const QUARTER: u64 = 92 * 86_400;

/// The longest round without a warning for the rest: a year, in seconds.
pub const YEAR: u64 = 366 * 86_400;

/// What is reason enough for a review outside its rounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// The estate is built another way.
    ArchitectureChange,
    /// Something went wrong.
    Incident,
    /// Another organisation's estate comes in.
    Merger,
}

impl Event {
    /// Each of them, as users write it.
    pub const ALL: [(&'static str, Self); 3] = [
        ("architecture_change", Self::ArchitectureChange),
        ("incident", Self::Incident),
        ("merger", Self::Merger),
    ];

    /// The user's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ArchitectureChange => "architecture_change",
            Self::Incident => "incident",
            Self::Merger => "merger",
        }
    }
}

/// What becomes of an identity whose review is overdue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OnOverdue {
    /// It is told.
    #[default]
    Warn,
    /// It is told, and the identity counts as not active until somebody attests it.
    Inactive,
}

impl OnOverdue {
    /// Each of them, as users write it.
    pub const ALL: [(&'static str, Self); 2] = [("warn", Self::Warn), ("inactive", Self::Inactive)];

    /// The user's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Warn => "warn",
            Self::Inactive => "inactive",
        }
    }
}

/// Something that happened, and asks for a review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// What.
    pub event: Event,
    /// When.
    pub at: Moment,
    /// What exactly.
    pub description: Option<String>,
}

/// A recertification: who looks at which identities, and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Its name.
    pub name: Name,
    /// Which identities.
    pub scope: Selection,
    /// How long a round is.
    pub period: Period,
    /// Who may attest; at least one.
    pub reviewers: BTreeSet<String>,
    /// The first instant of the first round.
    pub starts_on: Moment,
    /// What becomes of an identity that nobody looked at in time.
    pub on_overdue: OnOverdue,
    /// What is reason enough for a review outside the rounds.
    pub events: BTreeSet<Event>,
    /// What of that happened.
    pub occurrences: Vec<Occurrence>,
    /// What the review is for.
    pub description: Option<String>,
    /// Who answers for the review: the name of an owner.
    pub owner: Name,
    /// Free labels.
    pub labels: Labels,
}

/// Something that happened, on its way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OccurrenceDraft {
    /// See [`Occurrence::event`].
    pub event: Field<String>,
    /// See [`Occurrence::at`].
    pub at: Field<String>,
    /// See [`Occurrence::description`].
    pub description: Field<String>,
}

/// A review on its way: values may be absent, unknown or wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReviewDraft {
    /// See [`Review::name`].
    pub name: Field<String>,
    /// See [`Review::scope`]; every identity when absent.
    pub scope: Field<SelectionDraft>,
    /// See [`Review::period`].
    pub period: Field<String>,
    /// See [`Review::reviewers`].
    pub reviewers: Fields,
    /// See [`Review::starts_on`].
    pub starts_on: Field<String>,
    /// See [`Review::on_overdue`]; a warning when absent.
    pub on_overdue: Field<String>,
    /// See [`Review::events`].
    pub events: Fields,
    /// See [`Review::occurrences`].
    pub occurrences: Field<Vec<Field<OccurrenceDraft>>>,
    /// See [`Review::description`].
    pub description: Field<String>,
    /// See [`Review::owner`].
    pub owner: Field<String>,
    /// See [`Review::labels`].
    pub labels: FieldMap,
}

impl ReviewDraft {
    /// What is wrong with what is known.
    pub fn violations(&self) -> Vec<Violation> {
        let mut check = Check::default();
        self.read(&mut check);
        check.violations
    }

    /// The review; or what is wrong with it, values that are not known yet included.
    pub fn declare(&self) -> Result<Review, Vec<Violation>> {
        let mut check = Check::default();
        let review = self.read(&mut check);
        check.finish(review)
    }

    /// What is worth a warning in what is known: rounds of more than a year.
    pub fn warnings(&self) -> Vec<Violation> {
        let period = self.period.known().and_then(|text| Period::parse(text).ok());
        period.filter(|period| period.seconds() > YEAR).map(|period| rare(&period)).into_iter().collect()
    }

    fn read(&self, check: &mut Check) -> Option<Review> {
        let at = AttributePath::of;
        let name = check.name(&at("name"), &self.name);
        let scope = match check.optional(&at("scope"), &self.scope) {
            Some(Some(scope)) => scope.read(check, &at("scope")),
            Some(None) => Some(Selection::default()),
            None => None,
        };
        let period = self.period(check);
        let reviewers = check.filled_set(&at("reviewers"), &self.reviewers);
        let starts_on = check
            .required(&at("starts_on"), &self.starts_on)
            .and_then(|text| check.day(&at("starts_on"), text));
        let on_overdue = match check.optional(&at("on_overdue"), &self.on_overdue) {
            Some(Some(text)) => {
                check.word(&at("on_overdue"), text, (&OnOverdue::ALL, "a consequence of being overdue"))
            }
            Some(None) => Some(OnOverdue::default()),
            None => None,
        };
        let events = self.events(check);
        let occurrences = self.occurrences(check, events.as_ref());
        let description = check.optional_text(&at("description"), &self.description);
        let owner = check.name(&at("owner"), &self.owner);
        let labels = check.labels(&at("labels"), &self.labels);
        Some(Review {
            name: name?,
            scope: scope?,
            period: period?,
            reviewers: reviewers?,
            starts_on: starts_on?,
            on_overdue: on_overdue?,
            events: events?,
            occurrences: occurrences?,
            description: description?,
            owner: owner?,
            labels: labels?,
        })
    }

    fn period(&self, check: &mut Check) -> Option<Period> {
        let at = AttributePath::of("period");
        let period = check.needed_period(&at, &self.period)?;
        let production = match &self.scope {
            Field::Is(scope) => scope.holds_production(),
            Field::Absent => Some(true),
            Field::Unknown => None,
        };
        if production == Some(true) && period.seconds() > QUARTER {
            check.refuse(
                &at,
                format!("`{}` is longer than 92 days, and the scope may hold tier 0 or 1", period.spelling()),
                "What reaches production is looked at every quarter. Choose at most `92d`, or restrict the review with \
                 `scope = { tiers = [2] }`.",
            );
            return None;
        }
        Some(period)
    }

    fn events(&self, check: &mut Check) -> Option<BTreeSet<Event>> {
        let at = AttributePath::of("events");
        let words = check.set(&at, &self.events)?;
        let read: Vec<Option<Event>> = words
            .iter()
            .map(|word| check.word(&at, word, (&Event::ALL, "an event that asks for a review")))
            .collect();
        read.into_iter().collect()
    }

    fn occurrences(&self, check: &mut Check, events: Option<&BTreeSet<Event>>) -> Option<Vec<Occurrence>> {
        let at = AttributePath::of("occurrences");
        let Some(entries) = check.optional(&at, &self.occurrences)? else { return Some(Vec::new()) };
        let read: Vec<Option<Occurrence>> = entries
            .iter()
            .enumerate()
            .map(|(index, entry)| {
                let path = at.index(index);
                check.required(&path, entry)?.read(check, &path, events)
            })
            .collect();
        read.into_iter().collect()
    }
}

impl OccurrenceDraft {
    fn read(
        &self,
        check: &mut Check,
        path: &AttributePath,
        events: Option<&BTreeSet<Event>>,
    ) -> Option<Occurrence> {
        let event_at = path.attribute("event");
        let event = check
            .required(&event_at, &self.event)
            .and_then(|text| check.word(&event_at, text, (&Event::ALL, "an event that asks for a review")));
        let day_at = path.attribute("at");
        let at = check.required(&day_at, &self.at).and_then(|text| check.day(&day_at, text));
        let description = check.optional_text(&path.attribute("description"), &self.description);
        if let (Some(event), Some(events)) = (event, events)
            && !events.contains(&event)
        {
            check.refuse(
                &event_at,
                format!("`{}` is no reason for this review", event.as_str()),
                "Add it to `events`, so that it asks for a review, or remove the occurrence.",
            );
            return None;
        }
        Some(Occurrence { event: event?, at: at?, description: description? })
    }
}

impl Review {
    /// What it breaks among the declarations around it: an owner nobody declared, or a scope that names what is not there.
    pub fn violations(&self, around: &Surroundings) -> Vec<Violation> {
        let mut check = Check::default();
        self.scope.require(&mut check, &AttributePath::of("scope"), around);
        around.require(&mut check, &AttributePath::of("owner"), (ObjectKind::Owner, &self.owner));
        check.violations
    }

    /// What is worth a warning, whenever: rounds of more than a year.
    pub fn warnings(&self) -> Vec<Violation> {
        if self.period.seconds() > YEAR { vec![rare(&self.period)] } else { Vec::new() }
    }

    /// Does an identity of which this is due count as active?
    pub fn leaves_active(&self, due: &Due) -> bool {
        self.on_overdue == OnOverdue::Warn || !matches!(due, Due::Overdue { .. })
    }

    /// What is due at `now` for each known identity of its scope, in order of name.
    pub fn due<'a>(
        &self,
        known: impl IntoIterator<Item = Known<'a>>,
        attestations: &[Attestation],
        now: Timestamp,
    ) -> Vec<(&'a Name, Due)> {
        let mut all: Vec<(&Name, Due)> = known
            .into_iter()
            .filter(|known| self.scope.covers(known.identity))
            .map(|known| {
                let own = |attestation: &&Attestation| attestation.identity == known.identity.name;
                let latest = self.latest(attestations.iter().filter(own), now);
                (&known.identity.name, self.due_since(known.declared_at, latest, now))
            })
            .collect();
        all.sort_by_key(|(name, _)| *name);
        all
    }
}

fn rare(period: &Period) -> Violation {
    Violation {
        path: AttributePath::of("period"),
        problem: format!("`{}` is longer than a year", period.spelling()),
        remedy: "Nobody remembers after that time what an identity was for. Choose at most `366d`."
            .to_owned(),
    }
}
