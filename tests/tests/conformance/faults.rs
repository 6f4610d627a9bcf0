//! The simulator's own test: a provider without a fault passes, and each fault is named by its rule.

use std::process::{Command, Stdio};

use nhi_tests::simulator::broken::{FAULT, FAULTS, Fault};
use nhi_tests::simulator::{Core, Trouble};

use crate::exam;

fn examined(fault: Option<Fault>) -> Result<(), Trouble> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_broken"));
    command.stderr(Stdio::null());
    if let Some(fault) = fault {
        command.env(FAULT, fault.word());
    }
    exam::take(&Core::start(command)?)
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
