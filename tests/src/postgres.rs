//! A real PostgreSQL server for one test run: in a temporary folder, on a socket there and on loopback, and gone with the
//! last test that uses it, however that ends.

use std::fs;
use std::io::{BufRead as _, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// The password of the role `nhi`, for connections that are not made through the socket.
pub const PASSWORD: &str = "correct-horse-battery";

/// A running server.
#[derive(Debug)]
pub struct Postgres {
    programs: PathBuf,
    user: Option<u32>,
    folder: TempDir,
    port: u16,
    running: Mutex<Option<Child>>,
    databases: AtomicUsize,
}

/// A transaction that is held open, and undone when this is dropped.
#[derive(Debug)]
pub struct Held(Child);

impl Drop for Held {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        drop(self.0.wait());
    }
}

/// What starts the server, and stops it when its own input ends: also when the process that started it was killed.
const KEEPER: &str = r#""$1/postgres" -D "$2" -k "$3" -p "$4" >"$2/../log" 2>&1 & pid=$!
read -r _
kill -INT $pid
wait $pid"#;

/// The server that all tests of this process share while one of them holds it.
static SHARED: Mutex<Weak<Postgres>> = Mutex::new(Weak::new());

impl Postgres {
    /// The server of this process, started if nobody uses one at the moment; `None` after telling the reader why `test`
    /// was skipped. In continuous integration what is missing is a failure.
    pub fn shared(test: &str) -> Option<Arc<Self>> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = shared.upgrade() {
            return Some(running);
        }
        let started = Arc::new(Self::start(test)?);
        *shared = Arc::downgrade(&started);
        Some(started)
    }

    /// A server of one's own.
    pub fn start(test: &str) -> Option<Self> {
        let programs = match programs() {
            Ok(programs) => programs,
            Err(why) => {
                assert!(std::env::var_os("CI").is_none(), "`{test}` cannot run: {why}");
                // Past the test harness, which would swallow what a passing test prints with `eprintln!`.
                let told = format!("skipped {test}: {why}\n");
                std::io::stderr().write_all(told.as_bytes()).unwrap();
                return None;
            }
        };
        let folder = TempDir::with_prefix("nhi-postgres-").unwrap();
        let user = other_user();
        give(folder.path(), user);
        let programs = reachable(&programs, user, folder.path());
        let server = Self {
            programs,
            user,
            port: free_port(),
            folder,
            running: Mutex::new(None),
            databases: AtomicUsize::new(0),
        };
        server.make();
        server.run();
        let sql = format!(
            "CREATE ROLE nhi LOGIN CREATEDB PASSWORD '{PASSWORD}'; CREATE ROLE alice LOGIN; CREATE ROLE bob LOGIN; \
             CREATE ROLE reader LOGIN;"
        );
        server.sql("postgres", &sql);
        Some(server)
    }

    fn make(&self) {
        let data = self.data();
        let made = self
            .command("initdb")
            .args([
                "--no-sync",
                "--auth=trust",
                "--username=postgres",
                "--encoding=UTF8",
                "--no-locale",
                "-D",
            ])
            .arg(&data)
            .output()
            .unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let access = "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\nhost all all ::1/128 scram-sha-256\n";
        fs::write(data.join("pg_hba.conf"), access).unwrap();
        let settings =
            "listen_addresses = '127.0.0.1'\nfsync = off\nmax_connections = 100\nshared_buffers = 64MB\n";
        let mut file = fs::OpenOptions::new().append(true).open(data.join("postgresql.conf")).unwrap();
        file.write_all(settings.as_bytes()).unwrap();
    }

    /// Has the server speak TLS, with a certificate for `localhost`, from its next start on. Both are PEM.
    pub fn set_certificate(&self, certificate: &str, key: &str) {
        let data = self.data();
        for (name, text) in [("server.crt", certificate), ("server.key", key)] {
            let file = data.join(name);
            fs::write(&file, text).unwrap();
            keep_private(&file);
            give(&file, self.user);
        }
        let mut file = fs::OpenOptions::new().append(true).open(data.join("postgresql.conf")).unwrap();
        file.write_all(b"ssl = on\n").unwrap();
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn command(&self, program: &str) -> Command {
        as_user(Command::new(self.programs.join(program)), self.user, self.folder.path())
    }

    fn run(&self) {
        let mut keeper = as_user(Command::new("sh"), self.user, self.folder.path());
        keeper
            .args(["-c", KEEPER, "sh"])
            .arg(&self.programs)
            .arg(self.data())
            .arg(self.folder.path())
            .arg(self.port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        *self.running() = Some(keeper.spawn().unwrap());
        let begun = Instant::now();
        loop {
            let asked = self.client("postgres", "SELECT 1");
            if asked.status.success() {
                return;
            }
            let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            let told = String::from_utf8_lossy(&asked.stderr).into_owned();
            assert!(begun.elapsed() < Duration::from_mins(1), "the server does not start: {told}\n{log}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn running(&self) -> std::sync::MutexGuard<'_, Option<Child>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stops the server, whatever is under way, until it is restarted.
    pub fn stop(&self) {
        if let Some(mut keeper) = self.running().take() {
            drop(keeper.stdin.take());
            drop(keeper.wait());
        }
    }

    /// Stops the server and starts it again.
    pub fn restart(&self) {
        self.stop();
        self.run();
    }

    /// Runs statements as the administrator in a transaction that stays open until the answer is dropped.
    pub fn hold(&self, database: &str, sql: &str) -> Held {
        let mut client = self
            .command("psql")
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", database])
            .args(["-p", &self.port.to_string(), "-h"])
            .arg(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let input = client.stdin.as_mut().unwrap();
        input.write_all(format!("BEGIN; {sql};\n\\echo held\n").as_bytes()).unwrap();
        let mut told = String::new();
        BufReader::new(client.stdout.as_mut().unwrap()).read_line(&mut told).unwrap();
        assert_eq!(told, "held\n", "{sql}");
        Held(client)
    }

    /// Comes back when a session of a role waits for another one.
    pub fn until_waiting(&self, role: &str) {
        let asked = format!(
            "SELECT count(*) FROM pg_stat_activity WHERE usename = '{role}' AND wait_event_type = 'Lock'"
        );
        let begun = Instant::now();
        while self.ask("postgres", &asked) == "0" {
            assert!(begun.elapsed() < Duration::from_mins(1), "nobody waits");
        }
    }

    /// Runs statements as the administrator.
    pub fn sql(&self, database: &str, sql: &str) {
        let done = self.client(database, sql);
        assert!(done.status.success(), "{sql}: {}", String::from_utf8_lossy(&done.stderr));
    }

    /// What a statement answers, as text.
    pub fn ask(&self, database: &str, sql: &str) -> String {
        let done = self.client(database, sql);
        assert!(done.status.success(), "{sql}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).trim().to_owned()
    }

    fn client(&self, database: &str, sql: &str) -> Output {
        self.command("psql")
            .args([
                "-X",
                "-q",
                "-A",
                "-t",
                "-v",
                "ON_ERROR_STOP=1",
                "-U",
                "postgres",
                "-d",
                database,
                "-c",
                sql,
            ])
            .args(["-p", &self.port.to_string(), "-h"])
            .arg(self.folder.path())
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// A new, empty database, which the role `nhi` owns.
    pub fn database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.sql("postgres", &format!("CREATE DATABASE {name} OWNER nhi"));
        name
    }

    /// The location of a database for a role, through the socket.
    pub fn location(&self, role: &str, database: &str) -> String {
        let folder = self.folder.path().display();
        format!("postgres://{role}@/{database}?host={folder}&port={}&sslmode=disable", self.port)
    }

    /// The port on loopback.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// A folder for files beside the server's own.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Where the server's programs are: the list of clients says so, else PATH does.
fn programs() -> Result<PathBuf, String> {
    if let Some(folder) = std::env::var_os("NHI_CLIENTS_DIR") {
        let list = Path::new(&folder).join("clients.tsv");
        let text = fs::read_to_string(&list)
            .map_err(|error| format!("cannot read `{}`: {error}", list.display()))?;
        let line = text.lines().find_map(|line| line.strip_prefix("postgres\t")).unwrap_or_default();
        return match line.split_once('\t') {
            Some(("ready", program)) => Path::new(program)
                .parent()
                .map(Path::to_owned)
                .ok_or_else(|| format!("`{program}` is no program")),
            Some((_, why)) => Err(why.to_owned()),
            None => Err("the list of clients has no line for `postgres`".to_owned()),
        };
    }
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&folders)
        .filter_map(|folder| fs::canonicalize(folder.join("initdb")).ok())
        .filter_map(|program| program.parent().map(Path::to_owned))
        .find(|folder| folder.join("postgres").exists());
    found.ok_or_else(|| {
        "there is no PostgreSQL (`initdb`) on PATH; `tests/run` provisions one and runs the tests".to_owned()
    })
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[cfg(unix)]
mod users {
    use std::fs;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    use std::os::unix::process::CommandExt;
    use std::path::{Path, PathBuf};
    use std::process::{Command, Stdio};

    /// Whom to run the server as, where we are the administrator, as whom it refuses to run: the user that the system has
    /// for it, else nobody.
    pub(super) fn other_user() -> Option<u32> {
        let ours = fs::metadata("/proc/self").map_or_else(|_| 1, |process| process.uid());
        let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
        let id_of = |name: &str| {
            let line = accounts.lines().find(|line| line.split(':').next() == Some(name))?;
            line.split(':').nth(2)?.parse().ok()
        };
        (ours == 0).then(|| id_of("postgres").or_else(|| id_of("nobody")).unwrap_or(65534))
    }

    pub(super) fn give(path: &Path, user: Option<u32>) {
        if let Some(user) = user {
            chown(path, Some(user), Some(user)).unwrap();
        }
    }

    pub(super) fn keep_private(path: &Path) {
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    }

    pub(super) fn as_user(mut command: Command, user: Option<u32>, folder: &Path) -> Command {
        command.current_dir(folder).env("HOME", folder).env("LC_ALL", "C");
        for name in
            ["PGHOST", "PGPORT", "PGUSER", "PGDATABASE", "PGPASSWORD", "PGSSLMODE", "PGDATA", "PGOPTIONS"]
        {
            command.env_remove(name);
        }
        if let Some(user) = user {
            command.uid(user).gid(user);
        }
        command
    }

    /// The programs where that user can run them: a copy, when they are in a folder that only we may enter.
    pub(super) fn reachable(programs: &Path, user: Option<u32>, folder: &Path) -> PathBuf {
        let mut asked = as_user(Command::new(programs.join("postgres")), user, folder);
        asked.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
        if asked.status().is_ok_and(|status| status.success()) {
            return programs.to_owned();
        }
        let programs = fs::canonicalize(programs).unwrap();
        // Beside the folder of the package stand the libraries it comes with.
        let root = programs.ancestors().nth(3).unwrap();
        let copied = Command::new("cp").arg("-R").arg(root).arg(folder.join("programs")).status().unwrap();
        assert!(copied.success());
        folder.join("programs").join(programs.strip_prefix(root).unwrap())
    }
}

#[cfg(not(unix))]
mod users {
    use std::path::{Path, PathBuf};
    use std::process::Command;

    pub(super) fn other_user() -> Option<u32> {
        None
    }

    pub(super) fn give(_: &Path, _: Option<u32>) {}

    pub(super) fn keep_private(_: &Path) {}

    pub(super) fn as_user(mut command: Command, _: Option<u32>, folder: &Path) -> Command {
        command.current_dir(folder);
        command
    }

    pub(super) fn reachable(programs: &Path, _: Option<u32>, _: &Path) -> PathBuf {
        programs.to_owned()
    }
}

use users::{as_user, give, keep_private, other_user, reachable};
