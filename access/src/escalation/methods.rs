//! The methods by which a principal comes to rights that are not its own, each with all that it takes. Collected from
//! published research on AWS (pathfinding.cloud, Rhino Security Labs); the sentences are ours.

use super::{Leads, Method};

const fn method(leads: Leads, steps: &'static [&'static str]) -> Method {
    Method { leads, service: None, steps }
}

const fn pass(service: &'static str, steps: &'static [&'static str]) -> Method {
    Method { leads: Leads::AnyRole, service: Some(service), steps }
}

const fn existing(steps: &'static [&'static str]) -> Method {
    method(Leads::RoleInUse, steps)
}

const EC2: &str = "ec2.amazonaws.com";
const LAMBDA: &str = "lambda.amazonaws.com";
const CLOUDFORMATION: &str = "cloudformation.amazonaws.com";
const CODEBUILD: &str = "codebuild.amazonaws.com";
const DATA_PIPELINE: &str = "datapipeline.amazonaws.com";
const TASKS: &str = "ecs-tasks.amazonaws.com";
const GLUE: &str = "glue.amazonaws.com";
const SAGEMAKER: &str = "sagemaker.amazonaws.com";

/// Each list of steps is all that is needed, beside handing over a role where a service is named.
pub(super) static METHODS: &[Method] = &[
    // Rewriting one's own rights.
    method(Leads::Administrator, &["iam:CreatePolicyVersion"]),
    method(Leads::Administrator, &["iam:SetDefaultPolicyVersion"]),
    method(Leads::Administrator, &["iam:PutRolePolicy"]),
    method(Leads::Administrator, &["iam:PutUserPolicy"]),
    method(Leads::Administrator, &["iam:PutGroupPolicy"]),
    method(Leads::Administrator, &["iam:AttachUserPolicy"]),
    method(Leads::Administrator, &["iam:AttachRolePolicy"]),
    method(Leads::Administrator, &["iam:AttachGroupPolicy"]),
    method(Leads::Administrator, &["iam:AddUserToGroup"]),
    // Becoming someone else.
    method(Leads::AnyUser, &["iam:CreateAccessKey"]),
    method(Leads::AnyUser, &["iam:CreateLoginProfile"]),
    method(Leads::AnyUser, &["iam:UpdateLoginProfile"]),
    method(Leads::AnyRole, &["iam:UpdateAssumeRolePolicy"]),
    // Handing a role to something new.
    pass(EC2, &["ec2:RunInstances"]),
    pass(EC2, &["ec2:RequestSpotInstances"]),
    pass(EC2, &["ec2:AssociateIamInstanceProfile"]),
    pass(EC2, &["autoscaling:CreateLaunchConfiguration", "autoscaling:CreateAutoScalingGroup"]),
    pass(LAMBDA, &["lambda:CreateFunction", "lambda:InvokeFunction"]),
    pass(LAMBDA, &["lambda:CreateFunction", "lambda:AddPermission"]),
    pass(LAMBDA, &["lambda:CreateFunction", "lambda:CreateEventSourceMapping"]),
    pass(CLOUDFORMATION, &["cloudformation:CreateStack"]),
    pass(CLOUDFORMATION, &["cloudformation:CreateStackSet", "cloudformation:CreateStackInstances"]),
    pass(CLOUDFORMATION, &["cloudformation:UpdateStackSet"]),
    pass(CODEBUILD, &["codebuild:CreateProject", "codebuild:StartBuild"]),
    pass(CODEBUILD, &["codebuild:CreateProject", "codebuild:StartBuildBatch"]),
    pass(CODEBUILD, &["codebuild:UpdateProject", "codebuild:StartBuild"]),
    pass(
        DATA_PIPELINE,
        &[
            "datapipeline:CreatePipeline",
            "datapipeline:PutPipelineDefinition",
            "datapipeline:ActivatePipeline",
        ],
    ),
    pass(TASKS, &["ecs:RegisterTaskDefinition", "ecs:RunTask"]),
    pass(TASKS, &["ecs:RegisterTaskDefinition", "ecs:StartTask"]),
    pass(TASKS, &["ecs:RegisterTaskDefinition", "ecs:CreateService"]),
    pass(GLUE, &["glue:CreateDevEndpoint"]),
    pass(GLUE, &["glue:CreateJob", "glue:StartJobRun"]),
    pass(GLUE, &["glue:CreateJob", "glue:CreateTrigger"]),
    pass(GLUE, &["glue:UpdateJob", "glue:StartJobRun"]),
    pass(GLUE, &["glue:UpdateJob", "glue:CreateTrigger"]),
    pass(SAGEMAKER, &["sagemaker:CreateNotebookInstance"]),
    pass(SAGEMAKER, &["sagemaker:CreateTrainingJob"]),
    pass(SAGEMAKER, &["sagemaker:CreateProcessingJob"]),
    pass("build.apprunner.amazonaws.com", &["apprunner:CreateService"]),
    pass("tasks.apprunner.amazonaws.com", &["apprunner:CreateService"]),
    pass(
        "bedrock-agentcore.amazonaws.com",
        &[
            "bedrock-agentcore:CreateCodeInterpreter",
            "bedrock-agentcore:StartCodeInterpreterSession",
            "bedrock-agentcore:InvokeCodeInterpreter",
        ],
    ),
    pass("codestar.amazonaws.com", &["codestar:CreateProject"]),
    // Making something that already has a role do one's own work.
    existing(&["lambda:UpdateFunctionCode"]),
    existing(&["lambda:UpdateFunctionConfiguration"]),
    existing(&["apprunner:UpdateService"]),
    existing(&["bedrock-agentcore:StartCodeInterpreterSession", "bedrock-agentcore:InvokeCodeInterpreter"]),
    existing(&["cloudformation:UpdateStack"]),
    existing(&["cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"]),
    existing(&["codebuild:StartBuild"]),
    existing(&["codebuild:StartBuildBatch"]),
    existing(&["ec2-instance-connect:SendSSHPublicKey"]),
    existing(&["ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"]),
    existing(&["ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"]),
    existing(&["ecs:ExecuteCommand", "ecs:DescribeTasks"]),
    existing(&["glue:UpdateDevEndpoint"]),
    existing(&["sagemaker:CreatePresignedNotebookInstanceUrl"]),
    existing(&[
        "sagemaker:CreateNotebookInstanceLifecycleConfig",
        "sagemaker:StopNotebookInstance",
        "sagemaker:UpdateNotebookInstance",
        "sagemaker:StartNotebookInstance",
    ]),
    existing(&["ssm:StartSession"]),
    existing(&["ssm:SendCommand"]),
];
