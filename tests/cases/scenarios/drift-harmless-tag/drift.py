import boto3

iam = boto3.client("iam")
iam.tag_role(RoleName="app", Tags=[{"Key": "cost", "Value": "7"}])
