//! Approvals on a server: who approves is whom the server has authenticated, whatever they call themselves.

use nhi_identity::{
    ApprovalError, ElevationDraft, EndDraft, Field, ObjectKind, RecordingDraft, Standing, TargetDraft,
};
use nhi_register::{
    Actor, AttestationDraft, DueFilter, GrantDraft, Location, Register, RegisterError, Session,
};

use crate::sample::{exception, identity, owner, set, zone};
use crate::stand::{NOW, Stand, Store, session};

const KIND: ObjectKind = ObjectKind::Exception;

/// What the page about registers gives to a role that works with one.
const RIGHTS: &str = "GRANT USAGE ON SCHEMA nhi TO alice, bob; GRANT SELECT ON ALL TABLES IN SCHEMA nhi TO alice, bob; \
                      GRANT INSERT, UPDATE, DELETE ON nhi.declaration, nhi.label, nhi.record, nhi.run TO alice, bob; \
                      GRANT INSERT ON nhi.audit TO alice, bob; \
                      GRANT UPDATE (seq, hash) ON nhi.organisation TO alice, bob;";

/// The register, opened by a role that says it is somebody.
fn open(stand: &Stand, role: &str, says: &str) -> Register {
    let Store::Server(server, database) = &stand.store else { unreachable!("this is about a server") };
    let actor = Actor { name: says.into(), source: "NHI_ACTOR".into() };
    let session = Session { actor, ..session("default", "platform", NOW) };
    Register::open(&Location::parse(&server.location(role, database)).unwrap(), session).unwrap()
}

fn furnished(test: &str) -> Option<(Stand, Register)> {
    let stand = Stand::server(test)?;
    drop(stand.open("platform"));
    stand.tamper(RIGHTS);
    let alice = open(&stand, "alice", "alice");
    alice.create(&owner("platform")).unwrap();
    alice.create(&zone("build")).unwrap();
    alice.create(&identity("deployer")).unwrap();
    alice.create(&exception("legacy", "30d")).unwrap();
    Some((stand, alice))
}

#[test]
fn the_role_of_the_session_is_who_approves() {
    let Some((stand, alice)) = furnished("the_role_of_the_session_is_who_approves") else { return };
    // Another name does not make another person.
    let posing = open(&stand, "alice", "bob");
    let refused = RegisterError::NotApproved {
        kind: KIND,
        name: "legacy".into(),
        reason: ApprovalError::Requester("alice".into()),
    };
    assert_eq!(posing.approve(KIND, "legacy", None), Err(refused));
    assert_eq!(posing.admits(KIND, "legacy").unwrap(), Some(Err(ApprovalError::Requester("alice".into()))));
    // Nor does the same name make the same person.
    let bob = open(&stand, "bob", "alice");
    let approved = bob.approve(KIND, "legacy", Some("For the vendor.")).unwrap();
    assert_eq!((approved.given.approval.by.as_str(), approved.requester.as_str()), ("bob", "alice"));
    assert_eq!(approved.given.source, "postgres session role; NHI_ACTOR said `alice`");
    assert_eq!(approved.standing, Standing::Active);
    assert_eq!(alice.withdraw(KIND, "legacy").unwrap(), None);
    assert!(alice.pending(alice.now(), None).unwrap().is_empty());
    bob.withdraw(KIND, "legacy").unwrap().unwrap();
    assert_eq!(alice.pending(alice.now(), Some("bob")).unwrap()[0].admits, Some(Ok(())));
    alice.revoke(KIND, "legacy", "The vendor has federation now.").unwrap();
    assert_eq!(bob.standing(KIND, "legacy", bob.now()).unwrap().unwrap().word(), "revoked");
    assert_eq!(bob.verify().unwrap().faults, []);
}

#[test]
fn grants_attestations_and_rotations_are_kept_on_a_server() {
    let test = "grants_attestations_and_rotations_are_kept_on_a_server";
    let Some((stand, alice)) = furnished(test) else { return };
    let elevation = ElevationDraft {
        name: "repair".into(),
        subjects: set(&["alice"]),
        target: Field::Is(TargetDraft { role: "admin".into(), ..TargetDraft::default() }),
        duration: "1h".into(),
        recording: Field::Is(RecordingDraft { mode: "none".into(), ..RecordingDraft::default() }),
        reason: "Repairs.".into(),
        owner: "platform".into(),
        end: EndDraft { valid_for: "30d".into(), ..EndDraft::default() },
        ..ElevationDraft::default()
    };
    alice.create(&elevation.declare().unwrap()).unwrap();
    let bob = open(&stand, "bob", "x");
    bob.approve(ObjectKind::Elevation, "repair", None).unwrap();
    let draft = GrantDraft { elevation: "repair".into(), ..GrantDraft::default() };
    let grant = alice.open_grant(&draft).unwrap();
    assert_eq!(alice.renew_grant(&grant.id).unwrap().by, "alice");
    assert_eq!(bob.grants(bob.now()).unwrap().len(), 1);
    alice.open_grant(&draft).unwrap();
    alice.close_grant(&grant.id).unwrap().unwrap();
    bob.revoke(ObjectKind::Elevation, "repair", "Enough.").unwrap();
    assert!(bob.grants(bob.now()).unwrap().is_empty());

    assert!(bob.ask_rotations(&DueFilter::default()).unwrap().is_empty());
    assert!(bob.attested("none").unwrap().is_empty());
    let nobody = AttestationDraft {
        review: "none".into(),
        identity: None,
        outcome: nhi_identity::Outcome::Keep,
        note: None,
    };
    assert!(matches!(bob.attest(&nobody), Err(RegisterError::Rules(_))));
    assert_eq!(bob.verify().unwrap().faults, []);
}
