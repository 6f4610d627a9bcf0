//! A non-human identity: what it is, who answers for it, where it lives and how it proves itself.

use std::fmt;

use crate::Labels;
use crate::check::{Check, FieldMap};
use crate::federation_entry::{FederationEntry, FederationEntryDraft};
use crate::field::Field;
use crate::name::Name;
use crate::object::ObjectKind;
use crate::period::Period;
use crate::surroundings::Surroundings;
use crate::violation::{AttributePath, Violation};

/// What kind of actor an identity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Runs pipelines.
    CiRunner,
    /// Trains a model.
    TrainingJob,
    /// Answers requests with a model.
    InferenceService,
    /// Acts on its own with tools.
    Agent,
    /// Moves data between systems.
    Connector,
    /// Starts the work of others.
    Scheduler,
    /// One service of many.
    Microservice,
    /// A platform's service account.
    ServiceAccount,
    /// A service in a Kerberos realm.
    KerberosPrincipal,
    /// Runs the platform itself.
    ControlPlane,
    /// A machine.
    Node,
    /// Kept for emergencies.
    BreakGlass,
}

impl Kind {
    /// Every kind, as users write them.
    pub const ALL: [(&'static str, Self); 12] = [
        ("ci_runner", Self::CiRunner),
        ("training_job", Self::TrainingJob),
        ("inference_service", Self::InferenceService),
        ("agent", Self::Agent),
        ("connector", Self::Connector),
        ("scheduler", Self::Scheduler),
        ("microservice", Self::Microservice),
        ("service_account", Self::ServiceAccount),
        ("kerberos_principal", Self::KerberosPrincipal),
        ("control_plane", Self::ControlPlane),
        ("node", Self::Node),
        ("break_glass", Self::BreakGlass),
    ];

    /// Reads the user's word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(word, _)| *word == text).map(|(_, kind)| kind)
    }

    pub(crate) fn read(check: &mut Check, at: &AttributePath, text: &str) -> Option<Self> {
        let kind = Self::parse(text);
        if kind.is_none() {
            let words: Vec<String> = Self::ALL.iter().map(|(word, _)| format!("`{word}`")).collect();
            check.refuse(
                at,
                format!("`{}` is not a kind of identity", text.escape_debug()),
                format!("Write one of {}.", words.join(", ")),
            );
        }
        kind
    }

    /// The user's word.
    pub fn as_str(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, kind)| *kind == self).map_or("", |(word, _)| word)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How much harm an identity can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Tier 0: controls production.
    Control,
    /// Tier 1: touches production data.
    Data,
    /// Tier 2: non-production.
    NonProduction,
}

impl Tier {
    /// Reads the number.
    pub fn from_level(level: i64) -> Option<Self> {
        match level {
            0 => Some(Self::Control),
            1 => Some(Self::Data),
            2 => Some(Self::NonProduction),
            _ => None,
        }
    }

    pub(crate) fn read(check: &mut Check, at: &AttributePath, level: &Result<i64, String>) -> Option<Self> {
        let tier = level.as_ref().ok().and_then(|level| Self::from_level(*level));
        if tier.is_none() {
            let text = level.as_ref().map_or_else(Clone::clone, ToString::to_string);
            check.refuse(
                at,
                format!("`{text}` is not a tier"),
                "Write 0 (controls production), 1 (touches production data) or 2 (non-production).",
            );
        }
        tier
    }

    /// The number.
    pub fn level(self) -> u8 {
        match self {
            Self::Control => 0,
            Self::Data => 1,
            Self::NonProduction => 2,
        }
    }

    /// Tiers 0 and 1.
    pub fn is_production(self) -> bool {
        self != Self::NonProduction
    }
}

/// A non-human identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// What exceptions refer to.
    pub name: Name,
    /// What it is.
    pub kind: Kind,
    /// Who answers for it: the name of an owner.
    pub owner: Option<Name>,
    /// What it is for.
    pub purpose: Option<String>,
    /// The environment it works in.
    pub environment: Option<String>,
    /// How much harm it can do.
    pub tier: Tier,
    /// The zone it stays in: the name of a zone.
    pub zone: Option<Name>,
    /// The platform it acts on (`aws`, `google`, `azure`, `kubernetes`, …).
    pub platform: Option<String>,
    /// Its name there (an ARN, an email address, a subject).
    pub principal: Option<String>,
    /// Whose tokens it presents.
    pub federation: Vec<FederationEntry>,
    /// How often somebody looks at it again.
    pub review_period: Option<Period>,
    /// Free labels.
    pub labels: Labels,
}

/// An identity on its way: values may be absent, unknown or wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdentityDraft {
    /// See [`Identity::name`].
    pub name: Field<String>,
    /// See [`Identity::kind`].
    pub kind: Field<String>,
    /// See [`Identity::owner`].
    pub owner: Field<String>,
    /// See [`Identity::purpose`].
    pub purpose: Field<String>,
    /// See [`Identity::environment`].
    pub environment: Field<String>,
    /// See [`Identity::tier`]. A number that is no whole number is told as its text.
    pub tier: Field<Result<i64, String>>,
    /// See [`Identity::zone`].
    pub zone: Field<String>,
    /// See [`Identity::platform`].
    pub platform: Field<String>,
    /// See [`Identity::principal`].
    pub principal: Field<String>,
    /// See [`Identity::federation`].
    pub federation: Field<Vec<Field<FederationEntryDraft>>>,
    /// See [`Identity::review_period`].
    pub review_period: Field<String>,
    /// See [`Identity::labels`].
    pub labels: FieldMap,
}

impl IdentityDraft {
    /// What is wrong with what is known.
    pub fn violations(&self) -> Vec<Violation> {
        let mut check = Check::default();
        self.read(&mut check);
        check.violations
    }

    /// The identity; or what is wrong with it, values that are not known yet included.
    pub fn declare(&self) -> Result<Identity, Vec<Violation>> {
        let mut check = Check::default();
        let identity = self.read(&mut check);
        check.finish(identity)
    }

    /// What is wrong when nobody fills in an owner any more: tier 0 or 1 without one.
    pub fn ownerless(&self) -> Vec<Violation> {
        match (self.known_tier(), &self.owner) {
            (Some(tier), Field::Absent) => ownerless(tier),
            _ => Vec::new(),
        }
    }

    /// What is worth a warning in what is known: tier 0 or 1 without federation.
    pub fn warnings(&self) -> Vec<Violation> {
        match (self.known_tier(), &self.federation) {
            (Some(tier), Field::Absent) => unfederated(tier, 0),
            (Some(tier), Field::Is(entries)) => unfederated(tier, entries.len()),
            (None, _) | (_, Field::Unknown) => Vec::new(),
        }
    }

    fn known_tier(&self) -> Option<Tier> {
        self.tier.known().and_then(|level| level.as_ref().ok()).and_then(|level| Tier::from_level(*level))
    }

    pub(crate) fn read(&self, check: &mut Check) -> Option<Identity> {
        let at = AttributePath::of;
        let name = check.name(&at("name"), &self.name);
        let kind = check.needed_word(&at("kind"), &self.kind, (&Kind::ALL, "a kind of identity"));
        let owner = check.optional_name(&at("owner"), &self.owner);
        let purpose = check.optional_text(&at("purpose"), &self.purpose);
        let environment = check.optional_line(&at("environment"), &self.environment);
        let tier = self.tier(check);
        let zone = check.optional_name(&at("zone"), &self.zone);
        let platform = check.optional_line(&at("platform"), &self.platform);
        let principal = check.optional_line(&at("principal"), &self.principal);
        let federation = self.federation(check);
        let review_period = check.period(&at("review_period"), &self.review_period);
        let labels = check.labels(&at("labels"), &self.labels);
        Some(Identity {
            name: name?,
            kind: kind?,
            owner: owner?,
            purpose: purpose?,
            environment: environment?,
            tier: tier?,
            zone: zone?,
            platform: platform?,
            principal: principal?,
            federation: federation?,
            review_period: review_period?,
            labels: labels?,
        })
    }

    fn tier(&self, check: &mut Check) -> Option<Tier> {
        let at = AttributePath::of("tier");
        let level = check.required(&at, &self.tier)?;
        Tier::read(check, &at, level)
    }

    fn federation(&self, check: &mut Check) -> Option<Vec<FederationEntry>> {
        let at = AttributePath::of("federation");
        let Some(entries) = check.optional(&at, &self.federation)? else { return Some(Vec::new()) };
        let read: Vec<Option<FederationEntry>> = entries
            .iter()
            .enumerate()
            .map(|(index, entry)| {
                let path = at.index(index);
                check.required(&path, entry)?.read(check, &path)
            })
            .collect();
        read.into_iter().collect()
    }
}

impl Identity {
    /// What it breaks among the declarations around it: an owner or zone that nobody declared, no owner in
    /// production, a principal that another workspace declares.
    pub fn violations(&self, around: &Surroundings) -> Vec<Violation> {
        let mut check = Check::default();
        match &self.owner {
            Some(owner) => {
                around.require(&mut check, &AttributePath::of("owner"), (ObjectKind::Owner, owner));
            }
            None => check.violations.extend(ownerless(self.tier)),
        }
        if let Some(zone) = &self.zone {
            around.require(&mut check, &AttributePath::of("zone"), (ObjectKind::Zone, zone));
        }
        for holder in &around.holders {
            check.refuse(
                &AttributePath::of("principal"),
                format!(
                    "`{}` is the principal of `{}` in workspace `{}` already",
                    self.principal.as_deref().unwrap_or_default(),
                    holder.identity,
                    holder.workspace
                ),
                "One principal is declared in one workspace: remove one of the two declarations, or correct the \
                 principal.",
            );
        }
        check.violations
    }

    /// What is allowed, and yet worth a warning: tier 0 or 1 without federation.
    pub fn warnings(&self) -> Vec<Violation> {
        unfederated(self.tier, self.federation.len())
    }
}

fn ownerless(tier: Tier) -> Vec<Violation> {
    let mut check = Check::default();
    if tier.is_production() {
        check.refuse(
            &AttributePath::of("owner"),
            format!("an identity of tier {} needs an owner", tier.level()),
            "Tiers 0 and 1 reach production: name an `nhi_owner`, or set `defaults.owner` on the provider.",
        );
    }
    check.violations
}

fn unfederated(tier: Tier, entries: usize) -> Vec<Violation> {
    let mut check = Check::default();
    if tier.is_production() && entries == 0 {
        check.refuse(
            &AttributePath::of("federation"),
            format!("an identity of tier {} without federation", tier.level()),
            "It has to hold a secret that lives until somebody revokes it. Name the issuer, audiences and subject whose \
             tokens it presents instead.",
        );
    }
    check.violations
}
