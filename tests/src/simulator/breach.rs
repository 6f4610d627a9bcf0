//! What can go wrong between a core and a provider: the provider says no, or it breaks a rule.

use std::fmt;

use nhi_proto::Path;

use super::wire;

/// A rule of the core, by the word the simulator's tests and reports use for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// The process starts, says one line of the protocol, answers every call.
    Responds,
    /// Schemas are ones the core can load.
    Schema,
    /// A value is of the type of its schema.
    Type,
    /// A configuration may hold unknowns anywhere.
    AcceptsUnknown,
    /// What is configured is planned as configured.
    PlanKeepsConfig,
    /// What is neither configured nor computed stays null.
    PlanInventsNothing,
    /// Blocks and nested objects are planned as many as configured.
    PlanKeepsShape,
    /// Creating and updating plan an object, destroying plans none.
    PlanExistence,
    /// Only paths that exist require replacement.
    ReplacePath,
    /// The same question has the same answer.
    Deterministic,
    /// The plan repeated in the apply only fills in what was unknown.
    FinalPlan,
    /// What is write-only is in no plan and no state.
    WriteOnly,
    /// An identity is of its type, known, and lasts.
    Identity,
    /// Nothing is deferred that may not be.
    Deferred,
    /// The crutch of old providers is not used.
    Legacy,
    /// What was planned is what is.
    ApplyKeepsPlan,
    /// Nothing stays unknown.
    Known,
    /// What was made is there, what was destroyed is not.
    ApplyExistence,
    /// What was made is read back as it was made.
    ReadsBack,
    /// After an apply there is nothing left to do.
    Settles,
    /// State is brought to its schema at every run, and not changed by it.
    Upgrade,
    /// An import gives exactly one object, which can be read.
    Import,
    /// Data is there, known, and as configured.
    Data,
    /// A list stops at its limit, and every element has an identity.
    List,
    /// A function answers the same to the same.
    Function,
    /// A call goes wrong with a message for the user, not with a bug of the provider.
    NoBug,
    /// A message points at something there is.
    Place,
}

/// A rule that was broken, where and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// The rule.
    pub rule: Rule,
    /// The part of the object, empty for all of it.
    pub place: String,
    /// What the core would say.
    pub what: String,
}

/// A message of the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Whether it stops the core.
    pub error: bool,
    /// The attribute it points at, empty for none.
    pub place: String,
    /// Its first line.
    pub summary: String,
    /// All else it says.
    pub detail: String,
}

/// Why a step did not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The provider refused it, which is its right.
    Refused(Vec<Told>),
    /// The provider broke a rule.
    Broke(Breach),
}

impl Breach {
    /// A breach at a place.
    pub fn at(rule: Rule, path: &Path, what: impl Into<String>) -> Self {
        Self { rule, place: path.to_string(), what: what.into() }
    }

    /// A breach by the object as a whole.
    pub fn of(rule: Rule, what: impl Into<String>) -> Self {
        Self { rule, place: String::new(), what: what.into() }
    }
}

impl Trouble {
    /// The rule that was broken, if one was.
    pub fn rule(&self) -> Option<Rule> {
        match self {
            Self::Broke(breach) => Some(breach.rule),
            Self::Refused(_) => None,
        }
    }
}

impl From<Breach> for Trouble {
    fn from(breach: Breach) -> Self {
        Self::Broke(breach)
    }
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} at `{}`: {}", self.rule, self.place, self.what)
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = if self.error { "error" } else { "warning" };
        write!(f, "{severity} at `{}`: {}: {}", self.place, self.summary, self.detail)
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broke(breach) => write!(f, "broke {breach}"),
            Self::Refused(told) => {
                f.write_str("refused")?;
                told.iter().try_for_each(|one| write!(f, "\n  {one}"))
            }
        }
    }
}

impl std::error::Error for Trouble {}

/// The path of the wire, as steps; an element key that is no index of a list stands for a map's.
pub(super) fn path(sent: &wire::AttributePath) -> Path {
    use wire::attribute_path::step::Selector;
    sent.steps.iter().fold(Path::root(), |path, step| match &step.selector {
        Some(Selector::AttributeName(name)) => path.attribute(name),
        Some(Selector::ElementKeyString(key)) => path.key(key),
        Some(Selector::ElementKeyInt(index)) => path.index(usize::try_from(*index).unwrap_or(usize::MAX)),
        None => path,
    })
}
