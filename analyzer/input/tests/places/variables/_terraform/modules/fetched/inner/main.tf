resource "aws_iam_policy" "p" {
  policy = var.policy
  tags   = var.tags
}
