//! Where declarations stand: with the identities that they name, and many at a time.

use nhi_identity::{
    BreakGlassDraft, CredentialDraft, Crossing, CrossingDraft, ElevationDraft, EndDraft, Field, ObjectKind,
    OccasionDraft, RecordingDraft, Standing, TargetDraft,
};
use nhi_register::{DueFilter, Filter, Page, Register, RegisterError};

use crate::sample::{exception, identity_draft, owner, set, zone};
use crate::stand::Stand;

fn lasting() -> EndDraft {
    EndDraft { valid_for: "30d".into(), ..EndDraft::default() }
}

fn crossing(name: &str, identities: &[&str]) -> CrossingDraft {
    CrossingDraft {
        name: name.into(),
        from_zone: "build".into(),
        to_zone: "serve".into(),
        identities: if identities.is_empty() { Field::Absent } else { set(identities) },
        approver: "platform".into(),
        reason: "Until the broker is there.".into(),
        log_sink: "s3://acme-crossings".into(),
        end: lasting(),
        ..CrossingDraft::default()
    }
}

fn elevation(name: &str) -> ElevationDraft {
    ElevationDraft {
        name: name.into(),
        subjects: set(&["carol"]),
        target: Field::Is(TargetDraft { identity: "deployer".into(), ..TargetDraft::default() }),
        duration: "1h".into(),
        recording: Field::Is(RecordingDraft { mode: "none".into(), ..RecordingDraft::default() }),
        reason: "Repairs.".into(),
        owner: "platform".into(),
        end: lasting(),
        ..ElevationDraft::default()
    }
}

/// Two identities, and one of everything that names the first of them.
fn furnish(stand: &Stand) -> Register {
    let register = stand.open("platform");
    register.create(&owner("platform")).unwrap();
    for name in ["build", "serve"] {
        register.create(&zone(name)).unwrap();
    }
    for name in ["deployer", "other"] {
        let draft = nhi_identity::IdentityDraft { principal: name.into(), ..identity_draft(name) };
        register.create(&draft.declare().unwrap()).unwrap();
    }
    register.create(&exception("legacy", "30d")).unwrap();
    register.create(&elevation("lends").declare().unwrap()).unwrap();
    for (name, identities) in
        [("both", &["deployer", "other"][..]), ("others", &["other"][..]), ("whole-zone", &[][..])]
    {
        register.create(&crossing(name, identities).declare().unwrap()).unwrap();
    }
    let credential = CredentialDraft {
        name: "keytab".into(),
        identity: "deployer".into(),
        kind: "keytab".into(),
        why: "The old cluster speaks Kerberos alone.".into(),
        owner: "platform".into(),
        rotation_period: "30d".into(),
        end: lasting(),
        ..CredentialDraft::default()
    };
    register.create(&credential.declare().unwrap()).unwrap();
    let access = BreakGlassDraft {
        name: "root".into(),
        identity: "deployer".into(),
        custodians: set(&["alice@example.com", "bob@example.com"]),
        sealed_location: "safe 12".into(),
        test_period: "90d".into(),
        last_test: Field::Is(OccasionDraft { at: "2026-01-01T00:00:00Z".into(), reference: "OPS-1".into() }),
        max_duration: "1h".into(),
        alert_channel: "on-call".into(),
        monitoring: "trail alarm".into(),
        reason: "The directory may be down.".into(),
        owner: "platform".into(),
        ..BreakGlassDraft::default()
    };
    register.create(&access.declare().unwrap()).unwrap();
    register
}

const NAMING: [(ObjectKind, &str); 5] = [
    (ObjectKind::Exception, "legacy"),
    (ObjectKind::Elevation, "lends"),
    (ObjectKind::Crossing, "both"),
    (ObjectKind::Credential, "keytab"),
    (ObjectKind::BreakGlass, "root"),
];

pub(crate) fn what_names_a_revoked_identity_ends_with_it(stand: &Stand) {
    let register = furnish(stand);
    let now = register.now();
    let standing = |kind: ObjectKind, name: &str| register.standing(kind, name, now).unwrap().unwrap();
    for (kind, name) in NAMING {
        assert_ne!(standing(kind, name).word(), "revoked", "{kind}");
    }
    register.revoke(ObjectKind::Identity, "deployer", "Its key was on a laptop that is gone.").unwrap();
    let by = stand.actor().to_owned();
    for (kind, name) in NAMING {
        let told = standing(kind, name);
        let expected = Standing::Revoked { by: by.clone(), at: now, identity: Some("deployer".into()) };
        assert_eq!(told, expected, "{kind}");
        let sentence = format!("ended with identity `deployer`, which was revoked by {by} at {now}");
        assert_eq!(told.to_string(), sentence);
    }
    assert_eq!(standing(ObjectKind::Identity, "deployer"), Standing::Revoked { by, at: now, identity: None });
    for other in ["others", "whole-zone"] {
        assert_eq!(standing(ObjectKind::Crossing, other).word(), "unapproved", "{other}");
    }
    // Nobody can approve it, nobody waits for it, and nobody is asked to rotate it.
    let refused = register.approve(ObjectKind::Exception, "legacy", None);
    assert!(matches!(refused, Err(RegisterError::Inactive { .. })), "{refused:?}");
    let pending = register.pending(now, None).unwrap();
    assert_eq!(pending.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["others", "whole-zone"]);
    assert!(register.ask_rotations(&DueFilter::default()).unwrap().is_empty());
    // Its own revocation is told before that of the identity; what it names no more does not end it.
    register.revoke(ObjectKind::Exception, "legacy", "And it is not needed.").unwrap();
    assert!(matches!(standing(ObjectKind::Exception, "legacy"), Standing::Revoked { identity: None, .. }));
    let without = crossing("both", &["other"]).declare().unwrap().fixed(now).unwrap();
    register.update(&without, None).unwrap();
    assert_eq!(standing(ObjectKind::Crossing, "both").word(), "unapproved");
    assert_eq!(register.verify().unwrap().faults, []);
}

pub(crate) fn standings_are_those_of_each(stand: &Stand) {
    let register = furnish(stand);
    let now = register.now();
    for number in 0..260 {
        register.create(&exception(&format!("many-{number:03}"), "30d")).unwrap();
    }
    register.revoke(ObjectKind::Exception, "many-007", "It was tried.").unwrap();
    let names: Vec<String> = (0..262).map(|number| format!("many-{number:03}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let all = register.standings(ObjectKind::Exception, &names, now).unwrap();
    assert_eq!(all.len(), 260, "two of them are not there");
    for name in names {
        let one = register.standing(ObjectKind::Exception, name, now).unwrap();
        assert_eq!(all.get(name), one.as_ref(), "{name}");
    }
    assert_eq!(all["many-007"].word(), "revoked");
    let none = register.standings(ObjectKind::Crossing, &[], now).unwrap();
    assert!(none.is_empty());
}

pub(crate) fn a_crossing_is_found_by_all_it_names(stand: &Stand) {
    let register = furnish(stand);
    let text = |text: &str| Some(text.to_owned());
    let check = |filter: &Filter, expected: &[&str]| {
        let found = register.find::<Crossing>(filter, Page::first(10)).unwrap();
        let names: Vec<&str> = found.iter().map(|kept| kept.declaration.name.as_str()).collect();
        assert_eq!(names, expected, "{filter:?}");
        assert_eq!(register.count::<Crossing>(filter).unwrap(), expected.len() as u64, "{filter:?}");
    };
    let identity = |name: &str| Filter { identity: text(name), ..Filter::default() };
    let zone = |name: &str| Filter { zone: text(name), ..Filter::default() };
    check(&identity("deployer"), &["both"]);
    check(&identity("other"), &["both", "others"]);
    check(&identity("nobody"), &[]);
    for either in ["build", "serve"] {
        check(&zone(either), &["both", "others", "whole-zone"]);
    }
    check(&zone("deployer"), &[]);
    let platform = Filter { workspace: text("platform"), ..identity("other") };
    check(&Filter { zone: text("serve"), ..platform.clone() }, &["both", "others"]);
    check(&Filter { zone: text("elsewhere"), ..platform }, &[]);
}
