import boto3

iam = boto3.client("iam")
iam.put_role_policy(
    RoleName="app",
    PolicyName="app",
    PolicyDocument='{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::acme-data/*"}]}',
)
