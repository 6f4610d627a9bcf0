//! What may befall a register while providers work on it, over the real calls: a server that goes away, a disk that is full,
//! two workspaces that want the same principal. An apply is made whole or not at all, says what was wrong, and the next one
//! gets to its end.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]

#[expect(unreachable_pub, dead_code, reason = "the tests of the register share this file and use all of it")]
#[path = "../src/postgres.rs"]
mod postgres;
#[path = "faults/race.rs"]
mod race;
#[path = "faults/restart.rs"]
mod restart;
#[path = "faults/room.rs"]
mod room;
#[path = "conformance/values.rs"]
mod values;

use std::path::Path;
use std::process::{Command, Stdio};

use nhi_proto::Value;
use nhi_register::{DEFAULT_ORGANISATION, Location, Register};
use nhi_tests::simulator::{Core, Trouble};
use serde_json::{Value as Json, json};

use values::value;

/// A provider at a register, for a workspace.
fn at(mut command: Command, folder: &Path, (register, workspace): (&str, &str)) -> Core {
    command.current_dir(folder).env("TMPDIR", folder).env("NHI_ACTOR", "alice").stderr(Stdio::null());
    let core = Core::start(command).unwrap();
    let config = json!({ "register": register, "workspace": workspace });
    core.configure(&value(&config, &core.schemas().provider.value_type())).unwrap();
    core
}

/// A configuration of a kind.
fn config(core: &Core, kind: &str, json: &Json) -> Value {
    value(json, &core.kind(kind).unwrap().ty)
}

fn team() -> Json {
    json!({ "name": "team", "accountable": ["alice@example.com"], "backup": ["bob@example.com"] })
}

fn robot(name: &str, principal: &str) -> Json {
    json!({ "name": name, "kind": "agent", "owner": "team", "tier": 2, "platform": "aws", "principal": principal })
}

/// A register whose chain verifies, to look at.
fn whole(url: &str) -> Register {
    let register = Register::open_read_only(&Location::parse(url).unwrap(), DEFAULT_ORGANISATION).unwrap();
    assert_eq!(register.verify().unwrap().faults, []);
    register
}

/// What a provider said when it refused.
fn refusal<T: std::fmt::Debug>(answer: Result<T, Trouble>) -> String {
    match answer {
        Err(Trouble::Refused(told)) => told.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
        other => panic!("it was to refuse: {other:?}"),
    }
}
