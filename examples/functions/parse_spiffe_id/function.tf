# Which cluster a workload runs in, out of its SPIFFE ID.

terraform {
  required_version = ">= 1.8"
  required_providers {
    nhi = {
      source = "nhi/nhi"
    }
  }
}

variable "id" {
  type    = string
  default = "spiffe://prod.example.com/ns/checkout/sa/api"

  validation {
    condition     = provider::nhi::parse_spiffe_id(var.id).trust_domain == "prod.example.com"
    error_message = "Only workloads of the trust domain prod.example.com are let in."
  }
}

locals {
  workload = provider::nhi::parse_spiffe_id(var.id)
}

output "namespace" {
  value = local.workload.segments[1]
}
