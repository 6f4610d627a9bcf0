//! Subjects of GitHub Actions: `repo:acme/app:ref:refs/heads/main`, or with numbers that outlive a renaming.

use super::{SubjectError, Wanted, reference};

/// What a job of GitHub Actions is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Github {
    /// `OWNER/NAME`.
    pub repository: String,
    /// The numbers, where the repository's tokens carry them.
    pub ids: Option<GithubIds>,
    /// Which jobs of it.
    pub job: GithubJob,
}

/// The numbers that GitHub never gives out twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GithubIds {
    /// Of the owner.
    pub owner: String,
    /// Of the repository.
    pub repository: String,
}

/// What decides the last part of the subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GithubJob {
    /// Jobs on a branch.
    Branch(String),
    /// Jobs on a tag.
    Tag(String),
    /// Jobs on a full reference, `refs/heads/main`.
    Reference(String),
    /// Jobs that name an environment, on whichever reference.
    Environment(String),
    /// Jobs that a pull request starts.
    PullRequest,
}

const REPOSITORY: Wanted = Wanted {
    what: "a repository of GitHub",
    rule: "write OWNER/NAME, `acme/app`, of ASCII letters, digits and hyphens, in the name also dots and underscores",
};

const ID: Wanted = Wanted { what: "a number of GitHub", rule: "write the digits that its API shows as `id`" };

const ENVIRONMENT: Wanted =
    Wanted { what: "an environment of GitHub", rule: "write its name, 1 to 255 characters" };

const REFERENCE: Wanted = Wanted {
    what: "a full reference",
    rule: "write it from its beginning, `refs/heads/main` or `refs/tags/v1`",
};

/// The subject that the tokens of such a job carry, as long as nobody customised the template.
pub fn github(parts: &Github) -> Result<String, SubjectError> {
    let (owner, name) = split(&parts.repository)?;
    let repository = match &parts.ids {
        None => format!("repo:{owner}/{name}"),
        Some(ids) => {
            for (attribute, id) in [("owner_id", &ids.owner), ("repository_id", &ids.repository)] {
                ID.check(attribute, id, number)?;
            }
            format!("repo:{owner}@{}/{name}@{}", ids.owner, ids.repository)
        }
    };
    Ok(match &parts.job {
        GithubJob::Branch(branch) => {
            reference::check("branch", branch)?;
            format!("{repository}:ref:refs/heads/{branch}")
        }
        GithubJob::Tag(tag) => {
            reference::check("tag", tag)?;
            format!("{repository}:ref:refs/tags/{tag}")
        }
        GithubJob::Reference(full) => {
            REFERENCE.check("ref", full, |full| {
                full.strip_prefix("refs/").is_some_and(|name| name.contains('/'))
            })?;
            reference::check("ref", full)?;
            format!("{repository}:ref:{full}")
        }
        GithubJob::Environment(environment) => {
            ENVIRONMENT.check("environment", environment, |name| {
                let plain = |letter: char| !letter.is_control() && !"*?".contains(letter);
                (1..=255).contains(&name.chars().count()) && name.chars().all(plain)
            })?;
            // A colon parts the subject, so GitHub writes one within a name in its escaped form.
            format!("{repository}:environment:{}", environment.replace(':', "%3A"))
        }
        GithubJob::PullRequest => format!("{repository}:pull_request"),
    })
}

fn split(repository: &str) -> Result<(&str, &str), SubjectError> {
    let owner_fits = |owner: &str| {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
        (1..=39).contains(&owner.len()) && owner.chars().all(plain) && !owner.starts_with('-')
    };
    let name_fits = |name: &str| {
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
        (1..=100).contains(&name.len()) && name.chars().all(plain) && !matches!(name, "." | "..")
    };
    let halves = repository.split_once('/').filter(|(owner, name)| owner_fits(owner) && name_fits(name));
    halves.ok_or_else(|| REPOSITORY.refuse("repository", repository))
}

/// Digits without a leading zero.
fn number(text: &str) -> bool {
    (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(parts: &Github, expected: &str) {
        let told = github(parts).unwrap_or_else(|error| error.to_string());
        assert!(told.starts_with(expected), "{parts:?}\nis     {told}\nand not {expected}");
    }

    fn of(repository: &str, job: GithubJob) -> Github {
        Github { repository: repository.to_owned(), ids: None, job }
    }

    #[test]
    fn subjects_are_spelled_as_the_tokens_do() {
        use GithubJob::{Branch, Environment, PullRequest, Reference, Tag};
        let text = str::to_owned;
        for (job, tail) in [
            (Branch(text("main")), "ref:refs/heads/main"),
            (Branch(text("release/1.x")), "ref:refs/heads/release/1.x"),
            (Tag(text("v1.2.3")), "ref:refs/tags/v1.2.3"),
            (Reference(text("refs/pull/7/merge")), "ref:refs/pull/7/merge"),
            (Environment(text("production")), "environment:production"),
            (Environment(text("eu: live")), "environment:eu%3A live"),
            (PullRequest, "pull_request"),
        ] {
            check(&of("acme/app", job.clone()), &format!("repo:acme/app:{tail}"));
            let ids = GithubIds { owner: text("123456"), repository: text("456789") };
            check(
                &Github { ids: Some(ids), ..of("acme/app", job) },
                &format!("repo:acme@123456/app@456789:{tail}"),
            );
        }
        check(&of("acme-corp/my_app.js", PullRequest), "repo:acme-corp/my_app.js:pull_request");
    }

    #[test]
    fn what_github_has_not_is_refused() {
        use GithubJob::{Branch, Environment, PullRequest, Reference, Tag};
        let text = str::to_owned;
        for repository in [
            "",
            "acme",
            "acme/",
            "/app",
            "acme/app/x",
            "a cme/app",
            "acme/..",
            "-acme/app",
            "acme:x/app",
            "acme@1/app@2",
        ] {
            check(&of(repository, PullRequest), "`repository`: `");
        }
        check(&of("acme/*", PullRequest), "`repository`: `acme/*` holds a wildcard");
        for (job, expected) in [
            (Branch(text("refs heads")), "`branch`: `refs heads` is not a name git knows"),
            (Branch(text("*")), "`branch`: `*` holds a wildcard"),
            (Tag(text("v*")), "`tag`: `v*` holds a wildcard"),
            (Tag(text("")), "`tag`: `` is not a name git knows"),
            (Reference(text("main")), "`ref`: `main` is not a full reference"),
            (Reference(text("refs/main")), "`ref`: `refs/main` is not a full reference"),
            (Environment(text("")), "`environment`: `` is not an environment"),
            (Environment(text("prod-*")), "`environment`: `prod-*` holds a wildcard"),
            (Environment(text("a\nb")), "`environment`: `a\\nb` is not an environment"),
        ] {
            check(&of("acme/app", job), expected);
        }
        for (owner, repository, expected) in
            [("x", "1", "`owner_id`: `x`"), ("1", "", "`repository_id`: ``"), ("01", "1", "`owner_id`: `01`")]
        {
            let ids = Some(GithubIds { owner: text(owner), repository: text(repository) });
            check(&Github { ids, ..of("acme/app", PullRequest) }, expected);
        }
    }

    proptest! {
        /// Two different jobs never share a subject: no name can reach over the colon that ends it.
        #[test]
        fn an_environment_stays_within_its_part(name in "[a-z:@/. ]{1,20}") {
            let job = GithubJob::Environment(name.clone());
            let told = github(&of("acme/app", job)).unwrap();
            prop_assert_eq!(told.split(':').count(), 4);
            prop_assert_eq!(told.rsplit(':').next().unwrap().replace("%3A", ":"), name);
        }

        #[test]
        fn any_text_is_an_answer(text in "\\PC{0,20}") {
            drop(github(&of(&text, GithubJob::Branch(text.clone()))));
        }
    }
}
