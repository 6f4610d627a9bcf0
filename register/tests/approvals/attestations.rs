//! Attestations: of a reviewer, for one identity or a whole scope, until the identity is another one.

use nhi_identity::{Field, ObjectKind, OnOverdue, Outcome, Review, ReviewDraft, Standing};
use nhi_register::{AttestationDraft, Register, RegisterError};

use crate::desk::{Desk, at, identity, set};

fn review() -> Review {
    let draft = ReviewDraft {
        name: "quarter".into(),
        period: "30d".into(),
        reviewers: set(&["bob", "carol@example.com"]),
        starts_on: "2026-09-01T00:00:00Z".into(),
        owner: "platform".into(),
        scope: Field::Is(nhi_identity::SelectionDraft {
            identities: set(&["deploy", "batch"]),
            ..nhi_identity::SelectionDraft::default()
        }),
        ..ReviewDraft::default()
    };
    draft.declare().unwrap()
}

fn draft(identity: Option<&str>, outcome: Outcome) -> AttestationDraft {
    AttestationDraft { review: "quarter".into(), identity: identity.map(str::to_owned), outcome, note: None }
}

fn told(register: &Register) -> Vec<(String, &'static str, String)> {
    let all = register.attested("quarter").unwrap();
    all.into_iter().map(|one| (one.identity, one.outcome.as_str(), one.by)).collect()
}

fn problem<T: std::fmt::Debug>(result: Result<T, RegisterError>) -> (String, String) {
    let Err(RegisterError::Rules(violations)) = result else { unreachable!("{result:?}") };
    let violation = violations.into_iter().next().unwrap();
    (violation.path.to_string(), violation.problem)
}

#[test]
fn a_reviewer_attests_one_or_all() {
    let desk = Desk::new();
    let alice = desk.open("alice");
    for name in ["batch", "other"] {
        alice.create(&identity(name)).unwrap();
    }
    alice.create(&review()).unwrap();
    let (bob, carol) = (desk.open("bob"), desk.open("Carol@Example.com"));
    let whole = bob.attest(&draft(None, Outcome::Keep)).unwrap();
    let names: Vec<&str> = whole.iter().map(|one| one.identity.as_str()).collect();
    assert_eq!(names, ["batch", "deploy"]);
    desk.pass(10);
    let one = carol.attest(&draft(Some("deploy"), Outcome::Remove)).unwrap();
    assert_eq!((one.len(), one[0].at), (1, at(10)));
    assert_eq!(
        told(&bob),
        [
            ("batch".to_owned(), "keep", "bob".to_owned()),
            ("deploy".to_owned(), "remove", "Carol@Example.com".to_owned())
        ]
    );
    // Only what may stay as it is settles a round.
    let counting = bob.attestations("quarter").unwrap();
    assert_eq!(counting.iter().map(|one| one.identity.as_str()).collect::<Vec<_>>(), ["batch"]);

    // An identity that is declared anew is another one.
    alice.delete::<nhi_identity::Identity>("batch", None).unwrap();
    alice.create(&identity("batch")).unwrap();
    assert_eq!(told(&bob).len(), 1);
    let entry = bob.entries_about("attestation", "quarter/deploy").unwrap().pop().unwrap();
    assert_eq!((entry.action.as_str(), entry.actor.as_str()), ("attest", "Carol@Example.com"));
    assert!(bob.verify().unwrap().faults.is_empty());
}

#[test]
fn others_attest_nothing() {
    let desk = Desk::new();
    let alice = desk.open("alice");
    alice.create(&identity("other")).unwrap();
    alice.create(&identity("batch")).unwrap();
    alice.create(&review()).unwrap();
    let bob = desk.open("bob");
    let check = |register: &Register, draft: &AttestationDraft, path: &str, says: &str| {
        assert_eq!(problem(register.attest(draft)), (path.to_owned(), says.to_owned()));
    };
    let keep = |identity| draft(identity, Outcome::Keep);
    check(&alice, &keep(None), "review", "alice (NHI_ACTOR) is not a reviewer of `quarter`");
    check(&bob, &keep(Some("other")), "identity", "review `quarter` is not about identity `other`");
    check(&bob, &keep(Some("nobody")), "identity", "there is no identity `nobody`");
    let elsewhere = AttestationDraft { review: "year".into(), ..keep(None) };
    check(&bob, &elsewhere, "review", "there is no review `year`");
    let silent = AttestationDraft { note: Some(String::new()), ..keep(None) };
    check(&bob, &silent, "note", "the text is empty");
    assert!(told(&bob).is_empty());
}

#[test]
fn who_is_overdue_is_not_active_where_a_review_says_so() {
    let desk = Desk::new();
    let (alice, bob) = (desk.open("alice"), desk.open("bob"));
    alice.create(&identity("batch")).unwrap();
    let standing = |name: &str| alice.standing(ObjectKind::Identity, name, alice.now()).unwrap().unwrap();
    let mut strict = review();
    alice.create(&strict).unwrap();
    // The first round ends on the first of October, the second thirty days later.
    let day = 86_400;
    desk.pass(40 * day);
    assert_eq!(standing("deploy"), Standing::Active);
    strict.on_overdue = OnOverdue::Inactive;
    alice.update(&strict, None).unwrap();
    let Standing::Overdue { review, since } = standing("deploy") else { unreachable!("it is active") };
    assert_eq!((review.as_str(), since.to_string().as_str()), ("quarter", "2026-10-01T00:00:00Z"));

    bob.attest(&draft(Some("deploy"), Outcome::Change)).unwrap();
    assert_eq!(standing("deploy").word(), "overdue");
    bob.attest(&draft(Some("deploy"), Outcome::Keep)).unwrap();
    assert_eq!((standing("deploy"), standing("batch").word()), (Standing::Active, "overdue"));
    // An identity out of its scope is not asked about, and a revocation weighs more.
    alice.create(&identity("other")).unwrap();
    assert_eq!(standing("other"), Standing::Active);
    bob.revoke(ObjectKind::Identity, "batch", "Unused.").unwrap();
    assert_eq!(standing("batch").word(), "revoked");
}
