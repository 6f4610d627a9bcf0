//! Break-glass access: the way in that is kept for emergencies, who keeps it, and who hears when it is used.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::Labels;
use crate::approval::Person;
use crate::check::{Check, FieldMap, Fields};
use crate::field::Field;
use crate::name::Name;
use crate::object::ObjectKind;
use crate::occasion::{Occasion, OccasionDraft};
use crate::period::Period;
use crate::surroundings::Surroundings;
use crate::violation::{AttributePath, Violation};

/// How long one use may last without a warning: an hour, in seconds.
pub const LONG: u64 = 3_600;

/// The longest that one use may last: twelve hours, in seconds; what is open for longer is no emergency.
pub const LONGEST: u64 = 12 * 3_600;

/// How many people keep it at least, so that none of them can use it alone.
pub const FEWEST_CUSTODIANS: usize = 2;

/// A way in for emergencies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreakGlass {
    /// Its name.
    pub name: Name,
    /// What it lets somebody act as: the name of an identity.
    pub identity: Name,
    /// Who keeps it; at least two people.
    pub custodians: BTreeSet<String>,
    /// Where it is kept under seal.
    pub sealed_location: String,
    /// How often it is tried.
    pub test_period: Period,
    /// When it was tried last, where anybody says.
    pub last_test: Option<Occasion>,
    /// How long one use may last.
    pub max_duration: Period,
    /// Who hears of a use at once.
    pub alert_channel: String,
    /// What notices a use.
    pub monitoring: String,
    /// Why it is needed.
    pub reason: String,
    /// Who answers for it: the name of an owner.
    pub owner: Name,
    /// Free labels.
    pub labels: Labels,
}

/// Break-glass access on its way: values may be absent, unknown or wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BreakGlassDraft {
    /// See [`BreakGlass::name`].
    pub name: Field<String>,
    /// See [`BreakGlass::identity`].
    pub identity: Field<String>,
    /// See [`BreakGlass::custodians`].
    pub custodians: Fields,
    /// See [`BreakGlass::sealed_location`].
    pub sealed_location: Field<String>,
    /// See [`BreakGlass::test_period`].
    pub test_period: Field<String>,
    /// See [`BreakGlass::last_test`].
    pub last_test: Field<OccasionDraft>,
    /// See [`BreakGlass::max_duration`].
    pub max_duration: Field<String>,
    /// See [`BreakGlass::alert_channel`].
    pub alert_channel: Field<String>,
    /// See [`BreakGlass::monitoring`].
    pub monitoring: Field<String>,
    /// See [`BreakGlass::reason`].
    pub reason: Field<String>,
    /// See [`BreakGlass::owner`].
    pub owner: Field<String>,
    /// See [`BreakGlass::labels`].
    pub labels: FieldMap,
}

impl BreakGlassDraft {
    /// What is wrong with what is known.
    pub fn violations(&self) -> Vec<Violation> {
        let mut check = Check::default();
        self.read(&mut check);
        check.violations
    }

    /// The access; or what is wrong with it, values that are not known yet included.
    pub fn declare(&self) -> Result<BreakGlass, Vec<Violation>> {
        let mut check = Check::default();
        let access = self.read(&mut check);
        check.finish(access)
    }

    /// What is worth a warning at `now` in what is known: a long use, and a test that is overdue or never was.
    pub fn warnings(&self, now: Timestamp) -> Vec<Violation> {
        let mut check = Check::default();
        let duration = self.max_duration.known().and_then(|text| Period::parse(text).ok());
        if let Some(long) = duration.filter(|length| (LONG + 1..=LONGEST).contains(&length.seconds())) {
            check.refuse(
                &AttributePath::of("max_duration"),
                format!("one use may last {long}"),
                "An emergency is one hour at most; whoever needs longer opens it again, and is seen doing so.",
            );
        }
        let tested = AttributePath::of("last_test");
        if self.last_test == Field::Absent {
            check.refuse(
                &tested,
                "nobody says that it was ever tried",
                "Try it before it is needed, and write down here when that was and where it is recorded.",
            );
        }
        if let Some(due) = OccasionDraft::due(&self.last_test, &self.test_period).filter(|due| *due < now) {
            check.refuse(
                &tested,
                format!("its next test was due on {due}"),
                "Try it, and write down here when that was and where it is recorded.",
            );
        }
        check.violations
    }

    fn read(&self, check: &mut Check) -> Option<BreakGlass> {
        let at = AttributePath::of;
        let name = check.name(&at("name"), &self.name);
        let identity = check.name(&at("identity"), &self.identity);
        let custodians = self.custodians(check);
        let sealed_location = check.line(&at("sealed_location"), &self.sealed_location);
        let test_period = check.needed_period(&at("test_period"), &self.test_period);
        let last_test = OccasionDraft::read(check, &at("last_test"), &self.last_test);
        let max_duration = self.max_duration(check);
        let alert_channel = check.line(&at("alert_channel"), &self.alert_channel);
        let monitoring = check.text(&at("monitoring"), &self.monitoring);
        let reason = check.text(&at("reason"), &self.reason);
        let owner = check.name(&at("owner"), &self.owner);
        let labels = check.labels(&at("labels"), &self.labels);
        Some(BreakGlass {
            name: name?,
            identity: identity?,
            custodians: custodians?,
            sealed_location: sealed_location?,
            test_period: test_period?,
            last_test: last_test?,
            max_duration: max_duration?,
            alert_channel: alert_channel?,
            monitoring: monitoring?,
            reason: reason?,
            owner: owner?,
            labels: labels?,
        })
    }

    /// Names that differ in case alone are one person; an element that is not known yet may be anybody.
    fn custodians(&self, check: &mut Check) -> Option<BTreeSet<String>> {
        let at = AttributePath::of("custodians");
        let known = self.custodians.known();
        if known.is_some_and(|all| all.iter().all(|one| one.known().is_some())) {
            let people: BTreeSet<Person> =
                known.into_iter().flatten().filter_map(|one| Person::named(one.known()?)).collect();
            if people.len() < FEWEST_CUSTODIANS {
                check.refuse(
                    &at,
                    "fewer than two people keep it",
                    "Name at least two people, so that none of them can open it alone and unnoticed.",
                );
                return None;
            }
        }
        check.filled_set(&at, &self.custodians)
    }

    fn max_duration(&self, check: &mut Check) -> Option<Period> {
        let at = AttributePath::of("max_duration");
        let period = check.needed_period(&at, &self.max_duration)?;
        if period.seconds() > LONGEST {
            check.refuse(
                &at,
                format!("one use may last {period}"),
                "An emergency is one hour at most, and never more than 12h: what is open for longer is a standing right.",
            );
            return None;
        }
        Some(period)
    }
}

impl BreakGlass {
    /// What it breaks among the declarations around it: an identity or an owner that nobody declared.
    pub fn violations(&self, around: &Surroundings) -> Vec<Violation> {
        let mut check = Check::default();
        around.require(&mut check, &AttributePath::of("identity"), (ObjectKind::Identity, &self.identity));
        around.require(&mut check, &AttributePath::of("owner"), (ObjectKind::Owner, &self.owner));
        check.violations
    }
}
