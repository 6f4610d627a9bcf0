//! Laws of the difference: which changes matter to nobody, and which only ever go one way.

use nhi_access::dialect::aws::{Effect, Element, Item, Statement};
use nhi_access::{
    Decision, Document, DocumentId, LayerKind, Semantics, Settings, Verdict, World, compare, evaluate,
};
use proptest::prelude::*;
use proptest::sample::Index;

use super::strategies::{covers, lists, statement, verdict, world};

/// A change of a world that changes no request's answer.
#[derive(Clone, Debug)]
enum Retelling {
    /// Statements in another order.
    Order,
    /// Each entry of a positive element in a statement of its own.
    Splitting,
    /// Every statement twice.
    Doubling,
    /// Actions in the other case.
    Case,
    /// A `Sid` on each statement.
    Sids,
    /// A statement in another document of its layer.
    Moving(Index),
    /// All documents of a layer in one.
    Merging,
    /// A document without statements more.
    Nothing,
}

fn retelling() -> impl Strategy<Value = Retelling> {
    prop_oneof![
        Just(Retelling::Order),
        Just(Retelling::Splitting),
        Just(Retelling::Doubling),
        Just(Retelling::Case),
        Just(Retelling::Sids),
        any::<Index>().prop_map(Retelling::Moving),
        Just(Retelling::Merging),
        Just(Retelling::Nothing),
    ]
}

fn split(statement: &Statement) -> Vec<Statement> {
    let (Element::In(actions), Element::In(resources)) = (&statement.action, &statement.resource) else {
        return vec![statement.clone()];
    };
    let pairs = actions.iter().flat_map(|action| resources.iter().map(move |resource| (action, resource)));
    pairs
        .map(|(action, resource)| Statement {
            action: Element::In(vec![action.clone()]),
            resource: Element::In(vec![resource.clone()]),
            ..statement.clone()
        })
        .collect()
}

fn other_case(element: &mut Element) {
    let (Element::In(items) | Element::NotIn(items)) = element;
    for item in items {
        let Item::Text(text) = item else { continue };
        let lower = text.to_lowercase();
        *text = if *text == lower { text.to_uppercase() } else { lower };
    }
}

fn told(world: &World, how: &Retelling) -> World {
    let mut other = world.clone();
    match how {
        Retelling::Order => lists(&mut other).into_iter().for_each(|(_, list)| list.reverse()),
        Retelling::Splitting => {
            for (_, list) in lists(&mut other) {
                *list = list.iter().flat_map(split).collect();
            }
        }
        Retelling::Doubling => {
            for (_, list) in lists(&mut other) {
                list.extend(list.clone());
            }
        }
        Retelling::Case => lists(&mut other)
            .into_iter()
            .flat_map(|(_, list)| list)
            .for_each(|statement| other_case(&mut statement.action)),
        Retelling::Sids => {
            for (number, statement) in lists(&mut other).into_iter().flat_map(|(_, list)| list).enumerate() {
                statement.sid = Some(format!("s{number}"));
            }
        }
        Retelling::Moving(index) => {
            for layer in &mut other.layers {
                let mut part = World { layers: vec![layer.clone()], ..World::default() };
                let mut documents = lists(&mut part);
                if documents.len() > 1 && !documents[0].1.is_empty() {
                    let place = index.index(documents[0].1.len());
                    let moved = documents[0].1.remove(place);
                    documents[1].1.push(moved);
                }
                *layer = part.layers.remove(0);
            }
        }
        Retelling::Merging => {
            for layer in &mut other.layers {
                let mut part = World { layers: vec![layer.clone()], ..World::default() };
                let all = lists(&mut part).into_iter().flat_map(|(_, list)| list.clone()).collect();
                *lists(&mut part).remove(0).1 = all;
                layer.documents = part.layers.remove(0).documents.into_iter().take(1).collect();
            }
        }
        Retelling::Nothing => {
            for layer in &mut other.layers {
                let mut part = World { layers: vec![layer.clone()], ..World::default() };
                for (_, list) in lists(&mut part) {
                    list.clear();
                }
                let empty = part.layers.remove(0).documents.remove(0);
                layer.documents.push(Document { id: DocumentId("empty".to_owned()), ..empty });
            }
        }
    }
    other
}

/// A change that can only let more through.
#[derive(Clone, Debug)]
enum Widening {
    /// A statement that allows, in some document.
    Allow(Index, Box<[Statement; 2]>),
    /// A statement that denies, taken out.
    Undeny(Index),
    /// A cap taken away.
    Uncap(Index),
}

fn widening() -> impl Strategy<Value = Widening> {
    let allow = |kind| statement(kind).prop_map(|own| Statement { effect: Effect::Allow, ..own });
    prop_oneof![
        (any::<Index>(), allow(LayerKind::Identity), allow(LayerKind::Resource))
            .prop_map(|(at, own, there)| Widening::Allow(at, Box::new([own, there]))),
        any::<Index>().prop_map(Widening::Undeny),
        any::<Index>().prop_map(Widening::Uncap),
    ]
}

fn widened(world: &World, how: &Widening) -> World {
    let mut other = world.clone();
    match how {
        Widening::Allow(at, statements) => {
            let [own, there] = &**statements;
            let mut lists = lists(&mut other);
            let place = at.index(lists.len());
            let (kind, list) = &mut lists[place];
            list.push(if *kind == LayerKind::Resource { there.clone() } else { own.clone() });
        }
        Widening::Undeny(at) => {
            let mut denies: Vec<(usize, usize)> = Vec::new();
            for (number, (_, list)) in lists(&mut other).into_iter().enumerate() {
                let places = list.iter().enumerate().filter(|(_, own)| own.effect == Effect::Deny);
                denies.extend(places.map(|(place, _)| (number, place)));
            }
            if !denies.is_empty() {
                let (number, place) = denies[at.index(denies.len())];
                lists(&mut other)[number].1.remove(place);
            }
        }
        Widening::Uncap(at) => {
            let granting = [LayerKind::Identity, LayerKind::Resource];
            let caps: Vec<usize> = (0..other.layers.len())
                .filter(|place| !granting.contains(&other.layers[*place].kind))
                .collect();
            if !caps.is_empty() {
                other.layers.remove(caps[at.index(caps.len())]);
            }
        }
    }
    other
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn how_a_world_is_told_never_matters(world in world(), how in retelling(), more in retelling()) {
        let other = told(&told(&world, &how), &more);
        prop_assert_eq!(verdict(&world, &other, Semantics::Every), Verdict::NoNewAccess);
        prop_assert_eq!(verdict(&other, &world, Semantics::Every), Verdict::NoNewAccess);
    }

    #[test]
    fn how_the_sides_are_told_never_matters(
        before in world(),
        change in widening(),
        how in retelling(),
        more in retelling(),
    ) {
        let after = widened(&before, &change);
        let (retold, other) = (told(&before, &how), told(&after, &more));
        for (old, new) in [((&before, &after), (&retold, &other)), ((&after, &before), (&other, &retold))] {
            prop_assert_eq!(
                verdict(old.0, old.1, Semantics::Every),
                verdict(new.0, new.1, Semantics::Every)
            );
        }
    }

    #[test]
    fn a_world_differs_in_nothing_from_itself(world in world()) {
        let found = compare(&world, &world.clone(), &Settings::default());
        prop_assert_eq!(found.verdict, Verdict::NoNewAccess);
        prop_assert!(found.reduced.is_empty() && found.undecided.is_empty());
    }

    #[test]
    fn more_allowed_or_less_denied_never_shrinks(world in world(), change in widening()) {
        let wide = widened(&world, &change);
        prop_assert!(covers(&wide, &world), "{:?}", wide);
    }

    #[test]
    fn covering_is_transitive(
        small in world(),
        steps in (widening(), widening(), retelling()),
        other in widening(),
    ) {
        // `other` may go either way from the middle one: what covers is asked, not assumed.
        let middle = told(&widened(&small, &steps.0), &steps.2);
        let worlds = [small, middle.clone(), widened(&middle, &steps.1), widened(&middle, &other)];
        for (a, b, c) in [(0, 1, 2), (0, 1, 3), (2, 3, 1), (3, 2, 1), (1, 3, 2), (0, 3, 2)] {
            let (a, b, c) = (&worlds[a], &worlds[b], &worlds[c]);
            if covers(b, a) && covers(c, b) {
                prop_assert!(covers(c, a));
            }
        }
    }

    #[test]
    fn a_witness_of_one_direction_is_none_of_the_other(before in world(), change in widening(), other in widening()) {
        let semantics = Semantics::Crossing;
        let (one, two) = (widened(&before, &change), widened(&before, &other));
        let found = compare(&one, &two, &Settings { semantics, ..Settings::default() });
        prop_assert_eq!(found.mismatches, 0);
        let readings = semantics.readings();
        let asked = |world: &World, request, decision| {
            readings.iter().map(|reading| evaluate(world, request, *reading)).any(|own| own == decision)
        };
        for (regions, from, to) in [(&found.new, &one, &two), (&found.reduced, &two, &one)] {
            for region in regions {
                prop_assert!(asked(to, &region.witness, Decision::Allowed));
                prop_assert!(asked(from, &region.witness, Decision::Denied));
                // Under a reading in which it is new, it is no loss.
                for reading in &readings {
                    let answers = [from, to].map(|world| evaluate(world, &region.witness, *reading));
                    prop_assert!(
                        answers != [Decision::Allowed, Decision::Denied] || region.reading.is_some(),
                        "{:?}",
                        region.witness
                    );
                }
            }
        }
    }
}
