//! The audit chain: what somebody did past the register is found, with its place.

use nhi_identity::Owner;
use nhi_register::Fault;

use crate::sample::{described, owner};
use crate::stand::Stand;

pub(crate) fn tampering_is_found_and_placed(stand: &Stand) {
    let declaration = |name: &str| Fault::Declaration { object: "owner".into(), name: name.into() };
    let mut number = 0;
    // Each case has an organisation of its own, and spoils nothing but that.
    let mut check = |sql: &str, expected: &[Fault]| {
        number += 1;
        let organisation = format!("case-{number}");
        let register = stand.open_in(&organisation, "platform");
        for name in ["a", "b", "c"] {
            register.create(&described(name, "first")).unwrap();
        }
        register.update(&described("b", "second"), None).unwrap();
        register.delete::<Owner>("c", None).unwrap();
        assert_eq!(register.verify().unwrap().faults, []);
        let only = format!("WHERE organisation = '{organisation}' AND ");
        stand.tamper(&sql.replace("WHERE ", &only));
        assert_eq!(register.verify().unwrap().faults, expected, "{sql}");
    };
    // Entries: 1 found, 2 create a, 3 create b, 4 create c, 5 update b, 6 delete c.
    check("UPDATE audit SET actor = 'mallory' WHERE seq = 3", &[Fault::Edited(3)]);
    check("UPDATE audit SET before = NULL WHERE seq = 5", &[Fault::Edited(5)]);
    check("UPDATE audit SET source = actor || source, actor = '' WHERE seq = 2", &[Fault::Edited(2)]);
    check("DELETE FROM audit WHERE seq IN (3, 4)", &[Fault::Missing(3, 4)]);
    check("DELETE FROM audit WHERE seq = 1", &[Fault::Missing(1, 1)]);
    check("DELETE FROM audit WHERE seq >= 5", &[Fault::Shortened(4, 6), declaration("b"), declaration("c")]);
    check(
        "UPDATE audit SET seq = seq + 100 WHERE seq IN (3, 4); UPDATE audit SET seq = 107 - seq WHERE seq > 100",
        &[Fault::Unlinked(3), Fault::Edited(3), Fault::Unlinked(4), Fault::Edited(4), Fault::Unlinked(5)],
    );
    check("UPDATE declaration SET workspace = 'other' WHERE name = 'a'", &[declaration("a")]);
    check(
        "UPDATE declaration SET body = replace(body, 'second', 'third') WHERE name = 'b'",
        &[declaration("b")],
    );
    check("DELETE FROM declaration WHERE name = 'a'", &[declaration("a")]);
}

pub(crate) fn a_chain_is_read_in_pages(stand: &Stand) {
    let register = stand.open("platform");
    for number in 0..9 {
        register.create(&owner(&format!("owner-{number}"))).unwrap();
    }
    let mut read = Vec::new();
    loop {
        let after = read.last().map_or(0, |entry: &nhi_register::Entry| entry.seq);
        let page = register.entries_after(after, 4).unwrap();
        if page.is_empty() {
            break;
        }
        assert!(page.len() <= 4);
        read.extend(page);
    }
    assert_eq!(read, register.audit_log().unwrap());
    let head = register.head().unwrap();
    assert_eq!(read.last().map(|entry| (entry.seq, entry.hash.clone())), Some((head.seq, head.hash)));
    let about = register.entries_about("owner", "owner-3").unwrap();
    assert_eq!(about.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [5]);
}

pub(crate) fn a_damaged_declaration_is_told_by_name(stand: &Stand) {
    let register = stand.open("platform");
    register.create(&owner("a")).unwrap();
    stand.tamper("UPDATE declaration SET body = replace(body, 'bob@', 'alice@')");
    let told = register.get::<Owner>("a").unwrap_err().to_string();
    assert!(
        told.contains("nhi_owner `a` cannot be read: backup: `alice@example.com` is accountable already"),
        "{told}"
    );
    assert_eq!(register.list::<Owner>().unwrap_err().to_string(), told);
}
