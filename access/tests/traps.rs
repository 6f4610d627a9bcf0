//! Where naive tools go wrong, one file a trap; and texts that are no policies, with what is said of them.

#[cfg(test)]
mod traps {
    use std::fmt::Write;

    use nhi_access::dialect::aws::{self, PolicyKind};
    use nhi_access::{Settings, Verdict, compare, pair};
    use serde_json::Value;

    #[test]
    fn no_trap_catches() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/traps");
        let mut wrong = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let file = entry.unwrap().path();
            let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
            for case in cases {
                let kind = match case["kind"].as_str().unwrap() {
                    "identity" => PolicyKind::Identity,
                    "resource" => PolicyKind::Resource,
                    _ => PolicyKind::Trust,
                };
                let read = |side: &str| aws::parse(&case[side].to_string(), kind).unwrap();
                let (before, after) = pair(read("before"), read("after"));
                let found = compare(&before, &after, &Settings::default());
                let verdict = match found.verdict {
                    Verdict::NoNewAccess => "none",
                    Verdict::NewAccess => "new",
                    Verdict::Undecided => "undecided",
                };
                if case["verdict"] != verdict || found.mismatches > 0 {
                    wrong.push(format!("{}: {}: {verdict}", file.display(), case["name"]));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn what_is_no_policy_is_told_by_its_place() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/unreadable.json");
        let cases: Vec<(String, Option<String>)> =
            serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
        let mut wrong = Vec::new();
        for (text, expected) in cases {
            let found = aws::parse(&text, PolicyKind::Identity).err().map(|error| error.to_string());
            let agrees = match (&found, &expected) {
                (Some(found), Some(expected)) => found.contains(expected),
                (found, expected) => found.is_none() && expected.is_none(),
            };
            if !agrees {
                wrong.push(format!("{text}: {found:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn what_is_long_or_deep_is_read_or_refused() {
        let mut long = r#"{"Statement":["#.to_owned();
        for number in 0..100_000 {
            let comma = if number == 0 { "" } else { "," };
            write!(long, r#"{comma}{{"Effect":"Deny","Action":"a:{number}","Resource":"*"}}"#).unwrap();
        }
        long.push_str("]}");
        assert!(long.len() > 2_000_000);
        assert_eq!(aws::parse(&long, PolicyKind::Identity).unwrap().statements.len(), 100_000);
        let deep = format!(r#"{{"Statement":{}"#, "[".repeat(1_000_000));
        let error = aws::parse(&deep, PolicyKind::Identity).unwrap_err().to_string();
        assert!(error.contains("line 1"), "{error}");
    }
}
