//! The arrows of the room table against the manifests.

use std::collections::BTreeSet;

use cargo_metadata::{DependencyKind, MetadataCommand, Package};
use nhi_tests::repository::root;

use super::table::{Room, Uses, rooms};

fn packages() -> Vec<Package> {
    let metadata = MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .expect("cargo metadata answers");
    metadata.packages
}

/// What the table calls a crate: its folder's last part, which is also what people call it.
fn short(crates: &[Room], name: &str) -> Option<String> {
    let room = crates.iter().find(|room| room.name == name)?;
    room.folder.rsplit('/').next().map(str::to_owned)
}

fn arrows(package: &Package, kind: DependencyKind, table: &[Room]) -> BTreeSet<String> {
    let of_kind = package.dependencies.iter().filter(|dependency| dependency.kind == kind);
    of_kind.filter_map(|dependency| short(table, &dependency.name)).collect()
}

fn compare(what: &str, room: &Room, allowed: &Uses, found: &BTreeSet<String>) -> Option<String> {
    let Uses::Only(allowed) = allowed else { return None };
    (allowed != found).then(|| {
        format!("`{}` {what}: ARCHITECTURE.md says {allowed:?}, its manifest says {found:?}", room.folder)
    })
}

#[test]
fn manifests_have_the_arrows_of_the_table_and_no_others() {
    let table = rooms();
    let packages = packages();
    let mut wrong = Vec::new();
    for room in &table {
        let Some(package) = packages.iter().find(|package| *package.name == *room.name) else {
            wrong.push(format!("`{}` is in the table and not in the workspace", room.name));
            continue;
        };
        let folder = package.manifest_path.parent().expect("a manifest lies in a folder");
        if folder.as_std_path() != root().join(&room.folder) {
            wrong.push(format!("`{}` lies in `{folder}`, the table says `{}/`", room.name, room.folder));
        }
        let normal = arrows(package, DependencyKind::Normal, &table);
        wrong.extend(compare("may use", room, &room.uses, &normal));
        let mut in_tests = arrows(package, DependencyKind::Development, &table);
        in_tests.retain(|name| !normal.contains(name));
        wrong.extend(compare("in tests also", room, &room.tests_use, &in_tests));
    }
    for package in &packages {
        if !table.iter().any(|room| *package.name == *room.name) {
            wrong.push(format!("`{}` is in the workspace and not in the table", package.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_arrow_points_down_the_table() {
    let table = rooms();
    for (index, room) in table.iter().enumerate() {
        let Uses::Only(uses) = &room.uses else { continue };
        for name in uses {
            let above = table.iter().take(index).any(|other| other.folder.rsplit('/').next() == Some(name));
            assert!(above, "`{}` uses `{name}`, which does not stand above it in the table", room.folder);
        }
    }
}
