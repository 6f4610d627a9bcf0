//! Which real clients there are. `tests/run` provisions them and leaves a list; without the list a test says what it
//! skipped and how to get it, except in continuous integration, where a missing client is a failure.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// A program that behaves as `terraform` or `tofu` on the command line.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its name in the list: `terraform`, `terraform-1.8.4`, `tofu-1.12.6`.
    pub name: String,
    /// The executable.
    pub program: PathBuf,
}

/// Whether something that only `tests/run` provides is here.
#[derive(Debug)]
pub enum Found<T> {
    /// It is.
    Ready(T),
    /// It is not, and this run did not ask for it: never a failure.
    LeftOut(String),
    /// It is not, though it should be; says why and what to do.
    Missing(String),
}

impl<T> Found<T> {
    /// The thing, or `None` after telling the reader on standard error that `test` was skipped and why. In continuous
    /// integration what is missing is an error.
    pub fn or_skip(self, test: &str) -> Result<Option<T>> {
        let why = match self {
            Self::Ready(thing) => return Ok(Some(thing)),
            Self::Missing(why) if env::var_os("CI").is_some() => bail!("`{test}` cannot run: {why}"),
            Self::LeftOut(why) | Self::Missing(why) => why,
        };
        // Past the test harness, which would swallow what a passing test prints with `eprintln!`.
        writeln!(std::io::stderr(), "skipped {test}: {why}")?;
        Ok(None)
    }
}

/// The client called `name`, as far as the list of `tests/run` knows it.
pub fn client(name: &str) -> Result<Found<Client>> {
    let Some(folder) = env::var_os("NHI_CLIENTS_DIR") else {
        return Ok(Found::Missing(format!(
            "no clients were provisioned for this run; `tests/run` provisions {name} and runs the tests"
        )));
    };
    let list = Path::new(&folder).join("clients.tsv");
    let text = fs::read_to_string(&list).with_context(|| format!("cannot read `{}`", list.display()))?;
    listed(&text, name)
}

fn listed(list: &str, name: &str) -> Result<Found<Client>> {
    let line = list.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('\t'));
    match line.and_then(|rest| rest.split_once('\t')) {
        Some(("ready", program)) => {
            Ok(Found::Ready(Client { name: name.to_owned(), program: PathBuf::from(program) }))
        }
        Some(("left-out", why)) => Ok(Found::LeftOut(why.to_owned())),
        Some(("missing", why)) => Ok(Found::Missing(why.to_owned())),
        _ => bail!("the list of clients has no line for `{name}`"),
    }
}

/// The command `nhi` that this run built.
pub fn nhi() -> Found<PathBuf> {
    built("NHI_BIN")
}

/// The provider binary that this run built.
pub fn provider() -> Found<PathBuf> {
    built("NHI_PROVIDER_BIN")
}

fn built(variable: &str) -> Found<PathBuf> {
    match env::var_os(variable).filter(|value: &OsString| !value.is_empty()) {
        Some(path) => Found::Ready(PathBuf::from(path)),
        None => Found::Missing(format!(
            "`{variable}` does not name the built program; `tests/run` builds it and runs the tests"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, listed};

    const LIST: &str = "terraform\tready\t/a b/terraform\ntofu-1.12.6\tmissing\tno `go`: install it\n\
                        terraform-1.9.8\tleft-out\tnot in the default run\n";

    #[test]
    fn the_list_says_ready_left_out_or_missing() {
        let ready = listed(LIST, "terraform").unwrap();
        assert!(matches!(ready, Found::Ready(client) if client.program.as_os_str() == "/a b/terraform"));
        let missing = listed(LIST, "tofu-1.12.6").unwrap();
        assert!(matches!(missing, Found::Missing(why) if why == "no `go`: install it"));
        assert!(matches!(listed(LIST, "terraform-1.9.8").unwrap(), Found::LeftOut(_)));
        listed(LIST, "terraform-1.9").unwrap_err();
    }
}
