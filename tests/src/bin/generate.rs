//! Renews every generated text: `cargo run -p nhi-tests --bin generate`.

use std::io::Write;

use anyhow::Result;
use nhi_tests::generate::{self, Stale, registry};
use nhi_tests::repository;

fn main() -> Result<()> {
    let root = repository::root();
    let own = generate::renew(&root, &generate::own(&root)?)?;
    let pages = generate::renew(&root, &generate::pages(&root, &registry::tool(&root)?)?)?;
    let mut out = std::io::stdout();
    for found in [&own, &pages] {
        for path in &found.changed {
            writeln!(out, "renewed {}", path.display())?;
        }
        for path in &found.orphaned {
            writeln!(out, "removed {}", path.display())?;
        }
    }
    if own == Stale::default() && pages == Stale::default() {
        writeln!(out, "everything is fresh")?;
    }
    Ok(())
}
