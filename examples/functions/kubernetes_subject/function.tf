# The service account `api` in the namespace `checkout`.

terraform {
  required_version = ">= 1.8"
  required_providers {
    nhi = {
      source = "nhi/nhi"
    }
  }
}

output "subject" {
  value = provider::nhi::kubernetes_subject("checkout", "api")
}
