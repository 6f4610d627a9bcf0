//! Renews every generated text: `cargo run -p nhi-tests --bin generate`.

use std::io::Write;

use anyhow::Result;
use nhi_tests::{generate, repository};

fn main() -> Result<()> {
    let found = generate::renew(&repository::root())?;
    let mut out = std::io::stdout();
    for path in &found.changed {
        writeln!(out, "renewed {}", path.display())?;
    }
    for path in &found.orphaned {
        writeln!(out, "removed {}", path.display())?;
    }
    if found == generate::Stale::default() {
        writeln!(out, "everything is fresh")?;
    }
    Ok(())
}
