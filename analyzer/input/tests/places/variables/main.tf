module "role" {
  source = "./role"
  policy = jsonencode({
    Statement = [
      { Effect = "Allow", Action = "s3:GetObject", Resource = "*" },
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
    ]
  })
  tags = { owner = "team" }
  path = "/x/"
}

module "by_reference" {
  source = "./role"
  policy = data.aws_iam_policy_document.doc.json
  tags   = local.tags
}

module "fetched" {
  source = "acme/role/aws"
  policy = file("policy.json")
  tags   = merge(local.tags, var.more)
  path   = "/y/"
}

module "repeated" {
  source   = "./role"
  for_each = local.all
  policy   = each.value.policy
}

locals {
  tags = { owner = "other" }
}

data "aws_iam_policy_document" "doc" {
  statement {
    actions = ["s3:*"]
  }
}
