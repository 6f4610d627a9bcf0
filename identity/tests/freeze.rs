//! Windows in which nothing new is let in.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use nhi_identity::{
    Field, Freeze, FreezeDraft, Identity, IdentityDraft, Newcomer, ObjectKind, Phase, Refused,
    SelectionDraft, Surroundings, Timestamp, Use, Violation,
};
use proptest::prelude::*;

fn set(elements: &[&str]) -> Field<Vec<Field<String>>> {
    Field::Is(elements.iter().map(|element| Field::from(*element)).collect())
}

fn tiers(levels: &[i64]) -> Field<Vec<Field<Result<i64, String>>>> {
    Field::Is(levels.iter().map(|level| Field::Is(Ok(*level))).collect())
}

fn draft() -> FreezeDraft {
    FreezeDraft {
        name: "year-end".into(),
        starts_at: "2026-12-15T00:00:00Z".into(),
        ends_at: "2027-01-06T00:00:00+01:00".into(),
        refuses: set(&["static_credentials"]),
        reason: "Nobody is there to look at what goes wrong.".into(),
        owner: "platform".into(),
        ..FreezeDraft::default()
    }
}

fn scoped(scope: SelectionDraft) -> FreezeDraft {
    FreezeDraft { scope: Field::Is(scope), ..draft() }
}

fn identity() -> Identity {
    let draft = IdentityDraft {
        name: "deployer".into(),
        kind: "ci_runner".into(),
        owner: "platform".into(),
        environment: "production".into(),
        tier: Field::Is(Ok(0)),
        zone: "build".into(),
        labels: Field::Is(vec![("team".into(), "core".into()), ("region".into(), "eu".into())]),
        ..IdentityDraft::default()
    };
    draft.declare().unwrap()
}

fn newcomer(identity: &Identity) -> Newcomer<'_> {
    Newcomer { what: Refused::StaticCredentials, identity, used_for: Use::Regular }
}

fn told(violations: &[Violation]) -> Vec<String> {
    violations.iter().map(|violation| format!("{}: {}", violation.path, violation.problem)).collect()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn what_is_wrong_is_told_at_its_attribute() {
    let check = |draft: FreezeDraft, expected: &[&str]| assert_eq!(told(&draft.violations()), expected);
    check(draft(), &[]);
    check(
        FreezeDraft::default(),
        &[
            "name: a value is required here",
            "starts_at: a value is required here",
            "ends_at: a value is required here",
            "refuses: a value is required here",
            "reason: a value is required here",
            "owner: a value is required here",
        ],
    );
    check(
        FreezeDraft { ends_at: "2026-12-15T01:00:00+01:00".into(), ..draft() },
        &["ends_at: the freeze ends before it begins, which is at 2026-12-15T00:00:00Z"],
    );
    check(FreezeDraft { ends_at: Field::Unknown, ..draft() }, &[]);
    check(
        FreezeDraft { refuses: set(&["expansions", "everything"]), ..draft() },
        &["refuses: `everything` is not something that a freeze refuses"],
    );
    check(FreezeDraft { refuses: set(&[]), ..draft() }, &["refuses: at least one element is required here"]);
    check(
        FreezeDraft { break_glass: "maybe".into(), ..draft() },
        &["break_glass: `maybe` is not a rule for what is kept for emergencies"],
    );
    check(
        scoped(SelectionDraft {
            tiers: tiers(&[0, 3]),
            kinds: set(&["robot"]),
            zones: set(&["a b"]),
            labels: Field::Is(vec![("k".into(), Field::Unknown), (" ".into(), "v".into())]),
            ..SelectionDraft::default()
        }),
        &[
            "scope.tiers: `3` is not a tier",
            "scope.zones: `a b` is not a name: ` ` is not allowed at position 2",
            "scope.kinds: `robot` is not a kind of identity",
            "scope.labels[\" \"]: the text is empty",
        ],
    );
    let unknown = FreezeDraft {
        name: Field::Unknown,
        starts_at: Field::Unknown,
        refuses: Field::Is(vec![Field::Unknown]),
        scope: Field::Unknown,
        break_glass: Field::Unknown,
        ..draft()
    };
    check(unknown.clone(), &[]);
    assert_eq!(unknown.declare().unwrap_err().len(), 5);
}

#[test]
fn a_scope_names_what_is_declared() {
    let freeze = scoped(SelectionDraft {
        identities: set(&["deployer"]),
        owners: set(&["shop"]),
        zones: set(&["build"]),
        ..SelectionDraft::default()
    })
    .declare()
    .unwrap();
    assert_eq!(
        told(&freeze.violations(&Surroundings::default())),
        [
            "scope.identities: no identity `deployer` is declared",
            "scope.owners: no owner `shop` is declared",
            "scope.zones: no zone `build` is declared",
            "owner: no owner `platform` is declared",
        ]
    );
    let mut around = Surroundings::default();
    for (kind, name) in freeze.scope.names().chain([(ObjectKind::Owner, &freeze.owner)]) {
        around.note(kind, name.clone());
    }
    assert_eq!(freeze.violations(&around), []);
}

#[test]
fn a_window_has_a_first_instant_and_an_end_that_is_no_part_of_it() {
    let freeze = draft().declare().unwrap();
    let check = |now: &str, expected: Phase, warnings: &[&str]| {
        assert_eq!(freeze.phase(at(now)), expected, "{now}");
        assert_eq!(told(&freeze.warnings(at(now))), warnings, "{now}");
        assert_eq!(told(&draft().warnings(at(now))), warnings, "{now}");
        let live = matches!(expected, Phase::Live(_));
        assert_eq!(freeze.keeps_out(&newcomer(&identity()), at(now)), live, "{now}");
        let deployer = identity();
        let expansion = Newcomer { what: Refused::Expansions, ..newcomer(&deployer) };
        assert!(!freeze.keeps_out(&expansion, at(now)), "{now}: it does not refuse these");
    };
    let (start, end) = (at("2026-12-15T00:00:00Z"), at("2027-01-05T23:00:00Z"));
    check("2026-12-14T23:59:59Z", Phase::Ahead(start), &[]);
    check("2026-12-15T00:00:00Z", Phase::Live(end), &[]);
    check("2027-01-05T22:59:59.999Z", Phase::Live(end), &[]);
    let over = ["ends_at: freeze `year-end` ended on 2027-01-06T00:00:00+01:00"];
    check("2027-01-05T23:00:00Z", Phase::Over(end), &over);
}

#[test]
fn what_is_kept_for_emergencies_is_let_in_unless_that_is_refused() {
    let now = at("2026-12-24T00:00:00Z");
    let deployer = identity();
    let emergency = Newcomer { used_for: Use::BreakGlass, ..newcomer(&deployer) };
    let freeze = draft().declare().unwrap();
    assert!(freeze.keeps_out(&newcomer(&deployer), now) && !freeze.keeps_out(&emergency, now));
    let path = nhi_identity::AttributePath::of("identity");
    let told = freeze.refusal(&newcomer(&deployer), (&path, "alice"));
    assert_eq!(
        (told.path.to_string().as_str(), told.problem.as_str(), told.remedy.as_str()),
        (
            "identity",
            "freeze `year-end` keeps new static credentials of `deployer` out until 2027-01-06T00:00:00+01:00",
            "It was declared by alice on the word of `platform`: Nobody is there to look at what goes wrong. Wait until it \
             ends, or ask `platform` to change it. What is kept for emergencies alone (`break_glass = true`) is let in.",
        )
    );
    let strict =
        FreezeDraft { break_glass: "refused".into(), reason: "No".into(), ..draft() }.declare().unwrap();
    assert!(strict.keeps_out(&emergency, now));
    let told = strict.refusal(&emergency, (&path, "alice")).remedy;
    assert!(told.contains(": No. Wait") && told.ends_with("kept for emergencies either."), "{told}");
}

#[test]
fn every_filter_narrows() {
    let covers = |scope: SelectionDraft| scoped(scope).declare().unwrap().scope.covers(&identity());
    let none = SelectionDraft::default;
    assert!(covers(none()));
    for (fits, other) in [
        (
            SelectionDraft { identities: set(&["deployer", "other"]), ..none() },
            SelectionDraft { identities: set(&["other"]), ..none() },
        ),
        (
            SelectionDraft { owners: set(&["platform"]), ..none() },
            SelectionDraft { owners: set(&["shop"]), ..none() },
        ),
        (
            SelectionDraft { tiers: tiers(&[0, 2]), ..none() },
            SelectionDraft { tiers: tiers(&[1, 2]), ..none() },
        ),
        (
            SelectionDraft { zones: set(&["build"]), ..none() },
            SelectionDraft { zones: set(&["serve"]), ..none() },
        ),
        (
            SelectionDraft { environments: set(&["production"]), ..none() },
            SelectionDraft { environments: set(&["Production"]), ..none() },
        ),
        (
            SelectionDraft { kinds: set(&["agent", "ci_runner"]), ..none() },
            SelectionDraft { kinds: set(&["agent"]), ..none() },
        ),
        (
            SelectionDraft { labels: Field::Is(vec![("team".into(), "core".into())]), ..none() },
            SelectionDraft {
                labels: Field::Is(vec![("team".into(), "core".into()), ("region".into(), "us".into())]),
                ..none()
            },
        ),
    ] {
        assert!(covers(fits.clone()), "{fits:?}");
        assert!(!covers(other.clone()), "{other:?}");
    }
    let silent = Identity { zone: None, environment: None, owner: None, ..identity() };
    let zones = scoped(SelectionDraft { zones: set(&["build"]), ..none() }).declare().unwrap();
    assert!(!zones.scope.covers(&silent), "what an identity does not say fits no filter");
}

proptest! {
    /// A freeze keeps out during exactly its window, wherever that lies.
    #[test]
    fn a_window_is_one_stretch(start in 0_i64..4_000_000_000, length in 1_i64..100_000_000, now in 0_i64..4_100_000_000) {
        let second = |second| Timestamp::from_second(second).unwrap();
        let freeze: Freeze = FreezeDraft {
            starts_at: Field::Is(second(start).to_string()),
            ends_at: Field::Is(second(start + length).to_string()),
            ..draft()
        }.declare().unwrap();
        let inside = (start..start + length).contains(&now);
        prop_assert_eq!(freeze.keeps_out(&newcomer(&identity()), second(now)), inside);
    }
}
