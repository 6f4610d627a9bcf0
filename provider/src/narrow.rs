//! What narrows a search for declarations: the same attributes in data sources and in lists, each where the kind of
//! declaration has what it asks for.

use std::collections::BTreeMap;

use nhi_identity::{CredentialKind, Kind, Name, ObjectKind, Period, SignedDuration, Timestamp, name, period};
use nhi_proto::schema::{Attribute, Block};
use nhi_proto::{Checked, Diagnostic, Diagnostics, Field, Fields, Type, Value};
use nhi_register::{Filter, Ownership};

use crate::resources::Subject;
use crate::told;

/// What a search can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Owner,
    Unowned,
    Tier,
    Zone,
    Environment,
    Kind,
    Identity,
    Platform,
    Principal,
    ExpiringWithin,
    Labels,
    Workspace,
}

/// Every question, with the attribute of a declaration that answers it.
const ALL: [(By, &str, &str); 12] = [
    (By::Owner, "owner", "owner"),
    (By::Unowned, "unowned", "owner"),
    (By::Tier, "tier", "tier"),
    (By::Zone, "zone", "zone"),
    (By::Environment, "environment", "environment"),
    (By::Kind, "kind", "kind"),
    (By::Identity, "identity", "identity"),
    (By::Platform, "platform", "platform"),
    (By::Principal, "principal", "principal"),
    (By::ExpiringWithin, "expiring_within", "expires_at"),
    (By::Labels, "labels", "labels"),
    (By::Workspace, "workspace", "name"),
];

/// The questions that make sense for a kind of declaration, by the name of their attribute.
fn questions<T: Subject>() -> impl Iterator<Item = (By, &'static str)> {
    let block = T::block();
    let plain = move |by: By, attribute: &str| match by {
        By::Zone | By::Identity if T::SEVERAL.iter().any(|(column, _)| *column == attribute) => true,
        // Objects that may be raised or reviewed name several; only one name can be asked for.
        By::Tier | By::Zone | By::Environment | By::Identity | By::Owner => {
            let ty = block.attributes.get(attribute).map(Attribute::value_type);
            matches!(ty, Some(Type::String | Type::Number))
        }
        _ => block.attributes.contains_key(attribute),
    };
    ALL.into_iter().filter(move |(by, _, attribute)| plain(*by, attribute)).map(|(by, name, _)| (by, name))
}

/// The block with the questions of a kind.
pub(crate) fn attributes<T: Subject>(block: Block) -> Block {
    questions::<T>().fold(block, |block, (by, name)| block.attribute(name, attribute::<T>(by)))
}

fn attribute<T: Subject>(by: By) -> Attribute {
    let ty = match by {
        By::Unowned => Type::Bool,
        By::Tier => Type::Number,
        By::Labels => Type::map(Type::String),
        _ => Type::String,
    };
    let noun = T::KIND.noun();
    let description = match by {
        By::Owner => "Only those of this `nhi_owner`, by its name.".to_owned(),
        By::Unowned => "With `true`, only those that name no owner.".to_owned(),
        By::Tier => "Only those of this tier: 0, 1 or 2.".to_owned(),
        By::Zone if T::KIND == ObjectKind::Crossing => {
            "Only those from or into this `nhi_zone`, by its name.".to_owned()
        }
        By::Identity if T::KIND == ObjectKind::Crossing => {
            "Only those that name this `nhi_identity` among their `identities`, by its name; one for a whole zone names none."
                .to_owned()
        }
        By::Zone => "Only those of this `nhi_zone`, by its name.".to_owned(),
        By::Environment => "Only those of this environment.".to_owned(),
        By::Kind => format!("Only those of this `kind` of {noun}."),
        By::Identity => "Only those about this `nhi_identity`, by its name.".to_owned(),
        By::Platform => "Only those of this platform.".to_owned(),
        By::Principal => "Only those of this name on their platform.".to_owned(),
        By::ExpiringWithin => format!(
            "Only those that end within this length of time from now, or have ended already. {}",
            period::RULE
        ),
        By::Labels => "Only those that carry every one of these labels, with this value.".to_owned(),
        By::Workspace => "Only those that this workspace declares.".to_owned(),
    };
    Attribute::optional(ty).describe(&description)
}

/// What is wrong with what is known of the questions.
pub(crate) fn check<T: Subject>(config: &Fields<'_>) -> Checked {
    let mut found = Diagnostics::none();
    for (by, name) in questions::<T>() {
        if let Err(wrong) = known::<T>(config, by, name) {
            found.extend(wrong);
        }
    }
    let given = |name: &str| config.value(name).is_ok_and(|value| !value.is_null());
    if questions::<T>().any(|(by, _)| by == By::Unowned)
        && given("owner")
        && config.get::<Field<bool>>("unowned")?.known() == Some(&true)
    {
        let detail = "Nothing of an owner is without one. Ask for `owner` or for `unowned`, not for both.";
        found.push(Diagnostic::error("The questions exclude each other", detail).at(config.path("unowned")));
    }
    if found.has_errors() { Err(found) } else { Ok(found) }
}

/// The value of one question.
enum Known {
    Nothing,
    Text(String),
    Flag,
    Tier(u8),
    Period(Period),
    Labels(BTreeMap<String, String>),
}

fn known<T: Subject>(config: &Fields<'_>, by: By, name: &str) -> Result<Known, Diagnostics> {
    let at = config.path(name);
    let value = config.value(name)?;
    if value.is_null() || !value.is_wholly_known() {
        return Ok(Known::Nothing);
    }
    let wrong =
        |problem: String, remedy: &str| Diagnostics::from(Diagnostic::error(problem, remedy).at(at.clone()));
    Ok(match by {
        By::Unowned => {
            if config.get::<bool>(name)? {
                Known::Flag
            } else {
                Known::Nothing
            }
        }
        By::Labels => Known::Labels(config.get(name)?),
        By::Tier => {
            let level = match value {
                Value::Number(number) => number.to_i64().and_then(|level| u8::try_from(level).ok()),
                _ => None,
            };
            match level.filter(|level| *level <= 2) {
                Some(level) => Known::Tier(level),
                None => return Err(wrong("There is no such tier".to_owned(), "Tiers are 0, 1 and 2.")),
            }
        }
        By::ExpiringWithin => {
            let text: String = config.get(name)?;
            let period = Period::parse(&text)
                .map_err(|error| wrong(told::headline(&error.to_string()), period::RULE))?;
            Known::Period(period)
        }
        By::Owner | By::Zone | By::Identity | By::Workspace => {
            let text: String = config.get(name)?;
            if let Err(error) = Name::new(&text) {
                return Err(wrong(told::headline(&error.to_string()), name::RULE));
            }
            Known::Text(text)
        }
        By::Kind => {
            let text: String = config.get(name)?;
            let kinds = kinds::<T>();
            if !kinds.is_empty() && !kinds.contains(&text.as_str()) {
                let problem = format!("`{}` is not a kind of {}", text.escape_debug(), T::KIND.noun());
                let kinds: Vec<String> = kinds.iter().map(|word| format!("`{word}`")).collect();
                return Err(wrong(problem, &format!("Kinds are {}.", kinds.join(", "))));
            }
            Known::Text(text)
        }
        By::Environment | By::Platform | By::Principal => {
            let text: String = config.get(name)?;
            if text.trim().is_empty() {
                let remedy =
                    format!("Nothing is declared with an empty `{name}`. Write one, or leave it out.");
                return Err(wrong("The text is empty".to_owned(), &remedy));
            }
            Known::Text(text)
        }
    })
}

/// The words that `kind` may be.
fn kinds<T: Subject>() -> Vec<&'static str> {
    match T::KIND {
        ObjectKind::Identity => Kind::ALL.iter().map(|(word, _)| *word).collect(),
        ObjectKind::Credential => CredentialKind::ALL.iter().map(|(word, _)| *word).collect(),
        _ => Vec::new(),
    }
}

/// The filter that a wholly known configuration asks for at `now`.
pub(crate) fn filter<T: Subject>(config: &Fields<'_>, now: Timestamp) -> Result<Filter, Diagnostics> {
    let mut filter = Filter::default();
    for (by, name) in questions::<T>() {
        match known::<T>(config, by, name)? {
            Known::Nothing => {}
            Known::Flag => filter.unowned = Ownership::Unowned,
            Known::Tier(level) => filter.tier = Some(level),
            Known::Labels(labels) => filter.labels = labels,
            Known::Period(period) => {
                let length = i64::try_from(period.seconds()).unwrap_or(i64::MAX);
                let end = now.checked_add(SignedDuration::from_secs(length));
                filter.ends_before = Some(end.unwrap_or(Timestamp::MAX));
            }
            Known::Text(text) => match by {
                By::Owner => filter.owner = Some(text),
                By::Zone => filter.zone = Some(text),
                By::Environment => filter.environment = Some(text),
                By::Kind => filter.kind = Some(text),
                By::Identity => filter.identity = Some(text),
                By::Platform => filter.platform = Some(text),
                By::Principal => filter.principal = Some(text),
                By::Workspace => filter.workspace = Some(text),
                By::Unowned | By::Tier | By::Labels | By::ExpiringWithin => {}
            },
        }
    }
    Ok(filter)
}
