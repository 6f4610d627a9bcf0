//! Running a program to its end and keeping all it said.

use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, ensure};

/// How a process ended.
#[derive(Debug)]
pub struct Outcome {
    /// The exit code; `None` when a signal ended it.
    pub code: Option<i32>,
    /// All of standard output, bytes that are not UTF-8 replaced.
    pub stdout: String,
    /// All of standard error, likewise.
    pub stderr: String,
}

impl Outcome {
    /// The outcome itself when the exit code is `code`, else an error with everything the process said.
    pub fn ended_with(self, code: i32) -> Result<Self> {
        ensure!(
            self.code == Some(code),
            "expected exit code {code}, got {:?}\n--- stdout\n{}\n--- stderr\n{}",
            self.code,
            self.stdout,
            self.stderr
        );
        Ok(self)
    }
}

/// Runs `command` with nothing on standard input.
pub fn run(command: &mut Command) -> Result<Outcome> {
    let output =
        command.stdin(Stdio::null()).output().with_context(|| format!("cannot start `{command:?}`"))?;
    Ok(outcome(&output))
}

/// Runs `command` while `feed` writes its standard input. A reader that stops early is not an error: whether it was
/// right to is seen in the outcome.
pub fn run_fed(
    command: &mut Command,
    feed: impl FnOnce(&mut dyn Write) -> std::io::Result<()> + Send,
) -> Result<Outcome> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{command:?}`"))?;
    let stdin = child.stdin.take();
    let output = thread::scope(|scope| {
        scope.spawn(move || {
            if let Some(mut stdin) = stdin {
                feed(&mut stdin).ok();
            }
        });
        child.wait_with_output()
    })?;
    Ok(outcome(&output))
}

fn outcome(output: &std::process::Output) -> Outcome {
    Outcome {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
