//! The address of a server, as a location gives it: `postgres://[user@][host][:port][/database][?…]`.

use std::fmt;

use crate::location::Creation;

/// What a location says about a server. What it leaves out comes from the environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) user: Option<String>,
    pub(crate) host: Option<String>,
    pub(crate) port: Option<u16>,
    pub(crate) database: Option<String>,
    pub(crate) trust: Option<Trust>,
    /// The file with the certificates that are trusted, or `system`.
    pub(crate) root: Option<String>,
    pub(crate) creation: Creation,
}

/// How sure we want to be that nobody listens, and that it is the right server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// Nothing: plain text.
    Disable,
    /// Nobody listens; who the server is, is not asked, unless a file of trusted certificates says so.
    Require,
    /// The certificate is of somebody we trust.
    VerifyCa,
    /// And it is the server's own.
    VerifyFull,
}

impl Trust {
    const ALL: [(&'static str, Self); 4] = [
        ("disable", Self::Disable),
        ("require", Self::Require),
        ("verify-ca", Self::VerifyCa),
        ("verify-full", Self::VerifyFull),
    ];

    /// Reads the word of `sslmode`; the error says what to do.
    pub(crate) fn parse(word: &str) -> Result<Self, String> {
        match word {
            // These would fall back to plain text without a word.
            "allow" | "prefer" => Err(format!(
                "`sslmode={word}` would speak in plain text whenever the server likes to; say `verify-full`, `verify-ca`, \
                 `require`, or `disable`"
            )),
            _ => Self::ALL.into_iter().find(|(known, _)| *known == word).map(|(_, trust)| trust).ok_or_else(
                || "`sslmode` is none of `verify-full`, `verify-ca`, `require` and `disable`".to_owned(),
            ),
        }
    }
}

impl Address {
    /// Reads what follows `postgres://`. The error never repeats what was given: it may hold a password.
    pub(crate) fn parse(rest: &str) -> Result<Self, String> {
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let mut address = Self::default();
        let server = match authority.rsplit_once('@') {
            None => authority,
            Some((user, server)) => {
                if user.contains(':') {
                    return Err(PASSWORD.to_owned());
                }
                address.user = filled(decoded(user)?);
                server
            }
        };
        if server.contains(',') {
            return Err("it names several servers; name one".to_owned());
        }
        let (host, port) = split_port(server);
        address.host = filled(decoded(host)?);
        address.port = port.map(parse_port).transpose()?;
        if path.contains('/') {
            return Err("after the name of the database comes nothing but `?`".to_owned());
        }
        address.database = filled(decoded(path)?);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            address.set(key, decoded(value)?)?;
        }
        Ok(address)
    }

    fn set(&mut self, key: &str, value: String) -> Result<(), String> {
        match key {
            "mode" if value == "create" => self.creation = Creation::Allowed,
            "sslmode" => self.trust = Some(Trust::parse(&value)?),
            "sslrootcert" => self.root = filled(value),
            "host" => self.host = filled(value),
            "port" => self.port = Some(parse_port(&value)?),
            "user" => self.user = filled(value),
            "dbname" => self.database = filled(value),
            "password" | "sslpassword" | "passfile" => return Err(PASSWORD.to_owned()),
            _ => {
                return Err("after `?` it holds something other than `mode=create`, `sslmode`, `sslrootcert`, `host`, `port`, \
                            `user` and `dbname`"
                    .to_owned());
            }
        }
        Ok(())
    }
}

const PASSWORD: &str = "it holds a password, and locations stand in configurations, states and logs. Give the password in \
`PGPASSWORD` or in a password file (`~/.pgpass`, or the one that `PGPASSFILE` names) instead, and change the one that was \
written here";

/// The host and the port of `host:port`, `[v6]:port` and their like.
fn split_port(server: &str) -> (&str, Option<&str>) {
    if let Some((host, rest)) = server.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        return (host, rest.strip_prefix(':').filter(|port| !port.is_empty()));
    }
    match server.rsplit_once(':') {
        Some((host, port)) => (host, Some(port).filter(|port| !port.is_empty())),
        None => (server, None),
    }
}

pub(crate) fn parse_port(text: &str) -> Result<u16, String> {
    match text.parse() {
        Ok(port) if port > 0 => Ok(port),
        _ => Err("its port is no number from 1 to 65535".to_owned()),
    }
}

fn filled(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// The text with `%2F` and its like read.
fn decoded(text: &str) -> Result<String, String> {
    let odd = || "it holds a `%` that begins no character".to_owned();
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        let (Some(high), Some(low)) = (digit(rest.next()), digit(rest.next())) else { return Err(odd()) };
        bytes.push(u8::try_from(high * 16 + low).map_err(|_| odd())?);
    }
    match String::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => Ok(text),
        _ => Err(odd()),
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://")?;
        if let Some(user) = &self.user {
            write!(f, "{user}@")?;
        }
        f.write_str(self.host.as_deref().unwrap_or_default())?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        write!(f, "/{}", self.database.as_deref().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let check = |text: &str, expected: &str| {
            assert_eq!(Address::parse(text).unwrap().to_string(), expected, "{text}");
        };
        check("", "postgres:///");
        check("db.example.com", "postgres://db.example.com/");
        check("alice@db.example.com:5433/nhi", "postgres://alice@db.example.com:5433/nhi");
        check("al%40ice@[::1]:5433/n%2Fhi", "postgres://al@ice@::1:5433/n/hi");
        check("/nhi?host=%2Frun%2Fpg&port=5440&user=bob", "postgres://bob@/run/pg:5440/nhi");
        let full = Address::parse("h/d?sslmode=verify-ca&sslrootcert=a%20b.pem&mode=create").unwrap();
        assert_eq!((full.trust, full.root.as_deref()), (Some(Trust::VerifyCa), Some("a b.pem")));
        assert_eq!(full.creation, Creation::Allowed);
    }

    #[test]
    fn nothing_given_is_repeated() {
        for bad in [
            "alice:s3cret@h/d",
            "alice:s3cret/slash@h/d",
            "alice:s3cret",
            "h/d?password=s3cret",
            "h/d?s3cret=1",
            "h/d?sslmode=s3cret",
            "h/d/s3cret",
            "h:s3cret/d",
            "h%s3cret",
            "s3cret,b/d",
            "h/d?mode=s3cret",
        ] {
            let told = Address::parse(bad).unwrap_err();
            assert!(!told.contains("s3cret"), "{bad}: {told}");
        }
        assert!(Address::parse("h/d?sslmode=prefer").unwrap_err().contains("plain text"));
    }
}
