//! What of a declaration can be filtered by: it stands in columns of its own, each with an index.

use std::collections::BTreeMap;

use nhi_identity::Timestamp;

use crate::declaration::{Declaration, Mentions, ObjectKind};

/// What of a declaration can be filtered by; what it does not have is absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// Name of its owner.
    pub owner: Option<String>,
    /// Level of its tier.
    pub tier: Option<u8>,
    /// Name of its zone.
    pub zone: Option<String>,
    /// Its environment.
    pub environment: Option<String>,
    /// The word of its kind, for example `ci_runner`; not the kind of object.
    pub kind: Option<String>,
    /// Name of the identity it is about.
    pub identity: Option<String>,
    /// Its platform.
    pub platform: Option<String>,
    /// Its name on that platform.
    pub principal: Option<String>,
    /// When it ends.
    pub ends: Option<Timestamp>,
    /// Its labels.
    pub labels: BTreeMap<String, String>,
}

impl Facets {
    /// What the mentions of a declaration say about it.
    pub fn of(mentions: &Mentions<'_>) -> Self {
        let (platform, principal) = mentions.principal.unzip();
        let first = |kind: ObjectKind| {
            let found = mentions.names.iter().find(|(mentioned, _)| *mentioned == kind);
            found.map(|(_, name)| name.to_string())
        };
        Self {
            owner: first(ObjectKind::Owner),
            zone: first(ObjectKind::Zone),
            identity: first(ObjectKind::Identity),
            platform: platform.flatten().map(str::to_owned),
            principal: principal.map(str::to_owned),
            ..Self::default()
        }
    }

    /// What a declaration says itself, and what its mentions say where it says nothing: the search for those who name
    /// something relies on them.
    pub(crate) fn all_of<T: Declaration>(declaration: &T) -> Self {
        let said = declaration.facets();
        let mentioned = Self::of(&declaration.mentions());
        Self {
            owner: said.owner.or(mentioned.owner),
            zone: said.zone.or(mentioned.zone),
            identity: said.identity.or(mentioned.identity),
            platform: said.platform.or(mentioned.platform),
            principal: said.principal.or(mentioned.principal),
            ..said
        }
    }
}
