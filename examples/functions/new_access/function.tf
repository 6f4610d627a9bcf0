# The reviewed policy is the measure: the one in use may shrink and be rearranged, and must not allow anything new.

terraform {
  required_version = ">= 1.8"
  required_providers {
    nhi = {
      source = "nhi/nhi"
    }
  }
}

variable "actions" {
  type    = list(string)
  default = ["s3:GetObject"]
}

locals {
  reviewed = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:ListBucket"]
      Resource = ["arn:aws:s3:::acme-reports", "arn:aws:s3:::acme-reports/*"]
    }]
  })

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = var.actions
      Resource = "arn:aws:s3:::acme-reports/*"
    }]
  })

  new_access = provider::nhi::new_access(local.reviewed, local.policy)
}

resource "terraform_data" "policy" {
  input = local.policy

  lifecycle {
    precondition {
      condition     = length(local.new_access) == 0
      error_message = "The policy allows what was not reviewed: ${join("; ", local.new_access)}."
    }
  }
}
