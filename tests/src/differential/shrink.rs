//! A pair made as small as it can be while the same thing is wrong with it.

use nhi_access::dialect::aws::{Element, Principals, Statement};
use nhi_access::{Content, World};

use super::judge::{Answer, Judge};
use super::sketch::{self, Worlds};

/// Rounds of asking; a shrunk pair is for people and need not be the smallest.
const TRIES: usize = 4_000;

/// Leaves out layers, statements, conditions and entries, one after the other.
pub fn shrink(judge: &Judge<'_>, mut worlds: Worlds, wrong: &Answer) -> Worlds {
    let mut tries = 0;
    let mut smaller = true;
    while smaller && tries < TRIES {
        smaller = false;
        let mut place = 0;
        while let Some(candidate) = without(&worlds, place) {
            tries += 1;
            if tries < TRIES && judge.again(&candidate).is_like(wrong) {
                worlds = candidate;
                smaller = true;
            } else {
                place += 1;
            }
        }
    }
    worlds
}

/// The pair without its part number `place`; `None` past the last part.
fn without(worlds: &Worlds, place: usize) -> Option<Worlds> {
    let mut left = worlds.clone();
    let mut place = place;
    // The same statement on both sides is most often left out of both.
    if let Some(done) = both(&mut left, &mut place) {
        return done.then_some(left).or_else(|| Some(worlds.clone()));
    }
    let done = world(&mut left.before, &mut place) || world(&mut left.after, &mut place);
    done.then_some(left)
}

/// Leaves a statement that both worlds have out of both.
fn both(worlds: &mut Worlds, place: &mut usize) -> Option<bool> {
    let statements = |world: &World| -> Vec<Statement> {
        let policies = world.layers.iter().flat_map(|layer| &layer.documents);
        policies
            .filter_map(
                |document| if let Content::Aws(policy) = &document.content { Some(policy) } else { None },
            )
            .flat_map(|policy| policy.statements.clone())
            .collect()
    };
    let after = statements(&worlds.after);
    let shared: Vec<Statement> =
        statements(&worlds.before).into_iter().filter(|own| after.contains(own)).collect();
    let Some(statement) = shared.get(*place) else {
        *place -= shared.len();
        return None;
    };
    for world in [&mut worlds.before, &mut worlds.after] {
        for document in world.layers.iter_mut().flat_map(|layer| &mut layer.documents) {
            if let Content::Aws(policy) = &mut document.content {
                policy.statements.retain(|own| own != statement);
            }
        }
    }
    Some(true)
}

/// Takes part number `place` out of the list; counts down past the list.
fn drop_one<T>(list: &mut Vec<T>, least: usize, place: &mut usize) -> bool {
    if list.len() <= least {
        return false;
    }
    if *place < list.len() {
        list.remove(*place);
        return true;
    }
    *place -= list.len();
    false
}

fn world(world: &mut World, place: &mut usize) -> bool {
    if let Some(index) = world.layers.iter().position(|layer| !sketch::is_granting(layer.kind)) {
        let mut caps = world.layers.split_off(index);
        let dropped = drop_one(&mut caps, 0, place);
        world.layers.extend(caps);
        if dropped {
            return true;
        }
    }
    for document in world.layers.iter_mut().flat_map(|layer| &mut layer.documents) {
        let Content::Aws(policy) = &mut document.content else { continue };
        if drop_one(&mut policy.statements, 0, place)
            || policy.statements.iter_mut().any(|own| statement(own, place))
        {
            return true;
        }
    }
    false
}

fn statement(statement: &mut Statement, place: &mut usize) -> bool {
    let (Element::In(actions) | Element::NotIn(actions)) = &mut statement.action;
    let (Element::In(resources) | Element::NotIn(resources)) = &mut statement.resource;
    if drop_one(actions, 1, place)
        || drop_one(resources, 1, place)
        || drop_one(&mut statement.conditions, 0, place)
    {
        return true;
    }
    if let Principals::In(items) | Principals::NotIn(items) = &mut statement.principals
        && drop_one(items, 1, place)
    {
        return true;
    }
    statement.conditions.iter_mut().any(|condition| drop_one(&mut condition.values, 1, place))
}
