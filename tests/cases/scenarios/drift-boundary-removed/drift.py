import boto3

iam = boto3.client("iam")
iam.delete_role_permissions_boundary(RoleName="app")
