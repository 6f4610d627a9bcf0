//! Renews every generated text of the repository: `cargo run -p nhi-tests --bin generate`.

use std::fs;

use anyhow::{Context, Result};
use nhi_tests::generate::everything;
use nhi_tests::repository::root;

fn main() -> Result<()> {
    let root = root();
    for (path, text) in everything(&root)? {
        let place = root.join(&path);
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&place, text).with_context(|| format!("cannot write `{}`", path.display()))?;
    }
    Ok(())
}
