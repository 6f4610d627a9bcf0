# Takes a policy that allows nothing new and stays within its ceiling.

terraform {
  required_providers {
    nhi = {
      source = "nhi/nhi"
    }
  }
}

variable "before" {
  type = string
}

variable "after" {
  type = string
}

locals {
  ceiling = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
  new     = provider::nhi::new_access(var.before, var.after)
}

resource "terraform_data" "policy" {
  input = var.after

  lifecycle {
    precondition {
      condition     = length(local.new) == 0
      error_message = "Newly allowed: ${join("; ", local.new)}."
    }
  }
}

check "review" {
  assert {
    condition     = length(local.new) == 0
    error_message = "To be reviewed: ${join("; ", local.new)}."
  }
}

output "policy" {
  value = terraform_data.policy.output

  precondition {
    condition     = provider::nhi::within(var.after, local.ceiling)
    error_message = "Out of the ceiling: ${join("; ", provider::nhi::new_access(local.ceiling, var.after))}."
  }
}

output "new" {
  value = local.new
}
