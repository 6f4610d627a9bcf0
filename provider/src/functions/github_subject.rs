//! `github_subject`: what the tokens of a job of GitHub Actions say of it.

use nhi_identity::subject::{Github, GithubIds, GithubJob, github};
use nhi_proto::{Arguments, Function, FunctionError, Signature, Type};

use super::options::{Known, Options, attributes, parameter};

/// `provider::nhi::github_subject({ … })`.
pub(super) struct GithubSubject;

const KNOWN: [Known; 8] = [
    ("repository", "the repository, as `OWNER/NAME`. Required."),
    (
        "owner_id",
        "the number of the owner, for repositories whose tokens carry numbers: those made, renamed or moved since July 2026, \
         and those that chose to. Goes with `repository_id`.",
    ),
    ("repository_id", "the number of the repository. Goes with `owner_id`."),
    ("branch", "jobs on this branch, `main`."),
    ("tag", "jobs on this tag, `v1.2.3`."),
    ("ref", "jobs on this full reference, `refs/heads/main`."),
    (
        "environment",
        "jobs that name this environment; GitHub then says nothing of the branch in the subject.",
    ),
    ("pull_request", "`true` for jobs that a pull request starts."),
];

impl Function for GithubSubject {
    type Answer = String;

    fn name(&self) -> &'static str {
        "github_subject"
    }

    fn signature(&self) -> Signature {
        let description = format!(
            "Answers the subject (`sub`) of the tokens that GitHub gives to such a job, to compare with in a trust policy or \
             an `nhi_federation`: `repo:acme/app:ref:refs/heads/main`, or with the numbers that GitHub never gives out again \
             `repo:acme@123456/app@456789:ref:refs/heads/main`. A subject of names alone also fits whoever takes over the \
             name, so give the numbers where the repository's tokens carry them. A colon in the name of an environment is \
             written `%3A`, as GitHub does. Repositories whose subjects follow a template of their own are not covered, and \
             neither are wildcards: a subject names one thing.\n\nThe object has `repository` and exactly one of `branch`, \
             `tag`, `ref`, `environment` and `pull_request`:\n{}",
            attributes(&KNOWN)
        );
        Signature::new("Tells the subject of a job of GitHub Actions.", Type::String)
            .describe(&description)
            .parameter(parameter("job", "which jobs"))
    }

    fn call(&self, arguments: &Arguments<'_>) -> Result<String, FunctionError> {
        let options = Options::of(arguments, "job", &KNOWN)?;
        let ids = match (options.text("owner_id")?, options.text("repository_id")?) {
            (Some(owner), Some(repository)) => Some(GithubIds { owner, repository }),
            (None, None) => None,
            (owner, _) => {
                let missing = if owner.is_some() { "repository_id" } else { "owner_id" };
                return Err(options
                    .wrong(format!("`owner_id` and `repository_id` go together: `{missing}` is missing")));
            }
        };
        let repository = options.required("repository")?;
        github(&Github { repository, ids, job: job(&options)? })
            .map_err(|error| options.wrong(error.to_string()))
    }
}

fn job(options: &Options<'_>) -> Result<GithubJob, FunctionError> {
    let pull_request = options.truth("pull_request")?.unwrap_or(false).then_some(GithubJob::PullRequest);
    let given = [
        options.text("branch")?.map(GithubJob::Branch),
        options.text("tag")?.map(GithubJob::Tag),
        options.text("ref")?.map(GithubJob::Reference),
        options.text("environment")?.map(GithubJob::Environment),
        pull_request,
    ];
    let mut given = given.into_iter().flatten();
    match (given.next(), given.next()) {
        (Some(job), None) => Ok(job),
        _ => Err(options.wrong(
            "exactly one of `branch`, `tag`, `ref`, `environment` and `pull_request` says which jobs",
        )),
    }
}
