//! The guides, done as they are written: every configuration that names its file, and every command of a console, in order.
//! What a guide shows between commands has to be in what the command before it told.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, ensure};
use nhi_tests::client::nhi;
use nhi_tests::process::{Outcome, run};
use nhi_tests::repository::{files, text};
use nhi_tests::sandbox::Sandbox;

use crate::postgres::Postgres;

/// Guides that a client without lists and actions cannot follow to their end.
const NEWEST: [&str; 2] = ["adopting-what-exists", "exceptions-and-approvals"];

/// The guide that needs a server.
const ON_A_SERVER: &str = "teams-on-postgresql";

/// Where the guide has its server.
const PLACE: &str = "db.example.com/nhi";

/// Who follows a guide: a client, and a server where the guide is about one.
struct Reader<'a> {
    sandbox: &'a Sandbox,
    server: Option<Postgres>,
}

impl Reader<'_> {
    /// The text with the server that is here in the place of the guide's, without TLS on its socket.
    fn here(&self, text: &str) -> String {
        let Some(server) = &self.server else { return text.to_owned() };
        let folder = server.folder().display();
        let place = format!("/nhi?host={folder}&port={}&sslmode=disable", server.port());
        text.replace(&format!("{PLACE}?"), &format!("{place}&")).replace(PLACE, &place)
    }

    fn server(&self) -> Result<&Postgres> {
        self.server.as_ref().context("the guide has no server")
    }
}

pub(crate) fn as_they_are_written(sandbox: &Sandbox) -> Result<()> {
    let guides = files("docs/guides")?;
    ensure!(guides.len() >= 5, "guides: {guides:?}");
    for path in guides {
        let name = path.rsplit('/').next().unwrap_or_default().trim_end_matches(".md");
        let newest = sandbox.client() == "terraform-1.15.5";
        if NEWEST.contains(&name) && !newest {
            continue;
        }
        let mut server = None;
        if name == ON_A_SERVER {
            server = Postgres::start("the guide to teams on PostgreSQL");
            if server.is_none() {
                continue;
            }
        }
        let page = text(&path)?.with_context(|| format!("`{path}` is no text"))?;
        clear(sandbox)?;
        follow(&Reader { sandbox, server }, &page).with_context(|| path)?;
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

fn follow(reader: &Reader<'_>, page: &str) -> Result<()> {
    let mut commands = 0;
    for (kind, block) in blocks(page) {
        let comment = match kind {
            "terraform" => "# ",
            "sql" => "-- ",
            _ => "",
        };
        if !comment.is_empty()
            && let Some(name) = block.lines().next().and_then(|line| line.strip_prefix(comment))
            && name.rsplit_once('.').is_some_and(|(_, extension)| matches!(extension, "tf" | "hcl" | "sql"))
        {
            reader.sandbox.write(name, &reader.here(&format!("{block}\n")))?;
        }
        if kind == "console" {
            commands += console(reader, block)?;
        }
    }
    ensure!(commands >= 2, "a guide has commands, this one {commands}");
    Ok(())
}

fn console(reader: &Reader<'_>, block: &str) -> Result<usize> {
    let (mut told, mut commands) = (String::new(), 0);
    for line in block.lines() {
        match line.strip_prefix("$ ") {
            Some(command) => {
                let outcome = execute(reader, &reader.here(command)).with_context(|| command.to_owned())?;
                told = outcome.map_or_else(String::new, |outcome| outcome.stdout);
                commands += 1;
            }
            None => ensure!(told.contains(line), "the guide shows `{line}`, the command told:\n{told}"),
        }
    }
    Ok(commands)
}

/// One command; `None` where what it needs is not there. One that is to fail ends with `|| true`.
fn execute(reader: &Reader<'_>, command: &str) -> Result<Option<Outcome>> {
    let sandbox = reader.sandbox;
    let (command, code) = match command.strip_suffix(" || true") {
        Some(command) => (command, 1),
        None => (command, 0),
    };
    let mut words = words(command);
    // Variables of the environment stand before the program.
    let program = words.iter().position(|word| !is_variable(word)).context("there is no program")?;
    let given: Vec<String> = words.drain(..program).collect();
    let mut variables = BTreeMap::from([("NHI_ACTOR", "nhi-tests")]);
    variables.extend(given.iter().filter_map(|word| word.split_once('=')));
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
            let variables: Vec<(&str, &str)> = variables.into_iter().collect();
            sandbox.run_with(&variables, &arguments)?
        }
        "nhi" => {
            let Some(nhi) = nhi().or_skip("commands of `nhi` in guides")? else { return Ok(None) };
            run(sandbox.command(&nhi).envs(variables).args(arguments))?
        }
        "createdb" => {
            let [name] = arguments.as_slice() else { anyhow::bail!("`createdb` names one database") };
            reader.server()?.sql("postgres", &format!("CREATE DATABASE {name}"));
            return Ok(None);
        }
        "psql" => {
            let [database, "-f", file] = arguments.as_slice() else { anyhow::bail!("`psql` runs one file") };
            reader.server()?.sql(database, &fs::read_to_string(sandbox.work().join(file))?);
            return Ok(None);
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

fn is_variable(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
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
