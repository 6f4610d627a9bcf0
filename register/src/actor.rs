//! Who writes: the person or pipeline behind a run, and how we know.

use std::fmt;

/// Who writes, with the source of that knowledge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The name, as its source gives it.
    pub name: String,
    /// Where the name comes from: a variable's name, `os user`, or `none`.
    pub source: String,
}

/// The variable that names the actor by hand; it wins over everything.
pub const BY_HAND: &str = "NHI_ACTOR";

/// Variables in which pipelines name who started them, in the order we ask: the more specific system first.
pub const PIPELINES: [&str; 13] = [
    "GITHUB_ACTOR",
    "GITLAB_USER_LOGIN",
    "BUILDKITE_BUILD_CREATOR",
    "CIRCLE_USERNAME",
    "BUILD_REQUESTEDFOR",
    "BITBUCKET_STEP_TRIGGERER_UUID",
    "CODEBUILD_INITIATOR",
    "DRONE_COMMIT_AUTHOR",
    "CI_PIPELINE_AUTHOR",
    "SEMAPHORE_GIT_COMMITTER",
    "BUILD_USER_ID",
    "ENV0_DEPLOYER_NAME",
    "TFC_RUN_ID",
];

impl Actor {
    /// Who writes, by `NHI_ACTOR`, else by the pipeline's variable, else the user of the operating system. A variable
    /// without content counts as not set.
    pub fn find(variable: impl Fn(&str) -> Option<String>, user: impl FnOnce() -> Option<String>) -> Self {
        let filled = |name: &str| {
            variable(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
        };
        let named = std::iter::once(BY_HAND)
            .chain(PIPELINES)
            .find_map(|source| filled(source).map(|name| Self { name, source: source.to_owned() }));
        named
            .or_else(|| user().map(|name| Self { name, source: "os user".to_owned() }))
            .unwrap_or_else(|| Self { name: "unknown".to_owned(), source: "none".to_owned() })
    }

    /// Who writes, by this process's environment and user.
    pub fn of_process() -> Self {
        Self::find(|name| std::env::var(name).ok(), os_user)
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.source)
    }
}

/// The user as the system knows it, else as the environment says.
pub(crate) fn os_user() -> Option<String> {
    account_of_process().or_else(|| {
        ["USER", "LOGNAME", "USERNAME"]
            .into_iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    })
}

/// The account that owns this process, where the system shows it as a file.
#[cfg(target_os = "linux")]
fn account_of_process() -> Option<String> {
    use std::os::unix::fs::MetadataExt;

    let id = std::fs::metadata("/proc/self").ok()?.uid().to_string();
    let accounts = std::fs::read_to_string("/etc/passwd").ok()?;
    accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == id).then(|| name.to_owned())
    })
}

#[cfg(not(target_os = "linux"))]
fn account_of_process() -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_source_wins() {
        let check = |variables: &[(&str, &str)], user: Option<&str>, expected: (&str, &str)| {
            let variable = |asked: &str| {
                variables.iter().find(|(name, _)| *name == asked).map(|(_, value)| (*value).to_owned())
            };
            let actor = Actor::find(variable, || user.map(str::to_owned));
            assert_eq!((actor.name.as_str(), actor.source.as_str()), expected);
        };
        let pipeline = ("GITHUB_ACTOR", "octocat");
        check(&[("NHI_ACTOR", "alice"), pipeline], Some("root"), ("alice", "NHI_ACTOR"));
        check(&[("NHI_ACTOR", " "), pipeline], Some("root"), ("octocat", "GITHUB_ACTOR"));
        check(&[("GITLAB_USER_LOGIN", "bob")], Some("root"), ("bob", "GITLAB_USER_LOGIN"));
        check(&[("USER", "carol")], Some("root"), ("root", "os user"));
        check(&[], None, ("unknown", "none"));
    }
}
