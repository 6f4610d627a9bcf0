//! `nhi register log`: who wrote what, and when.

use std::collections::VecDeque;
use std::fmt::Write as _;

use clap::Args;
use jiff::Timestamp;
use nhi_analyzer_output::plain;
use nhi_register::{Entry, Register};
use serde_json::{Map, Value};

use super::body::Body;
use super::which::{Which, failure};
use crate::arguments::{self, Format};
use crate::exit::{Exit, Failure};
use crate::surroundings::Surroundings;

/// Tell who wrote what, and when: the entries of the audit chain, oldest first.
///
/// `--format json` writes one entry a line, with what was there before and after.
#[derive(Debug, Args)]
#[command(after_help = Exit::HELP)]
pub(crate) struct Log {
    #[command(flatten)]
    which: Which,

    /// Only entries about this kind of object: `identity`, `exception`, `approval`, …
    #[arg(long, value_name = "KIND")]
    object: Option<String>,

    /// Only entries about what has this name
    #[arg(long, value_name = "NAME")]
    name: Option<String>,

    /// Only entries that this person or pipeline wrote
    #[arg(long, value_name = "NAME")]
    actor: Option<String>,

    /// Only entries of this workspace
    #[arg(long, value_name = "NAME")]
    workspace: Option<String>,

    /// Only entries that did this: `create`, `update`, `delete`, `approve`, …
    #[arg(long, value_name = "ACTION")]
    action: Option<String>,

    /// Only entries from this time on, in RFC 3339
    #[arg(long, value_name = "TIME", value_parser = arguments::time)]
    since: Option<Timestamp>,

    /// Only entries before this time, in RFC 3339
    #[arg(long, value_name = "TIME", value_parser = arguments::time)]
    until: Option<Timestamp>,

    /// Only the newest of those that are left
    #[arg(long, value_name = "NUMBER")]
    limit: Option<usize>,

    /// How to tell it
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
}

/// Entries read at once.
const PAGE: usize = 1_000;

/// Prints the entries that fit.
pub(crate) fn run(asked: &Log, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let register = asked.which.read()?;
    let told = match asked.format {
        Format::Terminal => terminal,
        Format::Json => json,
    };
    let (mut seq, mut any) = (0, false);
    let mut newest: VecDeque<Entry> = VecDeque::new();
    loop {
        let entries = asked.page(&register, seq).map_err(|error| failure(&error))?;
        let Some(last) = entries.last() else { break };
        seq = last.seq;
        let mut text = String::new();
        for entry in entries.into_iter().filter(|entry| asked.wants(entry)) {
            any = true;
            match asked.limit {
                None => text.push_str(&told(&entry)),
                Some(limit) => {
                    newest.push_back(entry);
                    if newest.len() > limit {
                        newest.pop_front();
                    }
                }
            }
        }
        surroundings.print(text.as_bytes())?;
    }
    let rest: String = newest.iter().map(told).collect();
    surroundings.print(rest.as_bytes())?;
    if !any {
        surroundings.say("no entry of the audit chain fits");
    }
    Ok(Exit::Pass)
}

impl Log {
    /// The next entries after a number. Those about one object are found by an index.
    fn page(&self, register: &Register, seq: i64) -> Result<Vec<Entry>, nhi_register::RegisterError> {
        match (self.object(), &self.name) {
            (Some(object), Some(name)) => {
                let mut entries = register.entries_about(object, name)?;
                entries.retain(|entry| entry.seq > seq);
                Ok(entries)
            }
            _ => register.entries_after(seq, PAGE),
        }
    }

    /// The kind as the register words it: what HCL calls it is understood as well.
    fn object(&self) -> Option<&str> {
        self.object.as_deref().map(|object| object.strip_prefix("nhi_").unwrap_or(object))
    }

    fn wants(&self, entry: &Entry) -> bool {
        let is = |wanted: Option<&str>, own: &str| wanted.is_none_or(|wanted| wanted == own);
        // An entry whose time cannot be read is told whatever time is asked for.
        let at: Option<Timestamp> = entry.at.parse().ok();
        let within = at.is_none_or(|at| {
            self.since.is_none_or(|since| at >= since) && self.until.is_none_or(|until| at < until)
        });
        within
            && is(self.object(), &entry.object)
            && is(self.name.as_deref(), &entry.name)
            && is(self.actor.as_deref(), &entry.actor)
            && is(self.workspace.as_deref(), &entry.workspace)
            && is(self.action.as_deref(), &entry.action)
    }
}

/// One entry as a line for a reader.
fn terminal(entry: &Entry) -> String {
    let Entry { seq, at, actor, source, action, object, name, workspace, .. } = entry;
    let mut line = format!("{seq:>6}  {at}  {actor} ({source}): {action} {object} `{name}`");
    // Writing to a string does not fail.
    let _ = write!(line, ", workspace `{workspace}`");
    let changed = changed(entry);
    if !changed.is_empty() {
        let _ = write!(line, ": {}", changed.join(", "));
    }
    format!("{}\n", plain::line(&line))
}

/// The attributes that an entry changed.
fn changed(entry: &Entry) -> Vec<String> {
    let object = |text: &Option<String>| -> Option<Map<String, Value>> {
        text.as_deref().and_then(|text| serde_json::from_str(text).ok())
    };
    let (Some(before), Some(after)) = (object(&entry.before), object(&entry.after)) else {
        return Vec::new();
    };
    let mut keys: Vec<&String> = before.keys().chain(after.keys()).collect();
    keys.sort();
    keys.dedup();
    keys.into_iter().filter(|key| before.get(*key) != after.get(*key)).cloned().collect()
}

/// An entry as programs read it, version 1: its fields by the names that the hash takes them in.
#[derive(serde::Serialize)]
struct Line<'a> {
    seq: i64,
    at: &'a str,
    actor: &'a str,
    source: &'a str,
    workspace: &'a str,
    object: &'a str,
    name: &'a str,
    action: &'a str,
    before: Option<Body<'a>>,
    after: Option<Body<'a>>,
    previous: &'a str,
    hash: &'a str,
}

/// One entry as a line of JSON.
pub(super) fn json(entry: &Entry) -> String {
    let line = Line {
        seq: entry.seq,
        at: &entry.at,
        actor: &entry.actor,
        source: &entry.source,
        workspace: &entry.workspace,
        object: &entry.object,
        name: &entry.name,
        action: &entry.action,
        before: entry.before.as_deref().map(Body::of),
        after: entry.after.as_deref().map(Body::of),
        previous: &entry.previous,
        hash: &entry.hash,
    };
    // A struct of texts and numbers always is JSON.
    serde_json::to_string(&line).map(|line| line + "\n").unwrap_or_default()
}
