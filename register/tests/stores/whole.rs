//! The whole of what an organisation keeps: carried from one store into another, and looked over.

use nhi_register::{
    Among, Entry, Fault, Inspection, KeptBody, KeptRecord, Location, RecordDraft, Register, RegisterError,
    Restoration, restore,
};

use crate::sample::{described, exception, identity, owner, zone};
use crate::stand::Stand;

/// Everything a register shows.
#[derive(Clone, Debug, PartialEq)]
struct Whole {
    id: String,
    entries: Vec<Entry>,
    bodies: Vec<KeptBody>,
    records: Vec<KeptRecord>,
}

fn whole(register: &Register) -> Whole {
    register
        .snapshot(|snapshot| {
            Ok(Whole {
                id: snapshot.id().to_owned(),
                entries: snapshot.entries_after(0, usize::MAX)?,
                bodies: snapshot.bodies_after(("", ""), usize::MAX)?,
                records: snapshot.records_after(("", ""), usize::MAX)?,
            })
        })
        .unwrap()
}

fn filled(stand: &Stand) -> Register {
    let register = stand.open("platform");
    register.create(&owner("platform")).unwrap();
    register.create(&zone("later")).unwrap();
    register.create(&zone("build")).unwrap();
    register.create(&identity("deployer")).unwrap();
    register.create(&exception("migration", "30d")).unwrap();
    register.update(&described("platform", "keeps the data"), None).unwrap();
    let draft = RecordDraft {
        collection: "note",
        key: "one",
        action: "note",
        body: r#"{"text":"looked at"}"#,
        subject: None,
        ends: None,
    };
    register.together(|writing| writing.put_record(&draft)).unwrap();
    register
}

fn put_back(url: &str, whole: &Whole, among: Among) -> Result<(), RegisterError> {
    let last = whole.entries.last().unwrap();
    let restoration = Restoration {
        organisation: "default".to_owned(),
        id: whole.id.clone(),
        head: nhi_register::Head { seq: last.seq, hash: last.hash.clone() },
        among,
    };
    restore(&Location::parse(url).unwrap(), &restoration, |into| {
        whole.entries.iter().try_for_each(|entry| into.entry(entry))?;
        whole.bodies.iter().try_for_each(|kept| into.body(kept))?;
        whole.records.iter().try_for_each(|kept| into.record(kept))
    })
}

/// From here into a file, and from a file to here.
pub(crate) fn what_is_put_back_is_what_was_there(stand: &Stand) {
    let file = Stand::file();
    let source = filled(&file);
    let before = whole(&source);
    put_back(&stand.creating(), &before, Among::Nobody).unwrap();
    let here = stand.open("platform");
    assert_eq!(whole(&here), before);
    assert_eq!(here.verify().unwrap().faults, []);
    // It can be found by what it says, and written on.
    let filter = nhi_register::Filter { owner: Some("platform".to_owned()), ..Default::default() };
    assert_eq!(here.count::<nhi_identity::Identity>(&filter).unwrap(), 1);
    here.create(&owner("team-web")).unwrap();
    assert_eq!(here.verify().unwrap().faults, []);
    let back = Stand::file();
    put_back(&back.creating(), &whole(&here), Among::Nobody).unwrap();
    assert_eq!(whole(&back.reader("default").unwrap()), whole(&here));
}

pub(crate) fn nothing_is_written_over_and_nothing_false_is_kept(stand: &Stand) {
    let before = whole(&filled(&Stand::file()));
    let mut edited = before.clone();
    "mallory".clone_into(&mut edited.entries[2].actor);
    let told = put_back(&stand.creating(), &edited, Among::Nobody).unwrap_err();
    assert_eq!(told, RegisterError::Backup(Fault::Edited(3).to_string()));
    let mut less = before.clone();
    less.bodies.pop();
    let told = put_back(&stand.creating(), &less, Among::Nobody).unwrap_err();
    assert!(matches!(told, RegisterError::Backup(_)), "{told}");
    assert!(stand.reader("default").is_err(), "nothing of it was kept");
    if let Some(path) = stand.path() {
        let folder = path.parent().unwrap();
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), 0, "not even a file");
    }
    stand.open_in("acme", "platform");
    let told = put_back(&stand.url(), &before, Among::Nobody).unwrap_err();
    assert!(
        matches!(&told, RegisterError::Occupied { organisation, .. } if organisation == "acme"),
        "{told}"
    );
    put_back(&stand.url(), &before, Among::Others).unwrap();
    assert_eq!(whole(&stand.reader("default").unwrap()), before);
    let told = put_back(&stand.url(), &before, Among::Others).unwrap_err();
    assert!(matches!(told, RegisterError::Occupied { .. }), "{told}");
}

pub(crate) fn what_is_put_back_takes_the_place_of_what_was_there(stand: &Stand) {
    let other = stand.open_in("acme", "platform");
    other.create(&owner("untouched")).unwrap();
    let before = whole(&filled(&Stand::file()));
    put_back(&stand.url(), &before, Among::Predecessor).unwrap();
    assert_eq!(whole(&stand.reader("default").unwrap()), before);
    stand.open("platform").create(&owner("later")).unwrap();
    let now = whole(&stand.reader("default").unwrap());
    // What does not verify takes no place.
    let mut edited = before.clone();
    "mallory".clone_into(&mut edited.entries[2].actor);
    let told = put_back(&stand.url(), &edited, Among::Predecessor).unwrap_err();
    assert!(matches!(told, RegisterError::Backup(_)), "{told}");
    assert_eq!(whole(&stand.reader("default").unwrap()), now);
    put_back(&stand.url(), &before, Among::Predecessor).unwrap();
    assert_eq!(whole(&stand.reader("default").unwrap()), before);
    assert_eq!(other.verify().unwrap().faults, []);
    assert!(other.get::<nhi_identity::Owner>("untouched").unwrap().is_some());
    // A file has its guards again.
    if let Some(path) = stand.path() {
        let file = rusqlite::Connection::open(path).unwrap();
        assert!(file.execute("DELETE FROM audit", []).is_err());
        assert!(file.execute("UPDATE audit SET actor = 'x'", []).is_err());
    }
}

pub(crate) fn what_cannot_be_read_or_is_not_there_is_told(stand: &Stand) {
    let register = filled(stand);
    let Inspection { counts, unreadable, dangling } = register.inspect().unwrap();
    let counts: Vec<String> = counts.iter().map(|(word, count)| format!("{count} {word}")).collect();
    assert_eq!(counts, ["1 exception", "1 identity", "1 note", "1 owner", "2 zone"]);
    assert_eq!((unreadable.len(), dangling.len()), (0, 0));
    stand.tamper("DELETE FROM declaration WHERE kind = 'owner'");
    stand.tamper("UPDATE declaration SET body = '{}' WHERE kind = 'exception'");
    let Inspection { unreadable, dangling, .. } = register.inspect().unwrap();
    assert_eq!(unreadable.len(), 1, "{unreadable:?}");
    let pair = |word: &str, name: &str| (word.to_owned(), name.to_owned());
    assert_eq!(dangling, [(pair("identity", "deployer"), pair("owner", "platform"))]);
    let in_a_file = stand.path().is_some();
    let file = register.file_health().unwrap();
    assert_eq!(file.is_some(), in_a_file);
    if let Some(file) = file {
        assert_eq!((file.broken, file.journal.as_str()), (Vec::new(), "wal"));
    }
    let server = register.server_health().unwrap();
    assert_eq!(server.is_none(), in_a_file);
    if let Some(server) = server {
        assert!(server.version.starts_with("PostgreSQL"), "{server:?}");
        assert_eq!((server.role.as_str(), server.superuser), ("nhi", Some(false)), "{server:?}");
        assert!(server.tls.is_some(), "{server:?}");
        assert!(server.privileges.contains(&"INSERT".to_owned()), "{server:?}");
    }
}
