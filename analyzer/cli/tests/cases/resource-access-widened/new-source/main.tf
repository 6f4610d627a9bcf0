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
resource "aws_lambda_function" "f" {
  function_name = "f"
  role = aws_iam_role.r.arn
  handler = "h"
  runtime = "python3.12"
  filename = "${path.module}/prov.tf"
}
resource "aws_apigatewayv2_api" "api" { 
  name = "api" 
  protocol_type = "HTTP"
}
resource "aws_sns_topic" "t" { name = "ev" }
resource "aws_lambda_permission" "api" {
  action = "lambda:InvokeFunction"
  function_name = aws_lambda_function.f.function_name
  principal = "apigateway.amazonaws.com"
  source_arn = "${aws_apigatewayv2_api.api.execution_arn}/*/*"
}
resource "aws_lambda_permission" "sns" {
  action = "lambda:InvokeFunction"
  function_name = aws_lambda_function.f.function_name
  principal = "sns.amazonaws.com"
  source_arn = aws_sns_topic.t.arn
}
resource "aws_lambda_permission" "open" {
  action = "lambda:InvokeFunction"
  function_name = aws_lambda_function.f.arn
  principal = "s3.amazonaws.com"
}
