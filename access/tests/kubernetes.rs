//! Kubernetes RBAC, and with it the algebra of sets: pairs of clusters, single requests, and laws on random sets.

#[cfg(test)]
mod rbac {
    use std::collections::BTreeMap;

    use nhi_access::Request;
    use nhi_access::dialect::kubernetes::{self, Rbac};
    use serde_json::Value;

    fn cluster(json: &Value) -> Rbac {
        kubernetes::parse(&json.to_string()).unwrap_or_else(|error| panic!("{error}: {json}"))
    }

    fn request(json: &Value) -> Request {
        let text = |name: &str| json[name].as_str().unwrap().to_owned();
        let mut context = BTreeMap::new();
        for key in ["namespace", "name"] {
            if let Some(value) = json[key].as_str() {
                context.insert(key.to_owned(), vec![value.to_owned()]);
            }
        }
        Request { principal: text("who"), action: text("verb"), resource: text("on"), context }
    }

    fn cases(name: &str) -> Vec<Value> {
        let path = format!("{}/tests/cases/kubernetes/{name}.json", env!("CARGO_MANIFEST_DIR"));
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    }

    #[test]
    fn changes_gain_what_they_say() {
        for case in cases("changes") {
            let (before, after) = (cluster(&case["before"]), cluster(&case["after"]));
            let gained = after.gained_since(&before).unwrap();
            let through: Vec<String> =
                gained.iter().map(|one| format!("{} of {}", one.through.0, one.through.1)).collect();
            let expected: Vec<&str> =
                case["gained"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
            assert_eq!(through, expected, "{}: {gained:?}", case["name"]);
            for one in gained {
                assert!(
                    after.allows(&one.witness) && !before.allows(&one.witness),
                    "{}: {one:?}",
                    case["name"]
                );
            }
            assert!(after.gained_since(&after).unwrap().is_empty(), "{}", case["name"]);
        }
    }

    #[test]
    fn requests_are_decided_alike_by_rules_and_by_sets() {
        for case in cases("requests") {
            let cluster = cluster(&case["cluster"]);
            let (granted, _) = cluster.requests();
            for row in case["rows"].as_array().unwrap() {
                let request = request(row);
                let expected = row["allowed"].as_bool().unwrap();
                assert_eq!(cluster.allows(&request), expected, "{}: {row}", case["name"]);
                assert_eq!(
                    granted.covers(&alone(&request)).unwrap(),
                    expected,
                    "{}, as a set: {row}",
                    case["name"]
                );
            }
        }
    }

    /// The set of one request.
    fn alone(request: &Request) -> nhi_access::set::Requests {
        use nhi_access::set::{Axis, Face, Requests};
        let mut faces = vec![
            Face::within(Axis::Principal, [request.principal.clone()]),
            Face::within(Axis::Action, [request.action.clone()]),
            Face::within(Axis::Resource, [request.resource.clone()]),
        ];
        for key in ["namespace", "name"] {
            let axis = Axis::Key(key.to_owned());
            faces.push(match request.context.get(key) {
                Some(values) => Face::within(axis, values),
                None => Face::within(axis, ["*"]).turned(),
            });
        }
        Requests::of([faces])
    }

    #[test]
    fn what_is_no_rbac_is_told() {
        for case in cases("refused") {
            let text = case["text"].as_str().map_or_else(|| case["text"].to_string(), str::to_owned);
            let error = kubernetes::parse(&text).unwrap_err().to_string();
            assert!(error.contains(case["says"].as_str().unwrap()), "{error}");
        }
    }
}

#[cfg(test)]
mod algebra {
    use nhi_access::set::{Axis, Face, Requests};
    use proptest::prelude::*;

    fn face() -> impl Strategy<Value = Face> {
        let axis = prop_oneof![
            Just(Axis::Principal),
            Just(Axis::Action),
            Just(Axis::Resource),
            Just(Axis::Key("k".to_owned())),
        ];
        let pattern =
            prop_oneof![Just("*"), Just("a"), Just("a*"), Just("*b"), Just("ab"), Just("?"), Just("b?")];
        (axis, proptest::collection::vec(pattern, 1..3), any::<bool>()).prop_map(
            |(axis, patterns, turned)| {
                let face = Face::within(axis, patterns);
                if turned { face.turned() } else { face }
            },
        )
    }

    fn requests() -> impl Strategy<Value = Requests> {
        let faces = proptest::collection::vec(face(), 0..4);
        proptest::collection::vec(faces, 0..4).prop_map(Requests::of)
    }

    proptest! {
        #[test]
        fn a_set_covers_itself_and_leaves_nothing_of_itself(a in requests()) {
            prop_assert!(a.covers(&a).unwrap());
            prop_assert!(a.without(&a).unwrap().is_empty().unwrap());
            prop_assert_eq!(a.overlaps(&a).unwrap(), !a.is_empty().unwrap());
        }

        #[test]
        fn what_is_left_is_inside_and_apart(a in requests(), b in requests()) {
            let left = a.without(&b).unwrap();
            prop_assert!(a.covers(&left).unwrap());
            prop_assert!(!left.overlaps(&b).unwrap());
            prop_assert_eq!(left.is_empty().unwrap(), b.covers(&a).unwrap());
            let mut whole = left.clone();
            whole.boxes.extend(b.boxes.clone());
            prop_assert!(whole.covers(&a).unwrap());
            prop_assert_eq!(a.difference(&b).unwrap().is_some(), !left.is_empty().unwrap());
        }

        #[test]
        fn covering_is_transitive(a in requests(), b in requests(), c in requests()) {
            if a.covers(&b).unwrap() && b.covers(&c).unwrap() {
                prop_assert!(a.covers(&c).unwrap());
            }
        }
    }
}
