//! Approvals and grants: cases by hand, and laws that hold for all of them.
#![expect(clippy::unwrap_used, reason = "a panic here is the failure")]

use std::collections::BTreeSet;

use nhi_identity::approval::{Approval, ApprovalError, Request, Revocation, Standing, Terms};
use nhi_identity::grant::{GrantError, Window};
use nhi_identity::{Period, Timestamp};
use proptest::prelude::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + seconds).unwrap()
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn request(terms: Terms) -> Request {
    Request { requester: "Alice".to_owned(), version: 7, digest: "d7".to_owned(), terms }
}

fn approval(by: &str, seconds: i64) -> Approval {
    Approval { by: by.to_owned(), at: at(seconds), version: 7, digest: "d7".to_owned() }
}

#[test]
fn four_eyes() {
    let open = request(Terms::approvals(1));
    let closed = request(Terms {
        approvers: names(&["bob", "Carol "]),
        barred: names(&["dave@example.com"]),
        ..Terms::approvals(1)
    });
    let nobody = Request { requester: " ".to_owned(), ..open.clone() };
    let check = |request: &Request, approver: Option<&str>, expected: Option<ApprovalError>| {
        assert_eq!(request.admits(approver).err(), expected, "{approver:?}");
    };
    check(&open, Some("bob"), None);
    check(&open, Some("alice"), Some(ApprovalError::Requester("alice".into())));
    check(&open, Some(" ALICE\t"), Some(ApprovalError::Requester(" ALICE\t".into())));
    check(&open, Some(" "), Some(ApprovalError::Nameless));
    check(&open, None, Some(ApprovalError::Nameless));
    check(&nobody, Some("bob"), Some(ApprovalError::RequestedByNobody));
    check(&closed, Some("CAROL"), None);
    check(&closed, Some("Dave@Example.com"), Some(ApprovalError::Barred("Dave@Example.com".into())));
    let approvers = closed.terms.approvers.clone();
    check(&closed, Some("erin"), Some(ApprovalError::Stranger { who: "erin".into(), approvers }));
    check(&request(Terms::default()), Some("bob"), Some(ApprovalError::NotNeeded));
    let stranger = closed.admits(Some("erin")).unwrap_err().to_string();
    assert_eq!(stranger, "`erin` is not among those who may approve it: `Carol `, `bob`");
}

#[test]
fn where_it_stands() {
    let two = Terms { valid_for: Period::parse("1h").ok(), ..Terms::approvals(2) };
    let (begins, ends) = (Some(at(100)), Some(at(9_000)));
    let two = request(Terms { begins, ends, ..two });
    let other = Approval { digest: "d6".to_owned(), version: 6, ..approval("carol", 0) };
    let edited = Approval { digest: "d6".to_owned(), ..approval("carol", 0) };
    let again = Approval { version: 6, ..approval("carol", 0) };
    let revocation =
        Revocation { by: "erin".to_owned(), at: at(5), reason: "leaked".to_owned(), identity: None };
    let both = [approval("bob", 0), approval("carol", 10)];
    let waits = |given| Standing::Unapproved { needed: 2, given };
    let check = |approvals: &[Approval], now: i64, expected: Standing| {
        assert_eq!(two.standing(approvals, None, at(now)), expected);
        let told = two.standing(approvals, Some(&revocation), at(now));
        assert_eq!(told, Standing::Revoked { by: "erin".into(), at: at(5), identity: None });
    };
    check(&[], 200, waits(0));
    check(&[approval("alice", 0), approval("bob", 0)], 200, waits(1));
    check(&[approval("bob", 0), approval(" BOB", 10)], 200, waits(1));
    for dead in [other, edited, again] {
        check(&[approval("bob", 0), dead], 200, waits(1));
    }
    check(&both, 99, Standing::NotYet(at(100)));
    check(&both, 100, Standing::Active);
    check(&both, 3_599, Standing::Active);
    check(&both, 3_600, waits(1));
    check(&[approval("bob", 0), approval("carol", 10), approval("bob", 20)], 3_600, Standing::Active);
    check(&both, 9_000, Standing::Expired(at(9_000)));
    let alone = request(Terms::default().until(Some(at(50))));
    assert_eq!(alone.standing(&[], None, at(0)), Standing::Active);
    assert_eq!(alone.standing(&[], None, at(50)), Standing::Expired(at(50)));
    assert_eq!(format!("it {}", waits(1)), "it waits for approval: it has 1 of 2");
}

#[test]
fn windows() {
    let period = |text: &str| Period::parse(text).unwrap();
    // Lease, longest, end; then how long it is open, how long at most, and when it is renewed.
    let check = |lease: Option<&str>, longest: &str, end: Option<i64>, expected: (i64, i64, Option<i64>)| {
        let lease = lease.map(period);
        let window = Window::open(at(0), lease.as_ref(), &period(longest), end.map(at)).unwrap();
        let (until, latest, renew) = expected;
        assert_eq!((window.until, window.latest), (at(until), at(latest)));
        assert_eq!(window.renew_at(at(0)), renew.map(at));
    };
    check(None, "1h", None, (900, 3_600, Some(600)));
    check(None, "10m", None, (600, 600, None));
    check(Some("5m"), "1h", None, (300, 3_600, Some(200)));
    check(Some("1h"), "1h", None, (3_600, 3_600, None));
    check(Some("30s"), "30s", None, (30, 30, None));
    check(None, "1h", Some(1_200), (900, 1_200, Some(600)));
    check(None, "1h", Some(60), (60, 60, None));
    let refused = |lease: &str, longest: &str, end: Option<i64>| {
        Window::open(at(0), Some(&period(lease)), &period(longest), end.map(at)).unwrap_err()
    };
    let long = GrantError::Long { lease: "90m".into(), longest: "1h".into() };
    assert_eq!(refused("90m", "1h", None), long);
    assert_eq!(refused("59s", "1h", None), GrantError::Short("59s".into()));
    assert_eq!(refused("5m", "1h", Some(0)), GrantError::Over(at(0)));

    let first = Window::open(at(0), None, &period("20m"), None).unwrap();
    let second = first.renewed(at(600)).unwrap();
    assert_eq!((second.until, second.renew_at(at(600))), (at(1_200), None));
    assert_eq!(second.renewed(at(700)).unwrap().until, at(1_200));
    assert_eq!(second.renewed(at(1_200)), Err(GrantError::Over(at(1_200))));
    assert_eq!(first.renewed(at(900)), Err(GrantError::Over(at(900))));
}

fn anybody() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["alice", "Alice ", "bob", " BOB", "carol", "dave", ""]).prop_map(str::to_owned)
}

prop_compose! {
    fn any_terms()(
        needed in 0_u8..4,
        approvers in prop::collection::btree_set(anybody(), 0..3),
        barred in prop::collection::btree_set(anybody(), 0..2),
        valid_for in prop::option::of(1_u64..500),
        begins in prop::option::of(0_i64..500),
        ends in prop::option::of(0_i64..500),
    ) -> Terms {
        let valid_for = valid_for.map(|seconds| Period::parse(&format!("{seconds}s")).unwrap());
        Terms { needed, approvers, barred, valid_for, begins: begins.map(at), ends: ends.map(at) }
    }
}

prop_compose! {
    fn any_approval()(by in anybody(), seconds in 0_i64..500, version in 6_i64..8) -> Approval {
        Approval { by, at: at(seconds), version, digest: format!("d{version}") }
    }
}

proptest! {
    #[test]
    fn nobody_approves_alone(
        terms in any_terms(),
        approvals in prop::collection::vec(any_approval(), 0..6),
        requester in anybody(),
        now in 0_i64..500,
    ) {
        let request = Request { requester, ..request(terms) };
        let standing = request.standing(&approvals, None, at(now));
        // By the book, in other words than the code's: distinct others with a live word for this very writing.
        let lower = |name: &str| name.trim().to_lowercase();
        let live = |approval: &Approval| {
            let age = at(now).duration_since(approval.at).as_secs();
            let valid = request.terms.valid_for.as_ref().is_none_or(|valid| age < valid.seconds().cast_signed());
            let may = request.terms.approvers.is_empty()
                || request.terms.approvers.iter().any(|one| lower(one) == lower(&approval.by));
            let barred = request.terms.barred.iter().any(|one| lower(one) == lower(&approval.by));
            valid && may && !barred && approval.version == 7
        };
        let asked = lower(&request.requester);
        let people: BTreeSet<String> = approvals.iter().filter(|one| live(one)).map(|one| lower(&one.by))
            .filter(|name| !name.is_empty() && *name != asked && !asked.is_empty())
            .collect();
        let enough = people.len() >= usize::from(request.terms.needed);
        let ended = request.terms.ends.is_some_and(|end| end <= at(now));
        let begun = request.terms.begins.is_none_or(|begin| begin <= at(now));
        prop_assert_eq!(standing.active(), enough && begun && !ended, "{}", standing);
        prop_assert_eq!(matches!(standing, Standing::Expired(_)), ended);
    }

    #[test]
    fn order_and_repetition_change_nothing(
        terms in any_terms(),
        approvals in prop::collection::vec(any_approval(), 0..6),
        now in 0_i64..500,
    ) {
        let request = request(terms);
        let mut again = approvals.clone();
        again.reverse();
        again.extend(approvals.clone());
        prop_assert_eq!(request.standing(&again, None, at(now)), request.standing(&approvals, None, at(now)));
    }

    #[test]
    fn another_writing_has_no_approvals(
        terms in any_terms(),
        approvals in prop::collection::vec(any_approval(), 0..6),
        now in 0_i64..500,
    ) {
        let written = Request { version: 9, ..request(terms) };
        prop_assert_eq!(written.standing(&approvals, None, at(now)), written.standing(&[], None, at(now)));
    }

    #[test]
    fn time_brings_back_nothing_that_ended(
        terms in any_terms(),
        approvals in prop::collection::vec(any_approval(), 0..6),
        now in 0_i64..500,
        after in 0_i64..500,
    ) {
        let request = request(terms);
        if let ended @ Standing::Expired(_) = request.standing(&approvals, None, at(now)) {
            prop_assert_eq!(request.standing(&approvals, None, at(now + after)), ended);
        }
    }

    #[test]
    fn a_window_never_outlasts_what_allows_it(
        lease in prop::option::of(1_u64..5_000),
        longest in 1_u64..5_000,
        end in prop::option::of(1_i64..5_000),
        waits in prop::collection::vec(0_i64..1_000, 0..8),
    ) {
        let period = |seconds: u64| Period::parse(&format!("{seconds}s")).unwrap();
        let (lease, longest) = (lease.map(period), period(longest));
        let Ok(mut window) = Window::open(at(0), lease.as_ref(), &longest, end.map(at)) else {
            let lease = lease.expect("only a lease is refused").seconds();
            prop_assert!(lease > longest.seconds() || lease < 60);
            return Ok(());
        };
        let bound = end.map_or(at(longest.seconds().cast_signed()), |end| at(end.min(longest.seconds().cast_signed())));
        prop_assert_eq!(window.latest, bound);
        let mut now = 0;
        for wait in waits {
            now += wait;
            prop_assert!(window.until <= window.latest && window.opened == at(0));
            if let Some(renew) = window.renew_at(at(now)) {
                prop_assert!(at(now) <= renew && renew < window.until);
            }
            match window.renewed(at(now)) {
                Ok(renewed) => {
                    prop_assert!(at(now) < window.until && renewed.until >= window.until);
                    window = renewed;
                }
                Err(error) => {
                    prop_assert_eq!(error, GrantError::Over(window.until));
                    prop_assert!(!window.is_open(at(now)));
                }
            }
        }
    }
}
