//! Two workspaces, each with a provider of its own, that declare the same principal at the same moment.

use std::path::Path;
use std::process::Command;
use std::sync::Barrier;

use nhi_identity::Identity;
use nhi_register::{Filter, Page};
use nhi_tests::client::provider;
use nhi_tests::simulator::{Applied, Instance, Trouble};
use tempfile::TempDir;

use crate::postgres::Postgres;
use crate::{at, config, refusal, robot, team, whole};

const ROUNDS: usize = 8;

const WORKSPACES: [&str; 2] = ["shop", "bank"];

type Answer = Result<Option<Instance>, Trouble>;

/// All rounds of one workspace: planned by both before either applies.
fn rounds(program: &Path, url: &str, (workspace, gate): (&str, &Barrier)) -> Vec<Answer> {
    let folder = TempDir::new().unwrap();
    let core = at(Command::new(program), folder.path(), (url, workspace));
    let round = |round| {
        let robot = robot(&format!("{workspace}-{round}"), &principal(round));
        let robot = config(&core, "nhi_identity", &robot);
        let plan = core.plan("nhi_identity", None, &robot).unwrap();
        gate.wait();
        let answer = core.apply(&plan, &robot).and_then(Applied::whole);
        gate.wait();
        answer
    };
    (0..ROUNDS).map(round).collect()
}

fn principal(round: usize) -> String {
    format!("arn:aws:iam::111122223333:role/round-{round}")
}

fn one_workspace_gets_it(program: &Path, (url, creating): (&str, &str)) {
    let folder = TempDir::new().unwrap();
    let core = at(Command::new(program), folder.path(), (creating, "platform"));
    core.bring("nhi_owner", None, &config(&core, "nhi_owner", &team())).unwrap();
    let gate = Barrier::new(WORKSPACES.len());
    let [shop, bank] = std::thread::scope(|scope| {
        let run = |workspace| {
            let gate = &gate;
            scope.spawn(move || rounds(program, url, (workspace, gate)))
        };
        WORKSPACES.map(run).map(|rounds| rounds.join().unwrap())
    });
    let register = whole(url);
    for (round, answers) in shop.into_iter().zip(bank).enumerate() {
        let (winner, lost) = match answers {
            (Ok(Some(_)), lost) => (WORKSPACES[0], lost),
            (lost, Ok(Some(_))) => (WORKSPACES[1], lost),
            neither => panic!("round {round}: nobody gets it: {neither:?}"),
        };
        let told = refusal(lost);
        assert!(told.contains("`principal`") && told.contains(winner), "round {round}: {told}");
        let filter = Filter { principal: Some(principal(round)), ..Filter::default() };
        let kept = register.find::<Identity>(&filter, Page::first(10)).unwrap();
        let names: Vec<_> = kept.iter().map(|kept| kept.declaration.name.to_string()).collect();
        assert_eq!(names, [format!("{winner}-{round}")]);
    }
}

#[test]
fn one_of_two_workspaces_gets_a_principal_in_a_file() {
    let Some(program) = provider().or_skip("two workspaces race for a principal in a file").unwrap() else {
        return;
    };
    let folder = TempDir::new().unwrap();
    let url = format!("sqlite:{}", folder.path().join("register.db").display());
    one_workspace_gets_it(&program, (&url, &format!("{url}?mode=create")));
}

#[test]
fn one_of_two_workspaces_gets_a_principal_on_a_server() {
    let test = "two workspaces race for a principal on a server";
    let Some(program) = provider().or_skip(test).unwrap() else { return };
    let Some(server) = Postgres::shared(test) else { return };
    let url = server.location("nhi", &server.database());
    one_workspace_gets_it(&program, (&url, &format!("{url}&mode=create")));
}
