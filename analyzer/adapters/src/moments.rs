//! The resources of a plan at its three moments: as last recorded, as refreshed, as planned.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use nhi_analyzer_input::plan::StateResource;
use nhi_analyzer_input::{Actions, Change, Plan, Value};
use nhi_analyzer_model::{Address, Mode};

use crate::kinds::{Kind, reading_of};
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
    pub(crate) resources: Vec<Resource<'p>>,
    by_block: HashMap<(Kind, &'p str), Vec<Number>>,
    names: HashMap<(Kind, String), Vec<Number>>,
    arns: HashMap<String, Vec<Number>>,
}

impl<'p> State<'p> {
    fn of(change: &'p Change<'p>, half: Half, links: &[&str]) -> Option<Rc<Self>> {
        Self::read(Text::Change(change, half), links)
    }

    fn read(text: Text<'p>, links: &[&str]) -> Option<Rc<Self>> {
        let links = text.decode(links);
        (links != Value::Null).then(|| Rc::new(Self { text, links }))
    }

    /// One of the attributes that every instance is read for.
    pub(crate) fn link(&self, name: &str) -> &Value {
        get(&self.links, name)
    }

    /// Any attribute, decoded only if it is not among the links.
    pub(crate) fn value(&self, name: &str) -> Cow<'_, Value> {
        match &self.links {
            Value::Object(map) if !map.contains_key(name) => Cow::Owned(self.attribute(name)),
            links => Cow::Borrowed(get(links, name)),
        }
    }

    /// Any attribute; decoded for this question alone.
    pub(crate) fn attribute(&self, name: &str) -> Value {
        match self.text.decode(&[name]) {
            Value::Object(mut map) => map.remove(name).unwrap_or(Value::Null),
            state @ (Value::Unknown | Value::Sensitive(_)) => state,
            _ => Value::Null,
        }
    }

    /// Several attributes at once, as an object.
    pub(crate) fn attributes(&self, names: &[&str]) -> Value {
        self.text.decode(names)
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
            (Some(one), Some(other)) => {
                let (one, other) = (one.attributes(names), other.attributes(names));
                names.iter().any(|name| !same(get(&one, name), get(&other, name)))
            }
            _ => true,
        }
    }
}

impl<'p> Moments<'p> {
    /// Reads the links of every resource that takes part.
    pub(crate) fn of(plan: &'p Plan<'p>, prior: &'p [StateResource<'p>]) -> Self {
        let mut resources = Vec::new();
        for change in plan.changes.iter().filter(|change| !change.deposed) {
            add_change(&mut resources, change);
        }
        add_prior(&mut resources, plan, prior);
        add_drift(&mut resources, plan);
        let mut moments =
            Self { plan, resources, by_block: HashMap::new(), names: HashMap::new(), arns: HashMap::new() };
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
                if let Some(name) = text(state.link("name")) {
                    add_once(self.names.entry((resource.kind, name.to_owned())).or_default(), number);
                }
                if let Some(arn) = text(state.link("arn")) {
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
        self.names.get(&(kind, name.to_owned())).map_or(&[], Vec::as_slice)
    }

    /// All resources of a kind and name at a moment; several where accounts or a mistake share the name.
    pub(crate) fn named(&self, moment: Moment, kind: Kind, name: &str) -> Vec<Number> {
        let bears = |number: &Number| {
            self.state(*number, moment).is_some_and(|state| text(state.link("name")) == Some(name))
        };
        self.ever_named(kind, name).iter().copied().filter(bears).collect()
    }

    /// The resource of an ARN at a moment.
    pub(crate) fn by_arn(&self, moment: Moment, arn: &str) -> Option<Number> {
        let bears = |number: &Number| {
            self.state(*number, moment).is_some_and(|state| text(state.link("arn")) == Some(arn))
        };
        self.arns.get(arn)?.iter().copied().find(bears)
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
    let before = || State::of(change, Half::Before, reading.links);
    let after = || State::of(change, Half::After, reading.links);
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
fn add_prior<'p>(resources: &mut Vec<Resource<'p>>, plan: &'p Plan<'p>, prior: &'p [StateResource<'p>]) {
    if prior.is_empty() {
        return;
    }
    let told: HashSet<&Address> = plan
        .changes
        .iter()
        .flat_map(|change| [Some(&change.address), change.previous_address.as_ref()])
        .flatten()
        .collect();
    for resource in prior.iter().filter(|resource| !told.contains(&resource.address)) {
        let Some(reading) = reading_of(&resource.address) else { continue };
        let state = State::read(Text::Prior(resource), reading.links);
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
        let recorded = State::of(change, Half::Before, reading.links);
        if let Some(resource) = known.get(&change.address).and_then(|number| resources.get_mut(*number)) {
            resource.recorded = recorded;
            continue;
        }
        let refreshed = State::of(change, Half::After, reading.links);
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
