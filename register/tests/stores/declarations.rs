//! What is kept, for whom, and what is refused.

use nhi_identity::{
    Exception, Field, Freeze, FreezeDraft, Identity, IdentityDraft, Manifest, ManifestDraft, Moment, Owner,
    SelectionDraft, Zone,
};
use nhi_register::{Declaration, Kept, ObjectKind, RegisterError};

use crate::sample::{exception, identity, identity_draft, owner, set, zone};
use crate::stand::{NOW, Stand, session};

type Answer<T> = Result<T, RegisterError>;

fn told<T>(answer: Answer<T>) -> String {
    answer.map(|_| ()).unwrap_err().to_string()
}

pub(crate) fn everything_is_kept_as_declared_and_written_down(stand: &Stand) {
    let register = stand.open("platform");
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

    let reader = stand.reader("default").unwrap();
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
            (1, "found", "register", stand.actor()),
            (2, "create", "owner", stand.actor()),
            (3, "create", "zone", stand.actor()),
            (4, "create", "identity", stand.actor()),
            (5, "create", "exception", stand.actor()),
        ]
    );
    assert_eq!(log[1].before, None);
    assert!(log[1].after.as_ref().unwrap().contains("\"labels\":{\"team\":\"core\"}"));
    assert_eq!((log[1].at.as_str(), log[1].source.as_str()), ("2026-11-23T01:00:00Z", stand.source()));
    assert_eq!(register.verify().unwrap().faults, []);
}

pub(crate) fn only_what_an_interrupted_run_left_is_adopted(stand: &Stand) {
    let taken = |workspace: &str| {
        Err(RegisterError::Taken {
            kind: ObjectKind::Owner,
            name: "platform".into(),
            workspace: workspace.into(),
        })
    };
    let first = stand.open("platform");
    first.create(&owner("platform")).unwrap();
    // Two resources of one run claim one name, though nothing was read in between.
    assert_eq!(first.create(&owner("platform")).map(|_| ()), taken("platform"));

    let second = stand.open("platform");
    let different = Owner { description: Some("other".into()), ..owner("platform") };
    assert!(matches!(second.create(&different), Err(RegisterError::LeftBehind { .. })));
    assert_eq!(stand.open("shop").create(&owner("platform")).map(|_| ()), taken("platform"));
    // The interrupted run's object is taken up once, and only once.
    assert_eq!(second.create(&owner("platform")).unwrap().declaration, owner("platform"));
    assert_eq!(second.create(&owner("platform")).map(|_| ()), taken("platform"));

    let third = stand.open("platform");
    assert!(third.read::<Owner>("platform").unwrap().is_some());
    assert_eq!(third.create(&owner("platform")).map(|_| ()), taken("platform"));
    assert_eq!(stand.open("platform").create(&owner("platform")).map(|_| ()), taken("platform"));

    let actions: Vec<String> = third.audit_log().unwrap().into_iter().map(|entry| entry.action).collect();
    assert_eq!(actions, ["found", "create", "adopt", "confirm"]);
}

pub(crate) fn a_look_from_elsewhere_confirms_nothing(stand: &Stand) {
    stand.open("platform").create(&owner("platform")).unwrap();
    assert!(stand.open("shop").read::<Owner>("platform").unwrap().is_some());
    assert!(stand.open("platform").get::<Owner>("platform").unwrap().is_some());
    assert!(stand.open("platform").create(&owner("platform")).is_ok());
}

pub(crate) fn an_adopted_exception_keeps_its_first_end(stand: &Stand) {
    let early = stand.open_at("platform", "2026-01-01T00:00:00Z");
    early.create(&owner("platform")).unwrap();
    early.create(&zone("build")).unwrap();
    early.create(&identity("deployer")).unwrap();
    let first = early.create(&exception("legacy", "90d")).unwrap().declaration;

    let late = stand.open_at("platform", "2026-02-01T00:00:00Z");
    let adopted = late.create(&exception("legacy", "2160h")).unwrap().declaration;
    assert_eq!(adopted, first);
    // An update that brings its end keeps it; one that does not counts anew.
    assert_eq!(late.update(&adopted, None).unwrap().declaration.end, first.end);
    let renewed = late.update(&exception("legacy", "30d"), None).unwrap().declaration;
    assert_eq!(renewed.end.moment().map(ToString::to_string).as_deref(), Some("2026-03-03T00:00:00Z"));
}

pub(crate) fn a_declaration_belongs_to_its_workspace(stand: &Stand) {
    let (platform, shop) = (stand.open("platform"), stand.open("shop"));
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

pub(crate) fn rules_are_asked_where_the_others_are(stand: &Stand) {
    let (platform, shop) = (stand.open("platform"), stand.open("shop"));
    let told = |answer: Answer<_>| match answer.map(|_: Kept<Identity>| ()) {
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

pub(crate) fn what_others_name_is_not_removed_under_them(stand: &Stand) {
    let (platform, shop) = (stand.open("platform"), stand.open("shop"));
    platform.create(&owner("platform")).unwrap();
    platform.create(&zone("build")).unwrap();
    platform.create(&identity("deployer")).unwrap();
    let own: Vec<String> =
        platform.delete::<Zone>("build", None).unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(own, ["nhi_identity `deployer` (workspace `platform`)"]);
    shop.create(&exception("legacy", "1d")).unwrap();
    assert_eq!(
        told(platform.delete::<Owner>("platform", None)),
        "nhi_owner `platform` is still named by nhi_exception `legacy` (workspace `shop`). Let each name another owner, or \
         remove it, in its own workspace; apply that, and then remove this one"
    );
    assert!(matches!(platform.delete::<Identity>("deployer", None), Err(RegisterError::StillNamed { .. })));
    shop.delete::<Exception>("legacy", None).unwrap();
    platform.delete::<Identity>("deployer", None).unwrap();
    assert_eq!(platform.delete::<Owner>("platform", None).unwrap(), []);
}

pub(crate) fn what_a_scope_names_is_not_removed_under_it(stand: &Stand) {
    let (platform, shop) = (stand.open("platform"), stand.open("shop"));
    for name in ["platform", "other"] {
        platform.create(&owner(name)).unwrap();
    }
    platform.create(&zone("build")).unwrap();
    platform.create(&identity("deployer")).unwrap();
    let scope = SelectionDraft {
        identities: set(&["deployer"]),
        owners: set(&["other"]),
        zones: set(&["build"]),
        ..SelectionDraft::default()
    };
    let freeze = FreezeDraft {
        name: "launch".into(),
        starts_at: "2026-01-01T00:00:00Z".into(),
        ends_at: "2026-02-01T00:00:00Z".into(),
        refuses: set(&["expansions"]),
        scope: Field::Is(scope),
        reason: "No surprises.".into(),
        owner: "platform".into(),
        ..FreezeDraft::default()
    };
    shop.create(&freeze.declare().unwrap()).unwrap();
    let named = |noun: &str, name: &str| {
        format!(
            "nhi_{noun} `{name}` is still named by nhi_freeze `launch` (workspace `shop`). Let each name another {noun}, or \
             remove it, in its own workspace; apply that, and then remove this one"
        )
    };
    assert_eq!(told(platform.delete::<Identity>("deployer", None)), named("identity", "deployer"));
    assert_eq!(told(platform.delete::<Zone>("build", None)), named("zone", "build"));
    assert_eq!(told(platform.delete::<Owner>("other", None)), named("owner", "other"));
    shop.delete::<Freeze>("launch", None).unwrap();
    assert!(platform.delete::<Identity>("deployer", None).is_ok());
}

pub(crate) fn a_manifest_comes_with_its_identities(stand: &Stand) {
    let register = stand.open("platform");
    let of = |names: &[&str]| {
        let bare = |name: &&str| {
            let principal = Field::Is(format!("arn:aws:iam::111122223333:role/{name}"));
            let (owner, zone, tier) = (Field::Absent, Field::Absent, Field::Is(Ok(2)));
            let draft = IdentityDraft { principal, owner, zone, tier, ..identity_draft(name) };
            ((*name).to_owned(), Field::Is(draft))
        };
        let identities = Field::Is(names.iter().map(bare).collect());
        ManifestDraft { name: "fleet".into(), identities, ..ManifestDraft::default() }.declare().unwrap()
    };
    register.create(&of(&["a", "b"])).unwrap();
    assert_eq!(register.get::<Manifest>("fleet").unwrap().unwrap().declaration, of(&["a", "b"]));
    register.update(&of(&["b", "c"]), None).unwrap();
    assert_eq!(register.list::<Manifest>().unwrap()[0].declaration, of(&["b", "c"]));
    register.delete::<Manifest>("fleet", None).unwrap();
    assert_eq!(register.list::<Identity>().unwrap(), []);
    assert_eq!(register.verify().unwrap().faults, []);
}

pub(crate) fn names_of_workspaces_and_organisations_are_names(stand: &Stand) {
    let answer = stand.open_session(session("default", "my workspace", NOW));
    assert!(matches!(answer, Err(RegisterError::Workspace(_))));
    let answer = stand.open_session(session("", "platform", NOW));
    assert!(matches!(answer, Err(RegisterError::Organisation(_))));
    assert!(matches!(stand.reader("a b"), Err(RegisterError::Organisation(_))));
    assert!(
        matches!(stand.reader("default"), Err(RegisterError::Missing(_) | RegisterError::NoTables(_))),
        "nothing was made"
    );
    assert_eq!(<Owner as Declaration>::KIND.to_string(), "nhi_owner");
}

pub(crate) fn organisations_are_apart(stand: &Stand) {
    let (acme, shop) = (stand.open_in("acme", "platform"), stand.open_in("shop", "platform"));
    assert_ne!(acme.id(), shop.id());
    for register in [&acme, &shop] {
        register.create(&owner("platform")).unwrap();
        register.create(&zone("build")).unwrap();
        // Even the principal: another organisation's is none of theirs.
        register.create(&identity("deployer")).unwrap();
    }
    acme.delete::<Identity>("deployer", None).unwrap();
    acme.delete::<Zone>("build", None).unwrap();
    assert_eq!((acme.list::<Zone>().unwrap().len(), shop.list::<Zone>().unwrap().len()), (0, 1));
    assert_eq!((acme.head().unwrap().seq, shop.head().unwrap().seq), (6, 4));
    assert_eq!(acme.verify().unwrap().faults, []);
    assert_eq!(shop.verify().unwrap().faults, []);
    let unasked = nhi_register::Location::parse(&stand.url()).unwrap();
    let told =
        nhi_register::Register::open(&unasked, session("other", "platform", NOW)).map(|_| ()).unwrap_err();
    assert!(told.to_string().contains("has no organisation `other`"), "{told}");
    assert!(matches!(stand.reader("other"), Err(RegisterError::NoOrganisation { .. })));
}

pub(crate) fn a_reader_changes_nothing(stand: &Stand) {
    assert!(stand.reader("default").is_err(), "there is nothing yet");
    let register = stand.open("platform");
    register.create(&owner("platform")).unwrap();
    let reader = stand.reader("default").unwrap();
    assert_eq!(reader.workspace(), None);
    assert!(reader.read::<Owner>("platform").unwrap().is_some());
    assert!(matches!(reader.update(&owner("platform"), None), Err(RegisterError::ReadOnly(_))));
    assert!(matches!(reader.delete::<Owner>("platform", None), Err(RegisterError::ReadOnly(_))));
    let actions: Vec<String> = reader.audit_log().unwrap().into_iter().map(|entry| entry.action).collect();
    assert_eq!(actions, ["found", "create"]);
}
