//! The committed wire code is what the `.proto` texts say.

use std::fs;
use std::path::Path;

#[test]
fn wire_code_is_fresh() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (path, text) in nhi_tests::generate::wire::wire(&root).unwrap() {
        let committed = fs::read_to_string(root.join(&path)).unwrap_or_default();
        assert!(
            committed == text,
            "`{}` is stale: run `cargo run -p nhi-tests --bin generate`",
            path.display()
        );
    }
}
