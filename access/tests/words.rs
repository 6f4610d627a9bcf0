//! What regions are called and how much they weigh: tables under `cases/words`, one a feature.

#[cfg(test)]
mod tables {
    use nhi_access::dialect::aws::{PolicyKind, parse};
    use nhi_access::{Comparison, Region, Settings, compare, pair, weigh, words};
    use serde_json::{Value, json};

    fn table(name: &str) -> Vec<Value> {
        let path = format!("{}/tests/cases/words/{name}.json", env!("CARGO_MANIFEST_DIR"));
        serde_json::from_str(&std::fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn difference(kind: PolicyKind, before: &Value, after: &Value) -> Comparison {
        let policy = |statements: &Value| {
            parse(&json!({"Version": "2012-10-17", "Statement": statements}).to_string(), kind).unwrap()
        };
        let (before, after) = pair(policy(before), policy(after));
        compare(&before, &after, &Settings::default())
    }

    /// Holds what each row says against what is said, and shows all rows that differ.
    fn check(name: &str, told: impl Fn(&Value) -> Vec<(Value, Value)>) {
        let wrong: Vec<String> = table(name)
            .iter()
            .flat_map(|row| told(row).into_iter().map(move |pair| (row, pair)))
            .filter(|(_, (expected, told))| expected != told)
            .map(|(row, (expected, told))| format!("{row}\n  expected {expected}\n  told     {told}"))
            .collect();
        assert!(wrong.is_empty(), "{name}:\n{}", wrong.join("\n"));
    }

    fn sentences(regions: &[Region], words: impl Fn(&Region) -> String) -> Value {
        Value::from(regions.iter().map(words).collect::<Vec<_>>())
    }

    #[test]
    fn resources() {
        check("resources", |row| {
            let after = json!([{"Effect": "Allow", "Action": "acme:Do", "Resource": row["resource"]}]);
            let found = difference(PolicyKind::Identity, &json!([]), &after);
            let expected = format!("may now `acme:Do` on {}", row["words"].as_str().unwrap());
            vec![(json!([expected]), sentences(&found.new, words::region))]
        });
    }

    #[test]
    fn conditions() {
        check("conditions", |row| {
            let bare = json!([{"Effect": "Allow", "Action": "acme:Do", "Resource": "*"}]);
            let mut held = bare.clone();
            held[0]["Condition"] = row["condition"].clone();
            let say =
                |key: &str| json!([format!("may now `acme:Do` on anything{}", row[key].as_str().unwrap())]);
            let when_held = difference(PolicyKind::Identity, &json!([]), &held);
            let when_broken = difference(PolicyKind::Identity, &held, &bare);
            vec![
                (say("held"), sentences(&when_held.new, words::region)),
                (say("broken"), sentences(&when_broken.new, words::region)),
            ]
        });
    }

    #[test]
    fn principals() {
        check("principals", |row| {
            let (kind, action) = match row["kind"].as_str().unwrap() {
                "trust" => (PolicyKind::Trust, "sts:AssumeRole"),
                _ => (PolicyKind::Resource, "s3:GetObject"),
            };
            let mut after = json!([{"Effect": "Allow", "Principal": row["principal"], "Action": action}]);
            if kind == PolicyKind::Resource {
                after[0]["Resource"] = json!("arn:aws:s3:::acme-data/*");
            }
            let found = difference(kind, &json!([]), &after);
            vec![(json!([row["sentence"]]), sentences(&found.new, words::of(kind)))]
        });
    }

    #[test]
    fn weights() {
        check("weights", |row| {
            let after = json!([{"Effect": "Allow", "Action": row["action"], "Resource": "*"}]);
            let found = difference(PolicyKind::Identity, &json!([]), &after);
            vec![(json!([row["weight"]]), sentences(&found.new, |region| format!("{:?}", weigh(region))))]
        });
    }

    #[test]
    fn whole_sentences() {
        check("sentences", |row| {
            let found = difference(PolicyKind::Identity, &row["before"], &row["after"]);
            let lost = |region: &Region| words::no_longer(&words::region(region));
            let mut told = vec![(row["new"].clone(), sentences(&found.new, words::region))];
            if row.get("reduced").is_some() {
                told.push((row["reduced"].clone(), sentences(&found.reduced, lost)));
            }
            told
        });
    }
}
