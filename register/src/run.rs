//! Which process wrote something, and whether it is still at work or has answered: two processes of one Terraform run
//! must not take each other's objects for ones that were left behind.

use std::fs;
use std::time::Duration;

use nhi_identity::Timestamp;

use crate::error::RegisterError;
use crate::store::Transaction;

/// How long a process that leaves waits for the others: its host gives it 100 milliseconds to be gone.
pub(crate) const PARTING: Duration = Duration::from_millis(50);

/// This process at an open register.
#[derive(Debug)]
pub(crate) struct Run {
    /// A process, so that nobody is mistaken for it: the boot of its machine, its number, when it started, its parent and
    /// when that started. `None` where the system does not show processes as files; then only the order of opening and
    /// writing tells.
    mark: Option<String>,
    /// The last entry of the chain when the register was opened: what is older was left by an earlier run.
    pub(crate) opened_at: i64,
}

impl Run {
    pub(crate) fn of_process(opened_at: i64) -> Self {
        Self { mark: describe(std::process::id()), opened_at }
    }

    pub(crate) fn mark(&self) -> Option<&str> {
        self.mark.as_deref()
    }

    /// Notes that it gave all its answers.
    pub(crate) fn answered(&self, transaction: &mut Transaction<'_>) -> Result<(), RegisterError> {
        let Some(mark) = self.mark() else { return Ok(()) };
        transaction.execute(
            "INSERT INTO run (id, seen, answered) VALUES (?1, ?2, 1) ON CONFLICT (id) DO UPDATE SET answered = 1",
            &[mark.into(), Timestamp::now().as_second().into()],
        )?;
        Ok(())
    }
}

fn describe(process: u32) -> Option<String> {
    let boot = boot()?;
    let (start, parent) = living(process)?;
    // The parent may be out of sight, in a container for one.
    let begun = parent.parse().ok().and_then(living).map_or_else(|| "-".to_owned(), |(start, _)| start);
    Some(format!("{boot} {process} {start} {parent} {begun}"))
}

fn boot() -> Option<String> {
    Some(fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?.trim().to_owned())
}

/// Is what it made claimed by a run that still lasts?
pub(crate) fn is_claimed(transaction: &mut Transaction<'_>, mark: &str) -> Result<bool, RegisterError> {
    if is_at_work(mark) {
        return Ok(true);
    }
    let answered = transaction.row("SELECT answered FROM run WHERE id = ?1", &[mark.into()])?;
    let answered = answered.map(|mut row| row.integer()).transpose()? == Some(1);
    Ok(answered && has_living_host(mark))
}

/// Is the host of that process still at work? If it gave all its answers, what it made was not left behind, even if it
/// has ended: one Terraform run may end one provider process before it starts the next.
fn has_living_host(mark: &str) -> bool {
    let parts: Vec<_> = mark.split(' ').collect();
    let (Some(boot), [known, _, _, parent, begun]) = (boot(), parts.as_slice()) else { return false };
    boot == *known && parent.parse().ok().and_then(living).is_some_and(|(start, _)| start == *begun)
}

/// Is it another process of this machine that lives, and whose parent does? A provider that outlived its Terraform will
/// not answer any more.
fn is_at_work(run: &str) -> bool {
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
        let head: Vec<_> = run.split(' ').take(3).collect();
        assert!(!is_at_work(&format!("{} 1 1", head.join(" "))), "its parent is gone");
        assert!(!is_at_work(&run.replacen(' ', "x ", 1)), "another boot");
        assert!(!is_at_work(&describe(std::process::id()).unwrap()), "this process itself");
        other.kill().unwrap();
        other.wait().unwrap();
        assert!(!is_at_work(&run));
        for odd in ["", "x", "a b c d", "a 4294967295 1 1", "a -1 1 1"] {
            assert!(!is_at_work(odd), "{odd:?}");
        }
    }

    #[test]
    fn a_host_is_known_by_its_boot_its_number_and_its_start() {
        let run = describe(std::process::id()).unwrap();
        let check = |run: &str, expected: bool| assert_eq!(has_living_host(run), expected, "{run}");
        check(&run, true);
        check(&format!("x{run}"), false);
        check(&format!("{run}0"), false);
        let (head, _) = run.rsplit_once(' ').unwrap();
        for odd in [head, &format!("{head} -"), "", "a b c d e"] {
            check(odd, false);
        }
    }
}
