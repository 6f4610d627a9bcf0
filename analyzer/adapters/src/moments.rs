//! The resources of a plan at its three moments: as last recorded, as refreshed, as planned.

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use nhi_analyzer_input::plan::StateResource;
use nhi_analyzer_input::{Actions, Change, Plan, Rebuilder, Sources, Value};
use nhi_analyzer_model::{Address, Mode};

use crate::kinds::{Kind, Reading, reading_of};
use crate::value::{get, same, text};

/// A moment of the world that a plan shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Moment {
    /// The state as last recorded.
    Recorded,
    /// The state as refreshed: the plan's `before`.
    Refreshed,
    /// After the plan.
    Planned,
}

impl Moment {
    /// In the order of time.
    pub(crate) const ALL: [Self; 3] = [Self::Recorded, Self::Refreshed, Self::Planned];
}

/// Which object of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Half {
    /// `before`
    Before,
    /// `after`
    After,
}

/// A resource at one moment.
pub(crate) struct State<'p> {
    text: Text<'p>,
    links: Value,
    names: &'static [&'static str],
    rest: OnceCell<Value>,
}

/// Where the attributes of a state are decoded from.
enum Text<'p> {
    Change(&'p Change<'p>, Half),
    /// The state before the plan: of resources that a partial plan leaves out.
    Prior(&'p StateResource<'p>),
}

/// A resource through all moments; one that is forgotten while a new one is made is two.
pub(crate) struct Resource<'p> {
    pub(crate) address: &'p Address,
    pub(crate) previous: Option<&'p Address>,
    pub(crate) kind: Kind,
    recorded: Option<Rc<State<'p>>>,
    refreshed: Option<Rc<State<'p>>>,
    planned: Option<Rc<State<'p>>>,
}

/// A resource's number in the index.
pub(crate) type Number = usize;

/// Every resource that takes part, by number, and by address and name.
pub(crate) struct Moments<'p> {
    pub(crate) plan: &'p Plan<'p>,
    /// What the configuration tells of values that the plan does not know.
    pub(crate) rebuilder: Rebuilder<'p, 'p, 'p>,
    pub(crate) resources: Vec<Resource<'p>>,
    by_block: HashMap<(Kind, &'p str), Vec<Number>>,
    names: BTreeMap<Kind, HashMap<String, Vec<Number>>>,
    read: OnceCell<HashMap<&'p Address, &'p StateResource<'p>>>,
    arns: HashMap<String, Vec<Number>>,
}

/// How much of a state is decoded at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Eager {
    /// The links: most resources stay as they are.
    Links,
    /// Everything: a change is looked at from all sides.
    All,
}

impl<'p> State<'p> {
    fn read(text: Text<'p>, reading: &Reading, eager: Eager) -> Option<Rc<Self>> {
        let rest = OnceCell::new();
        let links = match eager {
            Eager::Links => text.decode(reading.links),
            Eager::All => {
                let names: Vec<&str> = reading.links.iter().chain(reading.rest).copied().collect();
                let all = text.decode(&names);
                // Everything stands among the links now; what does not is not there at all.
                let _ = rest.set(Value::Null);
                all
            }
        };
        (links != Value::Null).then(|| Rc::new(Self { text, links, names: reading.rest, rest }))
    }

    /// One of the attributes that the type is read for; all others are null.
    pub(crate) fn get(&self, name: &str) -> &Value {
        match &self.links {
            Value::Object(map) => match map.get(name) {
                Some(value) => value,
                None if self.names.contains(&name) => {
                    get(self.rest.get_or_init(|| self.text.decode(self.names)), name)
                }
                None => &Value::Null,
            },
            other => get(other, name),
        }
    }

    /// Several attributes as an object.
    pub(crate) fn object(&self, names: &[&str]) -> Value {
        Value::Object(names.iter().map(|name| ((*name).to_owned(), self.get(name).clone())).collect())
    }
}

impl Text<'_> {
    /// The named attributes of the object; `Null` where there is no object.
    fn decode(&self, names: &[&str]) -> Value {
        match self {
            Self::Change(change, Half::Before) => change.before_of(names),
            Self::Change(change, Half::After) => change.after_of(names),
            Self::Prior(resource) => match resource.values() {
                Value::Object(mut map) => {
                    map.retain(|key, _| names.contains(&key.as_str()));
                    Value::Object(map)
                }
                other => other,
            },
        }
    }
}

impl<'p> Resource<'p> {
    /// The resource at a moment; `None` when it is not there.
    pub(crate) fn at(&self, moment: Moment) -> Option<&State<'p>> {
        self.slot(moment).map(Rc::as_ref)
    }

    fn slot(&self, moment: Moment) -> Option<&Rc<State<'p>>> {
        match moment {
            Moment::Recorded => self.recorded.as_ref(),
            Moment::Refreshed => self.refreshed.as_ref(),
            Moment::Planned => self.planned.as_ref(),
        }
    }

    /// Whether nothing at all was written between two moments.
    pub(crate) fn untouched(&self, one: Moment, other: Moment) -> bool {
        match (self.slot(one), self.slot(other)) {
            (None, None) => true,
            (Some(one), Some(other)) => Rc::ptr_eq(one, other),
            _ => false,
        }
    }

    /// Whether one of these attributes differs between two moments, or the resource is there at one of them only.
    pub(crate) fn differs(&self, moments: (Moment, Moment), names: &[&str]) -> bool {
        match (self.slot(moments.0), self.slot(moments.1)) {
            (None, None) => false,
            (Some(one), Some(other)) if Rc::ptr_eq(one, other) => false,
            (Some(one), Some(other)) => names.iter().any(|name| !same(one.get(name), other.get(name))),
            _ => true,
        }
    }
}

impl<'p> Moments<'p> {
    /// Reads the links of every resource that takes part.
    pub(crate) fn of(
        plan: &'p Plan<'p>,
        prior: &'p [StateResource<'p>],
        sources: Option<&'p dyn Sources>,
    ) -> Self {
        let mut resources = Vec::new();
        for change in plan.changes.iter().filter(|change| !change.deposed) {
            add_change(&mut resources, change);
        }
        add_prior(&mut resources, prior);
        add_drift(&mut resources, plan);
        let mut moments = Self {
            plan,
            rebuilder: Rebuilder::new(plan, sources),
            resources,
            by_block: HashMap::new(),
            names: BTreeMap::new(),
            read: OnceCell::new(),
            arns: HashMap::new(),
        };
        moments.name();
        moments
    }

    fn name(&mut self) {
        for (number, resource) in self.resources.iter().enumerate() {
            let address: &'p Address = resource.address;
            self.by_block.entry((resource.kind, address.name.as_str())).or_default().push(number);
            if !(resource.kind.is_principal() || resource.kind == Kind::Policy) {
                continue;
            }
            for moment in Moment::ALL {
                let Some(state) = resource.at(moment) else { continue };
                if let Some(name) = text(state.get("name")) {
                    let names = self.names.entry(resource.kind).or_default();
                    add_once(names.entry(name.to_owned()).or_default(), number);
                }
                if let Some(arn) = text(state.get("arn")) {
                    add_once(self.arns.entry(arn.to_owned()).or_default(), number);
                }
            }
        }
    }

    /// The resource of a number that the index itself gave out.
    pub(crate) fn get(&self, number: Number) -> Option<&Resource<'p>> {
        self.resources.get(number)
    }

    /// The resource of a number, at a moment.
    pub(crate) fn state(&self, number: Number, moment: Moment) -> Option<&State<'p>> {
        self.get(number)?.at(moment)
    }

    /// All resources of a kind that bear a name at any moment.
    pub(crate) fn ever_named(&self, kind: Kind, name: &str) -> &[Number] {
        self.names.get(&kind).and_then(|names| names.get(name)).map_or(&[], Vec::as_slice)
    }

    /// All resources of a kind and name at a moment; several where accounts or a mistake share the name.
    pub(crate) fn named(&self, moment: Moment, kind: Kind, name: &str) -> Vec<Number> {
        let bears = |number: &Number| {
            self.state(*number, moment).is_some_and(|state| text(state.get("name")) == Some(name))
        };
        self.ever_named(kind, name).iter().copied().filter(bears).collect()
    }

    /// The resource of an ARN at a moment.
    pub(crate) fn by_arn(&self, moment: Moment, arn: &str) -> Option<Number> {
        let bears = |number: &Number| {
            self.state(*number, moment).is_some_and(|state| text(state.get("arn")) == Some(arn))
        };
        self.arns.get(arn)?.iter().copied().find(bears)
    }

    /// The data source of an address, if it was read before the plan.
    pub(crate) fn read_before(&self, address: &Address) -> Option<&'p StateResource<'p>> {
        let all = || self.plan.prior_data.iter().map(|data| (&data.address, data)).collect();
        self.read.get_or_init(all).get(address).copied()
    }

    /// Every instance that a reference can mean, at a moment; a key that the reference leaves out matches any.
    pub(crate) fn instances(&self, moment: Moment, reference: &Address) -> Vec<Number> {
        let Some(reading) = reading_of(reference) else { return Vec::new() };
        let candidates = self.by_block.get(&(reading.kind, reference.name.as_str()));
        candidates
            .map_or(&[][..], Vec::as_slice)
            .iter()
            .copied()
            .filter(|number| {
                self.get(*number).is_some_and(|resource| {
                    resource.at(moment).is_some() && meant_by(reference, resource.address)
                })
            })
            .collect()
    }
}

fn add_once(numbers: &mut Vec<Number>, number: Number) {
    if numbers.last() != Some(&number) {
        numbers.push(number);
    }
}

/// Whether a reference can mean an instance.
pub(crate) fn meant_by(reference: &Address, instance: &Address) -> bool {
    reference.mode == instance.mode
        && reference.kind == instance.kind
        && reference.name == instance.name
        && reference.modules.len() == instance.modules.len()
        && (reference.key.is_none() || reference.key == instance.key)
        && reference.modules.iter().zip(&instance.modules).all(|(wanted, found)| {
            wanted.name == found.name && (wanted.key.is_none() || wanted.key == found.key)
        })
}

fn add_change<'p>(resources: &mut Vec<Resource<'p>>, change: &'p Change<'p>) {
    let Some(reading) = reading_of(&change.address) else { return };
    // Nothing is asked of a profile that stays as it is.
    if reading.kind == Kind::InstanceProfile && change.actions == Actions::NoOp {
        return;
    }
    let eager = if change.actions == Actions::NoOp { Eager::Links } else { Eager::All };
    let before = || State::read(Text::Change(change, Half::Before), &reading, eager);
    let after = || State::read(Text::Change(change, Half::After), &reading, eager);
    let resource = |refreshed: Option<Rc<State<'p>>>, planned: Option<Rc<State<'p>>>| Resource {
        address: &change.address,
        previous: change.previous_address.as_ref(),
        kind: reading.kind,
        recorded: refreshed.clone(),
        refreshed,
        planned,
    };
    match change.actions {
        Actions::NoOp => {
            let state = after();
            resources.push(resource(state.clone(), state));
        }
        // What Terraform forgets lives on, with everything it was granted.
        Actions::Forget => {
            let state = before();
            resources.push(resource(state.clone(), state));
        }
        Actions::ForgetCreate => {
            let state = before();
            resources.push(resource(state.clone(), state));
            resources.push(resource(None, after()));
        }
        Actions::Read if change.address.mode == Mode::Data => resources.push(resource(None, after())),
        _ => resources.push(resource(before(), after())),
    }
}

/// A plan with targets leaves resources out; what the state holds of them takes part all the same.
fn add_prior<'p>(resources: &mut Vec<Resource<'p>>, prior: &'p [StateResource<'p>]) {
    for resource in prior {
        let Some(reading) = reading_of(&resource.address) else { continue };
        let state = State::read(Text::Prior(resource), &reading, Eager::Links);
        resources.push(Resource {
            address: &resource.address,
            previous: None,
            kind: reading.kind,
            recorded: state.clone(),
            refreshed: state.clone(),
            planned: state,
        });
    }
}

fn add_drift<'p>(resources: &mut Vec<Resource<'p>>, plan: &'p Plan<'p>) {
    if plan.drift.is_empty() {
        return;
    }
    let mut known: HashMap<&Address, Number> = HashMap::with_capacity(resources.len());
    for (number, resource) in resources.iter().enumerate() {
        known.entry(resource.address).or_insert(number);
    }
    for change in plan.drift.iter().filter(|change| !change.deposed) {
        let Some(reading) = reading_of(&change.address) else { continue };
        let recorded = State::read(Text::Change(change, Half::Before), &reading, Eager::All);
        if let Some(resource) = known.get(&change.address).and_then(|number| resources.get_mut(*number)) {
            resource.recorded = recorded;
            continue;
        }
        let refreshed = State::read(Text::Change(change, Half::After), &reading, Eager::All);
        resources.push(Resource {
            address: &change.address,
            previous: change.previous_address.as_ref(),
            kind: reading.kind,
            recorded,
            planned: refreshed.clone(),
            refreshed,
        });
    }
}
