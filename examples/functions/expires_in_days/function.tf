# A warning in every plan, from a month before the end on.

terraform {
  required_version = ">= 1.8"
  required_providers {
    nhi = {
      source = "nhi/nhi"
    }
  }
}

variable "ends_at" {
  type    = string
  default = "2099-12-31"
}

check "certificate" {
  assert {
    condition     = provider::nhi::expires_in_days(var.ends_at, plantimestamp()) > 30
    error_message = "It ends on ${var.ends_at}: time to replace it."
  }
}
