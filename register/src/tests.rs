//! The register from inside: what only a look at its file can show.

use std::path::Path;

use nhi_identity::{Field, FreezeDraft, ObjectKind, Owner, OwnerDraft, Timestamp};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::chain::Fault;
use crate::place::Place;
use crate::schema::{self, Content, MIGRATIONS, Step};
use crate::sqlite::Statements;
use crate::standing::AT_ONCE;
use crate::store::ASKED;
use crate::{Actor, Clock, Location, Register, RegisterError, Session};

fn session() -> Session {
    let at: Timestamp = "2026-11-23T01:00:00Z".parse().unwrap();
    let actor = Actor { name: "alice".into(), source: "NHI_ACTOR".into() };
    Session {
        organisation: "default".into(),
        workspace: "platform".into(),
        actor,
        clock: Clock::new(move || at),
    }
}

fn location(path: &Path) -> Location {
    Location::parse(&format!("sqlite:{}?mode=create", path.display())).unwrap()
}

fn open(folder: &TempDir) -> Register {
    Register::open(&location(&folder.path().join("register.db")), session()).unwrap()
}

fn owner(name: &str, description: &str) -> Owner {
    let one = |text: &str| Field::Is(vec![Field::from(text)]);
    OwnerDraft {
        name: name.into(),
        accountable: one("alice@example.com"),
        backup: one("bob@example.com"),
        description: description.into(),
        ..OwnerDraft::default()
    }
    .declare()
    .unwrap()
}

#[test]
fn where_many_stand_takes_no_more_statements_than_where_one_does() {
    let folder = TempDir::new().unwrap();
    let register = open(&folder);
    register.create(&owner("platform", "answers")).unwrap();
    let names: Vec<String> = (0..AT_ONCE).map(|number| format!("freeze-{number:03}")).collect();
    for name in &names {
        let draft = FreezeDraft {
            name: Field::Is(name.clone()),
            starts_at: "2026-12-20T00:00:00Z".into(),
            ends_at: "2027-01-02T00:00:00Z".into(),
            refuses: Field::Is(vec![Field::from("expansions")]),
            reason: "Holidays.".into(),
            owner: "platform".into(),
            ..FreezeDraft::default()
        };
        register.create(&draft.declare().unwrap()).unwrap();
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let asked = |names: &[&str]| {
        ASKED.set(0);
        let standings = register.standings(ObjectKind::Freeze, names, register.now()).unwrap();
        assert_eq!(standings.len(), names.len());
        ASKED.get()
    };
    let one = asked(&names[..1]);
    assert_eq!(asked(&names), one);
    assert!(one <= 4, "{one}");
}

#[test]
fn a_full_disk_loses_nothing() {
    let folder = TempDir::new().unwrap();
    let register = open(&folder);
    register.create(&owner("first", "kept")).unwrap();
    {
        let connection = register.file().lock();
        let pages: i64 = connection.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
        connection
            .query_row(&format!("PRAGMA max_page_count = {pages}"), [], |row| row.get::<_, i64>(0))
            .unwrap();
    }
    let mut written = 0;
    let error = loop {
        match register.create(&owner(&format!("more-{written}"), &"x".repeat(3000))) {
            Ok(_) => written += 1,
            Err(error) => break error,
        }
        assert!(written < 1000, "the ceiling holds");
    };
    assert_eq!(error, RegisterError::Full(Place::file(&folder.path().join("register.db"))));
    assert_eq!(register.list::<Owner>().unwrap().len(), written + 1);
    let found = register.verify().unwrap();
    assert_eq!((found.faults, found.entries), (vec![], written + 2));
    register
        .file()
        .lock()
        .query_row("PRAGMA max_page_count = 100000", [], |row| row.get::<_, i64>(0))
        .unwrap();
    register.create(&owner("after", "there is room again")).unwrap();
}

#[test]
fn tampering_is_found_and_placed() {
    let declaration = |name: &str| Fault::Declaration { object: "owner".into(), name: name.into() };
    let check = |sql: &str, expected: &[Fault]| {
        let folder = TempDir::new().unwrap();
        let register = open(&folder);
        for name in ["a", "b", "c"] {
            register.create(&owner(name, "first")).unwrap();
        }
        register.update(&owner("b", "second"), None).unwrap();
        register.delete::<Owner>("c", None).unwrap();
        assert_eq!(register.verify().unwrap().faults, []);
        let refused = register.file().lock().execute_batch(sql);
        if sql.contains(" audit ") {
            assert!(refused.unwrap_err().to_string().contains("append-only"), "{sql}");
            let drop = "DROP TRIGGER audit_is_not_edited; DROP TRIGGER audit_is_not_shortened;";
            register.file().lock().execute_batch(&format!("{drop}{sql}")).unwrap();
        }
        assert_eq!(register.verify().unwrap().faults, expected, "{sql}");
    };
    // Entries: 1 found, 2 create a, 3 create b, 4 create c, 5 update b, 6 delete c.
    check("UPDATE audit SET actor = 'mallory' WHERE seq = 3", &[Fault::Edited(3)]);
    check("UPDATE audit SET before = NULL WHERE seq = 5", &[Fault::Edited(5)]);
    check("UPDATE audit SET source = actor || source, actor = '' WHERE seq = 2", &[Fault::Edited(2)]);
    check("DELETE FROM audit WHERE seq IN (3, 4)", &[Fault::Missing(3, 4)]);
    check("DELETE FROM audit WHERE seq = 1", &[Fault::Missing(1, 1)]);
    check("DELETE FROM audit WHERE seq >= 5", &[Fault::Shortened(4, 6), declaration("b"), declaration("c")]);
    check(
        "UPDATE audit SET seq = seq + 100 WHERE seq IN (3, 4); UPDATE audit SET seq = 107 - seq WHERE seq > 100",
        &[Fault::Unlinked(3), Fault::Edited(3), Fault::Unlinked(4), Fault::Edited(4), Fault::Unlinked(5)],
    );
    check("UPDATE declaration SET workspace = 'other' WHERE name = 'a'", &[declaration("a")]);
    check("UPDATE declaration SET body = replace(body, 'second', 'third')", &[declaration("b")]);
    check("DELETE FROM declaration WHERE name = 'a'", &[declaration("a")]);
}

#[test]
fn a_file_that_somebody_keeps_locked_is_told() {
    let folder = TempDir::new().unwrap();
    let register = open(&folder);
    register.create(&owner("first", "kept")).unwrap();
    let other = Connection::open(folder.path().join("register.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    register.store.hurry(std::time::Duration::from_millis(20)).unwrap();
    let busy = RegisterError::Busy(Place::file(&folder.path().join("register.db")));
    assert_eq!(register.create(&owner("second", "waits")).map(|_| ()), Err(busy));
    assert!(register.get::<Owner>("first").unwrap().is_some(), "reading goes on");
    other.execute_batch("ROLLBACK").unwrap();
    register.create(&owner("second", "goes on")).unwrap();
    assert_eq!(register.verify().unwrap().faults, []);
}

#[test]
fn an_older_register_takes_the_missing_steps_in_order() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("old.db");
    let mut connection = Connection::open(&path).unwrap();
    let place = Place::from("old.db");
    let migrate = |connection: &mut Connection, steps: &[&'static str]| {
        let transaction = connection.transaction().unwrap();
        let steps: Vec<Step> = steps.iter().map(|sql| Step { both: sql, ..Step::NOTHING }).collect();
        let before = schema::migrate(Statements::new(&transaction, &place), &steps);
        if before.is_ok() {
            transaction.commit().unwrap();
        }
        before.map_err(|error| error.to_string())
    };
    let two = ["CREATE TABLE one (x)", "ALTER TABLE one ADD COLUMN y DEFAULT 7"];
    let three = [two[0], two[1], "CREATE TABLE three AS SELECT y FROM one"];
    assert_eq!(migrate(&mut connection, &two[..1]), Ok(Content::Empty));
    connection.execute("INSERT INTO one VALUES (1)", []).unwrap();
    assert_eq!(migrate(&mut connection, &three), Ok(Content::Register(1)));
    assert_eq!(connection.query_row("SELECT y FROM three", [], |row| row.get::<_, i64>(0)), Ok(7));
    assert_eq!(migrate(&mut connection, &three), Ok(Content::Register(3)));

    let broken = [three[0], three[1], three[2], "CREATE TABLE four (x)", "no SQL"];
    assert!(migrate(&mut connection, &broken).is_err());
    assert_eq!(
        schema::identify(Statements::new(&connection, &place)),
        Ok(Content::Register(3)),
        "half a migration leaves nothing"
    );
    assert!(connection.prepare("SELECT * FROM four").is_err());
}

#[test]
fn registers_of_other_versions_are_left_alone() {
    let folder = TempDir::new().unwrap();
    let register = open(&folder);
    let path = folder.path().join("register.db");
    let newest = i64::try_from(MIGRATIONS.len()).unwrap();
    let version = |version: i64| register.file().lock().pragma_update(None, "user_version", version).unwrap();

    version(newest + 1);
    let newer = Err(RegisterError::Newer { place: Place::file(&path), found: newest + 1, supported: newest });
    assert_eq!(Register::open(&location(&path), session()).map(|_| ()), newer);
    assert_eq!(Register::open_read_only(&location(&path), "default").map(|_| ()), newer);

    version(newest - 1);
    let older = Err(RegisterError::Older { place: Place::file(&path), found: newest - 1, needed: newest });
    assert_eq!(Register::open_read_only(&location(&path), "default").map(|_| ()), older);
}

#[test]
fn a_damaged_declaration_is_told_by_name() {
    let folder = TempDir::new().unwrap();
    let register = open(&folder);
    register.create(&owner("a", "fine")).unwrap();
    let spoil = "UPDATE declaration SET body = replace(body, 'bob@', 'alice@')";
    register.file().lock().execute_batch(spoil).unwrap();
    let told = register.get::<Owner>("a").unwrap_err().to_string();
    assert!(
        told.contains("nhi_owner `a` cannot be read: backup: `alice@example.com` is accountable already"),
        "{told}"
    );
    assert_eq!(register.list::<Owner>().unwrap_err().to_string(), told);
}
