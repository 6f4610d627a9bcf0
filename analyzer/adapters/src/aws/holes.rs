//! Policies with holes: the texts and blocks that the configuration tells where the plan does not.

use nhi_access::dialect::aws::{self, Element, Item, Policy, PolicyKind, Principals, Statement};
use nhi_access::hole::mark;
use nhi_access::{Hole, Part, Shape};
use nhi_analyzer_input::rebuild::Reference;
use nhi_analyzer_input::{Extent, Holed, Rebuilt, Segment, Value};
use nhi_analyzer_model::Address;

use crate::aws::identity::Identities;
use crate::aws::shape::{Known, shape};
use crate::moments::Moments;
use crate::value::path;

/// Gathers the holes of one document.
pub(crate) struct Holes<'m, 'p> {
    moments: &'m Moments<'p>,
    identities: &'m Identities,
    /// Where the document stands.
    place: Option<&'m Address>,
    list: Vec<Hole>,
}

impl<'m, 'p> Holes<'m, 'p> {
    pub(crate) fn new(
        moments: &'m Moments<'p>,
        identities: &'m Identities,
        place: Option<&'m Address>,
    ) -> Self {
        Self { moments, identities, place, list: Vec::new() }
    }

    /// The holes that marks stand for, so far.
    pub(crate) fn list(&self) -> &[Hole] {
        &self.list
    }

    /// What a reference puts into a text: its value where that is known after all, else a mark.
    fn of(&mut self, reference: &Reference) -> String {
        let shape = match shape((self.moments, self.identities), self.place, reference) {
            Known::Exactly(text) => return text,
            Known::Like(Some(shape)) => shape,
            Known::Like(None) if reference.extent == Extent::Value => Shape::Value,
            Known::Like(None) => Shape::Text,
        };
        self.mark(Hole { reference: reference.text.clone(), shape })
    }

    fn mark(&mut self, hole: Hole) -> String {
        let index = self.list.iter().position(|own| *own == hole).unwrap_or_else(|| {
            self.list.push(hole);
            self.list.len() - 1
        });
        mark(index).to_string()
    }

    /// A rebuilt text with marks in it; nothing where it could be taken for one with other marks.
    fn text(&mut self, rebuilt: &Rebuilt) -> Option<String> {
        let mut text = String::new();
        for segment in &rebuilt.segments {
            match segment {
                Segment::Text(known) if known.chars().any(|c| c >= mark(0)) => return None,
                Segment::Text(known) => text.push_str(known),
                Segment::Reference(reference) => text.push_str(&self.of(reference)),
            }
        }
        Some(text)
    }

    /// A value with marks in its texts.
    pub(crate) fn value(&mut self, holed: &Holed) -> Option<Value> {
        Some(match holed {
            Holed::Null => Value::Null,
            Holed::Bool(answer) => Value::Bool(*answer),
            Holed::Number(digits) => Value::Number(digits.clone()),
            Holed::Text(text) => Value::String(self.text(text)?),
            Holed::List(list) => Value::List(list.iter().map(|one| self.value(one)).collect::<Option<_>>()?),
            Holed::Object(entries) => {
                let entry = |(name, value): &(String, Holed)| Some((name.clone(), self.value(value)?));
                Value::Object(entries.iter().map(entry).collect::<Option<_>>()?)
            }
            Holed::Reference(reference) => Value::String(self.of(reference)),
        })
    }

    /// Attributes of a resource with what its configuration says in the place of what the plan does not know.
    pub(crate) fn attributes(&mut self, address: &Address, planned: &mut Value) {
        let Value::Object(planned) = planned else { return };
        for (name, value) in planned.iter_mut().filter(|(_, value)| **value == Value::Unknown) {
            let written = self.moments.rebuilder.evaluate(address, &path(name));
            if let Ok(written) = written
                && let Some(value_of) = self.value(&written)
            {
                *value = value_of;
            }
        }
    }

    /// The document of a rebuilt text.
    pub(crate) fn policy(&mut self, rebuilt: &Rebuilt, kind: PolicyKind) -> Result<Policy, String> {
        let text = self.text(rebuilt).ok_or("it holds a private-use character, which no policy may")?;
        aws::parse_with_holes(&text, kind, &self.list).map_err(|error| error.to_string())
    }

    /// The blocks of a policy document with what its configuration says in the place of what the plan does not know.
    /// A block whose effect, whose shape even, is not known stays as it is.
    pub(crate) fn statements(&mut self, planned: &mut Value, written: &Holed) {
        let (Value::List(planned), Holed::List(written)) = (planned, written) else { return };
        if planned.len() != written.len() {
            return;
        }
        for (planned, written) in planned.iter_mut().zip(written) {
            let effect = written.get("effect");
            let tells = match effect {
                None | Some(Holed::Null) => true,
                Some(Holed::Text(text)) => text.as_known().is_some(),
                Some(_) => false,
            };
            if tells
                && holds_unknown(planned)
                && let Some(value) = self.value(written)
            {
                *planned = value;
            }
        }
    }
}

fn holds_unknown(value: &Value) -> bool {
    match value {
        Value::Unknown => true,
        Value::List(list) => list.iter().any(holds_unknown),
        Value::Object(map) => map.values().any(holds_unknown),
        _ => false,
    }
}

/// Is it one reference and nothing else?
pub(crate) fn only_reference(rebuilt: &Rebuilt) -> Option<&Reference> {
    match rebuilt.segments.as_slice() {
        [Segment::Reference(reference)] => Some(reference),
        _ => None,
    }
}

/// Names what is not known of a statement by where it stands: its resources, its principals, the values of its
/// conditions. Nobody can say what unknown actions would be, so those stay unknown.
pub(crate) fn name_unknowns(statement: &mut Statement, place: &str) {
    let name = |item: &mut Item, element: &str, index: usize| {
        if *item == Item::Unknown {
            let reference = format!("{place}.{element}[{index}]");
            *item = Item::Holed(vec![Part::Hole(Hole { reference, shape: Shape::Value })]);
        }
    };
    let (Element::In(resources) | Element::NotIn(resources)) = &mut statement.resource;
    for (index, item) in resources.iter_mut().enumerate() {
        name(item, "resources", index);
    }
    if let Principals::In(items) | Principals::NotIn(items) = &mut statement.principals {
        for (index, item) in items.iter_mut().enumerate() {
            name(&mut item.value, "principals", index);
        }
    }
    for (number, condition) in statement.conditions.iter_mut().enumerate() {
        for (index, item) in condition.values.iter_mut().enumerate() {
            name(item, &format!("condition[{number}].values"), index);
        }
    }
}
