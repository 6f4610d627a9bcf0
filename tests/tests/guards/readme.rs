//! The report in the README is what the command prints.

use std::process::Command;

use nhi_tests::client::nhi;
use nhi_tests::process::run;
use nhi_tests::repository::{root, text};

/// Stands in the README where lines of the report are left out.
const LEFT_OUT: &str = "…";

#[test]
fn the_readme_shows_the_report_of_the_example() {
    let Some(nhi) = nhi().or_skip("the report in the README").unwrap() else { return };
    let readme = text("README.md").unwrap().unwrap();
    let shown = readme.split("```text\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let check = run(Command::new(nhi).args(["check", "examples/pull-request/plan.json"]).current_dir(root()));
    let told = check.unwrap().ended_with(10).unwrap().stdout;
    let mut lines = told.lines();
    for line in shown.lines().filter(|line| line.trim() != LEFT_OUT) {
        assert!(
            lines.any(|one| one == line),
            "the README shows, the report does not (in this order):\n{line}"
        );
    }
}
