//! Pairs of policies and what changed between them, one file a feature.

#[cfg(test)]
mod pairs {
    use nhi_access::dialect::aws::{self, PolicyKind};
    use nhi_access::{
        Content, Document, DocumentId, Layer, LayerKind, Settings, UnknownReason, Verdict, World, compare,
    };
    use serde_json::Value;

    /// A world from a case: a policy alone, or an object of layers.
    fn world(json: &Value, kind: &str) -> World {
        let mut world = World {
            principal: (kind == "identity").then(|| "arn:aws:iam::111122223333:role/app".to_owned()),
            resource: None,
            account: Some("111122223333".to_owned()),
            layers: Vec::new(),
        };
        match json.get("layers") {
            Some(Value::Array(layers)) => {
                for layer in layers {
                    let name = layer["kind"].as_str().unwrap();
                    let documents = layer["documents"].as_array().unwrap();
                    let documents =
                        documents.iter().enumerate().map(|(index, json)| document(json, name, index));
                    world.layers.push(Layer { kind: layer_kind(name), documents: documents.collect() });
                }
            }
            _ => {
                world.layers.push(Layer { kind: layer_kind(kind), documents: vec![document(json, kind, 0)] });
            }
        }
        world
    }

    fn layer_kind(name: &str) -> LayerKind {
        match name {
            "identity" => LayerKind::Identity,
            "resource" => LayerKind::Resource,
            "trust" => LayerKind::Trust,
            "boundary" => LayerKind::Boundary,
            "session" => LayerKind::Session,
            "scp" => LayerKind::ServiceControl,
            "rcp" => LayerKind::ResourceControl,
            other => panic!("no layer `{other}`"),
        }
    }

    /// A policy; `{"unknown": "…"}` is an unknown document, and the text `<unknown>` an unknown entry.
    fn document(json: &Value, kind: &str, index: usize) -> Document {
        let id =
            json.get("id").and_then(Value::as_str).map_or_else(|| format!("{kind}-{index}"), str::to_owned);
        if json.get("unknown").is_some() {
            return Document { id: DocumentId(id), content: Content::Unknown(UnknownReason::AfterApply) };
        }
        let mut json = json.clone();
        json.as_object_mut().unwrap().remove("id");
        let kind = match kind {
            "trust" => PolicyKind::Trust,
            "resource" | "rcp" => PolicyKind::Resource,
            _ => PolicyKind::Identity,
        };
        let mut policy = aws::parse(&json.to_string(), kind).unwrap();
        for statement in &mut policy.statements {
            let (aws::Element::In(items) | aws::Element::NotIn(items)) = &mut statement.action;
            blank(items);
            let (aws::Element::In(items) | aws::Element::NotIn(items)) = &mut statement.resource;
            blank(items);
            statement.conditions.iter_mut().for_each(|condition| blank(&mut condition.values));
        }
        Document { id: DocumentId(id), content: Content::Aws(policy) }
    }

    fn blank(items: &mut [aws::Item]) {
        for item in items.iter_mut().filter(|item| item.text() == Some("<unknown>")) {
            *item = aws::Item::Unknown;
        }
    }

    fn name(verdict: Verdict) -> &'static str {
        match verdict {
            Verdict::NoNewAccess => "none",
            Verdict::NewAccess => "new",
            Verdict::Undecided => "undecided",
        }
    }

    #[test]
    fn pairs_of_policies_compare_as_said() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/differences");
        let mut files: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let (mut count, mut wrong) = (0, Vec::new());
        for file in files {
            let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(&file).unwrap())
                .unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            for case in cases {
                count += 1;
                let kind = case["kind"].as_str().unwrap_or("identity");
                let (before, after) = (world(&case["before"], kind), world(&case["after"], kind));
                let found = compare(&before, &after, &Settings::default());
                let back = compare(&after, &before, &Settings::default());
                let title = format!("{}: {}", file.file_stem().unwrap().to_string_lossy(), case["name"]);
                let mut check = |what: &str, expected: Option<&str>, got: String| {
                    if let Some(expected) = expected
                        && expected != got
                    {
                        wrong.push(format!("{title}: {what} is {got}, not {expected}\n    {found:?}"));
                    }
                };
                check("verdict", case["verdict"].as_str(), name(found.verdict).to_owned());
                check("way back", case["back"].as_str(), name(back.verdict).to_owned());
                check("mismatches", Some("0"), (found.mismatches + back.mismatches).to_string());
                let first = found.new.first();
                let cause = first.map(|region| format!("{:?}", region.because)).unwrap_or_default();
                check("cause", case["because"].as_str(), cause);
                check(
                    "text",
                    case["text"].as_str(),
                    first.map(nhi_access::words::region).unwrap_or_default(),
                );
                let regions = case["regions"].as_u64().map(|count| count.to_string());
                check("regions", regions.as_deref(), found.new.len().to_string());
            }
        }
        assert!(wrong.is_empty(), "{} of {count} cases:\n{}", wrong.len(), wrong.join("\n"));
    }
}
