//! `terraform_cloud_subject`: what the tokens of a run of HCP Terraform say of it.

use nhi_identity::subject::{DEFAULT_PROJECT, RunPhase, Terraform, terraform};
use nhi_proto::{Arguments, Function, FunctionError, Signature, Type};

use super::options::{Known, Options, attributes, parameter};

/// `provider::nhi::terraform_cloud_subject({ … })`.
pub(super) struct TerraformCloudSubject;

const KNOWN: [Known; 4] = [
    ("organization", "the organisation. Required."),
    ("project", "the project of the workspace; `Default Project` without it."),
    ("workspace", "the workspace. Required."),
    (
        "run_phase",
        "`plan` or `apply`. Required: the two are best given roles of their own, one that reads and one that writes.",
    ),
];

impl Function for TerraformCloudSubject {
    type Answer = String;

    fn name(&self) -> &'static str {
        "terraform_cloud_subject"
    }

    fn signature(&self) -> Signature {
        let description = format!(
            "Answers the subject (`sub`) of the tokens that HCP Terraform and Terraform Enterprise give to such a run: \
             `organization:acme:project:platform:workspace:network:run_phase:apply`.\n\nThe object has these \
             attributes:\n{}",
            attributes(&KNOWN)
        );
        Signature::new("Tells the subject of a run of HCP Terraform.", Type::String)
            .describe(&description)
            .parameter(parameter("run", "which runs"))
    }

    fn call(&self, arguments: &Arguments<'_>) -> Result<String, FunctionError> {
        let options = Options::of(arguments, "run", &KNOWN)?;
        let phase = options.required("run_phase")?;
        let run_phase = RunPhase::parse(&phase).ok_or_else(|| {
            options.wrong(format!(
                "`run_phase`: `{}` is not a phase: write `plan` or `apply`",
                phase.escape_debug()
            ))
        })?;
        let parts = Terraform {
            organization: options.required("organization")?,
            project: options.text("project")?.unwrap_or_else(|| DEFAULT_PROJECT.to_owned()),
            workspace: options.required("workspace")?,
            run_phase,
        };
        terraform(&parts).map_err(|error| options.wrong(error.to_string()))
    }
}
