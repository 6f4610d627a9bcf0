//! Where scenarios are played: one folder for one client, swept before each.

use std::fmt::Debug;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use nhi_tests::process::Outcome;
use nhi_tests::repository;
use nhi_tests::sandbox::Sandbox;
use serde_json::Value as Json;

use super::ability::Abilities;
use super::case::{Case, Step};
use super::lines;
use crate::register::register;

const VERSIONS: &str =
    "terraform {\n  required_providers {\n    nhi = {\n      source = \"nhi/nhi\"\n    }\n  }\n}\n";

/// For configurations that bring no provider block of their own.
const PROVIDER: &str = "provider \"nhi\" {\n  workspace = \"scenario\"\n}\n";

/// Who runs a step that says nothing of it.
const ACTOR: &str = "alice";

const LOCK: &str = ".terraform.lock.hcl";
const STATE: &str = "terraform.tfstate";

/// One client with the provider, and once more with one that is told the time.
pub(crate) struct Stage {
    plain: Sandbox,
    clocked: Sandbox,
    abilities: Abilities,
}

impl Stage {
    pub(crate) fn new(sandbox: &Sandbox, abilities: Abilities) -> Result<Self> {
        let program = nhi_tests::client::provider().or_skip("scenarios")?.context("the provider is gone")?;
        let plain = sandbox.with_provider(&program)?;
        let clocked = sandbox.with_provider(Path::new(env!("CARGO_BIN_EXE_clocked")))?;
        for sandbox in [&plain, &clocked] {
            sandbox.write("versions.tf", VERSIONS)?;
            sandbox.run(&["init", "-no-color"])?.ended_with(0)?;
        }
        Ok(Self { plain, clocked, abilities })
    }

    /// Plays a scenario, and answers where it went otherwise. What is to be renewed is renewed in the case.
    pub(crate) fn play(&self, folder: &str, case: &mut Case, renew: bool) -> Result<Vec<String>> {
        let sandbox = if case.is_timed() { &self.clocked } else { &self.plain };
        sweep(sandbox)?;
        let mut scene = Scene { sandbox, now: None, state: String::new(), renew };
        for (number, step) in (1..).zip(&mut case.steps) {
            scene.prepare(folder, number, step)?;
            let lacking = step.needs.filter(|ability| !self.abilities.has(*ability));
            let found = match (lacking, step.degrades.clone()) {
                (Some(_), Some(degrades)) => scene.refused(step, &degrades),
                _ => scene.take(step),
            };
            let troubles = found.unwrap_or_else(|error| vec![format!("{error:#}")]);
            if !troubles.is_empty() {
                let at = format!("step {number}, `{}`: ", step.run);
                return Ok(troubles.into_iter().map(|trouble| at.clone() + &trouble).collect());
            }
            if lacking.is_some() {
                break;
            }
        }
        Ok(Vec::new())
    }
}

/// A scenario while it is played.
struct Scene<'a> {
    sandbox: &'a Sandbox,
    now: Option<String>,
    state: String,
    renew: bool,
}

impl Scene<'_> {
    /// Brings the files of a step, and the state and the time it names.
    fn prepare(&mut self, folder: &str, number: usize, step: &Step) -> Result<()> {
        let work = self.sandbox.work();
        let prefix = format!("{folder}/{number}.");
        for path in repository::files(folder)? {
            let Some(extension) = path.strip_prefix(&prefix) else { continue };
            let text = repository::text(&path)?.with_context(|| format!("`{path}` is no text"))?;
            self.sandbox.write(&format!("main.{extension}"), &text)?;
            if extension == "tf" {
                let own = text.contains("provider \"nhi\"");
                self.sandbox.write("provider.tf", if own { "" } else { PROVIDER })?;
            }
        }
        if let Some(state) = step.state.as_ref().filter(|state| **state != self.state) {
            // The state in use is laid aside under its name, and the other one fetched if it was in use before.
            if work.join(STATE).exists() {
                fs::rename(work.join(STATE), work.join(format!("{}.kept", self.state)))?;
            }
            let kept = work.join(format!("{state}.kept"));
            if kept.exists() {
                fs::rename(kept, work.join(STATE))?;
            }
            self.state.clone_from(state);
        }
        if step.at.is_some() {
            self.now.clone_from(&step.at);
        }
        Ok(())
    }

    /// The client, as the step's actor and at its time.
    fn client(&self, step: &Step, arguments: &[&str]) -> Result<Outcome> {
        let mut variables = vec![("NHI_ACTOR", step.actor.as_deref().unwrap_or(ACTOR))];
        variables.extend(self.now.as_deref().map(|now| ("NHI_TEST_NOW", now)));
        self.sandbox.run_with(&variables, arguments)
    }

    /// Runs a step to its end, whatever that is, and answers all that was said on the way.
    fn run(&self, step: &Step) -> Result<Ran> {
        let words: Vec<&str> = step.run.split_whitespace().collect();
        let mut ran = Ran::default();
        let outcome = match words.as_slice() {
            ["nhi", "register", rest @ ..] => {
                let actor = step.actor.as_deref().unwrap_or(ACTOR);
                let (exit, told) = register(self.sandbox, (actor, self.now.as_deref()), rest)?;
                ran.failed = exit != 0;
                ran.told = unwrapped(&told);
                return Ok(ran);
            }
            // An action that is invoked has no plan of resources.
            ["apply", flags @ ..] if flags.iter().any(|flag| flag.starts_with("-invoke")) => {
                let command = [&["apply", "-no-color", "-auto-approve"], flags].concat();
                self.client(step, &command)?
            }
            [command @ ("plan" | "apply" | "destroy"), flags @ ..] => {
                let destroy: &[&str] = if *command == "destroy" { &["-destroy"] } else { &[] };
                let plan = [&["plan", "-no-color", "-out=step.tfplan"], destroy, flags].concat();
                let planned = self.client(step, &plan)?;
                if planned.code == Some(0) {
                    ran.plan = Some(self.planned(step)?);
                }
                if planned.code == Some(0) && *command != "plan" {
                    ran.take(&planned);
                    self.client(step, &["apply", "-no-color", "step.tfplan"])?
                } else {
                    planned
                }
            }
            [command, rest @ ..] => {
                // Flags come before what the command is about.
                let colour: &[&str] = if *command == "state" { &[] } else { &["-no-color"] };
                self.client(step, &[&[*command], colour, rest].concat())?
            }
            [] => anyhow::bail!("the step runs nothing"),
        };
        ran.take(&outcome);
        Ok(ran)
    }

    /// The plan just made, in lines.
    fn planned(&self, step: &Step) -> Result<Vec<String>> {
        let shown = self.client(step, &["show", "-json", "step.tfplan"])?.ended_with(0)?.stdout;
        lines::of(&serde_json::from_str(&shown)?)
    }

    /// A step that this client is not able to do: it says so.
    fn refused(&self, step: &Step, says: &str) -> Result<Vec<String>> {
        let ran = self.run(step)?;
        let mut found = Found::default();
        found.same("whether it fails, for want of what it needs", &true, &ran.failed);
        found.contains("what is said by a client that lacks it", &ran.told, says);
        Ok(found.0)
    }

    fn take(&self, step: &mut Step) -> Result<Vec<String>> {
        let ran = self.run(step)?;
        let mut found = Found::default();
        let fails = !step.fails.is_empty();
        if ran.failed != fails {
            let how = |failed| if failed { "it fails" } else { "it does not fail" };
            found.0.push(format!("expected: {}\n found: {}:\n{}", how(fails), how(ran.failed), ran.told));
            return Ok(found.0);
        }
        if let (true, Some(plan)) = (self.renew, &ran.plan) {
            step.plan = step.plan.as_ref().map(|_| plan.clone());
        }
        if let Some(plan) = step.plan.as_ref().filter(|_| ran.plan.is_some() || !fails) {
            found.same("the plan", plan, &ran.plan.unwrap_or_default());
        }
        for part in step.says.iter().chain(&step.fails) {
            found.contains("what is said", &ran.told, part);
        }
        for part in &step.hides {
            if ran.told.contains(part.as_str()) {
                found.0.push(format!("expected: nothing of `{part}`\n found: {}", ran.told));
            }
        }
        for (file, parts) in &step.writes {
            let text = fs::read_to_string(self.sandbox.work().join(file)).with_context(|| file.clone())?;
            for part in parts {
                found.contains(file, &unwrapped(&text), part);
            }
        }
        if !step.outputs.is_empty() {
            self.outputs(step, &mut found)?;
        }
        if step.command() == "apply" && !fails && step.plan.is_some() {
            self.settled(step, &mut found)?;
        }
        Ok(found.0)
    }

    /// The outputs that the state keeps.
    fn outputs(&self, step: &Step, found: &mut Found) -> Result<()> {
        let state: Json = serde_json::from_str(&fs::read_to_string(self.sandbox.work().join(STATE))?)?;
        for (name, expected) in &step.outputs {
            let value = state.pointer(&format!("/outputs/{name}/value")).unwrap_or(&Json::Null);
            found.same(&format!("the output `{name}`"), expected, value);
        }
        Ok(())
    }

    /// After an apply there is nothing to do, outputs included, unless the step says otherwise.
    fn settled(&self, step: &mut Step, found: &mut Found) -> Result<()> {
        let flags = step.run.split_whitespace().skip(1).filter(|flag| flag.starts_with("-var"));
        let mut plan = vec!["plan", "-no-color", "-detailed-exitcode", "-out=step.tfplan"];
        plan.extend(flags);
        let after = self.client(step, &plan)?;
        ensure!(after.code != Some(1), "the plan after it fails:\n{}", Ran::of(&after).told);
        if step.then.is_none() && after.code == Some(0) {
            return Ok(());
        }
        let lines = self.planned(step)?;
        if self.renew {
            step.then = step.then.as_ref().map(|_| lines.clone());
        }
        let expected = step.then.clone().unwrap_or_default();
        found.same("the plan after it", &expected, &lines);
        if expected == lines && lines.is_empty() {
            found.0.push(format!("expected: nothing to do after it\n found: {}", Ran::of(&after).told));
        }
        Ok(())
    }
}

/// What came of a command.
#[derive(Default)]
struct Ran {
    failed: bool,
    told: String,
    plan: Option<Vec<String>>,
}

impl Ran {
    fn of(outcome: &Outcome) -> Self {
        let mut ran = Self::default();
        ran.take(outcome);
        ran
    }

    fn take(&mut self, outcome: &Outcome) {
        self.failed = outcome.code != Some(0);
        self.told += &unwrapped(&format!("{} {} ", outcome.stdout, outcome.stderr));
    }
}

/// Where expectations were not met.
#[derive(Default)]
struct Found(Vec<String>);

impl Found {
    fn same<T: PartialEq + Debug>(&mut self, what: &str, expected: &T, found: &T) {
        if expected != found {
            self.0.push(format!("{what}:\n expected: {expected:#?}\n found: {found:#?}"));
        }
    }

    fn contains(&mut self, what: &str, text: &str, part: &str) {
        if !text.contains(part) {
            self.0.push(format!("{what}:\n expected: {part}\n found: {text}"));
        }
    }
}

/// What is said, on one line: clients break lines at a width of their own, and put a bar before each.
fn unwrapped(text: &str) -> String {
    let text = text.replace(['│', '╷', '╵'], " ");
    text.split_whitespace().flat_map(|word| [word, " "]).collect()
}

/// Leaves nothing of the scenario before.
fn sweep(sandbox: &Sandbox) -> Result<()> {
    for entry in fs::read_dir(sandbox.work())? {
        let path = entry?.path();
        if path.file_name().is_some_and(|name| name == LOCK) {
            continue;
        }
        if path.is_dir() {
            fs::remove_dir_all(&path)?;
        } else {
            fs::remove_file(&path)?;
        }
    }
    sandbox.write("versions.tf", VERSIONS)
}
