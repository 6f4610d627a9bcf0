//! A region for people: the granting statement's set, what it leaves out, why it is new, what nearly covered it.

use crate::comparison::{Cause, NearMiss, Region};
use crate::dialect::aws::Condition;
use crate::request::{Dimension, RequestBox};
use crate::side::Side;
use crate::space::atom::Atom;
use crate::space::clause::{Ask, Clause, Dim, Lit};
use crate::space::glob::Pattern;
use crate::space::search::{Search, Space};
use crate::witness::Found;
use crate::world::{Content, World};

/// What is left out of a dimension, at most.
const LISTED: usize = 20;

/// A granting statement, the group of its actions that is new, and a request of it.
pub(crate) struct Granted<'a> {
    pub(crate) clause: &'a Clause,
    pub(crate) actions: &'a [String],
    pub(crate) space: &'a Space,
    pub(crate) request: &'a Found,
}

/// The region of a confirmed request.
pub(crate) fn describe(
    granted: &Granted<'_>,
    before: &Side,
    after: &Side,
    world: &World,
    search: &mut Search,
) -> Region {
    let miss = |clause: &&Clause| missed(clause, granted.request, search.any_if_exists);
    let grants: Vec<&Clause> =
        before.ways.iter().filter_map(|way| way.first()).flat_map(|cap| &cap.clauses).collect();
    let was_granted = grants.iter().any(|clause| miss(clause).is_empty());
    let was_denied = before.denies.iter().any(|clause| miss(&clause).is_empty());
    let mut near: Option<(usize, &Clause, Dim)> = None;
    for clause in &grants {
        let escaped = miss(clause);
        if let [one] = escaped.as_slice() {
            let rank = usize::from(*one == Dim::Action) + usize::from(clause.source != granted.clause.source);
            if near.as_ref().is_none_or(|(best, ..)| rank < *best) {
                near = Some((rank, clause, one.clone()));
            }
        }
    }
    let because = match &near {
        _ if was_granted && was_denied => Cause::DenyRemoved,
        _ if was_granted => Cause::BoundaryRemoved,
        Some((_, _, Dim::Key(_))) => Cause::ConditionLoosened,
        _ => Cause::Granted,
    };
    let mut set = set(granted, before, after, world, search);
    if because == Cause::DenyRemoved {
        let kept: Vec<_> = after.denies.iter().map(Clause::signature).collect();
        let lifted: Vec<&Clause> =
            before.denies.iter().filter(|deny| !kept.contains(&deny.signature())).collect();
        for dim in [Dim::Action, Dim::Resource] {
            narrow(&mut set, &dim, &lifted);
        }
    }
    Region {
        set,
        witness: granted.request.request.clone(),
        reading: None,
        because,
        granted_by: granted.clause.source.clone(),
        nearly_covered_by: near
            .map(|(_, clause, dim)| NearMiss { statement: clause.source.clone(), escaped: name(&dim) }),
    }
}

/// The principals, actions and resources that a statement speaks of, for an answer that was not reached.
pub(crate) fn asked(clause: &Clause, actions: &[String]) -> RequestBox {
    let dimension = |dim: Dim| {
        let (mut within, mut without) = (Vec::new(), Vec::new());
        for lit in clause.lits.iter().filter(|lit| lit.dim == dim) {
            if let Ask::Text(patterns) = &*lit.ask {
                let list = if lit.holds { &mut within } else { &mut without };
                list.extend(patterns.texts.iter().cloned());
            }
        }
        if dim == Dim::Action && !actions.is_empty() {
            within = actions.to_vec();
        }
        Dimension { name: name(&dim), within, without }
    };
    RequestBox { dimensions: [Dim::Principal, Dim::Action, Dim::Resource].map(dimension).to_vec() }
}

/// Lifted denials free no more than they held: together they bound what is new in a dimension.
fn narrow(set: &mut RequestBox, dim: &Dim, lifted: &[&Clause]) {
    let name = name(dim);
    let Some(dimension) = set.dimensions.iter_mut().find(|dimension| dimension.name == name) else { return };
    let glob = |text: &String| match dim {
        Dim::Action => Pattern::glob(&text.to_lowercase()),
        _ => Pattern::glob(text),
    };
    let mut shared: Vec<String> = Vec::new();
    for deny in lifted {
        let held = deny.lits.iter().find_map(|lit| match &*lit.ask {
            Ask::Text(patterns) if lit.dim == *dim && lit.holds => Some(&patterns.texts),
            _ => None,
        });
        // One that held everything, or a list too long to show, leaves the dimension as wide as the grant.
        let Some(held) = held.filter(|texts| texts.len() <= LISTED) else { return };
        for text in held {
            if dimension.within.is_empty() {
                shared.push(text.clone());
            }
            for own in &dimension.within {
                let (mine, other) = (glob(own), glob(text));
                if mine.plainly_covers(&other) {
                    shared.push(text.clone());
                } else if other.plainly_covers(&mine) || mine.may_meet(&other) {
                    shared.push(own.clone());
                }
            }
        }
    }
    shared.sort();
    shared.dedup();
    if !shared.is_empty() {
        dimension.within = shared;
    }
}

fn name(dim: &Dim) -> String {
    match dim {
        Dim::Action => "action".to_owned(),
        Dim::Resource => "resource".to_owned(),
        Dim::Principal => "principal".to_owned(),
        Dim::Key(key) => key.to_string(),
    }
}

/// The dimensions in which a request is not what the statement asks.
fn missed(clause: &Clause, found: &Found, any_if_exists: crate::settings::AnyIfExists) -> Vec<Dim> {
    let mut dims: Vec<Dim> = clause
        .lits
        .iter()
        .filter(|lit| !obeys(lit, found, any_if_exists))
        .map(|lit| lit.dim.clone())
        .collect();
    dims.sort();
    dims.dedup();
    dims
}

fn obeys(lit: &Lit, found: &Found, any_if_exists: crate::settings::AnyIfExists) -> bool {
    let held = match (&*lit.ask, &lit.dim) {
        (Ask::Text(patterns), dim) => found.texts.get(dim).is_some_and(|text| patterns.matches(text)),
        (Ask::Key(atom), Dim::Key(key)) => {
            let own = found.request.context.iter().find(|(name, _)| name.to_lowercase() == **key);
            match own {
                None => !atom.is_opaque() && atom.holds_absent(any_if_exists),
                Some((_, values)) => holds_all(atom, values),
            }
        }
        (Ask::Key(_), _) => false,
    };
    held == lit.holds
}

fn holds_all(atom: &Atom, values: &[String]) -> bool {
    if atom.quantity == crate::space::atom::Quantity::All {
        values.iter().all(|value| atom.holds(value))
    } else {
        values.iter().any(|value| atom.holds(value))
    }
}

fn set(granted: &Granted<'_>, before: &Side, after: &Side, world: &World, search: &mut Search) -> RequestBox {
    let mut dimensions = Vec::new();
    let lits = |dim: Dim| granted.clause.lits.iter().filter(move |lit| lit.dim == dim);
    for dim in [Dim::Principal, Dim::Action, Dim::Resource] {
        let (mut within, mut without) = (Vec::new(), Vec::new());
        for lit in lits(dim.clone()) {
            if let Ask::Text(patterns) = &*lit.ask {
                let list = if lit.holds { &mut within } else { &mut without };
                list.extend(patterns.texts.iter().cloned());
            }
        }
        if dim == Dim::Action && !granted.actions.is_empty() {
            within = granted.actions.to_vec();
        }
        if dim == Dim::Principal && within.is_empty() && without.is_empty() {
            within.extend(world.principal.clone());
        }
        dimensions.push(Dimension { name: name(&dim), within, without });
    }
    let mut left_out: Vec<Dimension> = Vec::new();
    // What was granted already, or is denied now, in every other dimension is left out of this one.
    let grants = before.ways.iter().filter_map(|way| way.first()).flat_map(|cap| &cap.clauses);
    for clause in grants.chain(&after.denies) {
        let mut open = clause.lits.iter().filter(|lit| {
            let own = granted.space.lits.get(&lit.dim).map_or(&[][..], Vec::as_slice);
            let all: Vec<Lit> = own.iter().cloned().chain([lit.turned()]).collect();
            search.possible(&all).unwrap_or(true)
        });
        let (Some(only), None) = (open.next(), open.next()) else { continue };
        if let (Dim::Key(_), false) = (&only.dim, only.words.is_empty()) {
            left_out.push(Dimension {
                name: only.written.to_string(),
                within: Vec::new(),
                without: vec![only.words.to_string()],
            });
        }
        let (Ask::Text(patterns), true) = (&*only.ask, only.holds) else { continue };
        let wanted = name(&only.dim);
        let own = granted.space.lits.get(&only.dim).map_or(&[][..], Vec::as_slice);
        let meets = |lit: &Lit| match &*lit.ask {
            Ask::Text(mine) => overlapping(mine, patterns),
            Ask::Key(_) => Vec::new(),
        };
        let texts: Vec<String> = match own.iter().rev().find(|lit| lit.holds) {
            Some(lit) => meets(lit),
            None => patterns.texts.clone(),
        };
        if let Some(dimension) = dimensions.iter_mut().find(|dimension| dimension.name == wanted) {
            dimension.without.extend(texts);
        }
    }
    for dimension in &mut dimensions {
        dimension.without.sort();
        dimension.without.dedup();
        dimension.without.truncate(LISTED);
    }
    dimensions.extend(conditions(granted, world));
    for dimension in left_out {
        if !dimensions.contains(&dimension) {
            dimensions.push(dimension);
        }
    }
    RequestBox { dimensions }
}

/// The texts of `other` that may share something with `mine`.
fn overlapping(mine: &crate::space::glob::Patterns, other: &crate::space::glob::Patterns) -> Vec<String> {
    let all = |patterns: &crate::space::glob::Patterns| {
        let literals = patterns.literals.iter().map(|text| Pattern::exact(text));
        literals.chain(patterns.globs.iter().cloned()).collect::<Vec<Pattern>>()
    };
    let (mine, other) = (all(mine), all(other));
    let mut texts: Vec<String> = other
        .iter()
        .filter(|pattern| mine.iter().any(|own| own.may_meet(pattern)))
        .map(|pattern| pattern.text.clone())
        .collect();
    texts.truncate(LISTED);
    texts
}

/// The conditions of the granting statement, one dimension a key.
fn conditions(granted: &Granted<'_>, world: &World) -> Vec<Dimension> {
    let source = &granted.clause.source;
    let statement = world
        .layers
        .iter()
        .flat_map(|layer| &layer.documents)
        .filter(|document| document.id == source.document)
        .find_map(|document| match &document.content {
            Content::Aws(policy) => policy.statements.get(source.statement),
            Content::Unknown(_) => None,
        });
    statement.map(|one| one.conditions.iter().map(dimension).collect()).unwrap_or_default()
}

fn dimension(condition: &Condition) -> Dimension {
    Dimension { name: condition.key.clone(), within: vec![condition.words()], without: Vec::new() }
}

/// Takes another part of the same statement into a region; the heavier witness stays.
pub(crate) fn unite(region: &mut Region, other: Region) {
    if crate::weight::weigh(&other) > crate::weight::weigh(region) {
        region.witness = other.witness;
        region.nearly_covered_by = other.nearly_covered_by;
    }
    for dimension in other.set.dimensions {
        if let Some(own) = region.set.dimensions.iter_mut().find(|own| own.name == dimension.name) {
            if own.name == "action" {
                own.within.extend(dimension.within);
                own.without.extend(dimension.without);
            } else {
                // Only what every part leaves out is left out of the whole.
                own.without.retain(|text| dimension.without.contains(text));
            }
        }
    }
}
