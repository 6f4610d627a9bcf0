terraform {
  required_providers { aws = { source = "hashicorp/aws" } }
}
provider "aws" {
  region = "eu-west-1"
  access_key = "mock"
  secret_key = "mock"
  skip_credentials_validation = true
  skip_requesting_account_id = true
  skip_metadata_api_check = true
  skip_region_validation = true
}
provider "aws" {
  alias = "other"
  region = "eu-west-1"
  access_key = "mock"
  secret_key = "mock"
  skip_credentials_validation = true
  skip_requesting_account_id = true
  skip_metadata_api_check = true
  skip_region_validation = true
}
resource "aws_s3_bucket" "logs" { bucket = "acme-logs" }
locals { trust = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] }) }
resource "aws_iam_role" "r" {
  name = "reader"
  tags = { owner = "team-a" }
  assume_role_policy = local.trust
}
resource "aws_iam_group" "g" { name = "g" }
resource "aws_iam_user" "u" { name = "u" }
resource "aws_iam_group_policy" "g" {
  group = aws_iam_group.g.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "${aws_s3_bucket.logs.arn}/*" }] })
}
resource "aws_iam_group_membership" "m" {
  name = "m"
  group = aws_iam_group.g.name
  users = [aws_iam_user.u.name]
}
resource "aws_organizations_policy" "scp" {
  name = "scp"
  content = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Action = "*", Resource = "${aws_s3_bucket.logs.arn}/*" }] })
}
resource "aws_organizations_policy_attachment" "a" {
  policy_id = aws_organizations_policy.scp.id
  target_id = "123456789012"
}
resource "aws_iam_role_policy" "deny" {
  role = aws_iam_role.r.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }, { Effect = "Deny", Action = "s3:*", Resource = "${aws_s3_bucket.logs.arn}/*" }] })
}
