//! Manifests beside single identities: one space of names and principals, and all of a manifest or nothing.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::path::Path;

use nhi_identity::{Field, Identity, IdentityDraft, Manifest, ManifestDraft, Owner, OwnerDraft};
use nhi_register::{Actor, Clock, Filter, Location, Page, Register, RegisterError, Session};
use tempfile::TempDir;

fn open(folder: &Path, workspace: &str) -> Register {
    let session = Session {
        organisation: "default".into(),
        workspace: workspace.into(),
        actor: Actor { name: "alice".into(), source: "NHI_ACTOR".into() },
        clock: Clock::system(),
    };
    let url = format!("sqlite:{}?mode=create", folder.join("register.db").display());
    Register::open(&Location::parse(&url).unwrap(), session).unwrap()
}

fn identity(name: &str) -> IdentityDraft {
    IdentityDraft {
        name: name.into(),
        kind: "agent".into(),
        tier: Field::Is(Ok(2)),
        platform: "aws".into(),
        principal: Field::Is(format!("arn:aws:iam::111122223333:role/{name}")),
        ..IdentityDraft::default()
    }
}

fn manifest(name: &str, identities: Vec<IdentityDraft>) -> Manifest {
    let entries = identities.into_iter().map(|draft| (draft.name.known().unwrap().clone(), Field::Is(draft)));
    let draft = ManifestDraft {
        name: name.into(),
        identities: Field::Is(entries.collect()),
        labels: Field::Is(vec![("team".into(), "core".into())]),
        ..ManifestDraft::default()
    };
    draft.declare().unwrap()
}

fn told<T>(answer: Result<T, RegisterError>) -> Vec<String> {
    match answer.map(|_| ()) {
        Err(RegisterError::Rules(violations)) => {
            violations.iter().map(|violation| format!("{}: {}", violation.path, violation.problem)).collect()
        }
        Err(error) => vec![error.to_string()],
        Ok(()) => Vec::new(),
    }
}

fn actions(register: &Register) -> Vec<String> {
    let log = register.audit_log().unwrap();
    log.iter().map(|entry| format!("{} {} {}", entry.action, entry.object, entry.name)).skip(1).collect()
}

#[test]
fn its_identities_are_ordinary_ones_that_know_it() {
    let folder = TempDir::new().unwrap();
    let register = open(folder.path(), "platform");
    let fleet = manifest("fleet", vec![identity("a"), identity("b")]);
    assert_eq!(register.create(&fleet).unwrap().declaration, fleet);
    assert_eq!(register.get::<Manifest>("fleet").unwrap().unwrap().declaration, fleet);
    assert_eq!(register.list::<Manifest>().unwrap()[0].declaration, fleet);
    let a = register.get::<Identity>("a").unwrap().unwrap();
    assert_eq!((a.declaration, a.manifest.as_deref()), (identity("a").declare().unwrap(), Some("fleet")));
    let filter = Filter { manifest: Some("fleet".into()), ..Filter::default() };
    assert_eq!(register.find::<Identity>(&filter, Page::first(9)).unwrap().len(), 2);

    let b = IdentityDraft { purpose: "Answers questions.".into(), ..identity("b") };
    let changed = manifest("fleet", vec![b, identity("c")]);
    register.update(&changed, None).unwrap();
    assert_eq!(register.read::<Manifest>("fleet").unwrap().unwrap().declaration, changed);
    assert_eq!(
        actions(&register),
        [
            "create manifest fleet",
            "create identity a",
            "create identity b",
            "update manifest fleet",
            "delete identity a",
            "update identity b",
            "create identity c",
        ]
    );
    register.delete::<Manifest>("fleet", None).unwrap();
    assert_eq!(register.get::<Identity>("b").unwrap(), None);
    assert_eq!(register.verify().unwrap().faults, []);
}

#[test]
fn a_name_is_taken_by_either_kind() {
    let folder = TempDir::new().unwrap();
    let (register, shop) = (open(folder.path(), "platform"), open(folder.path(), "shop"));
    register.create(&identity("alone").declare().unwrap()).unwrap();
    register.create(&manifest("fleet", vec![identity("a")])).unwrap();
    let taken = "an identity of this name is declared already";
    let elsewhere = "another manifest keeps an identity of this name";
    assert_eq!(
        told(register.create(&manifest("other", vec![identity("a"), identity("alone"), identity("free")]))),
        [format!("identities[\"a\"]: {elsewhere}"), format!("identities[\"alone\"]: {taken}")]
    );
    assert_eq!(register.get::<Manifest>("other").unwrap(), None, "all or nothing");
    assert_eq!(register.get::<Identity>("free").unwrap(), None, "all or nothing");
    let kept = "nhi_identity `a` is kept by the manifest `fleet`. Change it there, or take it out of the manifest first";
    let a = identity("a").declare().unwrap();
    assert_eq!(told(register.create(&a)), [kept]);
    assert_eq!(told(register.update(&a, None)), [kept]);
    assert_eq!(told(register.delete::<Identity>("a", None)), [kept]);

    // Principals are unique across workspaces, whichever kind declares them.
    let same =
        |name: &str| IdentityDraft { principal: "arn:aws:iam::111122223333:role/a".into(), ..identity(name) };
    let holder = "principal: `arn:aws:iam::111122223333:role/a` is the principal of `a` in workspace `platform` already";
    assert_eq!(told(shop.create(&same("x").declare().unwrap())), [holder]);
    assert_eq!(
        told(shop.create(&manifest("theirs", vec![same("x"), identity("y")]))),
        [format!("identities[\"x\"].{holder}")]
    );
    assert_eq!(register.verify().unwrap().faults, []);
}

#[test]
fn every_identity_that_breaks_a_rule_is_told() {
    let folder = TempDir::new().unwrap();
    let register = open(folder.path(), "platform");
    let bare = |name: &str, tier: i64| IdentityDraft { tier: Field::Is(Ok(tier)), ..identity(name) };
    let zoned = IdentityDraft { zone: "moon".into(), owner: "nobody".into(), ..identity("c") };
    let wrong = manifest("fleet", vec![bare("a", 0), bare("b", 1), zoned, identity("d")]);
    assert_eq!(
        told(register.create(&wrong)),
        [
            "identities[\"a\"].owner: an identity of tier 0 needs an owner",
            "identities[\"b\"].owner: an identity of tier 1 needs an owner",
            "identities[\"c\"].owner: no owner `nobody` is declared",
            "identities[\"c\"].zone: no zone `moon` is declared",
        ]
    );
    assert_eq!(actions(&register), [""; 0]);
}

#[test]
fn what_others_name_stays_with_all_the_rest() {
    let folder = TempDir::new().unwrap();
    let (register, shop) = (open(folder.path(), "platform"), open(folder.path(), "shop"));
    let owner = OwnerDraft {
        name: "core".into(),
        accountable: Field::Is(vec!["alice@example.com".into()]),
        backup: Field::Is(vec!["bob@example.com".into()]),
        ..OwnerDraft::default()
    };
    register.create::<Owner>(&owner.declare().unwrap()).unwrap();
    register.create(&manifest("fleet", vec![identity("a"), identity("b")])).unwrap();
    let exception = nhi_identity::ExceptionDraft {
        name: "legacy".into(),
        identity: "a".into(),
        permits: Field::Is(nhi_identity::PermitsDraft {
            rules: Field::Is(vec!["static-credential".into()]),
            ..nhi_identity::PermitsDraft::default()
        }),
        reason: "The vendor has no federation yet.".into(),
        owner: "core".into(),
        compensating_controls: Field::Is(vec!["rotated weekly".into()]),
        end: nhi_identity::EndDraft { valid_for: "1d".into(), ..nhi_identity::EndDraft::default() },
        ..nhi_identity::ExceptionDraft::default()
    };
    shop.create(&exception.declare().unwrap()).unwrap();
    let still = "identities[\"a\"]: other workspaces still name this identity";
    assert_eq!(told(register.update(&manifest("fleet", vec![identity("c")]), None)), [still]);
    assert_eq!(told(register.delete::<Manifest>("fleet", None)), [still]);
    assert_eq!(register.get::<Manifest>("fleet").unwrap().unwrap().declaration.identities.len(), 2);
    assert!(shop.create(&manifest("fleet", vec![])).is_err(), "its name is taken too");
}

#[test]
fn what_an_interrupted_run_left_is_adopted_as_a_whole() {
    let folder = TempDir::new().unwrap();
    let fleet = manifest("fleet", vec![identity("a"), identity("b")]);
    open(folder.path(), "platform").create(&fleet).unwrap();
    let second = open(folder.path(), "platform");
    let other = manifest("fleet", vec![identity("a")]);
    assert!(matches!(second.create(&other), Err(RegisterError::LeftBehind { .. })));
    assert_eq!(second.create(&fleet).unwrap().declaration, fleet);
    let changed = manifest("fleet", vec![identity("b")]);
    assert_eq!(second.update(&changed, None).unwrap().declaration, changed);
    assert_eq!(second.verify().unwrap().faults, []);
}

#[test]
fn an_identity_goes_into_a_manifest_and_out_again_as_it_is() {
    let folder = TempDir::new().unwrap();
    let first = open(folder.path(), "platform");
    for name in ["a", "b"] {
        first.create(&identity(name).declare().unwrap()).unwrap();
    }
    let fleet = manifest("fleet", vec![identity("a")]);
    assert!(first.create(&fleet).is_err(), "whatever made it may still be at work");
    drop(first);

    // Only as it is: a different one of the name is somebody else's word.
    let second = open(folder.path(), "platform");
    let other = IdentityDraft { purpose: "Something else.".into(), ..identity("a") };
    assert!(second.create(&manifest("fleet", vec![other])).is_err());
    let shop = open(folder.path(), "shop");
    assert!(shop.create(&manifest("theirs", vec![identity("a")])).is_err());
    second.create(&fleet).unwrap();
    let kept = second.get::<Identity>("a").unwrap().unwrap();
    assert_eq!(kept.manifest.as_deref(), Some("fleet"));
    // A manifest that is there takes one in by a change, and no other manifest gets it from it.
    let both = manifest("fleet", vec![identity("a"), identity("b")]);
    let third = open(folder.path(), "platform");
    assert_eq!(third.update(&both, None).unwrap().declaration, both);
    assert!(third.create(&manifest("other", vec![identity("b")])).is_err());
    drop((second, third));

    let fourth = open(folder.path(), "platform");
    assert_eq!(fourth.create(&identity("a").declare().unwrap()).unwrap().manifest, None);
    let rest = fourth.get::<Manifest>("fleet").unwrap().unwrap().declaration;
    assert_eq!(rest.identities.keys().map(ToString::to_string).collect::<Vec<_>>(), ["b"]);
    fourth.update(&manifest("fleet", vec![identity("b")]), None).unwrap();
    assert!(fourth.get::<Identity>("a").unwrap().is_some(), "the manifest removes only what it keeps");

    let entries = fourth.entries_after(0, 100).unwrap();
    let deeds: Vec<&str> =
        entries.iter().filter(|entry| entry.name == "a").map(|entry| entry.action.as_str()).collect();
    assert_eq!(deeds, ["create", "adopt", "adopt"], "it was never removed");
    assert_eq!(fourth.verify().unwrap().faults, []);
}
