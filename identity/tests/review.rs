//! Who looks at which identities again, and what is due when.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use jiff::SignedDuration;
use nhi_identity::review::AFTER_EVENT;
use nhi_identity::{
    Attestation, Due, Field, Identity, IdentityDraft, Known, Name, OccurrenceDraft, Review, ReviewDraft,
    SelectionDraft, Surroundings, Timestamp, Violation,
};
use proptest::prelude::*;

fn set(elements: &[&str]) -> Field<Vec<Field<String>>> {
    Field::Is(elements.iter().map(|element| Field::from(*element)).collect())
}

fn tiers(levels: Vec<Field<Result<i64, String>>>) -> Field<SelectionDraft> {
    Field::Is(SelectionDraft { tiers: Field::Is(levels), ..SelectionDraft::default() })
}

fn draft() -> ReviewDraft {
    ReviewDraft {
        name: "quarterly".into(),
        period: "90d".into(),
        reviewers: set(&["alice@example.com", "bob@example.com"]),
        starts_on: "2026-01-01".into(),
        owner: "platform".into(),
        ..ReviewDraft::default()
    }
}

fn occurrence(event: &str, at: &str) -> Field<OccurrenceDraft> {
    Field::Is(OccurrenceDraft { event: event.into(), at: at.into(), description: Field::Absent })
}

fn identity(name: &str, tier: i64) -> Identity {
    let draft = IdentityDraft {
        name: name.into(),
        kind: "agent".into(),
        tier: Field::Is(Ok(tier)),
        ..IdentityDraft::default()
    };
    draft.declare().unwrap()
}

fn told(violations: &[Violation]) -> Vec<String> {
    violations.iter().map(|violation| format!("{}: {}", violation.path, violation.problem)).collect()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn attested(by: &str, time: &str) -> Attestation {
    Attestation { identity: Name::new("deployer").unwrap(), by: by.into(), at: at(time) }
}

#[test]
fn what_is_wrong_is_told_at_its_attribute() {
    let check = |draft: ReviewDraft, expected: &[&str]| assert_eq!(told(&draft.violations()), expected);
    check(draft(), &[]);
    check(
        ReviewDraft::default(),
        &[
            "name: a value is required here",
            "period: a value is required here",
            "reviewers: a value is required here",
            "starts_on: a value is required here",
            "owner: a value is required here",
        ],
    );
    check(
        ReviewDraft { reviewers: set(&[]), ..draft() },
        &["reviewers: at least one element is required here"],
    );
    check(
        ReviewDraft { starts_on: "2026-02-30".into(), ..draft() },
        &["starts_on: `2026-02-30` does not exist in the calendar"],
    );
    check(
        ReviewDraft { starts_on: "tomorrow".into(), ..draft() },
        &["starts_on: `tomorrow` is not an RFC 3339 time"],
    );
    check(
        ReviewDraft { on_overdue: "delete".into(), ..draft() },
        &["on_overdue: `delete` is not a consequence of being overdue"],
    );
    let occurrences = Field::Is(vec![
        occurrence("incident", "2026-02-01"),
        occurrence("merger", "soon"),
        occurrence("fire", "2026-02-01"),
        Field::Unknown,
    ]);
    check(
        ReviewDraft { events: set(&["incident"]), occurrences, ..draft() },
        &[
            "occurrences[1].at: `soon` is not an RFC 3339 time",
            "occurrences[1].event: `merger` is no reason for this review",
            "occurrences[2].event: `fire` is not an event that asks for a review",
        ],
    );
    check(
        ReviewDraft { events: set(&["earthquake"]), ..draft() },
        &["events: `earthquake` is not an event that asks for a review"],
    );
    let unknown = ReviewDraft {
        scope: Field::Unknown,
        period: "200d".into(),
        starts_on: Field::Unknown,
        events: Field::Unknown,
        occurrences: Field::Is(vec![occurrence("merger", "2026-02-01")]),
        ..draft()
    };
    check(unknown, &[]);
    assert_eq!(
        told(&draft().declare().unwrap().violations(&Surroundings::default())),
        ["owner: no owner `platform` is declared"]
    );
}

#[test]
fn what_reaches_production_is_looked_at_every_quarter() {
    let level = |level: i64| Field::Is(Ok(level));
    let check = |scope: Field<SelectionDraft>, period: &str, expected: &[&str]| {
        let draft = ReviewDraft { scope, period: period.into(), ..draft() };
        assert_eq!(told(&draft.violations()), expected, "{period}");
    };
    let refused = |period: &str| {
        format!("period: `{period}` is longer than 92 days, and the scope may hold tier 0 or 1")
    };
    check(Field::Absent, "92d", &[]);
    check(Field::Absent, "92d1s", &[&refused("92d1s")]);
    check(Field::Is(SelectionDraft::default()), "14w", &[&refused("14w")]);
    check(tiers(vec![]), "14w", &[&refused("14w")]);
    check(tiers(vec![level(2)]), "365d", &[]);
    check(tiers(vec![level(2), level(1)]), "365d", &[&refused("365d")]);
    check(tiers(vec![level(0), Field::Unknown]), "365d", &[&refused("365d")]);
    check(tiers(vec![level(2), Field::Unknown]), "365d", &[]);
    let names = SelectionDraft { identities: set(&["deployer"]), ..SelectionDraft::default() };
    check(Field::Is(names), "365d", &[&refused("365d")]);
    let rare = ReviewDraft { scope: tiers(vec![level(2)]), period: "400d".into(), ..draft() };
    assert_eq!(told(&rare.warnings()), ["period: `400d` is longer than a year"]);
    assert_eq!(rare.declare().unwrap().warnings(), rare.warnings());
    assert_eq!(draft().warnings(), []);
}

#[test]
fn rounds_and_events() {
    let draft = ReviewDraft {
        events: set(&["incident"]),
        occurrences: Field::Is(vec![occurrence("incident", "2026-02-01T12:00:00Z")]),
        ..draft()
    };
    let review = draft.declare().unwrap();
    let deployer = identity("deployer", 0);
    let check = |declared: &str, attestations: &[Attestation], now: &str, expected: Due| {
        let known = Known { identity: &deployer, declared_at: at(declared) };
        let due = review.due([known], attestations, at(now));
        assert_eq!(due, [(&deployer.name, expected)], "{now}");
    };
    let before = "2025-06-01T00:00:00Z";
    let (first, second, third) = ("2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z", "2026-06-30T00:00:00Z");
    check(before, &[], "2025-12-31T23:59:59Z", Due::Ahead { from: at(first) });
    check(before, &[], first, Due::Open { by: at(second) });
    check(before, &[], "2026-02-01T12:00:00Z", Due::Open { by: at("2026-02-15T12:00:00Z") });
    check(before, &[], "2026-02-15T12:00:00Z", Due::Overdue { since: at("2026-02-15T12:00:00Z") });
    check(before, &[], "2026-05-01T00:00:00Z", Due::Overdue { since: at("2026-02-15T12:00:00Z") });
    let early = [attested("ALICE@example.com", "2026-01-05T00:00:00Z")];
    let calm = Due::Attested { by: "ALICE@example.com".into(), at: early[0].at, until: at(second) };
    check(before, &early, "2026-01-05T00:00:00Z", calm);
    check(before, &early, "2026-02-14T00:00:00Z", Due::Open { by: at("2026-02-15T12:00:00Z") });
    let both = [attested("bob@example.com", "2026-02-20T00:00:00Z"), early[0].clone()];
    let calm = Due::Attested { by: "bob@example.com".into(), at: both[0].at, until: at(second) };
    check(before, &both, "2026-03-31T00:00:00Z", calm);
    check(before, &both, second, Due::Open { by: at(third) });
    check(before, &both, third, Due::Overdue { since: at(third) });
    // Neither somebody else's word nor one from the future counts.
    let nobody = [
        attested("mallory@example.com", "2026-02-20T00:00:00Z"),
        attested("bob@example.com", "2026-05-01T00:00:00Z"),
    ];
    check(before, &nobody, "2026-03-01T00:00:00Z", Due::Overdue { since: at("2026-02-15T12:00:00Z") });
    // What was over before the identity came is not asked of it.
    check("2026-03-01T00:00:00Z", &[], "2026-03-02T00:00:00Z", Due::Open { by: at(second) });
    check("2026-05-01T00:00:00Z", &[], "2026-05-02T00:00:00Z", Due::Open { by: at(third) });

    let overdue = Due::Overdue { since: at(third) };
    assert!(review.leaves_active(&overdue));
    let strict = ReviewDraft { on_overdue: "inactive".into(), ..draft }.declare().unwrap();
    assert!(!strict.leaves_active(&overdue) && strict.leaves_active(&Due::Open { by: at(third) }));
}

#[test]
fn only_what_is_in_scope_is_due() {
    let scope = tiers(vec![Field::Is(Ok(0)), Field::Is(Ok(1))]);
    let review = ReviewDraft { scope, ..draft() }.declare().unwrap();
    let all = [identity("b", 0), identity("a", 1), identity("c", 2)];
    let known = all.iter().map(|identity| Known { identity, declared_at: at("2025-01-01T00:00:00Z") });
    let due = review.due(known, &[], at("2026-02-01T00:00:00Z"));
    let names: Vec<(&str, &str)> = due.iter().map(|(name, due)| (name.as_str(), due.as_str())).collect();
    assert_eq!(names, [("a", "open"), ("b", "open")]);
}

const DAY: i64 = 86_400;

fn day(day: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + day * DAY).unwrap()
}

/// A review of days: its rounds, and what happened.
fn of_days(start: i64, length: i64, events: &[i64]) -> Review {
    let occurrences = events.iter().map(|event| occurrence("incident", &day(*event).to_string())).collect();
    let draft = ReviewDraft {
        starts_on: Field::Is(day(start).to_string()),
        period: Field::Is(format!("{length}d")),
        events: set(&["incident"]),
        occurrences: Field::Is(occurrences),
        ..draft()
    };
    draft.declare().unwrap()
}

/// What the sentences of the documentation say, round by round and event by event.
fn by_hand(
    review: &Review,
    declared: Timestamp,
    attested: Option<Timestamp>,
    now: Timestamp,
) -> &'static str {
    let length = SignedDuration::from_secs(i64::try_from(review.period.seconds()).unwrap());
    let mut demands = Vec::new();
    let mut from = review.starts_on.at();
    while from <= now {
        demands.push((from, from + length, declared < from + length));
        from += length;
    }
    demands.extend(
        review
            .occurrences
            .iter()
            .map(|one| (one.at.at(), one.at.at() + AFTER_EVENT, declared <= one.at.at())),
    );
    let mut word = if attested.is_some() { "attested" } else { "ahead" };
    for (from, by, asked) in demands {
        let answered = attested.is_some_and(|attested| attested >= from);
        if !asked || from > now || answered {
            continue;
        }
        if by <= now {
            return "overdue";
        }
        word = "open";
    }
    word
}

proptest! {
    #[test]
    fn due_is_what_the_rounds_say(
        (start, length) in (0_i64..100, 1_i64..92),
        events in prop::collection::vec(0_i64..400, 0..3),
        (declared, attested, now) in (0_i64..400, prop::option::of(0_i64..400), 0_i64..400),
    ) {
        prop_assume!(declared <= now && attested.is_none_or(|attested| attested <= now));
        let review = of_days(start, length, &events);
        let deployer = identity("deployer", 0);
        let attestations: Vec<_> = attested.map(|day| self::attested("bob@example.com", &self::day(day).to_string())).into_iter().collect();
        let known = Known { identity: &deployer, declared_at: day(declared) };
        let due = review.due([known], &attestations, day(now));
        let word = due.first().map(|(_, due)| due.as_str());
        prop_assert_eq!(word, Some(by_hand(&review, day(declared), attested.map(day), day(now))));
    }

    /// Whoever has just been attested is not due, and another word never makes it worse.
    #[test]
    fn an_attestation_never_hurts(
        (start, length) in (0_i64..100, 1_i64..92),
        events in prop::collection::vec(0_i64..400, 0..3),
        attested in prop::collection::vec(0_i64..400, 0..4),
        now in 100_i64..400,
    ) {
        let review = of_days(start, length, &events);
        let deployer = identity("deployer", 0);
        let known = Known { identity: &deployer, declared_at: day(0) };
        let rank = |attestations: &[Attestation]| match review.due([known], attestations, day(now)).first() {
            Some((_, Due::Attested { .. })) => 0,
            Some((_, Due::Ahead { .. })) => 1,
            Some((_, Due::Open { .. })) => 2,
            Some((_, Due::Overdue { .. })) | None => 3,
        };
        let mut attestations: Vec<_> =
            attested.iter().map(|day| self::attested("bob@example.com", &self::day(*day).to_string())).collect();
        let before = rank(&attestations);
        attestations.push(self::attested("alice@example.com", &day(now).to_string()));
        prop_assert!(rank(&attestations) == 0 && before >= 0);
        attestations.pop();
        attestations.pop();
        prop_assert!(rank(&attestations) >= before);
    }
}
