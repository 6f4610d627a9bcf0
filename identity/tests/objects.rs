//! Drafts of credentials, crossings and break-glass access: what they may hold, and when they end or are due.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use nhi_identity::{
    BreakGlassDraft, CredentialDraft, CredentialKind, CrossingDraft, EndDraft, Field, Moment, Name,
    ObjectKind, OccasionDraft, Status, Surroundings, Timestamp, Use, Violation,
};
use proptest::prelude::*;

fn set(elements: &[&str]) -> Field<Vec<Field<String>>> {
    Field::Is(elements.iter().map(|element| Field::from(*element)).collect())
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn told(violations: &[Violation]) -> Vec<String> {
    violations.iter().map(|violation| format!("{}: {}", violation.path, violation.problem)).collect()
}

fn occasion(at: &str) -> Field<OccasionDraft> {
    Field::Is(OccasionDraft { at: at.into(), reference: "SEC-1".into() })
}

fn lasting(length: &str) -> EndDraft {
    EndDraft { valid_for: length.into(), ..EndDraft::default() }
}

fn credential() -> CredentialDraft {
    CredentialDraft {
        name: "deploy-key".into(),
        identity: "deployer".into(),
        kind: "keytab".into(),
        why: "The old cluster speaks Kerberos alone.".into(),
        owner: "platform".into(),
        rotation_period: "30d".into(),
        end: lasting("90d"),
        ..CredentialDraft::default()
    }
}

fn crossing() -> CrossingDraft {
    CrossingDraft {
        name: "promote".into(),
        from_zone: "build".into(),
        to_zone: "serve".into(),
        approver: "platform".into(),
        reason: "Until the broker is there.".into(),
        log_sink: "s3://acme-crossings".into(),
        end: lasting("30d"),
        ..CrossingDraft::default()
    }
}

fn break_glass() -> BreakGlassDraft {
    BreakGlassDraft {
        name: "root".into(),
        identity: "deployer".into(),
        custodians: set(&["alice@example.com", "bob@example.com"]),
        sealed_location: "safe 12".into(),
        test_period: "90d".into(),
        last_test: occasion("2026-01-01T00:00:00Z"),
        max_duration: "1h".into(),
        alert_channel: "on-call".into(),
        monitoring: "trail alarm".into(),
        reason: "The directory may be down.".into(),
        owner: "platform".into(),
        ..BreakGlassDraft::default()
    }
}

#[test]
fn a_credential_ends_unless_it_is_for_emergencies() {
    let regular = credential().declare().unwrap();
    assert_eq!((regular.kind, regular.used_for), (CredentialKind::Keytab, Use::Regular));
    assert_eq!(regular.status(at("2026-01-01T00:00:00Z")), Status::Unfixed);
    let fixed = regular.fixed(at("2026-01-01T00:00:00Z")).unwrap();
    assert_eq!(fixed.status(at("2026-04-01T00:00:00Z")), Status::Expired(at("2026-04-01T00:00:00Z")));

    let endless = CredentialDraft { end: EndDraft::default(), ..credential() };
    assert_eq!(told(&endless.violations()), ["expires_at: the credential has no end"]);
    let emergency = CredentialDraft { break_glass: Field::Is(true), ..endless.clone() };
    let kept = emergency.declare().unwrap();
    assert_eq!((kept.end.clone(), kept.status(at("2999-01-01T00:00:00Z"))), (None, Status::Active));
    let undecided = CredentialDraft { break_glass: Field::Unknown, ..endless };
    assert_eq!(undecided.violations(), []);
    assert_eq!(told(&undecided.declare().unwrap_err()), ["break_glass: its value is not known yet"]);
}

#[test]
fn a_credential_warns_of_what_is_due() {
    let check = |draft: &CredentialDraft, now: &str, expected: &[&str]| {
        assert_eq!(told(&draft.warnings(at(now))), expected, "{now}");
    };
    let draft = CredentialDraft { last_rotation: occasion("2026-01-01T00:00:00Z"), ..credential() };
    check(&draft, "2026-01-31T00:00:00Z", &[]);
    check(&draft, "2026-01-31T00:00:01Z", &["last_rotation: its rotation was due on 2026-01-31T00:00:00Z"]);
    check(&CredentialDraft { rotation_period: Field::Unknown, ..draft.clone() }, "2030-01-01T00:00:00Z", &[]);
    check(&CredentialDraft { last_rotation: Field::Unknown, ..draft.clone() }, "2030-01-01T00:00:00Z", &[]);
    let seldom = CredentialDraft { rotation_period: "91d".into(), ..credential() };
    check(&seldom, "2026-01-01T00:00:00Z", &["rotation_period: a secret that is exchanged only every 91d"]);
    let due = draft.declare().unwrap().rotation_due();
    assert_eq!(
        (due, credential().declare().unwrap().rotation_due()),
        (Some(at("2026-01-31T00:00:00Z")), None)
    );
}

#[test]
fn a_crossing_goes_somewhere_else() {
    let check = |draft: &CrossingDraft, expected: &[&str]| assert_eq!(told(&draft.violations()), expected);
    check(&crossing(), &[]);
    check(
        &CrossingDraft { to_zone: "build".into(), ..crossing() },
        &["to_zone: `build` is the zone it comes from"],
    );
    check(&CrossingDraft { to_zone: Field::Unknown, ..crossing() }, &[]);
    check(&CrossingDraft { identities: set(&[]), ..crossing() }, &["identities: it lets nobody across"]);
    check(
        &CrossingDraft { end: EndDraft::default(), ..crossing() },
        &["expires_at: the crossing has no end"],
    );

    let open = crossing().declare().unwrap();
    assert!(open.covers(&name("anyone")));
    let closed = CrossingDraft { identities: set(&["deployer"]), ..crossing() }.declare().unwrap();
    assert!(closed.covers(&name("deployer")) && !closed.covers(&name("other")));
    let fixed = closed.fixed(at("2026-01-01T00:00:00Z")).unwrap();
    assert_eq!(fixed.end.moment().map(Moment::at), fixed.terms().ends);
    assert_eq!(fixed.terms().needed, 1);
}

#[test]
fn a_crossing_names_what_is_declared() {
    let declared = CrossingDraft { identities: set(&["deployer"]), ..crossing() }.declare().unwrap();
    let mut around = Surroundings::default();
    let mut missing = vec![
        (ObjectKind::Zone, "build"),
        (ObjectKind::Zone, "serve"),
        (ObjectKind::Identity, "deployer"),
        (ObjectKind::Owner, "platform"),
    ];
    while let Some((kind, one)) = missing.first().copied() {
        assert_eq!(declared.violations(&around).len(), missing.len());
        assert!(!around.has(kind, &name(one)));
        around.note(kind, name(one));
        missing.remove(0);
    }
    assert_eq!(declared.violations(&around), []);
}

#[test]
fn break_glass_is_kept_by_two_and_short() {
    let check = |draft: &BreakGlassDraft, expected: &[&str]| assert_eq!(told(&draft.violations()), expected);
    check(&break_glass(), &[]);
    let few: &[&str] = &["custodians: fewer than two people keep it"];
    check(&BreakGlassDraft { custodians: set(&["alice@example.com"]), ..break_glass() }, few);
    check(&BreakGlassDraft { custodians: set(&["A@example.com", "a@example.com "]), ..break_glass() }, few);
    let half = Field::Is(vec!["alice@example.com".into(), Field::Unknown]);
    check(&BreakGlassDraft { custodians: half, ..break_glass() }, &[]);
    check(
        &BreakGlassDraft { max_duration: "12h1s".into(), ..break_glass() },
        &["max_duration: one use may last 12h1s"],
    );

    let now = at("2026-02-01T00:00:00Z");
    let warns = |draft: &BreakGlassDraft, expected: &[&str]| assert_eq!(told(&draft.warnings(now)), expected);
    warns(&break_glass(), &[]);
    warns(
        &BreakGlassDraft { max_duration: "61m".into(), ..break_glass() },
        &["max_duration: one use may last 1h1m"],
    );
    warns(
        &BreakGlassDraft { last_test: Field::Absent, ..break_glass() },
        &["last_test: nobody says that it was ever tried"],
    );
    warns(&BreakGlassDraft { last_test: Field::Unknown, ..break_glass() }, &[]);
    warns(
        &BreakGlassDraft { test_period: "30d".into(), ..break_glass() },
        &["last_test: its next test was due on 2026-01-31T00:00:00Z"],
    );
}

#[test]
fn unknown_is_neither_right_nor_wrong() {
    let credential = CredentialDraft {
        name: Field::Unknown,
        identity: Field::Unknown,
        kind: Field::Unknown,
        why: Field::Unknown,
        owner: Field::Unknown,
        rotation_period: Field::Unknown,
        last_rotation: Field::Unknown,
        location: Field::Unknown,
        break_glass: Field::Unknown,
        end: EndDraft { expires_at: Field::Unknown, ..EndDraft::default() },
        labels: Field::Unknown,
    };
    assert_eq!(credential.violations(), []);
    assert_eq!(credential.declare().unwrap_err().len(), 11);
    let crossing = CrossingDraft {
        from_zone: Field::Unknown,
        to_zone: Field::Unknown,
        identities: Field::Unknown,
        end: lasting("1d"),
        ..crossing()
    };
    assert_eq!(crossing.violations(), []);
    assert_eq!(crossing.declare().unwrap_err().len(), 3);
}

proptest! {
    /// Fixing an end is done once: whatever the time says later, it stays, and the length gives it back its first form.
    #[test]
    fn an_end_is_fixed_once(length in 1_u64..=36_500 * 86_400, first in 0_i64..2_000_000_000, later in 0_i64..2_000_000_000) {
        let moment = |seconds: i64| Timestamp::from_second(seconds).unwrap();
        let end = crossing().end;
        let draft = CrossingDraft { end: EndDraft { valid_for: Field::Is(format!("{length}s")), ..end }, ..crossing() };
        let asked = draft.declare().unwrap();
        let fixed = asked.clone().fixed(moment(first)).unwrap();
        prop_assert_eq!(fixed.clone().fixed(moment(later)).unwrap(), fixed.clone());
        prop_assert_eq!(fixed.end.clone().unfixed(), asked.end);
        let ends = fixed.end.moment().unwrap().at();
        prop_assert_eq!(ends, moment(first + i64::try_from(length).unwrap()));
        prop_assert_eq!(fixed.status(moment(later)) == Status::Expired(ends), moment(later) >= ends);
    }

    /// Whatever stands in a draft is an answer, and what may be declared has nothing wrong with it.
    #[test]
    fn any_draft_is_an_answer(text in "\\PC{0,24}|[0-9]{1,3}[dhm]|[a-z_]{1,12}", which in 0_usize..9) {
        let mut draft = credential();
        let fields = [
            &mut draft.name, &mut draft.identity, &mut draft.kind, &mut draft.why, &mut draft.owner,
            &mut draft.rotation_period, &mut draft.location, &mut draft.end.expires_at, &mut draft.end.valid_for,
        ];
        *fields.into_iter().nth(which).unwrap() = Field::Is(text);
        prop_assert_eq!(draft.violations().is_empty(), draft.declare().is_ok());
    }
}
