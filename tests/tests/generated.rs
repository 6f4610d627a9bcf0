//! What is committed is what the generator would make.

use nhi_tests::generate::{Stale, all, stale};
use nhi_tests::repository::root;

#[test]
fn every_generated_text_is_fresh() {
    let root = root();
    let found = stale(&root, &all(&root).unwrap()).unwrap();
    assert_eq!(found, Stale::default(), "renew them: cargo run -p nhi-tests --bin generate");
}
