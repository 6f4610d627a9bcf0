//! What a client can do, by its family and version.

use anyhow::{Context, Result};
use nhi_tests::sandbox::Sandbox;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// Something that not every client has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Ability {
    /// `ephemeral` blocks.
    Ephemeral,
    /// Import blocks with an `identity`.
    Identity,
    /// `action` blocks.
    Actions,
    /// `list` blocks, and the command `query`.
    Lists,
}

/// What one client can do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Abilities {
    tofu: bool,
    minor: u32,
}

impl Abilities {
    /// Asks the client.
    pub(crate) fn of(sandbox: &Sandbox) -> Result<Self> {
        let told: Json = serde_json::from_str(&sandbox.run(&["version", "-json"])?.ended_with(0)?.stdout)?;
        let version = told.get("terraform_version").and_then(Json::as_str).context("no version")?;
        let minor =
            version.split('.').nth(1).and_then(|minor| minor.parse().ok()).context("no minor version")?;
        Ok(Self { tofu: sandbox.client().starts_with("tofu"), minor })
    }

    /// Is it there?
    pub(crate) fn has(self, ability: Ability) -> bool {
        // The first minor version that has it, of Terraform and of OpenTofu.
        let (terraform, tofu) = match ability {
            Ability::Ephemeral => (10, Some(11)),
            Ability::Identity => (12, Some(12)),
            Ability::Actions | Ability::Lists => (14, None),
        };
        if self.tofu { tofu.is_some_and(|first| self.minor >= first) } else { self.minor >= terraform }
    }
}
