//! Subjects of runs of HCP Terraform and Terraform Enterprise.

use super::{SubjectError, Wanted};

/// The project that every organisation begins with.
pub const DEFAULT_PROJECT: &str = "Default Project";

/// What a run is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terraform {
    /// The organisation.
    pub organization: String,
    /// The project of the workspace.
    pub project: String,
    /// The workspace.
    pub workspace: String,
    /// Which half of a run; the two should not have the same rights.
    pub run_phase: RunPhase,
}

/// One half of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunPhase {
    /// It reads.
    Plan,
    /// It writes.
    Apply,
}

impl RunPhase {
    /// Both, as users write them.
    pub const ALL: [(&'static str, Self); 2] = [("plan", Self::Plan), ("apply", Self::Apply)];

    /// Reads the user's word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(word, _)| *word == text).map(|(_, phase)| phase)
    }

    /// The user's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Apply => "apply",
        }
    }
}

const NAME: Wanted =
    Wanted { what: "a name of HCP Terraform", rule: "write ASCII letters, digits, hyphens and underscores" };

const PROJECT: Wanted = Wanted {
    what: "a project of HCP Terraform",
    rule: "write 1 to 40 ASCII letters, digits, hyphens, underscores and single spaces between them",
};

/// The subject that the tokens of such a run carry.
pub fn terraform(parts: &Terraform) -> Result<String, SubjectError> {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    for (attribute, name, longest) in
        [("organization", &parts.organization, 40), ("workspace", &parts.workspace, 90)]
    {
        NAME.check(attribute, name, |name| (1..=longest).contains(&name.len()) && name.chars().all(plain))?;
    }
    PROJECT.check("project", &parts.project, |name| {
        name.len() <= 40 && name.split(' ').all(|word| !word.is_empty() && word.chars().all(plain))
    })?;
    let Terraform { organization, project, workspace, run_phase } = parts;
    let phase = run_phase.as_str();
    Ok(format!("organization:{organization}:project:{project}:workspace:{workspace}:run_phase:{phase}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(names: [&str; 3], run_phase: RunPhase, expected: &str) {
        let [organization, project, workspace] = names.map(str::to_owned);
        let parts = Terraform { organization, project, workspace, run_phase };
        let told = terraform(&parts).unwrap_or_else(|error| error.to_string());
        assert!(told.starts_with(expected), "{parts:?}\nis     {told}\nand not {expected}");
    }

    #[test]
    fn subjects_are_spelled_as_the_tokens_do() {
        check(
            ["acme", DEFAULT_PROJECT, "checkout-prod"],
            RunPhase::Apply,
            "organization:acme:project:Default Project:workspace:checkout-prod:run_phase:apply",
        );
        check(
            ["acme", "platform", "net_1"],
            RunPhase::Plan,
            "organization:acme:project:platform:workspace:net_1:run_phase:plan",
        );
        assert_eq!(RunPhase::ALL.map(|(word, phase)| word == phase.as_str()), [true, true]);
        assert_eq!(RunPhase::parse("test"), None);
    }

    #[test]
    fn what_terraform_has_not_is_refused() {
        for (names, expected) in [
            (["", "p", "w"], "`organization`: `` is not a name"),
            (["a:b", "p", "w"], "`organization`: `a:b` is not a name"),
            (["*", "p", "w"], "`organization`: `*` holds a wildcard"),
            (["acme", "p  q", "w"], "`project`: `p  q` is not a project"),
            (["acme", "", "w"], "`project`: `` is not a project"),
            (["acme", "p", "w x"], "`workspace`: `w x` is not a name"),
            (["acme", "p", "prod-*"], "`workspace`: `prod-*` holds a wildcard"),
        ] {
            check(names, RunPhase::Plan, expected);
        }
    }
}
