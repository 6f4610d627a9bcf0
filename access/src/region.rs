//! A region for people: the granting statement's set, what it leaves out, why it is new, what nearly covered it.

use crate::ask::{Asked, Pair};
use crate::comparison::{Cause, NearMiss, Region};
use crate::dialect::aws::Condition;
use crate::parts::{may_meet, plainly_covers};
use crate::request::{Dimension, Request, RequestBox};
use crate::settings::AnyIfExists;
use crate::side::Side;
use crate::space::atom::{Atom, Quantity};
use crate::space::clause::{ACTION, Ask, Clause, Lit, Numbers, PRINCIPAL, RESOURCE, Slot};
use crate::space::glob::{Pattern, Patterns};
use crate::space::search::Search;
use crate::witness::Found;
use crate::world::{Content, World};

/// What is left out of a dimension, at most.
const LISTED: usize = 20;

/// Pairs of patterns compared for what is left out, at most.
const COMPARED: usize = 1_000_000;

/// A part that is new: one request of it, and all of it for people.
pub(crate) struct New {
    pub(crate) request: Request,
    pub(crate) region: Region,
}

/// A part of a granting statement that is new, and a request of it.
pub(crate) struct Granted<'a> {
    pub(crate) asked: &'a Asked<'a>,
    pub(crate) pair: &'a Pair,
    pub(crate) request: &'a Found,
}

/// The region of a confirmed request.
pub(crate) fn describe(
    granted: &Granted<'_>,
    (before, after): (&Side<'_>, &Side<'_>),
    world: &World,
    search: &mut Search,
) -> Region {
    let pair = granted.pair;
    let numbers = &search.numbers;
    let miss = |clause: &Clause| missed(clause, granted.request, numbers, search.any_if_exists);
    let grants: Vec<&Clause> =
        pair.ways.iter().filter_map(|way| way.first()).flatten().map(|clause| &**clause).collect();
    let was_granted = grants.iter().any(|clause| miss(clause).is_empty());
    let was_denied = pair.was_denied.iter().any(|clause| miss(clause).is_empty());
    let source = &pair.granting.source;
    let mut near: Option<(usize, NearMiss, Slot)> = None;
    let mut nearer = |statement: &crate::comparison::StatementRef, slot: Slot, escaped: String| {
        let rank = usize::from(slot == ACTION) + usize::from(statement != source);
        if near.as_ref().is_none_or(|(best, ..)| rank < *best) {
            near = Some((rank, NearMiss { statement: statement.clone(), escaped }, slot));
        }
    };
    for clause in &grants {
        if let [one] = *miss(clause) {
            nearer(&clause.source, one, name(one, numbers));
        }
    }
    if let Some(entry) = after.entries.get(granted.asked.granting) {
        let all = before.ways.iter().filter_map(|way| way.first()).flat_map(|cap| &cap.entries);
        let own = all.filter(|place| {
            granted.asked.part.before.binary_search_by_key(*place, |(place, _)| *place).is_err()
        });
        for other in own.filter_map(|place| before.entries.get(*place)) {
            if plainly_covers(other, entry) {
                nearer(&other.source, ACTION, name(ACTION, numbers));
            }
        }
    }
    let because = match &near {
        _ if was_granted && was_denied => Cause::DenyRemoved,
        _ if was_granted => Cause::BoundaryRemoved,
        Some((.., slot)) if *slot > PRINCIPAL => Cause::ConditionLoosened,
        _ => Cause::Granted,
    };
    let mut set = set(granted, world, search);
    // What a boundary and its kin let through bounds the region too.
    for cap in &pair.caps {
        let clauses: Vec<&Clause> = cap.iter().map(|clause| &**clause).collect();
        for slot in [ACTION, RESOURCE] {
            narrow(&mut set, slot, &clauses, &search.numbers);
        }
    }
    if because == Cause::DenyRemoved && pair.caps_stand() {
        let lifted: Vec<&Clause> = pair.lifted().map(|clause| &**clause).collect();
        for slot in [ACTION, RESOURCE] {
            narrow(&mut set, slot, &lifted, &search.numbers);
        }
    }
    Region {
        set,
        witness: granted.request.request.clone(),
        reading: None,
        because,
        granted_by: source.clone(),
        nearly_covered_by: near.map(|(_, miss, _)| miss),
        assuming: std::collections::BTreeMap::new(),
        holes: Vec::new(),
    }
}

/// The principals, actions and resources that a statement speaks of, for an answer that was not reached.
pub(crate) fn asked(clause: &Clause, actions: &[String], numbers: &Numbers) -> RequestBox {
    let dimension = |slot: Slot| {
        let (mut within, mut without) = (Vec::new(), Vec::new());
        for lit in clause.lits.iter().filter(|lit| lit.slot == slot) {
            if let Some(patterns) = numbers.patterns(*lit) {
                let list = if lit.holds { &mut within } else { &mut without };
                list.extend(patterns.texts.iter().cloned());
            }
        }
        if slot == ACTION && !actions.is_empty() {
            within = actions.to_vec();
        }
        Dimension { name: name(slot, numbers), within, without }
    };
    RequestBox { dimensions: [PRINCIPAL, ACTION, RESOURCE].map(dimension).to_vec() }
}

/// Denials that are lifted free no more than they held, and caps let through no more than they allow: together such
/// clauses bound what is new in a dimension.
fn narrow(set: &mut RequestBox, slot: Slot, bounds: &[&Clause], numbers: &Numbers) {
    let name = name(slot, numbers);
    let Some(dimension) = set.dimensions.iter_mut().find(|dimension| dimension.name == name) else { return };
    let glob = |text: &String| match slot {
        ACTION => Pattern::glob(&text.to_lowercase()),
        _ => Pattern::glob(text),
    };
    let mut shared: Vec<String> = Vec::new();
    for bound in bounds {
        let held = bound.lits.iter().filter(|lit| lit.slot == slot && lit.holds);
        let held = held.filter_map(|lit| numbers.patterns(*lit)).map(|patterns| &patterns.texts).next();
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

fn name(slot: Slot, numbers: &Numbers) -> String {
    match slot {
        ACTION => "action".to_owned(),
        RESOURCE => "resource".to_owned(),
        PRINCIPAL => "principal".to_owned(),
        _ => numbers.key_of(slot).map_or("", |(lower, _)| lower).to_owned(),
    }
}

/// The dimensions in which a request is not what the statement asks.
fn missed(clause: &Clause, found: &Found, numbers: &Numbers, any_if_exists: AnyIfExists) -> Vec<Slot> {
    let mut slots: Vec<Slot> = Vec::new();
    for lit in &clause.lits {
        if !slots.contains(&lit.slot) && !obeys(*lit, found, numbers, any_if_exists) {
            slots.push(lit.slot);
        }
    }
    slots
}

fn obeys(lit: Lit, found: &Found, numbers: &Numbers, any_if_exists: AnyIfExists) -> bool {
    let held = match numbers.ask(lit) {
        Some(Ask::Text(patterns)) => {
            found.texts.get(lit.slot as usize).is_some_and(|text| patterns.matches(text))
        }
        Some(Ask::Key(atom)) => {
            let key = numbers.key_of(lit.slot).map_or("", |(lower, _)| lower);
            let own = found.request.context.iter().find(|(name, _)| name.to_lowercase() == key);
            match own {
                None => !atom.is_opaque() && atom.holds_absent(any_if_exists),
                Some((_, values)) => holds_all(atom, values),
            }
        }
        None => false,
    };
    held == lit.holds
}

fn holds_all(atom: &Atom, values: &[String]) -> bool {
    if atom.quantity == Quantity::All {
        values.iter().all(|value| atom.holds(value))
    } else {
        values.iter().any(|value| atom.holds(value))
    }
}

fn set(granted: &Granted<'_>, world: &World, search: &mut Search) -> RequestBox {
    let pair = granted.pair;
    let mut set = asked(&pair.granting, &granted.asked.part.texts, &search.numbers);
    if let Some(lit) = pair.action
        && let Some(patterns) = search.numbers.patterns(lit)
        && let Some(dimension) = set.dimensions.iter_mut().find(|dimension| dimension.name == "action")
    {
        let list = if lit.holds { &mut dimension.within } else { &mut dimension.without };
        list.extend(patterns.texts.iter().cloned());
    }
    if let Some(who) =
        set.dimensions.first_mut().filter(|who| who.within.is_empty() && who.without.is_empty())
    {
        who.within.extend(world.principal.clone());
    }
    let mut left_out: Vec<Dimension> = Vec::new();
    // What was granted already, or is denied now, in every other dimension is left out of this one; but what was
    // granted and yet not allowed is new as well.
    let was_allowed = pair.caps_stand() && pair.lifted().next().is_none();
    let grants = pair.ways.iter().filter_map(|way| way.first()).flatten().filter(|_| was_allowed);
    for clause in grants.chain(&pair.denies) {
        let mut open = clause.lits.iter().filter(|lit| {
            let own = pair.space.iter().filter(|own| own.slot == lit.slot).copied();
            let all: Vec<Lit> = own.chain([lit.turned()]).collect();
            search.possible(&all).unwrap_or(true)
        });
        let (Some(only), None) = (open.next(), open.next()) else { continue };
        let (words, written) = search.numbers.words(*only);
        if only.slot > PRINCIPAL && !words.is_empty() {
            left_out.push(Dimension {
                name: written.to_owned(),
                within: Vec::new(),
                without: vec![words.to_owned()],
            });
        }
        let (Some(patterns), true) = (search.numbers.patterns(*only), only.holds) else { continue };
        let wanted = name(only.slot, &search.numbers);
        let mut own = pair.space.iter().rev().filter(|own| own.slot == only.slot && own.holds);
        let texts: Vec<String> = match own.find_map(|own| search.numbers.patterns(*own)) {
            Some(mine) => overlapping(mine, patterns),
            None => patterns.texts.clone(),
        };
        if let Some(dimension) = set.dimensions.iter_mut().find(|dimension| dimension.name == wanted) {
            dimension.without.extend(texts);
        }
    }
    for dimension in &mut set.dimensions {
        dimension.without.sort();
        dimension.without.dedup();
        dimension.without.truncate(LISTED);
    }
    set.dimensions.extend(conditions(granted, world));
    for dimension in left_out {
        if !set.dimensions.contains(&dimension) {
            set.dimensions.push(dimension);
        }
    }
    set
}

/// The texts of `other` that may share something with `mine`.
fn overlapping(mine: &Patterns, other: &Patterns) -> Vec<String> {
    let all = |patterns: &Patterns| {
        let literals = patterns.literals.iter().map(|text| Pattern::exact(text));
        literals.chain(patterns.globs.iter().cloned()).collect::<Vec<Pattern>>()
    };
    let (mine, other) = (all(mine), all(other));
    // Long lists against long lists are not worth their while: leaving nothing out says more than is new, not less.
    if mine.len() * other.len() > COMPARED {
        return Vec::new();
    }
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
    let source = &granted.pair.granting.source;
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

/// Takes another part of the same statement into the set of a region. What only one of the two leaves
/// out is new by the other, so it is no longer left out.
pub(crate) fn unite(region: &mut Region, other: Region) {
    region.set.dimensions.retain(|own| {
        let left_out =
            own.within.is_empty() && !["principal", "action", "resource"].contains(&own.name.as_str());
        !left_out || other.set.dimensions.contains(own)
    });
    for dimension in other.set.dimensions {
        let Some(own) = region.set.dimensions.iter_mut().find(|own| own.name == dimension.name) else {
            continue;
        };
        if own.name == "action" {
            // Long lists say more than is new rather than cost what they are not worth.
            if own.within.len() > 1000 {
                own.without.clear();
                own.within.extend(dimension.within);
                continue;
            }
            own.without.retain(|text| !spoken_of(text, &dimension.within));
            own.without.extend(dimension.without.into_iter().filter(|text| !spoken_of(text, &own.within)));
            own.within.extend(dimension.within);
        } else {
            own.without.retain(|text| dimension.without.contains(text));
        }
    }
}

/// May an action that a pattern matches be one of those listed?
fn spoken_of(text: &str, listed: &[String]) -> bool {
    listed.iter().any(|other| may_meet(other, text))
}
