resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = data.aws_iam_policy_document.trust.json
  tags = {
    owner  = "platform"
    "Team" = "red"
  }

  inline_policy {
    name   = "inline"
    policy = "{}"
  }
}

resource "aws_iam_role" "two" {
  name = "two"
  tags = merge(local.tags, { owner = "b" })
  inline_policy {
    name = "a"
  }
  inline_policy {
    name = "b"
  }
}

resource "aws_iam_role" "plain" {
  name = "plain"
  tags = var.tags
}

locals {
  tags = {
    cost = "1"
  }
}

resource "nhi_identity" "ci" {
  name = "ci"
  federation = [
    { issuer = "https://a.example.com", subject = "a" },
    { issuer = "https://b.example.com", subject = "b" },
  ]
  audiences = ["z", "a"]
}

resource "aws_iam_user" "one" { name = "one" }
