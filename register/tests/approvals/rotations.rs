//! Rotations: asked for once, recorded, and asked for again when they are due again.

use nhi_identity::{
    Credential, CredentialDraft, EndDraft, Field, ObjectKind, OccasionDraft, Period, Rotation,
};
use nhi_register::{DueFilter, News, Register, RegisterError};

use crate::desk::{Desk, at};

const DAY: i64 = 86_400;

fn credential(name: &str, last: Option<i64>) -> Credential {
    let last = last
        .map(|days| OccasionDraft { at: at(days * DAY).to_string().as_str().into(), reference: "v1".into() });
    let draft = CredentialDraft {
        name: name.into(),
        identity: "deploy".into(),
        kind: "api_token".into(),
        why: "The partner knows nothing else.".into(),
        owner: "platform".into(),
        rotation_period: "30d".into(),
        last_rotation: last.map_or(Field::Absent, Field::Is),
        end: EndDraft { valid_for: "200d".into(), ..EndDraft::default() },
        ..CredentialDraft::default()
    };
    draft.declare().unwrap()
}

/// Names and what was written down now, for what is due within so many days.
fn asked(register: &Register, within: Option<i64>) -> Vec<(String, bool)> {
    let within = within.and_then(|days| Period::parse(&format!("{days}d")).ok());
    let due = register.ask_rotations(&DueFilter { within, ..DueFilter::default() }).unwrap();
    due.into_iter().map(|one| (one.credential, one.news == News::Now)).collect()
}

fn names(names: &[(&str, bool)]) -> Vec<(String, bool)> {
    names.iter().map(|(name, now)| ((*name).to_owned(), *now)).collect()
}

#[test]
fn what_is_due_is_asked_for_once() {
    let desk = Desk::new();
    let (alice, bob) = (desk.open("alice"), desk.open("bob"));
    for (name, last) in [("fresh", Some(0)), ("old", Some(-40)), ("strange", None)] {
        alice.create(&credential(name, last)).unwrap();
    }
    assert_eq!(asked(&bob, None), names(&[("old", true), ("strange", true)]));
    assert_eq!(asked(&alice, None), names(&[("old", false), ("strange", false)]));
    assert_eq!(asked(&bob, Some(30)), names(&[("fresh", true), ("old", false), ("strange", false)]));
    let old = DueFilter { credential: Some("old".into()), ..DueFilter::default() };
    let due = alice.ask_rotations(&old).unwrap().pop().unwrap();
    assert_eq!((due.rotation, due.asked.by.as_str()), (Rotation::Due(at(-10 * DAY)), "bob"));
    assert_eq!((due.identity.as_str(), due.owner.as_str()), ("deploy", "platform"));

    desk.pass(DAY);
    bob.record_rotation("old", "kv/partner#8").unwrap();
    bob.record_rotation("strange", "kv/strange#2").unwrap();
    assert_eq!(alice.rotation("old", alice.now()).unwrap(), Some(Rotation::Ahead(at(31 * DAY))));
    assert!(asked(&bob, None).is_empty());
    desk.pass(30 * DAY);
    assert_eq!(asked(&bob, None), names(&[("fresh", false), ("old", true), ("strange", true)]));
    let words: Vec<String> =
        bob.entries_about("rotation", "old").unwrap().into_iter().map(|entry| entry.action).collect();
    assert_eq!(words, ["ask", "rotate", "ask"]);
    assert!(bob.verify().unwrap().faults.is_empty());
}

#[test]
fn what_has_gone_is_not_asked_for() {
    let desk = Desk::new();
    let alice = desk.open("alice");
    alice.create(&credential("old", Some(-40))).unwrap();
    alice.record_rotation("old", "v2").unwrap();
    // Declared anew it was never rotated here.
    alice.delete::<Credential>("old", None).unwrap();
    alice.create(&credential("old", Some(-40))).unwrap();
    assert_eq!(asked(&alice, None), names(&[("old", true)]));
    alice.revoke(ObjectKind::Credential, "old", "Found in a log.").unwrap();
    assert!(asked(&alice, None).is_empty());
    alice.create(&credential("ended", None)).unwrap();
    desk.pass(200 * DAY);
    assert!(asked(&alice, None).is_empty());

    let other = DueFilter { owner: Some("nobody".into()), ..DueFilter::default() };
    assert!(alice.ask_rotations(&other).unwrap().is_empty());
    for (result, path) in [
        (alice.record_rotation("other", "v2").map(|_| ()), "credential"),
        (alice.record_rotation("old", " ").map(|_| ()), "reference"),
        (
            alice
                .ask_rotations(&DueFilter { credential: Some("other".into()), ..DueFilter::default() })
                .map(|_| ()),
            "credential",
        ),
    ] {
        let Err(RegisterError::Rules(violations)) = result else { unreachable!("{result:?}") };
        assert_eq!(violations.first().unwrap().path.to_string(), path);
    }
}
