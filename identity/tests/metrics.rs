//! What declarations alone can tell, each number with what it was counted among.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use nhi_identity::{
    Credential, CredentialDraft, Elevation, ElevationDraft, EndDraft, Estate, Federation, FederationDraft,
    FederationEntryDraft, Field, Identity, IdentityDraft, Metric, Name, RecordingDraft, TargetDraft,
};
use proptest::prelude::*;

fn set(elements: &[&str]) -> Field<Vec<Field<String>>> {
    Field::Is(elements.iter().map(|element| Field::from(*element)).collect())
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn draft(name: &str, tier: i64) -> IdentityDraft {
    let tier = Field::Is(Ok(tier));
    IdentityDraft { name: name.into(), kind: "ci_runner".into(), tier, ..IdentityDraft::default() }
}

fn identity(draft: &IdentityDraft) -> Identity {
    draft.declare().unwrap()
}

fn federated(draft: IdentityDraft, lifetimes: &[Option<&str>]) -> Identity {
    let entry = |lifetime: Option<&str>| {
        Field::Is(FederationEntryDraft {
            issuer: "https://token.actions.githubusercontent.com".into(),
            audiences: set(&["sts.amazonaws.com"]),
            subject: "repo:acme/shop:ref:refs/heads/main".into(),
            max_lifetime: lifetime.map_or(Field::Absent, Field::from),
            ..FederationEntryDraft::default()
        })
    };
    identity(&IdentityDraft {
        federation: Field::Is(lifetimes.iter().copied().map(entry).collect()),
        ..draft
    })
}

fn credential(name: &str, identity: &str) -> Credential {
    CredentialDraft {
        name: name.into(),
        identity: identity.into(),
        kind: "access_key".into(),
        why: "The vendor has no federation yet.".into(),
        owner: "platform".into(),
        rotation_period: "30d".into(),
        end: EndDraft { valid_for: "90d".into(), ..EndDraft::default() },
        ..CredentialDraft::default()
    }
    .declare()
    .unwrap()
}

fn elevation(role: &str) -> Elevation {
    ElevationDraft {
        name: "deploy-by-hand".into(),
        subjects: set(&["alice@example.com"]),
        target: Field::Is(TargetDraft { role: role.into(), ..TargetDraft::default() }),
        duration: "1h".into(),
        recording: Field::Is(RecordingDraft { mode: "required".into(), sink: "s3://acme-sessions".into() }),
        reason: "The pipeline may be down when it is needed most.".into(),
        owner: "platform".into(),
        end: EndDraft { valid_for: "90d".into(), ..EndDraft::default() },
        ..ElevationDraft::default()
    }
    .declare()
    .unwrap()
}

fn federation(name: &str, identity: &str, lifetimes: &[(&str, &str)]) -> Federation {
    let text = |(key, value): &(&str, &str)| ((*key).to_owned(), Field::from(*value));
    FederationDraft {
        name: name.into(),
        issuer: "https://token.actions.githubusercontent.com".into(),
        audiences: Field::Is(vec![("aws".to_owned(), "sts.amazonaws.com".into())]),
        subject: "repo:acme/shop:ref:refs/heads/main".into(),
        lifetimes: Field::Is(lifetimes.iter().map(text).collect()),
        identity: identity.into(),
        owner: "platform".into(),
        ..FederationDraft::default()
    }
    .declare()
    .unwrap()
}

fn check(metric: &Metric, numbers: [u32; 4], offenders: &[&str]) {
    let told = [metric.numerator, metric.denominator, metric.population, metric.unknown];
    assert_eq!(told, numbers);
    let named: Vec<&str> = metric.offenders.iter().map(Name::as_str).collect();
    assert_eq!(named, offenders);
}

#[test]
fn federated_is_who_logs_on_with_short_tokens_alone() {
    let identities = vec![
        federated(draft("short", 0), &[Some("1h")]),
        federated(draft("long", 1), &[Some("15m"), Some("12h")]),
        federated(draft("unsaid", 1), &[Some("15m"), None]),
        federated(draft("both", 0), &[Some("15m")]),
        identity(&draft("none", 1)),
        identity(&draft("beside", 1)),
        identity(&draft("vague", 1)),
        identity(&draft("test", 2)),
    ];
    let estate = Estate {
        identities,
        federations: vec![
            federation("one", "beside", &[("ci_job", "1h"), ("agent", "5m")]),
            federation("two", "both", &[("ci_job", "1h")]),
            federation("three", "vague", &[]),
        ],
        credentials: vec![credential("key", "both")],
        ..Estate::default()
    };
    let metric = estate.metrics().federated_adoption;
    check(&metric, [2, 7, 7, 2], &["both", "long", "none", "unsaid", "vague"]);
    assert_eq!(metric.coverage(), Some(5.0 / 7.0));
}

#[test]
fn a_principal_is_nobody_elses() {
    let with = |name: &str, tier: i64, (platform, principal): (&str, &str)| {
        let (platform, principal) = (platform.into(), principal.into());
        identity(&IdentityDraft { platform, principal, ..draft(name, tier) })
    };
    let role = "arn:aws:iam::111122223333:role/deploy";
    let identities = vec![
        with("one", 0, ("aws", role)),
        with("two", 2, ("aws", role)),
        with("three", 1, ("google", role)),
        identity(&draft("four", 0)),
    ];
    let metrics = Estate { identities, ..Estate::default() }.metrics();
    check(&metrics.unique_principals, [2, 3, 4, 1], &["one", "two"]);
    check(&metrics.unique_principals_in_production, [2, 2, 3, 1], &[]);
}

#[test]
fn secrets_owners_zones_reviews_and_what_is_lent() {
    let owned = IdentityDraft { owner: "platform".into(), zone: "build".into(), ..draft("owned", 0) };
    let dangling =
        IdentityDraft { owner: "gone".into(), review_period: "90d".into(), ..draft("dangling", 1) };
    let lent = IdentityDraft { principal: "arn:aws:iam::111122223333:role/admin".into(), ..draft("lent", 0) };
    let estate = Estate {
        owners: [name("platform")].into(),
        zones: [name("build")].into(),
        identities: vec![identity(&owned), identity(&dangling), identity(&lent), identity(&draft("test", 2))],
        credentials: vec![credential("a", "owned"), credential("b", "test"), credential("c", "nobody")],
        elevations: vec![elevation("arn:aws:iam::111122223333:role/admin")],
        ..Estate::default()
    };
    let metrics = estate.metrics();
    check(&metrics.long_lived_credentials, [1, 2, 3, 1], &["a"]);
    check(&metrics.owned, [1, 4, 4, 1], &["dangling", "lent", "test"]);
    check(&metrics.zoned, [1, 4, 4, 0], &["dangling", "lent", "test"]);
    check(&metrics.reviewed, [1, 3, 3, 0], &["lent", "owned"]);
    check(&metrics.standing_privilege, [1, 2, 2, 0], &["owned"]);
}

#[test]
fn of_nothing_there_is_no_share() {
    let metrics = Estate::default().metrics();
    assert_eq!((metrics.owned.share(), metrics.owned.coverage()), (None, None));
    check(&metrics.long_lived_credentials, [0; 4], &[]);
}

type Drawn = (i64, Option<usize>, Option<usize>, Vec<Option<usize>>, bool);

fn drawn() -> impl Strategy<Value = Vec<Drawn>> {
    let lifetimes = prop::collection::vec(prop::option::of(0_usize..2), 0..3);
    let one =
        (0_i64..3, prop::option::of(0_usize..3), prop::option::of(0_usize..3), lifetimes, any::<bool>());
    prop::collection::vec(one, 0..12)
}

fn estate(drawn: &[Drawn]) -> Estate {
    let mut estate = Estate { owners: [name("o0"), name("o1")].into(), ..Estate::default() };
    for (index, (tier, owner, principal, lifetimes, secret)) in drawn.iter().enumerate() {
        let text = |prefix: &str, number: &Option<usize>| match number {
            Some(number) => Field::Is(format!("{prefix}{number}")),
            None => Field::Absent,
        };
        let own = format!("i{index}");
        let draft =
            IdentityDraft { owner: text("o", owner), principal: text("p", principal), ..draft(&own, *tier) };
        let lifetimes: Vec<_> =
            lifetimes.iter().map(|one| one.map(|one| if one == 0 { "15m" } else { "30d" })).collect();
        estate.identities.push(federated(draft, &lifetimes));
        if *secret {
            estate.credentials.push(credential(&format!("c{index}"), &own));
        }
    }
    estate
}

fn every(estate: &Estate) -> [Metric; 8] {
    let metrics = estate.metrics();
    [
        metrics.federated_adoption,
        metrics.unique_principals,
        metrics.unique_principals_in_production,
        metrics.long_lived_credentials,
        metrics.owned,
        metrics.zoned,
        metrics.reviewed,
        metrics.standing_privilege,
    ]
}

proptest! {
    #[test]
    fn every_number_lies_within_the_one_around_it(drawn in drawn()) {
        for metric in every(&estate(&drawn)) {
            prop_assert!(metric.numerator <= metric.denominator && metric.denominator <= metric.population);
            prop_assert!(metric.unknown <= metric.population);
            let whole = 0.0..=1.0;
            prop_assert!(metric.share().is_none_or(|share| whole.contains(&share)));
            prop_assert!(metric.coverage().is_none_or(|share| whole.contains(&share)));
        }
    }

    #[test]
    fn what_is_not_known_never_makes_it_better(drawn in drawn(), which in 0_usize..12) {
        let before = estate(&drawn).metrics();
        let mut forgotten = drawn.clone();
        if let Some(one) = forgotten.get_mut(which) {
            one.3 = one.3.iter().map(|_| None).collect();
        }
        let after = estate(&forgotten).metrics();
        prop_assert!(after.federated_adoption.numerator <= before.federated_adoption.numerator);
        prop_assert_eq!(after.federated_adoption.denominator, before.federated_adoption.denominator);
    }

    #[test]
    fn order_makes_no_difference(drawn in drawn()) {
        let estate = estate(&drawn);
        let mut backwards = estate.clone();
        backwards.identities.reverse();
        backwards.credentials.reverse();
        prop_assert_eq!(estate.metrics(), backwards.metrics());
    }
}
