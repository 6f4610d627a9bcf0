//! `nhi_metrics`: what the declarations alone can tell of an estate, each number with what it was counted among.

use std::collections::BTreeSet;

use nhi_identity::metrics::RULE;
use nhi_identity::{
    Credential, Elevation, Estate, Federation, Identity, Metric, Name, Owner, Review, Standing, Timestamp,
    Zone,
};
use nhi_proto::schema::{Attribute, Block, Nesting, Presence, Schema};
use nhi_proto::value::Number;
use nhi_proto::{
    Answer, Call, Cancellation, Checked, DataSource, Diagnostics, Fields, Object, ToValue as _, Type, Value,
};
use nhi_register::{Asked, Filter, Kept, ObjectKind, Register, RegisterError};

use super::{clock, parts};
use crate::context::Context;
use crate::resources::Subject;
use crate::{narrow, told};

/// How many offenders are told by name.
const OFFENDERS: usize = 100;

/// The data source.
#[derive(Debug)]
pub(crate) struct Overview;

/// What `value` says of a metric.
#[derive(Clone, Copy)]
enum Measure {
    /// Numerator by denominator.
    Share,
    /// The numerator.
    Count,
}

/// Every metric: its attribute, what it says, and how it is measured.
const METRICS: [(&str, &str, Measure); 8] = [
    (
        "federated_adoption",
        "Identities in production (tier 0 or 1) that log on with short-lived tokens alone, among those in production. One that \
         a credential is declared for is not federated; one whose tokens have no declared lifetime is unknown, and counts as \
         not federated.",
        Measure::Share,
    ),
    (
        "unique_principals",
        "Distinct principals among the identities that name one. One that names none is unknown, and left out. Offenders are \
         the identities that share a principal.",
        Measure::Share,
    ),
    ("unique_principals_in_production", "The same for identities of tier 0 and 1 alone.", Measure::Share),
    (
        "long_lived_credentials",
        "Declared static credentials of identities in production, among all declared static credentials; `value` is their \
         number. One whose identity is not declared is unknown, and left out. Offenders are credentials.",
        Measure::Count,
    ),
    (
        "owned",
        "Identities whose owner is declared, among all. One whose owner is not declared any more is unknown, and counts as not \
         owned.",
        Measure::Share,
    ),
    (
        "zoned",
        "Identities whose zone is declared, among all. One whose zone is not declared any more is unknown, and counts as \
         outside of all zones.",
        Measure::Share,
    ),
    (
        "reviewed",
        "Identities in production that have a `review_period` or that an `nhi_review` covers, among those in production.",
        Measure::Share,
    ),
    (
        "standing_privilege",
        "Identities of tier 0 that no `nhi_elevation` in force lends for a time, among those of tier 0; `value` is their number. \
         Whoever holds such an identity holds its rights all the time.",
        Measure::Count,
    ),
];

fn attribute(description: &str, measure: Measure) -> Attribute {
    let value = match measure {
        Measure::Share => "The share, from 0 to 1; absent when there is nothing to count.",
        Measure::Count => "How many: the numerator.",
    };
    let number = |description: &str| Attribute::computed(Type::Number).describe(description);
    let parts = [
        ("value", number(value)),
        ("numerator", number("How many are as the metric asks.")),
        ("denominator", number("Among how many.")),
        ("unknown", number("About how many nobody can tell.")),
        (
            "coverage",
            number("The share of those about whom it can be told, from 0 to 1; absent when there is nobody."),
        ),
        (
            "offenders",
            Attribute::computed(Type::list(Type::String)).describe(
                "Names of those that keep the number from being what it should be, the first 100 in order of name.",
            ),
        ),
        ("offenders_left_out", number("How many more there are than `offenders` names.")),
    ];
    Attribute::nested(Nesting::Single, Presence::Computed, parts).describe(description)
}

impl DataSource for Overview {
    type Context = Context;

    fn type_name(&self) -> &'static str {
        "nhi_metrics"
    }

    fn schema(&self) -> Schema {
        let description = format!(
            "Tells what the declarations alone can tell of an estate: how many identities are federated, owned, alone on their \
             principal. Each number comes with its numerator and denominator, with how many nobody can tell, and with the names \
             that stand behind it. {RULE} What was revoked is left out; what has ended counts as long as it is declared. With \
             filters, only the identities that fit are counted, and what belongs to them."
        );
        let block =
            narrow::attributes::<Identity>(Block::new(&description)).attribute("at", clock::attribute());
        let block = METRICS
            .into_iter()
            .fold(block, |block, (name, text, measure)| block.attribute(name, attribute(text, measure)));
        let identities = Attribute::computed(Type::Number).describe("How many identities were counted.");
        Schema::new(0, block.attribute("identities", identities))
    }

    fn validate(&self, config: &Fields<'_>) -> Checked {
        super::both(narrow::check::<Identity>(config), clock::check(config))
    }

    fn read(&self, call: &Call<Context>, config: &Fields<'_>) -> Result<Answer<Object>, Diagnostics> {
        let register = call.register()?;
        let at = clock::asked(config, register.now())?;
        let filter = narrow::filter::<Identity>(config, at)?;
        let estate = Survey { register, cancellation: call.cancellation(), at }.estate(&filter)?;
        let metrics = estate.metrics();
        let identities = i64::try_from(estate.identities.len()).unwrap_or(i64::MAX);
        let mut answer = super::given(self.schema(), config)?.with("identities", &identities);
        let all = [
            &metrics.federated_adoption,
            &metrics.unique_principals,
            &metrics.unique_principals_in_production,
            &metrics.long_lived_credentials,
            &metrics.owned,
            &metrics.zoned,
            &metrics.reviewed,
            &metrics.standing_privilege,
        ];
        for ((name, _, measure), metric) in METRICS.into_iter().zip(all) {
            answer = answer.with(name, &value(metric, measure));
        }
        Ok(answer.into())
    }
}

fn value(metric: &Metric, measure: Measure) -> Value {
    let share = |share: Option<f64>| share.and_then(|share| Number::from_f64(share).ok());
    let count = |count: u32| i64::from(count);
    let value = match measure {
        Measure::Share => share(metric.share()),
        Measure::Count => Some(Number::from(count(metric.numerator))),
    };
    let offenders: Vec<String> = metric.offenders.iter().take(OFFENDERS).map(ToString::to_string).collect();
    let left_out = metric.offenders.len().saturating_sub(OFFENDERS);
    Object::new()
        .with("value", &value)
        .with("numerator", &count(metric.numerator))
        .with("denominator", &count(metric.denominator))
        .with("unknown", &count(metric.unknown))
        .with("coverage", &share(metric.coverage()))
        .with("offenders", &offenders.to_value())
        .with("offenders_left_out", &i64::try_from(left_out).unwrap_or(i64::MAX))
        .into()
}

/// A look at a register.
struct Survey<'r> {
    register: &'r Register,
    cancellation: &'r Cancellation,
    at: Timestamp,
}

impl Survey<'_> {
    /// What is declared for the identities that fit.
    fn estate(&self, filter: &Filter) -> Result<Estate, Diagnostics> {
        let revoked = self.revoked().map_err(|error| told::register_error(&error))?;
        let is_revoked = |kind: ObjectKind, name: &Name| revoked.contains(&(kind, name.to_string()));
        let mut identities: Vec<Identity> = self.all(filter)?;
        let everyone = *filter == Filter::default();
        let mut strangers = BTreeSet::new();
        identities.retain(|one| !is_revoked(ObjectKind::Identity, &one.name));
        let counted: BTreeSet<Name> = identities.iter().map(|one| one.name.clone()).collect();
        let mut credentials = Vec::new();
        for one in self.all::<Credential>(&Filter::default())? {
            let belongs = counted.contains(&one.identity)
                || strangers.contains(&one.identity)
                || (!is_revoked(ObjectKind::Identity, &one.identity)
                    && (everyone || !self.is_declared(&one.identity)?)
                    && strangers.insert(one.identity.clone()));
            if belongs && !is_revoked(ObjectKind::Credential, &one.name) {
                credentials.push(one);
            }
        }
        let mut federations: Vec<Federation> = self.all(&Filter::default())?;
        federations.retain(|one| !is_revoked(ObjectKind::Federation, &one.name));
        let mut elevations = self.all::<Elevation>(&Filter::default())?;
        let names: Vec<&str> = elevations.iter().map(|one| one.name.as_str()).collect();
        let standings = self.register.standings(ObjectKind::Elevation, &names, self.at);
        let standings = standings.map_err(|error| told::register_error(&error))?;
        elevations.retain(|one| standings.get(one.name.as_str()).is_some_and(Standing::active));
        Ok(Estate {
            owners: self.names::<Owner>()?,
            zones: self.names::<Zone>()?,
            identities,
            federations,
            credentials,
            elevations,
            reviews: self.all::<Review>(&Filter::default())?,
        })
    }

    fn all<T: Subject>(&self, filter: &Filter) -> Result<Vec<T>, Diagnostics> {
        let kept = parts::all::<T>(self.register, filter, self.cancellation)?;
        Ok(kept.into_iter().map(|Kept { declaration, .. }| declaration).collect())
    }

    fn names<T: Subject>(&self) -> Result<BTreeSet<Name>, Diagnostics> {
        Ok(self.all::<T>(&Filter::default())?.iter().map(|one| one.name().clone()).collect())
    }

    fn is_declared(&self, identity: &Name) -> Result<bool, Diagnostics> {
        let found = self.register.get::<Identity>(identity.as_str());
        Ok(found.map_err(|error| told::register_error(&error))?.is_some())
    }

    /// What was revoked and is still there.
    fn revoked(&self) -> Result<BTreeSet<(ObjectKind, String)>, RegisterError> {
        let records = self.register.records("revocation", Asked::All("", usize::MAX))?;
        let mut revoked = BTreeSet::new();
        for (kind, name) in records.into_iter().filter_map(|record| record.subject) {
            // What was removed and declared anew is not revoked any more.
            if self.register.revocation(kind, &name)?.is_some_and(|one| one.at <= self.at) {
                revoked.insert((kind, name));
            }
        }
        Ok(revoked)
    }
}
