//! Elevations: who may be raised to what, for how long at a time, and on how many other people's word. Asked for here,
//! approved elsewhere.

use std::collections::BTreeSet;
use std::fmt;

use jiff::Timestamp;
use nhi_access::Scope;

use crate::Labels;
use crate::approval::{Person, Terms};
use crate::check::{Check, FieldMap, Fields};
use crate::end::{End, EndDraft};
use crate::field::Field;
use crate::moment::Moment;
use crate::name::Name;
use crate::object::ObjectKind;
use crate::period::Period;
use crate::surroundings::Surroundings;
use crate::violation::{AttributePath, Violation};

/// The longest that somebody may be raised at a time: a day, in seconds.
pub const LONGEST: u64 = 24 * 3_600;

/// How long somebody may be raised at a time without a warning: a working day, in seconds.
pub const LONG: u64 = 8 * 3_600;

/// How long an approval stays live where nobody says.
pub const APPROVAL_VALID_FOR: &str = "8h";

/// The longest that an approval may stay live, in seconds: what is approved for longer is a standing right.
pub const LONGEST_APPROVAL: u64 = 30 * 86_400;

/// The most approvals that may be asked for.
pub const MOST_APPROVALS: u8 = 20;

/// Who may be raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Raised {
    /// A declared identity.
    Identity(Name),
    /// People or groups, as the platform or the directory names them; at least one.
    Subjects(BTreeSet<String>),
}

/// Whose rights are lent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// Those of a declared identity.
    Identity(Name),
    /// Those of a role of the platform, as the platform names it.
    Named(String),
}

/// What somebody may be raised to. An empty set leaves its dimension open: everything that the role may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Whose rights.
    pub role: Role,
    /// Patterns of actions.
    pub actions: BTreeSet<String>,
    /// Patterns of resources.
    pub resources: BTreeSet<String>,
}

impl Target {
    /// The requests it lends to these principals (patterns; none means any). `None` when it names a role alone: what
    /// that one may do is said elsewhere.
    pub fn scope(&self, principals: &[String]) -> Option<Scope> {
        let named = !self.actions.is_empty() || !self.resources.is_empty();
        named.then(|| Scope {
            principals: principals.to_vec(),
            actions: self.actions.iter().cloned().collect(),
            resources: self.resources.iter().cloned().collect(),
        })
    }
}

/// Whether what is done meanwhile is recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recording {
    /// It is, and the recording goes there.
    Required {
        /// Where to.
        sink: String,
    },
    /// It is not.
    None,
}

impl Recording {
    /// What users write.
    pub const WORDS: [&'static str; 2] = ["required", "none"];

    /// The user's word.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Required { .. } => "required",
            Self::None => "none",
        }
    }

    /// Where the recording goes.
    pub fn sink(&self) -> Option<&str> {
        match self {
            Self::Required { sink } => Some(sink),
            Self::None => None,
        }
    }
}

impl fmt::Display for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A way to more rights for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elevation {
    /// Its name.
    pub name: Name,
    /// Who may be raised.
    pub raised: Raised,
    /// To what.
    pub target: Target,
    /// The longest at a time.
    pub duration: Period,
    /// How many people have to approve it; at least one.
    pub approvals: u8,
    /// Who may approve it; empty when anybody else may.
    pub approvers: BTreeSet<String>,
    /// How long an approval stays live.
    pub approval_valid_for: Period,
    /// Whether what is done meanwhile is recorded.
    pub recording: Recording,
    /// Why it is needed.
    pub reason: String,
    /// On whose word: the name of an owner.
    pub owner: Name,
    /// Where it was agreed.
    pub ticket: Option<String>,
    /// Until when it may be asked for at all.
    pub end: End,
    /// Free labels.
    pub labels: Labels,
}

/// What somebody may be raised to, on its way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TargetDraft {
    /// The name of a declared identity; or
    pub identity: Field<String>,
    /// a role, as the platform names it.
    pub role: Field<String>,
    /// See [`Target::actions`].
    pub actions: Fields,
    /// See [`Target::resources`].
    pub resources: Fields,
}

/// Recording, on its way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordingDraft {
    /// One of [`Recording::WORDS`].
    pub mode: Field<String>,
    /// See [`Recording::Required::sink`].
    pub sink: Field<String>,
}

/// An elevation on its way: values may be absent, unknown or wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ElevationDraft {
    /// See [`Elevation::name`].
    pub name: Field<String>,
    /// See [`Raised::Identity`].
    pub identity: Field<String>,
    /// See [`Raised::Subjects`].
    pub subjects: Fields,
    /// See [`Elevation::target`].
    pub target: Field<TargetDraft>,
    /// See [`Elevation::duration`].
    pub duration: Field<String>,
    /// See [`Elevation::approvals`]; one when absent. A number that is no whole number is told as its text.
    pub approvals: Field<Result<i64, String>>,
    /// See [`Elevation::approvers`].
    pub approvers: Fields,
    /// See [`Elevation::approval_valid_for`]; [`APPROVAL_VALID_FOR`] when absent.
    pub approval_valid_for: Field<String>,
    /// See [`Elevation::recording`].
    pub recording: Field<RecordingDraft>,
    /// See [`Elevation::reason`].
    pub reason: Field<String>,
    /// See [`Elevation::owner`].
    pub owner: Field<String>,
    /// See [`Elevation::ticket`].
    pub ticket: Field<String>,
    /// See [`Elevation::end`].
    pub end: EndDraft,
    /// See [`Elevation::labels`].
    pub labels: FieldMap,
}

impl ElevationDraft {
    /// What is wrong with what is known.
    pub fn violations(&self) -> Vec<Violation> {
        let mut check = Check::default();
        self.read(&mut check);
        check.violations
    }

    /// The elevation; or what is wrong with it, values that are not known yet included.
    pub fn declare(&self) -> Result<Elevation, Vec<Violation>> {
        let mut check = Check::default();
        let elevation = self.read(&mut check);
        check.finish(elevation)
    }

    /// What is worth a warning in what is known at `now`: a long duration, nothing recorded, an end that is near.
    pub fn warnings(&self, now: Timestamp) -> Vec<Violation> {
        let duration = self.duration.known().and_then(|text| Period::parse(text).ok());
        let mode = self.recording.known().and_then(|recording| recording.mode.known());
        let unrecorded = mode.is_some_and(|mode| mode == "none");
        let mut warnings = generous(duration.as_ref(), unrecorded);
        warnings.extend(self.end.warnings((ObjectKind::Elevation, &self.name), now));
        warnings
    }

    fn read(&self, check: &mut Check) -> Option<Elevation> {
        let at = AttributePath::of;
        let name = check.name(&at("name"), &self.name);
        let raised = self.raised(check);
        let target = self.target(check, raised.as_ref());
        let duration = self.duration(check);
        let approvals = self.approvals(check);
        let approvers = check.set(&at("approvers"), &self.approvers);
        if let Some(approvals) = approvals {
            self.enough(check, approvals);
        }
        let approval_valid_for = self.approval_valid_for(check);
        let recording = self.recording(check);
        let reason = check.text(&at("reason"), &self.reason);
        let owner = check.name(&at("owner"), &self.owner);
        let ticket = check.optional_line(&at("ticket"), &self.ticket);
        let end = self.end.read(check, ObjectKind::Elevation);
        let labels = check.labels(&at("labels"), &self.labels);
        Some(Elevation {
            name: name?,
            raised: raised?,
            target: target?,
            duration: duration?,
            approvals: approvals?,
            approvers: approvers?,
            approval_valid_for: approval_valid_for?,
            recording: recording?,
            reason: reason?,
            owner: owner?,
            ticket: ticket?,
            end: end?,
            labels: labels?,
        })
    }

    fn raised(&self, check: &mut Check) -> Option<Raised> {
        let (one, many) = (AttributePath::of("identity"), AttributePath::of("subjects"));
        match (&self.identity, &self.subjects) {
            (Field::Absent, Field::Absent) => {
                check.refuse(
                    &many,
                    "nobody may be raised",
                    "Name an `nhi_identity` in `identity`, or people and groups in `subjects`.",
                );
                None
            }
            (Field::Is(_), Field::Is(_)) => {
                check.refuse(
                    &many,
                    "an identity is named already",
                    "Set either `identity` or `subjects`, not both: write a second elevation for the others.",
                );
                None
            }
            (identity, subjects) => {
                let identity = check.optional_name(&one, identity);
                let subjects = match subjects {
                    Field::Absent => Some(None),
                    subjects => check.filled_set(&many, subjects).map(Some),
                };
                match (identity?, subjects?) {
                    (Some(identity), _) => Some(Raised::Identity(identity)),
                    (None, Some(subjects)) => Some(Raised::Subjects(subjects)),
                    (None, None) => None,
                }
            }
        }
    }

    fn target(&self, check: &mut Check, raised: Option<&Raised>) -> Option<Target> {
        let at = AttributePath::of("target");
        let draft = check.required(&at, &self.target)?;
        let role = draft.role(check, &at);
        let actions = check.set(&at.attribute("actions"), &draft.actions);
        let resources = check.set(&at.attribute("resources"), &draft.resources);
        if let (Some(Raised::Identity(raised)), Some(Role::Identity(target))) = (raised, &role)
            && raised == target
        {
            check.refuse(
                &at.attribute("identity"),
                format!("`{target}` would be raised to itself"),
                "Name the identity whose rights are lent, which is another one.",
            );
            return None;
        }
        Some(Target { role: role?, actions: actions?, resources: resources? })
    }

    fn duration(&self, check: &mut Check) -> Option<Period> {
        let at = AttributePath::of("duration");
        let duration = check.needed_period(&at, &self.duration)?;
        if duration.seconds() > LONGEST {
            check.refuse(
                &at,
                format!("`{}` is longer than 24 hours", duration.spelling()),
                "An elevation ends within a day and is asked for again when it is needed again. Choose at most `24h`; above \
                 `8h` every plan warns.",
            );
            return None;
        }
        Some(duration)
    }

    fn approvals(&self, check: &mut Check) -> Option<u8> {
        let at = AttributePath::of("approvals");
        let Some(count) = check.optional(&at, &self.approvals)? else { return Some(1) };
        let approvals = count.as_ref().ok().and_then(|count| u8::try_from(*count).ok());
        let fits = approvals.filter(|count| (1..=MOST_APPROVALS).contains(count));
        if fits.is_none() {
            let text = count.as_ref().map_or_else(Clone::clone, ToString::to_string);
            check.refuse(
                &at,
                format!("`{text}` is not a number of approvals"),
                format!(
                    "Write a whole number from 1 to {MOST_APPROVALS}: nobody is raised on nobody's word."
                ),
            );
        }
        fits
    }

    /// Nobody approves what raises them: the approvers have to be enough without those. Unknown ones may be anybody, so
    /// each of them counts.
    fn enough(&self, check: &mut Check, approvals: u8) {
        let Field::Is(approvers) = &self.approvers else { return };
        let person = |field: &Field<String>| field.known().and_then(|text| Person::named(text));
        let raised: BTreeSet<Person> =
            self.subjects.known().into_iter().flatten().filter_map(person).collect();
        let known: BTreeSet<Person> = approvers.iter().filter_map(person).collect();
        let unknown = approvers.iter().filter(|approver| approver.known().is_none()).count();
        let (there, needed) = (known.difference(&raised).count() + unknown, usize::from(approvals));
        if there >= needed {
            return;
        }
        let besides = if known.is_disjoint(&raised) { "" } else { " besides those who are raised" };
        check.refuse(
            &AttributePath::of("approvers"),
            format!("{there} may approve{besides}, and {needed} must"),
            "Whoever is raised does not count as an approver. Name more approvers, ask for fewer approvals, or leave \
             `approvers` out so that anybody else may approve.",
        );
    }

    fn approval_valid_for(&self, check: &mut Check) -> Option<Period> {
        let at = AttributePath::of("approval_valid_for");
        let field = match &self.approval_valid_for {
            Field::Absent => &Field::from(APPROVAL_VALID_FOR),
            given => given,
        };
        let period = check.needed_period(&at, field)?;
        if period.seconds() > LONGEST_APPROVAL {
            check.refuse(
                &at,
                format!("`{}` is longer than 30 days", period.spelling()),
                "What is approved for longer than that is a standing right. Choose a shorter length, at most `30d`.",
            );
            return None;
        }
        Some(period)
    }

    fn recording(&self, check: &mut Check) -> Option<Recording> {
        let at = AttributePath::of("session_recording");
        let draft = check.required(&at, &self.recording)?;
        let (mode_at, sink_at) = (at.attribute("mode"), at.attribute("sink"));
        let mode = check.required(&mode_at, &draft.mode).map(String::as_str);
        let sink = check.optional_line(&sink_at, &draft.sink);
        match mode? {
            "required" => {
                let sink = sink?;
                if sink.is_none() {
                    check.refuse(
                        &sink_at,
                        "the recording goes nowhere",
                        "Say where recordings are kept, `s3://acme-session-recordings` for example.",
                    );
                }
                sink.map(|sink| Recording::Required { sink })
            }
            "none" => {
                if sink?.is_some() {
                    check.refuse(
                        &sink_at,
                        "nothing is recorded, and yet it has a place to go",
                        "Write `mode = \"required\"`, or leave the sink out.",
                    );
                    return None;
                }
                Some(Recording::None)
            }
            other => {
                check.refuse(
                    &mode_at,
                    format!("`{}` is not a way of recording", other.escape_debug()),
                    "Write `required` or `none`.",
                );
                None
            }
        }
    }
}

impl TargetDraft {
    fn role(&self, check: &mut Check, at: &AttributePath) -> Option<Role> {
        let (identity_at, role_at) = (at.attribute("identity"), at.attribute("role"));
        let identity = check.optional_name(&identity_at, &self.identity);
        let role = check.optional_line(&role_at, &self.role);
        match (&self.identity, &self.role) {
            (Field::Absent, Field::Absent) => {
                check.refuse(
                    at,
                    "it lends nobody's rights",
                    "Name an `nhi_identity` in `identity`, or a role of the platform in `role`.",
                );
                None
            }
            (Field::Is(_), Field::Is(_)) => {
                check.refuse(
                    &role_at,
                    "an identity is named already",
                    "Set either `identity` or `role`, not both.",
                );
                None
            }
            _ => match (identity?, role?) {
                (Some(identity), _) => Some(Role::Identity(identity)),
                (None, Some(role)) => Some(Role::Named(role)),
                (None, None) => None,
            },
        }
    }
}

impl Elevation {
    /// The declared identities that it names: who is raised, and whose rights are lent.
    pub fn identities(&self) -> impl Iterator<Item = &Name> {
        let raised = match &self.raised {
            Raised::Identity(identity) => Some(identity),
            Raised::Subjects(_) => None,
        };
        let target = match &self.target.role {
            Role::Identity(identity) => Some(identity),
            Role::Named(_) => None,
        };
        raised.into_iter().chain(target)
    }

    /// What it says about its approvals. Whoever it raises does not approve it.
    pub fn terms(&self) -> Terms {
        let barred = match &self.raised {
            Raised::Identity(_) => BTreeSet::new(),
            Raised::Subjects(subjects) => subjects.clone(),
        };
        Terms {
            needed: self.approvals,
            approvers: self.approvers.clone(),
            barred,
            valid_for: Some(self.approval_valid_for.clone()),
            begins: None,
            ends: self.end.moment().map(Moment::at),
        }
    }

    /// What it breaks among the declarations around it: identities or an owner that nobody declared.
    pub fn violations(&self, around: &Surroundings) -> Vec<Violation> {
        let mut check = Check::default();
        if let Raised::Identity(identity) = &self.raised {
            around.require(&mut check, &AttributePath::of("identity"), (ObjectKind::Identity, identity));
        }
        if let Role::Identity(identity) = &self.target.role {
            around.require(
                &mut check,
                &AttributePath::of("target").attribute("identity"),
                (ObjectKind::Identity, identity),
            );
        }
        around.require(&mut check, &AttributePath::of("owner"), (ObjectKind::Owner, &self.owner));
        check.violations
    }

    /// The same with its end fixed, counted from `now` where it has a length and no end yet.
    pub fn fixed(self, now: Timestamp) -> Result<Self, Violation> {
        Ok(Self { end: self.end.fixed(now)?, ..self })
    }

    /// What is worth a warning at `now`.
    pub fn warnings(&self, now: Timestamp) -> Vec<Violation> {
        let mut warnings = generous(Some(&self.duration), self.recording == Recording::None);
        warnings.extend(self.end.warnings((ObjectKind::Elevation, self.name.as_str()), now));
        warnings
    }
}

fn generous(duration: Option<&Period>, unrecorded: bool) -> Vec<Violation> {
    let mut check = Check::default();
    if let Some(duration) = duration.filter(|duration| (LONG + 1..=LONGEST).contains(&duration.seconds())) {
        check.refuse(
            &AttributePath::of("duration"),
            format!("`{}` is longer than 8 hours", duration.spelling()),
            "Whoever is raised for longer than a working day is hardly watched any more. Most work fits into `1h`; an elevation \
             can be asked for again.",
        );
    }
    if unrecorded {
        check.refuse(
            &AttributePath::of("session_recording").attribute("mode"),
            "nobody will see what was done meanwhile",
            "Write `required` with a `sink`, so that a review or an incident can tell what happened.",
        );
    }
    check.violations
}
