//! What is kept, for whom, and what is refused.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::path::Path;

use nhi_identity::{
    EndDraft, Exception, ExceptionDraft, Field, Identity, IdentityDraft, Moment, Owner, OwnerDraft,
    PermitsDraft, Timestamp, Zone, ZoneDraft,
};
use nhi_register::{Actor, Clock, Declaration, Location, ObjectKind, Register, RegisterError, Session};
use tempfile::TempDir;

type Answer<T> = Result<T, RegisterError>;

fn open_at(folder: &Path, workspace: &str, now: &str) -> Register {
    let at: Timestamp = now.parse().unwrap();
    let session = Session {
        organisation: "default".into(),
        workspace: workspace.into(),
        actor: Actor { name: "alice".into(), source: "NHI_ACTOR".into() },
        clock: Clock::new(move || at),
    };
    let url = format!("sqlite:{}?mode=create", folder.join("register.db").display());
    Register::open(&Location::parse(&url).unwrap(), session).unwrap()
}

fn open(folder: &TempDir, workspace: &str) -> Register {
    open_at(folder.path(), workspace, "2026-11-23T01:00:00Z")
}

fn set(elements: &[&str]) -> Field<Vec<Field<String>>> {
    Field::Is(elements.iter().map(|element| Field::from(*element)).collect())
}

fn owner(name: &str) -> Owner {
    let draft = OwnerDraft {
        name: name.into(),
        accountable: set(&["alice@example.com"]),
        backup: set(&["bob@example.com"]),
        labels: Field::Is(vec![("team".into(), Field::from("core"))]),
        ..OwnerDraft::default()
    };
    draft.declare().unwrap()
}

fn zone(name: &str) -> Zone {
    ZoneDraft { name: name.into(), reaches: set(&["later"]), ..ZoneDraft::default() }.declare().unwrap()
}

fn identity_draft(name: &str) -> IdentityDraft {
    IdentityDraft {
        name: name.into(),
        kind: "ci_runner".into(),
        owner: "platform".into(),
        tier: Field::Is(Ok(1)),
        zone: "build".into(),
        platform: "aws".into(),
        principal: "arn:aws:iam::111122223333:role/deploy".into(),
        review_period: "90d".into(),
        ..IdentityDraft::default()
    }
}

fn identity(name: &str) -> Identity {
    identity_draft(name).declare().unwrap()
}

fn exception(name: &str, valid_for: &str) -> Exception {
    let draft = ExceptionDraft {
        name: name.into(),
        identity: "deployer".into(),
        permits: Field::Is(PermitsDraft { rules: set(&["static-credential"]), ..PermitsDraft::default() }),
        reason: "The vendor has no federation yet.".into(),
        owner: "platform".into(),
        compensating_controls: set(&["rotated weekly"]),
        end: EndDraft { valid_for: valid_for.into(), ..EndDraft::default() },
        ..ExceptionDraft::default()
    };
    draft.declare().unwrap()
}

fn told<T>(answer: Answer<T>) -> String {
    answer.map(|_| ()).unwrap_err().to_string()
}

#[test]
fn everything_is_kept_as_declared_and_written_down() {
    let folder = TempDir::new().unwrap();
    let register = open(&folder, "platform");
    register.create(&owner("platform")).unwrap();
    register.create(&zone("build")).unwrap();
    register.create(&identity("deployer")).unwrap();
    let kept = register.create(&exception("legacy", "90d")).unwrap().declaration;
    assert_eq!(kept.end.moment().map(Moment::spelling), Some("2027-02-21T01:00:00Z"));

    assert_eq!(register.get::<Owner>("platform").unwrap().unwrap().declaration, owner("platform"));
    assert_eq!(register.get::<Zone>("build").unwrap().unwrap().declaration, zone("build"));
    assert_eq!(register.get::<Identity>("deployer").unwrap().unwrap().declaration, identity("deployer"));
    assert_eq!(register.get::<Exception>("legacy").unwrap().unwrap().declaration, kept);
    assert_eq!(register.get::<Owner>("nobody").unwrap(), None);

    let reader = Register::open_read_only(
        &Location::parse(&format!("sqlite:{}/register.db", folder.path().display())).unwrap(),
        "default",
    )
    .unwrap();
    assert_eq!(reader.id(), register.id());
    assert_eq!(reader.list::<Identity>().unwrap()[0].workspace, "platform");
    assert!(matches!(reader.create(&owner("x")), Err(RegisterError::ReadOnly(_))));

    let log = register.audit_log().unwrap();
    let words: Vec<(i64, &str, &str, &str)> = log
        .iter()
        .map(|entry| (entry.seq, entry.action.as_str(), entry.object.as_str(), entry.actor.as_str()))
        .collect();
    assert_eq!(
        words,
        [
            (1, "found", "register", "alice"),
            (2, "create", "owner", "alice"),
            (3, "create", "zone", "alice"),
            (4, "create", "identity", "alice"),
            (5, "create", "exception", "alice"),
        ]
    );
    assert_eq!(log[1].before, None);
    assert!(log[1].after.as_ref().unwrap().contains("\"labels\":{\"team\":\"core\"}"));
    assert_eq!((log[1].at.as_str(), log[1].source.as_str()), ("2026-11-23T01:00:00Z", "NHI_ACTOR"));
    assert_eq!(register.verify().unwrap().faults, []);
}

#[test]
fn only_what_an_interrupted_run_left_is_adopted() {
    let folder = TempDir::new().unwrap();
    let taken = |workspace: &str| {
        Err(RegisterError::Taken {
            kind: ObjectKind::Owner,
            name: "platform".into(),
            workspace: workspace.into(),
        })
    };
    let first = open(&folder, "platform");
    first.create(&owner("platform")).unwrap();
    // Two resources of one run claim one name, though nothing was read in between.
    assert_eq!(first.create(&owner("platform")).map(|_| ()), taken("platform"));

    let second = open(&folder, "platform");
    let different = Owner { description: Some("other".into()), ..owner("platform") };
    assert!(matches!(second.create(&different), Err(RegisterError::LeftBehind { .. })));
    assert_eq!(open(&folder, "shop").create(&owner("platform")).map(|_| ()), taken("platform"));
    // The interrupted run's object is taken up once, and only once.
    assert_eq!(second.create(&owner("platform")).unwrap().declaration, owner("platform"));
    assert_eq!(second.create(&owner("platform")).map(|_| ()), taken("platform"));

    let third = open(&folder, "platform");
    assert!(third.read::<Owner>("platform").unwrap().is_some());
    assert_eq!(third.create(&owner("platform")).map(|_| ()), taken("platform"));
    assert_eq!(open(&folder, "platform").create(&owner("platform")).map(|_| ()), taken("platform"));

    let actions: Vec<String> = third.audit_log().unwrap().into_iter().map(|entry| entry.action).collect();
    assert_eq!(actions, ["found", "create", "adopt", "confirm"]);
}

#[test]
fn a_look_from_elsewhere_confirms_nothing() {
    let folder = TempDir::new().unwrap();
    open(&folder, "platform").create(&owner("platform")).unwrap();
    assert!(open(&folder, "shop").read::<Owner>("platform").unwrap().is_some());
    assert!(open(&folder, "platform").get::<Owner>("platform").unwrap().is_some());
    assert!(open(&folder, "platform").create(&owner("platform")).is_ok());
}

#[test]
fn an_adopted_exception_keeps_its_first_end() {
    let folder = TempDir::new().unwrap();
    let early = open_at(folder.path(), "platform", "2026-01-01T00:00:00Z");
    early.create(&owner("platform")).unwrap();
    early.create(&zone("build")).unwrap();
    early.create(&identity("deployer")).unwrap();
    let first = early.create(&exception("legacy", "90d")).unwrap().declaration;

    let late = open_at(folder.path(), "platform", "2026-02-01T00:00:00Z");
    let adopted = late.create(&exception("legacy", "2160h")).unwrap().declaration;
    assert_eq!(adopted, first);
    // An update that brings its end keeps it; one that does not counts anew.
    assert_eq!(late.update(&adopted, None).unwrap().declaration.end, first.end);
    let renewed = late.update(&exception("legacy", "30d"), None).unwrap().declaration;
    assert_eq!(renewed.end.moment().map(ToString::to_string).as_deref(), Some("2026-03-03T00:00:00Z"));
}

#[test]
fn a_declaration_belongs_to_its_workspace() {
    let folder = TempDir::new().unwrap();
    let (platform, shop) = (open(&folder, "platform"), open(&folder, "shop"));
    platform.create(&owner("platform")).unwrap();
    let foreign = "nhi_owner `platform` belongs to workspace `platform`, not to `shop`. Change it there; to take it over, \
                   remove it there first";
    assert_eq!(told(shop.update(&owner("platform"), None)), foreign);
    assert_eq!(told(shop.delete::<Owner>("platform", None)), foreign);
    platform.delete::<Owner>("platform", None).unwrap();
    assert_eq!(platform.delete::<Owner>("platform", None).unwrap(), []);
    assert!(matches!(platform.update(&owner("platform"), None), Err(RegisterError::Gone { .. })));
    assert!(shop.create(&owner("platform")).is_ok());
}

#[test]
fn rules_are_asked_where_the_others_are() {
    let folder = TempDir::new().unwrap();
    let (platform, shop) = (open(&folder, "platform"), open(&folder, "shop"));
    let told = |answer: Answer<_>| match answer.map(|_: nhi_register::Kept<Identity>| ()) {
        Err(RegisterError::Rules(violations)) => {
            violations.iter().map(|violation| violation.path.to_string()).collect::<Vec<_>>()
        }
        other => vec![format!("{other:?}")],
    };
    assert_eq!(told(platform.create(&identity("deployer"))), ["owner", "zone"]);
    platform.create(&owner("platform")).unwrap();
    platform.create(&zone("build")).unwrap();
    platform.create(&identity("deployer")).unwrap();
    // Another workspace may use the owner and the zone, and may not claim the principal.
    assert_eq!(told(shop.create(&identity("shop-deployer"))), ["principal"]);
    let elsewhere = IdentityDraft { platform: "google".into(), ..identity_draft("shop-deployer") };
    shop.create(&elsewhere.declare().unwrap()).unwrap();
    assert_eq!(told(shop.update(&identity("shop-deployer"), None)), ["principal"]);
    let ownerless = IdentityDraft { owner: Field::Absent, ..identity_draft("deployer") };
    assert_eq!(told(platform.update(&ownerless.declare().unwrap(), None)), ["owner"]);
    // The same workspace may have both for a while: a rename creates before it removes.
    platform.create(&identity("deployer-2")).unwrap();
    assert_eq!(platform.verify().unwrap().faults, []);
}

#[test]
fn what_others_name_is_not_removed_under_them() {
    let folder = TempDir::new().unwrap();
    let (platform, shop) = (open(&folder, "platform"), open(&folder, "shop"));
    platform.create(&owner("platform")).unwrap();
    platform.create(&zone("build")).unwrap();
    platform.create(&identity("deployer")).unwrap();
    let own: Vec<String> =
        platform.delete::<Zone>("build", None).unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(own, ["nhi_identity `deployer` (workspace `platform`)"]);
    shop.create(&exception("legacy", "1d")).unwrap();
    assert_eq!(
        told(platform.delete::<Owner>("platform", None)),
        "nhi_owner `platform` is still named by nhi_exception `legacy` (workspace `shop`). Change these declarations first"
    );
    assert!(matches!(platform.delete::<Identity>("deployer", None), Err(RegisterError::StillNamed { .. })));
    shop.delete::<Exception>("legacy", None).unwrap();
    platform.delete::<Identity>("deployer", None).unwrap();
    assert_eq!(platform.delete::<Owner>("platform", None).unwrap(), []);
}

#[test]
fn names_of_workspaces_are_names() {
    let folder = TempDir::new().unwrap();
    let session = Session {
        organisation: "default".into(),
        workspace: "my workspace".into(),
        actor: Actor { name: "alice".into(), source: "NHI_ACTOR".into() },
        clock: Clock::system(),
    };
    let location = Location::parse(&format!("sqlite:{}/r.db?mode=create", folder.path().display())).unwrap();
    assert!(matches!(Register::open(&location, session), Err(RegisterError::Workspace(_))));
    assert!(!location.path().exists());
    assert_eq!(<Owner as Declaration>::KIND.to_string(), "nhi_owner");
}
