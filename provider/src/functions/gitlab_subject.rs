//! `gitlab_subject`: what the tokens of a job of GitLab CI say of it.

use nhi_identity::subject::{Gitlab, GitlabRef, gitlab};
use nhi_proto::{Arguments, Function, FunctionError, Signature, Type};

use super::options::{Known, Options, attributes, parameter};

/// `provider::nhi::gitlab_subject({ … })`.
pub(super) struct GitlabSubject;

const KNOWN: [Known; 4] = [
    ("project", "the whole path of the project, `acme/platform/app`. Required."),
    ("branch", "jobs on this branch, `main`; a merge request runs on its source branch."),
    ("tag", "jobs on this tag, `v1.2.3`."),
    (
        "components",
        "the claims that the project makes its subjects of, where it changed them (`ci_id_token_sub_claim_components`); \
         `[\"project_path\", \"ref_type\", \"ref\"]` without it.",
    ),
];

impl Function for GitlabSubject {
    type Answer = String;

    fn name(&self) -> &'static str {
        "gitlab_subject"
    }

    fn signature(&self) -> Signature {
        let description = format!(
            "Answers the subject (`sub`) of the tokens that GitLab gives to such a job: \
             `project_path:acme/app:ref_type:branch:ref:main`. The kind of the reference is part of it, so that a tag cannot \
             stand for a branch of the same name. A subject does not say whether a branch is protected: hold `ref_protected` \
             to `true` besides, where the platform that takes the token can.\n\nThe object has `project` and one of \
             `branch` and `tag`:\n{}",
            attributes(&KNOWN)
        );
        Signature::new("Tells the subject of a job of GitLab CI.", Type::String)
            .describe(&description)
            .parameter(parameter("job", "which jobs"))
    }

    fn call(&self, arguments: &Arguments<'_>) -> Result<String, FunctionError> {
        let options = Options::of(arguments, "job", &KNOWN)?;
        let reference = match (options.text("branch")?, options.text("tag")?) {
            (Some(branch), None) => GitlabRef::Branch(branch),
            (None, Some(tag)) => GitlabRef::Tag(tag),
            _ => return Err(options.wrong("exactly one of `branch` and `tag` says which jobs")),
        };
        let project = options.required("project")?;
        let components = options.texts("components")?;
        gitlab(&Gitlab { project, reference, components }).map_err(|error| options.wrong(error.to_string()))
    }
}
