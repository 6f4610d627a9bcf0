# A service that runs on EC2 and reads and writes one bucket.

variable "name" {
  type        = string
  description = "Name of the service and of its role."
}

variable "bucket" {
  type        = string
  description = "The bucket it works on."
}

variable "owner" {
  type        = string
  description = "The team that answers for it."
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "data" {
  statement {
    sid       = "List"
    actions   = ["s3:ListBucket"]
    resources = ["arn:aws:s3:::${var.bucket}"]
  }

  statement {
    sid       = "Objects"
    actions   = ["s3:PutObject", "s3:GetObject"]
    resources = ["arn:aws:s3:::${var.bucket}/*"]
  }
}

resource "aws_iam_role" "this" {
  name               = "service-${var.name}"
  assume_role_policy = data.aws_iam_policy_document.trust.json

  tags = {
    owner = var.owner
  }
}

resource "aws_iam_policy" "data" {
  name   = "service-${var.name}-data"
  policy = data.aws_iam_policy_document.data.json
}

resource "aws_iam_role_policy_attachment" "data" {
  role       = aws_iam_role.this.name
  policy_arn = aws_iam_policy.data.arn
}
