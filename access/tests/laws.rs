//! Laws of the comparison, on random small worlds, against the plain evaluator asked about every request there is.

#[cfg(test)]
#[path = "laws/changes.rs"]
mod changes;
#[cfg(test)]
#[path = "laws/strategies.rs"]
mod strategies;

#[cfg(test)]
mod worlds {
    use std::collections::BTreeMap;

    use nhi_access::dialect::aws::{
        Condition, Effect, Element, Item, Policy, PolicyKind, PrincipalItem, Principals, Statement,
    };
    use nhi_access::{
        Content, Decision, Document, DocumentId, Layer, LayerKind, Reading, Request, Settings, Verdict,
        World, compare, evaluate,
    };

    /// A small generator with a fixed seed: the same worlds on every run.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, sides: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(self.0 >> 33).unwrap() % sides
        }

        fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
            of[self.roll(of.len())]
        }

        fn some(&mut self, of: &[&str], most: usize) -> Vec<Item> {
            (0..=self.roll(most)).map(|_| Item::from(self.one(of))).collect()
        }
    }

    const ACTIONS: [&str; 8] = ["a:x", "a:y", "a:*", "*", "b:x", "?:x", "A:X", "*:y"];
    const RESOURCES: [&str; 8] = [
        "*",
        "arn:aws:a:r:1:p",
        "arn:aws:a:r:1:p/*",
        "arn:aws:a:*:1:p",
        "arn:aws:a:r:1:q",
        "arn:aws:a:r:1:?",
        "arn:aws:*:p",
        "arn:aws:a:r*:p/${aws:PrincipalTag/t}",
    ];
    const PRINCIPALS: [(&str, &str); 6] = [
        ("AWS", "*"),
        ("AWS", "111122223333"),
        ("AWS", "arn:aws:iam::111122223333:root"),
        ("AWS", "arn:aws:iam::111122223333:role/r"),
        ("Service", "a.amazonaws.com"),
        ("AWS", "arn:aws:iam::444455556666:role/r"),
    ];
    const CONDITIONS: [(&str, &str, &[&str]); 20] = [
        ("StringEquals", "k", &["v"]),
        ("StringEquals", "k", &["v", "w"]),
        ("StringNotEquals", "K", &["v"]),
        ("StringLike", "k", &["v*"]),
        ("StringEqualsIfExists", "k", &["w"]),
        ("StringNotLike", "k", &["w*"]),
        ("Null", "k", &["true"]),
        ("Null", "k", &["false"]),
        ("Bool", "m", &["true"]),
        ("BoolIfExists", "m", &["false"]),
        ("ForAllValues:StringEquals", "t", &["v", "w"]),
        ("ForAnyValue:StringEquals", "t", &["v"]),
        ("ForAnyValue:StringNotEquals", "t", &["v"]),
        ("ForAllValues:StringLike", "t", &["v*"]),
        ("NumericLessThan", "n", &["5"]),
        ("NumericGreaterThanEquals", "n", &["5", "7"]),
        ("NumericNotEquals", "n", &["5.0"]),
        ("IpAddress", "i", &["10.0.0.0/8"]),
        ("NotIpAddress", "i", &["10.1.0.0/16"]),
        ("StringEqualsIgnoreCase", "k", &["V"]),
    ];

    fn statement(dice: &mut Dice, named: bool) -> Statement {
        let element = |dice: &mut Dice, of: &[&str]| {
            let items = dice.some(of, 2);
            if dice.roll(6) == 0 { Element::NotIn(items) } else { Element::In(items) }
        };
        let effect = if dice.roll(3) == 0 { Effect::Deny } else { Effect::Allow };
        let mut statement = Statement::new(effect, element(dice, &ACTIONS));
        statement.resource = element(dice, &RESOURCES);
        if named {
            let items = (0..=dice.roll(2))
                .map(|_| PRINCIPALS[dice.roll(PRINCIPALS.len())])
                .map(|(kind, value)| PrincipalItem { kind: kind.to_owned(), value: Item::from(value) })
                .collect();
            statement.principals =
                if dice.roll(8) == 0 { Principals::NotIn(items) } else { Principals::In(items) };
        }
        for _ in 0..dice.roll(3) {
            let (operator, key, values) = CONDITIONS[dice.roll(CONDITIONS.len())];
            statement.conditions.push(Condition {
                operator: operator.to_owned(),
                key: key.to_owned(),
                values: values.iter().map(|value| Item::from(*value)).collect(),
            });
        }
        statement
    }

    fn world(dice: &mut Dice, kind: LayerKind) -> World {
        let named = kind != LayerKind::Identity;
        let policy_kind = if named { PolicyKind::Resource } else { PolicyKind::Identity };
        let layer = |dice: &mut Dice, kind, most| {
            let statements = (0..dice.roll(most)).map(|_| statement(dice, named)).collect();
            let content = Content::Aws(Policy::new(policy_kind, statements));
            Layer { kind, documents: vec![Document { id: DocumentId(format!("{kind:?}")), content }] }
        };
        let mut layers = vec![layer(dice, kind, 5)];
        if !named && dice.roll(4) == 0 {
            layers.push(layer(dice, LayerKind::Boundary, 4));
        }
        if !named && dice.roll(6) == 0 {
            layers.push(layer(dice, LayerKind::ServiceControl, 3));
        }
        World {
            principal: (!named).then(|| "arn:aws:iam::111122223333:role/r".to_owned()),
            resource: None,
            account: Some("111122223333".to_owned()),
            layers,
        }
    }

    /// Requests over the small alphabet that matter to any of the entries above.
    fn requests(named: bool) -> Vec<Request> {
        let principals: &[&str] = if named {
            &[
                "arn:aws:iam::111122223333:role/r",
                "arn:aws:iam::111122223333:user/u",
                "arn:aws:iam::444455556666:role/r",
                "arn:aws:iam::777788889999:role/r",
                "a.amazonaws.com",
                "c.amazonaws.com",
            ]
        } else {
            &["arn:aws:iam::111122223333:role/r"]
        };
        let resources = [
            "*",
            "arn:aws:a:r:1:p",
            "arn:aws:a:r:1:p/u",
            "arn:aws:a:s:1:p",
            "arn:aws:a:r:1:q",
            "arn:aws:a:r:1:z",
        ];
        let mut contexts: Vec<BTreeMap<String, Vec<String>>> = vec![BTreeMap::new()];
        let mut spread = |key: &str, choices: &[&[&str]]| {
            contexts = contexts
                .iter()
                .flat_map(|context| {
                    choices.iter().map(move |values| {
                        let mut context = context.clone();
                        if !values.is_empty() {
                            let values = values.iter().map(|value| (*value).to_owned()).collect();
                            context.insert(key.to_owned(), values);
                        }
                        context
                    })
                })
                .collect();
        };
        spread("k", &[&[], &["v"], &["w"], &["V"], &["z"]]);
        spread("m", &[&[], &["true"], &["false"]]);
        spread("t", &[&[], &["v"], &["z"], &["v", "z"], &["v", "w"]]);
        spread("n", &[&[], &["4"], &["5"], &["6"]]);
        spread("i", &[&[], &["10.1.0.1"], &["10.2.0.1"]]);
        spread("aws:PrincipalTag/t", &[&[], &["u"]]);
        let mut all = Vec::new();
        for principal in principals {
            for action in ["a:x", "a:y", "a:z", "b:x", "bb:q"] {
                for resource in resources {
                    // A slice of the contexts for each, so that all of them occur somewhere and none takes long.
                    let start = all.len() % 7;
                    for context in contexts.iter().skip(start).step_by(7).chain(contexts.first()) {
                        all.push(Request {
                            principal: (*principal).to_owned(),
                            action: action.to_owned(),
                            resource: resource.to_owned(),
                            context: context.clone(),
                        });
                    }
                }
            }
        }
        all
    }

    fn newly(before: &World, after: &World, requests: &[Request]) -> Option<Request> {
        let reading = Reading::default();
        requests
            .iter()
            .find(|request| {
                evaluate(after, request, reading) == Decision::Allowed
                    && evaluate(before, request, reading) == Decision::Denied
            })
            .cloned()
    }

    fn check(kind: LayerKind, seed: u64, rounds: usize) {
        let mut dice = Dice(seed);
        let requests = requests(kind != LayerKind::Identity);
        let mut wrong = Vec::new();
        let (mut new, mut undecided) = (0, 0);
        for round in 0..rounds {
            let (before, after) = (world(&mut dice, kind), world(&mut dice, kind));
            let found = compare(&before, &after, &Settings::default());
            let part: Vec<Request> = requests.iter().skip(round % 40).step_by(40).cloned().collect();
            let brute = newly(&before, &after, &part);
            new += usize::from(found.verdict == Verdict::NewAccess);
            undecided += usize::from(found.verdict == Verdict::Undecided);
            if found.verdict == Verdict::NoNewAccess && brute.is_some() {
                wrong.push(format!("round {round}: nothing new, but {brute:?}\n{before:?}\n{after:?}"));
            }
            if found.mismatches > 0 {
                wrong.push(format!(
                    "round {round}: {} not confirmed\n{:?}\n{before:?}\n{after:?}",
                    found.mismatches, found.undecided
                ));
            }
            let readings = Settings::default().semantics.readings();
            for region in &found.new {
                let holds = readings.iter().any(|reading| {
                    evaluate(&after, &region.witness, *reading) == Decision::Allowed
                        && evaluate(&before, &region.witness, *reading) == Decision::Denied
                });
                if !holds {
                    wrong.push(format!(
                        "round {round}: no witness {:?}\n{before:?}\n{after:?}",
                        region.witness
                    ));
                }
            }
            let same = compare(&after, &after.clone(), &Settings::default());
            if same.verdict != Verdict::NoNewAccess {
                wrong.push(format!("round {round}: differs from itself"));
            }
        }
        println!("{kind:?}: {new} new, {undecided} undecided of {rounds}");
        assert!(
            wrong.is_empty(),
            "{} wrong of {rounds}; first:\n{}",
            wrong.len(),
            wrong[..wrong.len().min(3)].join("\n\n")
        );
    }

    #[test]
    fn identity_worlds_agree_with_every_request() {
        check(LayerKind::Identity, 7, 100);
    }

    #[test]
    fn resource_worlds_agree_with_every_request() {
        check(LayerKind::Resource, 11, 100);
    }
}
