//! A server that is restarted, or goes away, between a plan and its apply and in the midst of an apply.

use std::process::Command;

use nhi_register::Action;
use nhi_tests::client::provider;
use nhi_tests::simulator::{Applied, Core};

use crate::postgres::Postgres;
use crate::{at, config, refusal, robot, team, whole};

/// When the server goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Going {
    /// After the plan, before the apply.
    BeforeTheApply,
    /// When the apply has begun, and before it has written anything.
    AtTheLock,
    /// When the entry of the chain is written, and before the declaration is.
    BetweenTheWrites,
}

/// When it comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coming {
    AtOnce,
    /// When the provider has given up.
    Late,
}

const CASES: [(Going, Coming); 5] = [
    (Going::BeforeTheApply, Coming::AtOnce),
    (Going::AtTheLock, Coming::AtOnce),
    (Going::BetweenTheWrites, Coming::AtOnce),
    (Going::BeforeTheApply, Coming::Late),
    (Going::BetweenTheWrites, Coming::Late),
];

/// What somebody else holds so that the apply stops there.
fn obstacle(going: Going) -> Option<&'static str> {
    match going {
        Going::BeforeTheApply => None,
        Going::AtTheLock => Some("UPDATE nhi.organisation SET seq = seq"),
        Going::BetweenTheWrites => Some(
            "INSERT INTO nhi.declaration (organisation, kind, name, workspace, body, since, version) \
             VALUES ('default', 'identity', 'robot', 'x', '{}', 1, 1)",
        ),
    }
}

#[test]
fn a_server_that_goes_away_in_mid_apply_leaves_all_or_nothing() {
    let test = "a server that goes away in mid-apply";
    let Some(program) = provider().or_skip(test).unwrap() else { return };
    let Some(server) = Postgres::start(test) else { return };
    for (going, coming) in CASES {
        let case = format!("{going:?}, {coming:?}");
        let database = server.database();
        let url = server.location("nhi", &database);
        let folder = tempfile::TempDir::new().unwrap();
        let core = at(Command::new(&program), folder.path(), (&format!("{url}&mode=create"), "platform"));
        core.bring("nhi_owner", None, &config(&core, "nhi_owner", &team())).unwrap();
        let robot = config(&core, "nhi_identity", &robot("robot", "arn:aws:iam::111122223333:role/robot"));
        let plan = core.plan("nhi_identity", None, &robot).unwrap();

        let held = obstacle(going).map(|sql| server.hold(&database, sql));
        let applied = std::thread::scope(|scope| {
            let go = || {
                if held.is_some() {
                    server.until_waiting("nhi");
                }
                match coming {
                    Coming::AtOnce => server.restart(),
                    Coming::Late => server.stop(),
                }
            };
            if held.is_some() {
                scope.spawn(go);
            } else {
                go();
            }
            core.apply(&plan, &robot).and_then(Applied::whole)
        });
        drop(held);
        match coming {
            Coming::AtOnce => assert!(applied.as_ref().is_ok_and(Option::is_some), "{case}: {applied:?}"),
            Coming::Late => {
                let told = refusal(applied);
                assert!(told.contains(&database), "{case} says where: {told}");
                server.restart();
                assert_eq!(entries(&url, "robot"), [""; 0], "{case}: nothing of it is kept");
                core.bring("nhi_identity", None, &robot).unwrap();
            }
        }
        made_once(&core, &url, &case);
    }
}

/// What was done to an identity, in order.
fn entries(url: &str, name: &str) -> Vec<String> {
    let entries = whole(url).entries_about("identity", name).unwrap();
    entries.into_iter().map(|entry| entry.action).collect()
}

/// It was created, and only once; another object can be made and removed beside it.
fn made_once(core: &Core, url: &str, case: &str) {
    let done = entries(url, "robot");
    let creates = done.iter().filter(|action| **action == Action::Create.word()).count();
    assert_eq!((creates, done.first().map(String::as_str)), (1, Some("create")), "{case}: {done:?}");
    let other = config(core, "nhi_identity", &robot("other", "arn:aws:iam::111122223333:role/other"));
    let made = core.bring("nhi_identity", None, &other).unwrap();
    core.end("nhi_identity", &made.instance).unwrap();
}
