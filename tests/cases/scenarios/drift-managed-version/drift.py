import boto3

iam = boto3.client("iam")
iam.create_policy_version(
    PolicyArn="arn:aws:iam::111122223333:policy/w",
    PolicyDocument='{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "iam:*", "Resource": "*"}]}',
    SetAsDefault=True,
)
