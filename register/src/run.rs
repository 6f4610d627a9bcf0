//! Which process wrote something, and whether it is still at work: two processes of one Terraform run must not take
//! each other's objects for ones that were left behind.

use std::fs;

/// A process, so that nobody is mistaken for it: the boot of its machine, its number, when it started, and its parent.
/// `None` where the system does not show processes as files; then only the order of opening and writing tells.
pub(crate) fn of_process() -> Option<String> {
    describe(std::process::id())
}

fn describe(process: u32) -> Option<String> {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let (start, parent) = living(process)?;
    Some(format!("{} {process} {start} {parent}", boot.trim()))
}

/// Is it another process of this machine that lives, and whose parent does? A provider that outlived its Terraform will
/// not answer any more.
pub(crate) fn is_at_work(run: &str) -> bool {
    let process = run.split(' ').nth(1).and_then(|text| text.parse().ok());
    process.is_some_and(|process: u32| {
        process != std::process::id() && describe(process).is_some_and(|living| living == run)
    })
}

/// When a process that has not ended was started, in ticks since the boot, and its parent.
fn living(process: u32) -> Option<(String, String)> {
    let status = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The second field is a name that may hold anything; the last parenthesis ends it.
    let (_, rest) = status.rsplit_once(')')?;
    let mut fields = rest.split_whitespace();
    let (state, parent) = (fields.next()?, fields.next()?);
    let start = fields.nth(17)?;
    (!matches!(state, "Z" | "X" | "x")).then(|| (start.to_owned(), parent.to_owned()))
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn only_another_living_child_of_a_living_parent_is_at_work() {
        let mut other = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
        let run = describe(other.id()).unwrap();
        assert!(is_at_work(&run));
        let (head, _) = run.rsplit_once(' ').unwrap();
        assert!(!is_at_work(&format!("{head} 1")), "its parent is gone");
        assert!(!is_at_work(&run.replacen(' ', "x ", 1)), "another boot");
        assert!(!is_at_work(&of_process().unwrap()), "this process itself");
        other.kill().unwrap();
        other.wait().unwrap();
        assert!(!is_at_work(&run));
        for odd in ["", "x", "a b c d", "a 4294967295 1 1", "a -1 1 1"] {
            assert!(!is_at_work(odd), "{odd:?}");
        }
    }
}
