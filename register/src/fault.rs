//! Points at which a test may have this process killed: before each statement that writes, and on both sides of each commit.
//!
//! `NHI_FAULT_AT=N` kills the process (SIGKILL, where the system has that) at the N-th point that it reaches; nothing is
//! flushed and nobody is told. Only builds for development have the points; a release does not read the variable.

use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// The variable that says at which point.
pub const VARIABLE: &str = "NHI_FAULT_AT";

static REACHED: AtomicU64 = AtomicU64::new(0);

/// The point that was asked for.
static ASKED: OnceLock<Option<u64>> = OnceLock::new();

/// A point is reached: here the process ends, if it is the one that was asked for.
pub fn point() {
    if !cfg!(debug_assertions) {
        return;
    }
    let number = REACHED.fetch_add(1, Ordering::Relaxed) + 1;
    let asked = ASKED.get_or_init(|| std::env::var(VARIABLE).ok()?.parse().ok());
    if *asked == Some(number) {
        end();
    }
}

/// How many points this process has reached.
pub fn reached() -> u64 {
    REACHED.load(Ordering::Relaxed)
}

/// Ends the process as `kill -9` does.
fn end() -> ! {
    let mut kill = Command::new("kill");
    kill.args(["-9", &std::process::id().to_string()]).stdin(Stdio::null()).stdout(Stdio::null());
    if kill.stderr(Stdio::null()).status().is_ok_and(|status| status.success()) {
        // The signal is on its way, and nothing may happen until it arrives.
        loop {
            std::thread::park();
        }
    }
    std::process::abort()
}
