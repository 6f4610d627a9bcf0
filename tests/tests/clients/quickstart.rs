//! The quickstart, from an empty folder to an empty register.

use std::fs;

use anyhow::{Result, ensure};
use nhi_tests::client::nhi;
use nhi_tests::process::run;
use nhi_tests::sandbox::Sandbox;

/// `plan -detailed-exitcode`: nothing to do, and something to do.
const EMPTY: i32 = 0;
const CHANGES: i32 = 2;

pub(crate) fn from_init_to_destroy(sandbox: &Sandbox) -> Result<()> {
    sandbox.copy("examples/quickstart")?;
    sandbox.run(&["init", "-no-color"])?.ended_with(0)?;
    sandbox.run(&["apply", "-no-color", "-auto-approve"])?.ended_with(0)?;
    sandbox.run(&["plan", "-no-color", "-detailed-exitcode"])?.ended_with(EMPTY)?;

    let change = ["plan", "-no-color", "-detailed-exitcode", "-var=with_trainer=true", "-out=change.tfplan"];
    sandbox.run(&change)?.ended_with(CHANGES)?;
    check(sandbox)?;
    sandbox.run(&["apply", "-no-color", "change.tfplan"])?.ended_with(0)?;
    let again = ["plan", "-no-color", "-detailed-exitcode", "-var=with_trainer=true"];
    sandbox.run(&again)?.ended_with(EMPTY)?;

    // What the state forgets is still in the register, and comes back as it was.
    for (address, id) in [("nhi_zone.serve", "serve"), ("nhi_identity.trainer[0]", "fraud-trainer")] {
        sandbox.run(&["state", "rm", address])?.ended_with(0)?;
        sandbox.run(&["import", "-no-color", "-var=with_trainer=true", address, id])?.ended_with(0)?;
    }
    sandbox.run(&again)?.ended_with(EMPTY)?;

    sandbox.run(&["destroy", "-no-color", "-auto-approve", "-var=with_trainer=true"])?.ended_with(0)?;
    let left = sandbox.run(&["state", "list"])?.ended_with(0)?.stdout;
    ensure!(left.is_empty(), "destroy left {left}");
    // Nothing in the register holds on to a name: the same configuration applies again.
    sandbox.run(&["apply", "-no-color", "-auto-approve"])?.ended_with(0)?;
    Ok(())
}

/// The change declares a job on production data without federation: `nhi check` says so, below its threshold, under whichever client made the plan.
fn check(sandbox: &Sandbox) -> Result<()> {
    let shown = sandbox.run(&["show", "-no-color", "-json", "change.tfplan"])?.ended_with(0)?;
    fs::write(sandbox.work().join("change.json"), shown.stdout)?;
    let Some(nhi) = nhi().or_skip("nhi check of the quickstart")? else { return Ok(()) };
    let told =
        run(sandbox.command(&nhi).args(["check", "change.json", "--format", "json"]))?.ended_with(0)?;
    for part in ["\"unfederated-tier\"", "fraud-trainer", "main.tf"] {
        ensure!(told.stdout.contains(part), "the report does not name {part}:\n{}", told.stdout);
    }
    Ok(())
}
