//! A register with many identities: how long a point read and a filtered page take, and how many identities four processes
//! insert a second, each with its audit entry; beside the same work on a bare table in the same run.
//!
//!     cargo bench -p nhi-register --bench scale
//!     NHI_SCALE=1000000 cargo bench -p nhi-register --bench scale
//!
//! `NHI_SCALE` is the number of identities. The same is asked of PostgreSQL where a server is installed; one store alone is
//! measured with `NHI_SCALE_STORE=sqlite` or `NHI_SCALE_STORE=postgresql`. Both keep what was committed as they do by
//! default: the file with `synchronous = NORMAL`, the server with `fsync` and `synchronous_commit` on.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement prints, and a failure ends it")]

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use nhi_identity::{
    EndDraft, ExceptionDraft, FederationEntryDraft, Field, IdentityDraft, OwnerDraft, PermitsDraft, ZoneDraft,
};
use nhi_identity::{Exception, Identity};
use nhi_register::{Actor, Clock, Filter, Location, Page, Register, Session};
use rusqlite::Connection;
use tempfile::TempDir;

#[expect(unreachable_pub, dead_code, reason = "the tests share this file and use all of it")]
#[path = "../../tests/src/postgres.rs"]
mod postgres;

/// How many processes insert at once, and how many identities each.
const WRITERS: usize = 4;
const EACH: usize = 2_500;

/// How many reads a median is taken of.
const READS: usize = 2_000;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(place) = arguments.iter().position(|argument| argument == "--write") {
        write(arguments.get(place + 1).unwrap(), arguments.get(place + 2).unwrap());
        return;
    }
    let scale = std::env::var("NHI_SCALE").ok().and_then(|text| text.parse().ok()).unwrap_or(20_000);
    let asked = std::env::var("NHI_SCALE_STORE").ok();
    let is_asked = |store: &str| asked.as_deref().is_none_or(|asked| asked == store);
    if is_asked("sqlite") {
        let folder = TempDir::new().unwrap();
        let bare = bare_file(&folder.path().join("bare.db"), scale);
        let url = format!("sqlite:{}", folder.path().join("register.db").display());
        measure("SQLite", &url, &format!("{url}?mode=create"), scale, &bare);
    }
    if is_asked("postgresql")
        && let Some(server) = postgres::Postgres::start("the scale of a register")
    {
        server.sql("postgres", "ALTER SYSTEM SET fsync = on");
        server.restart();
        let database = server.database();
        let url = server.location("nhi", &database);
        let bare = bare_server(&server, &database, scale);
        measure("PostgreSQL", &url, &format!("{url}&mode=create"), scale, &bare);
    }
}

/// What a bare table of the same store does.
struct Bare {
    read: Duration,
    inserts: f64,
}

impl Bare {
    fn told(self, title: &str) -> Self {
        println!(
            "{title}, a bare table: point read {:.1} µs, insert in a transaction of its own {:.0}/s from one process",
            micros(self.read),
            self.inserts
        );
        self
    }
}

fn bare_file(path: &Path, scale: usize) -> Bare {
    let mut connection = Connection::open(path).unwrap();
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE t (name TEXT PRIMARY KEY, body TEXT) WITHOUT ROWID").unwrap();
    let body = "x".repeat(400);
    let transaction = connection.transaction().unwrap();
    for index in 0..scale {
        transaction.execute("INSERT INTO t VALUES (?1, ?2)", (name(index), &body)).unwrap();
    }
    transaction.commit().unwrap();
    let read = median((0..READS).map(|index| {
        let name = name(spread(index, scale));
        timed(|| {
            let mut statement = connection.prepare_cached("SELECT body FROM t WHERE name = ?1").unwrap();
            assert_eq!(statement.query_row([&name], |row| row.get::<_, String>(0)).unwrap(), body);
        })
    }));
    let begun = Instant::now();
    for index in 0..EACH {
        connection.execute("INSERT INTO t VALUES (?1, ?2)", (format!("new-{index}"), &body)).unwrap();
    }
    Bare { read, inserts: rate(EACH, begun.elapsed()) }.told("SQLite")
}

fn bare_server(server: &postgres::Postgres, database: &str, scale: usize) -> Bare {
    let folder = server.folder().display();
    let parameters = format!("host={folder} port={} user=nhi dbname={database}", server.port());
    let mut client = ::postgres::Client::connect(&parameters, ::postgres::NoTls).unwrap();
    client.batch_execute("CREATE TABLE t (name TEXT PRIMARY KEY, body TEXT)").unwrap();
    let body = "x".repeat(400);
    let insert = client.prepare("INSERT INTO t VALUES ($1, $2)").unwrap();
    let mut transaction = client.transaction().unwrap();
    for index in 0..scale {
        transaction.execute(&insert, &[&name(index), &body]).unwrap();
    }
    transaction.commit().unwrap();
    let select = client.prepare("SELECT body FROM t WHERE name = $1").unwrap();
    let read = median((0..READS).map(|index| {
        let name = name(spread(index, scale));
        timed(|| assert_eq!(client.query_one(&select, &[&name]).unwrap().get::<_, String>(0), body))
    }));
    let begun = Instant::now();
    for index in 0..EACH {
        client.execute(&insert, &[&format!("new-{index}"), &body]).unwrap();
    }
    Bare { read, inserts: rate(EACH, begun.elapsed()) }.told("PostgreSQL")
}

fn measure(title: &str, url: &str, creating: &str, scale: usize, bare: &Bare) {
    let begun = Instant::now();
    fill(&open(creating, "estate"), scale);
    println!(
        "{title}: {scale} identities with what belongs to them in {:.0} s",
        begun.elapsed().as_secs_f64()
    );
    let register = open(url, "estate");
    let read = median((0..READS).map(|index| {
        let name = name(spread(index, scale));
        timed(|| assert!(register.get::<Identity>(&name).unwrap().is_some()))
    }));
    println!("{title}: point read {:.3} ms, {:.1} times the bare one", millis(read), ratio(read, bare.read));
    let filters = [
        ("owner", Filter { owner: Some("owner-7".into()), ..Filter::default() }),
        ("tier and zone", Filter { tier: Some(1), zone: Some("zone-3".into()), ..Filter::default() }),
        ("label", Filter { labels: [("team".into(), "team-5".into())].into(), ..Filter::default() }),
        ("unowned", Filter { unowned: nhi_register::Ownership::Unowned, ..Filter::default() }),
        (
            "kind and environment",
            Filter {
                kind: Some("agent".into()),
                environment: Some("production".into()),
                ..Filter::default()
            },
        ),
    ];
    for (what, filter) in filters {
        let page = median((0..50).map(|index| {
            let after = (index % 2 == 1).then(|| name(scale / 2));
            timed(|| drop(register.find::<Identity>(&filter, Page { after, limit: 100 }).unwrap()))
        }));
        println!(
            "{title}: page of 100 by {what} {:.2} ms, {:.0} bare reads",
            millis(page),
            ratio(page, bare.read)
        );
    }
    let soon = Filter { ends_before: Some("2027-01-05T00:00:00Z".parse().unwrap()), ..Filter::default() };
    let page =
        median((0..50).map(|_| timed(|| drop(register.find::<Exception>(&soon, Page::first(100)).unwrap()))));
    println!("{title}: page of 100 exceptions by their end {:.2} ms", millis(page));

    let begun = Instant::now();
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            Command::new(std::env::current_exe().unwrap())
                .args(["--write", url, &format!("writer-{writer}")])
                .spawn()
                .unwrap()
        })
        .collect();
    let failed = writers
        .into_iter()
        .filter_map(|mut writer| (!writer.wait().unwrap().success()).then_some(()))
        .count();
    let inserts = rate(WRITERS * EACH, begun.elapsed());
    println!(
        "{title}: {inserts:.0} identities a second with their audit entries from {WRITERS} processes, {failed} of them failed; \
         {:.2} of the bare rate of one",
        inserts / bare.inserts
    );
}

/// One of several processes that insert.
fn write(url: &str, workspace: &str) {
    let register = open(url, workspace);
    for index in 0..EACH {
        let draft = IdentityDraft { name: Field::Is(format!("{workspace}-{index}")), ..identity(index) };
        register.create(&IdentityDraft { principal: Field::Absent, ..draft }.declare().unwrap()).unwrap();
    }
}

fn open(url: &str, workspace: &str) -> Register {
    let session = Session {
        organisation: "default".into(),
        workspace: workspace.into(),
        actor: Actor { name: "bench".into(), source: "NHI_ACTOR".into() },
        clock: Clock::system(),
    };
    Register::open(&Location::parse(url).unwrap(), session).unwrap()
}

/// Owners, zones, identities with federation and labels, and exceptions for every hundredth of them.
fn fill(register: &Register, scale: usize) {
    let set = |text: &str| Field::Is(vec![Field::Is(text.to_owned())]);
    register
        .together(|writing| {
            for index in 0..100 {
                let owner = OwnerDraft {
                    name: Field::Is(format!("owner-{index}")),
                    accountable: set("alice@example.com"),
                    backup: set("bob@example.com"),
                    ..OwnerDraft::default()
                };
                writing.create(&owner.declare().unwrap())?;
            }
            for index in 0..20 {
                let zone = ZoneDraft { name: Field::Is(format!("zone-{index}")), ..ZoneDraft::default() };
                writing.create(&zone.declare().unwrap())?;
            }
            Ok(())
        })
        .unwrap();
    for begin in (0..scale).step_by(1_000) {
        register
            .together(|writing| {
                for index in begin..(begin + 1_000).min(scale) {
                    writing.create(&identity(index).declare().unwrap())?;
                    if index.is_multiple_of(100) {
                        writing.create(&exception(index).declare().unwrap())?;
                    }
                }
                Ok(())
            })
            .unwrap();
    }
}

fn name(index: usize) -> String {
    format!("svc-{index}")
}

/// Places far from each other.
fn spread(index: usize, scale: usize) -> usize {
    index.wrapping_mul(7_919_777) % scale
}

fn identity(index: usize) -> IdentityDraft {
    let federation = FederationEntryDraft {
        issuer: "https://token.actions.githubusercontent.com".into(),
        audiences: Field::Is(vec!["sts.amazonaws.com".into()]),
        subject: Field::Is(format!("repo:acme/app-{index}:environment:production")),
        ..FederationEntryDraft::default()
    };
    IdentityDraft {
        name: Field::Is(name(index)),
        kind: if index.is_multiple_of(50) { "agent" } else { "microservice" }.into(),
        owner: if index % 1_000 == 999 { Field::Absent } else { Field::Is(format!("owner-{}", index % 100)) },
        environment: if index.is_multiple_of(2) { "production" } else { "staging" }.into(),
        tier: Field::Is(Ok(if index % 1_000 == 999 { 2 } else { i64::try_from(index % 3).unwrap() })),
        zone: Field::Is(format!("zone-{}", index % 20)),
        platform: "aws".into(),
        principal: Field::Is(format!("arn:aws:iam::111122223333:role/svc-{index}")),
        federation: Field::Is(vec![Field::Is(federation)]),
        labels: Field::Is(vec![("team".into(), Field::Is(format!("team-{}", index % 500)))]),
        ..IdentityDraft::default()
    }
}

fn exception(index: usize) -> ExceptionDraft {
    let one = |text: &str| Field::Is(vec![Field::Is(text.to_owned())]);
    ExceptionDraft {
        name: Field::Is(format!("exception-{index}")),
        identity: Field::Is(name(index)),
        owner: Field::Is(format!("owner-{}", index % 100)),
        reason: "the vendor has no federation yet".into(),
        permits: Field::Is(PermitsDraft { actions: one("s3:GetObject"), ..PermitsDraft::default() }),
        compensating_controls: one("every use is reviewed"),
        end: EndDraft {
            expires_at: Field::Is(format!(
                "2027-{:02}-{:02}T00:00:00Z",
                index / 100 % 12 + 1,
                index / 1200 % 28 + 1
            )),
            ..EndDraft::default()
        },
        ..ExceptionDraft::default()
    }
}

fn timed(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

fn median(times: impl Iterator<Item = Duration>) -> Duration {
    let mut all: Vec<Duration> = times.collect();
    all.sort();
    all.get(all.len() / 2).copied().unwrap_or_default()
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn ratio(time: Duration, other: Duration) -> f64 {
    time.as_secs_f64() / other.as_secs_f64().max(f64::EPSILON)
}

#[expect(clippy::cast_precision_loss, reason = "a rate needs no more digits than a float has")]
fn rate(count: usize, time: Duration) -> f64 {
    count as f64 / time.as_secs_f64()
}
