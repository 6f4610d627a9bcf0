//! `nhi register verify`: was anything in the audit chain edited, removed or put elsewhere?

use clap::Args;
use nhi_analyzer_output::plain;
use nhi_register::{Fault, Register};
use serde_json::json;

use super::which::{Which, failure};
use crate::arguments::Format;
use crate::exit::{Exit, Failure};
use crate::surroundings::Surroundings;

/// Walk the audit chain, and say where anything was edited, removed or put elsewhere.
///
/// Declarations and records are compared with what the chain says was written last. Who can write the register can
/// write a whole new chain; a head that was kept elsewhere (`--expect-head`) tells that too.
///
/// Exits with 0 when all is as it was written, 10 when it is not.
#[derive(Debug, Args)]
#[command(after_help = Exit::HELP)]
pub(crate) struct Verify {
    #[command(flatten)]
    which: Which,

    /// The hash of an entry, kept elsewhere since it was the last: it must still be in the chain
    #[arg(long, value_name = "HASH", value_parser = hash)]
    expect_head: Option<String>,

    /// How to tell it
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
}

fn hash(text: &str) -> Result<String, String> {
    let whole = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    whole.then(|| text.to_lowercase()).ok_or_else(|| {
        "not the hash of an entry: 64 hexadecimal digits, as `nhi register verify` shows them".to_owned()
    })
}

/// Entries read at once.
const PAGE: usize = 1_000;

/// Walks the chain, and prints what is wrong.
pub(crate) fn run(asked: &Verify, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    let register = asked.which.read()?;
    let found = register.verify().map_err(|error| failure(&error))?;
    let expected = asked.expect_head.as_deref().map(|hash| Ok((hash, place_of(&register, hash)?)));
    let expected: Option<(&str, Option<i64>)> = expected.transpose()?;
    let mut faults: Vec<String> = found.faults.iter().map(ToString::to_string).collect();
    if let Some((hash, None)) = expected {
        faults.push(format!(
            "no entry of the audit chain has the hash `{hash}`: the chain up to that entry was replaced, or it is the \
             chain of another register or organisation"
        ));
    }
    let organisation = &asked.which.organisation;
    let text = match asked.format {
        Format::Json => {
            let told = found.faults.iter().map(fault).collect::<Vec<_>>();
            let expected = expected.map(|(hash, entry)| json!({ "hash": hash, "entry": entry }));
            let report = json!({
                "version": 1,
                "register": register.place().to_string(),
                "organisation": organisation,
                "id": register.id(),
                "intact": faults.is_empty(),
                "entries": found.entries,
                "head": found.head,
                "expected_head": expected,
                "faults": told,
            });
            format!("{report:#}\n")
        }
        Format::Terminal => {
            let mut lines: Vec<String> = faults.iter().map(|fault| format!("wrong: {fault}")).collect();
            let entries = if found.entries == 1 { "entry" } else { "entries" };
            let chain = format!("the audit chain of `{organisation}` at `{}`", register.place());
            lines.push(match faults.len() {
                0 => format!("{chain} is as it was written: {} {entries}", found.entries),
                1 => format!(
                    "{chain} is not as it was written: one thing is wrong in {} {entries}",
                    found.entries
                ),
                many => {
                    format!(
                        "{chain} is not as it was written: {many} things are wrong in {} {entries}",
                        found.entries
                    )
                }
            });
            if let Some((_, Some(seq))) = expected {
                lines.push(format!("the expected head is entry {seq}"));
            }
            lines.push(format!("head {}", found.head));
            lines.iter().fold(String::new(), |text, line| text + &plain::line(line) + "\n")
        }
    };
    surroundings.print(text.as_bytes())?;
    Ok(if faults.is_empty() { Exit::Pass } else { Exit::Findings })
}

/// The number of the entry that has the hash.
fn place_of(register: &Register, hash: &str) -> Result<Option<i64>, Failure> {
    let mut seq = 0;
    loop {
        let entries = register.entries_after(seq, PAGE).map_err(|error| failure(&error))?;
        let Some(last) = entries.last() else { return Ok(None) };
        seq = last.seq;
        if let Some(entry) = entries.iter().find(|entry| entry.hash == hash) {
            return Ok(Some(entry.seq));
        }
    }
}

/// A fault for programs: what it is, where, and the sentence.
fn fault(fault: &Fault) -> serde_json::Value {
    let text = fault.to_string();
    match fault {
        Fault::Missing(from, to) => json!({ "kind": "missing", "from": from, "to": to, "text": text }),
        Fault::Edited(seq) => json!({ "kind": "edited", "entry": seq, "text": text }),
        Fault::Unlinked(seq) => json!({ "kind": "unlinked", "entry": seq, "text": text }),
        Fault::Shortened(end, head) => {
            json!({ "kind": "shortened", "from": end + 1, "to": head, "text": text })
        }
        Fault::Replaced(seq) => json!({ "kind": "replaced", "entry": seq, "text": text }),
        Fault::Forged { seq, actor, role } => {
            json!({ "kind": "forged", "entry": seq, "actor": actor, "role": role, "text": text })
        }
        Fault::Declaration { object, name } => {
            json!({ "kind": "declaration", "object": object, "name": name, "text": text })
        }
    }
}
