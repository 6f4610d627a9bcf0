//! Paths made of several steps: handing a role to a service and making the service act with it.

use crate::comparison::Region;
use crate::request::Request;
use crate::scope::{Answer, Scope};
use crate::weight::takes;
use crate::world::World;

/// What it takes, beside `iam:PassRole`, to run one's own work as a role that a service was handed.
#[derive(Debug, PartialEq, Eq)]
pub struct Path {
    service: &'static str,
    steps: &'static [&'static str],
}

const PASS: &str = "iam:PassRole";

/// Each list is all that is needed.
const PATHS: &[Path] = &[
    Path { service: "ec2.amazonaws.com", steps: &["ec2:RunInstances"] },
    Path { service: "ec2.amazonaws.com", steps: &["ec2:RequestSpotInstances"] },
    Path { service: "lambda.amazonaws.com", steps: &["lambda:CreateFunction", "lambda:InvokeFunction"] },
    Path { service: "lambda.amazonaws.com", steps: &["lambda:CreateFunction", "lambda:AddPermission"] },
    Path {
        service: "lambda.amazonaws.com",
        steps: &["lambda:CreateFunction", "lambda:CreateEventSourceMapping"],
    },
    Path { service: "cloudformation.amazonaws.com", steps: &["cloudformation:CreateStack"] },
    Path { service: "codebuild.amazonaws.com", steps: &["codebuild:CreateProject", "codebuild:StartBuild"] },
    Path {
        service: "codebuild.amazonaws.com",
        steps: &["codebuild:CreateProject", "codebuild:StartBuildBatch"],
    },
    Path { service: "ecs-tasks.amazonaws.com", steps: &["ecs:RegisterTaskDefinition", "ecs:RunTask"] },
    Path { service: "ecs-tasks.amazonaws.com", steps: &["ecs:RegisterTaskDefinition", "ecs:StartTask"] },
    Path { service: "ecs-tasks.amazonaws.com", steps: &["ecs:RegisterTaskDefinition", "ecs:CreateService"] },
    Path { service: "glue.amazonaws.com", steps: &["glue:CreateDevEndpoint"] },
    Path { service: "glue.amazonaws.com", steps: &["glue:CreateJob", "glue:StartJobRun"] },
    Path { service: "glue.amazonaws.com", steps: &["glue:UpdateJob", "glue:StartJobRun"] },
    Path { service: "sagemaker.amazonaws.com", steps: &["sagemaker:CreateNotebookInstance"] },
    Path { service: "sagemaker.amazonaws.com", steps: &["sagemaker:CreateTrainingJob"] },
    Path { service: "sagemaker.amazonaws.com", steps: &["sagemaker:CreateProcessingJob"] },
];

/// The paths that are complete after and were not before, for a principal that may pass roles nobody singled out:
/// an administrator's among them. The steps may come from different statements, old and new.
pub fn new_paths(before: &World, after: &World) -> Vec<&'static Path> {
    let Some(passed) = passes_any_role(after) else { return Vec::new() };
    let held = passes_any_role(before);
    PATHS
        .iter()
        .filter(|path| path.is_open(after, &passed))
        .filter(|path| !held.as_ref().is_some_and(|held| path.is_open(before, held)))
        .collect()
}

impl Path {
    /// Does the region grant one of the steps?
    pub fn leads_through(&self, region: &Region) -> bool {
        takes(region, PASS) || self.steps.iter().any(|step| takes(region, step))
    }

    fn is_open(&self, world: &World, passed: &Request) -> bool {
        let key = passed.context.iter().find(|(key, _)| key.eq_ignore_ascii_case("iam:PassedToService"));
        key.is_none_or(|(_, values)| values.iter().any(|value| value == self.service))
            && self.steps.iter().all(|step| may(world, step, Vec::new()).is_some())
    }
}

/// A request to pass a role of the account that no policy names.
fn passes_any_role(world: &World) -> Option<Request> {
    let role = |account: &str| format!("arn:aws:iam::{account}:role/any-role-at-all");
    may(world, PASS, vec![role(world.account.as_deref().unwrap_or("*"))])
}

fn may(world: &World, action: &str, resources: Vec<String>) -> Option<Request> {
    // Most steps are not so much as named.
    if !world.may_name(action) {
        return None;
    }
    match world.may(&Scope { actions: vec![action.to_owned()], resources, ..Scope::default() }) {
        Answer::Yes(request) => Some(*request),
        Answer::No | Answer::Undecided(_) => None,
    }
}
