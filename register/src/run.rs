//! Which process wrote something, and whether it is still at work or has answered: two processes of one Terraform run
//! must not take each other's objects for ones that were left behind.
//!
//! Of its own machine a process sees whether another one lives. Of other machines (another boot, or another set of process
//! numbers, as containers have) it sees nothing, so on a server a run that created something shows every ten seconds that
//! it is at work, by the server's clock, and counts as ended only after [`SILENCE`]. A file belongs to one machine: there a
//! process that cannot be seen has ended.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nhi_identity::Timestamp;

use crate::error::RegisterError;
use crate::store::{Dialect, Transaction};

/// After so many seconds without a sign, a run on another machine counts as ended.
pub(crate) const SILENCE: i64 = 60;

/// After so many seconds nobody asks for a run any more.
const FORGOTTEN: i64 = 30 * 24 * 60 * 60;

/// How long a process that leaves waits for the others: its host gives it 100 milliseconds to be gone.
pub(crate) const PARTING: Duration = Duration::from_millis(50);

/// This process at an open register.
#[derive(Debug)]
pub(crate) struct Run {
    /// A process, so that nobody is mistaken for it: its machine, its number, when it started, its parent and when that
    /// started. Where the system does not show processes as files, a server gets a word that nobody else has, and for a
    /// file there is `None`: then only the order of opening and writing tells.
    mark: Option<String>,
    /// The last entry of the chain when the register was opened: what is older was left by an earlier run.
    pub(crate) opened_at: i64,
    /// Whether others on a server were told of it.
    announced: AtomicBool,
}

impl Run {
    pub(crate) fn of_process(opened_at: i64, dialect: Dialect) -> Self {
        let unseen = || (dialect == Dialect::Postgres).then(|| format!("unseen {}", uuid::Uuid::new_v4()));
        Self {
            mark: describe(std::process::id()).or_else(unseen),
            opened_at,
            announced: AtomicBool::new(false),
        }
    }

    pub(crate) fn mark(&self) -> Option<&str> {
        self.mark.as_deref()
    }

    pub(crate) fn is_unannounced(&self) -> bool {
        !self.announced.load(Ordering::Relaxed)
    }

    /// Notes that what told others of it was kept.
    pub(crate) fn was_announced(&self) {
        self.announced.store(true, Ordering::Relaxed);
    }

    /// Notes that it gave all its answers.
    pub(crate) fn answered(&self, transaction: &mut Transaction<'_>) -> Result<(), RegisterError> {
        let Some(mark) = self.mark() else { return Ok(()) };
        note(transaction, (mark, 1))
    }
}

/// Shows that a run is at work.
pub(crate) fn show(transaction: &mut Transaction<'_>, mark: &str) -> Result<(), RegisterError> {
    note(transaction, (mark, 0))
}

fn note(transaction: &mut Transaction<'_>, (mark, answered): (&str, i64)) -> Result<(), RegisterError> {
    let now = time(transaction)?;
    transaction.execute("DELETE FROM run WHERE seen < ?1", &[(now - FORGOTTEN).into()])?;
    transaction.execute(
        "INSERT INTO run (id, seen, answered) VALUES (?1, ?2, ?3) \
         ON CONFLICT (id) DO UPDATE SET seen = excluded.seen, answered = excluded.answered",
        &[mark.into(), now.into(), answered.into()],
    )?;
    Ok(())
}

/// The seconds since 1970 by the clock that all who write share: the machine's for a file, the server's for a server.
fn time(transaction: &mut Transaction<'_>) -> Result<i64, RegisterError> {
    match transaction.dialect() {
        Dialect::Sqlite => Ok(Timestamp::now().as_second()),
        Dialect::Postgres => {
            let sql = "SELECT CAST(floor(extract(epoch FROM statement_timestamp())) AS BIGINT)";
            transaction.row(sql, &[])?.map_or(Ok(0), |mut row| row.integer())
        }
    }
}

fn describe(process: u32) -> Option<String> {
    let machine = machine()?;
    let (start, parent) = living(process)?;
    // The parent may be out of sight, in a container for one.
    let begun = parent.parse().ok().and_then(living).map_or_else(|| "-".to_owned(), |(start, _)| start);
    Some(format!("{machine} {process} {start} {parent} {begun}"))
}

/// The boot of this machine, and whose process numbers we see.
fn machine() -> Option<String> {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let numbers = fs::read_link("/proc/self/ns/pid").ok()?;
    Some(format!("{}/{}", boot.trim(), numbers.display()))
}

/// What is known of the run that made something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Claim {
    /// It still lasts.
    Held,
    /// It has ended.
    Ended,
    /// It is on another machine, and showed itself so many seconds ago.
    Seen(i64),
}

/// What is known of the run with this mark?
pub(crate) fn claim(transaction: &mut Transaction<'_>, mark: &str) -> Result<Claim, RegisterError> {
    if is_at_work(mark) {
        return Ok(Claim::Held);
    }
    let known = transaction.row("SELECT seen, answered FROM run WHERE id = ?1", &[mark.into()])?;
    let Some(mut row) = known else { return Ok(Claim::Ended) };
    let (seen, answered) = (row.integer()?, row.integer()? == 1);
    let here = machine().is_some_and(|machine| mark.split(' ').next() == Some(machine.as_str()));
    if here {
        return Ok(if answered && has_living_host(mark) { Claim::Held } else { Claim::Ended });
    }
    if transaction.dialect() == Dialect::Sqlite {
        return Ok(Claim::Ended);
    }
    let silence = time(transaction)? - seen;
    Ok(if silence < SILENCE { Claim::Seen(silence.max(0)) } else { Claim::Ended })
}

/// Is the host of that process still at work? If it gave all its answers, what it made was not left behind, even if it
/// has ended: one Terraform run may end one provider process before it starts the next.
fn has_living_host(mark: &str) -> bool {
    let parts: Vec<_> = mark.split(' ').collect();
    let (Some(machine), [known, _, _, parent, begun]) = (machine(), parts.as_slice()) else { return false };
    machine == *known && parent.parse().ok().and_then(living).is_some_and(|(start, _)| start == *begun)
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
