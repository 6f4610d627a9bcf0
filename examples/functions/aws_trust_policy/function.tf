# Who may assume a role: the deployments of one repository, and nobody else. `new_access` shows a reviewer what a change of it
# lets in.

terraform {
  required_version = ">= 1.8"
  required_providers {
    nhi = {
      source = "nhi/nhi"
    }
  }
}

locals {
  trust = provider::nhi::aws_trust_policy({
    issuer     = "https://token.actions.githubusercontent.com"
    account_id = "111122223333"
    subjects = [
      provider::nhi::github_subject({ repository = "acme/checkout", environment = "production" }),
    ]
    claims = {
      repository_id = 456789
    }
  })
}

# resource "aws_iam_role" "deploy" {
#   name               = "checkout-deploy"
#   assume_role_policy = local.trust
# }

output "assume_role_policy" {
  value = local.trust
}
