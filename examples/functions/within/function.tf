# A module takes any policy that stays within its ceiling.

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
  ceiling = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["s3:*", "sqs:*"], Resource = "*" },
      { Effect = "Deny", Action = "s3:*Policy", Resource = "*" },
    ]
  })

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = var.actions, Resource = "arn:aws:s3:::acme-reports/*" }]
  })
}

output "policy" {
  value = local.policy

  precondition {
    condition     = provider::nhi::within(local.policy, local.ceiling)
    error_message = "The policy leaves its ceiling: ${join("; ", provider::nhi::new_access(local.ceiling, local.policy))}."
  }
}
