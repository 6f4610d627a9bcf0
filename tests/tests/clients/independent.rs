//! The packaged provider under a client of the plugin protocol that shares no code with us: its own handshake, mutual TLS,
//! messages and values.

use anyhow::{Context, Result, ensure};
use nhi_tests::repository::root;
use nhi_tests::sandbox::Sandbox;
use serde_json::{Value, json};

/// The owner's state.
fn owner(description: Option<&str>) -> Value {
    json!({
        "id": "team-platform",
        "name": "team-platform",
        "accountable": ["alice@example.com"],
        "backup": ["bob@example.com"],
        "description": description,
        "labels": null,
    })
}

fn plan(step: &str, planned: &Value) -> Value {
    json!({
        "call": "PlanResourceChange",
        "step": step,
        "diagnostics": [],
        "planned": planned,
        "replaces": 0,
    })
}

fn state(call: &str, step: &str, state: &Value) -> Value {
    json!({ "call": call, "step": step, "diagnostics": [], "state": state })
}

/// Every call and its answer, in order. No answer may bring a diagnostic that is not here.
fn expected() -> Vec<Value> {
    let (created, changed) = (owner(None), owner(Some("Runs pipelines.")));
    vec![
        json!({ "call": "handshake", "protocol": 6, "client_certificate": true, "server_certificate": true }),
        json!({
            "call": "GetProviderSchema",
            "diagnostics": [],
            "resource": true,
            "required": ["accountable", "backup", "name"],
        }),
        json!({ "call": "ValidateResourceConfig", "config": "good", "diagnostics": [] }),
        json!({
            "call": "ValidateResourceConfig",
            "config": "refused",
            "diagnostics": [{
                "severity": "ERROR",
                "at": ["backup"],
                "summary": "`alice@example.com` is accountable already",
                "detail": "A backup is somebody else: name a person or group that is not in `accountable`.",
            }],
        }),
        json!({ "call": "ConfigureProvider", "diagnostics": [] }),
        plan("create", &created),
        state("ApplyResourceChange", "create", &created),
        state("ReadResource", "created", &created),
        plan("again", &created),
        plan("change", &changed),
        state("ApplyResourceChange", "change", &changed),
        plan("delete", &Value::Null),
        state("ApplyResourceChange", "delete", &Value::Null),
        state("ReadResource", "deleted", &Value::Null),
        json!({ "call": "StopProvider", "error": "" }),
        json!({ "call": "Shutdown", "exit": 0 }),
    ]
}

pub(crate) fn from_schema_to_shutdown(sandbox: &Sandbox) -> Result<()> {
    let script = root().join("tests/clients/tofusoup/drive.py");
    let (script, provider) = (script.display().to_string(), sandbox.provider().display().to_string());
    let outcome = sandbox.run(&[&script, &provider])?.ended_with(0)?;
    let told = outcome
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).with_context(|| format!("not an answer: {line}")))
        .collect::<Result<Vec<Value>>>()?;
    for (told, expected) in told.iter().zip(expected()) {
        ensure!(*told == expected, "expected {expected:#}\ngot {told:#}\n--- stderr\n{}", outcome.stderr);
    }
    ensure!(told.len() == expected().len(), "{} answers:\n{}", told.len(), outcome.stdout);
    Ok(())
}
