data "aws_iam_policy_document" "doc" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }

  statement {
    sid     = "second"
    actions = ["iam:PassRole"]
  }
}

data "aws_iam_policy_document" "mixed" {
  statement {
    actions = ["s3:GetObject"]
  }
  dynamic "statement" {
    for_each = var.more
    content {
      actions = statement.value
    }
  }
  statement {
    actions = ["s3:PutObject"]
  }
}

data "aws_iam_policy_document" "generated" {
  dynamic "statement" {
    for_each = var.more
    content {
      actions = statement.value
    }
  }
}

data "aws_iam_policy_document" "merged" {
  source_policy_documents = [data.aws_iam_policy_document.doc.json]
  statement {
    actions = ["s3:PutObject"]
  }
}

resource "aws_iam_policy" "encoded" {
  name = "encoded"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:GetObject", Resource = "*" },
      {
        Effect   = "Allow"
        Action   = ["iam:PassRole"]
        Resource = var.role
      },
    ]
  })
}

resource "aws_iam_policy" "single" {
  policy = jsonencode({ Statement = { Effect = "Allow", Action = "*", Resource = "*" } })
}

resource "aws_iam_policy" "by_local" {
  policy = jsonencode(local.document)
}

locals {
  document = {
    Version   = "2012-10-17"
    Statement = concat(local.base, [
      { Effect = "Allow", Action = "s3:PutObject", Resource = "*" },
    ], var.rest)
  }
  base = [
    { Effect = "Allow", Action = "s3:GetObject", Resource = "*" },
  ]
  endless = local.endless
}

resource "aws_iam_policy" "heredoc" {
  policy = <<-JSON
    {
      "Version": "2012-10-17",
      "Statement": [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"},
        {
          "Effect": "Allow",
          "Action": "s3:PutObject",
          "Resource": "${var.bucket}/*"
        }
      ]
    }
  JSON
}

resource "aws_iam_policy" "templated" {
  policy = <<JSON
{"Statement": [%{ for s in var.x }${s}%{ endfor }]}
JSON
}

resource "aws_iam_policy" "by_reference" {
  policy = data.aws_iam_policy_document.doc.json
}

resource "aws_iam_policy" "comprehension" {
  policy = jsonencode({ Statement = [for a in var.a : { Action = a }] })
}

resource "aws_iam_policy" "endless" {
  policy = jsonencode(local.endless)
}

resource "aws_iam_role" "inline" {
  inline_policy {
    policy = jsonencode({
      Statement = [{ Effect = "Allow", Action = "*" }]
    })
  }
}
