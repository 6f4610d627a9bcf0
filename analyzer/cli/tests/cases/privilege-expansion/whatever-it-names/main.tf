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
resource "terraform_data" "x" { input = "a" }
locals {
  base = { Version = "2012-10-17" }
  stmts = concat([{ Effect = "Allow", Action = "s3:GetObject", Resource = aws_s3_bucket.logs.arn }], [{ Effect = "Allow", Action = "s3:PutObject", Resource = "*" }])
}
resource "aws_iam_role_policy" "p" {
  role = aws_iam_role.r.name
  policy = jsonencode(merge(local.base, { Statement = local.stmts }))
}
resource "aws_iam_role_policy" "cond" {
  role = aws_iam_role.r.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "ec2:RunInstances", Resource = terraform_data.x.output == "a" ? "*" : "arn:aws:ec2:*:*:instance/i-1" }] })
}
resource "aws_iam_role_policy" "res" {
  role = aws_iam_role.r.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = terraform_data.x.output }] })
}
resource "aws_iam_role_policy" "nr" {
  role = aws_iam_role.r.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:DeleteObject", NotResource = ["${aws_s3_bucket.logs.arn}/*", aws_s3_bucket.logs.arn] }] })
}
resource "aws_iam_role_policy" "na" {
  role = aws_iam_role.r.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", NotAction = terraform_data.x.output, Resource = "*" }] })
}
