//! Versions: what was written since, by whom; and writes that stand or fall together.

use nhi_identity::{Identity, Owner};
use nhi_register::RegisterError;

use crate::sample::{described, identity, owner, zone};
use crate::stand::{Stand, session};

pub(crate) fn a_stale_write_names_who_changed_what_when(stand: &Stand) {
    let register = stand.open("platform");
    let first = register.create(&owner("platform")).unwrap();
    let later = stand.open_session(session("default", "platform", "2026-12-24T18:00:00Z")).unwrap();
    let second = later.update(&described("platform", "Later."), Some(first.version)).unwrap();
    let stale = register.update(&described("platform", "Too late."), Some(first.version)).unwrap_err();
    let RegisterError::Stale { expected, entry, .. } = &stale else { panic!("{stale}") };
    assert_eq!((*expected, entry.seq), (first.version, second.version));
    let told = format!(
        "nhi_owner `platform` is not as this run last saw it: {} ({}) wrote it in workspace `platform` at \
         2026-12-24T18:00:00Z (`update`, entry 3 of the audit chain; this run knows entry 2). Nothing was changed; plan \
         again to see what is there now",
        stand.actor(),
        stand.source()
    );
    assert_eq!(stale.to_string(), told);
    assert!(matches!(
        register.delete::<Owner>("platform", Some(first.version)),
        Err(RegisterError::Stale { .. })
    ));
    // Without an expectation the last one wins, and what is gone is gone.
    let third = register.update(&described("platform", "All the same."), None).unwrap();
    register.delete::<Owner>("platform", Some(third.version)).unwrap();
    assert_eq!(register.delete::<Owner>("platform", Some(third.version)).unwrap(), []);
    let gone = register.update(&owner("platform"), Some(third.version));
    assert!(matches!(gone, Err(RegisterError::Gone { .. })));
    // Somebody made it anew: that is another one.
    register.create(&owner("platform")).unwrap();
    let anew = register.update(&owner("platform"), Some(third.version)).unwrap_err();
    assert!(matches!(&anew, RegisterError::Stale { entry, .. } if entry.action == "create"), "{anew}");
    assert_eq!(register.verify().unwrap().faults, []);
}

pub(crate) fn an_update_that_changes_nothing_writes_nothing(stand: &Stand) {
    let first = stand.open("platform").create(&owner("platform")).unwrap();
    let register = stand.open("platform");
    for expected in [None, Some(first.version)] {
        assert_eq!(register.update(&owner("platform"), expected).unwrap(), first);
    }
    // What it did show is that this workspace knows the declaration.
    let words: Vec<String> =
        register.entries_about("owner", "platform").unwrap().into_iter().map(|entry| entry.action).collect();
    assert_eq!(words, ["create", "confirm"]);
    let changed = register.update(&described("platform", "Another."), Some(first.version)).unwrap();
    assert!(changed.version > first.version);
    assert_eq!(register.verify().unwrap().faults, []);
}

pub(crate) fn a_version_is_what_wrote_the_body(stand: &Stand) {
    let created = stand.open("platform").create(&owner("platform")).unwrap();
    let second = stand.open("platform");
    let adopted = second.create(&owner("platform")).unwrap();
    let read = second.read::<Owner>("platform").unwrap().unwrap();
    assert_eq!(
        (created.version, adopted.version, read.version),
        (2, 2, 2),
        "adopting and reading write no body"
    );
    assert_eq!(second.update(&described("platform", "New."), Some(2)).unwrap().version, 5);
    assert_eq!(second.get::<Owner>("platform").unwrap().unwrap().version, 5);
    assert_eq!(second.entry(5).unwrap().unwrap().action, "update");
    assert_eq!(second.entry(6).unwrap(), None);
}

pub(crate) fn several_writes_stand_or_fall_together(stand: &Stand) {
    let register = stand.open("platform");
    let all: Vec<Owner> = (0..20).map(|number| owner(&format!("owner-{number:02}"))).collect();
    let kept = register
        .together(|writing| all.iter().map(|owner| writing.create(owner)).collect::<Result<Vec<_>, _>>())
        .unwrap();
    assert_eq!(kept.iter().map(|kept| kept.version).collect::<Vec<_>>(), (2..22).collect::<Vec<i64>>());
    let before = register.head().unwrap();
    let failed = register.together(|writing| {
        writing.update(&described("owner-00", "Changed."), None)?;
        writing.delete::<Owner>("owner-01", None)?;
        writing.create(&owner("new"))?;
        // What was written before is seen, and this one is not there.
        assert!(writing.get::<Owner>("owner-01")?.is_none());
        writing.update(&owner("nobody"), None)
    });
    assert!(matches!(failed, Err(RegisterError::Gone { .. })));
    assert_eq!(register.head().unwrap(), before);
    assert_eq!(register.list::<Owner>().unwrap().len(), 20);
    assert_eq!(register.get::<Owner>("owner-00").unwrap().unwrap().declaration, owner("owner-00"));
    assert_eq!(register.verify().unwrap().faults, []);
}

pub(crate) fn what_a_manifest_keeps_is_changed_through_it(stand: &Stand) {
    let register = stand.open("platform");
    register.create(&owner("platform")).unwrap();
    register.create(&zone("build")).unwrap();
    register.create(&identity("by-hand")).unwrap();
    let through = |name: &str| {
        register.together(|writing| {
            writing.within(Some("fleet"));
            writing.create(&identity(name))
        })
    };
    assert_eq!(through("deployer").unwrap().manifest.as_deref(), Some("fleet"));
    assert!(matches!(through("by-hand"), Err(RegisterError::Taken { .. })));
    let held = register.update(&identity("deployer"), None).unwrap_err();
    assert!(held.to_string().contains("is kept by the manifest `fleet`"), "{held}");
    assert!(matches!(register.delete::<Identity>("deployer", None), Err(RegisterError::InManifest { .. })));
    let other = register.together(|writing| {
        writing.within(Some("other"));
        writing.delete::<Identity>("deployer", None)
    });
    assert!(matches!(other, Err(RegisterError::InManifest { .. })));
    register
        .together(|writing| {
            writing.within(Some("fleet"));
            writing.update(&identity("deployer"), None)?;
            writing.delete::<Identity>("deployer", None)
        })
        .unwrap();
}
