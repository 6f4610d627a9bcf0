//! What statements of a profile may say, and the requests that stand for all that such statements can tell apart.

use std::collections::{BTreeMap, BTreeSet};

use nhi_access::dialect::aws::{
    Condition, Effect, Element, Item, PolicyKind, PrincipalItem, Principals, Statement,
};
use nhi_access::{Decision, Reading, Request, World, evaluate};

use super::profiles::{Profile, Version};
use super::sketch;

/// May the key of a request hold several values?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// It has one.
    One,
    /// Any number: every set of the values that can be told apart is a request.
    Many,
}

/// A context key, what statements ask of it, and what requests may bring.
#[derive(Clone, Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// Operators; `Null` asks for `true` and `false` whatever `wanted` says.
    pub operators: &'static [&'static str],
    /// Values of conditions.
    pub wanted: &'static [&'static str],
    /// Values of requests, before those that nothing tells apart are thrown out.
    pub held: Vec<String>,
    /// One or many at once.
    pub holds: Holds,
    /// Is it a variable in other entries? Then all it holds is kept, and others are told apart under each of it.
    pub variable: bool,
}

/// What statements of a profile may say, and what requests may ask.
#[derive(Clone, Debug, Default)]
pub struct Alphabet {
    /// Entries of `Action`.
    pub actions: Vec<String>,
    /// Entries of `Resource`.
    pub resources: Vec<String>,
    /// Entries of `Principal`: type and text.
    pub principals: Vec<(&'static str, &'static str)>,
    /// Conditions.
    pub keys: Vec<Key>,
    /// Actions of requests, before those that nothing tells apart are thrown out.
    pub asked_actions: Vec<String>,
    /// Resources of requests, likewise.
    pub asked_resources: Vec<String>,
    /// Principals of requests, all kept.
    pub asked_principals: Vec<String>,
}

/// A key's contents: `None` when it is absent.
type Content = Option<Vec<String>>;

/// The texts as owned ones.
pub fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// Every concatenation of up to `most` pieces behind each head.
pub fn texts(heads: &[&str], pieces: &[&str], most: usize) -> Vec<String> {
    let mut all: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
    let mut last = all.clone();
    for _ in 0..most {
        last =
            last.iter().flat_map(|text| pieces.iter().map(move |piece| format!("{text}{piece}"))).collect();
        all.extend(last.iter().cloned());
    }
    all
}

/// The conditions a key may be asked, each with one value.
pub fn conditions(key: &Key) -> Vec<Condition> {
    let mut all = Vec::new();
    for operator in key.operators {
        let wanted: &[&str] = if *operator == "Null" { &["true", "false"] } else { key.wanted };
        all.extend(wanted.iter().map(|wanted| Condition {
            operator: (*operator).to_owned(),
            key: key.name.to_owned(),
            values: vec![Item::from(*wanted)],
        }));
    }
    all
}

/// A statement that lets everything through.
fn everything(profile: &Profile) -> Statement {
    let mut statement = Statement::new(Effect::Allow, Element::In(vec![Item::from("*")]));
    if profile.shape.names_principals() {
        let anyone = PrincipalItem { kind: "AWS".to_owned(), value: Item::from("*") };
        let others = ["Service", "Federated", "CanonicalUser"]
            .map(|kind| PrincipalItem { kind: kind.to_owned(), value: Item::from("*") });
        statement.principals = Principals::In([anyone].into_iter().chain(others).collect());
    }
    statement
}

/// Tells requests apart by statements that constrain one dimension each, with and without variables.
struct Tests {
    readings: Vec<Reading>,
    worlds: Vec<World>,
}

impl Tests {
    fn new(profile: &Profile, statements: impl IntoIterator<Item = Statement>) -> Self {
        let kind =
            if profile.shape.names_principals() { profile.shape.named_kind() } else { PolicyKind::Identity };
        let worlds = statements.into_iter().flat_map(|statement| {
            let version = |version: &Version| sketch::alone(profile, kind, statement.clone(), *version);
            profile.versions.iter().map(version).collect::<Vec<_>>()
        });
        Self { readings: profile.readings(), worlds: worlds.collect() }
    }

    /// Which of the statements let each of the requests through, under each reading.
    fn vector(&self, requests: &[Request]) -> Vec<bool> {
        let mut vector = Vec::new();
        for world in &self.worlds {
            for reading in &self.readings {
                let allowed = |request| evaluate(world, request, *reading) == Decision::Allowed;
                vector.extend(requests.iter().map(allowed));
            }
        }
        vector
    }

    /// One of each class of candidates, the first that belongs to it.
    fn classes<T: Clone>(&self, candidates: &[T], requests: impl Fn(&T) -> Vec<Request>) -> Vec<T> {
        let mut seen = BTreeSet::new();
        candidates.iter().filter(|one| seen.insert(self.vector(&requests(one)))).cloned().collect()
    }
}

impl Alphabet {
    /// Requests of which one stands for each that statements of the alphabet can tell apart.
    pub fn requests(&self, profile: &Profile) -> Vec<Request> {
        let plain = Request {
            principal: self.asked_principals.first().cloned().unwrap_or_default(),
            action: if profile.shape.is_trust() { "sts:AssumeRole" } else { "a:x" }.to_owned(),
            resource: "*".to_owned(),
            context: BTreeMap::new(),
        };
        let variables = self.variables();
        // The same request under all that variables may hold.
        let under = |request: &Request| -> Vec<Request> {
            variables
                .iter()
                .map(|context| {
                    let mut request = request.clone();
                    request.context.extend(context.clone());
                    request
                })
                .collect()
        };
        let by_action = Tests::new(
            profile,
            self.actions.iter().map(|text| Statement {
                action: Element::In(vec![Item::from(text.as_str())]),
                ..everything(profile)
            }),
        );
        let actions = by_action
            .classes(&self.asked_actions, |action| vec![Request { action: action.clone(), ..plain.clone() }]);
        let by_resource = Tests::new(
            profile,
            self.resources.iter().map(|text| Statement {
                resource: Element::In(vec![Item::from(text.as_str())]),
                ..everything(profile)
            }),
        );
        let resources = by_resource.classes(&self.asked_resources, |resource| {
            under(&Request { resource: resource.clone(), ..plain.clone() })
        });
        let mut contexts: Vec<BTreeMap<String, Vec<String>>> = vec![BTreeMap::new()];
        for key in &self.keys {
            let held = contents(profile, key, &plain, &under);
            contexts = contexts
                .iter()
                .flat_map(|context| {
                    held.iter().map(move |content| {
                        let mut context = context.clone();
                        if let Some(values) = content {
                            context.insert(key.name.to_owned(), values.clone());
                        }
                        context
                    })
                })
                .collect();
        }
        let mut all = Vec::new();
        for principal in &self.asked_principals {
            for action in &actions {
                for resource in &resources {
                    all.extend(contexts.iter().map(|context| Request {
                        principal: principal.clone(),
                        action: action.clone(),
                        resource: resource.clone(),
                        context: context.clone(),
                    }));
                }
            }
        }
        all
    }

    /// Every way to fill the keys that are variables in other entries.
    fn variables(&self) -> Vec<BTreeMap<String, Vec<String>>> {
        let mut contexts: Vec<BTreeMap<String, Vec<String>>> = vec![BTreeMap::new()];
        for key in self.keys.iter().filter(|key| key.variable) {
            let with = |value: &String| {
                let value = value.clone();
                contexts.iter().map(move |context| {
                    let mut context = context.clone();
                    context.insert(key.name.to_owned(), vec![value.clone()]);
                    context
                })
            };
            let more: Vec<_> = key.held.iter().flat_map(with).collect();
            contexts.extend(more);
        }
        contexts
    }
}

/// What a key may hold, one of each class.
fn contents(
    profile: &Profile,
    key: &Key,
    plain: &Request,
    under: &dyn Fn(&Request) -> Vec<Request>,
) -> Vec<Content> {
    let singles: Vec<Content> = key.held.iter().map(|value| Some(vec![value.clone()])).collect();
    if key.variable {
        return [None].into_iter().chain(singles).collect();
    }
    let statement = |condition| Statement { conditions: vec![condition], ..everything(profile) };
    let tests = Tests::new(profile, conditions(key).into_iter().map(statement));
    let ask = |content: &Content| {
        let mut requests = under(plain);
        for request in &mut requests {
            request.context.remove(key.name);
            if let Some(values) = content {
                request.context.insert(key.name.to_owned(), values.clone());
            }
        }
        requests
    };
    let singles = tests.classes(&singles, ask);
    if key.holds == Holds::One {
        return [None].into_iter().chain(singles).collect();
    }
    let values: Vec<&String> = singles.iter().flatten().flatten().collect();
    let sets = (1_u64..1 << values.len().min(12)).map(|set| {
        let chosen = values.iter().enumerate().filter(|(at, _)| set >> at & 1 == 1);
        Some(chosen.map(|(_, value)| (*value).clone()).collect::<Vec<_>>())
    });
    let sets: Vec<Content> = [None].into_iter().chain(sets).collect();
    // Conditions of several values tell more apart than each value alone, so no set is thrown out.
    sets
}
