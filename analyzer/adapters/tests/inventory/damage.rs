//! Plans with one value replaced by another of the wrong shape: reading never panics, whatever stands there.

use nhi_analyzer_adapters::read;
use nhi_analyzer_input::{Plan, Settings};
use serde_json::{Value, json};

use crate::{cases, text};

#[test]
fn no_shape_of_a_value_panics() {
    let wrong =
        [json!(null), json!(true), json!([]), json!({}), json!("x"), json!([null, {"policy": 1}]), json!(7)];
    for case in cases() {
        let whole: Value = serde_json::from_slice(&text(&case)).unwrap();
        let mut paths = Vec::new();
        for part in ["resource_changes", "resource_drift", "configuration"] {
            if let Some(part_of_it) = whole.get(part) {
                walk(part_of_it, format!("/{part}"), &mut paths);
            }
        }
        // Long plans repeat themselves; a prime number of shapes keeps the stride from favouring one of them.
        let stride = paths.len() / 50 + 1;
        for (number, path) in paths.iter().step_by(stride).enumerate() {
            let mut damaged = whole.clone();
            *damaged.pointer_mut(path).unwrap() = wrong[number % wrong.len()].clone();
            let damaged = damaged.to_string();
            if let Ok(plan) = Plan::parse(&damaged) {
                let _ = read(&plan, &Settings::default(), None);
            }
        }
    }
}

fn walk(value: &Value, path: String, paths: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| walk(item, format!("{path}/{index}"), paths));
        }
        Value::Object(map) => {
            for (key, item) in map {
                let key = key.replace('~', "~0").replace('/', "~1");
                walk(item, format!("{path}/{key}"), paths);
            }
        }
        _ => {}
    }
    paths.push(path);
}
