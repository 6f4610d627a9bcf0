//! What the plan knows of a resource, as values whose unknown parts name themselves.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use nhi_analyzer_model::{Address, AttributePath, Key, Step};

use super::number::Number;
use super::value::{Hole, Kind, Value};
use crate::plan::{Change, Plan, StateResource};
use crate::value::Value as Planned;

/// Where the objects of a plan are.
pub(super) struct Index<'p, 'a> {
    changes: HashMap<&'p Address, &'p Change<'a>>,
    data: HashMap<&'p Address, &'p StateResource<'a>>,
}

/// The address of a resource in a module, of all its instances.
pub(super) fn whole(address: &Address) -> Address {
    Address { key: None, ..address.clone() }
}

impl<'p, 'a> Index<'p, 'a> {
    pub(super) fn new(plan: &'p Plan<'a>) -> Self {
        let mut index = Self { changes: HashMap::new(), data: HashMap::new() };
        for change in plan.changes.iter().filter(|change| !change.deposed && change.after.is_some()) {
            index.changes.insert(&change.address, change);
        }
        for resource in &plan.prior_data {
            index.data.insert(&resource.address, resource);
        }
        index
    }

    pub(super) fn change(&self, address: &Address) -> Option<&'p Change<'a>> {
        self.changes.get(address).copied()
    }

    /// An attribute of an instance, or all of it. What the plan does not hold is a hole.
    pub(super) fn value(&self, address: &Address, attribute: Option<&str>) -> Value {
        let planned = match (self.changes.get(address), self.data.get(address), attribute) {
            (Some(change), _, Some(name)) => change.after_of(&[name]).get(name).clone(),
            (Some(change), _, None) => change.after(),
            (None, Some(data), Some(name)) => data.values_of(&[name]).get(name).clone(),
            (None, Some(data), None) => data.values(),
            (None, None, _) => Planned::Unknown,
        };
        let path = attribute.map(AttributePath::of).unwrap_or_default();
        of_plan(&planned, address, &path)
    }
}

/// The hole that an attribute is.
pub(super) fn hole(address: &Address, path: &AttributePath, sensitive: bool) -> Rc<Hole> {
    let dot = if path.0.is_empty() { "" } else { "." };
    Rc::new(Hole {
        text: format!("{address}{dot}{path}"),
        of: Some((address.clone(), path.clone())),
        sensitive,
    })
}

fn below(path: &AttributePath, step: Step) -> AttributePath {
    let mut path = path.clone();
    path.0.push(step);
    path
}

fn of_plan(planned: &Planned, address: &Address, path: &AttributePath) -> Value {
    match planned {
        Planned::Null => Value::Null,
        Planned::Bool(answer) => Value::Bool(*answer),
        Planned::Number(digits) => match Number::parse(digits) {
            Some(number) => Value::Number(number),
            None => Value::Hole(hole(address, path, false)),
        },
        Planned::String(text) => Value::from(text.as_str()),
        Planned::List(items) => {
            let exact = items.iter().all(Planned::is_known);
            let items = items.iter().enumerate();
            let items = items.map(|(at, item)| of_plan(item, address, &below(path, Step::Index(at))));
            // It may be a set, whose unknown elements may turn out to be the same and stand elsewhere.
            Value::loose(Kind::List, exact, items.collect())
        }
        Planned::Object(map) => {
            let entries = map.iter().map(|(key, value)| {
                (key.clone(), of_plan(value, address, &below(path, Step::Name(key.clone()))))
            });
            Value::object(entries.collect())
        }
        Planned::Unknown => Value::Hole(hole(address, path, false)),
        Planned::Sensitive(_) => Value::Hole(hole(address, path, true)),
    }
}

/// A value from the plan that belongs to no resource, as a variable's.
pub(super) fn plain(planned: &Planned) -> Option<Value> {
    Some(match planned {
        Planned::Null => Value::Null,
        Planned::Bool(answer) => Value::Bool(*answer),
        Planned::Number(digits) => Value::Number(Number::parse(digits)?),
        Planned::String(text) => Value::from(text.as_str()),
        Planned::List(items) => Value::tuple(items.iter().map(plain).collect::<Option<_>>()?),
        Planned::Object(map) => {
            let entries = map.iter().map(|(key, value)| Some((key.clone(), plain(value)?)));
            Value::object(entries.collect::<Option<BTreeMap<_, _>>>()?)
        }
        Planned::Unknown | Planned::Sensitive(_) => return None,
    })
}

/// The instance with this key.
pub(super) fn keyed(address: &Address, key: Key) -> Address {
    Address { key: Some(key), ..address.clone() }
}
