//! What exceptions owe: by the book, and whatever the mixture.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use nhi_identity::debt::{Share, State, sensitivity, weight};
use nhi_identity::{
    Claim, Debt, EndDraft, Exception, ExceptionDraft, Field, Permits, PermitsDraft, Standing, Tier, Timestamp,
};
use proptest::prelude::*;

const DAY: i64 = 86_400;

fn set(elements: &[&str]) -> Field<Vec<Field<String>>> {
    Field::Is(elements.iter().map(|element| Field::from(*element)).collect())
}

fn at(days: i64) -> Timestamp {
    Timestamp::from_second(days * DAY).unwrap()
}

fn exception(name: &str, identity: &str, owner: &str, permits: PermitsDraft) -> Exception {
    ExceptionDraft {
        name: name.into(),
        identity: identity.into(),
        permits: Field::Is(permits),
        reason: "The vendor has no federation yet.".into(),
        owner: owner.into(),
        compensating_controls: set(&["rotated weekly"]),
        end: EndDraft { expires_at: "2027-01-01T00:00:00Z".into(), ..EndDraft::default() },
        ..ExceptionDraft::default()
    }
    .declare()
    .unwrap()
}

fn narrow() -> PermitsDraft {
    PermitsDraft {
        actions: set(&["s3:GetObject"]),
        resources: set(&["arn:aws:s3:::acme/*"]),
        ..PermitsDraft::default()
    }
}

fn rules() -> PermitsDraft {
    PermitsDraft { rules: set(&["static-credential"]), ..PermitsDraft::default() }
}

#[test]
fn what_is_left_open_weighs_more() {
    let check = |actions: &[&str], resources: &[&str], expected: u64| {
        let all = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let permits = Permits { actions: all(actions), resources: all(resources), ..Permits::default() };
        assert_eq!(sensitivity(&permits), expected);
    };
    check(&["s3:GetObject"], &["arn:aws:s3:::acme"], 1);
    check(&["s3:*"], &["arn:*"], 1);
    check(&["s3:GetObject"], &[], 2);
    check(&["s3:GetObject"], &["arn:aws:s3:::acme", "*"], 2);
    check(&["*"], &[], 3);
    check(&[], &[], 3);
}

#[test]
fn by_the_book() {
    let check =
        |tier: Option<Tier>, since: Option<i64>, standing: Standing, expected: (State, Option<u64>)| {
            let exception = exception("one", "deployer", "platform", narrow());
            let claim = Claim { exception: &exception, tier, since: since.map(at), standing };
            let debt = Debt::of([claim], at(100));
            let owed = debt.exceptions.values().next().unwrap();
            assert_eq!((owed.state, owed.debt), expected);
            assert_eq!(debt.total.unknown, u32::from(expected.1.is_none()));
        };
    let tier = |level: i64| Tier::from_level(level);
    let active = || Standing::Active;
    check(tier(0), Some(90), active(), (State::Open, Some(40)));
    check(tier(1), Some(90), active(), (State::Open, Some(20)));
    check(tier(2), Some(90), active(), (State::Open, Some(10)));
    check(tier(2), Some(90), Standing::Expired(at(95)), (State::Overdue, Some(20)));
    check(tier(2), Some(90), Standing::Unapproved { needed: 1, given: 0 }, (State::Waiting, Some(0)));
    check(tier(2), Some(90), Standing::NotYet(at(120)), (State::Waiting, Some(0)));
    check(
        tier(2),
        Some(90),
        Standing::Revoked { by: "bob".into(), at: at(92), identity: None },
        (State::Revoked, Some(0)),
    );
    check(tier(2), Some(101), active(), (State::Waiting, Some(0)));
    check(None, Some(90), active(), (State::Open, None));
    check(tier(0), None, active(), (State::Open, None));
    check(None, None, Standing::Unapproved { needed: 1, given: 0 }, (State::Waiting, Some(0)));
}

fn any_standing() -> impl Strategy<Value = Standing> {
    prop::sample::select(vec![
        Standing::Active,
        Standing::Expired(at(3)),
        Standing::NotYet(at(2_000)),
        Standing::Unapproved { needed: 1, given: 0 },
        Standing::Revoked { by: "bob".to_owned(), at: at(3), identity: None },
    ])
}

type Drawn = (usize, usize, usize, Option<i64>, Option<i64>, Standing);

fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    let tier = prop::option::of(0_i64..3);
    let since = prop::option::of(0_i64..1_200);
    prop::collection::vec((0_usize..3, 0_usize..3, 0_usize..2, tier, since, any_standing()), 0..12)
}

fn exceptions(drawn: &[Drawn]) -> Vec<Exception> {
    let one = |(index, drawn): (usize, &Drawn)| {
        let (identity, owner, kind, ..) = drawn;
        let permits = if *kind == 0 { narrow() } else { rules() };
        exception(&format!("e{index}"), &format!("i{identity}"), &format!("o{owner}"), permits)
    };
    drawn.iter().enumerate().map(one).collect()
}

fn claims<'a>(exceptions: &'a [Exception], drawn: &[Drawn]) -> Vec<Claim<'a>> {
    let one = |(exception, drawn): (&'a Exception, &Drawn)| Claim {
        exception,
        tier: drawn.3.and_then(Tier::from_level),
        since: drawn.4.map(at),
        standing: drawn.5.clone(),
    };
    exceptions.iter().zip(drawn).map(one).collect()
}

fn sum<'a>(shares: impl Iterator<Item = &'a Share>) -> Share {
    shares.fold(Share::default(), |sum, share| Share {
        debt: sum.debt + share.debt,
        open: sum.open + share.open,
        overdue: sum.overdue + share.overdue,
        unknown: sum.unknown + share.unknown,
        waiting: sum.waiting + share.waiting,
        revoked: sum.revoked + share.revoked,
    })
}

proptest! {
    #[test]
    fn nothing_is_dropped_and_the_parts_make_the_whole(drawn in drawn(), now in 0_i64..2_000) {
        let exceptions = exceptions(&drawn);
        let debt = Debt::of(claims(&exceptions, &drawn), at(now));
        prop_assert_eq!(sum(debt.owners.values()), debt.total);
        prop_assert_eq!(sum(debt.identities.values()), debt.total);
        let all = debt.total.open + debt.total.waiting + debt.total.revoked;
        prop_assert_eq!(usize::try_from(all).unwrap(), drawn.len());
        prop_assert!(debt.total.overdue <= debt.total.open && debt.total.unknown <= debt.total.open);
        let known: u64 = debt.exceptions.values().filter_map(|owed| owed.debt).sum();
        prop_assert_eq!(known, debt.total.debt);
    }

    #[test]
    fn order_makes_no_difference(drawn in drawn(), now in 0_i64..2_000) {
        let exceptions = exceptions(&drawn);
        let claims = claims(&exceptions, &drawn);
        let backwards: Vec<_> = claims.iter().rev().cloned().collect();
        prop_assert_eq!(Debt::of(claims, at(now)), Debt::of(backwards, at(now)));
    }

    #[test]
    fn it_grows_with_time_and_with_harm(tier in 1_i64..3, since in 0_i64..500, days in 0_i64..500) {
        let exception = exception("one", "deployer", "platform", rules());
        let owed = |tier: i64, now: i64| {
            let tier = Tier::from_level(tier);
            let claim = Claim { exception: &exception, tier, since: Some(at(since)), standing: Standing::Active };
            Debt::of([claim], at(now)).total.debt
        };
        let now = since + days;
        prop_assert!(owed(tier, now + 1) > owed(tier, now));
        prop_assert!(owed(tier - 1, now + 1) > owed(tier, now + 1));
        prop_assert_eq!(owed(tier, now), weight(Tier::from_level(tier).unwrap()) * 3 * days.cast_unsigned());
    }
}
