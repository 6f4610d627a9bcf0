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
data "aws_caller_identity" "current" {
  depends_on = [terraform_data.x]
}
resource "aws_kms_key" "k" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "kms:*", Resource = "*", Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" } },
    { Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Principal = { AWS = aws_iam_role.r.arn } },
    { Effect = "Allow", Action = "kms:Decrypt", Resource = "*", Principal = { Service = "logs.eu-west-1.amazonaws.com" }, Condition = { ArnLike = { "kms:EncryptionContext:aws:logs:arn" = "arn:aws:logs:eu-west-1:${data.aws_caller_identity.current.account_id}:*" } } } ] })
}
resource "aws_iam_role" "root" {
  name = "own-root"
  tags = { owner = "x" }
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" } }] })
}
resource "aws_iam_role" "acct" {
  name = "own-acct"
  tags = { owner = "x" }
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = data.aws_caller_identity.current.account_id } }] })
}
resource "aws_iam_role" "far" {
  provider = aws.other
  name = "far"
  tags = { owner = "x" }
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = aws_iam_role.r.arn } }] })
}
resource "aws_iam_role" "open" {
  name = "open"
  tags = { owner = "x" }
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = terraform_data.x.output } }] })
}
