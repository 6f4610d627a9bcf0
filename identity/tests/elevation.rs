//! Who may be raised to what, and on how many other people's word.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use nhi_identity::{
    Elevation, ElevationDraft, EndDraft, Field, ObjectKind, RecordingDraft, Surroundings, TargetDraft,
    Timestamp, Violation,
};
use proptest::prelude::*;

fn set(elements: &[&str]) -> Field<Vec<Field<String>>> {
    Field::Is(elements.iter().map(|element| Field::from(*element)).collect())
}

fn to_role() -> TargetDraft {
    TargetDraft { role: "arn:aws:iam::111122223333:role/admin".into(), ..TargetDraft::default() }
}

fn recorded() -> Field<RecordingDraft> {
    Field::Is(RecordingDraft { mode: "required".into(), sink: "s3://acme-sessions".into() })
}

fn draft() -> ElevationDraft {
    ElevationDraft {
        name: "deploy-by-hand".into(),
        subjects: set(&["alice@example.com", "bob@example.com"]),
        target: Field::Is(to_role()),
        duration: "1h".into(),
        recording: recorded(),
        reason: "The pipeline may be down when it is needed most.".into(),
        owner: "platform".into(),
        end: EndDraft { valid_for: "90d".into(), ..EndDraft::default() },
        ..ElevationDraft::default()
    }
}

fn told(violations: &[Violation]) -> Vec<String> {
    violations.iter().map(|violation| format!("{}: {}", violation.path, violation.problem)).collect()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn check(draft: &ElevationDraft, expected: &[&str]) {
    assert_eq!(told(&draft.violations()), expected);
}

#[test]
fn what_is_missing_is_told_at_its_attribute() {
    check(&draft(), &[]);
    check(
        &ElevationDraft::default(),
        &[
            "name: a value is required here",
            "subjects: nobody may be raised",
            "target: a value is required here",
            "duration: a value is required here",
            "session_recording: a value is required here",
            "reason: a value is required here",
            "owner: a value is required here",
            "expires_at: the elevation has no end",
        ],
    );
    let unknown = ElevationDraft {
        identity: Field::Unknown,
        subjects: Field::Absent,
        target: Field::Is(TargetDraft { identity: Field::Unknown, ..TargetDraft::default() }),
        duration: Field::Unknown,
        approvals: Field::Unknown,
        approvers: Field::Unknown,
        approval_valid_for: Field::Unknown,
        recording: Field::Is(RecordingDraft { mode: Field::Unknown, sink: Field::Unknown }),
        ..draft()
    };
    check(&unknown, &[]);
    assert_eq!(unknown.declare().unwrap_err().len(), 8);
}

#[test]
fn somebody_is_raised_to_something() {
    let identity = ElevationDraft { identity: "deployer".into(), subjects: Field::Absent, ..draft() };
    check(&identity, &[]);
    check(
        &ElevationDraft { identity: "deployer".into(), ..draft() },
        &["subjects: an identity is named already"],
    );
    check(
        &ElevationDraft { subjects: set(&[]), ..draft() },
        &["subjects: at least one element is required here"],
    );
    let to = |target: TargetDraft| ElevationDraft { target: Field::Is(target), ..identity.clone() };
    check(&to(TargetDraft::default()), &["target: it lends nobody's rights"]);
    check(
        &to(TargetDraft { identity: "admin".into(), ..to_role() }),
        &["target.role: an identity is named already"],
    );
    check(
        &to(TargetDraft { identity: "deployer".into(), ..TargetDraft::default() }),
        &["target.identity: `deployer` would be raised to itself"],
    );
    check(
        &to(TargetDraft { actions: set(&[" s3:*"]), ..to_role() }),
        &["target.actions: ` s3:*` begins or ends with blanks"],
    );
    let elevation = to(TargetDraft { identity: "admin".into(), ..TargetDraft::default() }).declare().unwrap();
    assert_eq!(
        told(&elevation.violations(&Surroundings::default())),
        [
            "identity: no identity `deployer` is declared",
            "target.identity: no identity `admin` is declared",
            "owner: no owner `platform` is declared",
        ]
    );
    let mut around = Surroundings::default();
    around.note(ObjectKind::Owner, elevation.owner.clone());
    for identity in elevation.identities() {
        around.note(ObjectKind::Identity, identity.clone());
    }
    assert_eq!(elevation.violations(&around), []);
    assert_eq!(elevation.target.scope(&[]), None, "a role alone names no requests");
    let narrow = to(TargetDraft { actions: set(&["s3:Get*"]), ..to_role() }).declare().unwrap();
    assert_eq!(narrow.target.scope(&["x".into()]).unwrap().actions, ["s3:Get*"]);
}

#[test]
fn nobody_is_raised_for_long() {
    let lasting = |duration: &str| ElevationDraft { duration: duration.into(), ..draft() };
    let now = at("2026-11-23T00:00:00Z");
    let warned = |duration: &str, expected: &[&str]| {
        check(&lasting(duration), &[]);
        assert_eq!(told(&lasting(duration).warnings(now)), expected, "{duration}");
        assert_eq!(told(&lasting(duration).declare().unwrap().warnings(now)), expected, "{duration}");
    };
    warned("8h", &[]);
    warned("8h1s", &["duration: `8h1s` is longer than 8 hours"]);
    warned("24h", &["duration: `24h` is longer than 8 hours"]);
    check(&lasting("1d1s"), &["duration: `1d1s` is longer than 24 hours"]);
    assert_eq!(lasting("1d1s").warnings(now), []);
    check(&lasting("1.5h"), &["duration: `1.5h` is not a length of time"]);
    check(
        &ElevationDraft { approval_valid_for: "31d".into(), ..draft() },
        &["approval_valid_for: `31d` is longer than 30 days"],
    );
}

#[test]
fn an_end_is_near_or_behind() {
    let ending = |expires_at: &str| ElevationDraft {
        end: EndDraft { expires_at: expires_at.into(), ..EndDraft::default() },
        ..draft()
    };
    let now = at("2026-11-23T00:00:00Z");
    assert_eq!(ending("2027-11-23T00:00:00Z").warnings(now), []);
    assert_eq!(
        told(&ending("2026-11-30T00:00:00Z").warnings(now)),
        ["expires_at: elevation `deploy-by-hand` ends on 2026-11-30T00:00:00Z"]
    );
    let fixed = draft().declare().unwrap().fixed(now).unwrap();
    assert_eq!(fixed.terms().ends, Some(at("2027-02-21T00:00:00Z")));
    assert_eq!(fixed.clone().fixed(at("2027-01-01T00:00:00Z")).unwrap(), fixed);
}

#[test]
fn recordings_go_somewhere() {
    let recorded = |mode: &str, sink: Field<String>| ElevationDraft {
        recording: Field::Is(RecordingDraft { mode: mode.into(), sink }),
        ..draft()
    };
    let (absent, sink) = (Field::Absent, Field::from("s3://acme-sessions"));
    check(&recorded("required", absent.clone()), &["session_recording.sink: the recording goes nowhere"]);
    check(&recorded("required", Field::Unknown), &[]);
    check(
        &recorded("none", sink.clone()),
        &["session_recording.sink: nothing is recorded, and yet it has a place to go"],
    );
    check(&recorded("sometimes", sink), &["session_recording.mode: `sometimes` is not a way of recording"]);
    check(&recorded("none", absent.clone()), &[]);
    assert_eq!(
        told(&recorded("none", absent).warnings(at("2026-11-23T00:00:00Z"))),
        ["session_recording.mode: nobody will see what was done meanwhile"]
    );
}

#[test]
fn enough_others_approve() {
    let approved = |approvals: i64, approvers: Field<Vec<Field<String>>>| ElevationDraft {
        approvals: Field::Is(Ok(approvals)),
        approvers,
        ..draft()
    };
    for (count, text) in [(0, "0"), (-1, "-1"), (21, "21"), (300, "300")] {
        check(
            &approved(count, Field::Absent),
            &[&format!("approvals: `{text}` is not a number of approvals")],
        );
    }
    let half = ElevationDraft { approvals: Field::Is(Err("1.5".into())), ..draft() };
    check(&half, &["approvals: `1.5` is not a number of approvals"]);
    check(&approved(20, Field::Absent), &[]);
    check(&approved(2, set(&["carol", "dave"])), &[]);
    check(&approved(2, set(&["carol", "CAROL"])), &["approvers: 1 may approve, and 2 must"]);
    check(
        &approved(1, set(&["alice@example.com", "Bob@example.com "])),
        &[
            "approvers: `Bob@example.com ` begins or ends with blanks",
            "approvers: 0 may approve besides those who are raised, and 1 must",
        ],
    );
    check(&approved(1, set(&["alice@example.com", "carol"])), &[]);
    check(&approved(2, Field::Is(vec![Field::Unknown, "carol".into()])), &[]);
    check(
        &approved(3, Field::Is(vec![Field::Unknown, "carol".into()])),
        &["approvers: 2 may approve, and 3 must"],
    );
    let terms = draft().declare().unwrap().terms();
    assert_eq!((terms.needed, terms.valid_for.map(|length| length.seconds())), (1, Some(8 * 3_600)));
    assert_eq!(terms.barred.len(), 2);
}

proptest! {
    /// What is declared can be approved: somebody besides those who are raised is left for each approval.
    #[test]
    fn what_is_declared_can_be_approved(
        raised in prop::collection::btree_set(0_u8..6, 1..4),
        approvers in prop::collection::btree_set(0_u8..6, 0..5),
        needed in 1_i64..4,
    ) {
        let people = |all: &std::collections::BTreeSet<u8>| Field::Is(all.iter().map(|one| Field::Is(format!("person-{one}"))).collect());
        let draft = ElevationDraft {
            subjects: people(&raised),
            approvals: Field::Is(Ok(needed)),
            approvers: if approvers.is_empty() { Field::Absent } else { people(&approvers) },
            ..draft()
        };
        let left = approvers.difference(&raised).count();
        let enough = approvers.is_empty() || left >= usize::try_from(needed).unwrap();
        let declared: Result<Elevation, _> = draft.declare();
        prop_assert_eq!(declared.is_ok(), enough);
    }
}
