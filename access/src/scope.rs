//! Questions about one world: may anything in this scope still happen?

use crate::comparison::{Region, Undecided};
use crate::difference::{reads, request};
use crate::glob::{GaveUp, Glob};
use crate::request::Request;
use crate::search::compile::{Axis, Bound, Constraint, Pattern};
use crate::search::side::{hidden, side};
use crate::search::{Held, Search};
use crate::settings::{Reading, Settings};
use crate::world::World;

/// A set of requests named by globs; an empty list means *any*.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Globs over principals (ARNs, accounts, services).
    pub principals: Vec<String>,
    /// Globs over `service:Action`, without regard to case.
    pub actions: Vec<String>,
    /// Globs over resource ARNs.
    pub resources: Vec<String>,
}

/// Yes with a witness, no, or undecided with reasons.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// At least this request.
    Yes(Box<Request>),
    /// None.
    No,
    /// It could not be settled.
    Undecided(Vec<Undecided>),
}

impl World {
    /// Is any request of `scope` allowed in this world, in any context?
    pub fn may(&self, scope: &Scope) -> Answer {
        match self.find(scope, Bound::Least) {
            Ok(Some(request)) => return Answer::Yes(Box::new(request)),
            Ok(None) => {}
            Err(GaveUp) => return Answer::Undecided(vec![Undecided::Budget]),
        }
        let unknown: Vec<Undecided> = hidden(self, &Self::default())
            .into_iter()
            .map(|document| Undecided::Document { document: document.id, reason: document.reason })
            .collect();
        if !unknown.is_empty() {
            return Answer::Undecided(unknown);
        }
        match self.find(scope, Bound::Most) {
            Ok(None) => Answer::No,
            Ok(Some(_)) => Answer::Undecided(self.open_statements()),
            Err(GaveUp) => Answer::Undecided(vec![Undecided::Budget]),
        }
    }

    fn find(&self, scope: &Scope, bound: Bound) -> Result<Option<Request>, GaveUp> {
        let Some(side) = side(self, &Self::default(), reads(Reading::default(), bound, bound == Bound::Most))
        else {
            return Err(GaveUp);
        };
        let mut search = Search::new(Settings::default().nodes);
        let denials: Vec<Vec<usize>> =
            side.denials.iter().map(|denial| search.numbers(&denial.constraints)).collect();
        let named = side.grants.iter().any(|grant| {
            grant.constraints.iter().any(|c| matches!(c, Constraint::Text { axis: Axis::Principal, .. }))
        });
        let asked = search.numbers(&scope.constraints(named || self.principal.is_none()));
        for grant in &side.grants {
            let own = search.numbers(&grant.constraints);
            let space: Vec<Held> = own.iter().chain(&asked).map(|&number| (number, true)).collect();
            if let Some(found) = search.outside(&space, &denials)? {
                let account = self.account.as_deref().unwrap_or_default();
                let point = search.point(&found, account, self.resource.as_deref())?;
                return Ok(point.map(|point| request(&point, self)));
            }
        }
        Ok(None)
    }
}

impl Scope {
    /// The demands of a scope; who is asking counts only where statements name principals.
    fn constraints(&self, principals: bool) -> Vec<Constraint> {
        let axis = |axis: Axis, texts: &[String], globs: &dyn Fn(&str) -> Vec<Glob>| {
            let patterns = texts.iter().map(|text| Pattern {
                text: format!("(scope) {text}"),
                shown: text.clone(),
                globs: globs(text),
            });
            (!texts.is_empty()).then(|| Constraint::Text {
                axis,
                patterns: patterns.collect(),
                negated: false,
            })
        };
        let lower = |text: &str| vec![Glob::crossing(&text.to_lowercase())];
        let who = |text: &str| {
            ["AWS", "Service", "Federated", "CanonicalUser"]
                .map(|kind| Glob::crossing(&format!("{kind}:{text}")))
                .to_vec()
        };
        [
            axis(Axis::Principal, &self.principals, &who).filter(|_| principals),
            axis(Axis::Action, &self.actions, &lower),
            axis(Axis::Resource, &self.resources, &|text| vec![Glob::crossing(text)]),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

impl Region {
    /// Does every request of the region lie in `scope`? `Yes` carries the region's witness.
    pub fn within(&self, scope: &Scope) -> Answer {
        let parts =
            [("principal", &scope.principals), ("action", &scope.actions), ("resource", &scope.resources)];
        for (name, texts) in parts {
            if texts.is_empty() {
                continue;
            }
            let empty = Vec::new();
            let dimension = self.set.dimensions.iter().find(|dimension| dimension.name == name);
            let (within, without) = dimension.map_or((&empty, &empty), |d| (&d.within, &d.without));
            if within.iter().any(|text| text.starts_with("(unknown")) {
                return Answer::Undecided(vec![Undecided::Statement {
                    statement: self.granted_by.clone(),
                    reason: format!("the {name} is not known"),
                }]);
            }
            let lower = |text: &String| if name == "action" { text.to_lowercase() } else { text.clone() };
            let globs =
                |texts: &[String]| texts.iter().map(|text| Glob::crossing(&lower(text))).collect::<Vec<_>>();
            let inside = if within.is_empty() { vec![Glob::everything()] } else { globs(within) };
            let mut outside = globs(without);
            outside.extend(globs(texts));
            let group: Vec<&Glob> = inside.iter().collect();
            match crate::glob::find(&[group], &outside.iter().collect::<Vec<_>>(), &[], 20_000) {
                Ok(None) => {}
                Ok(Some(_)) => return Answer::No,
                Err(GaveUp) => return Answer::Undecided(vec![Undecided::Budget]),
            }
        }
        Answer::Yes(Box::new(self.witness.clone()))
    }
}
