//! A folder of its own for one client: configuration, state, a mirror that holds our provider, and nothing of the
//! machine's own settings.

use std::env::{self, consts};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::client::Client;
use crate::process::{Outcome, run};

/// Where each family of clients looks for a provider that is given as `nhi/nhi`.
const DEFAULT_HOSTS: [&str; 2] = ["registry.terraform.io", "registry.opentofu.org"];

/// What a child process keeps of our environment; all else could change its answer.
const KEPT: [&str; 4] = ["PATH", "TMPDIR", "SystemRoot", "LD_LIBRARY_PATH"];

/// One temporary folder and the client that works in it. Everything is gone when it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    folder: TempDir,
    client: Client,
}

impl Sandbox {
    /// A sandbox in which `client` finds `provider` without a network.
    pub fn new(client: &Client, provider: &Path) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mirror = folder.path().join("mirror");
        for host in DEFAULT_HOSTS {
            let place = mirror.join(host).join("nhi/nhi/0.1.0").join(platform());
            fs::create_dir_all(&place)?;
            link(provider, &place.join(packaged()))?;
        }
        for name in ["work", "home"] {
            fs::create_dir(folder.path().join(name))?;
        }
        // The language of this file escapes as JSON and Rust do, so a path quotes itself.
        let quoted = format!("{:?}", mirror.display().to_string());
        let settings =
            format!("provider_installation {{\n  filesystem_mirror {{\n    path = {quoted}\n  }}\n}}\n");
        fs::write(folder.path().join("client.tfrc"), settings)?;
        Ok(Self { folder, client: client.clone() })
    }

    /// The folder the client runs in.
    pub fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// The provider's program, called and laid out as a release has it.
    pub fn provider(&self) -> PathBuf {
        let [host, _] = DEFAULT_HOSTS;
        self.folder.path().join("mirror").join(host).join("nhi/nhi/0.1.0").join(platform()).join(packaged())
    }

    /// Writes a file of the configuration.
    pub fn write(&self, name: &str, text: &str) -> Result<()> {
        let path = self.work().join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(&path, text).with_context(|| format!("cannot write `{}`", path.display()))
    }

    /// Copies every file of a folder of the checkout (named as `repository::files` names it) into the work folder.
    pub fn copy(&self, folder: &str) -> Result<()> {
        for path in crate::repository::files(folder)? {
            let Some(name) = path.strip_prefix(folder).map(|rest| rest.trim_start_matches('/')) else {
                continue;
            };
            let Some(text) = crate::repository::text(&path)? else { continue };
            self.write(name, &text)?;
        }
        Ok(())
    }

    /// Runs the client with `arguments` in the work folder.
    pub fn run(&self, arguments: &[&str]) -> Result<Outcome> {
        run(self.command(&self.client.program).args(arguments))
    }

    /// The same with variables of the environment beside those of every run.
    pub fn run_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Result<Outcome> {
        run(self.command(&self.client.program).envs(variables.iter().copied()).args(arguments))
    }

    /// An empty sandbox of the same client with another provider.
    pub fn with_provider(&self, provider: &Path) -> Result<Self> {
        Self::new(&self.client, provider)
    }

    /// Runs the client as somebody else, as the register has it.
    pub fn run_as(&self, actor: &str, arguments: &[&str]) -> Result<Outcome> {
        run(self.command(&self.client.program).env("NHI_ACTOR", actor).args(arguments))
    }

    /// The client's name in the list.
    pub fn client(&self) -> &str {
        &self.client.name
    }

    /// Another program in the same surroundings, for what stands beside the client: the command `nhi`, say.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().current_dir(self.work());
        for name in KEPT {
            if let Some(value) = env::var_os(name) {
                command.env(name, value);
            }
        }
        command
            .env("HOME", self.folder.path().join("home"))
            .env("TF_CLI_CONFIG_FILE", self.folder.path().join("client.tfrc"))
            .env("TF_DATA_DIR", self.folder.path().join("data"))
            .env("TF_IN_AUTOMATION", "1")
            .env("TF_INPUT", "0")
            .env("CHECKPOINT_DISABLE", "1")
            .env("NHI_ACTOR", "nhi-tests");
        command
    }
}

/// What a release calls the provider's program: its version is looked for there.
fn packaged() -> String {
    format!("terraform-provider-nhi_v0.1.0{}", consts::EXE_SUFFIX)
}

/// The platform's name in a mirror: `linux_amd64`.
fn platform() -> String {
    let system = if consts::OS == "macos" { "darwin" } else { consts::OS };
    let machine = match consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    format!("{system}_{machine}")
}

/// A hard link where both lie on one file system, else a copy: the binary is large and each sandbox needs it twice.
fn link(from: &Path, to: &Path) -> Result<()> {
    if fs::hard_link(from, to).is_err() {
        fs::copy(from, to).with_context(|| format!("cannot copy `{}` into a mirror", from.display()))?;
    }
    Ok(())
}
