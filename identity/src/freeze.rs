//! Freezes: windows in which nothing new of a kind is let in, whatever the reason, break glass excepted.

use std::collections::BTreeSet;
use std::fmt;

use jiff::Timestamp;

use crate::Labels;
use crate::check::{Check, FieldMap, Fields};
use crate::credential::Use;
use crate::field::Field;
use crate::identity::Identity;
use crate::moment::Moment;
use crate::name::Name;
use crate::object::ObjectKind;
use crate::selection::{Selection, SelectionDraft};
use crate::surroundings::Surroundings;
use crate::violation::{AttributePath, Violation};

/// What a freeze keeps out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Refused {
    /// Static credentials that were not there before.
    StaticCredentials,
    /// Requests that were not allowed before.
    Expansions,
}

impl Refused {
    /// Each of them, as users write it.
    pub const ALL: [(&'static str, Self); 2] =
        [("static_credentials", Self::StaticCredentials), ("expansions", Self::Expansions)];

    /// The user's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StaticCredentials => "static_credentials",
            Self::Expansions => "expansions",
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a freeze makes of what is kept for emergencies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BreakGlassRule {
    /// It may come in all the same.
    #[default]
    Allowed,
    /// Not even that.
    Refused,
}

impl BreakGlassRule {
    /// Each of them, as users write it.
    pub const ALL: [(&'static str, Self); 2] = [("allowed", Self::Allowed), ("refused", Self::Refused)];

    /// The user's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Refused => "refused",
        }
    }
}

/// Where a freeze stands at one point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// It begins then.
    Ahead(Timestamp),
    /// It lasts until then.
    Live(Timestamp),
    /// It ended then.
    Over(Timestamp),
}

/// A window in which nothing new of a kind is let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Freeze {
    /// Its name.
    pub name: Name,
    /// Its first instant.
    pub starts_at: Moment,
    /// The first instant after it.
    pub ends_at: Moment,
    /// What it keeps out; at least one.
    pub refuses: BTreeSet<Refused>,
    /// For which identities.
    pub scope: Selection,
    /// What it makes of what is kept for emergencies.
    pub break_glass: BreakGlassRule,
    /// Why.
    pub reason: String,
    /// On whose word: the name of an owner.
    pub owner: Name,
    /// Where it was agreed.
    pub ticket: Option<String>,
    /// Free labels.
    pub labels: Labels,
}

/// Something new that a freeze may keep out.
#[derive(Clone, Copy, Debug)]
pub struct Newcomer<'a> {
    /// What it is.
    pub what: Refused,
    /// Whose it is.
    pub identity: &'a Identity,
    /// What it is kept for.
    pub used_for: Use,
}

/// A freeze on its way: values may be absent, unknown or wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FreezeDraft {
    /// See [`Freeze::name`].
    pub name: Field<String>,
    /// See [`Freeze::starts_at`].
    pub starts_at: Field<String>,
    /// See [`Freeze::ends_at`].
    pub ends_at: Field<String>,
    /// See [`Freeze::refuses`].
    pub refuses: Fields,
    /// See [`Freeze::scope`]; every identity when absent.
    pub scope: Field<SelectionDraft>,
    /// See [`Freeze::break_glass`]; allowed when absent.
    pub break_glass: Field<String>,
    /// See [`Freeze::reason`].
    pub reason: Field<String>,
    /// See [`Freeze::owner`].
    pub owner: Field<String>,
    /// See [`Freeze::ticket`].
    pub ticket: Field<String>,
    /// See [`Freeze::labels`].
    pub labels: FieldMap,
}

impl FreezeDraft {
    /// What is wrong with what is known.
    pub fn violations(&self) -> Vec<Violation> {
        let mut check = Check::default();
        self.read(&mut check);
        check.violations
    }

    /// The freeze; or what is wrong with it, values that are not known yet included.
    pub fn declare(&self) -> Result<Freeze, Vec<Violation>> {
        let mut check = Check::default();
        let freeze = self.read(&mut check);
        check.finish(freeze)
    }

    /// What is worth a warning in what is known at `now`: it is over.
    pub fn warnings(&self, now: Timestamp) -> Vec<Violation> {
        let ends = self.ends_at.known().and_then(|text| Moment::parse(text).ok());
        let name = self.name.known().map_or("", String::as_str);
        ends.filter(|ends| ends.at() <= now).map(|ends| over(name, &ends)).into_iter().collect()
    }

    fn read(&self, check: &mut Check) -> Option<Freeze> {
        let at = AttributePath::of;
        let name = check.name(&at("name"), &self.name);
        let window = self.window(check);
        let refuses = self.refuses(check);
        let scope = match check.optional(&at("scope"), &self.scope) {
            Some(Some(scope)) => scope.read(check, &at("scope")),
            Some(None) => Some(Selection::default()),
            None => None,
        };
        let break_glass = match check.optional(&at("break_glass"), &self.break_glass) {
            Some(Some(text)) => check.word(
                &at("break_glass"),
                text,
                (&BreakGlassRule::ALL, "a rule for what is kept for emergencies"),
            ),
            Some(None) => Some(BreakGlassRule::default()),
            None => None,
        };
        let reason = check.text(&at("reason"), &self.reason);
        let owner = check.name(&at("owner"), &self.owner);
        let ticket = check.optional_line(&at("ticket"), &self.ticket);
        let labels = check.labels(&at("labels"), &self.labels);
        let (starts_at, ends_at) = window?;
        Some(Freeze {
            name: name?,
            starts_at,
            ends_at,
            refuses: refuses?,
            scope: scope?,
            break_glass: break_glass?,
            reason: reason?,
            owner: owner?,
            ticket: ticket?,
            labels: labels?,
        })
    }

    fn window(&self, check: &mut Check) -> Option<(Moment, Moment)> {
        let (start_at, end_at) = (AttributePath::of("starts_at"), AttributePath::of("ends_at"));
        let starts = check.needed_moment(&start_at, &self.starts_at);
        let ends = check.needed_moment(&end_at, &self.ends_at);
        let (starts, ends) = (starts?, ends?);
        if ends.at() <= starts.at() {
            check.refuse(
                &end_at,
                format!("the freeze ends before it begins, which is at {}", starts.spelling()),
                "Choose an end after `starts_at`.",
            );
            return None;
        }
        Some((starts, ends))
    }

    fn refuses(&self, check: &mut Check) -> Option<BTreeSet<Refused>> {
        let at = AttributePath::of("refuses");
        let words = check.filled_set(&at, &self.refuses)?;
        let read: Vec<Option<Refused>> = words
            .iter()
            .map(|word| check.word(&at, word, (&Refused::ALL, "something that a freeze refuses")))
            .collect();
        read.into_iter().collect()
    }
}

impl Freeze {
    /// Where it stands at `now`.
    pub fn phase(&self, now: Timestamp) -> Phase {
        if now < self.starts_at.at() {
            Phase::Ahead(self.starts_at.at())
        } else if now < self.ends_at.at() {
            Phase::Live(self.ends_at.at())
        } else {
            Phase::Over(self.ends_at.at())
        }
    }

    /// Does it keep this out at `now`?
    pub fn keeps_out(&self, newcomer: &Newcomer<'_>, now: Timestamp) -> bool {
        let excepted = newcomer.used_for == Use::BreakGlass && self.break_glass == BreakGlassRule::Allowed;
        matches!(self.phase(now), Phase::Live(_))
            && self.refuses.contains(&newcomer.what)
            && self.scope.covers(newcomer.identity)
            && !excepted
    }

    /// What is told of something that it keeps out; `declared_by` is who wrote it down last.
    pub fn refusal(&self, newcomer: &Newcomer<'_>, (path, declared_by): (&AttributePath, &str)) -> Violation {
        let what = match newcomer.what {
            Refused::StaticCredentials => "new static credentials",
            Refused::Expansions => "new permissions",
        };
        let emergency = match (self.break_glass, newcomer.used_for) {
            (BreakGlassRule::Allowed, _) => {
                " What is kept for emergencies alone (`break_glass = true`) is let in."
            }
            (BreakGlassRule::Refused, Use::BreakGlass) => {
                " It lets in nothing that is kept for emergencies either."
            }
            (BreakGlassRule::Refused, Use::Regular) => "",
        };
        Violation {
            path: path.clone(),
            problem: format!(
                "freeze `{}` keeps {what} of `{}` out until {}",
                self.name,
                newcomer.identity.name,
                self.ends_at.spelling()
            ),
            remedy: format!(
                "It was declared by {declared_by} on the word of `{}`: {} Wait until it ends, or ask `{}` to change it.{emergency}",
                self.owner,
                sentence(&self.reason),
                self.owner
            ),
        }
    }

    /// What it breaks among the declarations around it: an owner nobody declared, or a scope that names what is not there.
    pub fn violations(&self, around: &Surroundings) -> Vec<Violation> {
        let mut check = Check::default();
        self.scope.require(&mut check, &AttributePath::of("scope"), around);
        around.require(&mut check, &AttributePath::of("owner"), (ObjectKind::Owner, &self.owner));
        check.violations
    }

    /// What is worth a warning at `now`: it is over.
    pub fn warnings(&self, now: Timestamp) -> Vec<Violation> {
        match self.phase(now) {
            Phase::Over(_) => vec![over(self.name.as_str(), &self.ends_at)],
            Phase::Ahead(_) | Phase::Live(_) => Vec::new(),
        }
    }
}

fn over(name: &str, ends: &Moment) -> Violation {
    Violation {
        path: AttributePath::of("ends_at"),
        problem: format!("freeze `{name}` ended on {}", ends.spelling()),
        remedy: "It keeps nothing out any more. Remove it, or agree on a new window and set it here."
            .to_owned(),
    }
}

/// A reason as a sentence of its own.
fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}
