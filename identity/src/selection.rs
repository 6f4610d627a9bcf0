//! Selections: which identities something is about, said by what they are instead of one by one.

use std::collections::BTreeSet;

use crate::Labels;
use crate::check::{Check, FieldMap, Fields};
use crate::field::Field;
use crate::identity::{Identity, Kind, Tier};
use crate::name::Name;
use crate::object::ObjectKind;
use crate::surroundings::Surroundings;
use crate::violation::AttributePath;

/// Which identities. What is empty leaves its dimension open; what is not, all of it has to fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// One of these.
    pub identities: BTreeSet<Name>,
    /// One of these owners answers for it.
    pub owners: BTreeSet<Name>,
    /// It has one of these tiers.
    pub tiers: BTreeSet<Tier>,
    /// It stays in one of these zones.
    pub zones: BTreeSet<Name>,
    /// It works in one of these environments.
    pub environments: BTreeSet<String>,
    /// It is of one of these kinds.
    pub kinds: BTreeSet<Kind>,
    /// It has all of these labels.
    pub labels: Labels,
}

/// A selection on its way: values may be absent, unknown or wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SelectionDraft {
    /// See [`Selection::identities`].
    pub identities: Fields,
    /// See [`Selection::owners`].
    pub owners: Fields,
    /// See [`Selection::tiers`]. A number that is no whole number is told as its text.
    pub tiers: Field<Vec<Field<Result<i64, String>>>>,
    /// See [`Selection::zones`].
    pub zones: Fields,
    /// See [`Selection::environments`].
    pub environments: Fields,
    /// See [`Selection::kinds`].
    pub kinds: Fields,
    /// See [`Selection::labels`].
    pub labels: FieldMap,
}

impl SelectionDraft {
    pub(crate) fn read(&self, check: &mut Check, at: &AttributePath) -> Option<Selection> {
        let identities = check.names(&at.attribute("identities"), &self.identities);
        let owners = check.names(&at.attribute("owners"), &self.owners);
        let tiers = self.tiers(check, &at.attribute("tiers"));
        let zones = check.names(&at.attribute("zones"), &self.zones);
        let environments = check.set(&at.attribute("environments"), &self.environments);
        let kinds = self.kinds(check, &at.attribute("kinds"));
        let labels = check.labels(&at.attribute("labels"), &self.labels);
        Some(Selection {
            identities: identities?,
            owners: owners?,
            tiers: tiers?,
            zones: zones?,
            environments: environments?,
            kinds: kinds?,
            labels: labels?,
        })
    }

    /// May there be tier 0 or 1 in it? `None` when that is not known yet.
    pub(crate) fn holds_production(&self) -> Option<bool> {
        let Field::Is(tiers) = &self.tiers else {
            return (self.tiers == Field::Absent).then_some(true);
        };
        let known = |tier: &Field<Result<i64, String>>| {
            tier.known().and_then(|level| level.as_ref().ok()).and_then(|level| Tier::from_level(*level))
        };
        if tiers.is_empty() || tiers.iter().filter_map(known).any(Tier::is_production) {
            return Some(true);
        }
        tiers.iter().all(|tier| tier.known().is_some()).then_some(false)
    }

    fn tiers(&self, check: &mut Check, at: &AttributePath) -> Option<BTreeSet<Tier>> {
        let Some(tiers) = check.optional(at, &self.tiers)? else { return Some(BTreeSet::new()) };
        let read: Vec<Option<Tier>> = tiers
            .iter()
            .map(|tier| check.required(at, tier).and_then(|tier| Tier::read(check, at, tier)))
            .collect();
        read.into_iter().collect()
    }

    fn kinds(&self, check: &mut Check, at: &AttributePath) -> Option<BTreeSet<Kind>> {
        let texts = check.set(at, &self.kinds)?;
        let read: Vec<Option<Kind>> = texts.iter().map(|text| Kind::read(check, at, text)).collect();
        read.into_iter().collect()
    }
}

impl Selection {
    /// Is the identity one of them? What an identity does not say about itself fits no filter.
    pub fn covers(&self, identity: &Identity) -> bool {
        let among = |names: &BTreeSet<Name>, name: Option<&Name>| {
            names.is_empty() || name.is_some_and(|name| names.contains(name))
        };
        let environment = self.environments.is_empty()
            || identity
                .environment
                .as_ref()
                .is_some_and(|environment| self.environments.contains(environment));
        among(&self.identities, Some(&identity.name))
            && among(&self.owners, identity.owner.as_ref())
            && among(&self.zones, identity.zone.as_ref())
            && environment
            && (self.tiers.is_empty() || self.tiers.contains(&identity.tier))
            && (self.kinds.is_empty() || self.kinds.contains(&identity.kind))
            && self.labels.iter().all(|(key, value)| identity.labels.get(key) == Some(value))
    }

    /// Refuses the identities, owners and zones that nobody declared.
    pub(crate) fn require(&self, check: &mut Check, at: &AttributePath, around: &Surroundings) {
        let names = [
            (ObjectKind::Identity, "identities", &self.identities),
            (ObjectKind::Owner, "owners", &self.owners),
            (ObjectKind::Zone, "zones", &self.zones),
        ];
        for (kind, attribute, names) in names {
            for name in names {
                around.require(check, &at.attribute(attribute), (kind, name));
            }
        }
    }

    /// The declarations that it names.
    pub fn names(&self) -> impl Iterator<Item = (ObjectKind, &Name)> {
        let identities = self.identities.iter().map(|name| (ObjectKind::Identity, name));
        let owners = self.owners.iter().map(|name| (ObjectKind::Owner, name));
        identities.chain(owners).chain(self.zones.iter().map(|name| (ObjectKind::Zone, name)))
    }
}
