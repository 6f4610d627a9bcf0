//! A process that is killed at any point of any write: no object is half written, the audit chain verifies, and the next
//! run takes up what was left and finishes.
//!
//! `NHI_KILLS=1000 cargo test -p nhi-register --test kills` makes as many runs against each store; 50 without it.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;

use nhi_identity::{Field, Identity, IdentityDraft, ObjectKind, Owner, OwnerDraft, Zone, ZoneDraft};
use nhi_register::{
    Actor, Asked, Clock, Declaration, Filter, Location, Page, RecordDraft, Register, RegisterError, Session,
    fault,
};
use tempfile::TempDir;

#[expect(unreachable_pub, dead_code, reason = "the tests of the whole share this file and use all of it")]
#[path = "../../tests/src/postgres.rs"]
mod postgres;

fn open(url: &str) -> Register {
    let session = Session {
        organisation: "default".into(),
        workspace: "platform".into(),
        actor: Actor { name: "alice".into(), source: "NHI_ACTOR".into() },
        clock: Clock::system(),
    };
    Register::open(&Location::parse(url).unwrap(), session).unwrap()
}

fn set(element: &str) -> Field<Vec<Field<String>>> {
    Field::Is(vec![Field::from(element)])
}

fn labels(value: &str) -> Field<Vec<(String, Field<String>)>> {
    Field::Is(vec![("team".into(), Field::from(value)), ("cost".into(), Field::from("7"))])
}

fn owner(name: &str, team: &str) -> Owner {
    let draft = OwnerDraft {
        name: name.into(),
        accountable: set("alice@example.com"),
        backup: set("bob@example.com"),
        labels: labels(team),
        ..OwnerDraft::default()
    };
    draft.declare().unwrap()
}

fn zone(name: &str) -> Zone {
    ZoneDraft { name: name.into(), ..ZoneDraft::default() }.declare().unwrap()
}

fn identity(name: &str, team: &str) -> Identity {
    let draft = IdentityDraft {
        name: name.into(),
        kind: "ci_runner".into(),
        owner: "platform".into(),
        tier: Field::Is(Ok(1)),
        zone: "build".into(),
        platform: "aws".into(),
        principal: format!("arn:aws:iam::111122223333:role/{name}").as_str().into(),
        labels: labels(team),
        ..IdentityDraft::default()
    };
    draft.declare().unwrap()
}

fn version<T: Declaration>(register: &Register, name: &str) -> Option<i64> {
    register.read::<T>(name).unwrap().map(|kept| kept.version)
}

type Answer = Result<(), RegisterError>;

/// What one apply after the other does, step by step. What a step answered is in the state from then on, and no later run
/// does it again.
const STEPS: &[fn(&Register) -> Answer] = &[
    |register| register.create(&owner("platform", "core")).map(drop),
    |register| register.create(&zone("build")).map(drop),
    |register| register.create(&identity("deployer", "core")).map(drop),
    |register| register.create(&identity("short-lived", "core")).map(drop),
    // A plan in between: everything is read, and confirmed.
    |register| {
        version::<Owner>(register, "platform");
        version::<Identity>(register, "deployer");
        version::<Identity>(register, "short-lived");
        Ok(())
    },
    |register| {
        let known = version::<Identity>(register, "deployer");
        register.update(&identity("deployer", "edge"), known).map(drop)
    },
    |register| {
        register.together(|writing| {
            for name in ["fleet-1", "fleet-2", "fleet-3"] {
                writing.create(&identity(name, "fleet"))?;
            }
            Ok(())
        })
    },
    |register| {
        register.together(|writing| {
            let record = RecordDraft {
                collection: "note",
                key: "first",
                action: "note",
                body: "{\"said\":\"yes\"}",
                subject: Some((ObjectKind::Identity, "deployer")),
                ends: None,
            };
            writing.put_record(&record).map(drop)
        })
    },
    |register| {
        let known = version::<Identity>(register, "short-lived");
        register.delete::<Identity>("short-lived", known).map(drop)
    },
];

/// The names there are after every step.
const IDENTITIES: [&str; 4] = ["deployer", "fleet-1", "fleet-2", "fleet-3"];

/// A run, in a process of its own: goes on where the state ends.
#[test]
fn run() {
    let (Ok(url), Some(state)) = (std::env::var("REGISTER_RUN_URL"), std::env::var_os("REGISTER_RUN_STATE"))
    else {
        return;
    };
    let register = open(&url);
    let done = fs::read_to_string(&state).unwrap_or_default().lines().count();
    let mut state = fs::OpenOptions::new().create(true).append(true).open(state).unwrap();
    for step in STEPS.iter().skip(done) {
        step(&register).unwrap();
        // Between the answer and the state there is nothing that the register does.
        state.write_all(b"done\n").unwrap();
    }
    println!("points={};", fault::reached());
}

/// Starts a run and answers how many points it reached; `None` when it was killed.
fn start(url: &str, state: &Path, kill_at: Option<u64>) -> Option<u64> {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "run", "--nocapture"]).env_remove(fault::VARIABLE);
    if let Some(number) = kill_at {
        command.env(fault::VARIABLE, number.to_string());
    }
    let output = command.env("REGISTER_RUN_URL", url).env("REGISTER_RUN_STATE", state).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let points = text.split_once("points=").and_then(|(_, rest)| rest.split(';').next()?.parse().ok());
    assert!(
        points.is_some() || output.status.code().is_none(),
        "a run that was not killed failed: {text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    points
}

/// After a kill: what is there is whole.
fn whole(url: &str) {
    let Ok(register) = Register::open_read_only(&Location::parse(url).unwrap(), "default") else {
        // It was killed before the register itself was kept.
        return;
    };
    let found = register.verify().unwrap();
    assert_eq!(found.faults, []);
    assert_eq!(register.head().unwrap().seq, i64::try_from(found.entries).unwrap());
    let fleet = register.list::<Identity>().unwrap();
    let fleet = fleet.iter().filter(|kept| kept.declaration.name.as_str().starts_with("fleet-")).count();
    assert!(fleet == 0 || fleet == 3, "written together, there together: {fleet}");
    for team in ["core", "edge", "fleet"] {
        let by_label = Filter { labels: [("team".to_owned(), team.to_owned())].into(), ..Filter::default() };
        let found = register.find::<Identity>(&by_label, Page::first(100)).unwrap();
        let listed = register.list::<Identity>().unwrap();
        let expected =
            listed.iter().filter(|kept| kept.declaration.labels.get("team").is_some_and(|own| own == team));
        assert_eq!(found.iter().collect::<Vec<_>>(), expected.collect::<Vec<_>>(), "labels are whole");
    }
}

fn finished(url: &str) {
    whole(url);
    let register = Register::open_read_only(&Location::parse(url).unwrap(), "default").unwrap();
    let names = register.list::<Identity>().unwrap();
    assert_eq!(names.iter().map(|kept| kept.declaration.name.as_str()).collect::<Vec<_>>(), IDENTITIES);
    let deployer = register.get::<Identity>("deployer").unwrap().unwrap().declaration;
    assert_eq!(deployer, identity("deployer", "edge"));
    assert_eq!(register.records("note", Asked::Key("first")).unwrap().len(), 1);
    // Each was made once, however often that was tried.
    for (object, name) in [("owner", "platform"), ("identity", "deployer"), ("identity", "fleet-2")] {
        let entries = register.entries_about(object, name).unwrap();
        assert_eq!(entries.iter().filter(|entry| entry.action == "create").count(), 1, "{object} {name}");
    }
}

fn kills() -> u64 {
    std::env::var("NHI_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(50)
}

/// Kills a run at one point after the other. On the second way round, the run that comes after it is killed as well, at a
/// point of its own.
fn check(mut fresh: impl FnMut() -> String) {
    let folder = TempDir::new().unwrap();
    let state = |number: u64| folder.path().join(number.to_string());
    let calm = fresh();
    let points = start(&calm, &state(0), None).unwrap();
    finished(&calm);
    assert!(points > 40, "{points} points");
    let (mut killed, mut number) = (0, 0);
    while killed < kills() {
        number += 1;
        let url = fresh();
        // With few runs the points are spread over the whole way.
        let spread = (points / kills()).max(1);
        let at = number * spread % points + 1;
        assert_eq!(start(&url, &state(number), Some(at)), None, "point {at} of {points}");
        killed += 1;
        whole(&url);
        let round = number * spread / points;
        if round > 0 && start(&url, &state(number), Some(round)).is_none() {
            killed += 1;
            whole(&url);
        }
        start(&url, &state(number), None).unwrap();
        finished(&url);
    }
}

#[test]
fn in_a_file() {
    let folder = TempDir::new().unwrap();
    let mut number = 0;
    check(|| {
        number += 1;
        format!("sqlite:{}?mode=create", folder.path().join(format!("{number}.db")).display())
    });
}

#[test]
fn on_a_server() {
    let Some(server) = postgres::Postgres::shared("kills on a server") else { return };
    check(|| format!("{}&mode=create", server.location("nhi", &server.database())));
}
