//! Federation within an identity: whose word an identity is taken on, instead of a secret it would hold.

use std::collections::BTreeSet;
use std::fmt;

use crate::check::{Check, Fields};
use crate::field::Field;
use crate::period::Period;
use crate::violation::AttributePath;

/// How long the work of an identity runs, which decides how long its tokens must live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Workload {
    /// Short requests; a token can be fetched anew at any time.
    Interactive,
    /// Long runs that cannot fetch a token in between.
    Batch,
}

impl Workload {
    /// Every workload, as users write them.
    pub const ALL: [(&'static str, Self); 2] = [("interactive", Self::Interactive), ("batch", Self::Batch)];

    /// Reads the user's word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(word, _)| *word == text).map(|(_, workload)| workload)
    }

    /// The user's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Interactive => "interactive",
            Self::Batch => "batch",
        }
    }
}

impl fmt::Display for Workload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One issuer whose tokens an identity presents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FederationEntry {
    /// The issuer, as its tokens name it.
    pub issuer: String,
    /// Who the tokens are meant for; at least one.
    pub audiences: BTreeSet<String>,
    /// Whom the tokens speak of; may hold the wildcards of the platform.
    pub subject: String,
    /// The longest a token may live.
    pub max_lifetime: Option<Period>,
    /// How the work that uses it runs.
    pub workload: Option<Workload>,
}

/// A federation entry on its way: values may be absent, unknown or wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FederationEntryDraft {
    /// See [`FederationEntry::issuer`].
    pub issuer: Field<String>,
    /// See [`FederationEntry::audiences`].
    pub audiences: Fields,
    /// See [`FederationEntry::subject`].
    pub subject: Field<String>,
    /// See [`FederationEntry::max_lifetime`].
    pub max_lifetime: Field<String>,
    /// See [`FederationEntry::workload`].
    pub workload: Field<String>,
}

impl FederationEntryDraft {
    pub(crate) fn read(&self, check: &mut Check, path: &AttributePath) -> Option<FederationEntry> {
        let issuer = check.line(&path.attribute("issuer"), &self.issuer);
        let audiences = check.filled_set(&path.attribute("audiences"), &self.audiences);
        let subject = check.line(&path.attribute("subject"), &self.subject);
        let max_lifetime = check.period(&path.attribute("max_lifetime"), &self.max_lifetime);
        let at = path.attribute("workload");
        let workload = match check.optional(&at, &self.workload) {
            None => None,
            Some(None) => Some(None),
            Some(Some(text)) => {
                let workload = Workload::parse(text);
                if workload.is_none() {
                    check.refuse(
                        &at,
                        format!("`{}` is not a workload", text.escape_debug()),
                        "Write `interactive` or `batch`.",
                    );
                }
                workload.map(Some)
            }
        };
        Some(FederationEntry {
            issuer: issuer?,
            audiences: audiences?,
            subject: subject?,
            max_lifetime: max_lifetime?,
            workload: workload?,
        })
    }
}
