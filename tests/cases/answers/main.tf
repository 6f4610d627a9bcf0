# Answers of the functions that need no register. What is known after apply makes an answer that is known after apply.

terraform {
  required_version = ">= 1.8"
  required_providers {
    nhi = {
      source = "nhi/nhi"
    }
  }
}

variable "repository" {
  type = object({
    repository    = string
    owner_id      = optional(string)
    repository_id = optional(string)
    environment   = optional(string)
  })
  default = {
    repository  = "acme/app"
    environment = "eu: live"
  }
}

resource "terraform_data" "branch" {
  input = "main"
}

locals {
  later = provider::nhi::github_subject({ repository = "acme/app", branch = terraform_data.branch.output })
}

output "answers" {
  value = {
    rank      = [for tier in ["T0", "tier-1", 2] : provider::nhi::tier_rank(tier)]
    spiffe    = provider::nhi::parse_spiffe_id("spiffe://example.com/ns/prod")
    github    = provider::nhi::github_subject(var.repository)
    later     = local.later
    immutable = provider::nhi::github_subject({ repository = "acme/app", owner_id = 12, repository_id = "34", pull_request = true })
    gitlab    = provider::nhi::gitlab_subject({ project = "acme/app", tag = "v1", components = ["project_path", "ref"] })
    terraform = provider::nhi::terraform_cloud_subject({ organization = "acme", workspace = "net", run_phase = "plan" })
    account   = provider::nhi::kubernetes_subject("prod", "checkout")
    audience = [
      provider::nhi::audience_for("aws"),
      provider::nhi::audience_for("github", { organization = "acme" }),
    ]
    lifetime = provider::nhi::ttl_recommend({ class = "ci", run_p99 = "25m", tier = "T1" }).recommended
    never    = provider::nhi::ttl_recommend({ class = "ci", run_p99 = "5h", tier = 0 }).feasible
    days     = provider::nhi::expires_in_days("2027-03-31", "2027-03-01T00:00:01Z")
    trust = jsondecode(provider::nhi::aws_trust_policy({
      provider_arn     = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
      subjects         = [local.later]
      subject_patterns = toset(["repo:acme/app:ref:refs/tags/v*"])
      claims           = { repository_id = 34, ref = null }
    }))
  }
}
