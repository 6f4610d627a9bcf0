//! Subjects of GitLab CI: `project_path:acme/app:ref_type:branch:ref:main`.

use super::{SubjectError, Wanted, reference};

/// What a job of GitLab CI is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gitlab {
    /// `GROUP/PROJECT`, with every subgroup between.
    pub project: String,
    /// The reference it runs on.
    pub reference: GitlabRef,
    /// The claims that the project's subjects are made of, in order; by default path, kind and name of the reference.
    pub components: Option<Vec<String>>,
}

/// What a job runs on; a merge request runs on its source branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GitlabRef {
    /// A branch.
    Branch(String),
    /// A tag.
    Tag(String),
}

const PROJECT: Wanted = Wanted {
    what: "a project of GitLab",
    rule: "write its whole path, `acme/platform/app`, of ASCII letters, digits, dots, hyphens and underscores",
};

const COMPONENTS: Wanted = Wanted {
    what: "a list of claims that GitLab makes subjects of",
    rule: "`project_path` comes first, then `ref_type`, `ref` or both, each once",
};

/// The subject that the tokens of such a job carry.
pub fn gitlab(parts: &Gitlab) -> Result<String, SubjectError> {
    PROJECT.check("project", &parts.project, |path| path.contains('/') && path.split('/').all(segment))?;
    let (attribute, kind, name) = match &parts.reference {
        GitlabRef::Branch(branch) => ("branch", "branch", branch),
        GitlabRef::Tag(tag) => ("tag", "tag", tag),
    };
    reference::check(attribute, name)?;
    let default = ["project_path", "ref_type", "ref"].map(str::to_owned);
    let components = parts.components.as_deref().unwrap_or(&default);
    let known = |words: &[&str]| components.iter().map(String::as_str).eq(words.iter().copied());
    // The only four that GitLab lets a project choose.
    let fits = [
        &["project_path", "ref_type", "ref"][..],
        &["project_path", "ref", "ref_type"],
        &["project_path", "ref"],
        &["project_path", "ref_type"],
    ]
    .into_iter()
    .any(known);
    if !fits {
        return Err(COMPONENTS.refuse("components", &components.join(", ")));
    }
    let claims = components.iter().map(|claim| match claim.as_str() {
        "ref_type" => format!("ref_type:{kind}"),
        "ref" => format!("ref:{name}"),
        _ => format!("project_path:{}", parts.project),
    });
    Ok(claims.collect::<Vec<_>>().join(":"))
}

fn segment(text: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    !text.is_empty() && text.chars().all(plain) && !text.starts_with(['-', '.'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(project: &str, reference: GitlabRef, components: Option<&[&str]>, expected: &str) {
        let components = components.map(|all| all.iter().copied().map(str::to_owned).collect());
        let parts = Gitlab { project: project.to_owned(), reference, components };
        let told = gitlab(&parts).unwrap_or_else(|error| error.to_string());
        assert!(told.starts_with(expected), "{parts:?}\nis     {told}\nand not {expected}");
    }

    #[test]
    fn subjects_are_spelled_as_the_tokens_do() {
        use GitlabRef::{Branch, Tag};
        let main = || Branch("main".to_owned());
        check("acme/app", main(), None, "project_path:acme/app:ref_type:branch:ref:main");
        check("acme/a/b/app", Tag("v1".into()), None, "project_path:acme/a/b/app:ref_type:tag:ref:v1");
        check("acme/app", main(), Some(&["project_path", "ref"]), "project_path:acme/app:ref:main");
        check(
            "acme/app",
            main(),
            Some(&["project_path", "ref", "ref_type"]),
            "project_path:acme/app:ref:main:ref_type:branch",
        );
        check(
            "acme/app",
            main(),
            Some(&["project_path", "ref_type"]),
            "project_path:acme/app:ref_type:branch",
        );
    }

    #[test]
    fn what_gitlab_has_not_is_refused() {
        use GitlabRef::{Branch, Tag};
        let main = || Branch("main".to_owned());
        for project in ["", "app", "acme//app", "acme/app/", "acme/a b", "acme/-app", "acme:x/app"] {
            check(project, main(), None, "`project`: `");
        }
        check("acme/*", main(), None, "`project`: `acme/*` holds a wildcard");
        check("acme/app", Branch("refs:main".into()), None, "`branch`: `refs:main` is not");
        check("acme/app", Tag("v*".into()), None, "`tag`: `v*` holds a wildcard");
        for components in
            [&[][..], &["ref"], &["project_path"], &["ref", "project_path"], &["project_path", "x"]]
        {
            check("acme/app", main(), Some(components), "`components`: `");
        }
    }
}
