//! Records beside declarations.

use nhi_identity::Timestamp;
use nhi_register::{Asked, Fault, ObjectKind, Record, RecordDraft, Register};

use crate::sample::owner;
use crate::stand::Stand;

fn draft<'a>(key: &'a str, body: &'a str) -> RecordDraft<'a> {
    RecordDraft {
        collection: "note",
        key,
        action: "note",
        body,
        subject: Some((ObjectKind::Owner, "platform")),
        ends: None,
    }
}

fn keys(records: &[Record]) -> Vec<&str> {
    records.iter().map(|record| record.key.as_str()).collect()
}

fn noted(stand: &Stand) -> Register {
    let register = stand.open("platform");
    register
        .together(|writing| {
            writing.create(&owner("platform"))?;
            writing.put_record(&draft("b", "{\"n\":1}"))?;
            writing.put_record(&draft("a", "{\"n\":2}"))?;
            let ends = Some("2026-12-01T00:00:00Z".parse::<Timestamp>().unwrap());
            writing.put_record(&RecordDraft { subject: None, ends, ..draft("c", "{}") })
        })
        .unwrap();
    register
}

pub(crate) fn records_are_written_down_and_found(stand: &Stand) {
    let register = noted(stand);
    let about = register.records("note", Asked::Subject(ObjectKind::Owner, "platform")).unwrap();
    assert_eq!(keys(&about), ["a", "b"]);
    assert_eq!(about[0].subject, Some((ObjectKind::Owner, "platform".to_owned())));
    assert_eq!((about[0].version, about[1].version), (4, 3));
    assert_eq!(keys(&register.records("note", Asked::All("", 2)).unwrap()), ["a", "b"]);
    assert_eq!(keys(&register.records("note", Asked::All("b", 2)).unwrap()), ["c"]);
    let late = "2026-12-01T00:00:00.000001Z".parse().unwrap();
    assert_eq!(keys(&register.records("note", Asked::EndsBefore(late)).unwrap()), ["c"]);
    let early = "2026-12-01T00:00:00Z".parse().unwrap();
    assert_eq!(register.records("note", Asked::EndsBefore(early)).unwrap(), []);
    assert_eq!(register.records("other", Asked::All("", 9)).unwrap(), []);

    register
        .together(|writing| {
            writing.put_record(&draft("b", "{\"n\":3}"))?;
            writing.remove_record(("note", "a"), "forget")?;
            writing.remove_record(("note", "nothing"), "forget")
        })
        .unwrap();
    let all = register.records("note", Asked::All("", 9)).unwrap();
    assert_eq!(keys(&all), ["b", "c"]);
    assert_eq!(all[0].body, "{\"n\":3}");
    let log = register.audit_log().unwrap();
    let last: Vec<_> = log[5..].iter().map(|entry| (entry.action.as_str(), entry.name.as_str())).collect();
    assert_eq!(last, [("note", "b"), ("forget", "a")]);
    assert_eq!((log[5].before.as_deref(), log[5].after.as_deref()), (Some("{\"n\":1}"), Some("{\"n\":3}")));
    assert_eq!(register.verify().unwrap().faults, []);
}

pub(crate) fn an_edited_record_is_found(stand: &Stand) {
    let register = noted(stand);
    stand.tamper("UPDATE record SET body = '{}' WHERE key = 'a'; DELETE FROM record WHERE key = 'b'");
    let fault = |name: &str| Fault::Declaration { object: "note".into(), name: name.into() };
    assert_eq!(register.verify().unwrap().faults, [fault("a"), fault("b")]);
}
