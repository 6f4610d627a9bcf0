variable "policy" {}

resource "aws_iam_policy" "p" {
  name   = "p"
  path   = var.path
  policy = var.policy
  tags   = var.tags
}
