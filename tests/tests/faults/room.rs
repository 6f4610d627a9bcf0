//! A disk with no room left: the system refuses the provider's process any file above a size.

use std::process::Command;

use nhi_identity::Owner;
use nhi_tests::client::provider;
use nhi_tests::simulator::Applied;
use serde_json::json;
use tempfile::TempDir;

use crate::{at, config, refusal, whole};

/// Starts a provider that may write no file beyond 2 MiB; the system tells it so instead of ending it.
const LIMITED: &str = "trap '' XFSZ; ulimit -f 4096; exec \"$0\"";

/// More than fit.
const MANY: usize = 10_000;

#[cfg(unix)]
#[test]
fn an_apply_without_room_keeps_nothing_and_says_so() {
    let Some(program) = provider().or_skip("an apply without room").unwrap() else { return };
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite:{}", folder.path().join("register.db").display());
    let mut limited = Command::new("sh");
    limited.args(["-c", LIMITED]).arg(&program);
    let core = at(limited, folder.path(), (&format!("{url}?mode=create"), "platform"));
    let owner = |number: usize| {
        let description = "It takes room. ".repeat(1_000);
        json!({ "name": format!("owner-{number}"), "accountable": ["alice@example.com"],
                "backup": ["bob@example.com"], "description": description })
    };
    let make = |number: usize| {
        let config = config(&core, "nhi_owner", &owner(number));
        let plan = core.plan("nhi_owner", None, &config)?;
        core.apply(&plan, &config).and_then(Applied::whole)
    };
    let (count, told) = (0..MANY)
        .find_map(|number| match make(number) {
            Ok(_) => None,
            refused => Some((number, refusal(refused))),
        })
        .unwrap();
    assert!(told.contains("register.db") && told.contains("room"), "{told}");
    assert!(count > 0, "{told}");
    let register = whole(&url);
    assert_eq!(register.list::<Owner>().unwrap().len(), count);
    drop(core);

    // There is room again: the same change is made.
    let core = at(Command::new(&program), folder.path(), (&url, "platform"));
    core.bring("nhi_owner", None, &config(&core, "nhi_owner", &owner(count))).unwrap();
    assert_eq!(whole(&url).list::<Owner>().unwrap().len(), count + 1);
}
