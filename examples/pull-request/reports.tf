# The nightly report: a batch role, and an uploader at a partner that cannot federate.

resource "aws_iam_role" "report" {
  name = "nightly-report"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "batch.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "report" {
  name = "read-orders"
  role = aws_iam_role.report.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:GetObject"]
      Resource = "arn:aws:s3:::acme-orders/*"
    }]
  })
}

resource "aws_iam_user" "uploader" {
  name = "report-uploader"

  tags = {
    owner = "team-reporting"
  }
}

resource "aws_iam_access_key" "uploader" {
  user = aws_iam_user.uploader.name
}
