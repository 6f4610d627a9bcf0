//! `nhi register doctor`: is the register well, and if not, what is there to do?

use std::fs;
use std::path::Path;

use clap::Args;
use jiff::{SignedDuration, Timestamp};
use nhi_analyzer_output::plain;
use nhi_register::{Entry, Register, RegisterError, ServerHealth};
use serde_json::json;

use super::which::{Which, failure};
use crate::arguments::Format;
use crate::exit::{Exit, Failure};
use crate::surroundings::Surroundings;

/// Look over a register: can it be opened, is its store whole, does the audit chain verify, can every declaration be
/// read and is everything there that they name?
///
/// Exits with 0 when nothing is wrong, 10 when something is; what is only worth a look changes nothing.
#[derive(Debug, Args)]
#[command(after_help = Exit::HELP)]
pub(crate) struct Doctor {
    #[command(flatten)]
    which: Which,

    /// How to tell it
    #[arg(long, value_enum, default_value_t = Format::Terminal)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Ok,
    Warn,
    Wrong,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Wrong => "wrong",
        }
    }
}

/// One line: what was looked at, how it is, and what to do.
struct Line {
    about: &'static str,
    state: State,
    text: String,
}

fn line(about: &'static str, state: State, text: impl Into<String>) -> Line {
    Line { about, state, text: text.into() }
}

/// Looks at everything, and tells it.
pub(crate) fn run(asked: &Doctor, surroundings: &mut Surroundings<'_>) -> Result<Exit, Failure> {
    // What cannot be meant is no finding.
    asked.which.location()?;
    let mut lines = Vec::new();
    let path = asked.which.path();
    match asked.which.opened() {
        Err(error) => lines.push(line("open", State::Wrong, error.to_string())),
        Ok(register) => {
            lines.push(line(
                "open",
                State::Ok,
                format!("the register at `{}` can be opened", register.place()),
            ));
            look(&register, surroundings.now, &mut lines).map_err(|error| failure(&error))?;
        }
    }
    if let Some(path) = path.filter(|path| path.is_file()) {
        lines.extend(of_file(&path));
    }
    let wrong = lines.iter().any(|line| line.state == State::Wrong);
    let text = match asked.format {
        Format::Terminal => lines.iter().fold(String::new(), |text, line| {
            let told = format!("{:5} {:12} {}", line.state.word(), line.about, line.text);
            text + &plain::line(&told) + "\n"
        }),
        Format::Json => {
            let told: Vec<serde_json::Value> = lines
                .iter()
                .map(|line| json!({ "about": line.about, "state": line.state.word(), "text": line.text }))
                .collect();
            format!("{:#}\n", json!({ "version": 1, "well": !wrong, "lines": told }))
        }
    };
    surroundings.print(text.as_bytes())?;
    Ok(if wrong { Exit::Findings } else { Exit::Pass })
}

/// Things that one line names.
const NAMED: usize = 5;

fn look(register: &Register, now: Timestamp, lines: &mut Vec<Line>) -> Result<(), RegisterError> {
    if let Some(health) = register.file_health()? {
        lines.push(if health.broken.is_empty() {
            line("integrity", State::Ok, "every page and index of the file is whole")
        } else {
            let what = listed(&health.broken);
            line(
                "integrity",
                State::Wrong,
                format!("{what}. Keep the file, and restore the last good backup"),
            )
        });
        lines.push(if health.journal.eq_ignore_ascii_case("wal") {
            line("journal", State::Ok, "the file has a write-ahead log: many read while one writes")
        } else {
            let told = "is written without a write-ahead log, so that readers wait for writers: put a backup of it back \
                        on a file system of this machine";
            line("journal", State::Warn, format!("the file {told} (`{}`)", health.journal))
        });
    }
    if let Some(health) = register.server_health()? {
        lines.extend(of_server(&health));
    }
    let found = register.verify()?;
    let faults: Vec<String> = found.faults.iter().map(ToString::to_string).collect();
    lines.push(if faults.is_empty() {
        line(
            "chain",
            State::Ok,
            format!("{} entries, each as it was written; head {}", found.entries, found.head),
        )
    } else {
        let what = listed(&faults);
        line("chain", State::Wrong, format!("{what}. `nhi register verify` says all; compare with a backup"))
    });
    let seen = register.inspect()?;
    let counts: Vec<String> = seen.counts.iter().map(|(word, count)| format!("{count} {word}")).collect();
    let unreadable: Vec<String> =
        seen.unreadable.iter().map(|(kind, name, problem)| format!("{kind} `{name}`: {problem}")).collect();
    lines.push(if unreadable.is_empty() {
        let counts = if counts.is_empty() { "there is none yet".to_owned() } else { counts.join(", ") };
        line("declarations", State::Ok, format!("each of them can be read: {counts}"))
    } else {
        let what = listed(&unreadable);
        line(
            "declarations",
            State::Wrong,
            format!("{what}. Use the version of nhi that wrote them, or restore a backup"),
        )
    });
    let dangling: Vec<String> = seen
        .dangling
        .iter()
        .map(|((word, name), (other, missing))| format!("{word} `{name}` names {other} `{missing}`"))
        .collect();
    lines.push(if dangling.is_empty() {
        line("references", State::Ok, "everything that they name is there")
    } else {
        let what = listed(&dangling);
        line(
            "references",
            State::Warn,
            format!("{what}, which is not there. Declare it again, or change who names it"),
        )
    });
    let head = register.head()?;
    if let Some(Entry { at, seq, .. }) = register.entry(head.seq)? {
        lines.push(clock(now, &at, seq));
    }
    Ok(())
}

fn of_server(health: &ServerHealth) -> Vec<Line> {
    let ServerHealth { version, role, superuser, tls, privileges } = health;
    let tls = match tls.as_deref() {
        Some("") => {
            let told = "the session is in plain text: leave `sslmode=disable` out, unless the server is on this machine";
            line("tls", State::Warn, told)
        }
        Some(version) => line("tls", State::Ok, format!("the session is protected by {version}")),
        None => line("tls", State::Warn, "the server does not say whether the session is protected"),
    };
    let role_line = match superuser {
        Some(true) => {
            let told = "is a superuser, whom nothing holds back from rewriting the chain: give people and pipelines roles \
                        of their own";
            line("role", State::Warn, format!("`{role}` {told}"))
        }
        _ => line("role", State::Ok, format!("the session is that of `{role}`")),
    };
    let beyond: Vec<&str> = privileges.iter().map(String::as_str).filter(|word| *word != "INSERT").collect();
    let may = match (privileges.is_empty(), beyond.is_empty()) {
        (true, _) => line("privileges", State::Ok, format!("`{role}` may read the audit chain")),
        (false, true) => {
            line("privileges", State::Ok, format!("`{role}` may read and lengthen the audit chain"))
        }
        (false, false) => {
            let told = "on the table `nhi.audit`: take it away (`REVOKE`), and let the owner of the tables be a role that \
                        nobody logs on with";
            line("privileges", State::Warn, format!("`{role}` has {} {told}", beyond.join(", ")))
        }
    };
    vec![line("server", State::Ok, version.clone()), tls, role_line, may]
}

/// How far a clock may be ahead of another.
const APART: SignedDuration = SignedDuration::from_mins(5);

fn clock(now: Timestamp, at: &str, seq: i64) -> Line {
    match at.parse::<Timestamp>() {
        Ok(at) if at.duration_since(now) > APART => {
            let told = format!(
                "the last entry, {seq}, was written at {at}, which is later than this machine's {now}"
            );
            line(
                "clock",
                State::Warn,
                format!("{told}: one of the clocks is wrong, and ends are judged by clocks"),
            )
        }
        Ok(at) => line("clock", State::Ok, format!("the last entry, {seq}, was written at {at}")),
        Err(_) => line("clock", State::Wrong, format!("the time of entry {seq} cannot be read: `{at}`")),
    }
}

/// A log that is larger than this was not taken over for long.
const LOG: u64 = 64 * 1024 * 1024;

fn of_file(path: &Path) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let size = |path: &Path| fs::metadata(path).map(|data| data.len()).unwrap_or_default();
    let (file, log) = (size(path), size(Path::new(&log)));
    lines.push(if log > LOG {
        let told = "some program keeps it open to read, and the log grows until it lets go";
        line(
            "size",
            State::Warn,
            format!("the write-ahead log has {log} bytes beside {file} of the file: {told}"),
        )
    } else {
        line("size", State::Ok, format!("{file} bytes, and {log} in the write-ahead log"))
    });
    lines.extend(permissions(path));
    lines
}

#[cfg(unix)]
fn permissions(path: &Path) -> Option<Line> {
    use std::os::unix::fs::PermissionsExt as _;

    let mode = fs::metadata(path).ok()?.permissions().mode() & 0o777;
    Some(if mode & 0o002 != 0 {
        let told = format!("everybody on this machine may write the file (mode {mode:o})");
        line("permissions", State::Warn, format!("{told}: take that away (`chmod o-w`)"))
    } else {
        line("permissions", State::Ok, format!("mode {mode:o}"))
    })
}

#[cfg(not(unix))]
fn permissions(_path: &Path) -> Option<Line> {
    None
}

/// The first few, and how many more there are.
fn listed(texts: &[String]) -> String {
    let first: Vec<&str> = texts.iter().take(NAMED).map(String::as_str).collect();
    match texts.len().saturating_sub(NAMED) {
        0 => first.join("; "),
        more => format!("{}; and {more} more", first.join("; ")),
    }
}
