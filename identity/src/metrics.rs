//! What the declarations alone can tell of an estate: how many identities are federated, owned, alone on their principal.
//! Each number comes with what it was counted among, and with how many could not be told.

use std::collections::{BTreeMap, BTreeSet};

use crate::credential::Credential;
use crate::elevation::{Elevation, Role};
use crate::federation::Federation;
use crate::federation_entry::{FederationEntry, Workload};
use crate::identity::{Identity, Tier};
use crate::lifetime::WorkClass;
use crate::name::Name;
use crate::review::Review;

/// The longest, in seconds, that a token may live to count as short where a run cannot fetch a new one on its way.
const LONG_RUN: u64 = 12 * 3_600;

/// How long tokens may live to count as short, in words.
pub const RULE: &str = "Tokens count as short-lived up to 1 hour, those of `agent` up to 5 minutes, those of an identity's `batch` \
workload, which cannot be renewed, up to 12 hours; a lifetime that nobody declared is unknown.";

/// What is declared. What was revoked is left out by whoever gathers it, what has ended is not: it may well be there.
#[derive(Clone, Debug, Default)]
pub struct Estate {
    /// The names of the owners.
    pub owners: BTreeSet<Name>,
    /// The names of the zones.
    pub zones: BTreeSet<Name>,
    /// The identities.
    pub identities: Vec<Identity>,
    /// Federation that stands by itself.
    pub federations: Vec<Federation>,
    /// Stored secrets.
    pub credentials: Vec<Credential>,
    /// Elevations that hold.
    pub elevations: Vec<Elevation>,
    /// Recertifications.
    pub reviews: Vec<Review>,
}

/// A number with what it was counted among.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metric {
    /// How many are as the metric asks.
    pub numerator: u32,
    /// Among how many.
    pub denominator: u32,
    /// About how many it was asked: the others among them are left out of the denominator because nobody can tell.
    pub population: u32,
    /// How many of those nobody could tell. Whether they stand in the denominator, each metric says.
    pub unknown: u32,
    /// Those that keep it from being what it should be.
    pub offenders: BTreeSet<Name>,
}

/// Everything that the declarations alone can tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    /// Identities in production that log on with short-lived tokens alone, among those in production. One whose tokens
    /// have no declared lifetime is unknown, and counts as not federated.
    pub federated_adoption: Metric,
    /// Distinct principals among identities that name one. One that names none is unknown, and left out.
    pub unique_principals: Metric,
    /// The same in production.
    pub unique_principals_in_production: Metric,
    /// Stored secrets of identities in production, among all stored secrets. One whose identity nobody declares is
    /// unknown, and not among them.
    pub long_lived_credentials: Metric,
    /// Identities whose owner is declared, among all. One whose owner nobody declares any more is unknown, and counts as
    /// not owned.
    pub owned: Metric,
    /// Identities whose zone is declared, among all; in the same way.
    pub zoned: Metric,
    /// Identities in production that somebody is to look at again, among those in production.
    pub reviewed: Metric,
    /// Identities of tier 0 that no elevation lends, among those of tier 0: whoever holds one holds it all the time.
    pub standing_privilege: Metric,
}

/// An answer about one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Yes,
    No,
    Unknown,
}

impl Metric {
    /// The share of the denominator; `None` of nothing.
    pub fn share(&self) -> Option<f64> {
        share(self.numerator, self.denominator)
    }

    /// The share of those about whom it could be told; `None` of nobody.
    pub fn coverage(&self) -> Option<f64> {
        share(self.population - self.unknown, self.population)
    }

    /// Counts answers of which yes is good; what is unknown counts as no.
    fn good<'a>(answers: impl Iterator<Item = (&'a Name, Told)>) -> Self {
        let mut metric = Self::default();
        for (name, told) in answers {
            metric.population += 1;
            metric.denominator += 1;
            match told {
                Told::Yes => metric.numerator += 1,
                Told::No => drop(metric.offenders.insert(name.clone())),
                Told::Unknown => {
                    metric.unknown += 1;
                    metric.offenders.insert(name.clone());
                }
            }
        }
        metric
    }

    /// Counts answers of which yes is bad; what is unknown is left out of both numbers.
    fn bad<'a>(answers: impl Iterator<Item = (&'a Name, Told)>) -> Self {
        let mut metric = Self::default();
        for (name, told) in answers {
            metric.population += 1;
            match told {
                Told::Yes => {
                    metric.numerator += 1;
                    metric.denominator += 1;
                    metric.offenders.insert(name.clone());
                }
                Told::No => metric.denominator += 1,
                Told::Unknown => metric.unknown += 1,
            }
        }
        metric
    }
}

fn share(part: u32, whole: u32) -> Option<f64> {
    (whole > 0).then(|| f64::from(part) / f64::from(whole))
}

/// Do the tokens of an entry live for a short time only?
fn is_short_entry(entry: &FederationEntry) -> Told {
    let most = match entry.workload {
        None | Some(Workload::Interactive) => WorkClass::Interactive.limit(),
        Some(Workload::Batch) => LONG_RUN,
    };
    match &entry.max_lifetime {
        Some(lifetime) if lifetime.seconds() <= most => Told::Yes,
        Some(_) => Told::No,
        None => Told::Unknown,
    }
}

/// Do the tokens of a federation live for a short time only?
fn is_short(federation: &Federation) -> Told {
    let lifetimes = &federation.lifetimes;
    match () {
        () if lifetimes.is_empty() => Told::Unknown,
        () if lifetimes.iter().all(|(class, lifetime)| lifetime.seconds() <= class.limit()) => Told::Yes,
        () => Told::No,
    }
}

impl Estate {
    /// Everything that these declarations alone can tell.
    pub fn metrics(&self) -> Metrics {
        let production = || self.identities.iter().filter(|identity| identity.tier.is_production());
        let secrets: BTreeSet<&Name> =
            self.credentials.iter().map(|credential| &credential.identity).collect();
        let tiers: BTreeMap<&Name, Tier> =
            self.identities.iter().map(|identity| (&identity.name, identity.tier)).collect();
        let federated = production().map(|identity| (&identity.name, self.is_federated(identity, &secrets)));
        let long_lived = self.credentials.iter().map(|credential| {
            let told = match tiers.get(&credential.identity) {
                Some(tier) if tier.is_production() => Told::Yes,
                Some(_) => Told::No,
                None => Told::Unknown,
            };
            (&credential.name, told)
        });
        let named = |name: Option<&Name>, declared: &BTreeSet<Name>| match name {
            Some(name) if declared.contains(name) => Told::Yes,
            Some(_) => Told::Unknown,
            None => Told::No,
        };
        let all = || self.identities.iter();
        let control = all().filter(|identity| identity.tier == Tier::Control);
        let yes_if = |yes: bool| if yes { Told::Yes } else { Told::No };
        Metrics {
            federated_adoption: Metric::good(federated),
            unique_principals: unique(all()),
            unique_principals_in_production: unique(production()),
            long_lived_credentials: Metric::bad(long_lived),
            owned: Metric::good(all().map(|one| (&one.name, named(one.owner.as_ref(), &self.owners)))),
            zoned: Metric::good(all().map(|one| (&one.name, named(one.zone.as_ref(), &self.zones)))),
            reviewed: Metric::good(production().map(|one| (&one.name, yes_if(self.is_reviewed(one))))),
            standing_privilege: Metric::bad(control.map(|one| (&one.name, yes_if(!self.is_lent(one))))),
        }
    }

    fn is_federated(&self, identity: &Identity, secrets: &BTreeSet<&Name>) -> Told {
        if secrets.contains(&identity.name) {
            return Told::No;
        }
        let beside = self.federations.iter().filter(|one| one.identity.as_ref() == Some(&identity.name));
        let told: Vec<Told> =
            identity.federation.iter().map(is_short_entry).chain(beside.map(is_short)).collect();
        match () {
            () if told.is_empty() || told.contains(&Told::No) => Told::No,
            () if told.contains(&Told::Unknown) => Told::Unknown,
            () => Told::Yes,
        }
    }

    fn is_reviewed(&self, identity: &Identity) -> bool {
        identity.review_period.is_some() || self.reviews.iter().any(|review| review.scope.covers(identity))
    }

    fn is_lent(&self, identity: &Identity) -> bool {
        self.elevations.iter().any(|elevation| match &elevation.target.role {
            Role::Identity(name) => *name == identity.name,
            Role::Named(principal) => identity.principal.as_ref() == Some(principal),
        })
    }
}

/// How many principals there are for the identities that name one. Those that share one are the offenders.
fn unique<'a>(identities: impl Iterator<Item = &'a Identity>) -> Metric {
    let mut metric = Metric::default();
    let mut holders: BTreeMap<(Option<&str>, &str), Vec<&Name>> = BTreeMap::new();
    for identity in identities {
        metric.population += 1;
        match &identity.principal {
            Some(principal) => {
                metric.denominator += 1;
                holders.entry((identity.platform.as_deref(), principal)).or_default().push(&identity.name);
            }
            None => metric.unknown += 1,
        }
    }
    for names in holders.into_values() {
        metric.numerator += 1;
        if names.len() > 1 {
            metric.offenders.extend(names.into_iter().cloned());
        }
    }
    metric
}
