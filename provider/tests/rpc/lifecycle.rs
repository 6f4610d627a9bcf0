//! Objects from their first plan to their end.

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::config::{exception, identity, owner, with, zone};
use crate::host::{Host, Object};
use crate::values::UNKNOWN;

pub(crate) fn workspace(name: &str) -> Json {
    json!({ "workspace": name })
}

/// A provider with an owner, a zone and an identity to refer to.
pub(crate) fn furnished(folder: &TempDir) -> (Host, [Object; 3]) {
    let mut host = Host::configured(folder.path(), &workspace("platform"));
    let owner = host.create("nhi_owner", &owner());
    let zone = host.create("nhi_zone", &zone());
    let identity = host.create("nhi_identity", &identity());
    (host, [owner, zone, identity])
}

#[test]
fn four_kinds_live_and_end() {
    let folder = TempDir::new().unwrap();
    let (mut host, [first_owner, first_zone, first_identity]) = furnished(&folder);
    let first_exception = host.create("nhi_exception", &exception());
    assert_eq!(first_owner.shown(), with(&owner(), &json!({ "id": "platform" })));
    assert_eq!(first_zone.shown(), with(&zone(), &json!({ "id": "build" })));
    assert_eq!(first_identity.shown(), with(&identity(), &json!({ "id": "deployer" })));
    assert_eq!(first_exception.shown(), with(&exception(), &json!({ "id": "legacy" })));

    let cases = [
        (
            "nhi_owner",
            &first_owner,
            owner(),
            json!({ "description": "Runs it all.", "backup": ["carol@example.com"] }),
        ),
        ("nhi_zone", &first_zone, zone(), json!({ "reaches": null, "labels": {}, "template": "build" })),
        (
            "nhi_identity",
            &first_identity,
            identity(),
            json!({ "tier": 1, "federation": [], "review_period": "91d" }),
        ),
        (
            "nhi_exception",
            &first_exception,
            exception(),
            json!({ "ticket": "SEC-7", "expires_at": "2999-04-01T00:00:00Z" }),
        ),
    ];
    let mut last = Vec::new();
    for (kind, object, config, change) in cases {
        let changed = host.change(kind, Some(object), &with(&config, &change));
        let imported = host.import(kind, object.shown()["name"].as_str().unwrap()).unwrap();
        assert_eq!(changed.private, imported.private);
        let renamed = host.plan(kind, Some(&changed), &with(&config, &json!({ "name": "other" }))).unwrap();
        assert_eq!(
            (renamed.replaced.as_slice(), renamed.shown()["id"].as_str()),
            (["name".to_owned()].as_slice(), Some("other"))
        );
        assert_eq!(host.destroy(kind, object), ["error name: Somebody changed it meanwhile"], "{kind}");
        last.push((kind, changed));
    }
    for (kind, object) in last.iter().rev() {
        assert_eq!(host.destroy(kind, object), [""; 0], "{kind}");
        assert_eq!(host.read(kind, object).unwrap(), None, "{kind}: gone from its own register is gone");
        assert_eq!(host.destroy(kind, object), [""; 0], "{kind}: gone already is no error");
    }
}

#[test]
fn what_is_planned_before_its_surroundings_exist() {
    let folder = TempDir::new().unwrap();
    let mut host = Host::configured(folder.path(), &workspace("platform"));
    let unknown = json!({ "name": UNKNOWN, "owner": UNKNOWN, "zone": UNKNOWN, "principal": UNKNOWN });
    let plan = host.plan("nhi_identity", None, &with(&identity(), &unknown)).unwrap();
    assert_eq!(plan.shown()["id"], json!(UNKNOWN));
    let plan = host.plan("nhi_identity", None, &identity()).unwrap();
    let missing =
        ["warning owner: No owner `platform` is declared", "warning zone: No zone `build` is declared"];
    assert_eq!(plan.told, missing, "the same configuration may create it: that is no error at plan");
    let partly = with(&identity(), &json!({ "zone": UNKNOWN, "principal": UNKNOWN, "purpose": UNKNOWN }));
    assert_eq!(host.plan("nhi_identity", None, &partly).unwrap().told, missing[..1]);
    assert_eq!(plan.shown()["id"], json!("deployer"));
    let (object, told) = host.apply("nhi_identity", &plan);
    assert_eq!(object, None);
    assert_eq!(
        told,
        ["error owner: No owner `platform` is declared", "error zone: No zone `build` is declared"]
    );
    let plan = host.plan("nhi_exception", None, &exception()).unwrap();
    assert_eq!(
        host.apply("nhi_exception", &plan).1,
        [
            "error identity: No identity `deployer` is declared",
            "error owner: No owner `platform` is declared"
        ]
    );
}

#[test]
fn what_was_planned_before_is_not_missed() {
    let folder = TempDir::new().unwrap();
    let mut host = Host::configured(folder.path(), &workspace("platform"));
    let missing = ["warning owner: No owner `platform` is declared"];
    let unzoned = with(&identity(), &json!({ "zone": null }));
    assert_eq!(host.plan("nhi_identity", None, &unzoned).unwrap().told, missing);
    // Terraform plans what is referred to first.
    host.plan("nhi_owner", None, &owner()).unwrap();
    assert_eq!(host.plan("nhi_identity", None, &unzoned).unwrap().told, [""; 0]);
    // The identities of a manifest count as well.
    let held = with(&exception(), &json!({ "identity": "asker" }));
    let fleet = json!({ "name": "fleet", "identities": { "asker": { "kind": "agent", "tier": 2 } } });
    let nobody = ["warning identity: No identity `asker` is declared"];
    assert_eq!(host.plan("nhi_exception", None, &held).unwrap().told, nobody);
    host.plan("nhi_manifest", None, &fleet).unwrap();
    assert_eq!(host.plan("nhi_exception", None, &held).unwrap().told, [""; 0]);
    // Another run has planned nothing yet.
    assert_eq!(host.configure(&workspace("platform")), [""; 0]);
    assert_eq!(host.plan("nhi_exception", None, &held).unwrap().told.len(), 2);
}

#[test]
fn a_principal_of_another_workspace_is_told_at_plan() {
    let folder = TempDir::new().unwrap();
    let (_host, _) = furnished(&folder);
    let mut shop = Host::configured(folder.path(), &workspace("shop"));
    let second = with(&identity(), &json!({ "name": "second" }));
    let told = shop.plan("nhi_identity", None, &second).unwrap().told;
    assert!(told.len() == 1 && told[0].contains("in workspace `platform` already"), "{told:?}");
    for attribute in ["principal", "platform"] {
        let unknown = with(&second, &json!({ attribute: UNKNOWN }));
        assert_eq!(shop.plan("nhi_identity", None, &unknown).unwrap().told, [""; 0], "{attribute}");
    }
}

#[test]
fn production_needs_an_owner_and_wants_federation() {
    let folder = TempDir::new().unwrap();
    let (mut host, [_, _, object]) = furnished(&folder);
    let warning = "warning federation: An identity of tier 1 without federation";
    let bare = json!({ "tier": 1, "federation": null, "owner": null });
    let ownerless = ["error owner: An identity of tier 1 needs an owner"];
    let refused = host.plan("nhi_identity", Some(&object), &with(&identity(), &bare)).unwrap_err();
    assert_eq!(refused, ownerless);
    let unfederated = with(&bare, &json!({ "owner": "platform" }));
    let plan = host.plan("nhi_identity", Some(&object), &with(&identity(), &unfederated)).unwrap();
    assert_eq!(plan.told, [warning]);
    let unknown =
        host.plan("nhi_identity", None, &with(&identity(), &json!({ "federation": UNKNOWN }))).unwrap();
    assert_eq!(unknown.told, [""; 0]);
    let tame = json!({ "tier": 2, "federation": null, "owner": null });
    assert_eq!(
        host.change("nhi_identity", Some(&object), &with(&identity(), &tame)).shown().get("owner"),
        None
    );
}

#[test]
fn defaults_of_the_provider_stand_in_the_plan() {
    let folder = TempDir::new().unwrap();
    let (mut host, [_, zone_object, identity_object]) = furnished(&folder);
    let defaults =
        json!({ "workspace": "platform", "defaults": { "owner": "platform", "environment": "staging" } });
    assert_eq!(host.configure(&defaults), [""; 0]);
    let none = json!({ "owner": null, "environment": null });
    let changed = host.change("nhi_identity", Some(&identity_object), &with(&identity(), &none)).shown();
    assert_eq!((&changed["owner"], &changed["environment"]), (&json!("platform"), &json!("staging")));
    let own = host.change("nhi_zone", Some(&zone_object), &with(&zone(), &json!({ "environment": "lab" })));
    assert_eq!(own.shown()["environment"], "lab");
    assert_eq!(
        host.create("nhi_exception", &with(&exception(), &json!({ "owner": null }))).shown()["owner"],
        "platform"
    );

    assert_eq!(
        host.configure(&json!({ "workspace": "platform", "defaults": { "owner": UNKNOWN } })),
        [""; 0]
    );
    let plan = host.plan("nhi_identity", None, &with(&identity(), &none)).unwrap();
    assert_eq!((&plan.shown()["owner"], plan.shown().get("environment")), (&json!(UNKNOWN), None));

    assert_eq!(host.configure(&workspace("platform")), [""; 0]);
    let plan = host.plan("nhi_exception", None, &with(&exception(), &json!({ "name": "x", "owner": null })));
    assert_eq!(plan.unwrap_err(), ["error owner: A value is required here"]);
}

#[test]
fn other_words_for_the_same_are_no_change() {
    let folder = TempDir::new().unwrap();
    let (mut host, _) = furnished(&folder);
    let at = |end: &str| with(&exception(), &json!({ "expires_at": end }));
    let made = host.create("nhi_exception", &at("2031-03-31T00:00:00Z"));
    for same in ["2031-03-31T02:00:00+02:00", "2031-03-31T00:00:00.000Z"] {
        assert!(host.plan("nhi_exception", Some(&made), &at(same)).unwrap().is_no_change(), "{same}");
    }
    let later = host.plan("nhi_exception", Some(&made), &at("2031-03-31T00:00:00+02:00")).unwrap();
    assert_eq!(later.shown()["expires_at"], "2031-03-31T00:00:00+02:00");
    // Beside a change the rest keeps its words.
    let both = with(&at("2031-03-31T02:00:00+02:00"), &json!({ "ticket": "SEC-8" }));
    let changed = host.change("nhi_exception", Some(&made), &both);
    assert_eq!(changed.shown()["expires_at"], "2031-03-31T00:00:00Z");
    assert!(host.plan("nhi_exception", Some(&changed), &both).unwrap().is_no_change());
}

#[test]
fn an_end_is_fixed_when_it_is_applied() {
    let folder = TempDir::new().unwrap();
    let (mut host, _) = furnished(&folder);
    let lasting =
        |valid_for: &str| with(&exception(), &json!({ "expires_at": null, "valid_for": valid_for }));
    let plan = host.plan("nhi_exception", None, &lasting("90d")).unwrap();
    assert_eq!(plan.shown()["expires_at"], json!(UNKNOWN));
    let (first, told) = host.apply("nhi_exception", &plan);
    assert_eq!(told, [""; 0]);
    let first = host.read("nhi_exception", &first.unwrap()).unwrap().unwrap();
    let end = first.shown()["expires_at"].clone();
    assert!(end.as_str().unwrap().ends_with('Z'));
    assert!(host.plan("nhi_exception", Some(&first), &lasting("90d")).unwrap().is_no_change());

    let changed =
        host.change("nhi_exception", Some(&first), &with(&lasting("90d"), &json!({ "ticket": "SEC-7" })));
    assert_eq!(changed.shown()["expires_at"], end, "another change leaves the end alone");
    let respelled = host.change("nhi_exception", Some(&changed), &lasting("2160h"));
    assert_eq!((&respelled.shown()["expires_at"], &respelled.shown()["valid_for"]), (&end, &json!("90d")));
    let plan = host.plan("nhi_exception", Some(&respelled), &lasting("30d")).unwrap();
    assert_eq!(plan.shown()["expires_at"], json!(UNKNOWN), "another length is counted anew");
    let shorter = host.change("nhi_exception", Some(&respelled), &lasting("30d"));
    assert_ne!(shorter.shown()["expires_at"], end);
    let named = host.change("nhi_exception", Some(&shorter), &exception());
    assert_eq!(
        (&named.shown()["expires_at"], named.shown().get("valid_for")),
        (&exception()["expires_at"], None)
    );
    let imported = host.import("nhi_exception", "legacy").unwrap();
    assert!(
        host.plan(
            "nhi_exception",
            Some(&imported),
            &with(&exception(), &json!({ "permits": { "rules": ["static-credential"] } }))
        )
        .unwrap()
        .is_no_change()
    );
}

#[test]
fn a_near_end_is_a_warning_and_never_a_change() {
    let folder = TempDir::new().unwrap();
    let (mut host, _) = furnished(&folder);
    let past = with(&exception(), &json!({ "expires_at": "2020-01-01T00:00:00Z" }));
    let warning = "warning expires_at: Exception `legacy` ended on 2020-01-01T00:00:00Z";
    let object = host.create("nhi_exception", &past);
    let plan = host.plan("nhi_exception", Some(&object), &past).unwrap();
    assert_eq!((plan.told.as_slice(), plan.is_no_change()), ([warning.to_owned()].as_slice(), true));
    let soon = with(&exception(), &json!({ "name": "soon", "expires_at": null, "valid_for": "13d" }));
    let plan = host.plan("nhi_exception", None, &soon).unwrap();
    assert_eq!(plan.told, [""; 0]);
    let (object, told) = host.apply("nhi_exception", &plan);
    assert_eq!(told.len(), 1);
    assert!(told[0].starts_with("warning valid_for: Exception `soon` ends on "), "{told:?}");
    assert!(host.plan("nhi_exception", object.as_ref(), &soon).unwrap().is_no_change());
}

#[test]
fn removing_what_others_name() {
    let folder = TempDir::new().unwrap();
    let (mut host, [owner_object, ..]) = furnished(&folder);
    let mut shop = Host::configured(folder.path(), &workspace("shop"));
    let exception = shop.create("nhi_exception", &exception());
    assert_eq!(host.destroy("nhi_owner", &owner_object), ["error name: Other workspaces still name it"]);
    assert!(host.read("nhi_owner", &owner_object).unwrap().is_some());
    assert_eq!(shop.destroy("nhi_exception", &exception), [""; 0]);
    assert_eq!(host.destroy("nhi_owner", &owner_object), ["warning : Others still named it"]);
}
