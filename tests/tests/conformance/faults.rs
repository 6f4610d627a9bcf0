//! The simulator's own test: a provider without a fault passes, and each fault is named by its rule.

use std::process::{Command, Stdio};

use nhi_proto::Value;
use nhi_tests::simulator::broken::{FAULT, FAULTS, Fault, KIND};
use nhi_tests::simulator::{Action, Core, Trouble};
use serde_json::json;
use tempfile::TempDir;

use crate::exam;
use crate::values::value;

/// The provider that can break, with its socket in a folder that vanishes with it: a process that is killed leaves its
/// socket behind, and the number of a process comes again.
fn breaking(fault: Option<Fault>) -> Result<(Core, TempDir), Trouble> {
    let folder = TempDir::new().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_broken"));
    command.env("TMPDIR", folder.path()).stderr(Stdio::null());
    if let Some(fault) = fault {
        command.env(FAULT, fault.word());
    }
    Ok((Core::start(command)?, folder))
}

fn examined(fault: Option<Fault>) -> Result<(), Trouble> {
    let (core, _folder) = breaking(fault)?;
    exam::take(&core)
}

fn config(core: &Core, name: &str, note: &str) -> Value {
    value(&json!({ "name": name, "note": note, "mount": [] }), &core.kind(KIND).unwrap().ty)
}

#[test]
fn a_provider_without_fault_passes() {
    examined(None).unwrap();
}

#[test]
fn every_fault_is_named_by_its_rule() {
    let mut wrong = Vec::new();
    for (fault, rule) in FAULTS {
        match examined(Some(*fault)) {
            Err(trouble) if trouble.rule() == Some(*rule) => {}
            other => wrong.push(format!("{fault:?}, which breaks {rule:?}: {other:?}")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_fails_halfway_is_tainted_when_made_and_kept_when_changed() {
    let (core, _folder) = breaking(None).unwrap();
    let failing = config(&core, "one", "fail");
    let plan = core.plan(KIND, None, &failing).unwrap();
    let left = core.apply(&plan, &failing).unwrap();
    assert!(left.told.iter().any(|one| one.error && one.place == "note"), "{left:?}");
    assert!(left.tainted && left.instance.is_some(), "{left:?}");

    let whole = core.bring(KIND, None, &config(&core, "two", "well")).unwrap().instance;
    let failing = config(&core, "two", "fail");
    let plan = core.next(KIND, Some(&whole), &failing).unwrap();
    let left = core.apply(&plan, &failing).unwrap();
    assert!(!left.tainted && left.instance.is_some(), "{left:?}");
}

#[test]
fn what_is_gone_is_planned_anew() {
    let (core, _folder) = breaking(None).unwrap();
    let given = config(&core, "one", "well");
    let made = core.bring(KIND, None, &given).unwrap().instance;
    core.end(KIND, &made).unwrap();
    assert_eq!(core.next(KIND, Some(&made), &given).unwrap().action, Action::Create);
}
