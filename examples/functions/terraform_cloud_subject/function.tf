# Plans read and applies write: each phase gets a role of its own.

terraform {
  required_version = ">= 1.8"
  required_providers {
    nhi = {
      source = "nhi/nhi"
    }
  }
}

locals {
  subjects = {
    for phase in ["plan", "apply"] : phase => provider::nhi::terraform_cloud_subject({
      organization = "acme"
      project      = "platform"
      workspace    = "network-prod"
      run_phase    = phase
    })
  }
}

output "subjects" {
  value = local.subjects
}
