//! Federation that stands by itself: whose tokens count, for which service, about whom, under which claims and for how
//! long. It may belong to an identity, and need not.

mod warnings;

use std::collections::{BTreeMap, BTreeSet};

use crate::Labels;
use crate::check::{Check, FieldMap, Fields};
use crate::field::Field;
use crate::issuer::Issuer;
use crate::lifetime::{self, WorkClass};
use crate::name::Name;
use crate::object::ObjectKind;
use crate::period::Period;
use crate::reach::Reach;
use crate::surroundings::Surroundings;
use crate::violation::{AttributePath, Violation};

/// Claims that whoever starts a run chooses: alone they keep nobody out.
const CHOSEN: [&str; 10] = [
    "actor",
    "base_ref",
    "environment",
    "event_name",
    "head_ref",
    "ref",
    "ref_type",
    "run_phase",
    "user_login",
    "workflow",
];

/// Whose tokens count, and for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Federation {
    /// Its name.
    pub name: Name,
    /// Who signs the tokens.
    pub issuer: Issuer,
    /// Whom they are meant for, by service; at least one.
    pub audiences: BTreeMap<String, String>,
    /// Whom they speak of; may hold the wildcards of the platform.
    pub subject: String,
    /// What else they have to say: the values or patterns that each claim may have.
    pub claims: BTreeMap<String, BTreeSet<String>>,
    /// The longest that they may live, by class of workload.
    pub lifetimes: BTreeMap<WorkClass, Period>,
    /// Who logs on with them: the name of an identity, where it is declared.
    pub identity: Option<Name>,
    /// Who answers for it: the name of an owner.
    pub owner: Option<Name>,
    /// Free labels.
    pub labels: Labels,
}

/// Federation on its way: values may be absent, unknown or wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FederationDraft {
    /// See [`Federation::name`].
    pub name: Field<String>,
    /// See [`Federation::issuer`].
    pub issuer: Field<String>,
    /// See [`Federation::audiences`].
    pub audiences: FieldMap,
    /// See [`Federation::subject`].
    pub subject: Field<String>,
    /// See [`Federation::claims`].
    pub claims: Field<Vec<(String, Fields)>>,
    /// See [`Federation::lifetimes`].
    pub lifetimes: FieldMap,
    /// See [`Federation::identity`].
    pub identity: Field<String>,
    /// See [`Federation::owner`].
    pub owner: Field<String>,
    /// See [`Federation::labels`].
    pub labels: FieldMap,
}

/// What the claims add to a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Guard {
    /// Nothing.
    None,
    /// What whoever starts a run chooses.
    Chosen,
    /// What only the issuer says.
    Firm,
    /// Nobody knows yet.
    Unknown,
}

impl FederationDraft {
    /// What is wrong with what is known.
    pub fn violations(&self) -> Vec<Violation> {
        let mut check = Check::default();
        self.read(&mut check);
        check.violations
    }

    /// The federation; or what is wrong with it, values that are not known yet included.
    pub fn declare(&self) -> Result<Federation, Vec<Violation>> {
        let mut check = Check::default();
        let federation = self.read(&mut check);
        check.finish(federation)
    }

    fn read(&self, check: &mut Check) -> Option<Federation> {
        let at = AttributePath::of;
        let name = check.name(&at("name"), &self.name);
        let issuer = check.issuer(&at("issuer"), &self.issuer);
        let audiences = self.audiences(check);
        let subject = self.subject(check, issuer.as_ref());
        let claims = self.claims(check);
        let lifetimes = self.lifetimes(check);
        let identity = check.optional_name(&at("identity"), &self.identity);
        let owner = check.optional_name(&at("owner"), &self.owner);
        if (&self.identity, &self.owner) == (&Field::Absent, &Field::Absent) {
            check.refuse(
                &at("owner"),
                "nobody answers for it",
                "Name the `nhi_identity` that it belongs to or the `nhi_owner` that answers for it, or set \
                 `defaults.owner` on the provider.",
            );
        }
        let labels = check.labels(&at("labels"), &self.labels);
        Some(Federation {
            name: name?,
            issuer: issuer?,
            audiences: audiences?,
            subject: subject?,
            claims: claims?,
            lifetimes: lifetimes?,
            identity: identity?,
            owner: owner?,
            labels: labels?,
        })
    }

    fn audiences(&self, check: &mut Check) -> Option<BTreeMap<String, String>> {
        let at = AttributePath::of("audiences");
        let pairs = check.required(&at, &self.audiences)?;
        if pairs.is_empty() {
            check.refuse(
                &at,
                "at least one element is required here",
                "Name at least one service and its audience.",
            );
            return None;
        }
        let mut all = BTreeMap::new();
        for (service, audience) in pairs {
            let (path, service) = check.key(&at, service);
            let audience = check.line(&path, audience).filter(|audience| {
                let open = is_open(audience);
                if open {
                    check.refuse(
                        &path,
                        format!("`{audience}` takes tokens that are meant for anybody"),
                        "Name the one audience that tokens for this service ask for.",
                    );
                }
                !open
            });
            if let (Some(service), Some(audience)) = (service, audience) {
                all.insert(service, audience);
            }
        }
        (all.len() == pairs.len()).then_some(all)
    }

    fn subject(&self, check: &mut Check, issuer: Option<&Issuer>) -> Option<String> {
        let at = AttributePath::of("subject");
        let subject = check.line(&at, &self.subject)?;
        let domain = subject.strip_prefix("spiffe://").map(|rest| rest.split('/').next().unwrap_or_default());
        if let (Some(own), Some(named)) = (issuer.and_then(Issuer::trust_domain), domain)
            && own != named
            && !named.contains(['*', '?'])
        {
            check.refuse(
                &at,
                format!("`{}` is not of the trust domain `{own}`", subject.escape_debug()),
                "The issuer speaks of workloads of its own trust domain alone: name one of those, or the other issuer.",
            );
            return None;
        }
        if let Reach::Anybody(why) = Reach::of(&subject)
            && self.guard() < Guard::Firm
        {
            check.refuse(
                &at,
                format!("`{}` lets anybody in: {why}", subject.escape_debug()),
                "Name the subject as far as the platform allows it, or, where only a claim tells who it is, pin that claim \
                 in `claims` (`repository_id` or `job_workflow_ref` for example, not `ref` or `environment`).",
            );
            return None;
        }
        Some(subject)
    }

    fn claims(&self, check: &mut Check) -> Option<BTreeMap<String, BTreeSet<String>>> {
        let at = AttributePath::of("claims");
        let Some(pairs) = check.optional(&at, &self.claims)? else { return Some(BTreeMap::new()) };
        let mut all = BTreeMap::new();
        for (claim, values) in pairs {
            let (path, key) = check.key(&at, claim);
            if let Some((_, own)) = [("iss", "issuer"), ("aud", "audiences"), ("sub", "subject")]
                .iter()
                .find(|(word, _)| word == claim)
            {
                check.refuse(
                    &path,
                    format!("`{claim}` is `{own}` already"),
                    format!("Say it in `{own}` alone."),
                );
                continue;
            }
            let values = check.filled_set(&path, values);
            if let (Some(key), Some(values)) = (key, values) {
                all.insert(key, values);
            }
        }
        (all.len() == pairs.len()).then_some(all)
    }

    fn lifetimes(&self, check: &mut Check) -> Option<BTreeMap<WorkClass, Period>> {
        let at = AttributePath::of("lifetimes");
        let Some(pairs) = check.optional(&at, &self.lifetimes)? else { return Some(BTreeMap::new()) };
        let mut all = BTreeMap::new();
        for (word, length) in pairs {
            let (path, _) = check.key(&at, word);
            let class =
                check.needed_word(&path, &Field::Is(word.clone()), (&WorkClass::ALL, "a class of workload"));
            let Some(period) = check.needed_period(&path, length) else { continue };
            if period.seconds() > lifetime::LONGEST {
                check.refuse(
                    &path,
                    format!("a token that lives {period} is a stored secret"),
                    "No token lives longer than 24h. Let long work fetch new tokens on its way.",
                );
            } else if let Some(class) = class {
                all.insert(class, period);
            }
        }
        (all.len() == pairs.len()).then_some(all)
    }

    /// What the claims add: the strongest of them counts.
    fn guard(&self) -> Guard {
        let pairs = match &self.claims {
            Field::Absent => return Guard::None,
            Field::Unknown => return Guard::Unknown,
            Field::Is(pairs) => pairs,
        };
        let of_claim = |(claim, values): &(String, Fields)| match values {
            Field::Absent => Guard::None,
            Field::Unknown => Guard::Unknown,
            Field::Is(values) if values.contains(&Field::Unknown) => Guard::Unknown,
            Field::Is(values) => {
                let pins =
                    |value: &Field<String>| value.known().is_some_and(|text| !text.starts_with(['*', '?']));
                match values.iter().all(pins) && !values.is_empty() {
                    false => Guard::None,
                    true if CHOSEN.contains(&claim.as_str()) => Guard::Chosen,
                    true => Guard::Firm,
                }
            }
        };
        pairs.iter().map(of_claim).max().unwrap_or(Guard::None)
    }
}

fn is_open(text: &str) -> bool {
    text.chars().all(|character| "*?".contains(character))
}

impl Federation {
    /// What it breaks among the declarations around it: an identity or an owner that nobody declared.
    pub fn violations(&self, around: &Surroundings) -> Vec<Violation> {
        let mut check = Check::default();
        if let Some(identity) = &self.identity {
            around.require(&mut check, &AttributePath::of("identity"), (ObjectKind::Identity, identity));
        }
        if let Some(owner) = &self.owner {
            around.require(&mut check, &AttributePath::of("owner"), (ObjectKind::Owner, owner));
        }
        check.violations
    }
}
