//! The policies that AWS itself manages and that are attached most: short ones by hand, longer ones from a list
//! collected in autumn 2025. AWS adds to them now and then; a file given with `--policies` counts before them.

use std::borrow::Cow;

/// By the part of the ARN after `policy/`: only texts that are short, old and certain.
const TEXTS: &[(&str, &str)] = &[
    (
        "AdministratorAccess",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
    ),
    (
        "PowerUserAccess",
        r#"{"Version":"2012-10-17","Statement":[
            {"Effect":"Allow","NotAction":["iam:*","organizations:*","account:*"],"Resource":"*"},
            {"Effect":"Allow","Action":["account:GetAccountInformation",
             "account:GetGovCloudAccountInformation","account:GetPrimaryEmail","account:ListRegions",
             "iam:CreateServiceLinkedRole","iam:DeleteServiceLinkedRole","iam:ListRoles",
             "organizations:DescribeEffectivePolicy","organizations:DescribeOrganization"],"Resource":"*"}]}"#,
    ),
    (
        "IAMFullAccess",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:*",
            "organizations:DescribeAccount","organizations:DescribeOrganization",
            "organizations:DescribeOrganizationalUnit","organizations:DescribePolicy",
            "organizations:ListChildren","organizations:ListParents","organizations:ListPoliciesForTarget",
            "organizations:ListRoots","organizations:ListPolicies","organizations:ListTargetsForPolicy"],
            "Resource":"*"}]}"#,
    ),
    (
        "AWSDenyAll",
        r#"{"Version":"2012-10-17","Statement":[{"Sid":"DenyAll","Effect":"Deny","Action":["*"],"Resource":"*"}]}"#,
    ),
    (
        "AmazonS3FullAccess",
        r#"{"Version":"2012-10-17","Statement":[
            {"Effect":"Allow","Action":["s3:*","s3-object-lambda:*"],"Resource":"*"}]}"#,
    ),
    (
        "AmazonSQSFullAccess",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sqs:*"],"Resource":"*"}]}"#,
    ),
    (
        "service-role/AWSLambdaBasicExecutionRole",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:CreateLogGroup",
            "logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}]}"#,
    ),
    (
        "AmazonS3ReadOnlyAccess",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get*","s3:List*",
            "s3:Describe*","s3-object-lambda:Get*","s3-object-lambda:List*"],"Resource":"*"}]}"#,
    ),
    (
        "AmazonSSMManagedInstanceCore",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ssm:DescribeAssociation",
            "ssm:GetDeployablePatchSnapshotForInstance","ssm:GetDocument","ssm:DescribeDocument",
            "ssm:GetManifest","ssm:GetParameter","ssm:GetParameters","ssm:ListAssociations",
            "ssm:ListInstanceAssociations","ssm:PutInventory","ssm:PutComplianceItems",
            "ssm:PutConfigurePackageResult","ssm:UpdateAssociationStatus",
            "ssm:UpdateInstanceAssociationStatus","ssm:UpdateInstanceInformation"],"Resource":"*"},
            {"Effect":"Allow","Action":["ssmmessages:CreateControlChannel","ssmmessages:CreateDataChannel",
            "ssmmessages:OpenControlChannel","ssmmessages:OpenDataChannel"],"Resource":"*"},
            {"Effect":"Allow","Action":["ec2messages:AcknowledgeMessage","ec2messages:DeleteMessage",
            "ec2messages:FailMessage","ec2messages:GetEndpoint","ec2messages:GetMessages",
            "ec2messages:SendReply"],"Resource":"*"}]}"#,
    ),
    (
        "AmazonEC2ContainerRegistryReadOnly",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ecr:GetAuthorizationToken",
            "ecr:BatchCheckLayerAvailability","ecr:GetDownloadUrlForLayer","ecr:GetRepositoryPolicy",
            "ecr:DescribeRepositories","ecr:ListImages","ecr:DescribeImages","ecr:BatchGetImage",
            "ecr:GetLifecyclePolicy","ecr:GetLifecyclePolicyPreview","ecr:ListTagsForResource",
            "ecr:DescribeImageScanFindings"],"Resource":"*"}]}"#,
    ),
    (
        "AmazonEC2ContainerRegistryPowerUser",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ecr:GetAuthorizationToken",
            "ecr:BatchCheckLayerAvailability","ecr:GetDownloadUrlForLayer","ecr:GetRepositoryPolicy",
            "ecr:DescribeRepositories","ecr:ListImages","ecr:DescribeImages","ecr:BatchGetImage",
            "ecr:GetLifecyclePolicy","ecr:GetLifecyclePolicyPreview","ecr:ListTagsForResource",
            "ecr:DescribeImageScanFindings","ecr:InitiateLayerUpload","ecr:UploadLayerPart",
            "ecr:CompleteLayerUpload","ecr:PutImage"],"Resource":"*"}]}"#,
    ),
    (
        "service-role/AmazonECSTaskExecutionRolePolicy",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ecr:GetAuthorizationToken",
            "ecr:BatchCheckLayerAvailability","ecr:GetDownloadUrlForLayer","ecr:BatchGetImage",
            "logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}]}"#,
    ),
    (
        "service-role/AWSLambdaVPCAccessExecutionRole",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["logs:CreateLogGroup",
            "logs:CreateLogStream","logs:PutLogEvents","ec2:CreateNetworkInterface",
            "ec2:DescribeNetworkInterfaces","ec2:DescribeSubnets","ec2:DeleteNetworkInterface",
            "ec2:AssignPrivateIpAddresses","ec2:UnassignPrivateIpAddresses"],"Resource":"*"}]}"#,
    ),
    (
        "service-role/AWSLambdaSQSQueueExecutionRole",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sqs:ReceiveMessage",
            "sqs:DeleteMessage","sqs:GetQueueAttributes","logs:CreateLogGroup","logs:CreateLogStream",
            "logs:PutLogEvents"],"Resource":"*"}]}"#,
    ),
    (
        "AWSXRayDaemonWriteAccess",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["xray:PutTraceSegments",
            "xray:PutTelemetryRecords","xray:GetSamplingRules","xray:GetSamplingTargets",
            "xray:GetSamplingStatisticSummaries"],"Resource":["*"]}]}"#,
    ),
    (
        "CloudWatchAgentServerPolicy",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["cloudwatch:PutMetricData",
            "ec2:DescribeVolumes","ec2:DescribeTags","logs:PutLogEvents","logs:PutRetentionPolicy",
            "logs:DescribeLogStreams","logs:DescribeLogGroups","logs:CreateLogStream","logs:CreateLogGroup",
            "xray:PutTraceSegments","xray:PutTelemetryRecords","xray:GetSamplingRules",
            "xray:GetSamplingTargets","xray:GetSamplingStatisticSummaries"],"Resource":"*"},
            {"Effect":"Allow","Action":["ssm:GetParameter"],
            "Resource":"arn:aws:ssm:*:*:parameter/AmazonCloudWatch-*"}]}"#,
    ),
    (
        "AmazonEC2FullAccess",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ec2:*","Resource":"*"},
            {"Effect":"Allow","Action":"elasticloadbalancing:*","Resource":"*"},{"Effect":"Allow",
            "Action":"cloudwatch:*","Resource":"*"},{"Effect":"Allow","Action":"autoscaling:*",
            "Resource":"*"},{"Effect":"Allow","Action":"iam:CreateServiceLinkedRole","Resource":"*",
            "Condition":{"StringEquals":{"iam:AWSServiceName":["autoscaling.amazonaws.com",
            "ec2scheduled.amazonaws.com","elasticloadbalancing.amazonaws.com","spot.amazonaws.com",
            "spotfleet.amazonaws.com","transitgateway.amazonaws.com"]}}}]}"#,
    ),
    (
        "IAMReadOnlyAccess",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iam:GenerateCredentialReport",
            "iam:GenerateServiceLastAccessedDetails","iam:Get*","iam:List*","iam:SimulateCustomPolicy",
            "iam:SimulatePrincipalPolicy"],"Resource":"*"}]}"#,
    ),
    (
        "AmazonEKSWorkerNodePolicy",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ec2:DescribeInstances",
            "ec2:DescribeInstanceTypes","ec2:DescribeRouteTables","ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets","ec2:DescribeVolumes","ec2:DescribeVolumesModifications",
            "ec2:DescribeVpcs","eks:DescribeCluster","eks-auth:AssumeRoleForPodIdentity"],"Resource":"*"}]}"#,
    ),
    (
        "AmazonSQSReadOnlyAccess",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sqs:GetQueueAttributes",
            "sqs:GetQueueUrl","sqs:ListDeadLetterSourceQueues","sqs:ListQueues","sqs:ListMessageMoveTasks",
            "sqs:ListQueueTags"],"Resource":"*"}]}"#,
    ),
];

/// The text of a policy that AWS manages, where it is certain, as the partition of the ARN has it.
pub(crate) fn text_of(arn: &str) -> Option<Cow<'static, str>> {
    let (head, name) = arn.split_once(":policy/")?;
    let ["arn", partition, "iam", "", "aws"] = head.split(':').collect::<Vec<_>>()[..] else { return None };
    let listed = || LIST.lines().filter_map(|line| line.split_once('\t')).find(|(known, _)| *known == name);
    let text =
        TEXTS.iter().find(|(known, _)| *known == name).copied().or_else(listed).map(|(_, text)| text)?;
    Some(match partition {
        "aws" => Cow::Borrowed(text),
        // There the same policy names the things of its own partition.
        partition => Cow::Owned(text.replace("arn:aws:", &format!("arn:{partition}:"))),
    })
}

/// The part of the ARN after `policy/`, a tab, and the document; one a line.
static LIST: &str = include_str!("managed.tsv");

#[cfg(test)]
mod tests {
    use nhi_access::dialect::aws::{PolicyKind, parse};

    use super::{LIST, TEXTS, text_of};

    #[test]
    fn every_text_is_a_policy_and_stands_once() {
        let listed = LIST.lines().map(|line| line.split_once('\t').unwrap());
        let mut names = Vec::new();
        for (name, text) in TEXTS.iter().copied().chain(listed) {
            parse(text, PolicyKind::Identity).unwrap_or_else(|error| panic!("{name}: {error}"));
            let there = text_of(&format!("arn:aws-cn:iam::aws:policy/{name}")).unwrap();
            assert!(!there.contains("arn:aws:"), "{name}");
            assert_eq!(there.replace("arn:aws-cn:", "arn:aws:"), text, "{name}");
            names.push(name);
        }
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(text_of("arn:aws:iam::111122223333:policy/ReadOnlyAccess").is_none());
    }
}
