//! Values rebuilt from sources: what the plan knows must come out as it knows it, and what it does not know is named.
#![expect(clippy::unwrap_used, reason = "files of the repository are read by what stands around the tests")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use nhi_analyzer_input::rebuild::Segment;
use nhi_analyzer_input::{Actions, Extent, Holed, MemorySources, Plan, Rebuilder, Rebuilt, Value};
use nhi_analyzer_model::AttributePath;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn folders(of: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(of).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.is_dir());
    found.sort();
    found
}

/// Every file below a folder that is part of a configuration.
fn sources(folder: &Path) -> MemorySources {
    fn add(mut sources: MemorySources, root: &Path, folder: &Path) -> MemorySources {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources = add(sources, root, &path);
            } else if !path.ends_with("plan.json") && !path.ends_with("applied.json") {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                sources = sources.with(&name, fs::read(&path).unwrap());
            }
        }
        sources
    }
    add(MemorySources::default(), folder, folder)
}

/// The files of a scenario, which keeps them in one text.
fn scenario(folder: &Path) -> Option<MemorySources> {
    let text = fs::read_to_string(folder.join("after.tf.txt")).ok()?;
    let mut files = vec![("main.tf".to_owned(), String::new())];
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("#--- ") {
            Some(name) => files.push((name.trim().to_owned(), String::new())),
            None => files.last_mut().unwrap().1.push_str(line),
        }
    }
    Some(files.into_iter().fold(MemorySources::default(), |sources, (name, text)| sources.with(&name, text)))
}

fn shown(rebuilt: &Rebuilt) -> String {
    let piece = |segment: &Segment| match segment {
        Segment::Text(text) => text.clone(),
        Segment::Reference(reference) => match reference.extent {
            Extent::Value => format!("‹{}: value›", reference.text),
            Extent::Text => format!("‹{}›", reference.text),
        },
    };
    rebuilt.segments.iter().map(piece).collect()
}

/// The value as JSON; unknown parts are told by their references.
fn json(value: &Holed) -> serde_json::Value {
    match value {
        Holed::Null => serde_json::Value::Null,
        Holed::Bool(answer) => (*answer).into(),
        Holed::Number(digits) => serde_json::from_str(digits).unwrap(),
        Holed::Text(text) => shown(text).into(),
        Holed::List(items) => items.iter().map(json).collect(),
        Holed::Object(entries) => entries.iter().map(|(key, value)| (key.clone(), json(value))).collect(),
        Holed::Reference(reference) => format!("‹{}: value›", reference.text).into(),
    }
}

fn holes(value: &Holed) -> usize {
    match value {
        Holed::Text(text) => text.references().count(),
        Holed::List(items) => items.iter().map(holes).sum(),
        Holed::Object(entries) => entries.iter().map(|(_, value)| holes(value)).sum(),
        Holed::Reference(_) => 1,
        _ => 0,
    }
}

fn planned(value: &Value) -> serde_json::Value {
    match value {
        Value::Bool(answer) => (*answer).into(),
        Value::Number(digits) => serde_json::from_str(digits).unwrap(),
        Value::String(text) => text.clone().into(),
        Value::List(items) => items.iter().map(planned).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), planned(value))).collect(),
        Value::Null | Value::Unknown | Value::Sensitive(_) => serde_json::Value::Null,
    }
}

/// A text that holds JSON is what it says, and providers write the order of sets and some spellings anew.
fn meaning(value: serde_json::Value, strict: bool) -> serde_json::Value {
    use serde_json::Value as Json;
    match value {
        Json::String(text) if text.starts_with(['{', '[']) => {
            serde_json::from_str::<Json>(&text).map_or(Json::String(text), |inner| meaning(inner, strict))
        }
        // The provider keeps an issuer without its scheme.
        Json::String(text) if !strict => Json::String(text.trim_start_matches("https://").to_owned()),
        Json::String(text) => Json::String(text),
        Json::Array(items) => {
            let mut items: Vec<Json> = items.into_iter().map(|item| meaning(item, strict)).collect();
            if !strict {
                items.sort_by_key(ToString::to_string);
            }
            if !strict && items.len() == 1 { items.remove(0) } else { Json::Array(items) }
        }
        Json::Object(map) => map.into_iter().map(|(key, item)| (key, meaning(item, strict))).collect(),
        Json::Number(number) => Json::Number(number),
        other => other,
    }
}

/// Rebuilds every written attribute that the plan knows; gives how many, and those that came out wrong.
fn law(plan: &Plan<'_>, sources: &MemorySources, strict: bool) -> (usize, Vec<String>) {
    let rebuilder = Rebuilder::new(plan, Some(sources));
    let (mut compared, mut wrong) = (0, Vec::new());
    for change in &plan.changes {
        if matches!(change.actions, Actions::Delete | Actions::Forget) || change.deposed {
            continue;
        }
        let after = change.after();
        for (name, value) in after.as_object().into_iter().flatten() {
            let path = AttributePath::of(name);
            let rebuilt = match rebuilder.evaluate(&change.address, &path) {
                Ok(Holed::Null) => continue,
                Ok(rebuilt) => rebuilt,
                Err(error) => {
                    if !value.is_unknown() && !value.is_sensitive() {
                        wrong.push(format!("{} {name}: {error}", change.address));
                    }
                    continue;
                }
            };
            // Blocks get attributes that nobody wrote.
            let is_block = matches!(&rebuilt, Holed::List(items) if items.iter().any(|item| matches!(item, Holed::Object(_)))
                && change.address.kind != "terraform_data");
            if is_block || !value.is_known() || holes(&rebuilt) > 0 {
                continue;
            }
            compared += 1;
            let (ours, theirs) = (meaning(json(&rebuilt), strict), meaning(planned(value), strict));
            if ours != theirs {
                wrong.push(format!("{} {name}:\n  rebuilt {ours}\n  planned {theirs}", change.address));
            }
        }
    }
    (compared, wrong)
}

#[test]
fn what_the_plan_knows_comes_out_as_it_knows_it() {
    for folder in folders(&here("tests/rebuild")) {
        let text = fs::read(folder.join("plan.json")).unwrap();
        let (compared, wrong) = law(&Plan::parse(&text).unwrap(), &sources(&folder), true);
        assert!(wrong.is_empty(), "{}:\n{}", folder.display(), wrong.join("\n"));
        assert!(compared > 0, "{}", folder.display());
    }
}

#[test]
fn recorded_plans_of_real_providers_come_out_as_they_are() {
    let mut compared = 0;
    let mut wrong = Vec::new();
    for folder in folders(&here("../../tests/cases/scenarios")) {
        let Some(sources) = scenario(&folder) else { continue };
        let text = fs::read(folder.join("plan.json")).unwrap();
        let (count, bad) = law(&Plan::parse(&text).unwrap(), &sources, false);
        compared += count;
        wrong.extend(bad.into_iter().map(|bad| format!("{}: {bad}", folder.display())));
    }
    let example = here("../../examples/pull-request");
    let text = fs::read(example.join("plan.json")).unwrap();
    let (count, bad) = law(&Plan::parse(&text).unwrap(), &sources(&example), false);
    wrong.extend(bad);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared + count > 500, "only {compared} compared");
}

#[test]
fn what_the_plan_does_not_know_is_named() {
    for folder in folders(&here("tests/rebuild")) {
        let Ok(expected) = fs::read_to_string(folder.join("expected.tsv")) else { continue };
        let text = fs::read(folder.join("plan.json")).unwrap();
        let plan = Plan::parse(&text).unwrap();
        let sources = sources(&folder);
        let rebuilder = Rebuilder::new(&plan, Some(&sources));
        let mut told: BTreeMap<String, String> = BTreeMap::new();
        for change in &plan.changes {
            let path = AttributePath::of("input");
            let answer = match rebuilder.evaluate(&change.address, &path) {
                Ok(Holed::Text(text)) => shown(&text),
                Ok(value) => json(&value).to_string(),
                Err(error) => format!("error: {error}"),
            };
            told.insert(change.address.to_string(), answer.replace('\n', "⏎"));
        }
        let told: Vec<String> = told.iter().map(|(address, answer)| format!("{address}\t{answer}")).collect();
        let told = told.join("\n") + "\n";
        assert_eq!(told, expected, "{}:\n{told}", folder.display());
    }
}

/// Every resource of a state, by address.
fn applied(module: &serde_json::Value, into: &mut BTreeMap<String, serde_json::Value>) {
    for resource in module["resources"].as_array().into_iter().flatten() {
        into.insert(resource["address"].as_str().unwrap().to_owned(), resource["values"].clone());
    }
    for child in module["child_modules"].as_array().into_iter().flatten() {
        applied(child, into);
    }
}

/// The text with the values that its references turned out to have; `None` where one is made by a function.
fn filled(rebuilt: &Rebuilt, values: &BTreeMap<String, serde_json::Value>) -> Option<String> {
    let mut text = String::new();
    let mut quoted = false;
    for segment in &rebuilt.segments {
        match segment {
            Segment::Text(known) => {
                text.push_str(if quoted { known.strip_prefix('"').unwrap() } else { known });
                quoted = false;
            }
            Segment::Reference(reference) => {
                let (resource, path) = (reference.resource.as_ref()?, reference.attribute.as_ref()?);
                let value = values.get(&resource.to_string())?.get(path.first()?)?;
                assert_eq!(path.0.len(), 1, "{reference:?}");
                match reference.extent {
                    Extent::Text => text.push_str(value.as_str().unwrap()),
                    Extent::Value => {
                        assert_eq!(text.pop(), Some('"'));
                        text.push_str(&value.to_string());
                        quoted = true;
                    }
                }
            }
        }
    }
    Some(text)
}

#[test]
fn rebuilt_texts_are_what_they_turn_out_to_be() {
    let folder = here("tests/rebuild/holes");
    let text = fs::read(folder.join("plan.json")).unwrap();
    let plan = Plan::parse(&text).unwrap();
    let sources = sources(&folder);
    let rebuilder = Rebuilder::new(&plan, Some(&sources));
    let state: serde_json::Value =
        serde_json::from_slice(&fs::read(folder.join("applied.json")).unwrap()).unwrap();
    let mut values = BTreeMap::new();
    applied(&state["values"]["root_module"], &mut values);
    let mut compared = 0;
    for change in &plan.changes {
        let Ok(rebuilt) = rebuilder.rebuild(&change.address, &AttributePath::of("input")) else { continue };
        let Some(text) = filled(&rebuilt, &values) else { continue };
        let real = values[&change.address.to_string()]["input"].as_str().unwrap().to_owned();
        // What is spliced into a list stands for its elements.
        if change.address.name != "spliced" {
            let (ours, theirs) = (meaning(text.into(), false), meaning(real.into(), false));
            assert_eq!(ours, theirs, "{}", change.address);
            compared += 1;
        }
    }
    assert!(compared >= 20, "only {compared} compared");
}
