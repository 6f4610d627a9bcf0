//! What the host says in environment variables before anything else is said.

use std::ffi::OsString;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

/// The variable by which Terraform says that it is Terraform.
const COOKIE_NAME: &str = "TF_PLUGIN_MAGIC_COOKIE";
/// What it says there, in every version.
const COOKIE: &str = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

/// The host's side of the handshake.
#[derive(Debug)]
pub(super) struct Environment {
    /// The certificate the host will show, in DER; without one the connection is plain.
    pub(super) host_certificate: Option<Vec<u8>>,
    /// Where to listen.
    pub(super) place: Place,
}

/// Where to listen.
#[derive(Debug)]
pub(super) enum Place {
    /// A socket in this folder, else in the folder for temporary files.
    #[cfg_attr(not(unix), expect(dead_code, reason = "without unix sockets it is said and not used"))]
    Socket(Socket),
    /// A port on the loopback address.
    Port(RangeInclusive<u16>),
}

/// A unix socket to be made.
#[derive(Debug, Default)]
#[cfg_attr(not(unix), expect(dead_code, reason = "without unix sockets it is said and not used"))]
pub(super) struct Socket {
    /// The folder it must be in.
    pub(super) folder: Option<PathBuf>,
    /// The group that may connect beside the user.
    pub(super) group: Option<String>,
}

/// Why the host's side of the handshake is not right.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EnvironmentError {
    /// Nobody who knows the protocol started the process.
    #[error(
        "This is a provider for Terraform and OpenTofu: they start it, it is not meant to be run by itself.\n\
         Name it in `required_providers` and run `terraform init`; with `--debug` it waits to be attached to."
    )]
    NotStartedByHost,
    /// A certificate is announced and is not one.
    #[error(
        "the certificate in `PLUGIN_CLIENT_CERT` cannot be read: {0}; the connection would not be secure"
    )]
    Certificate(&'static str),
    /// A port is announced and is not one.
    #[error("`{name}` must be a port number, not `{value}`")]
    Port {
        /// The variable.
        name: &'static str,
        /// What it says.
        value: String,
    },
}

impl Environment {
    /// As Terraform sets it; `variable` looks one up.
    pub(super) fn of_plugin(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self, EnvironmentError> {
        let text = |name: &str| variable(name).map(|value| value.to_string_lossy().into_owned());
        let given = |name: &str| text(name).filter(|value| !value.is_empty());
        if text(COOKIE_NAME).as_deref() != Some(COOKIE) {
            return Err(EnvironmentError::NotStartedByHost);
        }
        // Version 6 is the only one there is to offer: a host that does not speak it says so itself.
        let host_certificate = given("PLUGIN_CLIENT_CERT").map(|text| certificate(&text)).transpose()?;
        let place = if cfg!(unix) {
            Place::Socket(Socket {
                folder: variable("PLUGIN_UNIX_SOCKET_DIR")
                    .filter(|folder| !folder.is_empty())
                    .map(PathBuf::from),
                group: given("PLUGIN_UNIX_SOCKET_GROUP"),
            })
        } else {
            let port = |name: &'static str, otherwise: u16| match given(name) {
                Some(value) => value.parse().map_err(|_| EnvironmentError::Port { name, value }),
                None => Ok(otherwise),
            };
            Place::Port(port("PLUGIN_MIN_PORT", 10_000)?..=port("PLUGIN_MAX_PORT", 25_000)?)
        };
        Ok(Self { host_certificate, place })
    }

    /// For a process started by hand: no certificate, and a place of our own choice.
    pub(super) fn of_debug() -> Self {
        let place = if cfg!(unix) { Place::Socket(Socket::default()) } else { Place::Port(10_000..=25_000) };
        Self { host_certificate: None, place }
    }
}

/// The one certificate in a PEM text.
fn certificate(text: &str) -> Result<Vec<u8>, EnvironmentError> {
    let wrong = |why| EnvironmentError::Certificate(why);
    let (_, rest) =
        text.split_once("-----BEGIN CERTIFICATE-----").ok_or_else(|| wrong("it is no PEM certificate"))?;
    let (body, rest) =
        rest.split_once("-----END CERTIFICATE-----").ok_or_else(|| wrong("the PEM text is cut off"))?;
    if rest.contains("-----BEGIN ") {
        return Err(wrong("there is more than one PEM block"));
    }
    let body: String = body.split_whitespace().collect();
    let der = STANDARD.decode(body).map_err(|_| wrong("the PEM text is not base64"))?;
    // A certificate is one DER sequence; what is none would pin a client that cannot exist.
    if der.first() == Some(&0x30) { Ok(der) } else { Err(wrong("it is no certificate")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Result<Environment, EnvironmentError> {
        let with_cookie = |name: &str| {
            let found = pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value));
            found.or_else(|| (name == COOKIE_NAME).then(|| OsString::from(COOKIE)))
        };
        Environment::of_plugin(with_cookie)
    }

    #[test]
    fn only_a_host_may_start_it() {
        assert!(environment(&[]).is_ok());
        for wrong in ["", "d602", "D602BF8F"] {
            let error = environment(&[(COOKIE_NAME, wrong)]).unwrap_err();
            assert_eq!(error, EnvironmentError::NotStartedByHost);
        }
    }

    #[test]
    fn no_certificate_is_plain_and_a_broken_one_is_refused() {
        assert!(environment(&[("PLUGIN_CLIENT_CERT", "")]).unwrap().host_certificate.is_none());
        for wrong in [
            "x",
            "-----BEGIN CERTIFICATE-----\nMAA=",
            "-----BEGIN CERTIFICATE-----\n?\n-----END CERTIFICATE-----",
            "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----",
            "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----",
        ] {
            assert!(environment(&[("PLUGIN_CLIENT_CERT", wrong)]).is_err(), "{wrong}");
        }
        let pem = "-----BEGIN CERTIFICATE-----\nMA\nA=\n-----END CERTIFICATE-----\n";
        assert_eq!(
            environment(&[("PLUGIN_CLIENT_CERT", pem)]).unwrap().host_certificate,
            Some(vec![0x30, 0])
        );
    }
}
