//! The table of rooms, read from ARCHITECTURE.md.

use std::collections::BTreeSet;

/// One line of the table.
#[derive(Debug)]
pub(super) struct Room {
    pub(super) folder: String,
    pub(super) name: String,
    pub(super) uses: Uses,
    pub(super) tests_use: Uses,
}

/// What a column of arrows allows.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Uses {
    Any,
    /// The short names as written: `access`, not `nhi-access`.
    Only(BTreeSet<String>),
}

/// Every room, in the order of the page.
pub(super) fn rooms() -> Vec<Room> {
    let page = nhi_tests::repository::text("ARCHITECTURE.md").unwrap().unwrap();
    let rooms: Vec<Room> = page.lines().filter_map(room).collect();
    assert!(rooms.len() > 5, "the table of rooms in ARCHITECTURE.md was not recognised: {rooms:?}");
    rooms
}

fn room(line: &str) -> Option<Room> {
    let cells: Vec<&str> = line.strip_prefix('|')?.strip_suffix('|')?.split('|').map(str::trim).collect();
    let [folder, name, _, uses, tests_use] = cells.as_slice() else { return None };
    let folder = folder.strip_prefix('`')?.strip_suffix("/`")?;
    let name = name.strip_prefix('`')?.strip_suffix('`')?;
    Some(Room {
        folder: folder.to_owned(),
        name: name.to_owned(),
        uses: column(uses),
        tests_use: column(tests_use),
    })
}

fn column(cell: &str) -> Uses {
    match cell {
        "any" => Uses::Any,
        "–" => Uses::Only(BTreeSet::new()),
        list => Uses::Only(list.split(',').map(|name| name.trim().to_owned()).collect()),
    }
}

#[test]
fn a_line_of_the_table_becomes_a_room() {
    let room = room("| `analyzer/rules/` | `nhi-analyzer-rules` | What. | model, access | – |").unwrap();
    assert_eq!(room.folder, "analyzer/rules");
    assert_eq!(room.name, "nhi-analyzer-rules");
    assert_eq!(room.uses, Uses::Only(["access", "model"].map(str::to_owned).into()));
    assert_eq!(room.tests_use, Uses::Only(BTreeSet::new()));
}
