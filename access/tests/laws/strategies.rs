//! Random statements and layered worlds, in values that shrink.

use nhi_access::dialect::aws::{
    Condition, Effect, Element, Item, Policy, PolicyKind, PrincipalItem, Principals, Statement,
};
use nhi_access::{
    Content, Document, DocumentId, Layer, LayerKind, Semantics, Settings, Verdict, World, newly,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

const ACTIONS: [&str; 8] = ["a:x", "a:y", "a:*", "*", "b:x", "?:x", "A:Yy", "*:y"];
const RESOURCES: [&str; 8] = [
    "*",
    "arn:aws:a:r:1:p",
    "arn:aws:a:r:1:p/*",
    "arn:aws:a:*:1:p",
    "arn:aws:a:r:1:q",
    "arn:aws:a:r:1:?",
    "arn:aws:*:p",
    "arn:aws:a",
];
const PRINCIPALS: [(&str, &str); 7] = [
    ("AWS", "*"),
    ("AWS", "111122223333"),
    ("AWS", "arn:aws:iam::111122223333:role/r"),
    ("AWS", "arn:aws:sts::111122223333:assumed-role/r/s"),
    ("AWS", "arn:aws:iam::444455556666:user/u"),
    ("Service", "a.amazonaws.com"),
    ("Federated", "cognito-identity.amazonaws.com"),
];
const CONDITIONS: [(&str, &str, &[&str]); 16] = [
    ("StringEquals", "k", &["v", "w"]),
    ("StringNotEquals", "K", &["v"]),
    ("StringLikeIfExists", "k", &["v*"]),
    ("StringEqualsIgnoreCase", "k", &["V"]),
    ("Null", "k", &["true"]),
    ("Bool", "m", &["true"]),
    ("BoolIfExists", "m", &["false"]),
    ("ForAllValues:StringEquals", "t", &["v", "w"]),
    ("ForAnyValue:StringLike", "t", &["v*"]),
    ("ForAnyValue:StringNotEquals", "t", &["v"]),
    ("ForAnyValue:StringEqualsIfExists", "t", &["w"]),
    ("NumericLessThan", "n", &["5"]),
    ("NumericGreaterThanEquals", "n", &["5", "7.5"]),
    ("DateLessThan", "d", &["2024-06-01T00:00:00Z"]),
    ("IpAddress", "i", &["10.0.0.0/8", "2001:db8::/32"]),
    ("NotIpAddress", "i", &["10.1.0.0/16"]),
];

fn element(of: &'static [&'static str]) -> impl Strategy<Value = Element> {
    (subsequence(of, 1..=3), 0..5_u8).prop_map(|(texts, not)| {
        let items = texts.into_iter().map(Item::from).collect();
        if not == 0 { Element::NotIn(items) } else { Element::In(items) }
    })
}

fn principals() -> impl Strategy<Value = Principals> {
    (subsequence(&PRINCIPALS[..], 1..=2), 0..8_u8).prop_map(|(chosen, not)| {
        let item =
            |(kind, text): (&str, &str)| PrincipalItem { kind: kind.to_owned(), value: Item::from(text) };
        let items = chosen.into_iter().map(item).collect();
        if not == 0 { Principals::NotIn(items) } else { Principals::In(items) }
    })
}

fn conditions() -> impl Strategy<Value = Vec<Condition>> {
    subsequence(&CONDITIONS[..], 0..=2).prop_map(|chosen| {
        let condition = |(operator, key, values): (&str, &str, &[&str])| Condition {
            operator: operator.to_owned(),
            key: key.to_owned(),
            values: values.iter().map(|value| Item::from(*value)).collect(),
        };
        chosen.into_iter().map(condition).collect()
    })
}

/// A statement for a layer of this kind.
pub(crate) fn statement(kind: LayerKind) -> impl Strategy<Value = Statement> {
    let effect = select(vec![Effect::Allow, Effect::Allow, Effect::Deny]);
    (effect, element(&ACTIONS), element(&RESOURCES), principals(), conditions()).prop_map(
        move |(effect, action, resource, principals, conditions)| {
            let mut statement = Statement { conditions, ..Statement::new(effect, action) };
            if kind == LayerKind::Resource {
                statement.principals = principals;
            }
            statement.resource = resource;
            statement
        },
    )
}

fn layer(kind: LayerKind) -> impl Strategy<Value = Layer> {
    vec(vec(statement(kind), 0..=3), 1..=2).prop_map(move |documents| Layer {
        kind,
        documents: documents
            .into_iter()
            .enumerate()
            .map(|(number, statements)| document(&format!("{kind:?} {number}"), kind, statements))
            .collect(),
    })
}

fn document(name: &str, kind: LayerKind, statements: Vec<Statement>) -> Document {
    let policy = if kind == LayerKind::Resource { PolicyKind::Resource } else { PolicyKind::Identity };
    Document { id: DocumentId(name.to_owned()), content: Content::Aws(Policy::new(policy, statements)) }
}

fn of(layers: Vec<Layer>, principal: Option<&str>) -> World {
    World {
        principal: principal.map(str::to_owned),
        resource: None,
        account: principal.map(|_| "111122223333".to_owned()),
        layers,
    }
}

/// A world: identity policies alone, a resource policy alone, identity policies under caps or beside a resource policy.
pub(crate) fn world() -> impl Strategy<Value = World> {
    use LayerKind::{Boundary, Identity, Resource, ServiceControl, Session};
    const ROLE: Option<&str> = Some("arn:aws:iam::111122223333:role/r");
    let caps = select(vec![Boundary, Session, ServiceControl]).prop_flat_map(layer);
    prop_oneof![
        3 => layer(Identity).prop_map(|own| of(vec![own], None)),
        2 => layer(Resource).prop_map(|own| of(vec![own], None)),
        2 => (layer(Identity), vec(caps, 1..=2)).prop_map(|(own, caps)| {
            of([own].into_iter().chain(caps).collect(), ROLE)
        }),
        1 => (layer(Identity), layer(Resource)).prop_map(|(own, there)| of(vec![own, there], ROLE)),
    ]
}

/// Every statement list of a world, with the kind of its layer.
pub(crate) fn lists(world: &mut World) -> Vec<(LayerKind, &mut Vec<Statement>)> {
    let mut lists = Vec::new();
    for layer in &mut world.layers {
        for document in &mut layer.documents {
            if let Content::Aws(policy) = &mut document.content {
                lists.push((layer.kind, &mut policy.statements));
            }
        }
    }
    lists
}

/// What is newly allowed from one world to another, under all readings or one.
pub(crate) fn verdict(before: &World, after: &World, semantics: Semantics) -> Verdict {
    let found = newly(before, after, &Settings { semantics, ..Settings::default() });
    assert_eq!(found.mismatches, 0, "a witness was not confirmed");
    found.verdict
}

/// Does one world allow all that another does?
pub(crate) fn covers(wide: &World, narrow: &World) -> bool {
    verdict(wide, narrow, Semantics::Every) == Verdict::NoNewAccess
}
