//! What a draft may hold, and what is said about one that may not be declared.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use nhi_identity::{
    End, EndDraft, Exception, ExceptionDraft, FederationEntryDraft, Field, Holder, IdentityDraft, Moment,
    Name, ObjectKind, OwnerDraft, Period, PermitsDraft, Status, Surroundings, Tier, Timestamp, Violation,
    ZoneDraft,
};

fn set(elements: &[&str]) -> Field<Vec<Field<String>>> {
    Field::Is(elements.iter().map(|element| Field::from(*element)).collect())
}

fn owner() -> OwnerDraft {
    OwnerDraft {
        name: "platform".into(),
        accountable: set(&["alice@example.com"]),
        backup: set(&["bob@example.com"]),
        ..OwnerDraft::default()
    }
}

fn identity() -> IdentityDraft {
    IdentityDraft {
        name: "deployer".into(),
        kind: "ci_runner".into(),
        tier: Field::Is(Ok(2)),
        ..IdentityDraft::default()
    }
}

fn exception() -> ExceptionDraft {
    ExceptionDraft {
        name: "legacy-key".into(),
        identity: "deployer".into(),
        permits: Field::Is(PermitsDraft { rules: set(&["static-credential"]), ..PermitsDraft::default() }),
        reason: "The vendor has no federation yet.".into(),
        owner: "platform".into(),
        compensating_controls: set(&["rotated weekly"]),
        end: EndDraft { valid_for: "90d".into(), ..EndDraft::default() },
        ..ExceptionDraft::default()
    }
}

fn told(violations: &[Violation]) -> Vec<String> {
    violations.iter().map(|violation| format!("{}: {}", violation.path, violation.problem)).collect()
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

#[test]
fn good_drafts_become_declarations() {
    assert!(owner().declare().is_ok());
    assert!(identity().declare().is_ok());
    assert!(exception().declare().is_ok());
    let zone = ZoneDraft { name: "build".into(), reaches: set(&["train"]), ..ZoneDraft::default() }
        .declare()
        .unwrap();
    assert!(zone.allows(&name("train")) && zone.allows(&name("build")) && !zone.allows(&name("serve")));
}

#[test]
fn owners() {
    let check = |draft: &OwnerDraft, expected: &[&str]| assert_eq!(told(&draft.violations()), expected);
    check(&owner(), &[]);
    check(
        &OwnerDraft { accountable: set(&[]), ..owner() },
        &["accountable: at least one element is required here"],
    );
    check(
        &OwnerDraft { backup: set(&["Alice@Example.com"]), ..owner() },
        &["backup: `Alice@Example.com` is accountable already"],
    );
    check(
        &OwnerDraft { name: "a b".into(), description: " ".into(), ..owner() },
        &["name: `a b` is not a name: ` ` is not allowed at position 2", "description: the text is empty"],
    );
    let labels = Field::Is(vec![("k".to_owned(), Field::Unknown), (" k".to_owned(), Field::from("v"))]);
    check(&OwnerDraft { labels, ..owner() }, &["labels[\" k\"]: ` k` begins or ends with blanks"]);
}

#[test]
fn unknown_is_neither_right_nor_wrong() {
    let draft = OwnerDraft {
        name: Field::Unknown,
        accountable: Field::Is(vec![Field::Unknown]),
        backup: Field::Unknown,
        ..OwnerDraft::default()
    };
    assert_eq!(draft.violations(), []);
    assert_eq!(
        told(&draft.declare().unwrap_err()),
        [
            "name: its value is not known yet",
            "accountable: its value is not known yet",
            "backup: its value is not known yet"
        ]
    );
    let ends =
        ExceptionDraft { end: EndDraft { expires_at: Field::Unknown, ..exception().end }, ..exception() };
    assert_eq!(ends.violations(), []);
}

#[test]
fn identities() {
    let check = |draft: &IdentityDraft, expected: &[&str]| assert_eq!(told(&draft.violations()), expected);
    check(&identity(), &[]);
    check(
        &IdentityDraft { kind: "robot".into(), ..identity() },
        &["kind: `robot` is not a kind of identity"],
    );
    check(&IdentityDraft { tier: Field::Is(Ok(3)), ..identity() }, &["tier: `3` is not a tier"]);
    check(
        &IdentityDraft { tier: Field::Is(Err("1.5".into())), ..identity() },
        &["tier: `1.5` is not a tier"],
    );
    check(
        &IdentityDraft { review_period: "90".into(), ..identity() },
        &["review_period: `90` is not a length of time"],
    );
    let entry = FederationEntryDraft {
        issuer: "https://token.example.com".into(),
        audiences: set(&["sts.example.com"]),
        subject: "repo:acme/shop:ref:refs/heads/main".into(),
        max_lifetime: "1h".into(),
        workload: "interactive".into(),
    };
    let wrong = FederationEntryDraft { audiences: Field::Absent, workload: "hourly".into(), ..entry.clone() };
    check(
        &IdentityDraft { federation: Field::Is(vec![Field::Is(entry), Field::Is(wrong)]), ..identity() },
        &[
            "federation[1].audiences: a value is required here",
            "federation[1].workload: `hourly` is not a workload",
        ],
    );
}

#[test]
fn what_is_missing_is_named_in_what_to_do() {
    let check = |violations: &[Violation], expected: &[&str]| {
        let remedies: Vec<&str> = violations.iter().map(|violation| violation.remedy.as_str()).collect();
        assert_eq!(remedies, expected);
    };
    let owner = "Name an `nhi_owner` in `owner`, or set `defaults.owner` on the provider.";
    let nameless = ExceptionDraft { name: Field::Absent, owner: Field::Absent, ..exception() };
    check(&nameless.violations(), &["Set `name`.", owner]);
    let element = "Give this element a value, or leave it out.";
    let hollow = IdentityDraft { federation: Field::Is(vec![Field::Absent]), ..identity() };
    check(&hollow.violations(), &[element]);
    let hollow =
        OwnerDraft { backup: Field::Is(vec!["bob@example.com".into(), Field::Absent]), ..self::owner() };
    assert_eq!(told(&hollow.violations()), ["backup: an element is null"]);
}

#[test]
fn exceptions() {
    let check = |draft: &ExceptionDraft, expected: &[&str]| assert_eq!(told(&draft.violations()), expected);
    check(&exception(), &[]);
    check(
        &ExceptionDraft { end: EndDraft::default(), ..exception() },
        &["expires_at: the exception has no end"],
    );
    check(
        &ExceptionDraft {
            end: EndDraft { expires_at: "2027-01-01T00:00:00Z".into(), ..exception().end },
            ..exception()
        },
        &["valid_for: the exception has two ends"],
    );
    check(
        &ExceptionDraft { permits: Field::Is(PermitsDraft::default()), ..exception() },
        &["permits: it permits nothing in particular"],
    );
    check(
        &ExceptionDraft { compensating_controls: Field::Absent, reason: "".into(), ..exception() },
        &["reason: the text is empty", "compensating_controls: a value is required here"],
    );
}

#[test]
fn rules_among_declarations() {
    let mut around = Surroundings::default();
    let draft = IdentityDraft {
        owner: "platform".into(),
        zone: "build".into(),
        principal: "arn:aws:iam::111122223333:role/deploy".into(),
        ..identity()
    };
    let declared = draft.declare().unwrap();
    assert_eq!(
        told(&declared.violations(&around)),
        ["owner: no owner `platform` is declared", "zone: no zone `build` is declared"]
    );
    around.note(ObjectKind::Owner, name("platform"));
    around.note(ObjectKind::Zone, name("build"));
    assert_eq!(declared.violations(&around), []);
    around.holders = vec![Holder { identity: name("shop"), workspace: "shop".into() }];
    assert_eq!(
        told(&declared.violations(&around)),
        [
            "principal: `arn:aws:iam::111122223333:role/deploy` is the principal of `shop` in workspace `shop` already"
        ]
    );

    for (level, tier) in [(0, Tier::Control), (1, Tier::Data), (2, Tier::NonProduction)] {
        let ownerless = IdentityDraft { tier: Field::Is(Ok(level)), ..identity() }.declare().unwrap();
        assert_eq!(ownerless.tier, tier);
        let expected = if level == 2 {
            vec![]
        } else {
            vec![format!("owner: an identity of tier {level} needs an owner")]
        };
        assert_eq!(told(&ownerless.violations(&Surroundings::default())), expected);
        let expected = if level == 2 {
            vec![]
        } else {
            vec![format!("federation: an identity of tier {level} without federation")]
        };
        assert_eq!(told(&ownerless.warnings()), expected);
    }
    assert_eq!(
        told(&exception().declare().unwrap().violations(&Surroundings::default())),
        ["identity: no identity `deployer` is declared", "owner: no owner `platform` is declared"]
    );
}

#[test]
fn an_end_is_fixed_once() {
    let at = |text: &str| -> Timestamp { text.parse().unwrap() };
    let declared = exception().declare().unwrap();
    assert_eq!(declared.status(at("2026-01-01T00:00:00Z")), Status::Unfixed);
    let fixed = declared.fixed(at("2026-01-01T00:00:00.5Z")).unwrap();
    let end = Moment::parse("2026-04-01T00:00:00Z").unwrap();
    assert_eq!(fixed.end.moment(), Some(&end));
    assert_eq!(fixed.clone().fixed(at("2030-01-01T00:00:00Z")).unwrap(), fixed);

    let check = |now: &str, expected: &Status, warnings: usize| {
        assert_eq!(fixed.status(at(now)), *expected, "{now}");
        assert_eq!(fixed.warnings(at(now)).len(), warnings, "{now}");
    };
    check("2026-03-17T23:59:59Z", &Status::Active, 0);
    check("2026-03-18T00:00:00Z", &Status::Expiring(end.at()), 1);
    check("2026-03-31T23:59:59Z", &Status::Expiring(end.at()), 1);
    check("2026-04-01T00:00:00Z", &Status::Expired(end.at()), 1);

    let far = Exception { end: End::For { period: Period::parse("36500d").unwrap(), ends: None }, ..fixed };
    assert_eq!(
        told(&[far.fixed(at("9990-01-01T00:00:00Z")).unwrap_err()]),
        ["valid_for: the end lies beyond the year 9999"]
    );
}

#[test]
fn a_scope_needs_actions_or_resources() {
    let rules_only = exception().declare().unwrap();
    assert_eq!(rules_only.permits.scope(&[]), None);
    let permits = PermitsDraft { actions: set(&["s3:Put*"]), ..PermitsDraft::default() };
    let grants = ExceptionDraft { permits: Field::Is(permits), ..exception() }.declare().unwrap();
    let scope = grants.permits.scope(&["arn:aws:iam::111122223333:role/deploy".to_owned()]).unwrap();
    assert_eq!((scope.actions.as_slice(), scope.resources.len()), (["s3:Put*".to_owned()].as_slice(), 0));
    assert_eq!(scope.principals, ["arn:aws:iam::111122223333:role/deploy"]);
}
