module "inner" {
  source = "./inner"
  tags   = var.tags
  policy = var.policy
}

resource "aws_iam_policy" "p" {
  name = "p"
  path = var.path
}
