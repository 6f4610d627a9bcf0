# Tiers from tags and variables are spelled in many ways; their ranks compare.

terraform {
  required_version = ">= 1.8"
  required_providers {
    nhi = {
      source = "nhi/nhi"
    }
  }
}

variable "tier" {
  type    = string
  default = "T1"
}

locals {
  production = provider::nhi::tier_rank(var.tier) <= 1
}

output "retention_days" {
  value = local.production ? 365 : 30
}
