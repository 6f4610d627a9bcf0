//! An apply whose provider is killed is made whole or not at all, and the next run gets to its end.

use nhi_tests::client::provider;
use nhi_tests::crash::run;

#[test]
fn a_killed_apply_leaves_all_or_nothing_and_the_next_one_succeeds() {
    let Some(program) = provider().or_skip("providers killed in an apply").unwrap() else { return };
    let tally = run(&program, 50, 3);
    assert!(tally.wrong.is_empty(), "{tally}");
    assert_eq!(tally.whole + tally.nothing, 50, "{tally}");
    assert!(tally.whole > 0 && tally.nothing > 0, "{tally}");
}
