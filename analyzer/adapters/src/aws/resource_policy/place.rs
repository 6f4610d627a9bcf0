//! Which resource a policy speaks of: by the value that names it, or by the reference where the value is not known.

use std::collections::HashMap;

use nhi_analyzer_input::Value;

use crate::aws::arn;
use crate::aws::link::narrow;
use crate::aws::resource_policy::table::{Target, carrier_of, target_of};
use crate::kinds::Kind;
use crate::moments::{Moment, Moments, Number};
use crate::value::{path, text};

/// Stands between a resource and the part of it (an alias, a version) that a statement is for.
pub(super) const PART: char = '#';

/// What a policy speaks of.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) id: String,
    pub(super) target: &'static Target,
    /// What the policy calls it.
    pub(super) name: Option<String>,
    pub(super) arn: Option<String>,
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Place {}

/// Every target of the plan, by what it is called at any moment.
pub(super) struct Places {
    named: HashMap<(&'static str, String), Vec<Number>>,
    /// What comes under a new address in place of what goes under another.
    reborn: HashMap<Number, Number>,
}

impl Places {
    pub(super) fn of(moments: &Moments<'_>) -> Self {
        let mut named: HashMap<(&'static str, String), Vec<Number>> = HashMap::new();
        for (number, resource) in moments.resources.iter().enumerate() {
            if resource.kind != Kind::Target {
                continue;
            }
            let Some(target) = target_of(&resource.address.kind) else { continue };
            for state in Moment::ALL.into_iter().filter_map(|moment| resource.at(moment)) {
                for name in target.names.iter().filter_map(|name| text(state.get(name))) {
                    let bearers = named.entry((target.noun, name.to_owned())).or_default();
                    if !bearers.contains(&number) {
                        bearers.push(number);
                    }
                }
            }
        }
        let mut reborn = HashMap::new();
        for bearers in named.values().filter(|bearers| bearers.len() == 2) {
            let there = |number: &Number, moment| moments.state(*number, moment).is_some();
            let made = bearers.iter().find(|one| !there(one, Moment::Refreshed));
            let gone = bearers.iter().find(|one| !there(one, Moment::Planned));
            if let (Some(made), Some(gone)) = (made, gone) {
                reborn.insert(*gone, *made);
            }
        }
        Self { named, reborn }
    }

    /// The id of a target of the plan.
    pub(super) fn id(&self, moments: &Moments<'_>, number: Number) -> String {
        let number = self.reborn.get(&number).copied().unwrap_or(number);
        moments.get(number).map(|one| one.address.to_string()).unwrap_or_default()
    }

    /// What a carrier speaks of at a moment.
    pub(super) fn meant(&self, moments: &Moments<'_>, number: Number, moment: Moment) -> Option<Place> {
        let resource = moments.get(number)?;
        let state = resource.at(moment)?;
        let carrier = carrier_of(&resource.address.kind)?;
        let target = target_of(carrier.target)?;
        let Some((first, parts)) = carrier.by.split_first() else {
            let key = moments.plan.configuration.provider_key(resource.address);
            let id = format!("{} of {}", target.kind, key.unwrap_or_default());
            return Some(Place { id, target, name: None, arn: None });
        };
        let mut place = match state.get(first) {
            Value::String(name) if !name.is_empty() => self.named(moments, moment, target, name),
            // An event bus that is not named is the account's own.
            Value::Null | Value::String(_) if target.kind == "aws_cloudwatch_event_bus" => Place {
                id: format!("{} default", target.noun),
                target,
                name: Some("default".to_owned()),
                arn: None,
            },
            _ => match referred(moments, number, (moment, first, target)) {
                Some(found) => Place { id: self.id(moments, found), target, name: None, arn: None },
                None => Place { id: resource.address.to_string(), target, name: None, arn: None },
            },
        };
        for part in parts {
            match state.get(part) {
                Value::Null => {}
                Value::String(part) | Value::Number(part) => {
                    place.id = format!("{}{PART}{part}", place.id);
                    place.name = place.name.map(|name| format!("{name}:{part}"));
                }
                _ => place.id = format!("{}{PART}{} {part}", place.id, resource.address),
            }
        }
        Some(place)
    }

    fn named(&self, moments: &Moments<'_>, moment: Moment, target: &'static Target, name: &str) -> Place {
        let bearers = self.named.get(&(target.noun, name.to_owned())).map_or(&[][..], Vec::as_slice);
        let there: Vec<&Number> =
            bearers.iter().filter(|one| moments.state(**one, moment).is_some()).collect();
        let arn = name.starts_with("arn:").then(|| name.to_owned());
        // A name in another account or region may be the same; what two bear is nobody's.
        if let ([only], _) | (_, [only]) =
            (bearers, there.iter().copied().copied().collect::<Vec<_>>().as_slice())
        {
            return Place { id: self.id(moments, *only), target, name: None, arn };
        }
        let short = name.rsplit(['/', ':']).next().unwrap_or(name).to_owned();
        // The same name may stand in two accounts.
        let account = arn::account(name).map(|account| format!(" in {account}")).unwrap_or_default();
        if arn.is_some()
            && let Some([only]) = self.named.get(&(target.noun, short.clone())).map(Vec::as_slice)
        {
            return Place { id: self.id(moments, *only), target, name: None, arn };
        }
        Place { id: format!("{} {short}{account}", target.noun), target, name: Some(short), arn }
    }
}

/// The one resource of the wanted sort that an unknown value can mean.
fn referred(
    moments: &Moments<'_>,
    number: Number,
    (moment, attribute, target): (Moment, &str, &Target),
) -> Option<Number> {
    let from = moments.get(number)?;
    let expression = moments.plan.configuration.expression(from.address, &path(attribute));
    let references = expression.references()?;
    let mut found: Vec<Number> = references
        .to
        .iter()
        .filter(|one| target_of(&one.address.kind).is_some_and(|kind| kind.noun == target.noun))
        .flat_map(|one| {
            let instances = moments.instances(moment, &one.address);
            narrow(moments, instances, (one, references, from.address))
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    match found.as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}
