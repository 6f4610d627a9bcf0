# Each service that takes tokens has an audience of its own.

terraform {
  required_version = ">= 1.8"
  required_providers {
    nhi = {
      source = "nhi/nhi"
    }
  }
}

output "aws" {
  value = provider::nhi::audience_for("aws")
}

output "google" {
  value = provider::nhi::audience_for("google", {
    project_number = "123456789"
    pool           = "ci"
    provider       = "github"
  })
}

output "checkout" {
  value = provider::nhi::audience_for("service", {
    name        = "checkout"
    environment = "prod"
    domain      = "example.com"
  })
}
