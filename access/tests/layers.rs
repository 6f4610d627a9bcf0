//! Worlds of many layers: one request decided, and random worlds compared with every request there is.

#[cfg(test)]
mod worlds {
    use std::collections::BTreeMap;

    use nhi_access::dialect::aws::{self, PolicyKind};
    use nhi_access::{
        Content, Decision, Document, DocumentId, Layer, LayerKind, Reading, Request, Settings, Verdict,
        World, compare, evaluate,
    };
    use serde_json::Value;

    fn layer_kind(name: &str) -> LayerKind {
        match name {
            "identity" => LayerKind::Identity,
            "resource" => LayerKind::Resource,
            "trust" => LayerKind::Trust,
            "boundary" => LayerKind::Boundary,
            "session" => LayerKind::Session,
            "scp" => LayerKind::ServiceControl,
            "rcp" => LayerKind::ResourceControl,
            "endpoint" => LayerKind::Endpoint,
            other => panic!("no layer `{other}`"),
        }
    }

    fn layer(name: &str, number: usize, statements: &Value) -> Layer {
        let kind = match name {
            "trust" => PolicyKind::Trust,
            "resource" | "endpoint" => PolicyKind::Resource,
            _ => PolicyKind::Identity,
        };
        let json = serde_json::json!({"Version": "2012-10-17", "Statement": statements});
        let policy = aws::parse(&json.to_string(), kind).unwrap();
        let id = DocumentId(format!("{name}-{number}"));
        Layer { kind: layer_kind(name), documents: vec![Document { id, content: Content::Aws(policy) }] }
    }

    fn world(case: &Value) -> World {
        let text = |key: &str| case[key].as_str().map(str::to_owned);
        let layers = case["layers"].as_array().unwrap().iter().enumerate();
        World {
            principal: text("principal"),
            resource: text("on"),
            account: text("account"),
            layers: layers.map(|(number, pair)| layer(pair[0].as_str().unwrap(), number, &pair[1])).collect(),
        }
    }

    #[test]
    fn one_request_is_decided_by_all_layers() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/layers.json");
        let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        let mut wrong = Vec::new();
        for case in &cases {
            let world = world(case);
            let request = Request {
                principal: case["request"][0].as_str().unwrap().to_owned(),
                action: case["request"][1].as_str().unwrap().to_owned(),
                resource: case["request"][2].as_str().unwrap().to_owned(),
                context: BTreeMap::new(),
            };
            let found = evaluate(&world, &request, Reading::default()) == Decision::Allowed;
            if Some(found) != case["allowed"].as_bool() {
                wrong.push(format!("{}: {found}", case["name"]));
            }
            // What is allowed is new where nothing was, and what is not is no witness of it.
            let nothing = World { layers: Vec::new(), ..world.clone() };
            let compared = compare(&nothing, &world, &Settings::default());
            if compared.mismatches > 0 || (found && compared.verdict != Verdict::NewAccess) {
                wrong.push(format!("{}: {:?} by the search", case["name"], compared.verdict));
            }
        }
        assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    }

    /// A small generator with a fixed seed: the same worlds on every run.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, sides: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(self.0 >> 33).unwrap() % sides
        }

        fn one(&mut self, of: &[&str]) -> String {
            of[self.roll(of.len())].to_owned()
        }
    }

    const ROLE: &str = "arn:aws:iam::111122223333:role/r";
    const CALLERS: [&str; 7] = [
        ROLE,
        "arn:aws:iam::111122223333:user/u",
        "arn:aws:sts::111122223333:assumed-role/r/s",
        "arn:aws:iam::111122223333:root",
        "arn:aws:iam::444455556666:role/r",
        "a.amazonaws.com",
        "anonymous",
    ];
    const RESOURCES: [&str; 4] = [
        "arn:aws:kms:r:111122223333:key/k",
        "arn:aws:kms:r:444455556666:key/k",
        "arn:aws:s3:::b",
        "arn:aws:s3:::b/o",
    ];
    const ENTRIES: [&str; 6] = [
        "*",
        "111122223333",
        "arn:aws:iam::444455556666:root",
        ROLE,
        "arn:aws:iam::111122223333:user/u",
        CALLERS[2],
    ];

    fn statements(dice: &mut Dice, name: &str) -> Value {
        let named = matches!(name, "resource" | "trust");
        let list = (0..=dice.roll(3)).map(|_| {
            let mut one = serde_json::json!({
                "Effect": dice.one(&["Allow", "Allow", "Allow", "Deny"]),
                "Action": dice.one(&["*", "kms:x", "s3:*", "s3:x", "sts:AssumeRole"]),
            });
            if name != "trust" {
                one["Resource"] = dice.one(&["*", "*", RESOURCES[0], RESOURCES[1], "arn:aws:s3:::b*"]).into();
            }
            if named {
                let key = if dice.roll(6) == 0 { "NotPrincipal" } else { "Principal" };
                one[key] = if dice.roll(6) == 0 {
                    serde_json::json!({"Service": "a.amazonaws.com"})
                } else {
                    serde_json::json!({"AWS": dice.one(&ENTRIES)})
                };
            }
            match dice.roll(9) {
                0 => one["Condition"] = serde_json::json!({"ArnLike": {"aws:PrincipalArn": dice.one(&[ROLE, "*", "arn:aws:iam::*:user/*"])}}),
                1 => one["Condition"] = serde_json::json!({"StringNotEquals": {"aws:PrincipalAccount": "111122223333"}}),
                2 => one["Condition"] = serde_json::json!({"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}),
                3 => one["Condition"] = serde_json::json!({"StringEqualsIfExists": {"aws:PrincipalType": ["User", "Anonymous"]}}),
                _ => {}
            }
            one
        });
        Value::Array(list.collect())
    }

    fn random(dice: &mut Dice, shape: &(Option<&str>, Option<&str>, &[&str])) -> World {
        let (principal, on, names) = *shape;
        let mut layers: Vec<Layer> = Vec::new();
        for (number, name) in names.iter().enumerate() {
            let optional = !matches!(*name, "identity" | "resource" | "trust");
            if optional && dice.roll(3) > 0 {
                continue;
            }
            layers.push(layer(name, number, &statements(dice, name)));
        }
        World {
            principal: principal.map(str::to_owned),
            resource: on.map(str::to_owned),
            account: Some("111122223333".to_owned()),
            layers,
        }
    }

    fn check(shape: &(Option<&str>, Option<&str>, &[&str]), seed: u64) {
        let mut dice = Dice(seed);
        let mut requests = Vec::new();
        let callers = shape.0.map_or(CALLERS.to_vec(), |one| vec![one]);
        for principal in callers {
            for action in ["kms:x", "kms:y", "s3:x", "s3:y", "sts:AssumeRole"] {
                for resource in RESOURCES.into_iter().chain(["*", "arn:aws:s3:::c", ROLE]) {
                    let (principal, action, resource) =
                        (principal.to_owned(), action.to_owned(), resource.to_owned());
                    requests.push(Request { principal, action, resource, context: BTreeMap::new() });
                }
            }
        }
        let mut wrong = Vec::new();
        for round in 0..60 {
            let (before, after) = (random(&mut dice, shape), random(&mut dice, shape));
            let found = compare(&before, &after, &Settings::default());
            let decide = |world, request| evaluate(world, request, Reading::default());
            let brute = requests.iter().find(|request| {
                decide(&after, request) == Decision::Allowed && decide(&before, request) == Decision::Denied
            });
            if found.mismatches > 0 {
                wrong.push(format!("{round}: not confirmed {:?}\n{before:?}\n{after:?}", found.undecided));
            }
            if let (Verdict::NoNewAccess, Some(request)) = (found.verdict, brute) {
                wrong.push(format!("{round}: nothing new but {request:?}\n{before:?}\n{after:?}"));
            }
        }
        let first: Vec<&String> = wrong.iter().take(2).collect();
        assert!(wrong.is_empty(), "{shape:?}: {} wrong, {first:#?}", wrong.len());
    }

    #[test]
    fn random_worlds_of_layers_agree_with_every_request() {
        let caps: &[&str] = &["identity", "boundary", "session", "scp", "scp", "rcp", "endpoint"];
        let both: &[&str] = &["identity", "resource", "boundary", "session", "scp", "rcp"];
        let trusting: &[&str] = &["identity", "trust", "boundary", "scp"];
        check(&(Some(ROLE), None, caps), 1);
        check(&(Some("arn:aws:iam::111122223333:role/aws-service-role/a.amazonaws.com/r"), None, caps), 2);
        check(&(Some(ROLE), Some(RESOURCES[0]), both), 3);
        check(&(Some(ROLE), Some(RESOURCES[1]), both), 4);
        check(&(Some("arn:aws:iam::111122223333:user/u"), Some(RESOURCES[2]), both), 5);
        check(&(Some(CALLERS[2]), Some(RESOURCES[0]), both), 6);
        check(&(Some("arn:aws:iam::444455556666:role/r"), Some(RESOURCES[2]), both), 7);
        check(&(Some(ROLE), Some("arn:aws:iam::111122223333:role/q"), trusting), 8);
        check(&(Some(ROLE), Some("arn:aws:iam::444455556666:role/q"), trusting), 9);
        check(&(None, Some(RESOURCES[2]), &["resource", "scp", "rcp"]), 10);
        check(&(None, Some("arn:aws:iam::111122223333:role/q"), &["trust", "scp", "rcp"]), 11);
    }
}
