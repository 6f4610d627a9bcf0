//! Sets of requests as unions of boxes, and their algebra: what the grammar of every platform comes down to. A dialect
//! whose statements are plain products of constraints needs nothing else of the core.

use std::collections::BTreeMap;

use crate::comparison::StatementRef;
use crate::request::Request;
use crate::settings::Settings;
use crate::space::Exhausted;
use crate::space::atom::{Atom, Quantity, Test};
use crate::space::clause::{Clause, Dim, Lit, Numbers};
use crate::space::glob::{Pattern, Patterns};
use crate::space::key::Held;
use crate::space::sample::Sample;
use crate::space::search::Search;
use crate::world::DocumentId;

/// A dimension of requests.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Axis {
    /// Who asks.
    Principal,
    /// What for.
    Action,
    /// On what.
    Resource,
    /// Something that a request may carry or lack, by its name.
    Key(String),
}

/// One constraint: on this axis a request matches one of the patterns, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    /// The axis.
    pub axis: Axis,
    /// Patterns with `*` and `?`. A key that is absent matches none.
    pub patterns: Vec<String>,
    /// Which of the two.
    pub side: Side,
}

/// The side of a face that a request has to be on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// One of the patterns matches.
    Within,
    /// None of them does.
    Without,
}

/// A product of constraints; without any it holds every request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestSpace {
    /// All of them hold.
    pub faces: Vec<Face>,
}

/// A union of boxes; without any it holds no request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requests {
    /// A request is in one of them.
    pub boxes: Vec<RequestSpace>,
}

/// A question took more than the budget of [`Settings`]; its answer is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the question takes more than its budget")]
pub struct OutOfBudget;

impl From<Exhausted> for OutOfBudget {
    fn from(_: Exhausted) -> Self {
        Self
    }
}

/// Boxes that one subtraction may leave.
const MOST_BOXES: usize = 10_000;

impl Face {
    /// A request matches one of these on the axis.
    pub fn within<T: Into<String>>(axis: Axis, patterns: impl IntoIterator<Item = T>) -> Self {
        Self { axis, patterns: patterns.into_iter().map(Into::into).collect(), side: Side::Within }
    }

    /// The same constraint, turned round.
    #[must_use]
    pub fn turned(&self) -> Self {
        let side = if self.side == Side::Within { Side::Without } else { Side::Within };
        Self { side, ..self.clone() }
    }

    fn lit(&self, numbers: &mut Numbers) -> Lit {
        let patterns = Patterns::new(self.patterns.iter().map(|text| Pattern::glob(text)));
        let holds = self.side == Side::Within;
        let dim = match &self.axis {
            Axis::Principal => Dim::Principal,
            Axis::Action => Dim::Action,
            Axis::Resource => Dim::Resource,
            Axis::Key(name) => {
                let test = Test::Text(patterns);
                let atom = Atom { quantity: Quantity::Plain, if_exists: false, negated: false, test };
                let lit = numbers.key(name, atom, "");
                return if holds { lit } else { lit.turned() };
            }
        };
        numbers.text(dim, patterns, holds)
    }
}

impl Requests {
    /// The union of these boxes.
    pub fn of(boxes: impl IntoIterator<Item = Vec<Face>>) -> Self {
        Self { boxes: boxes.into_iter().map(|faces| RequestSpace { faces }).collect() }
    }

    /// Is there no request in it?
    pub fn is_empty(&self) -> Result<bool, OutOfBudget> {
        Ok(self.difference(&Self::default())?.is_none())
    }

    /// Is every request of the other in it?
    pub fn covers(&self, other: &Self) -> Result<bool, OutOfBudget> {
        Ok(other.difference(self)?.is_none())
    }

    /// Is some request in both?
    pub fn overlaps(&self, other: &Self) -> Result<bool, OutOfBudget> {
        let both = |one: &RequestSpace| {
            let joined = |more: &RequestSpace| [one.faces.as_slice(), &more.faces].concat();
            other.boxes.iter().map(joined).collect::<Vec<_>>()
        };
        Ok(!Self::of(self.boxes.iter().flat_map(both)).is_empty()?)
    }

    /// One request that is in it and not in the other, from the box of that number.
    pub fn difference(&self, other: &Self) -> Result<Option<(usize, Request)>, OutOfBudget> {
        let mut search = Search::new(&Settings::default());
        let lits = |space: &RequestSpace, numbers: &mut Numbers| -> Vec<Lit> {
            space.faces.iter().map(|face| face.lit(numbers)).collect()
        };
        let clauses: Vec<Clause> = other
            .boxes
            .iter()
            .map(|space| {
                let source = StatementRef { document: DocumentId(String::new()), statement: 0 };
                Clause { lits: lits(space, &mut search.numbers), source, doubt: None }
            })
            .collect();
        let clauses: Vec<&Clause> = clauses.iter().collect();
        for (number, space) in self.boxes.iter().enumerate() {
            let own = lits(space, &mut search.numbers);
            if let Some(found) = search.outside(&own, &clauses)? {
                return Ok(Some((number, request(&found, &mut search)?)));
            }
        }
        Ok(None)
    }

    /// Its requests that are not in the other, as boxes that do not overlap where those of `self` do not.
    pub fn without(&self, other: &Self) -> Result<Self, OutOfBudget> {
        let mut left = self.boxes.clone();
        for taken in &other.boxes {
            let mut next = Vec::new();
            for space in left {
                for piece in space.without(taken) {
                    if !Self::of([piece.clone()]).is_empty()? {
                        next.push(RequestSpace { faces: piece });
                    }
                }
                if next.len() > MOST_BOXES {
                    return Err(OutOfBudget);
                }
            }
            left = next;
        }
        Ok(Self { boxes: left })
    }
}

impl RequestSpace {
    /// What escapes another box by its first face, by its second within the first, and so on.
    fn without(&self, taken: &Self) -> Vec<Vec<Face>> {
        let mut faces = self.faces.clone();
        let mut pieces = Vec::new();
        for face in &taken.faces {
            pieces.push(faces.iter().cloned().chain([face.turned()]).collect());
            faces.push(face.clone());
        }
        pieces
    }
}

/// A request that obeys constraints which can hold together; a free dimension is `*`.
fn request(lits: &[Lit], search: &mut Search) -> Result<Request, Exhausted> {
    let mut lits = lits.to_vec();
    lits.sort_unstable();
    let mut texts = BTreeMap::new();
    let mut context = BTreeMap::new();
    for own in lits.chunk_by(|a, b| a.slot == b.slot) {
        let Some(slot) = own.first().map(|lit| lit.slot) else { continue };
        match search.sample(own)? {
            Some(Sample::Text(text)) => {
                texts.insert(slot, text);
            }
            Some(Sample::Key(Held::Values(values))) => {
                let name = search.numbers.key_of(slot).map_or("", |(_, written)| written).to_owned();
                context.insert(name, values);
            }
            Some(Sample::Key(_)) | None => {}
        }
    }
    let mut text = |slot| texts.remove(&slot).unwrap_or_else(|| "*".to_owned());
    let (action, resource, principal) = (
        text(crate::space::clause::ACTION),
        text(crate::space::clause::RESOURCE),
        text(crate::space::clause::PRINCIPAL),
    );
    Ok(Request { principal, action, resource, context })
}
