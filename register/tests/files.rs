//! Files that are not what they should be, and folders that may not be written.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::fs;
use std::path::Path;

use nhi_identity::{Field, Owner, OwnerDraft};
use nhi_register::{Actor, Clock, Location, Register, RegisterError, Session};
use tempfile::TempDir;

fn session() -> Session {
    let actor = Actor { name: "alice".into(), source: "NHI_ACTOR".into() };
    Session { organisation: "default".into(), workspace: "platform".into(), actor, clock: Clock::system() }
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

fn location(path: &Path, mode: &str) -> Location {
    Location::parse(&format!("sqlite:{}{mode}", path.display())).unwrap()
}

/// Opens both ways, with and without leave to create, and shows the first words of what is said.
fn check(path: &Path, expected: &str) {
    let before = fs::read(path).ok();
    for answer in [
        Register::open(&location(path, ""), session()),
        Register::open_read_only(&location(path, ""), "default"),
        Register::open_read_only(&location(path, "?mode=create"), "default"),
    ] {
        let told = answer.map(|_| ()).unwrap_err().to_string();
        assert!(told.starts_with(&expected.replace("PATH", &path.display().to_string())), "{told}");
    }
    assert_eq!(fs::read(path).ok(), before, "nothing was changed");
}

#[test]
fn what_is_no_register_is_left_alone() {
    let folder = TempDir::new().unwrap();
    let file = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, content).unwrap();
        path
    };
    check(&folder.path().join("none.db"), "there is no register at `PATH`.");
    check(&folder.path().join("no/folder/none.db"), "there is no register at `PATH`.");
    check(folder.path(), "the register at `PATH` cannot be opened: it is a folder");
    check(&file("garbage", &[0x7f; 9000]), "`PATH` is not a register: it is no SQLite database");
    check(&file("text", b"not a database at all"), "`PATH` is not a register: it is no SQLite database");
    check(&file("empty", b""), "`PATH` is not a register: the file holds nothing");
    let below = file("plain", b"x").join("register.db");
    let told = Register::open(&location(&below, "?mode=create"), session()).map(|_| ()).unwrap_err();
    assert!(matches!(told, RegisterError::Unreadable { .. }), "{told}");
    assert!(matches!(
        Register::open(&location(&file("garbage2", &[1; 5000]), "?mode=create"), session()),
        Err(RegisterError::NotARegister { .. })
    ));
}

#[test]
fn the_database_of_another_program_is_left_alone() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("other.db");
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("CREATE TABLE notes (text); PRAGMA user_version = 1").unwrap();
    drop(other);
    check(&path, "`PATH` is not a register: it is the database of another program");
    assert!(matches!(
        Register::open(&location(&path, "?mode=create"), session()),
        Err(RegisterError::NotARegister { .. })
    ));
}

#[test]
fn a_truncated_register_is_damaged_and_not_repaired() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("register.db");
    drop(Register::open(&location(&path, "?mode=create"), session()).unwrap());
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let register = Register::open(&location(&path, ""), session());
    let told = register.and_then(|register| register.verify().map(|_| ())).unwrap_err();
    assert!(matches!(told, RegisterError::Damaged { .. } | RegisterError::NotARegister { .. }), "{told}");
}

#[test]
fn a_register_is_created_only_where_that_was_asked_for() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("deep/er/register.db");
    assert!(matches!(Register::open(&location(&path, ""), session()), Err(RegisterError::Missing(_))));
    assert!(!path.parent().unwrap().exists());
    let first = Register::open(&location(&path, "?mode=create"), session()).unwrap();
    let again = Register::open(&location(&path, "?mode=create"), session()).unwrap();
    assert_eq!(first.id(), again.id());
    assert_eq!(Register::open(&location(&path, ""), session()).unwrap().id(), first.id());
}

/// An administrator may write everywhere, so there this shows only that reading works.
#[test]
fn a_folder_that_may_not_be_written_can_still_be_read() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("register.db");
    let id = Register::open(&location(&path, "?mode=create"), session()).unwrap().id().to_owned();
    let set_read_only = |path: &Path, answer: ReadOnly| {
        let mut permissions = fs::metadata(path).unwrap().permissions();
        permissions.set_readonly(answer == ReadOnly::Yes);
        fs::set_permissions(path, permissions).unwrap();
    };
    set_read_only(&path, ReadOnly::Yes);
    set_read_only(folder.path(), ReadOnly::Yes);
    let read = Register::open_read_only(&location(&path, ""), "default");
    let listed = read.and_then(|register| Ok((register.id().to_owned(), register.list::<Owner>()?.len())));
    set_read_only(folder.path(), ReadOnly::No);
    assert_eq!(listed, Ok((id, 0)));
}

/// What the process of the next test does: it may not write the folder that it is given.
#[test]
fn stranger() {
    let Some(folder) = std::env::var_os("REGISTER_STRANGER_FOLDER") else { return };
    let folder = Path::new(&folder);
    let register = Register::open(&location(&folder.join("register.db"), "?mode=create"), session()).unwrap();
    assert_eq!(register.list::<Owner>().unwrap().len(), 0);
    let told = register.create(&owner("platform")).unwrap_err();
    assert!(matches!(told, RegisterError::ReadOnly(_)), "{told}");
    let told =
        Register::open(&location(&folder.join("new.db"), "?mode=create"), session()).map(|_| ()).unwrap_err();
    assert!(matches!(told, RegisterError::Unreadable { .. }), "{told}");
    let told = Register::open(&location(&folder.join("a/new.db"), "?mode=create"), session())
        .map(|_| ())
        .unwrap_err();
    assert!(matches!(told, RegisterError::Unreadable { .. }), "{told}");
    println!("told;");
}

/// The administrator may write everywhere, so a process of somebody else is asked.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_may_not_be_written_is_told_to_who_wants_to_write() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;

    let outer = TempDir::new().unwrap();
    // Somebody else has to reach the folder and the program of the test.
    let program = outer.path().join("program");
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    let mode = |path: &Path, mode: u32| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    mode(outer.path(), 0o755);
    // The file itself may be written or not: without its folder there is no log.
    for file in [0o444, 0o666] {
        let folder = outer.path().join(format!("{file:o}"));
        drop(Register::open(&location(&folder.join("register.db"), "?mode=create"), session()).unwrap());
        mode(&folder.join("register.db"), file);
        mode(&folder, 0o555);
        let mut stranger = std::process::Command::new(&program);
        stranger.args(["--exact", "stranger", "--nocapture"]).env("REGISTER_STRANGER_FOLDER", &folder);
        if fs::metadata("/proc/self").unwrap().uid() == 0 {
            stranger.uid(65534).gid(65534);
        }
        let output = stranger.current_dir("/").output().unwrap();
        mode(&folder, 0o755);
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.contains("told;"), "{file:o}: {text}{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "nothing was left beside it");
    }
}

#[derive(Clone, Copy, PartialEq)]
enum ReadOnly {
    Yes,
    No,
}
