//! Grants: opened on live approvals, renewed, closed by hand, by time or by a revocation.

use nhi_identity::{
    ElevationDraft, Field, GrantError, ObjectKind, Period, RecordingDraft, Standing, TargetDraft,
};
use nhi_register::{Grant, GrantDraft, Register, RegisterError, Revoked};

use crate::desk::{Desk, at, elevation, elevation_draft, identity, set};

const KIND: ObjectKind = ObjectKind::Elevation;

fn desk() -> Desk {
    let desk = Desk::new();
    desk.open("alice").create(&elevation("admin")).unwrap();
    desk
}

fn draft(elevation: &str) -> GrantDraft {
    GrantDraft { elevation: elevation.into(), ..GrantDraft::default() }
}

fn opened(register: &Register, elevation: &str) -> Grant {
    register.open_grant(&draft(elevation)).unwrap()
}

fn ids(register: &Register) -> Vec<String> {
    register.grants(register.now()).unwrap().into_iter().map(|grant| grant.id).collect()
}

/// The words of the entries about grants, oldest first.
fn told(register: &Register) -> Vec<String> {
    let log = register.audit_log().unwrap();
    log.into_iter().filter(|entry| entry.object == "grant").map(|entry| entry.action).collect()
}

fn waits(given: u8) -> RegisterError {
    let standing = Standing::Unapproved { needed: 1, given };
    RegisterError::Inactive { kind: KIND, name: "admin".into(), standing }
}

#[test]
fn a_grant_opens_on_live_approvals_alone() {
    let desk = desk();
    let (bob, carol) = (desk.open("bob"), desk.open("carol@example.com"));
    assert_eq!(carol.open_grant(&draft("admin")), Err(waits(0)));
    bob.approve(KIND, "admin", None).unwrap();
    // Whoever approved cannot use it on their own word.
    assert_eq!(desk.open("Bob").open_grant(&draft("admin")), Err(waits(0)));
    let grant = opened(&carol, "admin");
    assert_eq!((grant.subject.as_deref(), grant.target.as_str()), (Some("carol@example.com"), "admin"));
    assert_eq!((grant.by.as_str(), grant.identity), ("carol@example.com", None));
    assert_eq!((grant.window.until, grant.window.latest), (at(900), at(3_600)));
    // A run opens one when it plans and one when it applies.
    let second = opened(&carol, "admin");
    assert_ne!(grant.id, second.id);
    assert_eq!(ids(&bob).len(), 2);
    assert_eq!(carol.close_grant(&grant.id).unwrap().unwrap().id, grant.id);
    assert_eq!(carol.close_grant(&grant.id).unwrap(), None);
    assert_eq!(ids(&bob), std::slice::from_ref(&second.id));
    carol.close_grant(&second.id).unwrap();
    assert_eq!(told(&bob), ["open", "open", "close", "close"]);

    desk.pass(7_200);
    assert_eq!(carol.open_grant(&draft("admin")), Err(waits(0)));
    bob.approve(KIND, "admin", None).unwrap();
    opened(&carol, "admin");
    assert!(bob.verify().unwrap().faults.is_empty());
}

#[test]
fn a_renewal_reaches_as_far_as_the_elevation() {
    let desk = desk();
    let (bob, carol) = (desk.open("bob"), desk.open("carol@example.com"));
    bob.approve(KIND, "admin", None).unwrap();
    // The approval grows old while the grant is open.
    desk.pass(7_190);
    let grant = opened(&carol, "admin");
    desk.pass(800);
    let renewed = carol.renew_grant(&grant.id).unwrap();
    assert_eq!((renewed.id.as_str(), renewed.window.until), (grant.id.as_str(), at(7_990 + 900)));
    for _ in 0..3 {
        desk.pass(890);
        carol.renew_grant(&grant.id).unwrap();
    }
    let last = carol.grants(carol.now()).unwrap().pop().unwrap().window;
    assert_eq!((last.until, last.latest), (at(7_190 + 3_600), at(7_190 + 3_600)));
    desk.pass(890);
    let over =
        RegisterError::NotGranted { elevation: "admin".into(), reason: GrantError::Over(at(7_190 + 3_600)) };
    assert_eq!(carol.renew_grant(&grant.id), Err(over));
    assert!(ids(&carol).is_empty());
    // It was closed by time; that is written down with the next write about grants.
    assert_eq!(carol.close_grant(&grant.id).unwrap(), None);
    assert_eq!(told(&bob), ["open", "renew", "renew", "renew", "renew", "expire"]);
    assert_eq!(carol.renew_grant(&grant.id), Err(RegisterError::NoGrant(grant.id)));
}

#[test]
fn what_ends_the_elevation_ends_its_grants() {
    let desk = desk();
    let (alice, bob, carol) = (desk.open("alice"), desk.open("bob"), desk.open("carol@example.com"));
    bob.approve(KIND, "admin", None).unwrap();
    let first = opened(&carol, "admin");
    desk.pass(10);
    bob.withdraw(KIND, "admin").unwrap();
    assert_eq!(carol.renew_grant(&first.id), Err(waits(0)));
    bob.approve(KIND, "admin", None).unwrap();
    carol.renew_grant(&first.id).unwrap();
    let changed = ElevationDraft { reason: "More.".into(), ..elevation_draft("admin") };
    alice.update(&changed.declare().unwrap(), None).unwrap();
    assert_eq!(carol.renew_grant(&first.id), Err(waits(0)));

    bob.approve(KIND, "admin", None).unwrap();
    let second = opened(&carol, "admin");
    let revoked = bob.revoke(KIND, "admin", "No.").unwrap();
    let Revoked::Now { closed, .. } = revoked else { unreachable!("{revoked:?}") };
    let mut expected = [first.id, second.id];
    expected.sort();
    assert_eq!(closed.into_iter().map(|grant| grant.id).collect::<Vec<_>>(), expected);
    assert!(ids(&bob).is_empty());
    let revoked = Standing::Revoked { by: "bob".into(), at: at(10), identity: None };
    let inactive = RegisterError::Inactive { kind: KIND, name: "admin".into(), standing: revoked };
    assert_eq!(carol.open_grant(&draft("admin")), Err(inactive));
    assert!(bob.verify().unwrap().faults.is_empty());
}

#[test]
fn a_revoked_identity_is_raised_by_nothing() {
    let desk = desk();
    let (alice, bob, carol) = (desk.open("alice"), desk.open("bob"), desk.open("carol@example.com"));
    alice.create(&identity("break")).unwrap();
    let target = TargetDraft { identity: "break".into(), ..TargetDraft::default() };
    let raised = ElevationDraft {
        identity: "deploy".into(),
        subjects: Field::Absent,
        target: Field::Is(target),
        recording: Field::Is(RecordingDraft { mode: "required".into(), sink: "s3://acme-log".into() }),
        ..elevation_draft("machine")
    };
    alice.create(&raised.declare().unwrap()).unwrap();
    bob.approve(KIND, "machine", None).unwrap();
    let grant = opened(&carol, "machine");
    assert_eq!((grant.identity.as_deref(), grant.subject.as_deref()), (Some("deploy"), None));
    assert_eq!(grant.target, "break");
    bob.revoke(ObjectKind::Identity, "break", "Leaked.").unwrap();
    assert!(ids(&bob).is_empty());
    let refused = carol.open_grant(&draft("machine")).unwrap_err().to_string();
    assert!(refused.starts_with("nhi_identity `break` was revoked by bob at "), "{refused}");
}

#[test]
fn who_is_raised_is_said_where_it_is_not_plain() {
    let desk = desk();
    let (bob, carol) = (desk.open("bob"), desk.open("carol@example.com"));
    let several =
        ElevationDraft { subjects: set(&["carol@example.com", "sre"]), ..elevation_draft("several") };
    desk.open("alice").create(&several.declare().unwrap()).unwrap();
    for name in ["admin", "several"] {
        bob.approve(KIND, name, None).unwrap();
    }
    let dave = desk.open("dave");
    let raised = |register: &Register, elevation: &str, subject: Option<&str>| {
        let subject = subject.map(str::to_owned);
        let grant = register.open_grant(&GrantDraft { subject, ..draft(elevation) })?;
        Ok::<_, RegisterError>(grant.subject.unwrap())
    };
    for (register, elevation, subject, expected) in [
        (&dave, "admin", None, Ok("carol@example.com")),
        (&dave, "admin", Some("Carol@Example.com"), Ok("carol@example.com")),
        (&carol, "several", None, Ok("carol@example.com")),
        (&dave, "several", Some("sre"), Ok("sre")),
        (&dave, "several", None, Err("elevation `several` raises several, and nobody says which")),
        (&dave, "several", Some("bob"), Err("elevation `several` does not raise `bob`")),
    ] {
        match (raised(register, elevation, subject), expected) {
            (Ok(found), Ok(expected)) => assert_eq!(found, expected),
            (Err(RegisterError::Rules(violations)), Err(expected)) => {
                let violation = violations.first().unwrap();
                assert_eq!(
                    (violation.path.to_string().as_str(), violation.problem.as_str()),
                    ("subject", expected)
                );
            }
            (found, expected) => unreachable!("{found:?} {expected:?}"),
        }
    }
    let lease = Period::parse("2h").ok();
    let long = carol.open_grant(&GrantDraft { lease, ..draft("admin") }).unwrap_err();
    assert!(matches!(long, RegisterError::NotGranted { reason: GrantError::Long { .. }, .. }));
    let missing = RegisterError::NotDeclared { kind: KIND, name: "other".into() };
    assert_eq!(carol.open_grant(&draft("other")), Err(missing));
}
