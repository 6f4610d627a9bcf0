//! Where a server is and how to prove who we are: the location first, then the environment and the files that PostgreSQL's
//! own programs read. Nothing secret leaves this room but into the connection.

use std::path::{Path, PathBuf};
use std::time::Duration;

use postgres::Config;

use crate::address::{Address, Trust, parse_port};
use crate::place::Place;

/// A server that can be connected to.
pub(crate) struct Target {
    pub(crate) config: Config,
    pub(crate) trust: Trust,
    /// The file with the certificates that are trusted; `None` for the system's.
    pub(crate) root: Option<PathBuf>,
    /// The files with our own certificate and its key.
    pub(crate) own: Option<(PathBuf, PathBuf)>,
    pub(crate) place: Place,
    /// Why there is no password, where that may be the trouble.
    pub(crate) note: Option<String>,
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Target")
            .field("place", &self.place)
            .field("trust", &self.trust)
            .finish_non_exhaustive()
    }
}

/// What surrounds this process: its variables, its user and that one's home.
pub(crate) struct Environment<'a> {
    pub(crate) variable: &'a dyn Fn(&str) -> Option<String>,
    pub(crate) user: Option<String>,
    pub(crate) home: Option<PathBuf>,
}

/// How long connecting may take.
const PATIENCE: Duration = Duration::from_secs(10);

impl Target {
    /// The server of an address; the error says what is wrong and never holds a value of the environment.
    pub(crate) fn find(address: &Address, environment: &Environment<'_>) -> Result<Self, (Place, String)> {
        let filled = |name: &str| (environment.variable)(name).filter(|value| !value.is_empty());
        let user = address.user.clone().or_else(|| filled("PGUSER")).or_else(|| environment.user.clone());
        let host =
            address.host.clone().or_else(|| filled("PGHOST")).unwrap_or_else(|| "localhost".to_owned());
        let database = address.database.clone().or_else(|| filled("PGDATABASE")).or_else(|| user.clone());
        let unnamed = Address {
            user: user.clone(),
            host: Some(host.clone()),
            database: database.clone(),
            ..address.clone()
        };
        let refuse = |problem: &str| (Place::from(unnamed.to_string()), problem.to_owned());
        let port = match (address.port, filled("PGPORT")) {
            (Some(port), _) => port,
            (None, Some(text)) => {
                parse_port(&text).map_err(|_| refuse("`PGPORT` is no number from 1 to 65535"))?
            }
            (None, None) => 5432,
        };
        let place = Place::from(Address { port: Some(port), ..unnamed.clone() }.to_string());
        let refuse = |problem: &str| (place.clone(), problem.to_owned());
        let (Some(user), Some(database)) = (user, database) else {
            return Err(refuse("it names no user, and neither does `PGUSER`"));
        };
        let trust = match (address.trust, filled("PGSSLMODE")) {
            (Some(trust), _) => trust,
            (None, Some(word)) => {
                Trust::parse(&word).map_err(|problem| refuse(&format!("`PGSSLMODE`: {problem}")))?
            }
            (None, None) => Trust::VerifyFull,
        };
        if host.starts_with('/') && trust != Trust::Disable {
            return Err(refuse(
                "it is a socket of this machine, and there is no TLS on those; write `sslmode=disable` to say that you know",
            ));
        }
        let home = |file: &str| Some(environment.home.as_ref()?.join(file)).filter(|path| path.is_file());
        let root = match address.root.clone().or_else(|| filled("PGSSLROOTCERT")) {
            Some(word) if word == "system" => None,
            Some(path) => Some(PathBuf::from(path)),
            None => home(".postgresql/root.crt"),
        };
        let own = filled("PGSSLCERT").map(PathBuf::from).or_else(|| home(".postgresql/postgresql.crt"));
        let key = filled("PGSSLKEY").map(PathBuf::from).or_else(|| home(".postgresql/postgresql.key"));
        let mut config = Config::new();
        config.user(&user).dbname(&database).host(&host).port(port).application_name("nhi");
        config.connect_timeout(patience(filled("PGCONNECT_TIMEOUT").as_deref()));
        config.ssl_mode(match trust {
            Trust::Disable => postgres::config::SslMode::Disable,
            _ => postgres::config::SslMode::Require,
        });
        let mut note = None;
        if let Some(password) = filled("PGPASSWORD") {
            config.password(password);
        } else {
            let file = filled("PGPASSFILE").map(PathBuf::from).or_else(|| home(".pgpass"));
            match file.map(|file| password_in(&file, [&host, &port.to_string(), &database, &user])) {
                Some(Ok(Some(password))) => drop(config.password(password)),
                Some(Err(problem)) => note = Some(problem),
                Some(Ok(None)) | None => {}
            }
        }
        Ok(Self { config, trust, root, own: own.zip(key), place, note })
    }
}

fn patience(seconds: Option<&str>) -> Duration {
    let given = seconds.and_then(|text| text.trim().parse().ok()).filter(|seconds| *seconds > 0);
    given.map_or(PATIENCE, Duration::from_secs)
}

/// The password for a host, a port, a database and a user in a password file: the first line that fits. A file that
/// others may read is not used.
fn password_in(file: &Path, asked: [&str; 4]) -> Result<Option<String>, String> {
    let told = |problem: String| format!("the password file `{}` was not used: {problem}", file.display());
    let metadata = match std::fs::metadata(file) {
        Ok(metadata) => metadata,
        Err(error) => return Err(told(error.to_string())),
    };
    if !metadata.is_file() {
        return Err(told("it is no plain file".to_owned()));
    }
    if open_to_others(&metadata) {
        return Err(told("others may read it; `chmod 600` keeps it to you".to_owned()));
    }
    let text = std::fs::read_to_string(file).map_err(|error| told(error.to_string()))?;
    Ok(text.lines().find_map(|line| password_of(line, asked)))
}

#[cfg(unix)]
fn open_to_others(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;

    metadata.permissions().mode() & 0o077 != 0
}

#[cfg(not(unix))]
fn open_to_others(_: &std::fs::Metadata) -> bool {
    false
}

/// The password of a line `host:port:database:user:password`, where it fits; `*` fits everything, and a backslash takes
/// the meaning of what follows away. A socket of this machine is also called `localhost`.
fn password_of(line: &str, asked: [&str; 4]) -> Option<String> {
    if line.starts_with('#') {
        return None;
    }
    let mut fields = vec![String::new()];
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match (character, fields.len()) {
            ('\\', _) => fields.last_mut()?.extend(characters.next()),
            (':', 1..5) => fields.push(String::new()),
            (other, _) => fields.last_mut()?.push(other),
        }
    }
    let [known @ .., password] = fields.as_slice() else { return None };
    let fits = known.len() == 4
        && known.iter().zip(asked).all(|(known, asked)| {
            known == "*" || known == asked || (known == "localhost" && asked.starts_with('/'))
        });
    fits.then(|| password.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: [&str; 4] = ["db.example.com", "5432", "nhi", "alice"];

    #[test]
    fn lines_of_a_password_file() {
        let check = |line: &str, expected: Option<&str>| {
            assert_eq!(password_of(line, HOST).as_deref(), expected, "{line}");
        };
        check("db.example.com:5432:nhi:alice:s3cret", Some("s3cret"));
        check("*:*:*:*:a:b\\\\c", Some("a:b\\c"));
        check("db.example.com:5433:nhi:alice:s3cret", None);
        check("#*:*:*:*:x", None);
        check("*:*:*:x", None);
        check("", None);
        assert_eq!(password_of("localhost:*:*:*:x", ["/run/pg", "1", "d", "u"]).as_deref(), Some("x"));
        assert_eq!(password_of("a\\:b:*:*:*:x", ["a:b", "1", "d", "u"]).as_deref(), Some("x"));
    }

    fn target(address: &str, variables: &[(&str, &str)]) -> Result<Target, String> {
        let variable = |asked: &str| {
            variables.iter().find(|(name, _)| *name == asked).map(|(_, value)| (*value).to_owned())
        };
        let environment = Environment { variable: &variable, user: Some("carol".into()), home: None };
        Target::find(&Address::parse(address).unwrap(), &environment)
            .map_err(|(place, problem)| format!("{place}: {problem}"))
    }

    #[test]
    fn the_location_comes_first_and_the_environment_second() {
        let check = |address: &str, variables: &[(&str, &str)], expected: &str, trust: Trust| {
            let target = target(address, variables).unwrap();
            assert_eq!((target.place.to_string().as_str(), target.trust), (expected, trust), "{address}");
        };
        let all = [
            ("PGUSER", "bob"),
            ("PGHOST", "h"),
            ("PGPORT", "5433"),
            ("PGDATABASE", "d"),
            ("PGSSLMODE", "require"),
        ];
        check("", &[], "postgres://carol@localhost:5432/carol", Trust::VerifyFull);
        check("", &all, "postgres://bob@h:5433/d", Trust::Require);
        check("alice@a:1/b?sslmode=disable", &all, "postgres://alice@a:1/b", Trust::Disable);
        check("/nhi?host=/run/pg&sslmode=disable", &[], "postgres://carol@/run/pg:5432/nhi", Trust::Disable);
    }

    #[test]
    fn what_is_wrong_is_told_without_secrets() {
        let check = |address: &str, variables: &[(&str, &str)], expected: &str| {
            let told = target(address, variables).unwrap_err();
            assert!(told.contains(expected), "{told}");
        };
        check("/nhi?host=/run/pg", &[], "write `sslmode=disable`");
        check("h", &[("PGPORT", "many")], "`PGPORT`");
        check("h", &[("PGSSLMODE", "prefer")], "`PGSSLMODE`");
        let target = target("h", &[("PGPASSWORD", "s3cret")]).unwrap();
        assert_eq!(target.config.get_password(), Some(&b"s3cret"[..]));
        assert!(!format!("{target:?}").contains("s3cret"));
    }

    #[cfg(unix)]
    #[test]
    fn a_password_file_that_others_may_read_is_not_used() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("pgpass");
        std::fs::write(&file, "other:*:*:*:no\n*:*:*:alice:s3cret\n").unwrap();
        let mode =
            |mode: u32| std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        mode(0o600);
        assert_eq!(password_in(&file, HOST), Ok(Some("s3cret".to_owned())));
        mode(0o640);
        let told = password_in(&file, HOST).unwrap_err();
        assert!(told.contains("chmod 600") && !told.contains("s3cret"), "{told}");
        assert!(password_in(&folder.path().join("none"), HOST).is_err());
    }
}
