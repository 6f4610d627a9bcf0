//! How a declaration ends: at a point in time that its author named, or a length of time after it was first applied.

use jiff::{SignedDuration, Timestamp};

use crate::check::Check;
use crate::field::Field;
use crate::moment::Moment;
use crate::object::ObjectKind;
use crate::period::Period;
use crate::violation::{AttributePath, Violation};

/// How long before its end a declaration is worth a warning.
pub const NOTICE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// How something ends.
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

/// Where something that ends stands at one point in time.
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

/// An end on its way. Each declaration that ends has these as attributes of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndDraft {
    /// The end, where its author named it.
    pub expires_at: Field<String>,
    /// The length, where its author named that instead.
    pub valid_for: Field<String>,
    /// Where the end of that length fell, once it is fixed; unknown is as good as absent here.
    pub ends: Field<String>,
}

impl EndDraft {
    /// The end of something that has one; `kind` is what the messages call it.
    pub(crate) fn read(&self, check: &mut Check, kind: ObjectKind) -> Option<End> {
        if self.is_absent() {
            check.refuse(
                &AttributePath::of("expires_at"),
                format!("the {} has no end", kind.noun()),
                "Set either `expires_at` or `valid_for`.",
            );
            return None;
        }
        self.read_optional(check, kind).flatten()
    }

    /// The end of something that may have one: `Some(None)` when nobody set one.
    #[expect(clippy::option_option, reason = "wrong or unknown, and absent, are different answers")]
    pub(crate) fn read_optional(&self, check: &mut Check, kind: ObjectKind) -> Option<Option<End>> {
        let (at, length) = (AttributePath::of("expires_at"), AttributePath::of("valid_for"));
        let moment = check.moment(&at, &self.expires_at);
        let period = check.period(&length, &self.valid_for);
        if let (Field::Is(_), Field::Is(_)) = (&self.expires_at, &self.valid_for) {
            check.refuse(
                &length,
                format!("the {} has two ends", kind.noun()),
                "Set either `expires_at` or `valid_for`, not both. Where a client wrote both into a configuration that it \
                 generated, remove `expires_at`: the end stays the same.",
            );
            return None;
        }
        match (moment?, period?) {
            (Some(moment), _) => Some(Some(End::At(moment))),
            (None, Some(period)) => {
                let ends = match &self.ends {
                    Field::Is(_) => check.moment(&at, &self.ends)?,
                    Field::Absent | Field::Unknown => None,
                };
                Some(Some(End::For { period, ends }))
            }
            (None, None) => Some(None),
        }
    }

    pub(crate) fn is_absent(&self) -> bool {
        matches!((&self.expires_at, &self.valid_for), (Field::Absent, Field::Absent))
    }

    /// What the end is worth a warning for at `now`, as far as it is known.
    pub(crate) fn warnings(
        &self,
        (kind, name): (ObjectKind, &Field<String>),
        now: Timestamp,
    ) -> Vec<Violation> {
        let end = |field: &Field<String>| field.known().and_then(|text| Moment::parse(text).ok());
        let name = name.known().map_or("", String::as_str);
        match (end(&self.expires_at), end(&self.ends)) {
            (Some(end), _) => notice((kind, name), "expires_at", Status::of(end.at(), now)),
            (None, Some(end)) => notice((kind, name), "valid_for", Status::of(end.at(), now)),
            (None, None) => Vec::new(),
        }
    }
}

impl End {
    /// The point in time, where it is fixed.
    pub fn moment(&self) -> Option<&Moment> {
        match self {
            Self::At(moment) => Some(moment),
            Self::For { ends, .. } => ends.as_ref(),
        }
    }

    /// The length its author named, where that is what they named.
    pub fn period(&self) -> Option<&Period> {
        match self {
            Self::At(_) => None,
            Self::For { period, .. } => Some(period),
        }
    }

    /// The attribute in which its author set it.
    pub fn attribute(&self) -> &'static str {
        match self {
            Self::At(_) => "expires_at",
            Self::For { .. } => "valid_for",
        }
    }

    /// The end, counted from `now` where it has a length and is not fixed yet.
    pub fn fixed(self, now: Timestamp) -> Result<Self, Violation> {
        match self {
            Self::For { period, ends: None } => {
                let end = Moment::after(now, &period).map_err(|error| Violation {
                    path: AttributePath::of("valid_for"),
                    problem: error.to_string(),
                    remedy: "Choose a shorter length.".to_owned(),
                })?;
                Ok(Self::For { period, ends: Some(end) })
            }
            fixed => Ok(fixed),
        }
    }

    /// The end as its author named it: without what a length was fixed to.
    #[must_use]
    pub fn unfixed(self) -> Self {
        match self {
            Self::For { period, .. } => Self::For { period, ends: None },
            named @ Self::At(_) => named,
        }
    }

    /// Where it stands at `now`. Its last instant is no longer part of it.
    pub fn status(&self, now: Timestamp) -> Status {
        self.moment().map_or(Status::Unfixed, |end| Status::of(end.at(), now))
    }

    /// What it is worth a warning for at `now`: it is near, or behind us.
    pub(crate) fn warnings(&self, named: (ObjectKind, &str), now: Timestamp) -> Vec<Violation> {
        notice(named, self.attribute(), self.status(now))
    }
}

impl Status {
    fn of(end: Timestamp, now: Timestamp) -> Self {
        if end <= now {
            Self::Expired(end)
        } else if end.duration_since(now) <= NOTICE {
            Self::Expiring(end)
        } else {
            Self::Active
        }
    }
}

fn notice((kind, name): (ObjectKind, &str), attribute: &str, status: Status) -> Vec<Violation> {
    let noun = kind.noun();
    let (problem, remedy) = match status {
        Status::Active | Status::Unfixed => return Vec::new(),
        Status::Expiring(end) => (
            format!("{noun} `{name}` ends on {end}"),
            "That is within fourteen days. Remove what depends on it before then, or agree on a new end and set it here."
                .to_owned(),
        ),
        Status::Expired(end) => (
            format!("{noun} `{name}` ended on {end}"),
            format!(
                "It permits nothing any more. Remove what depended on it and then the {noun}, or agree on a new end and set \
                 it here."
            ),
        ),
    };
    vec![Violation { path: AttributePath::of(attribute), problem, remedy }]
}
