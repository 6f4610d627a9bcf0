//! Approvals and revocations: four eyes, one writing at a time, all of it in the audit chain.

use nhi_identity::{ApprovalError, Exception, ObjectKind, Standing, Timestamp};
use nhi_register::{Actor, Register, RegisterError, Revoked};

use crate::desk::{Desk, KIND, at, exception, place, waits};

#[test]
fn somebody_else_approves_and_everybody_sees_it() {
    let desk = Desk::new();
    assert_eq!(desk.standing(), waits(0));
    let bob = desk.open("bob");
    let pending = bob.pending(bob.now(), Some("bob")).unwrap();
    let seen = pending.first().unwrap();
    assert_eq!((pending.len(), seen.name.as_str(), seen.requester.as_deref()), (1, "debug", Some("alice")));
    assert_eq!(seen.admits, Some(Ok(())));
    assert_eq!((seen.needed, seen.at.as_str()), (1, at(0).to_string().as_str()));

    desk.pass(10);
    let approved = bob.approve(KIND, "debug", Some("For an hour.")).unwrap();
    assert_eq!((approved.requester.as_str(), approved.standing), ("alice", Standing::Active));
    assert_eq!(desk.standing(), Standing::Active);
    assert!(bob.pending(bob.now(), None).unwrap().is_empty());
    let all = bob.approvals(KIND, "debug").unwrap();
    assert_eq!(all, std::slice::from_ref(&approved.given));
    assert_eq!(approved.given.note.as_deref(), Some("For an hour."));
    assert_eq!(approved.given.approval.at, at(10));

    // The entry of the chain names what was approved, and by whom.
    let entry = bob.audit_log().unwrap().pop().unwrap();
    assert_eq!(
        (entry.object.as_str(), entry.action.as_str(), entry.actor.as_str()),
        ("approval", "approve", "bob")
    );
    assert_eq!(entry.name, "exception/debug/bob");
    let after = entry.after.unwrap();
    assert!(after.contains(&approved.given.approval.digest), "{after}");
    assert!(after.contains(r#""requested_by":"alice""#) && after.contains(r#""by":"bob""#), "{after}");
    assert!(bob.verify().unwrap().faults.is_empty());

    desk.pass(3_590);
    assert_eq!(desk.standing(), Standing::Expired(at(3_600)));
}

#[test]
fn nobody_approves_their_own_words() {
    let desk = Desk::new();
    let refused = |actor: Actor| match desk.open_as(actor).approve(KIND, "debug", None) {
        Err(RegisterError::NotApproved { reason, .. }) => reason,
        other => unreachable!("{other:?}"),
    };
    let named = |name: &str, source: &str| Actor { name: name.into(), source: source.into() };
    for alias in ["alice", "Alice", " ALICE "] {
        assert_eq!(refused(named(alias, "NHI_ACTOR")), ApprovalError::Requester(alias.into()));
    }
    // The same name from another source is the same person for all that anybody knows.
    assert_eq!(refused(named("alice", "GITHUB_ACTOR")), ApprovalError::Requester("alice".into()));
    assert_eq!(refused(named("unknown", "none")), ApprovalError::Nameless);
    assert_eq!(desk.standing(), waits(0));
    assert_eq!(
        desk.open("alice").admits(KIND, "debug").unwrap(),
        Some(Err(ApprovalError::Requester("alice".into())))
    );
    assert_eq!(desk.open("bob").admits(KIND, "debug").unwrap(), Some(Ok(())));
    assert_eq!(desk.open("bob").admits(KIND, "other").unwrap(), None);

    // What nobody is known to have asked for is approved by nobody.
    let nobody = desk.open_as(named("unknown", "none"));
    nobody.update(&exception("debug", "Debugging again."), None).unwrap();
    assert_eq!(refused(named("bob", "NHI_ACTOR")), ApprovalError::RequestedByNobody);
    let pending = nobody.pending(nobody.now(), Some("bob")).unwrap();
    assert_eq!(pending.first().unwrap().requester, None);
}

#[test]
fn an_approval_dies_with_the_words_it_approved() {
    let desk = Desk::new();
    let (alice, bob) = (desk.open("alice"), desk.open("bob"));
    bob.approve(KIND, "debug", None).unwrap();
    alice.update(&exception("debug", "Something else."), None).unwrap();
    assert_eq!(desk.standing(), waits(0));
    // Back to the very words that were approved: they were asked for anew.
    alice.update(&exception("debug", "Debugging."), None).unwrap();
    assert_eq!(desk.standing(), waits(0));

    // Whoever wrote it last is the one who asks.
    bob.update(&exception("debug", "Bob's words."), None).unwrap();
    assert!(matches!(bob.approve(KIND, "debug", None), Err(RegisterError::NotApproved { .. })));
    alice.approve(KIND, "debug", None).unwrap();
    assert_eq!(desk.standing(), Standing::Active);

    // Reading confirms it and changes nothing.
    alice.read::<Exception>("debug").unwrap();
    assert_eq!(desk.standing(), Standing::Active);
    // What is removed and declared anew is another request.
    alice.delete::<Exception>("debug", None).unwrap();
    assert_eq!(alice.standing(KIND, "debug", at(0)).unwrap(), None);
    bob.create(&exception("debug", "Bob's words.")).unwrap();
    assert_eq!(desk.standing(), waits(0));
}

#[test]
fn an_approval_is_withdrawn_by_whoever_gave_it() {
    let desk = Desk::new();
    let (bob, carol) = (desk.open("bob"), desk.open("carol"));
    assert_eq!(bob.withdraw(KIND, "debug").unwrap(), None);
    bob.approve(KIND, "debug", None).unwrap();
    assert_eq!(carol.withdraw(KIND, "debug").unwrap(), None);
    assert_eq!(desk.standing(), Standing::Active);
    let withdrawn = desk.open(" BOB").withdraw(KIND, "debug").unwrap().unwrap();
    assert_eq!((withdrawn.standing, desk.standing()), (waits(0), waits(0)));
    let entry = bob.audit_log().unwrap().pop().unwrap();
    assert_eq!((entry.action.as_str(), entry.actor.as_str(), entry.after), ("withdraw", " BOB", None));
    // Approving again is one approval, with its own time.
    desk.pass(5);
    bob.approve(KIND, "debug", None).unwrap();
    desk.pass(5);
    bob.approve(KIND, "debug", None).unwrap();
    let times: Vec<Timestamp> =
        bob.approvals(KIND, "debug").unwrap().iter().map(|one| one.approval.at).collect();
    assert_eq!(times, [at(10)]);
}

#[test]
fn what_is_revoked_stays_revoked_until_it_is_replaced() {
    let desk = Desk::new();
    let (alice, bob) = (desk.open("alice"), desk.open("bob"));
    bob.approve(KIND, "debug", None).unwrap();
    let revoked = desk.open("eve").revoke(KIND, "debug", "The log is gone.").unwrap();
    let Revoked::Now { revocation, .. } = revoked else { unreachable!("{revoked:?}") };
    assert_eq!((revocation.by.as_str(), revocation.reason.as_str()), ("eve", "The log is gone."));
    let standing = Standing::Revoked { by: "eve".into(), at: at(0), identity: None };
    assert_eq!(desk.standing(), standing);
    desk.pass(10);
    assert_eq!(bob.revoke(KIND, "debug", "Again.").unwrap(), Revoked::Before(revocation));
    // Neither other words nor an approval help.
    alice.update(&exception("debug", "Please."), None).unwrap();
    let refused = bob.approve(KIND, "debug", None);
    assert_eq!(
        refused,
        Err(RegisterError::Inactive { kind: KIND, name: "debug".into(), standing: standing.clone() })
    );
    assert_eq!(desk.standing(), standing);
    assert!(bob.pending(bob.now(), None).unwrap().is_empty());

    alice.delete::<Exception>("debug", None).unwrap();
    alice.create(&exception("debug", "Please.")).unwrap();
    assert_eq!(desk.standing(), waits(0));
    // And it may be revoked again.
    bob.revoke(KIND, "debug", "No.").unwrap();
    assert_eq!(desk.standing(), Standing::Revoked { by: "bob".into(), at: at(10), identity: None });

    bob.revoke(ObjectKind::Identity, "deploy", "Leaked.").unwrap();
    let identity = bob.standing(ObjectKind::Identity, "deploy", bob.now()).unwrap().unwrap();
    assert_eq!(identity, Standing::Revoked { by: "bob".into(), at: at(10), identity: None });
    assert!(bob.verify().unwrap().faults.is_empty());
}

#[test]
fn what_makes_no_sense_is_refused() {
    let desk = Desk::new();
    let bob = desk.open("bob");
    let missing = RegisterError::NotDeclared { kind: KIND, name: "other".into() };
    assert_eq!(bob.approve(KIND, "other", None), Err(missing.clone()));
    assert_eq!(bob.withdraw(KIND, "other"), Err(missing.clone()));
    assert_eq!(bob.revoke(KIND, "other", "x"), Err(missing));
    assert_eq!(bob.standing(KIND, "other", at(0)), Ok(None));
    let refused = bob.approve(ObjectKind::Owner, "platform", None);
    assert!(matches!(refused, Err(RegisterError::NotApproved { reason: ApprovalError::NotNeeded, .. })));
    let refused = bob.revoke(ObjectKind::Owner, "platform", "x");
    assert!(matches!(refused, Err(RegisterError::NotRevocable { .. })));
    for (result, path) in [
        (bob.approve(KIND, "debug", Some(" ")).map(|_| ()), "note"),
        (bob.approve(KIND, "debug", Some("a\u{7}")).map(|_| ()), "note"),
        (bob.revoke(KIND, "debug", "").map(|_| ()), "reason"),
    ] {
        let Err(RegisterError::Rules(violations)) = result else { unreachable!("{result:?}") };
        assert_eq!(violations.first().unwrap().path.to_string(), path);
    }
    let reader = Register::open_read_only(&place(desk.folder.path()), "default").unwrap();
    assert!(matches!(reader.approve(KIND, "debug", None), Err(RegisterError::ReadOnly(_))));
    assert_eq!(reader.standing(KIND, "debug", at(0)), Ok(Some(waits(0))));
}
