//! Every generated text that is committed is what its source says.

use std::fs;

use nhi_tests::generate::everything;
use nhi_tests::repository::root;

#[test]
fn generated_texts_are_fresh() {
    let root = root();
    let stale: Vec<String> = everything(&root)
        .unwrap()
        .into_iter()
        .filter(|(path, text)| fs::read_to_string(root.join(path)).unwrap_or_default() != *text)
        .map(|(path, _)| path.display().to_string())
        .collect();
    assert!(stale.is_empty(), "stale: {}. Run `cargo run -p nhi-tests --bin generate`", stale.join(", "));
}
