//! Several threads and several processes at one register.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::Command;

use nhi_identity::{Field, Owner, OwnerDraft};
use nhi_register::{Actor, Clock, Location, Register, RegisterError, Session};
use tempfile::TempDir;

const WRITES: usize = 25;
const WRITERS: usize = 6;

fn open(path: &Path) -> Register {
    let actor = Actor { name: "alice".into(), source: "NHI_ACTOR".into() };
    let session = Session {
        organisation: "default".into(),
        workspace: "platform".into(),
        actor,
        clock: Clock::system(),
    };
    Register::open(&Location::parse(&format!("sqlite:{}?mode=create", path.display())).unwrap(), session)
        .unwrap()
}

fn owner(name: &str) -> Owner {
    let one = |text: &str| Field::Is(vec![Field::from(text)]);
    let draft = OwnerDraft {
        name: name.into(),
        accountable: one("alice@example.com"),
        backup: one("bob@example.com"),
        ..OwnerDraft::default()
    };
    draft.declare().unwrap()
}

/// Writes owners of its own, and claims one name that everybody claims; answers how often it got that one.
fn write(path: &Path, writer: &str) -> usize {
    let register = open(path);
    for number in 0..WRITES {
        register.create(&owner(&format!("{writer}-{number}"))).unwrap();
        register.read::<Owner>(&format!("{writer}-{number}")).unwrap().unwrap();
    }
    // Each claims it with other content: an equal one that a quicker writer left would rightly be adopted.
    usize::from(register.create(&Owner { description: Some(writer.into()), ..owner("shared") }).is_ok())
}

fn check(path: &Path, won: usize) {
    let register = open(path);
    assert_eq!(won, 1, "one writer gets the shared name");
    assert_eq!(register.list::<Owner>().unwrap().len(), WRITERS * WRITES + 1);
    let found = register.verify().unwrap();
    assert_eq!((found.faults, found.entries), (vec![], WRITERS * WRITES * 2 + 2));
}

#[test]
fn threads_with_a_connection_each() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("register.db");
    let won = std::thread::scope(|scope| {
        let path = &path;
        let writers: Vec<_> =
            (0..WRITERS).map(|writer| scope.spawn(move || write(path, &format!("t{writer}")))).collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).sum()
    });
    check(&path, won);
}

#[test]
fn threads_with_one_register() {
    let folder = TempDir::new().unwrap();
    let register = open(&folder.path().join("register.db"));
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let register = &register;
            scope.spawn(move || {
                for number in 0..WRITES {
                    register.create(&owner(&format!("t{writer}-{number}"))).unwrap();
                }
            });
        }
    });
    assert_eq!(register.verify().unwrap().entries, WRITERS * WRITES + 1);
}

/// What a child process of the next test does; without its variables there is nothing to do.
#[test]
fn child() {
    let (Some(path), Ok(writer)) =
        (std::env::var_os("REGISTER_CHILD_PATH"), std::env::var("REGISTER_CHILD_NAME"))
    else {
        return;
    };
    let won = write(Path::new(&path), &writer);
    println!("won={won};");
}

/// What the other process of the next test does: creates, says so, and waits until its input ends.
#[test]
fn sibling() {
    let Some(path) = std::env::var_os("REGISTER_SIBLING_PATH") else { return };
    let register = open(Path::new(&path));
    register.create(&owner("shared")).unwrap();
    println!("made;");
    std::io::stdin().read_line(&mut String::new()).unwrap();
}

/// Two processes of one run (two aliases of the provider) claim one name with equal content: whichever opens the
/// register last, the second one is told so. Once the first has ended, what it left may be taken up.
#[cfg(target_os = "linux")]
#[test]
fn what_a_living_process_made_is_not_left_behind() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("register.db");
    let mut sibling = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "sibling", "--nocapture"])
        .env("REGISTER_SIBLING_PATH", &path)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(sibling.stdout.take().unwrap());
    assert!(said.lines().map_while(Result::ok).any(|line| line.contains("made;")));
    assert!(matches!(open(&path).create(&owner("shared")), Err(RegisterError::Taken { .. })));
    sibling.kill().unwrap();
    sibling.wait().unwrap();
    assert!(open(&path).create(&owner("shared")).is_ok());
}

#[test]
fn processes() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("register.db");
    let children: Vec<_> = (0..WRITERS)
        .map(|writer| {
            Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "child", "--nocapture"])
                .env("REGISTER_CHILD_PATH", &path)
                .env("REGISTER_CHILD_NAME", format!("p{writer}"))
                .stdout(std::process::Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let won = children
        .into_iter()
        .map(|child| {
            let output = child.wait_with_output().unwrap();
            assert!(output.status.success());
            usize::from(String::from_utf8_lossy(&output.stdout).contains("won=1;"))
        })
        .sum();
    check(&path, won);
}
