//! The same pairs under each way of reading the disputed points, each verdict derived by hand.

#[cfg(test)]
mod semantics {
    use nhi_access::dialect::aws::{self, PolicyKind};
    use nhi_access::{Comparison, Semantics, Settings, Verdict, compare, pair};
    use serde_json::Value;

    fn ask(case: &Value, (before, after): (&str, &str), semantics: Semantics) -> Comparison {
        let kind = match case["kind"].as_str().unwrap() {
            "identity" => PolicyKind::Identity,
            "resource" => PolicyKind::Resource,
            _ => PolicyKind::Trust,
        };
        let read = |side: &str| aws::parse(&case[side].to_string(), kind).unwrap();
        let (before, after) = pair(read(before), read(after));
        compare(&before, &after, &Settings { semantics, ..Settings::default() })
    }

    fn name(found: &Comparison) -> &'static str {
        match found.verdict {
            Verdict::NoNewAccess => "none",
            Verdict::NewAccess => "new",
            Verdict::Undecided => "undecided",
        }
    }

    /// A case says what `zelkova` answers, and what it does the other way round. Where another semantics may answer
    /// otherwise, the case has `differs`, and what is then new names its reading.
    #[test]
    fn pairs_under_every_semantics() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/semantics");
        let (mut count, mut wrong) = (0, Vec::new());
        for entry in std::fs::read_dir(folder).unwrap() {
            let file = entry.unwrap().path();
            let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(&file).unwrap())
                .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            for case in &cases {
                for (way, expected) in [(("before", "after"), "zelkova"), (("after", "before"), "back")] {
                    count += 1;
                    let expected = case[expected].as_str().unwrap();
                    let title = format!("{}: {}", file.file_stem().unwrap().to_string_lossy(), case["name"]);
                    let title = if way.0 == "before" { title } else { format!("{title}, back") };
                    for semantics in
                        [Semantics::Zelkova, Semantics::Every, Semantics::Segment, Semantics::Crossing]
                    {
                        let found = ask(case, way, semantics);
                        let got = name(&found);
                        let fixed = semantics == Semantics::Zelkova || case["differs"] != true;
                        if (fixed && got != expected) || got == "undecided" || found.mismatches > 0 {
                            wrong.push(format!("{title}: {got} under {semantics:?}: {:?}", found.undecided));
                        }
                        let named = found.new.iter().all(|region| region.reading.is_some());
                        let answers = (semantics, expected, got);
                        if answers == (Semantics::Every, "none", "new") && !named {
                            wrong.push(format!("{title}: no reading is named"));
                        }
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
        assert!(count > 150, "{count}");
    }
}
