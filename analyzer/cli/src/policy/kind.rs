//! What kind of policy a document is: as the caller says, else as it looks.

use clap::ValueEnum;
use nhi_access::dialect::aws::{PolicyKind, guess_kind};

use crate::exit::Failure;

/// The value of `--kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// Attached to a user, group or role; also boundaries, session and service control policies
    Identity,
    /// Attached to a resource: it names principals
    Resource,
    /// A role's trust policy: who may assume it
    Trust,
}

impl Kind {
    pub(crate) fn policy(self) -> PolicyKind {
        match self {
            Self::Identity => PolicyKind::Identity,
            Self::Resource => PolicyKind::Resource,
            Self::Trust => PolicyKind::Trust,
        }
    }

    /// By its name here, or as AWS spells it.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "identity" | "identity_policy" => Some(Self::Identity),
            "resource" | "resource_policy" => Some(Self::Resource),
            "trust" | "trust_policy" => Some(Self::Trust),
            _ => None,
        }
    }
}

/// The kind to read documents as, and what gave it away when nobody said.
pub(crate) fn settle(
    asked: Option<Kind>,
    texts: &[&str],
) -> Result<(PolicyKind, Option<&'static str>), Failure> {
    if let Some(kind) = asked {
        return Ok((kind.policy(), None));
    }
    let kind = guess_kind(texts).ok_or_else(|| {
        Failure::usage(
            "one of the policies names principals and the other does not: say what both are with `--kind`",
        )
    })?;
    let because = match kind {
        PolicyKind::Identity => "no statement names a principal",
        PolicyKind::Resource => "a statement names a principal",
        PolicyKind::Trust => "principals are named, and nothing but the assuming of roles is spoken of",
    };
    Ok((kind, Some(because)))
}

/// The word for a kind.
pub(crate) fn word(kind: PolicyKind) -> &'static str {
    match kind {
        PolicyKind::Identity => "identity",
        PolicyKind::Resource => "resource",
        PolicyKind::Trust => "trust",
    }
}
