//! The guides, done as they are written: every configuration that names its file, and every command of a console, in order.
//! What a guide shows between commands has to be in what the command before it told.

use std::fs;

use anyhow::{Context, Result, ensure};
use nhi_tests::client::nhi;
use nhi_tests::process::{Outcome, run};
use nhi_tests::repository::{files, text};
use nhi_tests::sandbox::Sandbox;

/// Guides that a client without lists and actions cannot follow to their end.
const NEWEST: [&str; 2] = ["adopting-what-exists", "exceptions-and-approvals"];

/// Needs a server, which the tests of the register have.
const ELSEWHERE: &str = "teams-on-postgresql";

pub(crate) fn as_they_are_written(sandbox: &Sandbox) -> Result<()> {
    let guides = files("docs/guides")?;
    ensure!(guides.len() >= 5, "guides: {guides:?}");
    for path in guides {
        let name = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".md");
        let newest = sandbox.client() == "terraform-1.15.5";
        if name == ELSEWHERE || (NEWEST.contains(&name) && !newest) {
            continue;
        }
        let page = text(&path)?.with_context(|| format!("`{path}` is no text"))?;
        clear(sandbox)?;
        follow(sandbox, &page).with_context(|| path)?;
    }
    Ok(())
}

fn clear(sandbox: &Sandbox) -> Result<()> {
    for entry in fs::read_dir(sandbox.work())? {
        let path = entry?.path();
        if path.is_dir() { fs::remove_dir_all(path)? } else { fs::remove_file(path)? }
    }
    Ok(())
}

/// The blocks of a page: what each is, and its text.
fn blocks(page: &str) -> impl Iterator<Item = (&str, &str)> {
    page.split("\n```").skip(1).step_by(2).filter_map(|block| block.split_once('\n'))
}

fn follow(sandbox: &Sandbox, page: &str) -> Result<()> {
    let mut commands = 0;
    for (kind, block) in blocks(page) {
        if let ("terraform", Some(name)) =
            (kind, block.lines().next().and_then(|line| line.strip_prefix("# ")))
            && name.rsplit_once('.').is_some_and(|(_, extension)| matches!(extension, "tf" | "hcl"))
        {
            sandbox.write(name, &format!("{block}\n"))?;
        }
        if kind == "console" {
            commands += console(sandbox, block)?;
        }
    }
    ensure!(commands >= 2, "a guide has commands, this one {commands}");
    Ok(())
}

fn console(sandbox: &Sandbox, block: &str) -> Result<usize> {
    let (mut told, mut commands) = (String::new(), 0);
    for line in block.lines() {
        match line.strip_prefix("$ ") {
            Some(command) => {
                let outcome = execute(sandbox, command).with_context(|| command.to_owned())?;
                told = outcome.map_or_else(String::new, |outcome| outcome.stdout);
                commands += 1;
            }
            None => ensure!(told.contains(line), "the guide shows `{line}`, the command told:\n{told}"),
        }
    }
    Ok(commands)
}

/// One command; `None` where what it needs is not there. One that is to fail ends with `|| true`.
fn execute(sandbox: &Sandbox, command: &str) -> Result<Option<Outcome>> {
    let (command, code) = match command.strip_suffix(" || true") {
        Some(command) => (command, 1),
        None => (command, 0),
    };
    let (actor, command) = match command.strip_prefix("NHI_ACTOR=").and_then(|rest| rest.split_once(' ')) {
        Some((actor, command)) => (actor, command),
        None => ("nhi-tests", command),
    };
    let words = words(command);
    let mut words = words.iter().map(String::as_str);
    let program = words.next().unwrap_or_default();
    let mut arguments: Vec<&str> = words.collect();
    let outcome = match program {
        "terraform" => {
            if arguments.first() != Some(&"query") {
                arguments.insert(1, "-no-color");
            }
            if arguments.first() == Some(&"apply") {
                arguments.push("-auto-approve");
            }
            sandbox.run_as(actor, &arguments)?
        }
        "nhi" => {
            let Some(nhi) = nhi().or_skip("commands of `nhi` in guides")? else { return Ok(None) };
            run(sandbox.command(&nhi).env("NHI_ACTOR", actor).args(arguments))?
        }
        "rm" => {
            for file in arguments {
                fs::remove_file(sandbox.work().join(file))?;
            }
            return Ok(None);
        }
        other => anyhow::bail!("a guide calls `{other}`, which this test does not know"),
    };
    Ok(Some(outcome.ended_with(code)?))
}

/// Words as a shell parts them, with double quotes and without anything else that a shell does.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut quoted) = (vec![String::new()], false);
    for letter in command.chars() {
        match (letter, words.last_mut()) {
            ('"', _) => quoted = !quoted,
            (' ', _) if !quoted => words.push(String::new()),
            (letter, Some(last)) => last.push(letter),
            (_, None) => {}
        }
    }
    words
}
