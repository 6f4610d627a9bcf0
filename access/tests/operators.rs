//! Every condition operator: rows of `[operator, values of the policy, values of the request or null, does it hold]`,
//! asked of the evaluator and, with the context pinned by further conditions, of the search.

#[cfg(test)]
mod operators {
    use std::collections::BTreeMap;

    use nhi_access::dialect::aws::{self, PolicyKind};
    use nhi_access::{Decision, Reading, Request, Settings, Verdict, alone, compare, evaluate};
    use serde_json::{Value, json};

    /// Conditions that only a context with exactly these values of `k` obeys.
    fn pins(values: Option<&[Value]>) -> Vec<(String, Value)> {
        match values {
            None => vec![("Null".to_owned(), json!("true"))],
            Some([]) => Vec::new(),
            Some([one]) => {
                vec![("StringEquals".to_owned(), one.clone()), ("Null".to_owned(), json!("false"))]
            }
            Some(many) => vec![
                ("ForAllValues:StringEquals".to_owned(), json!(many)),
                ("Null".to_owned(), json!("false")),
            ],
        }
    }

    fn wrong(row: &Value) -> Option<String> {
        let (operator, wanted) = (row[0].as_str().unwrap(), &row[1]);
        let (values, holds) = (row[2].as_array(), row[3].as_bool().unwrap());
        let policy = |conditions: &[(String, Value)]| {
            let statement = json!({"Effect": "Allow", "Action": "a:b", "Resource": "*"});
            let mut document = json!({"Version": "2012-10-17", "Statement": [statement]});
            for (operator, values) in conditions {
                document["Statement"][0]["Condition"][operator]["k"] = values.clone();
            }
            alone(aws::parse(&document.to_string(), PolicyKind::Identity).unwrap())
        };
        let own = (operator.to_owned(), wanted.clone());
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let context: BTreeMap<String, Vec<String>> =
            values.map(|list| ("K".to_owned(), list.iter().map(text).collect())).into_iter().collect();
        let request = Request {
            principal: "arn:aws:iam::111122223333:role/r".to_owned(),
            action: "a:b".to_owned(),
            resource: "*".to_owned(),
            context,
        };
        let found =
            evaluate(&policy(std::slice::from_ref(&own)), &request, Reading::default()) == Decision::Allowed;
        if found != holds {
            return Some(format!("{row}: the evaluator says {found}"));
        }
        let pins = pins(values.map(Vec::as_slice));
        // A pin of the same operator would take the condition's place, and nothing pins an empty list.
        if pins.is_empty() || pins.iter().any(|(name, _)| name.eq_ignore_ascii_case(operator)) {
            return None;
        }
        let pinned: Vec<(String, Value)> = pins.into_iter().chain([own]).collect();
        let nothing = alone(aws::parse(r#"{"Statement": []}"#, PolicyKind::Identity).unwrap());
        let compared = compare(&nothing, &policy(&pinned), &Settings::default());
        let several = values.is_some_and(|list| list.len() > 1);
        let agrees = match compared.verdict {
            Verdict::NewAccess => holds || several,
            Verdict::NoNewAccess => !holds,
            Verdict::Undecided => true,
        };
        (!agrees || compared.mismatches > 0).then(|| format!("{row}: the search says {:?}", compared.verdict))
    }

    #[test]
    fn every_operator_holds_as_said() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/operators");
        let mut count = 0;
        let mut all = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            let rows: Vec<Value> = serde_json::from_str(&text).unwrap();
            count += rows.len();
            all.extend(rows.iter().filter_map(wrong));
        }
        assert!(all.is_empty(), "{} of {count}:\n{}", all.len(), all.join("\n"));
        assert!(count > 250, "{count}");
    }
}
