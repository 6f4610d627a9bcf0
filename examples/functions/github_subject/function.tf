# Deployments run in the environment `production`; pull requests may only plan. The numbers keep the name from being taken
# over by somebody else.

terraform {
  required_version = ">= 1.8"
  required_providers {
    nhi = {
      source = "nhi/nhi"
    }
  }
}

locals {
  repository = {
    repository    = "acme/checkout"
    owner_id      = 123456
    repository_id = 456789
  }
}

output "deploys" {
  value = provider::nhi::github_subject(merge(local.repository, { environment = "production" }))
}

output "plans" {
  value = provider::nhi::github_subject(merge(local.repository, { pull_request = true }))
}

output "by_name_alone" {
  value = provider::nhi::github_subject({ repository = "acme/checkout", branch = "main" })
}
