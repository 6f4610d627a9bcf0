# The same job on a branch and on a tag has two subjects.

terraform {
  required_version = ">= 1.8"
  required_providers {
    nhi = {
      source = "nhi/nhi"
    }
  }
}

output "on_main" {
  value = provider::nhi::gitlab_subject({ project = "acme/shop/checkout", branch = "main" })
}

output "on_a_release" {
  value = provider::nhi::gitlab_subject({ project = "acme/shop/checkout", tag = "v1.4.0" })
}
