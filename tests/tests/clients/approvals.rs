//! What is asked for in HCL and approved by others: it appears with an approval, and disappears with its end.

use std::path::Path;

use anyhow::{Result, ensure};
use nhi_tests::process::Outcome;
use nhi_tests::sandbox::Sandbox;

use crate::register::register;

const EMPTY: i32 = 0;
const CHANGES: i32 = 2;

/// A folder of files, a provider that is told what time it is, and people who use it.
struct Desk {
    sandbox: Sandbox,
}

impl Desk {
    fn new(sandbox: &Sandbox, case: &str) -> Result<Self> {
        let sandbox = sandbox.with_provider(Path::new(env!("CARGO_BIN_EXE_clocked")))?;
        sandbox.copy(&format!("tests/tests/clients/approvals/{case}"))?;
        let desk = Self { sandbox };
        desk.run("alice", "2026-11-01T00:00:00Z", &["init", "-no-color"])?.ended_with(0)?;
        Ok(desk)
    }

    fn run(&self, person: &str, now: &str, arguments: &[&str]) -> Result<Outcome> {
        self.sandbox.run_with(&[("NHI_ACTOR", person), ("NHI_TEST_NOW", now)], arguments)
    }

    fn apply(&self, person: &str, now: &str) -> Result<Outcome> {
        self.run(person, now, &["apply", "-no-color", "-auto-approve"])
    }

    /// Plans, and holds the plan to whether there is something to do.
    fn planned(&self, now: &str, exit: i32) -> Result<String> {
        let plan = ["plan", "-no-color", "-detailed-exitcode"];
        Ok(self.run("alice", now, &plan)?.ended_with(exit)?.stdout)
    }

    /// Applies, and answers what the register says of each exception by then.
    fn standing(&self, now: &str) -> Result<String> {
        self.apply("alice", now)?.ended_with(0)?;
        Ok(self.run("alice", now, &["output", "-json", "standing"])?.ended_with(0)?.stdout.trim().to_owned())
    }

    /// `nhi register …`, as a person calls it.
    fn register(&self, person: &str, now: &str, arguments: &[&str]) -> Result<(u8, String)> {
        register(&self.sandbox, (person, Some(now)), arguments)
    }
}

fn holds(text: &str, parts: &[&str]) -> Result<()> {
    for part in parts {
        ensure!(text.contains(part), "`{part}` is not in\n{text}");
    }
    Ok(())
}

pub(crate) fn a_grant_appears_and_disappears(sandbox: &Sandbox) -> Result<()> {
    let desk = Desk::new(sandbox, "request")?;
    let (asked, later, past) = ("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z", "2026-12-01T00:00:00Z");
    desk.apply("alice", asked)?.ended_with(0)?;
    // Nobody has approved it: nothing is granted, however often one applies.
    ensure!(desk.standing(asked)? == r#"{"debug":"unapproved"}"#);
    desk.planned(asked, EMPTY)?;
    let (exit, told) = desk.register("Alice", later, &["approve", "exception", "debug"])?;
    ensure!(exit == 1, "{told}");
    holds(&told, &["`Alice` asked for it and cannot approve it too"])?;
    desk.planned(later, EMPTY)?;

    let (exit, told) = desk.register("bob", later, &["approve", "exception", "debug"])?;
    ensure!(exit == 0, "{told}");
    holds(&told, &["bob (NHI_ACTOR) approved", "it is active", "not a control"])?;
    holds(&desk.planned(later, CHANGES)?, &["terraform_data.grant[\"debug\"] will be created", "1 to add"])?;
    ensure!(desk.standing(later)? == r#"{"debug":"active"}"#);
    desk.planned(later, EMPTY)?;
    desk.planned("2026-11-30T23:59:59Z", EMPTY)?;

    // It ended: what it granted goes, and the exception itself is as it was declared.
    let plan = desk.planned(past, CHANGES)?;
    holds(
        &plan,
        &["terraform_data.grant[\"debug\"] will be destroyed", "0 to add, 0 to change, 1 to destroy"],
    )?;
    ensure!(desk.standing(past)? == r#"{"debug":"expired"}"#);
    desk.planned(past, EMPTY)?;

    // Asked for longer, it needs another approval.
    let longer = ["apply", "-no-color", "-auto-approve", "-var=expires_at=2027-01-01T00:00:00Z"];
    for _ in 0..2 {
        desk.run("alice", past, &longer)?.ended_with(0)?;
    }
    let told = desk.run("alice", past, &["output", "-json", "standing"])?.ended_with(0)?.stdout;
    ensure!(told.trim() == r#"{"debug":"unapproved"}"#, "{told}");
    let revoke = ["revoke", "exception", "debug", "--reason", "The import is done."];
    let (exit, told) = desk.register("eve", past, &revoke)?;
    ensure!(exit == 0, "{told}");
    let (exit, told) = desk.register("bob", past, &["approve", "exception", "debug"])?;
    ensure!(exit == 1 && told.contains("was revoked by eve"), "{told}");
    Ok(())
}

pub(crate) fn somebody_is_raised_while_a_run_lasts(sandbox: &Sandbox) -> Result<()> {
    let desk = Desk::new(sandbox, "grant")?;
    let (now, later) = ("2026-11-01T00:00:00Z", "2026-11-01T01:00:00Z");
    desk.apply("alice", now)?.ended_with(0)?;
    let text = std::fs::read_to_string(desk.sandbox.work().join("use.tf.later"))?;
    desk.sandbox.write("use.tf", &text)?;
    let refused = desk.apply("carol@example.com", now)?.ended_with(1)?;
    let told = refused.stdout.clone() + &refused.stderr;
    holds(&told, &["The elevation is not active", "elevation = \"incident\"", "it has 0 of 1"])?;

    let (exit, told) = desk.register("bob", now, &["approve", "elevation", "incident"])?;
    ensure!(exit == 0, "{told}");
    desk.apply("carol@example.com", later)?.ended_with(0)?;
    // Clients differ in how often they open one; none is left open.
    let (_, log) = desk.register("eve", later, &["log", "--object", "grant"])?;
    let (opened, closed) = (log.matches(": open grant").count(), log.matches(": close grant").count());
    ensure!(opened > 0 && opened == closed, "{opened} were opened and {closed} closed:\n{log}");
    let state = std::fs::read_to_string(desk.sandbox.work().join("terraform.tfstate"))?;
    ensure!(!state.contains("grant_id"), "a state keeps what is ephemeral");
    // Ten hours after it was given, the approval is no longer live.
    let late = desk.apply("carol@example.com", "2026-11-01T10:00:00Z")?.ended_with(1)?;
    holds(&(late.stdout.clone() + &late.stderr), &["it has 0 of 1"])
}

pub(crate) fn actions_do_what_they_say(sandbox: &Sandbox) -> Result<()> {
    let desk = Desk::new(sandbox, "actions")?;
    let now = "2026-11-01T00:00:00Z";
    let made = desk.apply("alice", now)?.ended_with(0)?.stdout;
    holds(
        &made,
        &["nhi_credential `partner` of nhi_identity `deploy` (owner `platform`) was never recorded"],
    )?;
    let invoke = |person: &str, action: &str| {
        desk.run(person, now, &["apply", "-no-color", "-auto-approve", &format!("-invoke=action.{action}")])
    };
    let refused = invoke("alice", "nhi_approve.debug")?.ended_with(1)?;
    let told = refused.stdout.clone() + &refused.stderr;
    holds(&told, &["This run could not approve it", "`alice` asked for it and cannot approve it"])?;
    for (person, action, says) in [
        (
            "bob",
            "nhi_approve.debug",
            "bob (NHI_ACTOR) approved nhi_exception `debug`, which alice asked for; it is active",
        ),
        ("eve", "nhi_revoke.debug", "eve revoked nhi_exception `debug`"),
        ("eve", "nhi_revoke.debug", "was revoked by eve at 2026-11-01T00:00:00Z; nothing was changed"),
        ("eve", "nhi_rotate_due.all", "alice asked for its rotation at 2026-11-01T00:00:00Z"),
        (
            "eve",
            "nhi_rotate_due.partner",
            "eve (NHI_ACTOR) recorded that nhi_credential `partner` was exchanged",
        ),
        ("eve", "nhi_rotate_due.all", "no rotation is due"),
        ("bob", "nhi_attest_review.quarter", "attested nhi_identity `deploy` in nhi_review `quarter`: keep"),
    ] {
        holds(&invoke(person, action)?.ended_with(0)?.stdout, &[says])?;
    }
    let stranger = invoke("eve", "nhi_attest_review.quarter")?.ended_with(1)?;
    holds(&(stranger.stdout.clone() + &stranger.stderr), &["is not a reviewer of `quarter`"])?;
    let (exit, told) = desk.register("bob", now, &["attest", "quarter", "change", "--identity", "deploy"])?;
    ensure!(exit == 0 && told.contains("in nhi_review `quarter`: change"), "{told}");
    // Actions leave nothing in a state: there is nothing to do.
    desk.planned(now, EMPTY)?;
    let (exit, told) = desk.register("eve", now, &["verify"])?;
    ensure!(exit == 0, "{told}");
    Ok(())
}
