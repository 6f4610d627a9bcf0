//! One scenario as it is written down.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::ability::Ability;

/// What is run one after the other, and what comes of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// What it shows, in a sentence.
    pub about: String,
    #[serde(default)]
    pub clients: Clients,
    pub steps: Vec<Step>,
}

/// Which clients a scenario runs on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Clients {
    #[default]
    #[serde(rename = "all")]
    All,
    #[serde(rename = "newest and oldest")]
    NewestAndOldest,
}

impl Clients {
    pub(crate) fn includes(self, client: &str, ends: &[&str]) -> bool {
        self == Self::All || ends.contains(&client)
    }
}

/// One command, and what is expected of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Step {
    /// The command and its arguments: `apply -target=nhi_owner.a`, `nhi register verify`.
    pub run: String,
    /// Who runs it.
    #[serde(rename = "as", skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// What time it is from here on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Which state it works on, from here on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// What a client has to have for it. One that has not says `degrades`, and the scenario ends there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub needs: Option<Ability>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub degrades: Option<String>,
    /// The plan, one line for each thing to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<Vec<String>>,
    /// The plan after an apply; nothing, unless something is said here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub then: Option<Vec<String>>,
    /// Outputs after an apply.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub outputs: BTreeMap<String, Json>,
    /// Parts of what is said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub says: Vec<String>,
    /// What must not be said.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hides: Vec<String>,
    /// Parts of what is said when the command fails; it has to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fails: Vec<String>,
    /// Files that it writes, with parts of each.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub writes: BTreeMap<String, Vec<String>>,
}

impl Case {
    /// Reads the text of a `scenario.json`.
    pub(crate) fn read(text: &str) -> Result<Self> {
        let case: Self = serde_json::from_str(text)?;
        ensure!(case.steps.len() < 10, "a scenario is small");
        for (number, step) in (1..).zip(&case.steps) {
            step.check().with_context(|| format!("step {number}"))?;
        }
        Ok(case)
    }

    /// The text that [`Case::read`] reads.
    pub(crate) fn text(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// Does it say what time it is anywhere?
    pub(crate) fn is_timed(&self) -> bool {
        self.steps.iter().any(|step| step.at.is_some())
    }
}

impl Step {
    /// Whether the client plans: not when it tells or forgets something, or invokes an action.
    pub(crate) fn plans(&self) -> bool {
        matches!(self.command(), "plan" | "apply" | "destroy") && !self.run.contains(" -invoke=")
    }

    pub(crate) fn command(&self) -> &str {
        self.run.split_whitespace().next().unwrap_or_default()
    }

    fn check(&self) -> Result<()> {
        ensure!(self.needs.is_some() == self.degrades.is_some(), "`needs` and `degrades` come together");
        if self.plans() {
            ensure!(self.plan.is_some() || !self.fails.is_empty(), "it says neither `plan` nor `fails`");
        } else {
            ensure!(self.plan.is_none(), "`{}` plans nothing", self.run);
        }
        ensure!(self.then.is_none() || self.command() == "apply", "`then` is for `apply`");
        Ok(())
    }
}
